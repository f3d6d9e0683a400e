package web_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answer as a person sees it.
type page struct {
	*browser
	method, path string
	status       int
	header       http.Header
	body         string
	doc          *html.Node
}

// wants fails the test unless the answer has that status.
func (p *page) wants(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s %s: status %d, not %d: %s\n%s", p.method, p.path, p.status, status, p.text(), p.log)
	}
	return p
}

// to fails the test unless the answer sends the browser to that address, and returns the page there.
func (p *page) to(path string) *page {
	p.t.Helper()
	p.wants(http.StatusSeeOther)
	if got := p.header.Get("Location"); got != path {
		p.t.Fatalf("%s %s sends to %q, not %q", p.method, p.path, got, path)
	}
	return p.get(path)
}

// follow returns the page that the answer sends to, wherever that is.
func (p *page) follow() *page {
	p.t.Helper()
	p.wants(http.StatusSeeOther)
	return p.get(p.header.Get("Location"))
}

// says fails the test unless all of the texts can be read on the page.
func (p *page) says(texts ...string) *page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.text(), plain(text)) {
			p.t.Fatalf("%s %s does not say %q, but: %s", p.method, p.path, text, p.text())
		}
	}
	return p
}

// lacks fails the test if one of the texts can be read on the page.
func (p *page) lacks(texts ...string) *page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.text(), plain(text)) {
			p.t.Fatalf("%s %s says %q: %s", p.method, p.path, text, p.text())
		}
	}
	return p
}

// text is what can be read on the page, with single spaces.
func (p *page) text() string {
	if p.doc == nil {
		return p.body
	}
	return textOf(p.doc)
}

// plain is a text with single spaces, none of them of a particular kind.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style"):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return plain(b.String())
}

// all returns the elements that a question is true of, in the page's order.
func all(n *html.Node, is func(*html.Node) bool) (found []*html.Node) {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			found = append(found, d)
		}
	}
	return found
}

// attr is an attribute of an element, empty if it has none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// data returns the values of a data attribute, in the page's order.
func (p *page) data(name string) (values []string) {
	for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "data-"+name) }) {
		values = append(values, attr(n, "data-"+name))
	}
	return values
}

// parse is a page's tree.
func parse(t testing.TB, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
