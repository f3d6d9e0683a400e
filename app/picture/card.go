package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The size of a card.
const (
	// CardWidth is how wide it is, in pixels.
	CardWidth = 1200
	// CardHeight is how high, in pixels.
	CardHeight = 630
	// CardBytes is how large its file may be: above some 300 KB there are messengers that show none.
	CardBytes = 280_000
)

// Card is what messengers show of a page.
type Card struct {
	Brand, Title, Label string
	Ground              string // colour, as #rrggbb
	Cover               []byte // a JPEG in the size of a card, instead of the title; or none
}

// CardLayout is where everything stands on a card. All of it is drawn the same on pages and in files.
type CardLayout struct {
	Ground, Ink, Faint string // colours
	Rings              []CardRing
	Words              []CardWords
	// Label has a box of its own, so that it is read on any cover.
	Label        CardWords
	Box          [4]float64 // its left, top, width and height; empty without a label
	BoxGround    string
	BoxIn, BoxBy float64 // how far words stand in from its left, and its corners' radius
}

// CardRing is a ring on the water.
type CardRing struct {
	X, Y, RX, RY, Width float64
	Colour              string
}

// CardWords is a line of words. Y is where they stand on.
type CardWords struct {
	X, Y, Size float64
	Text       string
}

// Where words stand on a card, and how large they are, in pixels.
const (
	cardMargin  = 72
	cardText    = CardWidth - 2*cardMargin
	brandSize   = 36
	labelSize   = 26
	largest     = 88
	smallest    = 50
	mostLines   = 4
	lineHeight  = 1.16
	titleTop    = 170
	titleBottom = 500
)

// Layout puts a card together.
func (c Card) Layout() (l CardLayout, err error) {
	l.Ground = c.Ground
	l.Ink = readable(c.Ground)
	l.Faint = blend(l.Ink, c.Ground, .74)
	letters, err := newLetters()
	if err != nil {
		return l, err
	}
	if label := letters.known(c.Label); label != "" {
		l.BoxIn, l.BoxBy = 20, 10
		label = letters.cut(label, labelSize, cardText-2*l.BoxIn)
		l.Box = [4]float64{cardMargin, CardHeight - 52 - 52, letters.wide(label, labelSize) + 2*l.BoxIn, 52}
		l.BoxGround = blend(l.Ink, c.Ground, .16)
		l.Label = CardWords{cardMargin + l.BoxIn, l.Box[1] + 35, labelSize, label}
	}
	if len(c.Cover) > 0 {
		l.Ground, l.Ink, l.BoxGround = ink, "#ffffff", ink
		return l, nil
	}
	for _, s := range [][3]float64{{1010, 40, 1}, {1010, 96, .7}, {1010, 170, .42}, {1010, 250, .2}} {
		l.Rings = append(l.Rings, CardRing{s[0], 560, s[1], s[1] * .26, 3, blend(l.Ink, c.Ground, .5*s[2])})
	}
	brand := letters.cut(letters.known(c.Brand), brandSize, cardText)
	title := letters.known(c.Title)
	if !letters.most(c.Title) {
		title = "" // a few letters of a title in another script say nothing
	}
	if title == "" {
		lines, size := letters.lines(brand, largest, largest, 1, cardText, titleBottom-titleTop)
		for _, line := range lines {
			l.Words = append(l.Words, CardWords{cardMargin, CardHeight / 2, size, line})
		}
		return l, nil
	}
	l.Words = append(l.Words, CardWords{cardMargin, 110, brandSize, brand})
	lines, size := letters.lines(title, largest, smallest, mostLines, cardText, titleBottom-titleTop)
	high := size * lineHeight
	top := titleTop + max(0, (titleBottom-titleTop-high*float64(len(lines)))/2)
	for i, line := range lines {
		l.Words = append(l.Words, CardWords{cardMargin, math.Round(top + high*float64(i) + size*.86), size, line})
	}
	return l, nil
}

// JPEG is the card as a file of at most CardBytes.
func (c Card) JPEG() ([]byte, error) {
	l, err := c.Layout()
	if err != nil {
		return nil, err
	}
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of cards: %w", err)
	}
	p := painter{d: Drawing{Width: CardWidth, Height: CardHeight}, scale: 1, font: f, faces: map[float64]font.Face{}}
	// Rings go beyond the edge, where the rasterizer does not.
	p.to = image.NewRGBA(image.Rect(0, 0, CardWidth+cardMargin, CardHeight+cardMargin))
	draw.Draw(p.to, p.to.Bounds(), image.NewUniform(rgb(l.Ground)), image.Point{}, draw.Src)
	if len(c.Cover) > 0 {
		cover, err := jpeg.Decode(bytes.NewReader(c.Cover))
		if err != nil {
			return nil, fmt.Errorf("reading the cover of a card: %w", err)
		}
		draw.Draw(p.to, cardBounds, cover, cover.Bounds().Min, draw.Src)
	}
	for _, r := range l.Rings {
		p.area(r.Colour, stroked(ellipse(r), true, r.Width)...)
	}
	for _, w := range l.Words {
		if err := p.put(w, l.Ink); err != nil {
			return nil, err
		}
	}
	if l.Label.Text != "" {
		p.area(l.BoxGround, box(l.Box, l.BoxBy))
		if err := p.put(l.Label, l.Ink); err != nil {
			return nil, err
		}
	}
	return small(p.to.SubImage(cardBounds))
}

var cardBounds = image.Rect(0, 0, CardWidth, CardHeight)

// small writes a picture as well as it may be.
func small(p image.Image) ([]byte, error) {
	for quality := 88; quality > 0; quality -= 12 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("writing a card: %w", err)
		}
		if b.Len() <= CardBytes {
			return b.Bytes(), nil
		}
	}
	return nil, errors.New("a card that cannot be made small")
}

func ellipse(r CardRing) (dots []dot) {
	const n = 120
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		dots = append(dots, dot{r.X + r.RX*cos, r.Y + r.RY*sin})
	}
	return dots
}

// box is a rectangle with round corners.
func box(b [4]float64, by float64) (dots []dot) {
	for i, c := range [4]dot{{b[0] + b[2] - by, b[1] + b[3] - by}, {b[0] + by, b[1] + b[3] - by}, {b[0] + by, b[1] + by}, {b[0] + b[2] - by, b[1] + by}} {
		for k := range 9 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(i) + float64(k)/8))
			dots = append(dots, dot{c.x + by*cos, c.y + by*sin})
		}
	}
	return dots
}

// put writes words of a card.
func (p *painter) put(w CardWords, colour string) error {
	f, err := newFace(p.font, w.Size)
	if err != nil {
		return err
	}
	d := font.Drawer{
		Dst: p.to, Src: image.NewUniform(rgb(colour)), Face: f,
		Dot: fixed.Point26_6{X: fixed.Int26_6(w.X * 64), Y: fixed.Int26_6(w.Y * 64)},
	}
	d.DrawString(w.Text)
	return nil
}

func newFace(f *opentype.Font, size float64) (font.Face, error) {
	made, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("preparing the font of cards: %w", err)
	}
	return made, nil
}

// letters measures words.
type letters struct {
	font  *opentype.Font
	buf   sfnt.Buffer
	ruler font.Face // of 100 pixels
}

func newLetters() (*letters, error) {
	f, err := face()
	if err != nil {
		return nil, fmt.Errorf("reading the font of cards: %w", err)
	}
	ruler, err := newFace(f, 100)
	return &letters{font: f, ruler: ruler}, err
}

func (l *letters) wide(text string, size float64) float64 {
	return float64(font.MeasureString(l.ruler, text)) / 64 * size / 100
}

func (l *letters) has(r rune) bool {
	glyph, err := l.font.GlyphIndex(&l.buf, r)
	return err == nil && glyph != 0
}

// known is a text in letters that the font has, with single spaces.
func (l *letters) known(text string) string {
	var b strings.Builder
	for _, r := range drawable(text) {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case l.has(r):
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// most says whether the font has most of the letters of a text.
func (l *letters) most(text string) bool {
	have, all := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			all++
			if l.has(r) {
				have++
			}
		}
	}
	return have > 0 && 4*have >= 3*all
}

// cut is a text that is no wider than so many pixels.
func (l *letters) cut(text string, size, wide float64) string {
	if l.wide(text, size) <= wide {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && l.wide(string(runes)+"…", size) > wide {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ,;:–—-") + "…"
}

// lines breaks a text into at most so many lines of a width, as large as that goes into a height.
func (l *letters) lines(text string, from, to float64, most int, wide, high float64) ([]string, float64) {
	for size := from; ; size -= 2 {
		lines := l.broken(text, size, wide)
		if len(lines) <= most && size*lineHeight*float64(len(lines)) <= high {
			return lines, size
		}
		if size <= to {
			lines[most-1] = l.cut(strings.Join(lines[most-1:], " "), size, wide)
			return lines[:most], size
		}
	}
}

// broken breaks a text into lines, a word only where it is wider than a line.
func (l *letters) broken(text string, size, wide float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		for l.wide(word, size) > wide {
			runes := []rune(word)
			n := len(runes)
			for n > 1 && l.wide(string(runes[:n]), size) > wide {
				n--
			}
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, string(runes[:n])), string(runes[n:])
		}
		switch longer := strings.TrimSpace(line + " " + word); {
		case l.wide(longer, size) <= wide:
			line = longer
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// readable is the one of two colours that is read better on a ground, by WCAG's contrast.
func readable(ground string) string {
	if Contrast(ground, paper) >= Contrast(ground, ink) {
		return paper
	}
	return ink
}

// Contrast is how far two colours are apart for reading, 1 to 21 (WCAG 2.2, contrast ratio).
func Contrast(a, b string) float64 {
	la, lb := luminance(rgb(a)), luminance(rgb(b))
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*part(c.R) + .7152*part(c.G) + .0722*part(c.B)
}

// blend is so much of one colour, and the rest of another.
func blend(over, under string, much float64) string {
	a, b := rgb(over), rgb(under)
	part := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*much + float64(y)*(1-much))) }
	return fmt.Sprintf("#%02x%02x%02x", part(a.R, b.R), part(a.G, b.G), part(a.B, b.B))
}
