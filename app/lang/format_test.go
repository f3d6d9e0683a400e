package lang_test

import (
	"math"
	"testing"
	"time"

	"ricochet.example/app/lang"
)

// The spaces below are the narrow no-break space U+202F and, before a unit, the no-break space U+00A0.

func TestNumbersAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"zero", lang.Number(english, 0), "0"},
		{"three digits", lang.Number(french, 999), "999"},
		{"thousands in English", lang.Number(english, 4812), "4,812"},
		{"thousands in French", lang.Number(french, 4812), "4\u202f812"},
		{"millions in French", lang.Number(french, int64(1234567)), "1\u202f234\u202f567"},
		{"a negative number", lang.Number(english, -1234), "−1,234"},
		{"the smallest of all numbers", lang.Number(english, int64(math.MinInt64)), "−9,223,372,036,854,775,808"},
		{"decimals in English", lang.Decimal(english, 1234.5, 2), "1,234.50"},
		{"decimals in French", lang.Decimal(french, 1234.5, 1), "1\u202f234,5"},
		{"a negative number that rounds to zero", lang.Decimal(french, -0.04, 1), "0,0"},
		{"a negative decimal number", lang.Decimal(french, -0.06, 1), "−0,1"},
		{"no decimals", lang.Decimal(english, 2.6, 0), "3"},
		{"not a number", lang.Decimal(english, math.NaN(), 2), "–"},
		{"an infinite number", lang.Decimal(english, math.Inf(1), 2), "–"},
		{"a share in English", lang.Percent(english, 0.35), "35%"},
		{"a share in French", lang.Percent(french, 0.35), "35\u202f%"},
		{"a small share", lang.Percent(french, 0.0345), "3,5\u202f%"},
		{"a small round share", lang.Percent(english, 0.03), "3%"},
		{"a share that rounds to ten", lang.Percent(english, 0.0996), "10%"},
		{"all of it", lang.Percent(english, 1), "100%"},
		{"a share of nothing", lang.Percent(french, math.NaN()), "–\u202f%"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestRanksAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for n, want := range map[int][2]string{
		1: {"1st", "1ᵉʳ"}, 2: {"2nd", "2ᵉ"}, 3: {"3rd", "3ᵉ"}, 4: {"4th", "4ᵉ"}, 11: {"11th", "11ᵉ"}, 12: {"12th", "12ᵉ"},
		21: {"21st", "21ᵉ"}, 102: {"102nd", "102ᵉ"}, 1003: {"1,003rd", "1\u202f003ᵉ"},
	} {
		if en, fr := lang.Rank(english, n), lang.Rank(french, n); en != want[0] || fr != want[1] {
			t.Errorf("%d: %q and %q, want %q", n, en, fr, want)
		}
	}
}

func TestDatesAreWrittenAsTheLanguageWritesThemAndWhereThePersonIs(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2025, 8, 31, 22, 5, 0, 0, time.UTC) // already 1 September in Paris
	for _, c := range []struct{ name, got, want string }{
		{"a date in English", lang.Date(english, evening, nil), "31 August 2025"},
		{"a date in French", lang.Date(french, evening, time.UTC), "31 août 2025"},
		{"the first of a month in English", lang.Date(english, evening, paris), "1 September 2025"},
		{"the first of a month in French", lang.Date(french, evening, paris), "1ᵉʳ septembre 2025"},
		{"a day in English", lang.Day(english, evening, nil), "Sun 31 Aug"},
		{"a day in French", lang.Day(french, evening, paris), "lun. 1ᵉʳ sept."},
		{"a time in English", lang.Time(english, evening, paris), "00:05"},
		{"a time in French", lang.Time(french, evening, nil), "22\u00a0h\u00a005"},
		{"a date with its time in English", lang.DateTime(english, evening, nil), "31 August 2025, 22:05"},
		{"a date with its time in French", lang.DateTime(french, evening, nil), "31 août 2025 à 22\u00a0h\u00a005"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestALengthOfTimeIsWrittenInItsTwoLargestUnits(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		52*time.Hour + 59*time.Minute:  {"2\u00a0d 4\u00a0h", "2\u00a0j 4\u00a0h"},
		24 * time.Hour:                 {"1\u00a0d", "1\u00a0j"},
		24*time.Hour - 1:               {"23\u00a0h 59\u00a0min", "23\u00a0h 59\u00a0min"},
		4 * time.Hour:                  {"4\u00a0h", "4\u00a0h"},
		7*time.Minute + 59*time.Second: {"7\u00a0min", "7\u00a0min"},
		42*time.Second + 999*1e6:       {"42\u00a0s", "42\u00a0s"},
		0:                              {"0\u00a0s", "0\u00a0s"},
		-time.Millisecond:              {"0\u00a0s", "0\u00a0s"},
		-2 * time.Hour:                 {"−2\u00a0h", "−2\u00a0h"},
		1234 * 24 * time.Hour:          {"1,234\u00a0d", "1\u202f234\u00a0j"},
		-9223372036854775808:           {"0\u00a0s", "0\u00a0s"},
	} {
		if en, fr := lang.Duration(english, d), lang.Duration(french, d); en != want[0] || fr != want[1] {
			t.Errorf("%v: %q and %q, want %q", d, en, fr, want)
		}
	}
}
