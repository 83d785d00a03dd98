package lang

import (
	"strings"
	"unicode/utf8"

	"batos/image"
)

// Some exceptions make more of their arguments than a text: the codec's errors
// keep the five parts that their text is made of, and json's computes line and
// column.

// unicodeParts are the attributes of a UnicodeDecodeError or UnicodeEncodeError,
// in the order of its arguments.
var unicodeParts = []string{"encoding", "object", "start", "end", "reason"}

// construct checks and completes an exception that a program makes.
func (e *Exception) construct() error {
	switch e.Class {
	case UnicodeDecodeError, UnicodeEncodeError:
		if len(e.Args) != len(unicodeParts) {
			return raise(TypeError, "function takes exactly 5 arguments (%d given)", len(e.Args))
		}
		object := StrType
		if e.Class == UnicodeDecodeError {
			object = BytesType
		}
		for i, t := range []*Type{StrType, object, IntType, IntType, StrType} {
			v := e.Args[i]
			switch {
			case t == IntType:
				if _, err := indexOf(v); err != nil {
					return err
				}
			case t == BytesType && v.Kind() != image.KindBytes:
				return raise(TypeError, "a bytes-like object is required, not '%s'", typeName(v))
			case t == StrType && v.Kind() != image.KindStr:
				return raise(TypeError, "argument %d must be str, not %s", i+1, typeName(v))
			}
		}
	case JSONDecodeError:
		if len(e.Args) == 3 && e.Args[0].Kind() == image.KindStr && e.Args[1].Kind() == image.KindStr && isInteger(e.Args[2]) {
			at, err := indexOf(e.Args[2])
			if err != nil {
				return err
			}
			doc, offset := e.Args[1].Str(), 0
			for ; at > 0 && offset < len(doc); at-- {
				_, size := utf8.DecodeRuneInString(doc[offset:])
				offset += size
			}
			*e = *jsonDecodeError(e.Args[0].Str(), doc, offset)
		}
	}
	return nil
}

// jsonDecodeError makes a JSONDecodeError at a byte offset of doc.
func jsonDecodeError(msg, doc string, at int) *Exception {
	before := doc[:at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	position := utf8.RuneCountInString(before)
	text := msg + ": line " + intText(int64(line)) + " column " + intText(int64(column)) + " (char " + intText(int64(position)) + ")"
	e := NewException(JSONDecodeError, image.NewStr(validText(text)))
	e.Attrs = map[string]Value{
		"msg": image.NewStr(msg), "doc": image.NewStr(doc), "pos": image.Int(int64(position)),
		"lineno": image.Int(int64(line)), "colno": image.Int(int64(column)),
	}
	return e
}

// raiseCodec raises a codec's error about object[start:end].
func raiseCodec(class *Type, encoding string, object Value, start, end int, reason string) error {
	return &Raised{NewException(class, image.NewStr(encoding), object, image.Int(int64(start)), image.Int(int64(end)), image.NewStr(reason))}
}

// codecText is the text of a codec's error; ok is false when e is none.
func codecText(e *Exception) (text string, ok bool) {
	if e.Class != UnicodeDecodeError && e.Class != UnicodeEncodeError || len(e.Args) != len(unicodeParts) || e.construct() != nil {
		return "", false
	}
	start, end := e.Args[2].AsInt(), e.Args[3].AsInt()
	one := ""
	if end == start+1 && start >= 0 {
		if object := e.Args[1]; e.Class == UnicodeDecodeError {
			if b := object.Bytes(); start < int64(len(b)) {
				one = "decode byte 0x" + string("0123456789abcdef"[b[start]>>4]) + string("0123456789abcdef"[b[start]&15])
			}
		} else {
			at := start
			for _, r := range object.Str() {
				if at == 0 {
					one = "encode character '" + string(appendRuneEscape(nil, r)) + "'"
					break
				}
				at--
			}
		}
	}
	where := one + " in position " + intText(start)
	if one == "" {
		what := "encode characters"
		if e.Class == UnicodeDecodeError {
			what = "decode bytes"
		}
		where = what + " in position " + intText(start) + "-" + intText(end-1)
	}
	return "'" + e.Args[0].Str() + "' codec can't " + where + ": " + e.Args[4].Str(), true
}
