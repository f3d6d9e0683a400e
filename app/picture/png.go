package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// What may be drawn as a PNG, so that one request cannot ask for more than a
// fifth of a second or so: the longer side in pixels, and the shapes.
const (
	LongSide   = 1200
	MostShapes = 4000
)

// ErrTooMuch says that a drawing has more shapes than are drawn.
var ErrTooMuch = errors.New("too many shapes for a picture")

// face reads the font once.
var face = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(inter) })

// PNG is the drawing as pixels.
func (d Drawing) PNG() ([]byte, error) {
	if len(d.Shapes) > MostShapes {
		return nil, ErrTooMuch
	}
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of pictures: %w", err)
	}
	p := painter{d: d, scale: LongSide / max(d.Width, d.Height), font: f, faces: map[float64]font.Face{}}
	p.to = image.NewRGBA(image.Rect(0, 0, int(math.Ceil(d.Width*p.scale)), int(math.Ceil(d.Height*p.scale))))
	draw.Draw(p.to, p.to.Bounds(), image.NewUniform(rgb(paper)), image.Point{}, draw.Src)
	for _, s := range d.Shapes {
		if err := p.paint(s); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, p.to); err != nil {
		return nil, fmt.Errorf("writing a picture: %w", err)
	}
	return b.Bytes(), nil
}

// painter draws shapes onto pixels.
type painter struct {
	d     Drawing
	scale float64
	to    *image.RGBA
	fill  vector.Rasterizer
	font  *opentype.Font
	faces map[float64]font.Face
}

type dot struct{ x, y float64 }

// paint draws one shape: what it is filled with, then its edge.
func (p *painter) paint(s Shape) error {
	look := Looks[s.Look]
	if s.Kind == Words {
		return p.write(s, look)
	}
	outline, closed := p.outline(s)
	if look.Fill != "" && closed {
		p.area(look.Fill, outline)
	}
	if look.Stroke != "" {
		for _, part := range dashed(outline, closed, look.Dash*p.scale) {
			p.area(look.Stroke, stroked(part.dots, part.closed, look.Width*p.scale)...)
		}
	}
	return nil
}

// outline is a shape as the dots that lead around or along it, in pixels.
func (p *painter) outline(s Shape) (dots []dot, closed bool) {
	add := func(x, y float64) {
		dots = append(dots, dot{(x - p.d.Left) * p.scale, (y - p.d.Top) * p.scale})
	}
	round := func(from, to float64) {
		n := max(int(math.Ceil((to-from)*math.Sqrt(s.R*p.scale+1)*1.6)), 3)
		for i := range n + 1 {
			add(at(s.X, s.Y, s.R, from+(to-from)*float64(i)/float64(n)))
		}
	}
	switch s.Kind {
	case Disc, Ring:
		round(0, 2*math.Pi)
		return dots[:len(dots)-1], true
	case Arc:
		round(s.From, s.To)
		return dots, false
	case Square:
		h := s.Half()
		add(s.X-h, s.Y-h)
		add(s.X+h, s.Y-h)
		add(s.X+h, s.Y+h)
		add(s.X-h, s.Y+h)
		return dots, true
	case Diamond:
		h := s.Half()
		add(s.X, s.Y-h)
		add(s.X+h, s.Y)
		add(s.X, s.Y+h)
		add(s.X-h, s.Y)
		return dots, true
	case Line:
		for _, q := range s.Points[:3] {
			add(q[0], q[1])
		}
	case Way:
		const steps = 14
		for i := range steps + 1 {
			t := float64(i) / steps
			a, b, c, e := (1-t)*(1-t)*(1-t), 3*t*(1-t)*(1-t), 3*t*t*(1-t), t*t*t
			add(a*s.Points[0][0]+b*s.Points[1][0]+c*s.Points[2][0]+e*s.Points[3][0],
				a*s.Points[0][1]+b*s.Points[1][1]+c*s.Points[2][1]+e*s.Points[3][1])
		}
	}
	return dots, false
}

// area fills what some outlines enclose, in a part of the picture that is no
// larger than they are.
func (p *painter) area(colour string, outlines ...[]dot) {
	low, high := dot{math.Inf(1), math.Inf(1)}, dot{math.Inf(-1), math.Inf(-1)}
	for _, o := range outlines {
		for _, q := range o {
			low.x, low.y, high.x, high.y = min(low.x, q.x), min(low.y, q.y), max(high.x, q.x), max(high.y, q.y)
		}
	}
	box := image.Rect(int(math.Floor(low.x)), int(math.Floor(low.y)), int(math.Ceil(high.x)), int(math.Ceil(high.y)))
	if in := box.Intersect(p.to.Bounds()); in.Empty() {
		return
	}
	p.fill.Reset(box.Dx(), box.Dy())
	for _, o := range outlines {
		for i, q := range o {
			x, y := float32(q.x-float64(box.Min.X)), float32(q.y-float64(box.Min.Y))
			if i == 0 {
				p.fill.MoveTo(x, y)
			} else {
				p.fill.LineTo(x, y)
			}
		}
		p.fill.ClosePath()
	}
	p.fill.Draw(p.to, box, image.NewUniform(rgb(colour)), image.Point{})
}

// part is a piece of an outline.
type part struct {
	dots   []dot
	closed bool
}

// dashed cuts an outline into dashes as long as the gaps between them.
func dashed(dots []dot, closed bool, dash float64) []part {
	if dash <= 0 {
		return []part{{dots, closed}}
	}
	if closed {
		dots = append(dots[:len(dots):len(dots)], dots[0])
	}
	var parts []part
	drawing, left := true, dash
	piece := []dot{dots[0]}
	for i := 1; i < len(dots); i++ {
		from, to := dots[i-1], dots[i]
		for {
			far := math.Hypot(to.x-from.x, to.y-from.y)
			if far < left {
				left -= far
				piece = append(piece, to)
				break
			}
			from = dot{from.x + (to.x-from.x)*left/far, from.y + (to.y-from.y)*left/far}
			if piece = append(piece, from); drawing {
				parts = append(parts, part{piece, false})
			}
			piece, drawing, left = []dot{from}, !drawing, dash
		}
	}
	if drawing && len(piece) > 1 {
		parts = append(parts, part{piece, false})
	}
	return parts
}

// stroked is a line with a width, as the outlines of its surface: one around
// it, or for a closed one the outer and, the other way round, the inner.
func stroked(dots []dot, closed bool, width float64) [][]dot {
	n := len(dots)
	left, right := make([]dot, n), make([]dot, n)
	for i, q := range dots {
		before, after := dots[max(i-1, 0)], dots[min(i+1, n-1)]
		if closed {
			before, after = dots[(i+n-1)%n], dots[(i+1)%n]
		}
		dx, dy := after.x-before.x, after.y-before.y
		if far := math.Hypot(dx, dy); far > 0 {
			dx, dy = dx/far*width/2, dy/far*width/2
		}
		left[i], right[n-1-i] = dot{q.x + dy, q.y - dx}, dot{q.x - dy, q.y + dx}
	}
	if closed {
		return [][]dot{left, right}
	}
	return [][]dot{append(left, right...)}
}

// write puts words where they belong, around their middle in height.
func (p *painter) write(s Shape, look Look) error {
	f := p.faces[look.Size]
	if f == nil {
		var err error
		if f, err = opentype.NewFace(p.font, &opentype.FaceOptions{Size: look.Size * p.scale, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return fmt.Errorf("preparing the font of pictures: %w", err)
		}
		p.faces[look.Size] = f
	}
	text := drawable(s.Text)
	wide := font.MeasureString(f, text)
	x := fixed.Int26_6((s.X - p.d.Left) * p.scale * 64)
	switch s.anchor() {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	y := fixed.Int26_6((s.Y - p.d.Top + look.Size*.35) * p.scale * 64)
	d := font.Drawer{Dst: p.to, Src: image.NewUniform(rgb(look.Fill)), Face: f, Dot: fixed.Point26_6{X: x, Y: y}}
	d.DrawString(text)
	return nil
}

// drawable is a text in letters that the font has: thin spaces are spaces.
func drawable(text string) string {
	out := []rune(text)
	for i, r := range out {
		switch r {
		case '\u202f', '\u2009', '\u00a0':
			out[i] = ' '
		}
	}
	return string(out)
}
