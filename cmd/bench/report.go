package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// line is one measure of the report.
type line struct {
	name          string
	bare, ours    string // as they are shown; bare is empty where there is nothing to compare with
	value         float64
	as            func(float64) string // how value, floor and target are shown
	floor, target float64              // no floor: it is only reported
	greater       bool                 // is better; else less is
	missing       missing              // why there is no value
}

// missing says why something was not measured.
type missing int

const (
	nothingMissing missing = iota
	wasLeftOut             // as somebody wished
	didNotRun              // though it was to: that counts as failed
)

// meets says whether a value is on the good side of a limit.
func (l line) meets(limit float64) bool {
	if l.greater {
		return l.value >= limit
	}
	return l.value <= limit
}

// verdict is PASS or FAIL against the floor, with a * where the target is
// reached too; empty for what is only reported.
func (l line) verdict() string {
	switch {
	case l.floor == 0 || l.missing == wasLeftOut:
		return ""
	case l.missing == didNotRun:
		return "FAIL"
	case !l.meets(l.floor):
		return "FAIL"
	case l.meets(l.target):
		return "PASS *"
	}
	return "PASS"
}

// report is what was measured.
type report []line

// failed lists what is below its floor.
func (r report) failed() (names []string) {
	for _, l := range r {
		if l.verdict() == "FAIL" {
			names = append(names, l.name)
		}
	}
	return names
}

// write prints the table.
func (r report) write(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "measure\tagainst\tricochet\tratio\tfloor\ttarget\t")
	fmt.Fprintln(t, "-------\t-------\t--------\t-----\t-----\t------\t")
	for _, l := range r {
		cells := []string{l.name, l.bare, l.ours, "", "", "", l.verdict()}
		if l.bare != "" && l.as != nil && l.missing == nothingMissing {
			cells[3] = l.as(l.value)
		}
		if l.floor != 0 {
			cells[4], cells[5] = l.as(l.floor), l.as(l.target)
		}
		for i, c := range cells[:6] {
			if c == "" {
				cells[i] = "–"
			}
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	return t.Flush()
}

// compared is a line that is judged by its ratio to the bare handler.
func compared(name string, ratio float64, bare, ours string, floor, target float64, greater bool) line {
	return line{name: name, bare: bare, ours: ours, value: ratio, as: asRatio, floor: floor, target: target, greater: greater}
}

// measured is a line that is judged by its own value, of which less is better.
func measured(name string, value float64, as func(float64) string, floor, target float64) line {
	return line{name: name, ours: as(value), value: value, as: as, floor: floor, target: target}
}

// leftOut is a line that nobody wanted measured.
func leftOut(name string, as func(float64) string, floor, target float64) line {
	return line{name: name, ours: "not measured", as: as, floor: floor, target: target, missing: wasLeftOut}
}

// notRun is a line that could not be measured.
func notRun(name string, as func(float64) string, floor, target float64) line {
	return line{name: name, ours: "could not run", as: as, floor: floor, target: target, missing: didNotRun}
}

// many is a number of opens in few letters.
func many[T int | int64](n T) string {
	switch {
	case n >= 1_000_000 && n%100_000 == 0:
		return fmt.Sprintf("%gM", float64(n)/1e6)
	case n >= 1000 && n%100 == 0:
		return fmt.Sprintf("%gk", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}

func asRatio(v float64) string { return fmt.Sprintf("%.2f", v) }

func asBytes(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.1f MB", v/1e6)
	case v >= 1000:
		return fmt.Sprintf("%.1f KB", v/1000)
	}
	return fmt.Sprintf("%.0f B", v)
}

func asMemory(v float64) string { return fmt.Sprintf("%.0f MiB", v/(1<<20)) }

func asSeconds(v float64) string {
	return time.Duration(v * float64(time.Second)).Round(time.Second).String()
}

func asMillis(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f ms", v)
	case v >= 10:
		return fmt.Sprintf("%.1f ms", v)
	}
	return fmt.Sprintf("%.2f ms", v)
}

func asMicros(v float64) string { return fmt.Sprintf("%.1f µs", v) }

func asRate(v float64) string { return fmt.Sprintf("%.0f/s", v) }

func asTwoMillis(v [2]float64) string {
	return asMillis(v[0]) + " / " + asMillis(v[1])
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median is the middle of the values, of an even number the lower one of two.
func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile is the value below which that part of the values lies; 0 of none.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return s[min(int(q*float64(len(s)-1)), len(s)-1)]
}
