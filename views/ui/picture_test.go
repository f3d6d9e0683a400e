package ui_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/views/ui"
)

func TestTheMapSaysWhatItShows(t *testing.T) {
	m := ui.Map{Size: 560, Label: "Ripple map", About: "2 people, 1 hop", Nodes: []ui.MapNode{{X: 1, Y: 2, R: 3, Hop: 1}}}
	says(t, shown(t, m.View(), "en"),
		`role="img"`, `viewBox="-280 -280 560 560"`, `aria-labelledby="map-title"`, `<title id="map-title">Ripple map</title>`,
		`aria-describedby="map-about"`, `<desc id="map-about">2 people, 1 hop</desc>`)
}

func TestLinksInTheMapCanBeReached(t *testing.T) {
	m := ui.Map{Size: 100, Label: "Map", Nodes: []ui.MapNode{{R: 15, Mark: "AM", Title: "Amina", Path: "/members/1"}}}
	html := shown(t, m.View(), "en")
	says(t, html, `role="group"`, `<a href="/members/1" aria-label="Amina">`, ">AM</text>")
	never(t, html, `role="img"`)
}

func TestNodesThatAreNotCountedHaveAnotherShape(t *testing.T) {
	shape := func(s ui.State) string {
		html := shown(t, ui.Map{Size: 100, Nodes: []ui.MapNode{{X: 10, Y: 10, R: 4, Hop: 2, State: s}}}.View(), "en")
		return regexp.MustCompile(` d="([^"]*)"`).FindStringSubmatch(html)[1]
	}
	counted, out, held := shape(ui.Counted), shape(ui.NotCounted), shape(ui.Held)
	if !strings.HasSuffix(counted, "h0") || !strings.Contains(out, "v") || !strings.Contains(held, "l") {
		t.Errorf("a disc, a square and a diamond are %s, %s and %s", counted, out, held)
	}
	says(t, shown(t, ui.MapLegend(), "en"), "Not counted", "Being checked")
}

func TestAMapOfThousandsStaysASmallPage(t *testing.T) {
	m := ui.Map{Size: 560, Label: "Map"}
	for i := range 5000 {
		x, y := float64(i%500)-250, float64(i/500)-5
		m.Nodes = append(m.Nodes, ui.MapNode{X: x, Y: y, R: 1.6, Hop: 1 + i%9})
		m.Edges = append(m.Edges, ui.MapEdge{Path: fmt.Sprintf("M0 0L%g %g", x, y), Hop: 1 + i%9})
	}
	html := shown(t, m.View(), "en")
	if n := strings.Count(html, "<path"); n != 10 {
		t.Errorf("%d paths for five looks of nodes and of edges", n)
	}
	if n := strings.Count(html, "h0"); n != 5000 {
		t.Errorf("%d of 5000 nodes are drawn", n)
	}
	if len(html) > 150<<10 {
		t.Errorf("the map is %d bytes", len(html))
	}
}

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
