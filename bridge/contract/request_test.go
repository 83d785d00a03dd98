package contract

import (
	"encoding/hex"
	"reflect"
	"strings"
	"testing"
	"time"

	"batos/image"
)

// decodeText decodes the request written in the JSON form.
func decodeText(t *testing.T, text string) (Request, *Error) {
	t.Helper()
	v, err := DecodeJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	wire, err := AppendValue(nil, v)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return DecodeRequest(wire)
}

func TestRequestsAreUnderstood(t *testing.T) {
	two, one := 2, Seconds(1.5)
	for text, want := range map[string]any{
		`{"v":1,"id":"a","command":"ping"}`: &Nothing{},
		`{"command":"get_full_state"}`:      &GetFullState{},
		`{"command":"get_full_state","depth":2,"after":17,"limit":5,"target":"genesis_obj","at":9}`: &GetFullState{
			Object: Of("genesis_obj"), Depth: &two, After: "17", Limit: 5, At: Moment{TID: 9}},
		`{"command":"create_method","target_oid":3,"method_name":"f","method_code":"def f(self):\n  return 1"}`: &CreateMethod{
			Object: Of(OID(3)), Name: "f", Code: "def f(self):\n  return 1"},
		`{"command":"send","target_oid":{"$ref":3},"selector":"f","args":[1,{"$ref":2}],"kwargs":{"x":null},"wait":1.5}`: &Send{
			Object: Of(OID(3)), Selector: "f", Args: []any{int64(1), image.Ref(2)}, Kwargs: mapOf("x", nil), Running: Running{Wait: &one}},
		`{"command":"send","target_oid":"@3","selector":"f","args":null}`: &Send{Object: Of(OID(3)), Selector: "f"},
		`{"command":"send","target":7,"selector":"f"}`:                    &Send{Object: Of(image.Ref(7)), Selector: "f"},
		`{"command":"set_slot","target":"a","slot":"x","value":null}`:     &SetSlot{Object: Of("a"), Slot: "x"},
		`{"command":"inspect","target":"a","at":"2026-01-02T03:04:05Z"}`:  &Inspect{Object: Of("a"), At: Moment{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}},
		`{"command":"watch","targets":["a",{"$ref":2}],"slots":["x"]}`:    &Watch{Targets: []Target{{"a"}, {image.Ref(2)}}, Slots: []string{"x"}},
		`{"command":"hello","client":"me","last_seq":4,"session":"s"}`:    &Hello{Client: "me", Session: "s", LastSeq: 4},
	} {
		r, err := decodeText(t, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !reflect.DeepEqual(r.Fields, want) {
			t.Errorf("%s: got %+v; want %+v", text, r.Fields, want)
		}
	}
}

// A request whose values do not decode is refused under its own id, wherever in
// the frame that stands.
func TestRefusalsNameTheRequest(t *testing.T) {
	deep := strings.Repeat("91", 70) + "c0"
	id, command := "a26964a161", "a7636f6d6d616e64a473656e64" // id: a, command: send
	for _, c := range []struct{ name, wire, id, command, want string }{
		{"too deep", "83" + id + command + "a461726773" + deep, "a", "send", "too_large: the value has more than 64"},
		{"the id after it", "83a461726773" + deep + command + id, "a", "send", "too_large: the value has more than 64"},
		{"unknown extension", "83a461726773" + "91d40900" + id + command, "a", "send", "bad_frame: extension type 9"},
		{"extension of the wrong size", "83a461726773" + "81d4010000" + id + command, "a", "send", "bad_frame: extension type 1"},
		{"a key that is none", "8391c0c0" + id + command + "00", "a", "send", "bad_frame"},
		{"cut short behind the id", "83" + id + command + "a461726773" + "92", "a", "send", "bad_frame"},
		{"an id that is none", "82a26964" + "a0" + "a461726773" + deep, "", "", "too_large"},
		{"an id that is a number", "82a26964" + "07" + "a461726773" + deep, "", "", "too_large"},
		{"no map", deep, "", "", "too_large"},
		{"four billion entries", "dfffffffff" + id, "a", "", "bad_frame"},
	} {
		b, err := hex.DecodeString(c.wire)
		if err != nil {
			t.Fatal(c.name, err)
		}
		r, bad := DecodeRequest(b)
		command := ""
		if r.Command != nil {
			command = r.Command.Name
		}
		if bad == nil || !strings.HasPrefix(bad.Error(), c.want) || r.ID != c.id || command != c.command {
			t.Errorf("%s: id %q, command %q, %v; want %q, %q, %s", c.name, r.ID, command, bad, c.id, c.command, c.want)
		}
	}
}

func TestRequestsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`7`:         "bad_frame: want one map, got an integer",
		`{"v":1}`:   "bad_field: command: the field is missing",
		`{"v":2}`:   "bad_version: v: this image speaks version 1, not 2",
		`{"v":"1"}`: "bad_version: v: want the number 1, got text",
		`{"id":""}`: "bad_field: id: want 1 to 64 characters, got 0",
		`{"id":9}`:  "bad_field: id: want text, got an integer",
		`{"id":"` + strings.Repeat("x", 65) + `"}`: "bad_field: id: want 1 to 64 characters, got 65",
		`{"command":9}`:                                                            "bad_field: command: want text, got an integer",
		`{"command":"sned"}`:                                                       `unknown_command: there is no command "sned"; did you mean send?`,
		`{"command":"ping","colour":1}`:                                            "bad_field: colour: there is no such field here",
		`{"command":"inspect","taget":"a"}`:                                        "bad_field: taget: there is no such field here; did you mean target?",
		`{"command":"inspect"}`:                                                    "bad_field: target: the field is missing; give target or target_oid",
		`{"command":"inspect","target":"a","target_oid":1}`:                        "bad_field: target_oid: target names the object already; give one of the two",
		`{"command":"inspect","target":true}`:                                      "bad_field: target: want a name, a path or a reference, got a boolean",
		`{"command":"inspect","target":""}`:                                        "bad_field: target: a target is never empty text",
		`{"command":"inspect","target_oid":-1}`:                                    "bad_field: target_oid: want an oid, got an integer",
		`{"command":"send","target":"a"}`:                                          "bad_field: selector: the field is missing",
		`{"command":"send","target":"a","selector":""}`:                            "bad_field: selector: the text is empty",
		`{"command":"send","target":"a","selector":"f","args":{}}`:                 "bad_field: args: want a list, got a map",
		`{"command":"send","target":"a","selector":"f","wait":-1}`:                 "bad_field: wait: want from 0 to 86400 seconds, got -1",
		`{"command":"send","target":"a","selector":"f","wait":{"$float":"nan"}}`:   "bad_field: wait: want a number of seconds, got a float",
		`{"command":"send","target":"a","selector":"f","fuel":-1}`:                 "bad_field: fuel: want 0 or more, got -1",
		`{"command":"send","target":"a","selector":"f","fuel":1.5}`:                "bad_field: fuel: want an integer, got a float",
		`{"command":"set_slot","target":"a","slot":"x"}`:                           "bad_field: value: the field is missing",
		`{"command":"set_slot","target":"a","slot":"x","value":1,"expect_tid":-1}`: "bad_field: expect_tid: want an integer from 0 up, got -1",
		`{"command":"get_full_state","after":"x"}`:                                 "bad_field: after: want the next of the page before",
		`{"command":"inspect","target":"a","at":"noon"}`:                           "bad_field: at: want a tid, a time or RFC 3339 text, got text",
		`{"command":"watch"}`:                                                      "bad_field: targets: give targets, or all: true for everything",
		`{"command":"watch","targets":["a",true]}`:                                 "bad_field: targets[1]: want a name, a path or a reference, got a boolean",
		`{"command":"roots","remove":true}`:                                        "bad_field: name: the root's name is missing",
		`{"command":"mind","action":"use"}`:                                        "bad_field: spec: the text is empty",
		`{"command":"mind","action":"lose"}`:                                       `bad_field: action: want "status" or "use"`,
		`{"command":"hello","client":""}`:                                          "bad_field: client: want 1 to 64 characters, got 0",
		`{"command":"hello"}`:                                                      "bad_field: client: the field is missing",
		`{"command":"cancel","request":""}`:                                        "bad_field: request: the text is empty",
		`{"$map":[["command","ping"],[1,2]]}`:                                      "bad_field: a field's name: want text, got an integer",
		`{"$map":[["command","cancel"],["request","a"],["request","b"]]}`:          "bad_field: request: the field is given twice",
	} {
		if _, err := decodeText(t, text); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

// What a client writes, the image reads: every command with every field set.
func TestRequestsRoundTrip(t *testing.T) {
	for i := range Commands {
		c := &Commands[i]
		fields := reflect.New(c.Fields)
		fill(fields.Elem())
		if o, ok := fields.Interface().(interface{ object() *Object }); ok {
			o.object().Target = Target{}
		}
		switch f := fields.Interface().(type) {
		case *Watch:
			f.All = false
		case *Roots:
			f.Remove = false
		case *Mind:
			f.Action = "use"
		case *GetFullState:
			f.After = Page(3, 4)
		}
		wire, err := AppendRequest(nil, "id", c.Name, fields.Interface())
		if err != nil {
			t.Fatal(c.Name, err)
		}
		r, bad := DecodeRequest(wire)
		if bad != nil {
			t.Fatal(c.Name, bad)
		}
		if r.V != 1 || r.ID != "id" || r.Command != c || !reflect.DeepEqual(r.Fields, fields.Interface()) {
			t.Errorf("%s: got %+v; want %+v", c.Name, r.Fields, fields.Interface())
		}
	}
}

// fill sets every field to something.
func fill(v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *Target:
		p.Object = "genesis_obj"
		return
	case *Moment:
		p.TID = 7
		return
	case *time.Time:
		*p = time.Unix(1000, 0).UTC()
		return
	case **image.Map:
		*p = mapOf("k", int64(1))
		return
	case *any:
		*p = int64(5)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		item := reflect.New(v.Type().Elem()).Elem()
		fill(item)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), item)
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint64:
		v.SetUint(4)
	case reflect.Float64:
		v.SetFloat(5)
	}
}

// Every result and the error survive the wire with every field set.
func TestResultsRoundTrip(t *testing.T) {
	types := []reflect.Type{reflect.TypeFor[Error]()}
	for _, c := range Commands {
		if c.Result != nil {
			types = append(types, c.Result)
		}
	}
	for _, typ := range types {
		in, out := reflect.New(typ), reflect.New(typ)
		fill(in.Elem())
		plain, err := Plain(in.Interface())
		if err != nil {
			t.Fatal(typ, err)
		}
		if err := Bind(plain, out.Interface()); err != nil {
			t.Fatal(typ, err)
		}
		if !reflect.DeepEqual(in.Interface(), out.Interface()) {
			t.Errorf("%v: got %+v; want %+v", typ, out.Elem(), in.Elem())
		}
	}
}

func TestFramesFromTheImage(t *testing.T) {
	reply := Reply{V: 1, ID: "a", Status: StatusError, Details: "d", TID: 4, Result: []any{int64(1)}, Message: 9, Printed: "p\n", Repr: "r",
		Error: &Error{Code: CodeFuel, Message: "m", Traceback: []TraceLine{{Receiver: "@4", Locals: map[string]string{"x": "1"}}}}}
	body, err := reply.AppendBody(nil)
	if err != nil {
		t.Fatal(err)
	}
	frame, bad := DecodeFrame(AppendSeq(body, 77))
	reply.Seq = 77
	if bad != nil || !reflect.DeepEqual(frame.Reply, &reply) {
		t.Errorf("got %+v, %v; want %+v", frame.Reply, bad, reply)
	}
	update := &StateUpdate{TID: 5, State: map[string]map[string]SlotUpdate{"3": {"x": {Op: "set", Kind: "value", Value: int64(1)}}}}
	body, err = AppendEventBody([]byte("before"), update)
	if err != nil {
		t.Fatal(err)
	}
	frame, bad = DecodeFrame(AppendSeq(body, 78)[len("before"):])
	if bad != nil || frame.Event == nil || frame.Event.Event != EventStateUpdate || frame.Event.Seq != 78 || frame.Event.TID != 5 {
		t.Fatalf("got %+v, %v", frame.Event, bad)
	}
	var got StateUpdate
	if err := Bind(frame.Event.Fields, &got); err != nil || !reflect.DeepEqual(&got, update) {
		t.Errorf("got %+v, %v; want %+v", got, err, update)
	}
}

func TestCodesAreStable(t *testing.T) {
	var codes []string
	for _, c := range CodeDocs {
		codes = append(codes, string(c.Code))
		if !strings.HasSuffix(c.Doc, ".") {
			t.Errorf("%s: the doc is no sentence", c.Code)
		}
	}
	const want = "bad_frame bad_version unknown_command bad_field too_large unauthorized no_such_object slot_error not_understood method_error syntax_error audit_refused organization conflict fuel memory depth deadline budget mind_unavailable waiting cancelled storage read_only shutting_down internal"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("got %s", got)
	}
}
