package web_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strconv"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// hopSums adds up what a page says of a score hop by hop.
func (p *page) hopSums() (hops int, t tally) {
	p.t.Helper()
	for _, row := range all(p.doc, func(n *html.Node) bool { return has(n, "data-why-hop") }) {
		people, err := strconv.Atoi(attr(row, "data-people"))
		if err != nil {
			p.t.Fatal(err)
		}
		points, err := strconv.Atoi(attr(row, "data-spread"))
		if err != nil {
			p.t.Fatal(err)
		}
		hops++
		t = t.plus(tally{points, people})
	}
	return hops, t
}

// A score is told hop by hop, and that adds up to it, whatever the tree and whatever was left out of it; and what
// was left out stands there with why.
func TestAMemberIsToldWhyTheyHaveTheirScore(t *testing.T) {
	l := sharing(t)
	// Five and one more pass it on in turn: the first of them earns no more than four besides their own point.
	at := l.link
	for range 6 {
		at = l.reader().opens(at)
	}
	l.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + l.link + "/whatsapp")
	rosa := l.reader()
	own := rosa.opens(l.link)
	rosa.beside(android).opens(own)
	l.ben.opens(l.link)
	l.work()
	page := l.amina.get(views.LinkPath(l.link)).wants(http.StatusOK)
	hops, sums := page.hopSums()
	if want := page.stats(); sums != want || hops != 6 || want.people != 7 || want.score != 5+5+4+3+2+1+1 {
		t.Errorf("%d hops add up to %+v, and the page says %+v", hops, sums, want)
	}
	l.amina.get(views.AmbassadorPath(l.aminaID)).says("opens are not counted", "1 point, plus 1 for each person", "Left out: 1 preview.")
	l.clock.Advance(8 * 24 * time.Hour)
	l.amina.get(views.AmbassadorPath(l.aminaID) + "?period=week").lacks("Left out")
	l.clock.Advance(-8 * 24 * time.Hour)
	page.says("1 point, plus 1 for each person", "In all 7 +14 21", "Left out: 1 preview.", "Same network as a sharer above", "Somebody who is signed in here")

	for _, n := range []int{40, 700} {
		l := sharing(t)
		l.opened(l.link, n)
		l.again()
		page := l.amina.get(views.LinkPath(l.link)).wants(http.StatusOK)
		if _, sums := page.hopSums(); sums != page.stats() || sums.people == 0 {
			t.Errorf("of %d opens the hops add up to %+v, and the page says %+v", n, sums, page.stats())
		}
	}
}

// The own tree is a picture to show around, for nobody else, and not while the drop that it names may not be shared.
func TestAMembersTreeIsAPictureToShowAround(t *testing.T) {
	l := sharing(t)
	l.reader().opens(l.reader().opens(l.link))
	l.work()
	at := views.TreePath(l.link)
	body := l.amina.get(at).wants(http.StatusOK)
	img, err := png.Decode(bytes.NewReader([]byte(body.body)))
	if err != nil || img.Bounds() != image.Rect(0, 0, 1080, 1350) {
		t.Fatalf("it is %v: %v", img, err)
	}
	l.amina.get(views.LinkPath(l.link)).says("Share as a picture")
	l.ben.get(at).wants(http.StatusNotFound)
	l.manager.get(at).wants(http.StatusNotFound)
	l.reader().get(at).wants(http.StatusSeeOther)

	early := launched(t)
	early.clock.Set(early.shares.Add(-time.Minute))
	early.amina.get(views.LinkPath(early.link)).wants(http.StatusOK)
	early.amina.get(views.TreePath(early.link)).wants(http.StatusNotFound)
}
