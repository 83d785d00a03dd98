package uvm

import (
	"errors"

	"batos/image"
	"batos/lang"
)

func typeError(format string, a ...any) error  { return lang.Raise(lang.TypeError, format, a...) }
func valueError(format string, a ...any) error { return lang.Raise(lang.ValueError, format, a...) }

// raiseCode makes an exception that, when nobody catches it, becomes an error of
// the given code.
func raiseCode(code Code, class *lang.Type, format string, a ...any) error {
	err := lang.Raise(class, format, a...)
	var raised *lang.Raised
	if errors.As(err, &raised) {
		raised.Exc.Attrs = map[string]image.Value{codeAttribute: image.NewStr(string(code))}
	}
	return err
}
