package lang

import (
	"fmt"
	"strings"
	"time"
)

// strftime formats a moment by C's directives; %- leaves padding out.
func (m *Machine) strftime(x *moment, format string) (string, error) {
	if err := m.room(int64(len(format)) * 8); err != nil {
		return "", err
	}
	var b strings.Builder
	t := x.t
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		pad := true
		if format[i] == '-' && i+1 < len(format) {
			pad = false
			i++
		}
		number := func(n, width int) {
			if pad {
				fmt.Fprintf(&b, "%0*d", width, n)
			} else {
				fmt.Fprint(&b, n)
			}
		}
		year, week := t.ISOWeek()
		switch c := format[i]; c {
		case 'Y':
			fmt.Fprint(&b, t.Year())
		case 'G':
			fmt.Fprint(&b, year)
		case 'V':
			number(week, 2)
		case 'm':
			number(int(t.Month()), 2)
		case 'd':
			number(t.Day(), 2)
		case 'e':
			fmt.Fprintf(&b, "%2d", t.Day())
		case 'H':
			number(t.Hour(), 2)
		case 'I':
			number((t.Hour()+11)%12+1, 2)
		case 'M':
			number(t.Minute(), 2)
		case 'S':
			number(t.Second(), 2)
		case 'f':
			fmt.Fprintf(&b, "%06d", t.Nanosecond()/1000)
		case 'y':
			number(t.Year()%100, 2)
		case 'C':
			number(t.Year()/100, 2)
		case 'j':
			number(t.YearDay(), 3)
		case 'b', 'h':
			b.WriteString(t.Format("Jan"))
		case 'B':
			b.WriteString(t.Format("January"))
		case 'a':
			b.WriteString(t.Format("Mon"))
		case 'A':
			b.WriteString(t.Format("Monday"))
		case 'p':
			b.WriteString(t.Format("PM"))
		case 'w':
			fmt.Fprint(&b, int(t.Weekday()))
		case 'u':
			fmt.Fprint(&b, weekday(t)+1)
		case 'U':
			number((t.YearDay()+6-int(t.Weekday()))/7, 2)
		case 'W':
			number((t.YearDay()+6-int(weekday(t)))/7, 2)
		case 'c':
			b.WriteString(t.Format("Mon Jan _2 15:04:05 2006"))
		case 'x', 'D':
			b.WriteString(t.Format("01/02/06"))
		case 'X', 'T':
			b.WriteString(t.Format("15:04:05"))
		case 'F':
			b.WriteString(t.Format("2006-01-02"))
		case 'R':
			b.WriteString(t.Format("15:04"))
		case 'z':
			if x.zone != nil {
				b.WriteString(offsetText(x.zone.offset, ""))
			}
		case 'Z':
			if x.zone != nil {
				b.WriteString(x.zone.String())
			}
		case 's':
			fmt.Fprint(&b, x.instant().Unix())
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '%':
			b.WriteByte('%')
		default:
			b.WriteByte('%')
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

var monthNames, dayNames = func() (months, days []string) {
	for i := 1; i <= 12; i++ {
		months = append(months, strings.ToLower(time.Month(i).String()))
	}
	for i := range 7 {
		days = append(days, strings.ToLower(time.Weekday((i+1)%7).String()))
	}
	return
}()

// strptime reads a text by the same directives.
func strptime(text, format string) (time.Time, *zone, error) {
	bad := raise(ValueError, "time data %s does not match format %s", appendQuoted(nil, text), appendQuoted(nil, format))
	y, mo, d, h, mi, s, us, yday := int64(1900), int64(1), int64(1), int64(0), int64(0), int64(0), int64(0), int64(0)
	afternoon, twelve := int64(0), false
	var z *zone
	rest := text
	number := func(most int) (int64, bool) {
		n, i := int64(0), 0
		for i < most && i < len(rest) && isDigit(rest[i]) {
			n = n*10 + int64(rest[i]-'0')
			i++
		}
		rest = rest[i:]
		return n, i > 0
	}
	name := func(names []string, short bool) (int64, bool) {
		lower := strings.ToLower(rest)
		for i, n := range names {
			if short {
				n = n[:3]
			}
			if strings.HasPrefix(lower, n) {
				rest = rest[len(n):]
				return int64(i), true
			}
		}
		return 0, false
	}
	expand := strings.NewReplacer("%T", "%H:%M:%S", "%D", "%m/%d/%y", "%F", "%Y-%m-%d", "%R", "%H:%M", "%c", "%a %b %d %H:%M:%S %Y", "%x", "%m/%d/%y", "%X", "%H:%M:%S")
	f := expand.Replace(format)
	for i := 0; i < len(f); i++ {
		c := f[i]
		if isSpace(rune(c)) {
			rest = strings.TrimLeftFunc(rest, isSpace)
			continue
		}
		if c != '%' || i+1 >= len(f) {
			if rest == "" || rest[0] != c {
				return time.Time{}, nil, bad
			}
			rest = rest[1:]
			continue
		}
		i++
		ok := true
		switch f[i] {
		case 'Y':
			before := rest
			y, ok = number(4)
			ok = ok && len(before)-len(rest) == 4
		case 'y':
			if y, ok = number(2); y < 69 {
				y += 2000
			} else {
				y += 1900
			}
		case 'm':
			mo, ok = number(2)
			ok = ok && mo >= 1 && mo <= 12
		case 'd', 'e':
			d, ok = number(2)
			ok = ok && d >= 1 && d <= 31
		case 'H':
			h, ok = number(2)
			ok = ok && h < 24
		case 'I':
			h, ok = number(2)
			twelve = true
			ok = ok && h >= 1 && h <= 12
		case 'M':
			mi, ok = number(2)
			ok = ok && mi < 60
		case 'S':
			s, ok = number(2)
			ok = ok && s < 60
		case 'j':
			yday, ok = number(3)
		case 'f':
			before := rest
			if us, ok = number(6); ok {
				for n := len(before) - len(rest); n < 6; n++ {
					us *= 10
				}
			}
		case 'b', 'h':
			mo, ok = name(monthNames, true)
			mo++
		case 'B':
			mo, ok = name(monthNames, false)
			mo++
		case 'a':
			_, ok = name(dayNames, true)
		case 'A':
			_, ok = name(dayNames, false)
		case 'p':
			if ok = len(rest) >= 2 && (strings.EqualFold(rest[:2], "am") || strings.EqualFold(rest[:2], "pm")); ok {
				if rest[0]|0x20 == 'p' {
					afternoon = 1
				}
				rest = rest[2:]
			}
		case 'z':
			z, rest, ok = readOffset(rest)
		case 'Z':
			if ok = strings.HasPrefix(rest, "UTC") || strings.HasPrefix(rest, "GMT"); ok {
				rest = rest[3:]
			}
		case '%':
			if ok = strings.HasPrefix(rest, "%"); ok {
				rest = rest[1:]
			}
		default:
			return time.Time{}, nil, raise(ValueError, "'%c' is a bad directive in format %s", f[i], appendQuoted(nil, format))
		}
		if !ok {
			return time.Time{}, nil, bad
		}
	}
	if rest != "" {
		return time.Time{}, nil, raise(ValueError, "unconverted data remains: %s", rest)
	}
	if twelve {
		h %= 12
		if afternoon == 1 {
			h += 12
		}
	}
	t, err := checkedDate(y, mo, d, h, mi, s, us)
	if yday > 0 && err == nil {
		t = t.AddDate(0, 0, int(yday)-t.YearDay())
	}
	return t, z, err
}

// readOffset reads Z, +hhmm, +hh:mm or +hh:mm:ss.
func readOffset(s string) (*zone, string, bool) {
	if strings.HasPrefix(s, "Z") {
		return utcZone.Data.(*zone), s[1:], true
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return nil, s, false
	}
	negative := s[0] == '-'
	s = s[1:]
	total, n := time.Duration(0), 0
	for _, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if n > 0 {
			s = strings.TrimPrefix(s, ":")
		}
		if len(s) < 2 || !isDigit(s[0]) || !isDigit(s[1]) {
			break
		}
		total += time.Duration(int(s[0]-'0')*10+int(s[1]-'0')) * unit
		s = s[2:]
		n++
	}
	if n < 2 || total >= 24*time.Hour {
		return nil, s, false
	}
	if negative {
		total = -total
	}
	if total == 0 {
		return utcZone.Data.(*zone), s, true
	}
	return &zone{offset: total}, s, true
}

// fromISO reads what isoformat writes, and the short forms without dashes and
// colons.
func (m *Machine) fromISO(t *ExtraType, text string) (Value, error) {
	bad := raise(ValueError, "Invalid isoformat string: %s", appendQuoted(nil, text))
	if len(text) > 64 {
		return Value{}, bad
	}
	date, clock := "", text
	if t != timeType {
		n := 10
		if len(text) >= 8 && text[4] != '-' {
			n = 8
		}
		if len(text) < n {
			return Value{}, bad
		}
		date, clock = text[:n], text[n:]
		if t == dateType && clock != "" {
			return Value{}, bad
		}
		if clock != "" {
			clock = clock[1:]
			if clock == "" {
				return Value{}, bad
			}
		}
	}
	at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	if date != "" {
		if strings.Trim(date, "0123456789-") != "" {
			return Value{}, bad
		}
		var p [3]int64
		digits := strings.ReplaceAll(date, "-", "")
		if len(digits) != 8 || len(date) == 10 && (date[4] != '-' || date[7] != '-') {
			return Value{}, bad
		}
		for i, c := range digits {
			k := max(0, (i-2)/2)
			p[k] = p[k]*10 + int64(c-'0')
		}
		var err error
		if at, err = checkedDate(p[0], p[1], p[2], 0, 0, 0, 0); err != nil {
			return Value{}, err
		}
	}
	var z *zone
	if clock != "" {
		if i := strings.IndexAny(clock, "+-Z"); i >= 0 {
			var rest string
			var ok bool
			if z, rest, ok = readOffset(clock[i:]); !ok || rest != "" {
				return Value{}, bad
			}
			clock = clock[:i]
		}
		clock, fraction, has := strings.Cut(strings.Replace(clock, ",", ".", 1), ".")
		digits := strings.ReplaceAll(clock, ":", "")
		if strings.Trim(digits+fraction, "0123456789") != "" || len(digits)%2 != 0 || len(digits) < 2 || len(digits) > 6 || has && (fraction == "" || len(digits) < 6) {
			return Value{}, bad
		}
		var p [3]int64
		for i := 0; i < len(digits); i += 2 {
			p[i/2] = int64(digits[i]-'0')*10 + int64(digits[i+1]-'0')
		}
		us := int64(0)
		for i := range 6 {
			us *= 10
			if i < len(fraction) {
				us += int64(fraction[i] - '0')
			}
		}
		var err error
		if at, err = checkedDate(int64(at.Year()), int64(at.Month()), int64(at.Day()), p[0], p[1], p[2], us); err != nil {
			return Value{}, err
		}
	}
	return m.newMoment(t, at, z)
}
