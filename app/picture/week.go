package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
)

// WeekCard is a member's week as a picture that fills a phone: how many people, and how far. Nobody else is on it.
type WeekCard struct {
	Brand, Title, Days, Label string
	Big                       string   // the number
	Small                     []string // what else there is to say, a line each
	People                    []int    // at each hop, from the first
}

// What stands where on it. The top and the foot of a story are covered by the app that shows it.
const (
	weekTop    = 330 // of the brand
	weekMiddle = 1130
	weekFirst  = 120. // the radius of the first ring, and of the last
	weekLast   = 440.
	weekRings  = 8
	weekWords  = 1330
	weekLabel  = 1660
)

// WeekRing is a half-ring of the picture.
type WeekRing struct {
	R, Width float64
	Colour   string
}

// Rings are the half-rings, one for each hop, as thick as there are people; what is beyond the last is in it.
func (w WeekCard) Rings() (rings []WeekRing) {
	people := append([]int(nil), w.People[:min(len(w.People), weekRings)]...)
	for _, n := range w.People[len(people):] {
		people[weekRings-1] += n
	}
	most := 1
	for _, n := range people {
		most = max(most, n)
	}
	step := (weekLast - weekFirst) / float64(max(len(people)-1, 3))
	for i, n := range people {
		if n > 0 {
			const thin = 5
			rings = append(rings, WeekRing{
				R: weekFirst + step*float64(i), Colour: Hops[min(i, len(Hops)-1)],
				Width: thin + (step*.72-thin)*math.Sqrt(float64(n)/float64(max(most, 6))),
			})
		}
	}
	return rings
}

// Layout puts the words in their places.
func (w WeekCard) Layout() (words, faint []CardWords, err error) {
	letters, err := newLetters()
	if err != nil {
		return nil, nil, err
	}
	put := func(to *[]CardWords, y, size float64, text string) {
		text = letters.known(text)
		for size > 28 && letters.wide(text, size) > posterText {
			size--
		}
		if text = letters.cut(text, size, posterText); text != "" {
			*to = append(*to, CardWords{(PosterWidth - letters.wide(text, size)) / 2, y, size, text})
		}
	}
	put(&faint, weekTop, brandSize, w.Brand)
	put(&words, weekTop+100, 84, w.Title)
	put(&faint, weekTop+166, 40, w.Days)
	put(&words, weekWords, 128, w.Big)
	for i, line := range w.Small {
		put(&faint, weekWords+82+62*float64(i), 46, line)
	}
	put(&faint, weekLabel, 30, w.Label)
	return words, faint, nil
}

// PNG is the picture as a file, PosterWidth by StoryHeight.
func (w WeekCard) PNG() ([]byte, error) {
	words, faint, err := w.Layout()
	if err != nil {
		return nil, err
	}
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of pictures: %w", err)
	}
	p := painter{d: Drawing{Width: PosterWidth, Height: StoryHeight}, scale: 1, font: f, faces: map[float64]font.Face{}}
	p.to = image.NewRGBA(image.Rect(0, 0, PosterWidth, StoryHeight))
	xdraw.Draw(p.to, p.to.Bounds(), image.NewUniform(rgb(paper)), image.Point{}, xdraw.Src)
	for _, r := range w.Rings() {
		const n = 96
		var arc []dot
		for i := range n + 1 {
			sin, cos := math.Sincos(math.Pi * float64(i) / n)
			arc = append(arc, dot{PosterWidth/2 - r.R*cos, weekMiddle - r.R*sin})
		}
		p.area(r.Colour, stroked(arc, false, r.Width)...)
	}
	p.area(stone, ellipse(CardRing{X: PosterWidth / 2, Y: weekMiddle - 34, RX: 46, RY: 34}))
	p.area(mixed(frame, .5), box([4]float64{posterMargin, weekMiddle + 12, posterText, 4}, 2))
	for _, one := range words {
		if err := p.put(one, ink); err != nil {
			return nil, err
		}
	}
	for _, one := range faint {
		if err := p.put(one, muted); err != nil {
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
