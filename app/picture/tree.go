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

// TreePoster is a member's own tree as a picture to show around: how many and how far, and nobody by name.
type TreePoster struct {
	Brand, Title, Label string
	Big, Small          string  // the number, and what else there is to say
	Map                 Drawing // the ripple map; names that stand beside it are left out
}

// What stands where on it. It is as large as a photo in a feed.
const (
	treeMap   = 860 // a side of the map
	treeTop   = 420
	treeTitle = 60
)

// Layout puts the words of a tree's picture in their places.
func (t TreePoster) Layout() (words, faint []CardWords, err error) {
	letters, err := newLetters()
	if err != nil {
		return nil, nil, err
	}
	put := func(to *[]CardWords, y, size float64, text string) {
		if text = letters.cut(letters.known(text), size, posterText); text != "" {
			*to = append(*to, CardWords{posterMargin, y, size, text})
		}
	}
	put(&faint, 92, brandSize, t.Brand)
	lines, size := letters.lines(letters.known(t.Title), treeTitle, 40, 2, posterText, 140)
	for i, line := range lines {
		words = append(words, CardWords{posterMargin, math.Round(112 + size*(.9+lineHeight*float64(i))), size, line})
	}
	put(&words, 344, 92, t.Big)
	put(&faint, 392, 36, t.Small)
	put(&faint, PhotoHeight-36, labelSize, t.Label)
	return words, faint, nil
}

// PNG is the picture as a file, PosterWidth by PhotoHeight.
func (t TreePoster) PNG() ([]byte, error) {
	if len(t.Map.Shapes) > MostShapes {
		return nil, ErrTooMuch
	}
	words, faint, err := t.Layout()
	if err != nil {
		return nil, err
	}
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of pictures: %w", err)
	}
	scale := treeMap / t.Map.Height
	d := t.Map
	// The map is as wide as it is high, in the middle of whatever stands beside it.
	d.Left += d.Width/2 - PosterWidth/2/scale
	d.Top -= treeTop / scale
	p := painter{d: d, scale: scale, font: f, faces: map[float64]font.Face{}}
	p.to = image.NewRGBA(image.Rect(0, 0, PosterWidth, PhotoHeight))
	xdraw.Draw(p.to, p.to.Bounds(), image.NewUniform(rgb(paper)), image.Point{}, xdraw.Src)
	for _, s := range t.Map.Shapes {
		if err := p.paint(s); err != nil {
			return nil, err
		}
	}
	for _, w := range words {
		if err := p.put(w, ink); err != nil {
			return nil, err
		}
	}
	for _, w := range faint {
		if err := p.put(w, muted); err != nil {
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
