package contract

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"batos/image"
)

// The JSON form writes what JSON lacks as a map with one key that begins with
// a dollar: $ref $int $float $bytes $set $blob (with size) $time. A real map
// that has such a key, or a key that is no text, is written {"$map": [[k, v]]}.
// A float always has a point or an exponent, so that 1 and 1.0 stay apart, and
// an integer that a float64 cannot hold is an $int.

// exactInt is the largest integer that every JSON reader keeps.
const exactInt = 1<<53 - 1

// AppendJSON appends the JSON form of v, which is anything that AppendValue
// takes, on one line.
func AppendJSON(b []byte, v any) ([]byte, error) { return appendJSON(b, v, 0) }

func appendJSON(b []byte, v any, depth int) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		if v > exactInt || v < -exactInt {
			return append(strconv.AppendInt(append(b, `{"$int":"`...), v, 10), `"}`...), nil
		}
		return strconv.AppendInt(b, v, 10), nil
	case *big.Int:
		if v == nil {
			return append(b, "null"...), nil
		}
		if v.IsInt64() {
			return appendJSON(b, v.Int64(), depth)
		}
		return append(v.Append(append(b, `{"$int":"`...), 10), `"}`...), nil
	case float64:
		return appendJSONFloat(b, v), nil
	case string:
		return appendJSONText(b, v), nil
	case []byte:
		b = base64.StdEncoding.AppendEncode(append(b, `{"$bytes":"`...), v)
		return append(b, `"}`...), nil
	case image.Ref:
		return append(strconv.AppendUint(append(b, `{"$ref":`...), uint64(v), 10), '}'), nil
	case image.PlainBlob:
		b = hex.AppendEncode(append(b, `{"$blob":"`...), v.Hash[:])
		return append(strconv.AppendInt(append(b, `","size":`...), v.Size, 10), '}'), nil
	case time.Time:
		b = v.UTC().AppendFormat(append(b, `{"$time":"`...), time.RFC3339Nano)
		return append(b, `"}`...), nil
	case image.PlainSet:
		b, err := appendJSONList(append(b, `{"$set":`...), v, depth)
		return append(b, '}'), err
	case []any:
		return appendJSONList(b, v, depth)
	case *image.Map:
		if v == nil {
			return append(b, "null"...), nil
		}
		return appendJSONMap(b, v, depth)
	}
	plain, err := Plain(v)
	if err != nil {
		return b, err
	}
	return appendJSON(b, plain, depth)
}

// Plain turns anything that AppendValue takes into a plain value.
func Plain(v any) (any, error) {
	wire, err := AppendValue(nil, v)
	if err != nil {
		return nil, err
	}
	return DecodeValue(wire)
}

func appendJSONFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `{"$float":"nan"}`...)
	case math.IsInf(f, 1):
		return append(b, `{"$float":"inf"}`...)
	case math.IsInf(f, -1):
		return append(b, `{"$float":"-inf"}`...)
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'g', -1, 64)
	if !strings.ContainsAny(string(b[start:]), ".e") {
		b = append(b, ".0"...)
	}
	return b
}

func appendJSONText(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // text always has a JSON form
	return append(b, text...)
}

func appendJSONList(b []byte, items []any, depth int) ([]byte, error) {
	if depth++; depth > MaxDepth {
		return b, errTooDeep
	}
	b = append(b, '[')
	var err error
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, item, depth); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendJSONMap(b []byte, m *image.Map, depth int) ([]byte, error) {
	if depth++; depth > MaxDepth {
		return b, errTooDeep
	}
	object := plainKeys(m)
	open, middle, end := `{"$map":[`, ",", "]}"
	if object {
		open, middle, end = "{", ":", "}"
	}
	b = append(b, open...)
	var err error
	for i := range m.Entries {
		if i > 0 {
			b = append(b, ',')
		}
		if !object {
			b = append(b, '[')
		}
		if b, err = appendJSON(b, m.Entries[i].Key, depth); err != nil {
			return b, err
		}
		b = append(b, middle...)
		if b, err = appendJSON(b, m.Entries[i].Value, depth); err != nil {
			return b, err
		}
		if !object {
			b = append(b, ']')
		}
	}
	return append(b, end...), nil
}

// plainKeys tells whether m can be a JSON object as it is: different text keys
// without a dollar in front.
func plainKeys(m *image.Map) bool {
	seen := make(map[string]bool, len(m.Entries))
	for i := range m.Entries {
		key, ok := m.Entries[i].Key.(string)
		if !ok || strings.HasPrefix(key, "$") || seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}
