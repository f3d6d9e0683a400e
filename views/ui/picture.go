package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// State says how a node of the map is counted, which its shape shows.
type State int

// The states of a node: a disc, a hollow square, a hollow diamond.
const (
	Counted State = iota
	NotCounted
	Held // being checked
)

// Hops of the nodes that are no readers.
const (
	HopBrand      = -1
	HopAmbassador = 0
)

// MapNode is a point of the ripple map. What has a mark, a title or a path is drawn by itself; all others
// of a kind are drawn as one, so that a tree of thousands stays a small page.
type MapNode struct {
	X, Y, R float64 // from the middle of the map
	Hop     int     // HopBrand, HopAmbassador, or the distance from the ambassador
	State   State
	Chosen  bool   // of the branch that is looked at
	Title   string // what it is, in words
	Mark    string // initials written on it
	Path    string // where it leads
}

// MapEdge is the way from one node to the next.
type MapEdge struct {
	Path   string // SVG path data
	Hop    int    // of the node that it leads to
	Chosen bool
}

// MapRing is where all nodes of one hop stand.
type MapRing struct {
	R     float64
	Label string // "5 hops"; none if empty
}

// Map is the ripple map, ready to be drawn: the brand in the middle, ambassadors around it, each further
// ring one hop. Its middle is 0, 0 and its sides are Size long.
type Map struct {
	ID    string // of the picture in its page; "map" if empty
	Size  float64
	Rings []MapRing
	Edges []MapEdge
	Nodes []MapNode
	Label string // what it shows
	About string // and what can be seen in it, for those who cannot
}

func (m Map) id() string {
	if m.ID == "" {
		return "map"
	}
	return m.ID
}

func (m Map) viewBox() string {
	half := short(m.Size / 2)
	return "-" + half + " -" + half + " " + short(m.Size) + " " + short(m.Size)
}

// role is img, unless it holds links, which nobody would find inside a picture.
func (m Map) role() string {
	for _, n := range m.Nodes {
		if n.Path != "" {
			return "group"
		}
	}
	return "img"
}

// stroke is a part of the map that is drawn in one go.
type stroke struct{ class, width, d string }

// ways are the edges, as many together as look the same.
func (m Map) ways() []stroke {
	var all gathered
	for _, e := range m.Edges {
		all.add("edge "+hopClass(e.Hop, e.Chosen), "", e.Path)
	}
	return all.strokes
}

// dots are the counted nodes that nothing is to be said about: points with a round pen as wide as they are.
func (m Map) dots() []stroke {
	var all gathered
	for _, n := range m.Nodes {
		if n.plain() && n.State == Counted {
			all.add("dots "+hopClass(n.Hop, n.Chosen), short(2*n.R), "M"+short(n.X)+" "+short(n.Y)+"h0")
		}
	}
	return all.strokes
}

// hollow are the nodes that are not counted and about which nothing is to be said.
func (m Map) hollow() []stroke {
	var all gathered
	for _, n := range m.Nodes {
		if n.plain() && n.State != Counted {
			all.add(n.classes(), "", n.outline())
		}
	}
	return all.strokes
}

// single are the nodes that are drawn one by one, the most important last, on top.
func (m Map) single() []MapNode {
	var readers, others []MapNode
	for _, n := range m.Nodes {
		switch {
		case n.plain():
		case n.Hop > HopAmbassador:
			readers = append(readers, n)
		default:
			others = append(others, n)
		}
	}
	return append(readers, others...)
}

func (n MapNode) plain() bool { return n.Title == "" && n.Mark == "" && n.Path == "" }

func (n MapNode) classes() string {
	name := "node " + hopClass(n.Hop, n.Chosen)
	switch {
	case n.State == NotCounted:
		name += " out"
	case n.State == Held:
		name += " out held"
	case n.Hop == HopBrand:
		name += " brand-node"
	case n.Hop == HopAmbassador:
		name += " sharer"
	}
	return name
}

// textClasses are those of the mark, which must be read on what it stands on.
func (n MapNode) textClasses() string {
	name := "mark-text"
	switch {
	case n.State == Counted && n.Hop == HopBrand:
		name += " on-dark"
	case n.State == Counted && n.Chosen:
		name += " on-stone"
	}
	if n.R >= largeMark {
		name += " large"
	}
	return name
}

// largeMark is the radius from which on a mark can be read on a phone too.
const largeMark = 20.0

// outline is the shape of a node that is not counted: a square, or a diamond while it is being checked.
func (n MapNode) outline() string {
	r := max(n.R, 2.6)
	if n.State == Held {
		r *= 1.25
		return fmt.Sprintf("M%s %sl%s %sl%s %sl%s %sz", short(n.X), short(n.Y-r), short(r), short(r), short(-r), short(r), short(-r), short(-r))
	}
	r *= .9
	return fmt.Sprintf("M%s %sh%sv%sh%sz", short(n.X-r), short(n.Y-r), short(2*r), short(2*r), short(-2*r))
}

// gathered collects path data by how it looks, in the order in which each look was first seen.
type gathered struct {
	strokes []stroke
	at      map[[2]string]int
}

func (g *gathered) add(class, width, d string) {
	if g.at == nil {
		g.at = make(map[[2]string]int)
	}
	key := [2]string{class, width}
	i, ok := g.at[key]
	if !ok {
		i = len(g.strokes)
		g.at[key], g.strokes = i, append(g.strokes, stroke{class: class, width: width})
	}
	g.strokes[i].d += d
}

// farthestHop is the last hop with a colour of its own.
const farthestHop = 5

func hopClass(hop int, chosen bool) string {
	name := "hop-" + strconv.Itoa(min(max(hop, 0), farthestHop))
	if chosen {
		name += " chosen"
	}
	return name
}

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
			class: hopClass(i+1, false), width: short(width),
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
