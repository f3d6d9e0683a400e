package markdown

import (
	"regexp"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// away is the beginning of an address that a link may lead to. What hides its scheme behind an entity or
// an escape does not begin so, and becomes plain text.
var away = regexp.MustCompile(`(?i)^(https?://[\pL\pN\[]|mailto:[^\s\\?])`)

// web is the beginning of an address from which an image could come, were it ours.
var web = regexp.MustCompile(`(?i)^https?://[\pL\pN\[]`)

// uploaded is the address by which a text refers to an image that was uploaded for it.
var uploaded = regexp.MustCompile(`^image:([a-z0-9]{1,64})$`)

// ownImage is the address of an image that was uploaded here. Any other would tell somebody else's
// server, or our own counting routes, who is reading.
var ownImage = regexp.MustCompile(`^/m/[A-Za-z0-9_-]{1,64}(\.[a-z0-9]{1,5})?$`)

// house puts the rules of the house on a parsed text: links only to the web and to mail and with their
// relation, no image from elsewhere, no heading beside the page's own, boxes of task lists as characters;
// and it measures what only shows in the tree.
type house struct{}

// Transform changes the document in place, unless it goes beyond a bound.
func (house) Transform(doc *ast.Document, reader text.Reader, ctx parser.Context) {
	media, _ := ctx.Get(mediaKey).(Media)
	h := visit{source: reader.Source(), media: media}
	h.children(doc, 0, false)
	if h.refused != nil {
		note(ctx, h.refused)
	}
}

// visit is one walk through a document.
type visit struct {
	source  []byte
	media   Media
	written int // bytes of addresses and titles, which references repeat
	refused *Refused
}

func (v *visit) children(parent ast.Node, depth int, inLink bool) {
	if depth > deepest {
		v.refused = refuse("markdown.nesting", deepest)
	}
	for n := parent.FirstChild(); n != nil && v.refused == nil; {
		next := n.NextSibling() // n may be taken out
		v.node(parent, n, depth, inLink)
		n = next
	}
}

func (v *visit) node(parent, n ast.Node, depth int, inLink bool) {
	switch n := n.(type) {
	case *ast.Heading:
		n.Level = max(n.Level, 2)
		v.children(n, depth, inLink)
	case *ast.Blockquote, *ast.List, *ast.Emphasis, *extast.Strikethrough:
		v.children(n, depth+1, inLink)
	case *ast.Link:
		v.measure(n.Destination, n.Title)
		v.children(n, depth+1, true)
		if inLink || !away.Match(n.Destination) {
			unwrap(parent, n)
			return
		}
		n.SetAttributeString("rel", []byte(Rel))
	case *ast.AutoLink:
		v.measure(n.URL(v.source), nil)
		if n.AutoLinkType == ast.AutoLinkURL && !away.Match(n.URL(v.source)) || inLink {
			parent.ReplaceChild(parent, n, ast.NewString(n.Label(v.source)))
			return
		}
		n.SetAttributeString("rel", []byte(Rel))
	case *ast.Image:
		v.measure(n.Destination, n.Title)
		v.children(n, depth+1, true)
		v.image(parent, n, inLink)
	case *extast.TaskCheckBox:
		box := "☐ "
		if n.IsChecked {
			box = "☑ "
		}
		parent.ReplaceChild(parent, n, ast.NewString([]byte(box)))
	default:
		v.children(n, depth, inLink)
	}
}

// image keeps one of ours, or a video; it makes a link of one from the web, and words of any other.
func (v *visit) image(parent ast.Node, n *ast.Image, inLink bool) {
	if id := uploaded.FindSubmatch(n.Destination); id != nil {
		p, known := v.media.Pictures[string(id[1])]
		if !known {
			unwrap(parent, n)
			return
		}
		sized(n, "/m/"+string(id[1]), p)
		v.measure(n.Destination, nil)
	}
	if ownImage.Match(n.Destination) {
		n.SetAttributeString("loading", []byte("lazy"))
		return
	}
	if v.video(parent, n, inLink) {
		return
	}
	if inLink || !web.Match(n.Destination) {
		unwrap(parent, n)
		return
	}
	link := ast.NewLink()
	link.Destination, link.Title = n.Destination, n.Title
	link.SetAttributeString("rel", []byte(Rel))
	if !n.HasChildren() {
		link.AppendChild(link, ast.NewString(n.Destination))
	}
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		link.AppendChild(link, c)
	}
	parent.ReplaceChild(parent, n, link)
}

// sized puts an uploaded image where it is, with its size, so that nothing moves when it comes, and with
// a smaller one beside it for phones.
func sized(n *ast.Image, address string, p Picture) {
	n.Destination = []byte(address)
	n.SetAttributeString("width", []byte(strconv.Itoa(p.Width)))
	n.SetAttributeString("height", []byte(strconv.Itoa(p.Height)))
	if p.PhoneWidth > 0 && p.PhoneWidth < p.Width {
		n.SetAttributeString("srcset", []byte(address+"-phone "+strconv.Itoa(p.PhoneWidth)+"w, "+address+" "+strconv.Itoa(p.Width)+"w"))
		n.SetAttributeString("sizes", []byte(columnWidth))
	}
}

// columnWidth is how wide an image stands on a page: as wide as a phone, at most as a column of text.
const columnWidth = "(max-width: 720px) 100vw, 680px"

// measure refuses an address that is too long, and repeated addresses that would fill the page.
func (v *visit) measure(address, title []byte) {
	v.written += len(address) + len(title)
	switch {
	case len(address) > longestURL:
		v.refused = refuse("markdown.address", longestURL)
	case v.written > largestHTML:
		v.refused = refuse("markdown.output", largestHTML>>10)
	}
}

// unwrap puts the children of a node in its place.
func unwrap(parent, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}
