package picture_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"ricochet.example/app/picture"
)

// Whatever colour a brand has, what is written in it and on it can be read, in the light and in the dark.
func TestEveryBrandColourCanBeRead(t *testing.T) {
	tokens, err := os.ReadFile("../../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	// The last time that a token is set both are there: light, and dark.
	ground := func(token string) [2]string {
		all := regexp.MustCompile(`--` + token + `: light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);`).FindSubmatch(tokens)
		if all == nil {
			t.Fatalf("tokens.css knows no %s", token)
		}
		return [2]string{string(all[1]), string(all[2])}
	}
	rng := rand.New(rand.NewPCG(5, 1))
	colours := []string{"#000000", "#ffffff", "#ffff00", "#0000ff", "#808080", "#0c4650", "#c2340d"}
	for range 500 {
		colours = append(colours, fmt.Sprintf("#%06x", rng.IntN(1<<24)))
	}
	for _, c := range colours {
		light, dark := picture.Accents(c)
		for i, a := range []picture.Accent{light, dark} {
			for _, on := range []string{ground("paper")[i], ground("surface")[i], ground("sunken")[i], a.Wash} {
				if got := picture.Contrast(a.Tone, on); got < 4.5 {
					t.Errorf("%s becomes %s, at %.2f on %s", c, a.Tone, got, on)
				}
			}
			if got := picture.Contrast(a.Tone, a.Ink); got < 4.5 {
				t.Errorf("%s becomes %s, and %s on it is at %.2f", c, a.Tone, a.Ink, got)
			}
		}
	}
	if light, _ := picture.Accents("#c2340d"); light.Tone != "#c2340d" {
		t.Errorf("a colour that can be read becomes %s", light.Tone)
	}
}

// The brand's colour replaces the accent, and not what says how far something came or that something is wrong.
func TestTheBrandColourReplacesTheAccentOnly(t *testing.T) {
	sheet := picture.Sheet("#6a1b9a")
	for _, set := range regexp.MustCompile(`--[a-z0-9-]+:`).FindAllString(sheet, -1) {
		if set != "--stone:" && set != "--stone-ink:" && set != "--stone-wash:" {
			t.Errorf("it sets %s", set)
		}
	}
	if strings.Count(sheet, "--stone: ") != 2 || !strings.Contains(sheet, "#6a1b9a") {
		t.Error(sheet)
	}
}
