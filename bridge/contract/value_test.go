package contract

import (
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"batos/image"
)

func mapOf(pairs ...any) *image.Map {
	m := &image.Map{}
	for i := 0; i < len(pairs); i += 2 {
		m.Entries = append(m.Entries, image.MapEntry{Key: pairs[i], Value: pairs[i+1]})
	}
	return m
}

func bigOf(s string) *big.Int {
	n, _ := new(big.Int).SetString(s, 10)
	return n
}

// samples are plain values with both of their written forms.
var samples = []struct {
	name  string
	value any
	wire  string // hexadecimal
	json  string
}{
	{"nil", nil, "c0", `null`},
	{"true", true, "c3", `true`},
	{"small", int64(7), "07", `7`},
	{"negative", int64(-33), "d0df", `-33`},
	{"exact", int64(1<<53 - 1), "d3001fffffffffffff", `9007199254740991`},
	{"inexact", int64(1 << 53), "d30020000000000000", `{"$int":"9007199254740992"}`},
	{"least", int64(math.MinInt64), "d38000000000000000", `{"$int":"-9223372036854775808"}`},
	{"beyond 64 bits", bigOf("18446744073709551616"), "c71402" + hex.EncodeToString([]byte("18446744073709551616")), `{"$int":"18446744073709551616"}`},
	{"float", 1.5, "cb3ff8000000000000", `1.5`},
	{"whole float", 2.0, "cb4000000000000000", `2.0`},
	{"large float", 1e300, "cb7e37e43c8800759c", `1e+300`},
	{"not a number", math.NaN(), "cb7ff8000000000001", `{"$float":"nan"}`},
	{"infinity", math.Inf(-1), "cbfff0000000000000", `{"$float":"-inf"}`},
	{"text", "häß\"", "a668c3a4c39f22", `"häß\""`},
	{"bytes", []byte{0, 255}, "c40200ff", `{"$bytes":"AP8="}`},
	{"reference", image.Ref(42), "d701000000000000002a", `{"$ref":42}`},
	{"blob", image.PlainBlob{Hash: [32]byte{1}, Size: 9}, "c72804" + "01" + strings.Repeat("00", 31) + "0000000000000009", `{"$blob":"01` + strings.Repeat("00", 31) + `","size":9}`},
	{"time", time.Unix(1, 0).UTC(), "d6ff00000001", `{"$time":"1970-01-01T00:00:01Z"}`},
	{"time with nanoseconds", time.Unix(1, 5).UTC(), "d7ff0000001400000001", `{"$time":"1970-01-01T00:00:01.000000005Z"}`},
	{"time before 1970", time.Unix(-1, 0).UTC(), "c70cff00000000ffffffffffffffff", `{"$time":"1969-12-31T23:59:59Z"}`},
	{"list", []any{int64(1), "a"}, "9201a161", `[1,"a"]`},
	{"set", image.PlainSet{int64(1), int64(2)}, "c70303920102", `{"$set":[1,2]}`},
	{"map", mapOf("a", int64(1), "b", nil), "82a16101a162c0", `{"a":1,"b":null}`},
	{"map of numbers", mapOf(int64(1), "x"), "8101a178", `{"$map":[[1,"x"]]}`},
	{"map with a list for a key", mapOf([]any{int64(1), int64(2)}, "x", "a", nil), "c70b05929292" + "0102a17892a161c0", `{"$map":[[[1,2],"x"],["a",null]]}`},
	{"map with a set for a key", mapOf(image.PlainSet{int64(1)}, int64(2)), "c707059192" + "d5039101" + "02", `{"$map":[[{"$set":[1]},2]]}`},
	{"map with a reference for a key", mapOf(image.Ref(1), int64(2)), "81d701000000000000000102", `{"$map":[[{"$ref":1},2]]}`},
	{"map with a dollar key", mapOf("$ref", int64(1)), "81a42472656601", `{"$map":[["$ref",1]]}`},
	{"empty map", mapOf(), "80", `{}`},
	{"empty list", []any{}, "90", `[]`},
}

func TestValuesKeepTheirForms(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			wire, err := AppendValue(nil, s.value)
			if err != nil || hex.EncodeToString(wire) != s.wire {
				t.Errorf("wire form %x, %v; want %s", wire, err, s.wire)
			}
			text, err := AppendJSON(nil, s.value)
			if err != nil || string(text) != s.json {
				t.Errorf("JSON form %s, %v; want %s", text, err, s.json)
			}
			if v, err := DecodeValue(wire); err != nil || !equal(v, s.value) {
				t.Errorf("decoded %#v, %v", v, err)
			}
			if v, err := DecodeJSON(text); err != nil || !equal(v, s.value) {
				t.Errorf("decoded from JSON %#v, %v", v, err)
			}
		})
	}
}

// Forms that others write and we do not.
func TestValuesInOtherForms(t *testing.T) {
	for wire, want := range map[string]any{
		"ca3fc00000":         1.5,
		"cfffffffffffffffff": bigOf("18446744073709551615"),
		"d9026869":           "hi",
		"dc000101":           []any{int64(1)},
		"de0001c2c3":         mapOf(false, true),
		"c7010239":           int64(9),
		"c80001032a":         nil,
		"c8000103" + "90":    image.PlainSet{},
	} {
		b, _ := hex.DecodeString(wire)
		v, err := DecodeValue(b)
		if want == nil {
			if err == nil {
				t.Errorf("%s gave %v; want an error", wire, v)
			}
			continue
		}
		if err != nil || !equal(v, want) {
			t.Errorf("%s gave %#v, %v; want %#v", wire, v, err, want)
		}
	}
}

func TestHostileFramesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, wire, want string
	}{
		{"nothing", "", "bad_frame: the frame ends where a value should begin"},
		{"unused byte", "c1", "bad_frame: 0xc1 begins no MessagePack value"},
		{"two values", "0102", "bad_frame: 1 bytes follow the value"},
		{"four billion items", "ddffffffff", "bad_frame: a container announces 4294967295 values in 0 bytes"},
		{"four billion entries", "dfffffffff", "bad_frame: a map announces 4294967295 entries"},
		{"two billion entries", "df7fffffff", "bad_frame: a container announces 4294967294 values"},
		{"four gigabytes of bytes", "c6ffffffff00", "bad_frame: bytes are cut short"},
		{"four gigabytes of text", "dbffffffff00", "bad_frame: text is cut short"},
		{"four gigabytes of extension", "c9ffffffff0100", "bad_frame: an extension value is cut short"},
		{"half an integer", "cf00", "bad_frame: an integer is cut short"},
		{"text that is none", "a1ff", "bad_frame: text is not UTF-8"},
		{"unknown extension", "d40900", "bad_frame: extension type 9 with 1 bytes"},
		{"short reference", "d40100", "bad_frame: extension type 1 with 1 bytes"},
		{"number with letters", "d5023161", "bad_frame: extension type 2 with 2 bytes"},
		{"set of no array", "d40301", "bad_frame: a set holds no array"},
		{"set with a rest", "d5039001", "bad_frame: a set's array does not fill"},
		{"set whose array is longer", "d40391c0", "bad_frame: a set's array does not fill"},
		{"map of no array", "d40501", "bad_frame: a map of pairs holds no array"},
		{"map of an empty extension", "c70005", "bad_frame: a map of pairs holds no array"},
		{"map of no pairs", "c70305910101", "bad_frame: a map of pairs holds something else"},
		{"map of three", "c705059193010203", "bad_frame: a map of pairs holds something else"},
		{"map with a rest", "d5059001", "bad_frame: a map's pairs do not fill"},
		{"map whose pairs go on", "d405919201" + "02", "bad_frame: a map's pairs do not fill"},
		{"map of four billion pairs", "c70505ddffffffff", "bad_frame: a map announces"},
		{"maps of pairs in each other", strings.Repeat("c900000106059192", 65), "bad_frame"},
		{"65 lists", strings.Repeat("91", 65) + "c0", "too_large: the value has more than 64 containers"},
		{"two million lists", strings.Repeat("91", 2_000_000), "too_large: the value has more than 64 containers"},
		{"sets in sets", strings.Repeat("c9000001000391", 65), "bad_frame"},
	} {
		b, err := hex.DecodeString(c.wire)
		if err != nil {
			t.Fatal(c.name, err)
		}
		_, err = DecodeValue(b)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", c.name, err, c.want)
		}
	}
	many := append([]byte{0xdd, 0, 0x30, 0, 0}, make([]byte, 0x300000)...)
	if _, err := DecodeValue(many); !isCode(err, CodeTooLarge) {
		t.Errorf("three million numbers: %v", err)
	}
	deep := any(nil)
	for range MaxDepth {
		deep = []any{deep}
	}
	if _, err := AppendValue(nil, deep); err != nil {
		t.Errorf("the deepest value allowed: %v", err)
	}
	if _, err := AppendValue(nil, []any{deep}); !isCode(err, CodeTooLarge) {
		t.Errorf("one deeper: %v", err)
	}
}

func isCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

func TestBadJSONIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		``:                          "EOF",
		`{`:                         "EOF",
		`1 2`:                       "more text follows",
		`{"a":1,"a":2}`:             "is there twice",
		`{"$ref":"x"}`:              "no special form",
		`{"$ref":-1}`:               "no special form",
		`{"$ref":1,"b":2}`:          "no special form",
		`{"b":2,"$ref":1}`:          "no special form",
		`{"$int":"12x"}`:            "no special form",
		`{"$bytes":"%%"}`:           "no special form",
		`{"$map":[[1]]}`:            "no special form",
		`{"$blob":"00","size":1}`:   "64 hexadecimal digits",
		`{"$time":"yesterday"}`:     "no special form",
		`{"$new":1}`:                "no special form",
		`1e999`:                     "does not fit a float",
		"\"\xff\"":                  "not UTF-8",
		strings.Repeat("[", 100000): "containers",
		strings.Repeat(`[`, 65) + strings.Repeat(`]`, 65): "containers",
		strings.Repeat("1", MaxDigits+1):                  "digits",
	} {
		if _, err := DecodeJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v; want %s", text, err, want)
		}
	}
}
