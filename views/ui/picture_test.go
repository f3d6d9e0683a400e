package ui_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/views/ui"
)

// widths are those of a glyph's half-rings, from the inside.
func widths(t *testing.T, people ...int) (all []float64) {
	t.Helper()
	return widthsOn(t, ui.Scale{}, people...)
}

func widthsOn(t *testing.T, scale ui.Scale, people ...int) (all []float64) {
	t.Helper()
	for _, m := range regexp.MustCompile(`stroke-width="([^"]*)"`).FindAllStringSubmatch(shown(t, ui.GlyphOn(scale, people, ""), "en"), -1) {
		w, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return all
}

func TestTheGlyphHasAHalfRingForEachHopThickerForMorePeople(t *testing.T) {
	w := widths(t, 3, 40, 1)
	if len(w) != 3 || w[1] <= w[0] || w[0] <= w[2] || w[2] <= 0 {
		t.Errorf("the rings of 3, 40 and 1 people are %v thick", w)
	}
	var scale ui.Scale
	scale.Fit([]int{10})
	scale.Fit([]int{10, 500, 3, 1, 1, 1, 1})
	if a, b := widthsOn(t, scale, 10)[0], widthsOn(t, scale, 10, 500, 3, 1, 1, 1, 1)[0]; a != b {
		t.Errorf("on one scale ten people are %v thick alone and %v beside others", a, b)
	}
	if few, many := widthsOn(t, scale, 2)[0], widthsOn(t, scale, 500)[0]; few < .8 || many < 2*few {
		t.Errorf("on one scale two people are %v thick and 500 are %v", few, many)
	}
	if w := widths(t, 4, 0, 2); len(w) != 2 {
		t.Errorf("a hop that nobody counted on has a ring: %v", w)
	}
	if w := widths(t); w != nil {
		t.Errorf("a share that nobody opened has rings: %v", w)
	}
}

func TestRingsOfTheGlyphStayInThePictureAndApart(t *testing.T) {
	var many []int
	for range 40 {
		many = append(many, 1_000_000)
	}
	for _, people := range [][]int{{1_000_000}, many[:5], many[:6], many[:8], many} {
		html := shown(t, ui.Glyph(people, ""), "en")
		inner := 0.0
		for _, m := range regexp.MustCompile(`stroke-width="([^"]*)" d="M[^A]*A([\d.]+) `).FindAllStringSubmatch(html, -1) {
			w, _ := strconv.ParseFloat(m[1], 64)
			r, _ := strconv.ParseFloat(m[2], 64)
			if r-w/2 < inner-.11 || r+w/2 > 32 {
				t.Errorf("%d hops: a ring of radius %v, %v thick, after %v", len(people), r, w, inner)
			}
			inner = r + w/2
		}
		if n := strings.Count(html, "<path"); n != min(len(people), 8) {
			t.Errorf("%d hops have %d rings", len(people), n)
		}
	}
}

func TestAGlyphIsHeardOnlyIfItHasWords(t *testing.T) {
	says(t, shown(t, ui.Glyph([]int{1}, "1 person"), "en"), `role="img" aria-label="1 person"`)
	says(t, shown(t, ui.Glyph([]int{1}, ""), "en"), `aria-hidden="true"`)
}

func TestTheChartFillsItsFrame(t *testing.T) {
	html := shown(t, ui.Chart{Label: "Opens", First: []int{0, 5, 10}, From: "2 Nov", To: "4 Nov"}.View(), "en")
	says(t, html, `role="img" aria-label="Opens"`, `d="M0 150L280 80L560 10"`, `d="M0 150L280 80L560 10V150H0z"`, "2 Nov", "4 Nov")
	for _, few := range [][]int{nil, {0}, {7}} {
		if html := shown(t, ui.Chart{First: few}.View(), "en"); strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
			t.Errorf("%v: %s", few, html)
		}
	}
	says(t, shown(t, ui.Chart{First: []int{7}}.View(), "en"), `d="M0 10L560 10"`)
}
