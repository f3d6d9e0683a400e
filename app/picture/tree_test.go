package picture_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"ricochet.example/app/picture"
)

// Whatever the words, they stay within the picture and above the map; and the map is drawn.
func TestATreeIsDrawnUnderItsNumbers(t *testing.T) {
	drawing := picture.Drawing{Left: -200, Width: 1400, Height: 1000, Shapes: []picture.Shape{{Kind: picture.Disc, Look: "middle", X: 500, Y: 500, R: 60}}}
	for name, p := range map[string]picture.TreePoster{
		"plain": {Brand: "Novaska", Title: "The Halo", Big: "75 people", Small: "5 hops at the farthest", Label: "Ad"},
		"long":  {Brand: strings.Repeat("Novaska ", 12), Title: strings.Repeat("Nous avons dessiné la semelle. ", 4), Big: "1 234 567 personnes", Small: strings.Repeat("loin ", 40), Label: strings.Repeat("Collaboration ", 20)},
		"emoji": {Brand: "N", Title: "👋👋", Big: "1", Small: "", Label: ""},
	} {
		p.Map = drawing
		words, faint, err := p.Layout()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(words, faint...) {
			if w.Y-w.Size < 0 || w.Y > picture.PhotoHeight || w.Y > 400 && w.Y < 1280 {
				t.Errorf("%s: %q stands at %v", name, w.Text, w.Y)
			}
		}
		body, err := p.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(body))
		if err != nil || img.Bounds() != image.Rect(0, 0, picture.PosterWidth, picture.PhotoHeight) {
			t.Fatalf("%s is %v: %v", name, img.Bounds(), err)
		}
		if r, g, b, _ := img.At(540, 420+430).RGBA(); r>>8 != 0xc2 || g>>8 != 0x34 || b>>8 != 0x0d {
			t.Errorf("%s: the middle of the map is #%02x%02x%02x", name, r>>8, g>>8, b>>8)
		}
	}
}
