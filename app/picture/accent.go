package picture

import "fmt"

// Accent is a brand's colour as pages use it: where something is to be done, and where one is.
type Accent struct {
	Tone string // of words and buttons, as #rrggbb
	Ink  string // on the tone
	Wash string // behind words in the tone
}

// grounds are what an accent is read on, as static/css/tokens.css has them.
var grounds = [2][]string{
	{"#fffefb", "#f6f4ee", "#eeebe2"},
	{"#111f25", "#0b1519", "#0e1a1f"},
}

// legible is the contrast that words need at least (WCAG 2.2, 1.4.3).
const legible = 4.5

// Accents are a colour's in the light and in the dark: the colour itself where it can be read there, else as little
// darker, or lighter, as it takes.
func Accents(colour string) (light, dark Accent) {
	return accent(colour, grounds[0], "#000000", .1), accent(colour, grounds[1], "#ffffff", .16)
}

func accent(colour string, on []string, towards string, wash float64) (a Accent) {
	for percent := range 101 {
		a.Tone = blend(towards, colour, float64(percent)/100)
		a.Wash = blend(a.Tone, on[0], wash)
		if readOn(a.Tone, append([]string{a.Wash}, on...)) {
			break
		}
	}
	if a.Ink = "#ffffff"; Contrast(a.Tone, ink) > Contrast(a.Tone, a.Ink) {
		a.Ink = ink
	}
	return a
}

func readOn(tone string, grounds []string) bool {
	for _, g := range grounds {
		if Contrast(tone, g) < legible {
			return false
		}
	}
	return true
}

// Sheet is a style sheet in which a colour takes the place of the house's accent, and of nothing else.
func Sheet(colour string) string {
	light, dark := Accents(colour)
	return fmt.Sprintf(`:root { --stone: %s; --stone-ink: %s; --stone-wash: %s; }
@supports (color: light-dark(#000, #fff)) {
  :root { --stone: light-dark(%s, %s); --stone-ink: light-dark(%s, %s); --stone-wash: light-dark(%s, %s); }
}
`, light.Tone, light.Ink, light.Wash, light.Tone, dark.Tone, light.Ink, dark.Ink, light.Wash, dark.Wash)
}
