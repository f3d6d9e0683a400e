package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	qr "github.com/piglig/go-qr"

	"ricochet.example/app/picture"
)

func TestAPosterLeadsWhereItsCodeSaysOnEveryGround(t *testing.T) {
	cover := image.NewRGBA(image.Rect(0, 0, 160, 240))
	for x := range 160 {
		for y := range 240 {
			cover.Set(x, y, color.RGBA{200, 30, 30, 255})
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, cover, nil); err != nil {
		t.Fatal(err)
	}
	for ground, with := range map[string][]byte{"#0c4650": nil, "#ffffff": file.Bytes(), "#000000": nil, "#ffd400": file.Bytes()} {
		for _, high := range []int{picture.StoryHeight, picture.PhotoHeight} {
			p := picture.Poster{Brand: "Novaska", Title: "The Halo", Label: "Commercial collaboration", Ground: ground, Cover: with, Link: address, Scan: "Scan it", Host: "novaska.example", Path: "/s/0123456789abc"}
			body, err := p.PNG(high)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(body))
			if err != nil || img.Bounds() != image.Rect(0, 0, picture.PosterWidth, high) {
				t.Fatalf("it is %v: %v", img.Bounds(), err)
			}
			if got, err := qr.Decode(img); err != nil || got != address {
				t.Errorf("on %s, %d high, it says %q: %v", ground, high, got, err)
			}
			if r, _, b, _ := img.At(540, 20).RGBA(); (r>>8 > 150 && b>>8 < 80) != (with != nil) && ground != "#ffd400" {
				t.Errorf("on %s, %d high, the cover is there: %v", ground, high, with == nil)
			}
		}
	}
	if _, err := (picture.Poster{Ground: "#000000", Link: address, Cover: []byte("no picture")}).PNG(picture.PhotoHeight); err == nil {
		t.Error("a cover that is no picture was drawn")
	}
}

// Whatever the words are, they stay on the poster, off the code, and out of what apps lay over a story.
func TestWordsStayOnThePosterAndOffItsCode(t *testing.T) {
	for name, p := range map[string]picture.Poster{
		"plain":      {Brand: "Novaska", Title: "The Halo", Label: "Ad"},
		"long":       {Brand: strings.Repeat("Novaska ", 12), Title: strings.Repeat("Nous avons dessiné la semelle. ", 4)[:120], Label: strings.Repeat("Collaboration commerciale ", 5)},
		"one word":   {Brand: "N", Title: strings.Repeat("Rindfleischetikettierung", 5)},
		"wide":       {Brand: "N", Title: strings.Repeat("W", 120), Label: strings.Repeat("W", 120)},
		"no letters": {Brand: "Novaska", Title: "👋👋", Label: "Ad"},
	} {
		p.Ground, p.Link, p.Scan = "#0c4650", "https://a-rather-long-name-of-a-host.novaska.example/s/0123456789abc/qr", "Scannez, ou tapez l’adresse que voici"
		p.Host, p.Path = picture.AddressLines(p.Link)
		for _, high := range []int{picture.StoryHeight, picture.PhotoHeight} {
			l, q, err := p.Layout(high)
			if err != nil {
				t.Fatal(err)
			}
			bottom := float64(high) - 40
			if high == picture.StoryHeight {
				bottom = 1600
			}
			words := slices.Concat(l.Words, l.Faints, l.Label)
			for _, w := range words {
				if w.Text == "" {
					t.Errorf("%s: nothing is written at %v", name, w)
				}
				if w.X < 70 || w.Y > bottom || w.Y < 500 && high == picture.PhotoHeight {
					t.Errorf("%s, %d high: %q at %.0f, %.0f", name, high, w.Text, w.X, w.Y)
				}
				if w.X < l.Plate[0]+l.Plate[2] && w.Y > l.Plate[1] && w.Y-w.Size < l.Plate[1]+l.Plate[3] {
					t.Errorf("%s, %d high: %q is on the code", name, high, w.Text)
				}
			}
			if l.Box[0]+l.Box[2] > picture.PosterWidth-60 || l.Plate[1]+l.Plate[3] > bottom {
				t.Errorf("%s, %d high: the label ends at %.0f, the code at %.0f", name, high, l.Box[0]+l.Box[2], l.Plate[1]+l.Plate[3])
			}
			if l.Code.Dx()%q.Modules() != 0 || float64(l.Code.Max.X) > l.Plate[0]+l.Plate[2] {
				t.Errorf("%s: the code stands at %v", name, l.Code)
			}
			if p.Label != "" && len(l.Label) == 0 {
				t.Errorf("%s: the label is not there", name)
			}
		}
	}
}
