package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"testing"

	"ricochet.example/app/picture"
)

func TestWordsStayOnTheCard(t *testing.T) {
	for name, title := range map[string]string{
		"short":             "Halo",
		"as advised":        "The Halo: what we learned from three hundred wet kilometres",
		"as long as it may": strings.Repeat("Nous avons dessiné la semelle. ", 4)[:120],
		"one long word":     strings.Repeat("Rindfleischetikettierung", 5),
		"emoji":             "Bonjour 👋 à tous 🎉",
		"wide letters":      strings.Repeat("W", 120),
		"another script":    "Новая модель 2026",
		"no letters":        "👋👋",
	} {
		for _, cover := range [][]byte{nil, {1}} {
			l, err := picture.Card{Brand: "Novaska", Title: title, Label: "Advertising · early access", Ground: "#0c4650", Cover: cover}.Layout()
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Words) == 0 && cover == nil {
				t.Errorf("%s: nothing is written", name)
			}
			bottom := l.Box[1]
			for _, w := range l.Words {
				if w.Text == "" || w.X < 60 || w.Y > bottom-10 || w.Y < 60 {
					t.Errorf("%s: %q at %.0f, %.0f", name, w.Text, w.X, w.Y)
				}
				if strings.ContainsAny(w.Text, "👋Н") {
					t.Errorf("%s: letters that the font does not have in %q", name, w.Text)
				}
			}
			if l.Label.Text == "" || l.Box[0]+l.Box[2] > picture.CardWidth-60 {
				t.Errorf("%s: the label %q ends at %.0f", name, l.Label.Text, l.Box[0]+l.Box[2])
			}
		}
	}
}

func TestATitleIsWrittenWhole(t *testing.T) {
	const title = "The Halo: what we learned from three hundred wet kilometres in the Alps"
	l, err := picture.Card{Brand: "Novaska", Title: title, Ground: "#0c4650"}.Layout()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, w := range l.Words[1:] {
		all = append(all, w.Text)
	}
	if got := strings.Join(all, " "); got != title {
		t.Errorf("it says %q", got)
	}
}

// On whatever ground a brand chooses, words are read: 4.5 is what WCAG asks for.
func TestCardsAreReadOnEveryGround(t *testing.T) {
	for _, ground := range []string{"#000000", "#ffffff", "#0c4650", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#7f7f7f", "#c2340d", "#777777", "#e4002b"} {
		l, err := picture.Card{Brand: "Novaska", Title: "Halo", Label: "Ad", Ground: ground}.Layout()
		if err != nil {
			t.Fatal(err)
		}
		if got := picture.Contrast(l.Ink, l.Ground); got < 4 {
			t.Errorf("on %s the title has a contrast of %.1f", ground, got)
		}
	}
	if got := picture.Contrast("#000000", "#ffffff"); got < 20.9 || got > 21 {
		t.Errorf("black on white is %.2f", got)
	}
}

func TestACardIsSmallEnoughForMessengers(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, picture.CardWidth, picture.CardHeight))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	var cover bytes.Buffer
	if err := jpeg.Encode(&cover, noise, nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]picture.Card{
		"a title":         {Brand: "Novaska", Title: "Halo", Label: "Ad", Ground: "#0c4650"},
		"a cover of hair": {Brand: "Novaska", Title: "Halo", Label: "Ad", Ground: "#0c4650", Cover: cover.Bytes()},
	} {
		body, err := c.JPEG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(body))
		if err != nil || img.Bounds() != image.Rect(0, 0, 1200, 630) || len(body) > 280_000 {
			t.Errorf("%s: %d bytes of %v: %v", name, len(body), img.Bounds(), err)
		}
	}
}

func TestACardHasItsGroundAndItsWords(t *testing.T) {
	body, err := picture.Card{Brand: "Novaska", Title: "Halo", Label: "Ad", Ground: "#c2340d"}.JPEG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := color.RGBAModel.Convert(img.At(1190, 10)).(color.RGBA); got.R < 180 || got.G > 70 || got.B > 40 {
		t.Errorf("the ground is %v", got)
	}
	light := 0
	for y := range picture.CardHeight {
		for x := range picture.CardWidth {
			if _, g, _, _ := img.At(x, y).RGBA(); g>>8 > 200 {
				light++
			}
		}
	}
	if light < 4000 {
		t.Errorf("no words: %d light pixels", light)
	}
	if _, err := (picture.Card{Cover: []byte("no picture"), Ground: "#c2340d"}).JPEG(); err == nil {
		t.Error("a cover that is no picture was drawn")
	}
}
