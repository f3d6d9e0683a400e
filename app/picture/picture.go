// Package picture knows how to draw: what a picture is made of, in shapes that
// say what they are, and how that becomes an SVG that needs nothing else, or a
// PNG. On pages the style sheet gives the same shapes their colours.
package picture

import (
	"math"
	"strconv"
)

// Drawing is a picture. Its top left corner is at Left, Top.
type Drawing struct {
	Left, Top     float64
	Width, Height float64
	Language      string
	Title         string // what it shows
	About         string // and what can be seen in it
	Shapes        []Shape
}

// Kind is the form of a shape.
type Kind int

// The forms. A way bends from one point to another; an arc is a part of a
// circle around X, Y; a line leads through its points.
const (
	Disc Kind = iota
	Square
	Diamond
	Ring
	Way
	Arc
	Line
	Words
)

// Shape is one thing that is drawn.
type Shape struct {
	Kind   Kind
	Look   string // a key of Looks, and the class on a page
	More   string // further classes on a page
	X, Y   float64
	R      float64       // of a disc, a square, a diamond, a ring, an arc
	Points [4][2]float64 // of a way: from, two bends, to; of a line the first three
	From   float64       // angle of an arc, clockwise from below
	To     float64
	Text   string
	Anchor string // where words stand to X: start, middle or end
	Title  string // what it is, in words
	Href   string // where it leads, on a page
	Data   string // the number of the open, on a page
}

// Short writes a length with one decimal at most.
func Short(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	return strconv.FormatFloat(math.Round(f*10)/10+0, 'f', -1, 64)
}

// at is the point of a circle at an angle clockwise from below.
func at(x, y, r, angle float64) (float64, float64) {
	return x - r*math.Sin(angle), y + r*math.Cos(angle)
}

// Path is a shape as SVG path data; of a disc, a ring and words it is empty.
func (s Shape) Path() string {
	pair := func(x, y float64) string { return Short(x) + " " + Short(y) }
	p := func(i int) string { return pair(s.Points[i][0], s.Points[i][1]) }
	switch s.Kind {
	case Square:
		half := Short(2 * s.Half())
		return "M" + pair(s.X-s.Half(), s.Y-s.Half()) + "h" + half + "v" + half + "h-" + half + "z"
	case Diamond:
		h := s.Half()
		return "M" + pair(s.X, s.Y-h) + "L" + pair(s.X+h, s.Y) + "L" + pair(s.X, s.Y+h) + "L" + pair(s.X-h, s.Y) + "z"
	case Way:
		return "M" + p(0) + "C" + p(1) + " " + p(2) + " " + p(3)
	case Line:
		return "M" + p(0) + "L" + p(1) + "L" + p(2)
	case Arc:
		large := "0"
		if s.To-s.From > math.Pi {
			large = "1"
		}
		return "M" + pair(at(s.X, s.Y, s.R, s.From)) + "A" + Short(s.R) + " " + Short(s.R) + " 0 " + large + " 1 " + pair(at(s.X, s.Y, s.R, s.To))
	}
	return ""
}

// Half is half a side of a square, or from the middle of a diamond to its
// corners: neither is larger than the disc of that radius.
func (s Shape) Half() float64 {
	if s.Kind == Square {
		return math.Floor(s.R/math.Sqrt2*10) / 10
	}
	return s.R
}
