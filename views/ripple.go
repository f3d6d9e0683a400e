package views

import (
	"context"
	"math"
	"strconv"
	"unicode/utf8"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

func num(n int) string { return strconv.Itoa(n) }

func num64(n int64) string { return strconv.FormatInt(n, 10) }

// hopLook is the look of a hop; the fifth stands for all beyond.
func hopLook(kind string, hop int) string {
	return kind + "-" + num(min(max(hop, 1), len(picture.Hops)))
}

// strokes is what one element of a page draws: a shape, and those after it that look the same and say nothing of
// their own.
type strokes struct {
	picture.Shape
	more []picture.Shape
}

// path is that of all of them.
func (s strokes) path() string {
	d := s.Path()
	for _, m := range s.more {
		d += " " + m.Path()
	}
	return d
}

// joined makes one of the ways that follow each other and look the same: half of what a map is made of are ways,
// and each element costs a phone time.
func joined(shapes []picture.Shape) []strokes {
	var all []strokes
	for _, s := range shapes {
		if last := len(all) - 1; last >= 0 && mute(s) && mute(all[last].Shape) && all[last].Look == s.Look {
			all[last].more = append(all[last].more, s)
			continue
		}
		all = append(all, strokes{Shape: s})
	}
	return all
}

// mute says whether a shape is a way of which nothing is told.
func mute(s picture.Shape) bool {
	return s.Kind == picture.Way && s.Title == "" && s.Data == "" && s.Href == ""
}

// rippleMap is a ripple map with what is to be said about it.
type rippleMap struct {
	spread.Ripple
	Title, About string
	Middle       string // initials
	Up           string // where the middle leads, if anywhere
	Branch       func(s spread.Spot) string
	Owners       []spread.Owner // as they were laid out; nil around a link
	Chosen       int            // of the owners, -1 for none
}

// drawing turns the map into shapes, what lies below first.
func (m rippleMap) drawing(ctx context.Context) picture.Drawing {
	d := picture.Drawing{
		Left: -m.Beside, Width: m.Size + 2*m.Beside, Height: m.Size,
		Language: lang.Of(ctx), Title: m.Title, About: m.About,
	}
	mid := m.Size / 2
	for _, r := range m.Rings {
		d.Shapes = append(d.Shapes, picture.Shape{Kind: picture.Ring, Look: "ring", X: mid, Y: mid, R: r})
	}
	for _, n := range m.Names {
		d.Shapes = append(d.Shapes, picture.Shape{Kind: picture.Line, Look: "leader", Points: [4][2]float64{n.Line[0], n.Line[1], n.Line[2]}})
	}
	for _, chosen := range []bool{false, true} {
		for _, s := range m.Spots {
			if (m.Owners != nil && s.Owner == m.Chosen) == chosen && (s.Hop > 0 || !m.Arcs) {
				d.Shapes = append(d.Shapes, m.way(s, chosen))
			}
		}
	}
	for _, a := range m.Around {
		d.Shapes = append(d.Shapes, picture.Shape{Kind: picture.Arc, Look: "squad-arc", X: mid, Y: mid, R: m.Squads, From: a.From, To: a.To})
	}
	for _, s := range m.Spots {
		d.Shapes = append(d.Shapes, m.spot(ctx, s)...)
	}
	for _, c := range m.Counts {
		d.Shapes = append(d.Shapes, picture.Shape{Kind: picture.Words, Look: "count", X: c.X, Y: c.Y, Text: "+" + lang.Number(ctx, c.N)})
	}
	for _, r := range m.Marks {
		d.Shapes = append(d.Shapes, picture.Shape{Kind: picture.Words, Look: "ring-name", X: r.X, Y: r.Y, Text: num(r.Hop)})
	}
	for _, n := range m.Names {
		d.Shapes = append(d.Shapes, m.name(n))
	}
	look := "middle"
	if m.Owners != nil {
		look = "brand"
	}
	words := ""
	if m.Up != "" {
		words = lang.T(ctx, "map.up")
	}
	return m.with(d,
		picture.Shape{Kind: picture.Disc, Look: look, X: mid, Y: mid, R: m.Ripple.Middle, Href: m.Up, Title: words},
		picture.Shape{Kind: picture.Words, Look: look + "-name", X: mid, Y: mid, Text: m.Middle})
}

func (m rippleMap) with(d picture.Drawing, more ...picture.Shape) picture.Drawing {
	d.Shapes = append(d.Shapes, more...)
	return d
}

// way is the line from one spot to the next.
func (m rippleMap) way(s spread.Spot, chosen bool) picture.Shape {
	look := hopLook("way", max(s.Hop, 1))
	if chosen {
		look = "chosen-way"
	}
	return picture.Shape{Kind: picture.Way, Look: look, Points: [4][2]float64{{s.FromX, s.FromY}, {s.BendX[0], s.BendY[0]}, {s.BendX[1], s.BendY[1]}, {s.X, s.Y}}}
}

// spot is an open, a gathering, or an ambassador.
func (m rippleMap) spot(ctx context.Context, s spread.Spot) []picture.Shape {
	out := picture.Shape{Kind: picture.Disc, X: s.X, Y: s.Y, R: s.R}
	if m.Branch != nil {
		out.Href = m.Branch(s)
	}
	chosen := m.Owners != nil && s.Owner == m.Chosen
	switch {
	case s.Gathered > 0:
		out.Look, out.Title = "gathered", lang.T(ctx, "link.gathered", "n", s.Gathered)
	case s.Hop == 0:
		return m.owner(ctx, s, out, chosen)
	default:
		out.Look, out.Title, out.Data = hopLook("hop", s.Hop), spotWords(ctx, s), num64(s.ID)
		if chosen {
			out.Look = "chosen"
		}
		if !s.Counted {
			out.Look, out.Kind = "out", picture.Square
			if s.State == share.NetworkCap {
				out.Kind = picture.Diamond
			}
		}
	}
	return []picture.Shape{out}
}

// owner is an ambassador: an arc, or a disc with initials.
func (m rippleMap) owner(ctx context.Context, s spread.Spot, out picture.Shape, chosen bool) []picture.Shape {
	o := m.Owners[s.Owner]
	out.Title = lang.T(ctx, "map.owner", "name", o.Name, "n", o.People)
	if s.Others > 0 {
		out.Title = lang.T(ctx, "map.others", "n", s.Others)
	}
	if s.Arc.To > 0 {
		out.Kind, out.Look, out.X, out.Y, out.R, out.From, out.To = picture.Arc, "owner-arc", m.Size/2, m.Size/2, m.Ripple.Owners, s.Arc.From, s.Arc.To
		if s.Others > 0 {
			out.Look = "others-arc"
		}
		if chosen {
			out.Look = "chosen-arc"
		}
		return []picture.Shape{out}
	}
	out.Look = "owner"
	mark := picture.Shape{Kind: picture.Words, Look: "owner-mark", X: s.X, Y: s.Y, Text: ui.Initials(o.Name)}
	if chosen {
		out.Look, mark.Look = "chosen", "chosen-mark"
	}
	return []picture.Shape{out, mark}
}

// longest is how many letters of a name there is room for at the rim.
const longest = 16

func (m rippleMap) name(n spread.Name) picture.Shape {
	text := m.Owners[n.Owner].Name
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest-1]) + "…"
	}
	s := picture.Shape{Kind: picture.Words, Look: "name", Anchor: "start", X: n.X + 5, Y: n.Y, Text: text}
	if n.Left {
		s.Anchor, s.X = "end", n.X-5
	}
	if n.Owner == m.Chosen {
		s.Look = "chosen-name"
	}
	return s
}

func spotWords(ctx context.Context, s spread.Spot) string {
	words := lang.T(ctx, "map.reader", "number", num(s.Number)) + " · " + lang.T(ctx, "link.spot", "hop", s.Hop, "n", s.Below)
	if !s.Counted {
		words += " · " + lang.T(ctx, "reason."+s.State.String())
	}
	return words
}

// box is the square of a map. Names stand beside it, where the page keeps room
// for them and shows them only if it is wide.
func box(d picture.Drawing) string {
	return "0 0 " + picture.Short(d.Width+2*d.Left) + " " + picture.Short(d.Height)
}

func initials(name string) string { return ui.Initials(name) }

// framed adds room above and below a drawing for what a file says besides.
func framed(d picture.Drawing, title, below string) picture.Drawing {
	const room = 70
	mid := d.Left + d.Width/2
	d.Top -= room
	d.Height += room + 44
	fits := int(math.Round(d.Width / 17))
	if r := []rune(title); len(r) > fits {
		title = string(r[:fits-1]) + "…"
	}
	d.Shapes = append(d.Shapes,
		picture.Shape{Kind: picture.Words, Look: "title", X: mid, Y: d.Top + 36, Text: title},
		picture.Shape{Kind: picture.Words, Look: "caption", X: mid, Y: d.Top + d.Height - 20, Text: below})
	return d
}
