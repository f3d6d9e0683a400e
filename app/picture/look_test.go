package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/app/picture"
)

// lab is a colour as eyes weigh it (CIE 1976 L*a*b*, D65).
type lab [3]float64

// linear is a colour of six digits as light: red, green, blue from 0 to 1.
func linear(t *testing.T, hex string) (c [3]float64) {
	t.Helper()
	for i := range c {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		if v := float64(n) / 255; v <= .04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return c
}

func times(m [3][3]float64, c [3]float64) (out [3]float64) {
	for i := range m {
		for j := range c {
			out[i] += m[i][j] * c[j]
		}
	}
	return out
}

func seen(c [3]float64) lab {
	xyz := times([3][3]float64{{.4124, .3576, .1805}, {.2126, .7152, .0722}, {.0193, .1192, .9505}}, c)
	f := func(v float64) float64 {
		if v = max(v, 0); v > .008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16./116
	}
	x, y, z := f(xyz[0]/.9505), f(xyz[1]), f(xyz[2]/1.089)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func apart(a, b lab) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// Eyes, and what they make of light (Machado, Oliveira, Fernandes 2009, full strength).
var eyes = map[string][3][3]float64{
	"most people": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia": {
		{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998},
	},
	"deuteranopia": {
		{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881},
	},
}

// themes are the colours of pages by name, light and dark.
func themes(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	sheet, err := os.ReadFile("../../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark = map[string]string{}, map[string]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)`).FindAllStringSubmatch(string(sheet), -1) {
		light[m[1]], dark[m[1]] = m[2], m[3]
	}
	if len(light) < 12 {
		t.Fatalf("only %d colours found", len(light))
	}
	return light, dark
}

// A hop differs from the next, and from the chosen branch, by more than twice
// what can just be told apart (2.3), for everybody's eyes; and from what it
// stands on by far. Rings have numbers besides.
func TestHopsAreToldApartByColourBlindEyes(t *testing.T) {
	light, dark := themes(t)
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for name, eye := range eyes {
			as := func(token string) lab { return seen(times(eye, linear(t, colours[token]))) }
			for hop := 1; hop <= 5; hop++ {
				this := "hop-" + strconv.Itoa(hop)
				if hop < 5 {
					if d := apart(as(this), as("hop-"+strconv.Itoa(hop+1))); d < 5 {
						t.Errorf("%s, %s: %s and the next are %.1f apart", theme, name, this, d)
					}
				}
				if d := apart(as(this), as("stone")); d < 20 {
					t.Errorf("%s, %s: %s and the chosen branch are %.1f apart", theme, name, this, d)
				}
				if d := apart(as(this), as("surface")); d < 30 {
					t.Errorf("%s, %s: %s and the page are %.1f apart", theme, name, this, d)
				}
			}
		}
	}
}

func TestFilesHaveTheColoursOfLightPages(t *testing.T) {
	light, _ := themes(t)
	for i, colour := range picture.Hops {
		if want := light["hop-"+strconv.Itoa(i+1)]; colour != want {
			t.Errorf("hop %d is %s, on pages %s", i+1, colour, want)
		}
	}
	for look, token := range map[string]string{"middle": "stone", "brand": "ink", "brand-name": "surface", "ring-name": "muted", "gathered": "sunken"} {
		if got := picture.Looks[look].Fill; got != light[token] {
			t.Errorf("%s is %s, on pages %s", look, got, light[token])
		}
	}
}

func sample() picture.Drawing {
	return picture.Drawing{Width: 200, Height: 100, Language: "fr", Title: `<b>"Élan" & co`, Shapes: []picture.Shape{
		{Kind: picture.Ring, Look: "ring", X: 50, Y: 50, R: 40},
		{Kind: picture.Way, Look: "way-1", Points: [4][2]float64{{50, 50}, {80, 50}, {80, 20}, {110, 20}}},
		{Kind: picture.Arc, Look: "owner-arc", X: 50, Y: 50, R: 30, From: 1, To: 2},
		{Kind: picture.Disc, Look: "middle", X: 50, Y: 50, R: 20, Title: "<script>"},
		{Kind: picture.Square, Look: "out", X: 150, Y: 20, R: 8},
		{Kind: picture.Diamond, Look: "out", X: 150, Y: 50, R: 8},
		{Kind: picture.Words, Look: "name", X: 100, Y: 80, Text: "12\u202f345 <Zoé>"},
	}}
}

func TestAnSVGIsWholeByItself(t *testing.T) {
	body := sample().SVG()
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, never := range []string{"var(", "class=", "<script", "href", "http://127", "url(/"} {
		if strings.Contains(string(body), never) {
			t.Errorf("there is %s in it", never)
		}
	}
	if !strings.Contains(string(body), "data:font/ttf;base64,") || !strings.Contains(string(body), "&lt;Zoé&gt;") {
		t.Error("letters are missing")
	}
}

func TestAPNGHasTheColoursWhereTheShapesAre(t *testing.T) {
	body, err := sample().PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil || img.Bounds().Dx() != picture.LongSide || img.Bounds().Dy() != picture.LongSide/2 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	const scale = picture.LongSide / 200
	for _, c := range []struct {
		x, y int
		want string
	}{{50, 50, "#c2340d"}, {150, 20, "#fffefb"}, {190, 90, "#fffefb"}} {
		r, g, b, _ := img.At(c.x*scale, c.y*scale).RGBA()
		got := "#" + strconv.FormatUint(uint64(r>>8<<16|g>>8<<8|b>>8|1<<24), 16)[1:]
		if got != c.want {
			t.Errorf("at %d, %d it is %s, not %s", c.x, c.y, got, c.want)
		}
	}
	dark := 0
	for x := range img.Bounds().Dx() {
		if r, _, _, _ := img.At(x, 80*scale).RGBA(); r>>8 < 80 {
			dark++
		}
	}
	if dark < 20 {
		t.Errorf("no words: %d dark pixels", dark)
	}
}

func TestAPNGOfTooManyShapesIsRefused(t *testing.T) {
	d := sample()
	d.Shapes = make([]picture.Shape, picture.MostShapes+1)
	if _, err := d.PNG(); !errors.Is(err, picture.ErrTooMuch) {
		t.Errorf("%v", err)
	}
}
