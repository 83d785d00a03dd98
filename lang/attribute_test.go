package lang

import (
	"testing"

	"batos/image"
)

// TestAttributesOfUninternedNames: getattr and '{0.x}'.format find attributes
// whose names no code has mentioned, and keep no name that nothing has.
func TestAttributesOfUninternedNames(t *testing.T) {
	for _, text := range []string{
		"getattr(5, 'denomi' + 'nator')",
		"'{0.numerator}'.format(5)",
		"import json\ntry:\n    json.loads('{')\nexcept ValueError as e:\n    r = getattr(e, 'line' + 'no')\nr",
		"getattr(ValueError(), '__suppress_' + 'context__')",
		"import math\ngetattr(math, 'ta' + 'u') > 6",
		"getattr(print, '__na' + 'me__')",
	} {
		if _, _, err := evaluate(text, Limits{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, _, err := evaluate("getattr(5, 'made_' + 'up_name', 0)", Limits{}); err != nil {
		t.Error(err)
	}
	if _, ok := image.Interned("made_up_name"); ok {
		t.Error("a name that nothing has is kept")
	}
}
