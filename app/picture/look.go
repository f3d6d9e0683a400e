package picture

import (
	"fmt"
	"image/color"
	"math"
)

// Look is how a kind of shape looks in a file.
type Look struct {
	Fill   string  // colour, or empty
	Stroke string  // colour, or empty
	Width  float64 // of the stroke
	Dash   float64 // length of a dash and of the gap behind it; 0 for a whole line
	Size   float64 // of words
}

// The colours of files: those of light pages, which a test compares.
const (
	paper   = "#fffefb"
	ink     = "#10212b"
	muted   = "#55666e"
	sunken  = "#eeebe2"
	frame   = "#7f8683"
	stone   = "#c2340d"
	onStone = "#ffffff"
)

// Hops are the colours of the hops; the last is for all beyond.
var Hops = [5]string{"#03202e", "#083b4a", "#125a66", "#26797c", "#45948a"}

// Looks are how everything looks in files, by what it is.
var Looks = looks()

func looks() map[string]Look {
	all := map[string]Look{
		"ring":        {Stroke: mixed(frame, .5), Width: 1.6, Dash: 5},
		"ring-name":   {Fill: muted, Size: 24},
		"out":         {Fill: paper, Stroke: muted, Width: 2},
		"gathered":    {Fill: sunken, Stroke: Hops[3], Width: 2, Dash: 4},
		"count":       {Fill: ink, Size: 26},
		"middle":      {Fill: stone},
		"middle-name": {Fill: onStone, Size: 30},
		"brand":       {Fill: ink},
		"brand-name":  {Fill: paper, Size: 30},
		"owner":       {Fill: paper, Stroke: Hops[0], Width: 3},
		"owner-mark":  {Fill: ink, Size: 24},
		"squad-arc":   {Stroke: muted, Width: 6},
		"owner-arc":   {Stroke: Hops[0], Width: 14},
		"others-arc":  {Stroke: Hops[4], Width: 14},
		"chosen-arc":  {Stroke: stone, Width: 14},
		"chosen":      {Fill: stone},
		"chosen-way":  {Stroke: stone, Width: 3.4},
		"chosen-mark": {Fill: onStone, Size: 24},
		"leader":      {Stroke: mixed(frame, .5), Width: 1.4},
		"name":        {Fill: ink, Size: 27},
		"chosen-name": {Fill: stone, Size: 27},
		"caption":     {Fill: muted, Size: 22},
		"title":       {Fill: ink, Size: 30},
	}
	for i, colour := range Hops {
		hop := "hop-" + string(rune('1'+i))
		all[hop] = Look{Fill: colour}
		all["way-"+hop[4:]] = Look{Stroke: mixed(Hops[i], .65), Width: [5]float64{3, 2.2, 1.8, 1.6, 1.6}[i]}
	}
	return all
}

// mixed is so much of a colour, and the rest of paper: what is drawn is opaque,
// so that where many lines lie on each other nothing else is seen than where
// one lies.
func mixed(hex string, much float64) string {
	c, p := rgb(hex), rgb(paper)
	part := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*much + float64(b)*(1-much))) }
	return fmt.Sprintf("#%02x%02x%02x", part(c.R, p.R), part(c.G, p.G), part(c.B, p.B))
}

// rgb reads a colour of six digits.
func rgb(hex string) color.NRGBA {
	v := func(i int) uint8 { return nibble(hex[i])<<4 | nibble(hex[i+1]) }
	return color.NRGBA{R: v(1), G: v(3), B: v(5), A: 255}
}

func nibble(c byte) uint8 {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}
