package contract

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tinylib/msgp/msgp"

	"batos/image"
	"batos/store"
)

// Target names an object: a reference, or text (a root's name, "@42", or a
// path of slots from a root, "genesis_obj.ui"). The zero Target is absent.
type Target struct {
	Object any // image.Ref or string
}

// OID is an oid as a plain number. A request may also give a reference, "42"
// or "@42".
type OID uint64

// Cursor marks where a page ends: an oid in decimal, or "TID:OID" to go on at
// the snapshot of the page before. A request may also give an oid.
type Cursor string

// Page makes the Cursor after an object of a snapshot.
func Page(tid store.TID, after image.Ref) Cursor {
	return Cursor(strconv.FormatUint(uint64(tid), 10) + ":" + strconv.FormatUint(uint64(after), 10))
}

// Split gives the snapshot, 0 for none, and the oid.
func (c Cursor) Split() (store.TID, image.Ref, error) {
	tid, oid, both := strings.Cut(string(c), ":")
	if !both {
		tid, oid = "0", strings.TrimPrefix(string(c), "@")
	}
	t, err := strconv.ParseUint(tid, 10, 63)
	o, err2 := strconv.ParseUint(oid, 10, 63)
	if err != nil || err2 != nil {
		return 0, 0, Errorf(CodeBadField, "after: want the next of the page before")
	}
	return store.TID(t), image.Ref(o), nil
}

// Seconds is a time span; a request may give an integer or a float.
type Seconds float64

// MaxSeconds bounds a Seconds field: a day.
const MaxSeconds = Seconds(24 * 60 * 60)

// Time is an instant: a timestamp, or RFC 3339 text in a request.
type Time = time.Time

// Moment is a point of the image's history: a tid or an instant.
type Moment struct {
	TID  store.TID
	Time time.Time // when not zero, the newest transaction up to then is meant
}

// Duration gives s as Go counts time.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

func (m Moment) append(b []byte) []byte {
	if !m.Time.IsZero() {
		return appendTime(b, m.Time)
	}
	return msgp.AppendUint64(b, uint64(m.TID))
}

// At makes the Target of an oid.
func At(oid image.Ref) Target { return Target{oid} }

// Named makes the Target of a root's name or a path.
func Named(path string) Target { return Target{path} }

// oidOf reads an oid in any of the forms that a request may use.
func oidOf(v any) (image.Ref, bool) {
	switch v := v.(type) {
	case image.Ref:
		return v, v != 0
	case int64:
		return image.Ref(v), v > 0
	case string:
		n, err := strconv.ParseUint(strings.TrimPrefix(v, "@"), 10, 64)
		return image.Ref(n), err == nil && n != 0
	}
	return 0, false
}

func bindTarget(v any, into reflect.Value, path string, _ bool) *Error {
	target := into.Addr().Interface().(*Target)
	switch v := v.(type) {
	case string:
		if v == "" {
			return Errorf(CodeBadField, "%s: a target is never empty text", path)
		}
		target.Object = v
		return nil
	case int64, image.Ref:
		if oid, ok := oidOf(v); ok {
			target.Object = oid
			return nil
		}
		return Errorf(CodeBadField, "%s: an oid is 1 or more", path)
	}
	return wrongType(path, "a name, a path or a reference", v)
}

func bindCursor(v any, into reflect.Value, path string, _ bool) *Error {
	switch v := v.(type) {
	case string:
		into.SetString(v)
	case int64:
		into.SetString(strconv.FormatInt(v, 10))
	case image.Ref:
		into.SetString(strconv.FormatUint(uint64(v), 10))
	default:
		return wrongType(path, "the next of the page before", v)
	}
	return nil
}

func bindOID(v any, into reflect.Value, path string, _ bool) *Error {
	oid, ok := oidOf(v)
	if !ok {
		if _, text := v.(string); text {
			return Errorf(CodeBadField, "%s: want an oid, got other text", path)
		}
		if n, number := v.(int64); number && n == 0 {
			into.SetUint(0)
			return nil
		}
		return wrongType(path, "an oid", v)
	}
	into.SetUint(uint64(oid))
	return nil
}

func bindSeconds(v any, into reflect.Value, path string, _ bool) *Error {
	n, ok := asNumber(v)
	if !ok {
		return wrongType(path, "a number of seconds", v)
	}
	if n < 0 || n > float64(MaxSeconds) {
		return Errorf(CodeBadField, "%s: want from 0 to %v seconds, got %v", path, float64(MaxSeconds), n)
	}
	into.SetFloat(n)
	return nil
}

func bindMoment(v any, into reflect.Value, path string, strict bool) *Error {
	m := into.Addr().Interface().(*Moment)
	if n, ok := v.(int64); ok && n >= 0 {
		m.TID = store.TID(n)
		return nil
	}
	if s, ok := v.(string); ok {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 {
			m.TID = store.TID(n)
			return nil
		}
	}
	if bindTime(v, reflect.ValueOf(&m.Time).Elem(), path, strict) != nil {
		return wrongType(path, "a tid, a time or RFC 3339 text", v)
	}
	return nil
}

func bindTime(v any, into reflect.Value, path string, _ bool) *Error {
	switch v := v.(type) {
	case time.Time:
		into.Set(reflect.ValueOf(v))
		return nil
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			into.Set(reflect.ValueOf(t.UTC()))
			return nil
		}
	}
	return wrongType(path, "a time or RFC 3339 text", v)
}
