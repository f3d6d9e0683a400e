package picture

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // covers are kept as one or the other
	"image/png"
	"math"
	"strings"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
)

// The sizes of posters, in pixels.
const (
	PosterWidth = 1080
	StoryHeight = 1920 // fills a phone, as a story does
	PhotoHeight = 1350 // the tallest that stays whole in a feed
)

// Poster is a picture of a drop that leads to it by a code: for stories, feeds, and walls.
type Poster struct {
	Brand, Title, Label string
	Ground              string // colour, as #rrggbb
	Cover               []byte // a JPEG or PNG; or none
	Link                string // what the code says
	Scan                string // words beside the code
	Host, Path          string // the address as people type it, in two lines
}

// PosterLayout is where everything stands on a poster.
type PosterLayout struct {
	Ink, Faint string // colours
	Cover      image.Rectangle
	Rings      []CardRing
	Words      []CardWords
	Faints     []CardWords // less loud
	Label      []CardWords
	Box        [4]float64 // around the label; empty without one
	BoxGround  string
	Plate      [4]float64 // under the code
	Code       image.Rectangle
}

// What stands where. The top and the foot of a story are covered by the app that shows it.
const (
	posterMargin = 72
	posterText   = PosterWidth - 2*posterMargin
	plate        = 344
	coverStory   = 760
	coverPhoto   = 480
	titleStory   = 330 // high
	titlePhoto   = 290
	addressSize  = 34
	// A title may be larger than on a card.
	largestPoster = 116
	smallestLabel = 18
)

// Layout puts a poster of a height together.
func (p Poster) Layout(height int) (l PosterLayout, q QR, err error) {
	letters, err := newLetters()
	if err != nil {
		return l, q, err
	}
	if q, err = NewQR(p.Link, ""); err != nil {
		return l, q, err
	}
	l.Ink = readable(p.Ground)
	l.Faint = blend(l.Ink, p.Ground, .78)
	top, high := coverPhoto, titlePhoto
	if height == StoryHeight {
		top, high = coverStory, titleStory
	}
	if len(p.Cover) > 0 {
		l.Cover = image.Rect(0, 0, PosterWidth, top)
	} else {
		for _, s := range [][3]float64{{70, 0, 1}, {170, 0, .7}, {300, 0, .45}, {460, 0, .25}, {650, 0, .13}} {
			l.Rings = append(l.Rings, CardRing{PosterWidth / 2, float64(top) * .58, s[0], s[0] * .26, 4, blend(l.Ink, p.Ground, .6*s[2])})
		}
	}
	y := float64(top) + 76
	brand := letters.cut(letters.known(p.Brand), brandSize, posterText)
	title := letters.known(p.Title)
	if !letters.most(p.Title) {
		title, brand = brand, "" // a few letters of a title in another script say nothing
	}
	if brand != "" {
		l.Faints = append(l.Faints, CardWords{posterMargin, y, brandSize, brand})
	}
	lines, size := letters.lines(title, largestPoster, smallest, mostLines, posterText, float64(high))
	for i, line := range lines {
		l.Words = append(l.Words, CardWords{posterMargin, math.Round(y + 24 + size*(.9+lineHeight*float64(i))), size, line})
	}
	foot := y + 24 + float64(high) + 50
	l.Plate = [4]float64{posterMargin, foot, plate, plate}
	scale := plate / q.Modules()
	in := (plate - scale*q.Modules()) / 2
	l.Code = image.Rect(0, 0, scale*q.Modules(), scale*q.Modules()).Add(image.Pt(posterMargin+in, int(foot)+in))
	left := float64(posterMargin + plate + 44)
	wide := PosterWidth - posterMargin - left
	l.Words = append(l.Words, CardWords{left, foot + 58, 44, letters.cut(letters.known(p.Scan), 44, wide)})
	for i, line := range []string{p.Host, p.Path} {
		size := float64(addressSize)
		for size > 20 && letters.wide(line, size) > wide {
			size--
		}
		l.Faints = append(l.Faints, CardWords{left, foot + 122 + 46*float64(i), size, letters.cut(line, size, wide)})
	}
	if label := letters.known(p.Label); label != "" {
		const in, between = 18, 36
		lines, size := letters.lines(label, labelSize, smallestLabel, 2, wide-2*in, 2*between)
		high, broad := 16+between*float64(len(lines)), 0.
		for i, line := range lines {
			broad = max(broad, letters.wide(line, size))
			l.Label = append(l.Label, CardWords{left + in, foot + plate - high + 35 + between*float64(i), size, line})
		}
		l.Box = [4]float64{left, foot + plate - high, broad + 2*in, high}
		l.BoxGround = blend(l.Ink, p.Ground, .16)
	}
	if height == StoryHeight {
		for _, s := range [][3]float64{{60, 0, 1}, {150, 0, .6}, {270, 0, .35}, {430, 0, .18}} {
			l.Rings = append(l.Rings, CardRing{840, 1760, s[0], s[0] * .26, 3, blend(l.Ink, p.Ground, .5*s[2])})
		}
	}
	return l, q, nil
}

// PNG is the poster as a file.
func (p Poster) PNG(height int) ([]byte, error) {
	l, q, err := p.Layout(height)
	if err != nil {
		return nil, err
	}
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of posters: %w", err)
	}
	bounds := image.Rect(0, 0, PosterWidth, height)
	draw := painter{d: Drawing{Width: PosterWidth, Height: float64(height)}, scale: 1, font: f, faces: map[float64]font.Face{}}
	// Rings go beyond the edges, where the rasterizer does not.
	const beyond = 320
	draw.to = image.NewRGBA(bounds.Inset(-beyond))
	xdraw.Draw(draw.to, draw.to.Bounds(), image.NewUniform(rgb(p.Ground)), image.Point{}, xdraw.Src)
	for _, r := range l.Rings {
		draw.area(r.Colour, stroked(ellipse(r), true, r.Width)...)
	}
	if len(p.Cover) > 0 {
		cover, _, err := image.Decode(bytes.NewReader(p.Cover))
		if err != nil {
			return nil, fmt.Errorf("reading the cover of a poster: %w", err)
		}
		xdraw.ApproxBiLinear.Scale(draw.to, l.Cover, cover, filling(cover.Bounds(), l.Cover), xdraw.Over, nil)
	}
	for _, w := range l.Words {
		if err := draw.put(w, l.Ink); err != nil {
			return nil, err
		}
	}
	for _, w := range l.Faints {
		if err := draw.put(w, l.Faint); err != nil {
			return nil, err
		}
	}
	if len(l.Label) > 0 {
		draw.area(l.BoxGround, box(l.Box, 10))
	}
	for _, w := range l.Label {
		if err := draw.put(w, l.Ink); err != nil {
			return nil, err
		}
	}
	draw.area("#ffffff", box(l.Plate, 26))
	side := l.Code.Dx() / q.Modules()
	for y := range q.Modules() {
		for x := range q.Modules() {
			if q.dark(x, y) {
				at := l.Code.Min.Add(image.Pt(x*side, y*side))
				xdraw.Draw(draw.to, image.Rectangle{at, at.Add(image.Pt(side, side))}, image.Black, image.Point{}, xdraw.Src)
			}
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, draw.to.SubImage(bounds)); err != nil {
		return nil, fmt.Errorf("writing a poster: %w", err)
	}
	return b.Bytes(), nil
}

// filling is the part of a picture that fills a box: its middle, and of a tall one rather the upper half,
// where faces are.
func filling(src, into image.Rectangle) image.Rectangle {
	part := src
	if w := src.Dy() * into.Dx() / into.Dy(); w < src.Dx() {
		part.Min.X += (src.Dx() - w) / 2
		part.Max.X = part.Min.X + w
		return part
	}
	h := src.Dx() * into.Dy() / into.Dx()
	part.Min.Y += (src.Dy() - h) / 3
	part.Max.Y = part.Min.Y + h
	return part
}

// AddressLines are the two lines of an address as people type it: the host, and the rest.
func AddressLines(address string) (host, path string) {
	if _, rest, found := strings.Cut(address, "://"); found {
		address = rest
	}
	host, path, _ = strings.Cut(address, "/")
	return host, "/" + path
}
