package contract

import (
	"math"
	"reflect"
	"strconv"

	"batos/image"
)

// Bind fills into, a pointer to one of this package's structs, from a plain
// map by wire names. What the map has beyond the struct is ignored and what it
// lacks stays as it is: this is how results are read. Errors are bad_field.
func Bind(v any, into any) error {
	if err := bindRecord(v, reflect.ValueOf(into).Elem(), "", false); err != nil {
		return err
	}
	return nil
}

// binder puts a plain value into a field. path names the field in errors;
// strict refuses unknown names in nested structs.
type binder func(v any, into reflect.Value, path string, strict bool) *Error

func wrongType(path, want string, got any) *Error {
	return Errorf(CodeBadField, "%s: want %s, got %s", path, want, kindName(got))
}

func bindRecord(v any, into reflect.Value, path string, strict bool) *Error {
	m, ok := v.(*image.Map)
	if !ok {
		return wrongType(path, "a map", v)
	}
	return recordOf(into.Type()).bindEntries(m.Entries, into, path, strict, nil)
}

// bindEntries binds the entries whose name skip does not know. When strict it
// refuses unknown names, names given twice and missing fields.
func (r *record) bindEntries(entries []image.MapEntry, into reflect.Value, path string, strict bool, skip func(string) bool) *Error {
	var seen uint64
	for i := range entries {
		name, ok := entries[i].Key.(string)
		if !ok {
			return wrongType(join(path, "a field's name"), "text", entries[i].Key)
		}
		if skip != nil && skip(name) {
			continue
		}
		at, ok := r.byName[name]
		if !ok {
			if strict {
				return Errorf(CodeBadField, "%s: there is no such field here%s", join(path, name), r.offer(name))
			}
			continue
		}
		if strict && seen&(1<<at) != 0 {
			return Errorf(CodeBadField, "%s: the field is given twice", join(path, name))
		}
		seen |= 1 << at
		field := &r.fields[at]
		if entries[i].Value == nil && (field.optional || !strict) {
			continue // as if it were not there
		}
		err := field.bind(entries[i].Value, into.FieldByIndex(field.index), join(path, name), strict)
		if err != nil {
			return err
		}
	}
	if strict {
		for i := range r.fields {
			if seen&(1<<i) == 0 && !r.fields[i].optional {
				return Errorf(CodeBadField, "%s: the field is missing", join(path, r.fields[i].name))
			}
		}
	}
	return nil
}

// offer names the fields that there are.
func (r *record) offer(name string) string {
	if len(r.fields) == 0 {
		return ""
	}
	names := make([]string, len(r.fields))
	for i := range r.fields {
		names[i] = r.fields[i].name
	}
	return "; did you mean " + Nearest(name, names) + "?"
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func binderOf(t reflect.Type) binder {
	switch t {
	case reflect.TypeFor[Target]():
		return bindTarget
	case reflect.TypeFor[OID]():
		return bindOID
	case reflect.TypeFor[Cursor]():
		return bindCursor
	case reflect.TypeFor[Seconds]():
		return bindSeconds
	case reflect.TypeFor[Moment]():
		return bindMoment
	case reflect.TypeFor[Time]():
		return bindTime
	case reflect.TypeFor[image.Ref]():
		return bindRef
	case reflect.TypeFor[any]():
		return bindAny
	case reflect.TypeFor[[]any]():
		return bindList
	case reflect.TypeFor[[]byte]():
		return bindBytes
	case reflect.TypeFor[*image.Map]():
		return bindMap
	}
	switch t.Kind() {
	case reflect.String:
		return bindString
	case reflect.Bool:
		return bindBool
	case reflect.Int, reflect.Int64:
		return bindInt
	case reflect.Uint64:
		return bindUint
	case reflect.Float64:
		return bindFloat
	case reflect.Slice:
		return bindSlice
	case reflect.Map:
		return bindStringMap
	case reflect.Struct:
		return bindRecord
	case reflect.Pointer:
		return bindPointer
	}
	panic("contract: no binder for " + t.String())
}

func bindString(v any, into reflect.Value, path string, _ bool) *Error {
	s, ok := v.(string)
	if !ok {
		return wrongType(path, "text", v)
	}
	into.SetString(s)
	return nil
}

func bindBool(v any, into reflect.Value, path string, _ bool) *Error {
	b, ok := v.(bool)
	if !ok {
		return wrongType(path, "a boolean", v)
	}
	into.SetBool(b)
	return nil
}

func bindInt(v any, into reflect.Value, path string, _ bool) *Error {
	n, ok := v.(int64)
	if !ok {
		return wrongType(path, "an integer", v)
	}
	into.SetInt(n)
	return nil
}

func bindUint(v any, into reflect.Value, path string, _ bool) *Error {
	n, ok := v.(int64)
	if !ok {
		return wrongType(path, "an integer", v)
	}
	if n < 0 {
		return Errorf(CodeBadField, "%s: want an integer from 0 up, got %d", path, n)
	}
	into.SetUint(uint64(n))
	return nil
}

func bindFloat(v any, into reflect.Value, path string, _ bool) *Error {
	switch v := v.(type) {
	case float64:
		into.SetFloat(v)
	case int64:
		into.SetFloat(float64(v))
	default:
		return wrongType(path, "a number", v)
	}
	return nil
}

func bindAny(v any, into reflect.Value, _ string, _ bool) *Error {
	if v != nil {
		into.Set(reflect.ValueOf(v))
	}
	return nil
}

func bindList(v any, into reflect.Value, path string, _ bool) *Error {
	list, ok := v.([]any)
	if !ok {
		return wrongType(path, "a list", v)
	}
	*into.Addr().Interface().(*[]any) = list
	return nil
}

func bindBytes(v any, into reflect.Value, path string, _ bool) *Error {
	data, ok := v.([]byte)
	if !ok {
		return wrongType(path, "bytes", v)
	}
	into.SetBytes(data)
	return nil
}

func bindMap(v any, into reflect.Value, path string, _ bool) *Error {
	m, ok := v.(*image.Map)
	if !ok {
		return wrongType(path, "a map", v)
	}
	*into.Addr().Interface().(**image.Map) = m
	return nil
}

func bindRef(v any, into reflect.Value, path string, _ bool) *Error {
	oid, ok := oidOf(v)
	if !ok {
		return wrongType(path, "a reference", v)
	}
	into.SetUint(uint64(oid))
	return nil
}

func bindPointer(v any, into reflect.Value, path string, strict bool) *Error {
	if v == nil {
		return nil
	}
	elem := reflect.New(into.Type().Elem())
	if err := binderOf(elem.Elem().Type())(v, elem.Elem(), path, strict); err != nil {
		return err
	}
	into.Set(elem)
	return nil
}

func bindSlice(v any, into reflect.Value, path string, strict bool) *Error {
	list, ok := v.([]any)
	if !ok {
		return wrongType(path, "a list", v)
	}
	items := reflect.MakeSlice(into.Type(), len(list), len(list))
	bind := binderOf(into.Type().Elem())
	for i, item := range list {
		if err := bind(item, items.Index(i), path+"["+strconv.Itoa(i)+"]", strict); err != nil {
			return err
		}
	}
	into.Set(items)
	return nil
}

func bindStringMap(v any, into reflect.Value, path string, strict bool) *Error {
	m, ok := v.(*image.Map)
	if !ok {
		return wrongType(path, "a map", v)
	}
	out := reflect.MakeMapWithSize(into.Type(), len(m.Entries))
	elem := into.Type().Elem()
	bind := binderOf(elem)
	for i := range m.Entries {
		key, ok := m.Entries[i].Key.(string)
		if !ok {
			return wrongType(path, "text for a key", m.Entries[i].Key)
		}
		item := reflect.New(elem).Elem()
		if err := bind(m.Entries[i].Value, item, join(path, key), strict); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(key), item)
	}
	into.Set(out)
	return nil
}

// asNumber reads an integer or a float as a float.
func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return 0, false
}
