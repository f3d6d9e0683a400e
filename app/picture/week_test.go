package picture_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"ricochet.example/app/picture"
)

// Whatever the words and however many the hops, all stays on the picture where a phone shows it.
func TestAWeekIsDrawnWhereAPhoneShowsIt(t *testing.T) {
	for name, w := range map[string]picture.WeekCard{
		"plain": {Brand: "Novaska", Title: "My week", Big: "42 people", Small: []string{"5 hops at the farthest", "3rd of 11"}, Label: "Ad", People: []int{20, 12, 6, 3, 1}},
		"one":   {Brand: "Novaska", Title: "My week", Big: "1 person", People: []int{1}},
		"long": {
			Brand: strings.Repeat("Novaska ", 12), Title: strings.Repeat("Ma semaine ", 9), Big: "1 234 567 personnes",
			Small: []string{strings.Repeat("loin ", 60), "x", "y"}, Label: strings.Repeat("Collaboration ", 20), People: make([]int, 40),
		},
		"deep":  {Big: "9", People: []int{0, 1, 0, 2, 5000, 1, 1, 1, 9, 1, 1}},
		"emoji": {Brand: "N", Title: "👋👋", Big: "1"},
	} {
		words, faint, err := w.Layout()
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range append(words, faint...) {
			if one.X < 60 || one.Y-one.Size < 250 || one.Y > 1680 {
				t.Errorf("%s: %q stands at %v, %v", name, one.Text, one.X, one.Y)
			}
		}
		last := 0.
		for _, r := range w.Rings() {
			if r.Width < 4 || r.R-r.Width/2 < last || r.R+r.Width/2 > 500 {
				t.Errorf("%s: a ring of %v, %v wide, over one to %v", name, r.R, r.Width, last)
			}
			last = r.R + r.Width/2
		}
		body, err := w.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(body))
		if err != nil || img.Bounds() != image.Rect(0, 0, picture.PosterWidth, picture.StoryHeight) {
			t.Fatalf("%s is %v: %v", name, img.Bounds(), err)
		}
		if r, g, b, _ := img.At(540, 1096).RGBA(); r>>8 != 0xc2 || g>>8 != 0x34 || b>>8 != 0x0d {
			t.Errorf("%s: the stone is #%02x%02x%02x", name, r>>8, g>>8, b>>8)
		}
	}
}
