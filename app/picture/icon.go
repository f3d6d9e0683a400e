package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
)

// Icon is what stands for the installation among a phone's apps: the skipping stone on the brand's ground.
type Icon struct {
	Ground string // as #rrggbb
	Size   int    // of each side, in pixels
	// Maskable leaves the room at the edges that a phone may cut off, and the corners to the phone.
	Maskable bool
}

// The icon's own measures: those of the mark that browsers show, a square of 64.
const (
	iconSide   = 64.
	iconCorner = 14.
	// The mark fills so much of the icon. Phones cut a maskable one down to a circle of 80 % at most.
	iconMark, iconMarkMasked = .8, .6
)

// accentOnDark and accentOnLight are the stone's colour, of which the one is taken that can be seen.
const (
	accentOnDark  = "#ff7a52"
	accentOnLight = "#c2340d"
	// WCAG 2.2, 1.4.11: what a picture is understood by stands out so much.
	seen = 3
)

// PNG is the icon as pixels.
func (c Icon) PNG() ([]byte, error) {
	size := float64(c.Size)
	p := painter{to: image.NewRGBA(image.Rect(0, 0, c.Size, c.Size))}
	corner, mark := iconCorner*size/iconSide, iconMark
	if c.Maskable {
		corner, mark = 0, iconMarkMasked
	}
	p.area(c.Ground, rounded(size, corner))
	line := readable(c.Ground)
	stone := line
	for _, accent := range []string{accentOnDark, accentOnLight} {
		if Contrast(accent, c.Ground) >= seen {
			stone = accent
			break
		}
	}
	scale := size * mark / iconSide
	at := func(x, y float64) dot { return dot{size/2 + (x-31.5)*scale, size/2 + (y-36)*scale} }
	for _, hop := range []struct {
		way   [4][2]float64
		share float64 // of the stone's colour
	}{
		{[4][2]float64{{4, 42}, {9, 14}, {20, 14}, {26, 42}}, 1},
		{[4][2]float64{{26, 42}, {30, 26}, {39, 26}, {43, 42}}, .8},
		{[4][2]float64{{43, 42}, {46, 34}, {51, 34}, {54, 41}}, .6},
	} {
		p.brush(blend(stone, c.Ground, hop.share), 6*scale, bend(at, hop.way))
	}
	p.area(stone, circle(at(58, 33), 5*scale))
	p.brush(blend(line, c.Ground, .7), 4*scale, []dot{at(4, 53), at(60, 53)})
	var b bytes.Buffer
	if err := png.Encode(&b, p.to); err != nil {
		return nil, fmt.Errorf("writing an icon: %w", err)
	}
	return b.Bytes(), nil
}

// brush draws a line with round ends.
func (p *painter) brush(colour string, width float64, dots []dot) {
	for _, outline := range stroked(dots, false, width) {
		p.area(colour, outline)
	}
	for _, end := range dots {
		p.area(colour, circle(end, width/2))
	}
}

// bend is a cubic way in dots close enough to look smooth.
func bend(at func(x, y float64) dot, way [4][2]float64) (dots []dot) {
	const steps = 40
	for i := range steps + 1 {
		t := float64(i) / steps
		u := 1 - t
		one := func(k int) float64 {
			return u*u*u*way[0][k] + 3*u*u*t*way[1][k] + 3*u*t*t*way[2][k] + t*t*t*way[3][k]
		}
		dots = append(dots, at(one(0), one(1)))
	}
	return dots
}

// circle leads around a dot.
func circle(around dot, r float64) (dots []dot) {
	const corners = 64
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		dots = append(dots, dot{around.x + r*cos, around.y + r*sin})
	}
	return dots
}

// rounded is a square with round corners.
func rounded(side, r float64) (dots []dot) {
	if r == 0 {
		return []dot{{0, 0}, {side, 0}, {side, side}, {0, side}}
	}
	const steps = 16
	for quarter, c := range []dot{{side - r, side - r}, {r, side - r}, {r, r}, {side - r, r}} {
		for i := range steps + 1 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(quarter) + float64(i)/steps))
			dots = append(dots, dot{c.x + r*cos, c.y + r*sin})
		}
	}
	return dots
}
