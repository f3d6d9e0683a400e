package lang

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
)

// How a language writes things is in its file too, under the keys format.*, month.*, weekday.*, rank.*
// and duration.*: golang.org/x/text has no dates, and it would want a printer for each number.

// Integer is any type whose values are counted with.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32
}

// minus is the sign of negative numbers, as wide as a plus.
const minus = "−"

// unknown stands where a number cannot be told.
const unknown = "–"

// Number writes a whole number: "12,345", « 12 345 ».
func Number[N Integer](ctx context.Context, n N) string { return of(ctx).number(int64(n)) }

func (t *tongue) number(n int64) string {
	if n < 0 {
		return minus + t.group(strconv.FormatUint(-uint64(n), 10))
	}
	return t.group(strconv.FormatInt(n, 10))
}

// group puts the language's separator between groups of three digits.
func (t *tongue) group(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(t.thousands)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Decimal writes a number with a fixed number of decimals: "1,234.50", « 1 234,50 ». What is not a
// number, or infinite, is a dash.
func Decimal(ctx context.Context, f float64, digits int) string { return of(ctx).fixed(f, digits) }

func (t *tongue) fixed(f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return unknown
	}
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'f', digits, 64), ".")
	s := t.group(whole)
	if decimals != "" {
		s += t.decimal + decimals
	}
	if f < 0 && strings.Trim(whole+decimals, "0") != "" {
		s = minus + s
	}
	return s
}

// float writes a number with one decimal if it needs one.
func (t *tongue) float(f float64) string {
	if math.Round(f*10) == 10*math.Round(f) {
		return t.fixed(f, 0)
	}
	return t.fixed(f, 1)
}

// Percent writes a share of 1 in hundredths: "35%", « 35 % »; one decimal below ten, where it matters.
func Percent(ctx context.Context, share float64) string {
	t := of(ctx)
	n := t.fixed(100*share, 0)
	if math.Abs(share) < 0.0995 {
		n = t.float(100 * share)
	}
	return t.say("format.percent", []any{"n", n})
}

// Rank writes a place in an order: "2nd", « 2ᵉ ».
func Rank[N Integer](ctx context.Context, n N) string {
	t := of(ctx)
	form := plural.Ordinal.MatchPlural(t.tag, int(max(int64(n), -int64(n))), 0, 0, 0, 0)
	return t.say("rank."+formNames[form], []any{"n", int64(n)})
}

// formNames are the plural forms' names in the language files, as Unicode's CLDR has them. go-i18n counts
// but does not rank, so messages for ranks have a key for each form.
var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// Date writes the day of an instant at a place: "3 March 2025". Without a place it is UTC.
func Date(ctx context.Context, at time.Time, place *time.Location) string {
	return of(ctx).date("format.date", at, place)
}

// Day writes the day of an instant at a place in short, where the year is plain: "Mon 3 Mar".
func Day(ctx context.Context, at time.Time, place *time.Location) string {
	return of(ctx).date("format.day", at, place)
}

// Time writes the time of day of an instant at a place: "14:02".
func Time(ctx context.Context, at time.Time, place *time.Location) string {
	return of(ctx).date("format.time", at, place)
}

// DateTime writes the day and the time of an instant at a place: "3 March 2025, 14:02".
func DateTime(ctx context.Context, at time.Time, place *time.Location) string {
	return of(ctx).date("format.datetime", at, place)
}

func (t *tongue) date(key string, at time.Time, place *time.Location) string {
	if place == nil {
		place = time.UTC
	}
	at = at.In(place)
	month, weekday, day := strconv.Itoa(int(at.Month())), strconv.Itoa(int(at.Weekday())), strconv.Itoa(at.Day())
	if at.Day() == 1 {
		day = t.say("format.firstday", nil)
	}
	return t.say(key, []any{
		"year", strconv.Itoa(at.Year()), "month", t.say("month."+month, nil), "mon", t.say("month.short."+month, nil),
		"weekday", t.say("weekday.short."+weekday, nil), "day", day,
		"hour", at.Format("15"), "minute", at.Format("04"),
	})
}

// Duration writes a length of time in its two largest units, cut rather than rounded: "2 d 4 h", "4 h",
// "7 min", "42 s".
func Duration(ctx context.Context, d time.Duration) string { return of(ctx).duration(d) }

func (t *tongue) duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = minus, max(-d, 0)
	}
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return sign + t.units("duration.d", d/day, "duration.h", d%day/time.Hour)
	case d >= time.Hour:
		return sign + t.units("duration.h", d/time.Hour, "duration.min", d%time.Hour/time.Minute)
	case d >= time.Minute:
		return sign + t.units("duration.min", d/time.Minute, "", 0)
	case d < time.Second:
		sign = ""
	}
	return sign + t.units("duration.s", d/time.Second, "", 0)
}

func (t *tongue) units(large string, n time.Duration, small string, m time.Duration) string {
	s := t.say(large, []any{"n", int64(n)})
	if m > 0 {
		s += " " + t.say(small, []any{"n", int64(m)})
	}
	return s
}
