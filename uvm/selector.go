package uvm

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds the names of selectors and slots, in characters.
const maxName = 200

var keywords = strings.Fields(`False None True and as assert async await break class continue def del elif else
	except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield`)

// badSelector refuses what no method can be called, so that no question is
// asked that nobody could answer.
func badSelector(selector string) *Error {
	refuse := func(why string) *Error {
		return &Error{Code: CodeBadField, Message: why + "; a selector is an identifier of the language, like deposit or at_put_"}
	}
	if n := utf8.RuneCountInString(selector); n == 0 || n > maxName {
		return refuse(fmt.Sprintf("a selector has 1 to %d characters, not %d", maxName, n))
	}
	for i, r := range selector {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return refuse(fmt.Sprintf("%q cannot be a selector", selector))
		}
	}
	for _, k := range keywords {
		if k == selector {
			return refuse(selector + " is a keyword and cannot be a selector")
		}
	}
	return nil
}
