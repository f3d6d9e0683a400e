package picture_test

import (
	"bytes"
	"image/png"
	"testing"

	"ricochet.example/app/picture"
)

// What a phone may cut off of a maskable icon, outside of a circle of 80 %, is ground and nothing else; the corners
// of any other are see-through; and on every ground something can be seen.
func TestAnIconStandsOnItsGroundAndKeepsItsMarkFromTheEdges(t *testing.T) {
	for _, ground := range []string{"#0c4650", "#ffffff", "#000000", "#ff7a52", "#c2340d", "#f5c400", "#808080"} {
		for _, masked := range []bool{true, false} {
			body, err := picture.Icon{Ground: ground, Size: 192, Maskable: masked}.PNG()
			if err != nil {
				t.Fatal(err)
			}
			p, err := png.Decode(bytes.NewReader(body))
			if err != nil || p.Bounds().Dx() != 192 || p.Bounds().Dy() != 192 {
				t.Fatalf("%v, %v", p.Bounds(), err)
			}
			corner, edge := p.At(0, 0), p.At(96, 2)
			if _, _, _, a := corner.RGBA(); (a == 0) == masked {
				t.Errorf("%s, maskable %v: the corner is %v", ground, masked, corner)
			}
			marked := 0
			for x := range 192 {
				for y := range 192 {
					if p.At(x, y) == edge {
						continue
					}
					marked++
					if dx, dy := float64(x)-95.5, float64(y)-95.5; masked && dx*dx+dy*dy > 76.8*76.8 {
						t.Fatalf("%s: a part of the mark at %d, %d would be cut off", ground, x, y)
					}
				}
			}
			if marked < 192*192/20 {
				t.Errorf("%s, maskable %v: %d pixels are marked", ground, masked, marked)
			}
		}
	}
}
