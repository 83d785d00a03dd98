package lang

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"batos/image"
)

// moment is the content of date, time and datetime: those parts that the type
// has. The clock in t is UTC whatever the zone is: it holds what a watch there
// shows.
type moment struct {
	t    time.Time
	zone *zone // nil for none
}

// zone is the content of timezone: a fixed offset.
type zone struct {
	offset time.Duration
	name   string // "" for UTC+hh:mm
}

// delta is the content of timedelta, normalised as CPython does: 0 <= seconds <
// 86400, 0 <= micros < 1000000.
type delta struct{ days, seconds, micros int64 }

func dateLike(name string, base *Type) *ExtraType {
	t := &Type{Header: image.NewHeader(KindType), Name: name, Base: base, members: map[string]Value{}}
	typeModules[t] = "datetime"
	return &ExtraType{Type: t, dotted: true, Methods: map[image.Symbol]*NativeFunction{}}
}

var (
	deltaType    = dateLike("timedelta", nil)
	zoneType     = dateLike("timezone", nil)
	dateType     = dateLike("date", nil)
	timeType     = dateLike("time", nil)
	datetimeType = dateLike("datetime", dateType.Type)
	isoWeekType  = newTupleType("IsoCalendarDate", []string{"year", "week", "weekday"}, nil)
	utcZone      = &Extra{Header: image.NewHeader(KindExtra), Type: zoneType, Data: &zone{}}
)

func momentOf(v Value) *moment { return extraOf(v).Data.(*moment) }
func deltaOf(v Value) *delta   { return extraOf(v).Data.(*delta) }

func isExtra(v Value, types ...*ExtraType) bool {
	for _, t := range types {
		if v.Kind() == KindExtra && extraOf(v).Type == t {
			return true
		}
	}
	return false
}

func (m *Machine) newMoment(t *ExtraType, at time.Time, z *zone) (Value, error) {
	if y := at.Year(); y < 1 || y > 9999 {
		if t == timeType {
			at = time.Date(1, 1, 1, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
		} else {
			return Value{}, raiseText(OverflowError, "date value out of range")
		}
	}
	return newExtra(t, &moment{at, z}).Value(), m.Charge(iteratorSize + 48)
}

const ordinalOfEpoch = 719163 // date(1970, 1, 1).toordinal()

func ordinal(t time.Time) int64 {
	return floorDiv(t.Unix(), 86400) + ordinalOfEpoch
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// checkedDate makes a date of parts, in CPython's words when they are wrong.
func checkedDate(y, mo, d, h, mi, s, us int64) (time.Time, error) {
	for _, c := range []struct {
		what         string
		v, low, high int64
	}{{"year", y, 1, 9999}, {"month", mo, 1, 12}, {"", d, 1, 31}, {"hour", h, 0, 23}, {"minute", mi, 0, 59}, {"second", s, 0, 59}, {"microsecond", us, 0, 999999}} {
		if c.v >= c.low && c.v <= c.high {
			continue
		}
		switch c.what {
		case "":
			return time.Time{}, raiseText(ValueError, "day is out of range for month")
		case "year":
			return time.Time{}, raise(ValueError, "year %d is out of range", y)
		}
		return time.Time{}, raise(ValueError, "%s must be in %d..%d", c.what, c.low, c.high)
	}
	t := time.Date(int(y), time.Month(mo), int(d), int(h), int(mi), int(s), int(us)*1000, time.UTC)
	if t.Day() != int(d) {
		return t, raiseText(ValueError, "day is out of range for month")
	}
	return t, nil
}

// parts reads integers with defaults.
func (a *Args) intParts(defaults ...int64) ([]int64, error) {
	out := make([]int64, len(defaults))
	for i, d := range defaults {
		var err error
		if out[i], err = a.indexAt(i, d); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func zoneArg(v Value) (*zone, error) {
	switch {
	case v.Absent() || v.IsNone():
		return nil, nil
	case isExtra(v, zoneType):
		return extraOf(v).Data.(*zone), nil
	}
	return nil, raise(TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", typeName(v))
}

func zoneValue(z *zone) Value {
	switch {
	case z == nil:
		return image.None()
	case z == utcZone.Data:
		return utcZone.Value()
	}
	return newExtra(zoneType, z).Value()
}

func (z *zone) String() string {
	if z.name != "" {
		return z.name
	}
	if z.offset == 0 {
		return "UTC"
	}
	return "UTC" + offsetText(z.offset, ":")
}

func offsetText(d time.Duration, colon string) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	s := int64(d / time.Second)
	text := fmt.Sprintf("%s%02d%s%02d", sign, s/3600, colon, s/60%60)
	if s%60 != 0 {
		text += fmt.Sprintf("%s%02d", colon, s%60)
	}
	return text
}

// total is the length in microseconds.
func (d *delta) total() *big.Int {
	n := big.NewInt(d.days*86400 + d.seconds)
	n.Mul(n, big.NewInt(1000000))
	return n.Add(n, big.NewInt(d.micros))
}

func (d *delta) duration() (time.Duration, bool) {
	n := d.total()
	n.Mul(n, big.NewInt(1000))
	return time.Duration(n.Int64()), n.IsInt64()
}

func (m *Machine) newDelta(micros *big.Int) (Value, error) {
	s, us := new(big.Int).DivMod(micros, big.NewInt(1000000), new(big.Int))
	days, s := new(big.Int).DivMod(s, big.NewInt(86400), new(big.Int))
	if !days.IsInt64() || days.Int64() < -999999999 || days.Int64() > 999999999 {
		return Value{}, raise(OverflowError, "days=%s; must have magnitude <= 999999999", days)
	}
	return newExtra(deltaType, &delta{days.Int64(), s.Int64(), us.Int64()}).Value(), m.Charge(iteratorSize)
}

func (d *delta) String() string {
	text := fmt.Sprintf("%d:%02d:%02d", d.seconds/3600, d.seconds/60%60, d.seconds%60)
	if d.micros != 0 {
		text += fmt.Sprintf(".%06d", d.micros)
	}
	if d.days != 0 {
		s := "s"
		if d.days == 1 || d.days == -1 {
			s = ""
		}
		text = fmt.Sprintf("%d day%s, %s", d.days, s, text)
	}
	return text
}

// add moves a moment; a date moves by whole days.
func (x *moment) add(d *delta, sign int64, date bool) time.Time {
	t := x.t.AddDate(0, 0, int(sign*d.days))
	if date {
		return t
	}
	return t.Add(time.Duration(sign) * (time.Duration(d.seconds)*time.Second + time.Duration(d.micros)*time.Microsecond))
}

// instant is the moment in UTC.
func (x *moment) instant() time.Time {
	if x.zone == nil {
		return x.t
	}
	return x.t.Add(-x.zone.offset)
}

func microsBetween(a, b time.Time) *big.Int {
	n := big.NewInt(a.Unix() - b.Unix())
	n.Mul(n, big.NewInt(1000000))
	return n.Add(n, big.NewInt(int64(a.Nanosecond()-b.Nanosecond())/1000))
}

func momentBinary(m *Machine, op string, a, b Value) (Value, bool, error) {
	moments := []*ExtraType{dateType, datetimeType}
	switch {
	case op == "+" && isExtra(b, moments...) && isExtra(a, deltaType):
		a, b = b, a
		fallthrough
	case (op == "+" || op == "-") && isExtra(a, moments...) && isExtra(b, deltaType):
		sign := int64(1)
		if op == "-" {
			sign = -1
		}
		x, t := momentOf(a), extraOf(a).Type
		v, err := m.newMoment(t, x.add(deltaOf(b), sign, t == dateType), x.zone)
		return v, err == nil, err
	case op == "-" && isExtra(a, moments...) && isExtra(b, moments...) && extraOf(a).Type == extraOf(b).Type:
		x, y := momentOf(a), momentOf(b)
		if (x.zone == nil) != (y.zone == nil) {
			return Value{}, false, raiseText(TypeError, "can't subtract offset-naive and offset-aware datetimes")
		}
		v, err := m.newDelta(microsBetween(x.instant(), y.instant()))
		return v, err == nil, err
	}
	return Value{}, false, nil
}

func deltaBinary(m *Machine, op string, a, b Value) (Value, bool, error) {
	if isExtra(a, dateType, datetimeType) || isExtra(b, dateType, datetimeType) {
		return momentBinary(m, op, a, b)
	}
	made := func(n *big.Int) (Value, bool, error) {
		v, err := m.newDelta(n)
		return v, err == nil, err
	}
	da, db := isExtra(a, deltaType), isExtra(b, deltaType)
	switch {
	case op == "neg":
		return made(new(big.Int).Neg(deltaOf(a).total()))
	case op == "pos":
		return a, true, nil
	case op == "abs":
		return made(new(big.Int).Abs(deltaOf(a).total()))
	case da && db:
		x, y := deltaOf(a).total(), deltaOf(b).total()
		switch op {
		case "+":
			return made(x.Add(x, y))
		case "-":
			return made(x.Sub(x, y))
		case "/", "//", "%":
			if y.Sign() == 0 {
				if op == "/" {
					return Value{}, false, raiseText(ZeroDivisionError, "division by zero")
				}
				return Value{}, false, raiseText(ZeroDivisionError, "integer division or modulo by zero")
			}
			if op == "/" {
				v, err := m.trueDivide(x, y)
				return v, err == nil, err
			}
			q, r, err := m.bigDivmod(x, y)
			if err != nil {
				return Value{}, false, err
			}
			if op == "%" {
				return made(r)
			}
			return image.NewBig(q), true, nil
		}
	case op == "*" && (da && numeric(b.Kind()) || db && numeric(a.Kind())):
		if db {
			a, b = b, a
		}
		r, err := exactNumber(b)
		if err != nil {
			return Value{}, false, err
		}
		return made(roundHalfEven(r.Mul(r, new(big.Rat).SetInt(deltaOf(a).total()))))
	case (op == "/" || op == "//" && isInteger(b)) && da && numeric(b.Kind()):
		r, err := exactNumber(b)
		if err != nil {
			return Value{}, false, err
		}
		if r.Sign() == 0 {
			return Value{}, false, raiseText(ZeroDivisionError, "integer division or modulo by zero")
		}
		q := new(big.Rat).Quo(new(big.Rat).SetInt(deltaOf(a).total()), r)
		if op == "/" {
			return made(roundHalfEven(q))
		}
		return made(new(big.Int).Div(q.Num(), q.Denom()))
	}
	return Value{}, false, nil
}

func exactNumber(v Value) (*big.Rat, error) {
	if v.IsFloat() {
		r := new(big.Rat).SetFloat64(v.AsFloat())
		if r == nil {
			return nil, raiseText(ValueError, "cannot convert float NaN or infinity to an interval")
		}
		return r, nil
	}
	if !isInteger(v) {
		return nil, raise(TypeError, "unsupported type for timedelta component: %s", typeName(v))
	}
	return new(big.Rat).SetInt(image.BigOf(v)), nil
}

func roundHalfEven(r *big.Rat) *big.Int {
	q, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(r.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func newDeltaCall(m *Machine, a *Args) (Value, error) {
	units := []int64{86400000000, 1000000, 1, 1000, 60000000, 3600000000, 7 * 86400000000}
	total := new(big.Rat)
	for i, unit := range units {
		if v := a.at(i); !v.Absent() {
			r, err := exactNumber(v)
			if err != nil {
				return Value{}, err
			}
			total.Add(total, r.Mul(r, big.NewRat(unit, 1)))
		}
	}
	return m.newDelta(roundHalfEven(total))
}

func (x *moment) isoDate() string { return x.t.Format("2006-01-02") }

func (x *moment) isoTime(spec string) (string, error) {
	us := x.t.Nanosecond() / 1000
	if spec == "auto" {
		spec = "seconds"
		if us != 0 {
			spec = "microseconds"
		}
	}
	layout, ok := map[string]string{"hours": "15", "minutes": "15:04", "seconds": "15:04:05", "milliseconds": "15:04:05.000", "microseconds": "15:04:05.000000"}[spec]
	if !ok {
		return "", raiseText(ValueError, "Unknown timespec value")
	}
	text := x.t.Truncate(time.Microsecond).Format(layout)
	if x.zone != nil {
		text += offsetText(x.zone.offset, ":")
	}
	return text, nil
}

func isoFormat(t *ExtraType, x *moment, sep, spec string) (string, error) {
	if t == dateType {
		return x.isoDate(), nil
	}
	clock, err := x.isoTime(spec)
	if t == timeType {
		return clock, err
	}
	return x.isoDate() + sep + clock, err
}

func momentRepr(p *printer, x *Extra) error {
	v := x.Data.(*moment)
	p.text("datetime." + x.Type.Type.Name + "(")
	var parts []string
	if x.Type != timeType {
		parts = append(parts, fmt.Sprint(v.t.Year()), fmt.Sprint(int(v.t.Month())), fmt.Sprint(v.t.Day()))
	}
	if x.Type != dateType {
		parts = append(parts, fmt.Sprint(v.t.Hour()), fmt.Sprint(v.t.Minute()))
		us := v.t.Nanosecond() / 1000
		if v.t.Second() != 0 || us != 0 {
			parts = append(parts, fmt.Sprint(v.t.Second()))
		}
		if us != 0 {
			parts = append(parts, fmt.Sprint(us))
		}
	}
	p.text(strings.Join(parts, ", "))
	if v.zone != nil {
		p.text(", tzinfo=" + v.zone.repr())
	}
	p.text(")")
	return nil
}

func (z *zone) repr() string {
	if z.offset == 0 && z.name == "" {
		return "datetime.timezone.utc"
	}
	d := &delta{}
	d.days = floorDiv(int64(z.offset/time.Second), 86400)
	d.seconds = int64(z.offset/time.Second) - d.days*86400
	text := "datetime.timezone(" + d.repr()
	if z.name != "" {
		text += ", " + string(appendQuoted(nil, z.name))
	}
	return text + ")"
}

func (d *delta) repr() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int64
	}{{"days", d.days}, {"seconds", d.seconds}, {"microseconds", d.micros}} {
		if p.n != 0 {
			parts = append(parts, p.name+"="+intText(p.n))
		}
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}

func compareMoments(m *Machine, a, b *Extra) (int, bool, error) {
	x, y := a.Data.(*moment), b.Data.(*moment)
	if (x.zone == nil) != (y.zone == nil) {
		return 0, false, raise(TypeError, "can't compare offset-naive and offset-aware %ss", a.Type.Type.Name)
	}
	return x.instant().Compare(y.instant()), true, nil
}

func equalMoments(_ *Machine, a, b *Extra) (bool, error) {
	x, y := a.Data.(*moment), b.Data.(*moment)
	return (x.zone == nil) == (y.zone == nil) && x.instant().Equal(y.instant()), nil
}

func hashMoment(x *Extra) (uint64, error) {
	t := x.Data.(*moment).instant()
	return image.Hash(image.NewTuple([]Value{image.Int(t.Unix()), image.Int(int64(t.Nanosecond()))}))
}

// now is the message's clock, to the microsecond.
func (m *Machine) now() time.Time {
	t := m.Host.Now
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Truncate(time.Microsecond)
}

func timestamp(t time.Time) float64 {
	f, _ := new(big.Rat).SetFrac(microsBetween(t, time.Unix(0, 0).UTC()), big.NewInt(1000000)).Float64()
	return f
}

func fromTimestamp(v Value) (time.Time, error) {
	if !numeric(v.Kind()) {
		return time.Time{}, raise(TypeError, "'%s' object cannot be interpreted as an integer", typeName(v))
	}
	f, err := toFloat(v)
	if err != nil {
		return time.Time{}, err
	}
	if math.IsNaN(f) || math.Abs(f) > 253402300800 {
		return time.Time{}, raise(ValueError, "year is out of range")
	}
	r := new(big.Rat).SetFloat64(f)
	us := roundHalfEven(r.Mul(r, big.NewRat(1000000, 1)))
	return time.UnixMicro(us.Int64()).UTC(), nil
}
