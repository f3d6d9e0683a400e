package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	xdraw "golang.org/x/image/draw"
)

// The sizes, in pixels: twice the width of a phone and of a column of text, for screens that have two
// pixels where others have one. Nothing is made larger than it came.
const (
	phoneWide, phoneHigh = 800, 1600
	deskWide, deskHigh   = 1600, 2400
	// CardWide is how wide messengers show a card.
	CardWide = 1200
	// CardHigh is how high they do.
	CardHigh = 630
)

// How well JPEGs are kept. A card is coded once more, with its label.
const (
	quality     = 82
	cardQuality = 92
	largestPNG  = 1 << 20 // bytes; what would be larger becomes a JPEG on white
)

// fitted is a picture in a size that fits into a box.
func fitted(src image.Image, wide, high int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > wide {
		w, h = wide, max(1, (h*wide+w/2)/w)
	}
	if h > high {
		w, h = max(1, (w*high+h/2)/h), high
	}
	if w == b.Dx() && h == b.Dy() {
		if same, ok := src.(*image.RGBA); ok {
			return same
		}
		to := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(to, to.Bounds(), src, b.Min, draw.Src)
		return to
	}
	return shrunk(src, b, w, h)
}

// Crop is the part of a picture that a card shows, in the size of a card, on white: its middle, and of a
// tall one rather the upper half, where faces are.
func Crop(src *image.RGBA) *image.RGBA {
	b := src.Bounds()
	part := b
	if w := b.Dy() * CardWide / CardHigh; w < b.Dx() {
		part.Min.X += (b.Dx() - w) / 2
		part.Max.X = part.Min.X + max(w, 1)
	} else if h := b.Dx() * CardHigh / CardWide; h < b.Dy() {
		part.Min.Y += (b.Dy() - h) / 3
		part.Max.Y = part.Min.Y + max(h, 1)
	}
	var fit *image.RGBA
	if part.Dx() >= CardWide && part.Dy() >= CardHigh {
		fit = shrunk(src, part, CardWide, CardHigh)
	} else {
		fit = image.NewRGBA(image.Rect(0, 0, CardWide, CardHigh))
		xdraw.CatmullRom.Scale(fit, fit.Bounds(), src, part, draw.Src, nil)
	}
	return onWhite(fit)
}

func onWhite(src *image.RGBA) *image.RGBA {
	to := image.NewRGBA(src.Bounds())
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), src, src.Bounds().Min, draw.Over)
	return to
}

// shrunk is a part of a picture made smaller: each pixel is the mean of all that it stands for. It needs
// memory for a few rows only, where the kernels of x/image need 32 bytes for each pixel in between.
func shrunk(src image.Image, part image.Rectangle, w, h int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, part.Dx(), 1))
	narrow, sum := make([]float32, 4*w), make([]float32, 4*w)
	stepX, stepY := float64(part.Dx())/float64(w), float64(part.Dy())/float64(h)
	line, filled := 0, 0.0 // of the result, and how many rows of the source are in sum
	for y := range part.Dy() {
		draw.Draw(row, row.Bounds(), src, image.Pt(part.Min.X, part.Min.Y+y), draw.Src)
		narrowed(narrow, row.Pix, stepX)
		for left := 1.0; left > 1e-9 && line < h; {
			take := min(left, stepY-filled)
			for i, v := range narrow {
				sum[i] += v * float32(take)
			}
			left -= take
			if filled += take; filled < stepY-1e-9 {
				break
			}
			put(to.Pix[line*to.Stride:], sum, stepY)
			line, filled = line+1, 0
		}
	}
	if line < h && filled > 0 { // what rounding left
		put(to.Pix[line*to.Stride:], sum, filled)
	}
	return to
}

// narrowed makes a row narrower.
func narrowed(to []float32, from []uint8, step float64) {
	for x := range len(to) / 4 {
		at, end := float64(x)*step, float64(x+1)*step
		var c [4]float64
		for i := int(at); float64(i) < end && 4*i < len(from); i++ {
			share := min(end, float64(i+1)) - max(at, float64(i))
			for k := range c {
				c[k] += float64(from[4*i+k]) * share
			}
		}
		for k := range c {
			to[4*x+k] = float32(c[k] / step)
		}
	}
}

// put writes a row of means and begins the next.
func put(to []uint8, sum []float32, rows float64) {
	for i, v := range sum {
		to[i] = uint8(min(max(float64(v)/rows+.5, 0), 255))
		sum[i] = 0
	}
}

// encode writes a picture as a JPEG, or as a PNG where it can be seen through or where that is smaller.
func encode(p *image.RGBA, drawn bool) (Size, error) {
	through := !p.Opaque()
	if !through && !drawn {
		return encodeJPEG(p, quality)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, p); err != nil {
		return Size{}, fmt.Errorf("writing a PNG: %w", err)
	}
	asPNG := Size{"image/png", p.Rect.Dx(), p.Rect.Dy(), b.Bytes()}
	if through {
		if b.Len() <= largestPNG {
			return asPNG, nil
		}
		p = onWhite(p)
	}
	asJPEG, err := encodeJPEG(p, quality)
	if err == nil && len(asPNG.Content) <= len(asJPEG.Content) && !through {
		return asPNG, nil
	}
	return asJPEG, err
}

func encodeJPEG(p *image.RGBA, quality int) (Size, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}); err != nil {
		return Size{}, fmt.Errorf("writing a JPEG: %w", err)
	}
	return Size{"image/jpeg", p.Rect.Dx(), p.Rect.Dy(), b.Bytes()}, nil
}

// turned is a picture the right way up, for how the camera was held.
func turned(src image.Image, how int) image.Image {
	if how <= 1 {
		return src
	}
	// Made small first: what is turned pixel by pixel is then at most a few million.
	wide, high := deskWide, deskHigh
	if how >= 5 {
		wide, high = deskHigh, deskWide
	}
	from := fitted(src, wide, high)
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if how >= 5 {
		w, h = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch how {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(b.Min.X+sx, b.Min.Y+sy):][:4])
		}
	}
	return to
}
