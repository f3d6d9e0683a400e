package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// turns are where the pager of a page leads to, in its order.
func (p *page) turns() (paths []string) {
	for _, nav := range all(p.doc, func(n *html.Node) bool { return n.Data == "nav" && attr(n, "class") == "pages no-print" }) {
		for _, a := range all(nav, func(n *html.Node) bool { return n.Data == "a" }) {
			paths = append(paths, attr(a, "href"))
		}
	}
	return paths
}

// Amina's link was opened 25 times: she reads ten at once, the newest first, and turns to the rest by links
// that bring her back to the list, in the order that she chose. Page 2 shows what comes after the first ten.
func TestTheOpensOfALinkAreTenToAPage(t *testing.T) {
	l := sharing(t)
	l.opened(l.link, 25)
	l.again()
	for order, numbers := range map[string][]string{"": numbered(25, 1), "oldest": numbered(1, 25)} {
		path, seen := views.LinkPath(l.link), []string(nil)
		if order != "" {
			path += "?order=" + order
		}
		for at, rows := range []int{10, 10, 5} {
			p := l.amina.get(path).wants(http.StatusOK).says(fmt.Sprintf("Page %d of 3", at+1))
			if got, want := p.data("number"), numbers[10*at:10*at+rows]; !slices.Equal(got, want) {
				t.Errorf("page %d in the order %q lists %v, not %v", at+1, order, got, want)
			}
			seen = append(seen, p.data("number")...)
			turns := p.turns()
			if want := min(at, 1) + min(2-at, 1); len(turns) != want {
				t.Fatalf("page %d leads to %v", at+1, turns)
			}
			for _, turn := range turns {
				if to, err := url.Parse(turn); err != nil || to.Fragment != "opens" || to.Query().Get("order") != order {
					t.Errorf("page %d in the order %q leads to %s: %v", at+1, order, turn, err)
				}
			}
			path, _, _ = strings.Cut(turns[len(turns)-1], "#") // a browser keeps that part to itself
		}
		if !slices.Equal(seen, numbers) {
			t.Errorf("all pages in the order %q list %v", order, seen)
		}
	}
	l.amina.get(views.LinkPath(l.link) + "?page=99").wants(http.StatusOK).says("Page 3 of 3")
}

// numbered are the numbers from one to another, up or down.
func numbered(from, to int) (numbers []string) {
	for n := from; n != to; {
		numbers = append(numbers, fmt.Sprint(n))
		if n < to {
			n++
		} else {
			n--
		}
	}
	return append(numbers, fmt.Sprint(to))
}

// On a phone an open is a line of words instead of a row of columns. To those who hear the page it stays a
// table: every row has a cell under each head, and tells its role, however it is laid out.
func TestAnOpenAsALineOfWordsStaysARowOfATable(t *testing.T) {
	l := sharing(t)
	l.opened(l.link, 25)
	l.again()
	p := l.amina.get(views.LinkPath(l.link)).wants(http.StatusOK).says("Reader 25", "Hop 1")
	table := all(p.doc, func(n *html.Node) bool { return attr(n, "id") == "opens" })[0]
	role := func(of *html.Node, role string) []*html.Node {
		return all(of, func(n *html.Node) bool { return attr(n, "role") == role })
	}
	heads := len(role(table, "columnheader"))
	rows := all(table, func(n *html.Node) bool { return has(n, "data-open") })
	if heads == 0 || len(role(table, "table")) != 1 || len(role(table, "rowgroup")) != 2 || len(role(table, "row")) != len(rows)+1 {
		t.Fatalf("%d heads over %d rows are no table to those who hear them", heads, len(rows))
	}
	for _, row := range rows {
		if cells := len(role(row, "cell")); cells != heads || attr(row, "role") != "row" {
			t.Errorf("row %s has %d cells under %d heads", attr(row, "data-number"), cells, heads)
		}
	}
}
