package web_test

import (
	"net/url"

	"golang.org/x/net/html"
)

// form is a form of the page with what stands in its fields, ready to be sent.
type form struct {
	*page
	node   *html.Node
	action string
	values url.Values
}

// form returns the page's form that is sent to an address.
func (p *page) form(action string) *form {
	p.t.Helper()
	found := all(p.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == action })
	if len(found) == 0 {
		p.t.Fatalf("%s %s has no form to %s: %s", p.method, p.path, action, p.text())
	}
	f := &form{page: p, node: found[0], action: action, values: url.Values{}}
	for _, n := range all(f.node, func(n *html.Node) bool { return attr(n, "name") != "" && !has(n, "disabled") }) {
		name := attr(n, "name")
		switch {
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			f.values.Add(name, text)
		case n.Data == "select":
			options := all(n, func(o *html.Node) bool { return o.Data == "option" })
			for i, o := range options {
				if has(o, "selected") || i == 0 {
					f.values.Set(name, attr(o, "value"))
				}
			}
		case n.Data == "input" && (attr(n, "type") == "checkbox" || attr(n, "type") == "radio"):
			if has(n, "checked") {
				f.values.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			f.values.Add(name, attr(n, "value"))
		}
	}
	return f
}

// send changes fields, named and valued in turn, and sends the form as a browser does.
func (f *form) send(changes ...string) *page {
	f.t.Helper()
	for i := 0; i+1 < len(changes); i += 2 {
		if _, there := f.values[changes[i]]; !there && len(all(f.node, func(n *html.Node) bool { return attr(n, "name") == changes[i] })) == 0 {
			f.t.Fatalf("the form to %s has no field %q", f.action, changes[i])
		}
		f.values.Set(changes[i], changes[i+1])
	}
	return f.browser.send(f.action, f.values)
}

// problem is what stands at a field of the form as being wrong with it; empty when nothing does.
func (f *form) problem(name string) string {
	f.t.Helper()
	fields := all(f.node, func(n *html.Node) bool { return attr(n, "name") == name })
	if len(fields) == 0 {
		f.t.Fatalf("the form to %s has no field %q", f.action, name)
	}
	id := attr(fields[0], "id") + "-problem"
	for _, n := range all(f.node, func(n *html.Node) bool { return attr(n, "id") == id }) {
		return textOf(n)
	}
	return ""
}

// value is what stands in a field.
func (f *form) value(name string) string { return f.values.Get(name) }
