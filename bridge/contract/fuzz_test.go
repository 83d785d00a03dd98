package contract

import (
	"encoding/hex"
	"testing"
)

// FuzzValue: what decodes, encodes, and decodes to the same again; so does its
// JSON form.
func FuzzValue(f *testing.F) {
	for _, s := range samples {
		b, _ := hex.DecodeString(s.wire)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := DecodeValue(b)
		if err != nil {
			return
		}
		wire, err := AppendValue(nil, v)
		if err != nil {
			t.Fatalf("%#v does not encode: %v", v, err)
		}
		if again, err := DecodeValue(wire); err != nil || !equal(v, again) {
			t.Fatalf("%#v became %#v, %v", v, again, err)
		}
		text, err := AppendJSON(nil, v)
		if err != nil {
			t.Fatalf("%#v has no JSON form: %v", v, err)
		}
		if again, err := DecodeJSON(text); err != nil || !equal(v, again) {
			t.Fatalf("%#v became %#v by way of %s, %v", v, again, text, err)
		}
	})
}

// FuzzJSON: what reads, writes, and reads to the same again.
func FuzzJSON(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s.json))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := DecodeJSON(text)
		if err != nil {
			return
		}
		out, err := AppendJSON(nil, v)
		if err != nil {
			t.Fatalf("%#v has no JSON form: %v", v, err)
		}
		if again, err := DecodeJSON(out); err != nil || !equal(v, again) {
			t.Fatalf("%s became %s, %v", text, out, err)
		}
	})
}

// FuzzRequest: a request that is accepted can be written and is accepted again.
func FuzzRequest(f *testing.F) {
	for _, fields := range []any{nil, Send{Object: Of("a"), Selector: "f", Args: []any{int64(1)}}, Watch{All: true}, Hello{Client: "x"}} {
		command := map[bool]string{true: "ping", false: "send"}[fields == nil]
		switch fields.(type) {
		case Watch:
			command = "watch"
		case Hello:
			command = "hello"
		}
		b, err := AppendRequest(nil, "1", command, fields)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeRequest(b)
		if err != nil || r.ID == "" {
			return
		}
		wire, bad := AppendRequest(nil, r.ID, r.Command.Name, r.Fields)
		if bad != nil {
			t.Fatalf("%+v does not encode: %v", r.Fields, bad)
		}
		if _, err := DecodeRequest(wire); err != nil {
			t.Fatalf("%+v is refused when written again: %v", r.Fields, err)
		}
	})
}
