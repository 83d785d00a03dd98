package lang

import (
	"math/big"
	"time"

	"batos/image"
)

func init() {
	typeModules[isoWeekType.Type] = "datetime"
	deltaType.Type.New = keywords("days seconds microseconds milliseconds minutes hours weeks", 0, newDeltaCall).native("", "timedelta")
	deltaType.Binary = deltaBinary
	deltaType.Truth = func(_ *Machine, x *Extra) (bool, error) { return *x.Data.(*delta) != delta{}, nil }
	deltaType.Equal = func(_ *Machine, a, b *Extra) (bool, error) { return *a.Data.(*delta) == *b.Data.(*delta), nil }
	deltaType.Less = func(_ *Machine, a, b *Extra) (int, bool, error) {
		return a.Data.(*delta).total().Cmp(b.Data.(*delta).total()), true, nil
	}
	deltaType.Hash = func(x *Extra) (uint64, error) { return image.Hash(image.NewBig(x.Data.(*delta).total())) }
	deltaType.Repr = func(p *printer, x *Extra) error { p.text(x.Data.(*delta).repr()); return nil }
	deltaType.Str = func(_ *Machine, x *Extra) (string, error) { return x.Data.(*delta).String(), nil }
	deltaType.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		d := x.Data.(*delta)
		n, ok := map[string]int64{"days": d.days, "seconds": d.seconds, "microseconds": d.micros}[name]
		return image.Int(n), ok, nil
	}
	addMethods(deltaType.Methods, "timedelta", methodTable{
		"total_seconds": none(func(m *Machine, a *Args) (Value, error) {
			return m.trueDivide(deltaOf(a.Self).total(), big.NewInt(1000000))
		}),
	})

	zoneType.Type.New = keywords("offset name", 1, newZone).native("", "timezone")
	zoneType.Type.members["utc"] = utcZone.Value()
	zoneType.Repr = func(p *printer, x *Extra) error { p.text(x.Data.(*zone).repr()); return nil }
	zoneType.Str = func(_ *Machine, x *Extra) (string, error) { return x.Data.(*zone).String(), nil }
	zoneType.Equal = func(_ *Machine, a, b *Extra) (bool, error) {
		return a.Data.(*zone).offset == b.Data.(*zone).offset, nil
	}
	zoneType.Hash = func(x *Extra) (uint64, error) { return image.Hash(image.Int(int64(x.Data.(*zone).offset))) }

	for _, t := range []*ExtraType{dateType, timeType, datetimeType} {
		t.Repr, t.Less, t.Equal, t.Hash = momentRepr, compareMoments, equalMoments, hashMoment
		t.Str = func(_ *Machine, x *Extra) (string, error) { return isoFormat(t, x.Data.(*moment), " ", "auto") }
		t.Format = func(m *Machine, x *Extra, spec string) (string, error) {
			return m.strftime(x.Data.(*moment), spec)
		}
		t.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) { return momentAttribute(t, x, name) }
		addMethods(t.Methods, t.Type.Name, methodTable{
			"isoformat": keywords(map[bool]string{true: "sep timespec", false: "timespec"}[t == datetimeType], 0, func(m *Machine, a *Args) (Value, error) {
				texts := []string{"T", "auto"}
				if t != datetimeType {
					texts = []string{"auto"}
				}
				for i := range texts {
					if v := a.at(i); v.Kind() == image.KindStr {
						texts[i] = v.Str()
					} else if !v.Absent() {
						return Value{}, raise(TypeError, "isoformat() argument %d must be str, not %s", i+1, typeName(v))
					}
				}
				return m.textOf(isoFormat(t, momentOf(a.Self), texts[0], texts[len(texts)-1]))
			}),
			"strftime": one(func(m *Machine, a *Args) (Value, error) {
				s, err := subject(a.Pos[0])
				if err != nil {
					return Value{}, err
				}
				return m.textOf(m.strftime(momentOf(a.Self), s.S))
			}),
			"replace": free(momentReplace(t)),
		})
		if t != timeType {
			t.Binary = momentBinary
			addDateMethods(t)
		}
		if t != dateType {
			addClockMethods(t)
		}
	}
	dateType.Type.New = keywords("year month day", 3, func(m *Machine, a *Args) (Value, error) {
		p, err := a.intParts(0, 0, 0)
		if err != nil {
			return Value{}, err
		}
		at, err := checkedDate(p[0], p[1], p[2], 0, 0, 0, 0)
		if err != nil {
			return Value{}, err
		}
		return m.newMoment(dateType, at, nil)
	}).native("", "date")
	timeType.Type.New = keywords("hour minute second microsecond tzinfo", 0, func(m *Machine, a *Args) (Value, error) {
		p, err := a.intParts(0, 0, 0, 0)
		if err != nil {
			return Value{}, err
		}
		at, err := checkedDate(1, 1, 1, p[0], p[1], p[2], p[3])
		if err != nil {
			return Value{}, err
		}
		z, err := zoneArg(a.at(4))
		if err != nil {
			return Value{}, err
		}
		return m.newMoment(timeType, at, z)
	}).native("", "time")
	datetimeType.Type.New = keywords("year month day hour minute second microsecond tzinfo *fold", 3, func(m *Machine, a *Args) (Value, error) {
		p, err := a.intParts(0, 0, 0, 0, 0, 0, 0)
		if err != nil {
			return Value{}, err
		}
		at, err := checkedDate(p[0], p[1], p[2], p[3], p[4], p[5], p[6])
		if err != nil {
			return Value{}, err
		}
		z, err := zoneArg(a.at(7))
		if err != nil {
			return Value{}, err
		}
		return m.newMoment(datetimeType, at, z)
	}).native("", "datetime")
	addDateMembers()
	constants := map[string]Value{"UTC": utcZone.Value(), "MINYEAR": image.Int(1), "MAXYEAR": image.Int(9999)}
	for _, t := range []*ExtraType{deltaType, zoneType, dateType, timeType, datetimeType} {
		constants[t.Type.Name] = t.Type.Value()
	}
	modules["datetime"] = module("datetime", constants, nil)
	clock := one(func(m *Machine, a *Args) (Value, error) {
		return Value{}, raiseText(RuntimeError, "a message does not sleep; send later(obj, seconds=...).name(...) instead")
	})
	seconds := none(func(m *Machine, a *Args) (Value, error) { return image.Float(timestamp(m.now())), nil })
	nanos := none(func(m *Machine, a *Args) (Value, error) { return image.Int(m.now().UnixNano()), nil })
	modules["time"] = module("time", nil, methodTable{
		"time": seconds, "monotonic": seconds, "perf_counter": seconds, "process_time": seconds,
		"time_ns": nanos, "monotonic_ns": nanos, "perf_counter_ns": nanos, "sleep": clock,
		"strftime": one(func(m *Machine, a *Args) (Value, error) {
			s, err := subject(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			return m.textOf(m.strftime(&moment{t: m.now()}, s.S))
		}),
	})
}

// textOf makes a value of a text, unless there is an error.
func (m *Machine) textOf(s string, err error) (Value, error) {
	if err != nil {
		return Value{}, err
	}
	return m.NewStr(s)
}

func newZone(m *Machine, a *Args) (Value, error) {
	if !isExtra(a.Pos[0], deltaType) {
		return Value{}, raise(TypeError, "timezone() argument 1 must be datetime.timedelta, not %s", typeName(a.Pos[0]))
	}
	d, ok := deltaOf(a.Pos[0]).duration()
	if !ok || d <= -24*time.Hour || d >= 24*time.Hour {
		text, err := m.Repr(a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		return Value{}, raise(ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", text)
	}
	z := &zone{offset: d}
	if v := a.at(1); v.Kind() == image.KindStr {
		z.name = v.Str()
	}
	if *z == (zone{}) {
		return utcZone.Value(), nil
	}
	return newExtra(zoneType, z).Value(), m.Charge(iteratorSize)
}

func momentAttribute(t *ExtraType, x *Extra, name string) (Value, bool, error) {
	v := x.Data.(*moment)
	if t != timeType {
		switch name {
		case "year":
			return image.Int(int64(v.t.Year())), true, nil
		case "month":
			return image.Int(int64(v.t.Month())), true, nil
		case "day":
			return image.Int(int64(v.t.Day())), true, nil
		}
	}
	if t != dateType {
		switch name {
		case "hour":
			return image.Int(int64(v.t.Hour())), true, nil
		case "minute":
			return image.Int(int64(v.t.Minute())), true, nil
		case "second":
			return image.Int(int64(v.t.Second())), true, nil
		case "microsecond":
			return image.Int(int64(v.t.Nanosecond() / 1000)), true, nil
		case "tzinfo":
			return zoneValue(v.zone), true, nil
		case "fold":
			return image.Int(0), true, nil
		}
	}
	return Value{}, false, nil
}

func momentReplace(t *ExtraType) Native {
	names := map[string]int{"year": 0, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5, "microsecond": 6}
	return func(m *Machine, a *Args) (Value, error) {
		x := momentOf(a.Self)
		p := [7]int64{int64(x.t.Year()), int64(x.t.Month()), int64(x.t.Day()), int64(x.t.Hour()), int64(x.t.Minute()), int64(x.t.Second()), int64(x.t.Nanosecond() / 1000)}
		z := x.zone
		first, last := 0, 6
		if t == dateType {
			last = 2
		}
		if t == timeType {
			first = 3
		}
		var err error
		for i, v := range a.Pos {
			if first+i > last {
				return Value{}, raiseText(TypeError, "replace() takes its further arguments by name here")
			}
			if p[first+i], err = indexOf(v); err != nil {
				return Value{}, err
			}
		}
		for i, name := range a.Names {
			if name == "tzinfo" && t != dateType {
				if z, err = zoneArg(a.Kw[i]); err != nil {
					return Value{}, err
				}
				continue
			}
			at, ok := names[name]
			if !ok || at < first || at > last {
				return Value{}, raise(TypeError, "'%s' is an invalid keyword argument for replace()", name)
			}
			if p[at], err = indexOf(a.Kw[i]); err != nil {
				return Value{}, err
			}
		}
		at, err := checkedDate(p[0], p[1], p[2], p[3], p[4], p[5], p[6])
		if err != nil {
			return Value{}, err
		}
		return m.newMoment(t, at, z)
	}
}

func weekday(t time.Time) int64 { return int64(t.Weekday()+6) % 7 }

func addDateMethods(t *ExtraType) {
	addMethods(t.Methods, t.Type.Name, methodTable{
		"weekday":    none(func(m *Machine, a *Args) (Value, error) { return image.Int(weekday(momentOf(a.Self).t)), nil }),
		"isoweekday": none(func(m *Machine, a *Args) (Value, error) { return image.Int(weekday(momentOf(a.Self).t) + 1), nil }),
		"toordinal":  none(func(m *Machine, a *Args) (Value, error) { return image.Int(ordinal(momentOf(a.Self).t)), nil }),
		"isocalendar": none(func(m *Machine, a *Args) (Value, error) {
			at := momentOf(a.Self).t
			y, w := at.ISOWeek()
			return newExtra(isoWeekType, &tupleLike{[]Value{image.Int(int64(y)), image.Int(int64(w)), image.Int(weekday(at) + 1)}}).Value(), nil
		}),
		"ctime": none(func(m *Machine, a *Args) (Value, error) { return m.NewStr(momentOf(a.Self).t.Format(time.ANSIC)) }),
	})
}

func addClockMethods(t *ExtraType) {
	addMethods(t.Methods, t.Type.Name, methodTable{
		"utcoffset": none(func(m *Machine, a *Args) (Value, error) {
			z := momentOf(a.Self).zone
			if z == nil {
				return image.None(), nil
			}
			return m.newDelta(big.NewInt(z.offset.Microseconds()))
		}),
		"tzname": none(func(m *Machine, a *Args) (Value, error) {
			z := momentOf(a.Self).zone
			if z == nil {
				return image.None(), nil
			}
			return m.NewStr(z.String())
		}),
	})
	if t != datetimeType {
		return
	}
	addMethods(t.Methods, t.Type.Name, methodTable{
		"date": none(func(m *Machine, a *Args) (Value, error) {
			return m.newMoment(dateType, momentOf(a.Self).t.Truncate(24*time.Hour), nil)
		}),
		"time": none(func(m *Machine, a *Args) (Value, error) {
			at := momentOf(a.Self).t
			return m.newMoment(timeType, time.Date(1, 1, 1, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC), nil)
		}),
		"timestamp": none(func(m *Machine, a *Args) (Value, error) {
			return image.Float(timestamp(momentOf(a.Self).instant())), nil
		}),
		"astimezone": keywords("tz", 0, func(m *Machine, a *Args) (Value, error) {
			z, err := zoneArg(a.at(0))
			if err != nil {
				return Value{}, err
			}
			if z == nil {
				z = utcZone.Data.(*zone)
			}
			return m.newMoment(datetimeType, momentOf(a.Self).instant().Add(z.offset), z)
		}),
	})
}

// addDateMembers gives the types their other makers: now, today, strptime...
func addDateMembers() {
	member := func(t *ExtraType, name string, s spec) { t.Type.members[name] = s.native("", name).Value() }
	for _, t := range []*ExtraType{dateType, datetimeType} {
		member(t, "today", none(func(m *Machine, a *Args) (Value, error) {
			at := m.now()
			if t == dateType {
				at = at.Truncate(24 * time.Hour)
			}
			return m.newMoment(t, at, nil)
		}))
		member(t, "fromordinal", one(func(m *Machine, a *Args) (Value, error) {
			n, err := indexOf(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			if n < 1 {
				return Value{}, raiseText(ValueError, "ordinal must be >= 1")
			}
			return m.newMoment(t, time.Unix((min(n, 1<<32)-ordinalOfEpoch)*86400, 0).UTC(), nil)
		}))
		member(t, "fromtimestamp", keywords("timestamp tz", 1, func(m *Machine, a *Args) (Value, error) {
			at, err := fromTimestamp(a.Pos[0])
			if err != nil {
				return Value{}, err
			}
			z, err := zoneArg(a.at(1))
			if err != nil {
				return Value{}, err
			}
			if z != nil {
				at = at.Add(z.offset)
			}
			if t == dateType {
				at = at.Truncate(24 * time.Hour)
			}
			return m.newMoment(t, at, z)
		}))
		t.Type.members["min"] = newExtra(t, &moment{t: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}).Value()
		end := time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
		if t == dateType {
			end = end.Truncate(24 * time.Hour)
		}
		t.Type.members["max"] = newExtra(t, &moment{t: end}).Value()
	}
	for _, t := range []*ExtraType{dateType, timeType, datetimeType} {
		member(t, "fromisoformat", one(func(m *Machine, a *Args) (Value, error) {
			if a.Pos[0].Kind() != image.KindStr {
				return Value{}, raiseText(TypeError, "fromisoformat: argument must be str")
			}
			return m.fromISO(t, a.Pos[0].Str())
		}))
	}
	member(datetimeType, "now", keywords("tz", 0, func(m *Machine, a *Args) (Value, error) {
		z, err := zoneArg(a.at(0))
		if err != nil {
			return Value{}, err
		}
		at := m.now()
		if z != nil {
			at = at.Add(z.offset)
		}
		return m.newMoment(datetimeType, at, z)
	}))
	member(datetimeType, "utcnow", none(func(m *Machine, a *Args) (Value, error) { return m.newMoment(datetimeType, m.now(), nil) }))
	member(datetimeType, "combine", keywords("date time", 2, func(m *Machine, a *Args) (Value, error) {
		if !isExtra(a.Pos[0], dateType, datetimeType) || !isExtra(a.Pos[1], timeType) {
			return Value{}, raiseText(TypeError, "combine() takes a date and a time")
		}
		d, c := momentOf(a.Pos[0]).t, momentOf(a.Pos[1])
		return m.newMoment(datetimeType, time.Date(d.Year(), d.Month(), d.Day(), c.t.Hour(), c.t.Minute(), c.t.Second(), c.t.Nanosecond(), time.UTC), c.zone)
	}))
	member(datetimeType, "strptime", positional(2, 2, func(m *Machine, a *Args) (Value, error) {
		for i, v := range a.Pos {
			if v.Kind() != image.KindStr {
				return Value{}, raise(TypeError, "strptime() argument %d must be str, not %s", i+1, typeName(v))
			}
		}
		at, z, err := strptime(a.Pos[0].Str(), a.Pos[1].Str())
		if err != nil {
			return Value{}, err
		}
		return m.newMoment(datetimeType, at, z)
	}))
}
