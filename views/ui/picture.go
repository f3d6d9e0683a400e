package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// farthestHop is the last hop with a colour of its own.
const farthestHop = 5

func hopClass(hop int) string { return "hop-" + strconv.Itoa(min(max(hop, 0), farthestHop)) }

// short writes a coordinate with one decimal at most.
func short(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	s := strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// The ripple glyph, in a picture 64 wide and 34 high: the most half-rings there are, the radius of the
// first, and of the last.
const (
	glyphRings = 8
	glyphFirst = 7.0
	glyphLast  = 29.4
)

// arc is a half-ring of the glyph.
type arc struct{ class, width, d string }

// Scale is what glyphs that stand together have in common, so that they can be compared: how far apart
// their rings are, and how thick a ring is for how many people. The zero Scale is each glyph's own.
type Scale struct{ Hops, Most int }

// Fit widens the scale for one more glyph.
func (s *Scale) Fit(people []int) {
	people = ringed(people)
	s.Hops = max(s.Hops, len(people))
	for _, n := range people {
		s.Most = max(s.Most, n)
	}
}

// fewestRings and fewestPeople keep a small board's glyphs from looking like a large one's.
const (
	fewestRings  = 4
	fewestPeople = 12
)

// ringed gathers the people beyond the last ring in it.
func ringed(people []int) []int {
	if len(people) <= glyphRings {
		return people
	}
	last := 0
	for _, n := range people[glyphRings-1:] {
		last += n
	}
	return append(append([]int{}, people[:glyphRings-1]...), last)
}

// glyph lays out half-rings, one for each hop, at the distances of the scale. The area of a ring's pen
// grows as the people do, in what there is between two rings: the thinnest can still be seen.
func glyph(scale Scale, people []int) (arcs []arc) {
	people = ringed(people)
	scale.Fit(people)
	step := (glyphLast - glyphFirst) / float64(max(scale.Hops, fewestRings)-1)
	step = min(step, 5.6)
	for i, n := range people {
		if n <= 0 {
			continue
		}
		r := glyphFirst + step*float64(i)
		const thin = .9
		width := thin + (step*.88-thin)*math.Sqrt(float64(n)/float64(max(scale.Most, fewestPeople)))
		arcs = append(arcs, arc{
			class: hopClass(i + 1), width: short(width),
			d: fmt.Sprintf("M%s 32A%s %s 0 0 1 %s 32", short(32-r), short(r), short(r), short(32+r)),
		})
	}
	return arcs
}

// Chart is one or two series over days as areas. A table beside it should have the numbers.
type Chart struct {
	Label    string // what it shows, with the numbers that matter
	First    []int
	Second   []int  // a part of the first, if any
	From, To string // the first and the last day
}

// The chart's own measures; it is drawn as wide as there is room.
const (
	chartWidth, chartHeight = 560.0, 150.0
	chartTop                = 10.0
)

// top is the largest value, at least 1.
func (c Chart) top() int {
	top := 1
	for _, n := range c.First {
		top = max(top, n)
	}
	for _, n := range c.Second {
		top = max(top, n)
	}
	return top
}

// line is the path of a series; closed goes down to the axis and back.
func (c Chart) line(series []int, closed bool) string {
	var b strings.Builder
	for i, n := range series {
		x := chartWidth
		if len(series) > 1 {
			x = chartWidth * float64(i) / float64(len(series)-1)
		}
		y := chartHeight - (chartHeight-chartTop)*float64(n)/float64(c.top())
		verb := "L"
		if i == 0 {
			verb = "M"
			if len(series) == 1 {
				b.WriteString("M0 " + short(y))
				verb = "L"
			}
		}
		b.WriteString(verb + short(x) + " " + short(y))
	}
	if closed && len(series) > 0 {
		b.WriteString("V" + short(chartHeight) + "H0z")
	}
	return b.String()
}
