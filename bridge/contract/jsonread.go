package contract

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"batos/image"
)

// DecodeJSON reads one value in the JSON form, with the limits of a frame.
// Errors are bad_frame or too_large.
func DecodeJSON(text []byte) (any, error) {
	if len(text) > MaxFrame {
		return nil, Errorf(CodeTooLarge, "the JSON text has %d bytes; the limit is %d", len(text), MaxFrame)
	}
	if !utf8.Valid(text) {
		return nil, Errorf(CodeBadFrame, "the JSON text is not UTF-8")
	}
	r := jsonReader{json.NewDecoder(bytes.NewReader(text))}
	r.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, r.fault("more text follows the value")
	}
	if tooDeep(v, MaxDepth) {
		return nil, errTooDeep
	}
	return v, nil
}

// tooDeep tells whether v nests more than left containers.
func tooDeep(v any, left int) bool {
	var items []any
	switch v := v.(type) {
	case []any:
		items = v
	case image.PlainSet:
		items = v
	case *image.Map:
		for i := range v.Entries {
			if left == 0 || tooDeep(v.Entries[i].Key, left-1) || tooDeep(v.Entries[i].Value, left-1) {
				return true
			}
		}
		return left == 0
	default:
		return false
	}
	for _, item := range items {
		if left == 0 || tooDeep(item, left-1) {
			return true
		}
	}
	return left == 0
}

type jsonReader struct{ *json.Decoder }

func (r *jsonReader) fault(format string, a ...any) *Error {
	err := Errorf(CodeBadFrame, format, a...)
	err.Message += ", at byte " + strconv.FormatInt(r.InputOffset(), 10) + " of the JSON text"
	return err
}

func (r *jsonReader) value(depth int) (any, error) {
	token, err := r.Token()
	if err != nil {
		return nil, r.fault("%v", err)
	}
	switch token := token.(type) {
	case nil, bool, string:
		return token, nil
	case json.Number:
		return r.number(string(token))
	case json.Delim:
		// A container may take three levels of JSON: {"$map": [[k, v]]}.
		if depth++; depth > 3*MaxDepth {
			return nil, errTooDeep
		}
		if token == '[' {
			return r.list(depth)
		}
		return r.object(depth)
	}
	return nil, r.fault("an unknown token")
}

func (r *jsonReader) number(s string) (any, error) {
	if !strings.ContainsAny(s, ".eE") {
		if n, ok := parseBig(s); ok {
			return n, nil
		}
		return nil, r.fault("an integer has more than %d digits", MaxDigits)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, r.fault("the number %.40s does not fit a float", s)
	}
	return f, nil
}

func (r *jsonReader) list(depth int) ([]any, error) {
	items := []any{}
	for r.More() {
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	_, err := r.Token()
	if err != nil {
		return nil, r.fault("%v", err)
	}
	return items, nil
}

func (r *jsonReader) object(depth int) (any, error) {
	m := &image.Map{}
	seen := map[string]bool{}
	for r.More() {
		token, err := r.Token()
		if err != nil {
			return nil, r.fault("%v", err)
		}
		key, ok := token.(string)
		if !ok {
			return nil, r.fault("a key is not text")
		}
		if seen[key] {
			return nil, r.fault("the key %.40q is there twice", key)
		}
		seen[key] = true
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		m.Entries = append(m.Entries, image.MapEntry{Key: key, Value: v})
	}
	if _, err := r.Token(); err != nil {
		return nil, r.fault("%v", err)
	}
	for i := range m.Entries {
		if strings.HasPrefix(m.Entries[i].Key.(string), "$") {
			return r.special(m)
		}
	}
	return m, nil
}

// special reads a map with a dollar key.
func (r *jsonReader) special(m *image.Map) (any, error) {
	key, value := m.Entries[0].Key.(string), m.Entries[0].Value
	if key == "$blob" || key == "size" {
		if v := blobOf(m); v != nil {
			return v, nil
		}
		return nil, r.fault("want {\"$blob\": 64 hexadecimal digits, \"size\": bytes}")
	}
	if len(m.Entries) == 1 {
		if v, ok := specialOf(key, value); ok {
			return v, nil
		}
	}
	return nil, r.fault("the map with the key %.40q is no special form; write a real map with such a key as {\"$map\": [[key, value], ...]}", key)
}

func specialOf(key string, value any) (any, bool) {
	text, isText := value.(string)
	list, isList := value.([]any)
	switch {
	case key == "$ref":
		switch n := value.(type) {
		case int64:
			return image.Ref(n), n >= 0
		case *big.Int:
			return image.Ref(n.Uint64()), n.IsUint64()
		}
	case key == "$int" && isText:
		return parseBig(text)
	case key == "$float" && isText:
		switch text {
		case "nan":
			return math.NaN(), true
		case "inf":
			return math.Inf(1), true
		case "-inf":
			return math.Inf(-1), true
		}
	case key == "$bytes" && isText:
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		return data, err == nil
	case key == "$set" && isList:
		return image.PlainSet(list), true
	case key == "$time" && isText:
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UTC(), err == nil && t.Unix() >= minTime && t.Unix() <= maxTime
	case key == "$map" && isList:
		m := &image.Map{}
		for _, item := range list {
			pair, ok := item.([]any)
			if !ok || len(pair) != 2 {
				return nil, false
			}
			m.Entries = append(m.Entries, image.MapEntry{Key: pair[0], Value: pair[1]})
		}
		return m, true
	}
	return nil, false
}

func blobOf(m *image.Map) any {
	hash, _ := m.Get("$blob")
	size, _ := m.Get("size")
	digits, ok1 := hash.(string)
	n, ok2 := size.(int64)
	sum, err := hex.DecodeString(digits)
	if len(m.Entries) != 2 || !ok1 || !ok2 || n < 0 || err != nil || len(sum) != 32 {
		return nil
	}
	return image.PlainBlob{Hash: [32]byte(sum), Size: n}
}
