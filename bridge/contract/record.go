package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tinylib/msgp/msgp"
)

// record is what the codec knows of a struct type: its fields by wire name, in
// order, with those of embedded structs in place.
type record struct {
	fields []recordField
	byName map[string]int
}

type recordField struct {
	name     string
	index    []int
	optional bool // omitempty: left out when zero, and a request may leave it out
	bind     binder
}

var records sync.Map // reflect.Type to *record

func recordOf(t reflect.Type) *record {
	if r, ok := records.Load(t); ok {
		return r.(*record)
	}
	r := &record{byName: map[string]int{}}
	r.add(t, nil)
	got, _ := records.LoadOrStore(t, r)
	return got.(*record)
}

func (r *record) add(t reflect.Type, prefix []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(prefix), i)
		if f.Anonymous {
			r.add(f.Type, index)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		r.byName[name] = len(r.fields)
		r.fields = append(r.fields, recordField{
			name:     name,
			index:    index,
			optional: options == "omitempty",
			bind:     binderOf(f.Type),
		})
	}
}

// appendRecord appends what appendValue does not know by its type: structs,
// slices, string-keyed maps, pointers, and named numbers and text.
func appendRecord(b []byte, v any, depth int) ([]byte, error) {
	return appendReflect(b, reflect.ValueOf(v), depth)
}

func appendReflect(b []byte, v reflect.Value, depth int) ([]byte, error) {
	switch v.Kind() {
	case reflect.Struct:
		if depth++; depth > MaxDepth {
			return b, errTooDeep
		}
		return recordOf(v.Type()).append(b, v, depth)
	case reflect.Pointer:
		if v.IsNil() {
			return msgp.AppendNil(b), nil
		}
		return appendValue(b, v.Elem().Interface(), depth)
	case reflect.Slice:
		if depth++; depth > MaxDepth {
			return b, errTooDeep
		}
		b = msgp.AppendArrayHeader(b, uint32(v.Len()))
		var err error
		for i := range v.Len() {
			if b, err = appendValue(b, v.Index(i).Interface(), depth); err != nil {
				return b, err
			}
		}
		return b, nil
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return appendMap(b, v, depth)
		}
	case reflect.String:
		return msgp.AppendString(b, v.String()), nil
	case reflect.Bool:
		return msgp.AppendBool(b, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return msgp.AppendInt64(b, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return msgp.AppendUint64(b, v.Uint()), nil
	case reflect.Float64:
		return msgp.AppendFloat64(b, v.Float()), nil
	}
	return b, Errorf(CodeInternal, "a value of Go type %v has no form on the wire", v.Type())
}

func (r *record) append(b []byte, v reflect.Value, depth int) ([]byte, error) {
	n, skip := r.present(v)
	b = msgp.AppendMapHeader(b, uint32(n))
	return r.appendFields(b, v, depth, skip)
}

// present counts the fields to write and marks the others by bit. No struct of
// the contract has more than 64 fields.
func (r *record) present(v reflect.Value) (n int, skip uint64) {
	for i := range r.fields {
		if r.fields[i].optional && empty(v.FieldByIndex(r.fields[i].index)) {
			skip |= 1 << i
			continue
		}
		n++
	}
	return n, skip
}

func (r *record) appendFields(b []byte, v reflect.Value, depth int, skip uint64) ([]byte, error) {
	var err error
	for i := range r.fields {
		if skip&(1<<i) != 0 {
			continue
		}
		b = msgp.AppendString(b, r.fields[i].name)
		if b, err = appendValue(b, v.FieldByIndex(r.fields[i].index).Interface(), depth); err != nil {
			return b, fmt.Errorf("%s: %w", r.fields[i].name, err)
		}
	}
	return b, nil
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

// appendMap writes a string-keyed map in key order, so that equal maps give
// equal bytes.
func appendMap(b []byte, v reflect.Value, depth int) ([]byte, error) {
	if depth++; depth > MaxDepth {
		return b, errTooDeep
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	b = msgp.AppendMapHeader(b, uint32(len(keys)))
	var err error
	for _, key := range keys {
		b = msgp.AppendString(b, key.String())
		if b, err = appendValue(b, v.MapIndex(key).Interface(), depth); err != nil {
			return b, err
		}
	}
	return b, nil
}

// appendEventFields appends the fields of an event's frame, all but seq, and
// tells how many entries the frame has with seq.
func appendEventFields(b []byte, event any) ([]byte, int, error) {
	name := EventName(event)
	if name == "" {
		return b, 0, Errorf(CodeInternal, "%T is no event", event)
	}
	b = msgp.AppendInt64(append(b, "\xa1v"...), Version)
	b = msgp.AppendString(append(b, "\xa5event"...), name)
	v := reflect.ValueOf(event).Elem()
	r := recordOf(v.Type())
	n, skip := r.present(v)
	b, err := r.appendFields(b, v, 1, skip)
	return b, n + 3, err
}
