package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"batos/image"
	"batos/store"
)

var update = flag.Bool("update", false, "rewrite contract.json from the Go types")

// The checked-in schema is that of the types. Where this fails, the contract
// has changed: adding is free, changing or removing takes a version step.
func TestSchemaIsThatOfTheTypes(t *testing.T) {
	got, err := schemaOfTypes()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("contract.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(got, Schema) {
		t.Error("contract.json is not that of the types; go test ./bridge/contract -update, and read the difference")
	}
}

// Every reference of the schema leads somewhere, every command and code is in
// it, and every definition says what it is.
func TestSchemaIsWhole(t *testing.T) {
	text, err := schemaOfTypes()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				if _, ok := schema.Defs[strings.TrimPrefix(ref, "#/$defs/")]; !ok {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			for _, item := range v {
				walk(item)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	for name, text := range schema.Defs {
		var def map[string]any
		if err := json.Unmarshal(text, &def); err != nil {
			t.Fatal(err)
		}
		if def["description"] == nil {
			t.Errorf("%s has no description", name)
		}
		walk(def)
	}
	for _, c := range Commands {
		if schema.Defs["request_"+c.Name] == nil {
			t.Errorf("%s is missing", c.Name)
		}
	}
	for _, code := range CodeDocs {
		if !strings.Contains(string(schema.Defs["Code"]), code.Doc) {
			t.Errorf("%s is missing", code.Code)
		}
	}
}

func schemaOfTypes() ([]byte, error) {
	requests, err := reflector(true)
	if err != nil {
		return nil, err
	}
	frames, err := reflector(false)
	if err != nil {
		return nil, err
	}
	defs := jsonschema.Definitions{}
	var asked, told []*jsonschema.Schema
	for _, c := range Commands {
		defs["request_"+c.Name] = requestSchema(requests, &c)
		asked = append(asked, refTo("request_"+c.Name))
		if c.Result != nil && c.Result != reflect.TypeFor[Nothing]() {
			maps.Copy(defs, frames.ReflectFromType(c.Result).Definitions)
		}
	}
	maps.Copy(defs, frames.Reflect(&Reply{}).Definitions)
	told = append(told, refTo("Reply"))
	for _, event := range []any{&MessageWaiting{}, &MindToken{}, &StateUpdate{}} {
		name := reflect.TypeOf(event).Elem().Name()
		maps.Copy(defs, frames.Reflect(event).Definitions)
		def := defs[name]
		required := append([]string{"v", "event"}, def.Required...)
		props := jsonschema.NewProperties()
		props.Set("v", &jsonschema.Schema{Const: Version})
		props.Set("event", &jsonschema.Schema{Const: EventName(event)})
		for p := def.Properties.Oldest(); p != nil; p = p.Next() {
			props.Set(p.Key, p.Value)
		}
		props.Set("seq", &jsonschema.Schema{Type: "integer", Minimum: "1"})
		def.Properties, def.Required = props, append(required, "seq")
		told = append(told, refTo(name))
	}
	status := &jsonschema.Schema{Type: "string", Description: "How a request ended.", Enum: []any{StatusOK, StatusWaiting, StatusError}}
	maps.Copy(defs, jsonschema.Definitions{
		"Value":   valueSchema(),
		"Code":    codeSchema(),
		"Status":  status,
		"Request": {Description: "What a client sends. Loopback ZeroMQ accepts frames without v and id.", OneOf: asked},
		"Frame":   {Description: "What the image sends: one reply for each request, and events.", OneOf: told},
	})
	defs["Reply"].Properties.Set("v", &jsonschema.Schema{Const: Version})
	root := &jsonschema.Schema{
		Version:     jsonschema.Version,
		Title:       "The contract of BAT OS, version 1",
		Description: "Frames in their JSON form. On ZeroMQ, WebSocket /bridge and the Unix socket each is a MessagePack map of the same fields; see Value for what JSON lacks.",
		AnyOf:       []*jsonschema.Schema{refTo("Request"), refTo("Frame")},
		Definitions: defs,
		Extras:      map[string]any{"x-results": results()},
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(root)
	return out.Bytes(), err
}

func refTo(def string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + def} }

// results says by command which definition its result has.
func results() map[string]string {
	out := map[string]string{}
	for _, c := range Commands {
		switch c.Result {
		case nil:
			out[c.Name] = "Value"
		case reflect.TypeFor[Nothing]():
		default:
			out[c.Name] = c.Result.Name()
		}
	}
	return out
}

// requestSchema is a command's fields with what every request has.
func requestSchema(r *jsonschema.Reflector, c *Command) *jsonschema.Schema {
	fields := r.ReflectFromType(c.Fields).Definitions[c.Fields.Name()]
	props := jsonschema.NewProperties()
	one, most := uint64(1), uint64(MaxID)
	props.Set("v", &jsonschema.Schema{Const: Version})
	props.Set("id", &jsonschema.Schema{Type: "string", MinLength: &one, MaxLength: &most, Description: "names the reply; the same id of the same client runs once"})
	props.Set("command", &jsonschema.Schema{Const: c.Name})
	for p := fields.Properties.Oldest(); p != nil; p = p.Next() {
		props.Set(p.Key, p.Value)
	}
	return &jsonschema.Schema{
		Type:                 "object",
		Description:          c.Doc,
		Properties:           props,
		Required:             append([]string{"v", "id", "command"}, fields.Required...),
		AdditionalProperties: jsonschema.FalseSchema,
	}
}

func reflector(request bool) (*jsonschema.Reflector, error) {
	r := &jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: !request}
	number := &jsonschema.Schema{Type: "integer", Minimum: "0"}
	text := &jsonschema.Schema{Type: "string"}
	special := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[any]():        refTo("Value"),
		reflect.TypeFor[[]any]():      {Type: "array", Items: refTo("Value")},
		reflect.TypeFor[*image.Map](): refTo("Value"),
		reflect.TypeFor[image.Map]():  refTo("Value"),
		reflect.TypeFor[image.Ref]():  refTo("Value"),
		reflect.TypeFor[store.TID]():  number,
		reflect.TypeFor[OID]():        number,
		reflect.TypeFor[Cursor]():     text,
		reflect.TypeFor[Seconds]():    {Type: "number", Minimum: "0", Maximum: "86400"},
		reflect.TypeFor[Time]():       refTo("Value"),
		reflect.TypeFor[Code]():       refTo("Code"),
		reflect.TypeFor[Status]():     refTo("Status"),
	}
	if request {
		text, ref := &jsonschema.Schema{Type: "string"}, refTo("Value")
		special[reflect.TypeFor[Target]()] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{text, number, ref}}
		special[reflect.TypeFor[OID]()] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{number, text, ref}}
		special[reflect.TypeFor[Cursor]()] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{text, number, ref}}
		special[reflect.TypeFor[Moment]()] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{number, text, ref}}
		special[reflect.TypeFor[Time]()] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{text, ref}}
	}
	r.Mapper = func(t reflect.Type) *jsonschema.Schema {
		if s := special[t]; s != nil {
			copied := *s // the reflector puts a field's description into what it gets
			return &copied
		}
		return nil
	}
	err := r.AddGoComments("batos/bridge/contract", ".", jsonschema.WithFullComment())
	for name, text := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(text), " ")
	}
	return r, err
}

func codeSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string", Description: "A stable error code; codes are added, never renamed."}
	for _, c := range CodeDocs {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Const: c.Code, Description: c.Doc})
	}
	return s
}

// valueSchema describes the JSON form of values.
func valueSchema() *jsonschema.Schema {
	tagged := func(description string, fields ...any) *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "object", Description: description, Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
		for i := 0; i < len(fields); i += 2 {
			s.Properties.Set(fields[i].(string), fields[i+1].(*jsonschema.Schema))
			s.Required = append(s.Required, fields[i].(string))
		}
		return s
	}
	text, number := &jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "integer", Minimum: "0"}
	list := &jsonschema.Schema{Type: "array", Items: refTo("Value")}
	plain := []*jsonschema.Schema{
		{Type: "null"}, {Type: "boolean"},
		{Type: "number", Description: "A float always has a point or an exponent."},
		{Type: "string"},
		{Type: "array", Items: refTo("Value")},
		tagged("An object, by oid. MessagePack: extension 1, 8 bytes big-endian.", "$ref", number),
		tagged("An integer that a float64 cannot hold. MessagePack: an integer, or extension 2, decimal digits.", "$int", text),
		tagged("A float that JSON lacks: nan, inf or -inf.", "$float", text),
		tagged("Bytes, in base64.", "$bytes", text),
		tagged("A set. MessagePack: extension 3, an array inside.", "$set", list),
		tagged("A blob, by its SHA-256 in hexadecimal. MessagePack: extension 4, 32 bytes and 8 bytes of size.", "$blob", text, "size", number),
		tagged("An instant, in RFC 3339. MessagePack: extension -1.", "$time", text),
		tagged("A map that the other forms could be mistaken for: pairs of key and value. MessagePack: a map, or extension 5, an array of pairs, when a key is neither null, boolean, number, text, bytes nor reference.", "$map", list),
		{Type: "object", Description: "A map whose keys are text that does not begin with a dollar.", PropertyNames: &jsonschema.Schema{Pattern: `^(?!\$)`}, AdditionalProperties: refTo("Value")},
	}
	return &jsonschema.Schema{Description: "A value in its JSON form.", AnyOf: slices.Clip(plain)}
}
