package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Media are what a text may show, by their ids.
type Media struct {
	Pictures map[string]Picture
	Videos   map[string]Video
}

// Picture is one of ours that a text may show, in pixels.
type Picture struct {
	Width, Height int
	PhoneWidth    int // of the size for phones
}

// The lines around what is only for some: ":::early" is for those who read before everyone may, ":::public"
// for whoever reads from then on, and ":::" ends either. How far they are indented is for the parser to judge.
var (
	blockBegins = regexp.MustCompile(`(?i)^[ \t]*::: ?(early|public)\s*$`)
	blockEnds   = regexp.MustCompile(`^[ \t]*:::\s*$`)
)

// mostPasses is how often a text is looked through for blocks: what was code while a block was there can be
// none without it.
const mostPasses = 4

// For returns what a text says to those who read early, or to everyone once it is public. A block that does
// not end goes on to the end of the text, so that nobody sees by a slip what is not for them; one inside
// another ends the one before. What is code to the parser that renders the text says what it says.
func For(src string, public bool) string {
	if !strings.Contains(src, ":::") {
		return src
	}
	if before(src) != nil {
		if public {
			return "" // it is refused by how it reads early
		}
		return src
	}
	for range mostPasses {
		found := marks(src)
		if len(found) == 0 {
			return src
		}
		src = without(src, found, public)
	}
	if found := marks(src); len(found) > 0 {
		return src[:found[0].at]
	}
	return src
}

// without returns a text without its marks, and without the blocks that are for others.
func without(src string, found []mark, public bool) string {
	var b strings.Builder
	audience, from := "", 0
	for _, m := range append(found, mark{at: len(src), next: len(src)}) {
		if audience == "" || (audience == "public") == public {
			b.WriteString(src[from:m.at])
		}
		if m.at < m.next {
			b.WriteByte('\n')
		}
		audience, from = m.audience, m.next
	}
	return b.String()
}

// mark is a line that begins a block, or ends one.
type mark struct {
	at, next int    // where it begins, and the line after it
	audience string // early or public; empty: it ends one
}

// marks returns the marks of a text in their order: those lines that the parser would not take for code.
func marks(src string) []mark {
	ctx := parser.NewContext()
	blocksOnly.Parse(text.NewReader([]byte(src)), parser.WithContext(ctx))
	found, _ := ctx.Get(marksKey).([]mark)
	return found
}

// marksKey is where the parser leaves the marks that it came by.
var marksKey = parser.NewContextKey()

// blocksOnly is how the engines tell the blocks of a text, with marks as blocks of their own and nothing read
// inside of blocks.
var blocksOnly = func() parser.Parser {
	blocks := append(parser.DefaultBlockParsers(), util.Prioritized(extension.NewFootnoteBlockParser(), 999),
		util.Prioritized(marking{}, 0))
	for n, b := range blocks {
		if b.Priority == htmlPriority {
			blocks[n] = util.Prioritized(markedHTML{parser.NewHTMLBlockParser()}, b.Priority)
		}
	}
	return parser.NewParser(parser.WithBlockParsers(blocks...))
}()

// htmlPriority is where goldmark's block parsers have the one for HTML.
const htmlPriority = 900

// marked returns the mark in the line at which a reader stands; none in a line of a quotation.
func marked(reader text.Reader, ctx parser.Context) (m mark, ok bool) {
	_, segment := reader.PeekLine()
	source := reader.Source()
	m = mark{at: bytes.LastIndexByte(source[:segment.Start], '\n') + 1, next: segment.Stop}
	line := source[m.at:m.next]
	if begins := blockBegins.FindSubmatch(line); begins != nil {
		m.audience = strings.ToLower(string(begins[1]))
		return m, true
	}
	before, _ := ctx.Get(marksKey).([]mark)
	return m, len(before) > 0 && before[len(before)-1].audience != "" && blockEnds.Match(line)
}

// marking is the parser of marks.
type marking struct{}

// Trigger is how a mark begins.
func (marking) Trigger() []byte { return []byte{':'} }

// Open notes a mark.
func (marking) Open(_ ast.Node, reader text.Reader, ctx parser.Context) (ast.Node, parser.State) {
	m, ok := marked(reader, ctx)
	if words := ast.IsParagraph(ctx.LastOpenedBlock().Node); !ok || ctx.BlockIndent() > 3 && !words {
		return nil, parser.NoChildren
	}
	before, _ := ctx.Get(marksKey).([]mark)
	ctx.Set(marksKey, append(before, m))
	reader.AdvanceToEOL()
	return ast.NewTextBlock(), parser.NoChildren
}

// Continue says that a mark is one line.
func (marking) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }

// Close has nothing to do.
func (marking) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph says that no empty line is needed before a mark.
func (marking) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine says that what is indented like code is none where a paragraph goes on.
func (marking) CanAcceptIndentedLine() bool { return true }

// markedHTML is the parser of HTML, which no reader gets to see: marks stand in it as anywhere.
type markedHTML struct{ parser.BlockParser }

// Continue ends the HTML at a mark.
func (h markedHTML) Continue(node ast.Node, reader text.Reader, ctx parser.Context) parser.State {
	if _, ok := marked(reader, ctx); ok {
		return parser.Close
	}
	return h.BlockParser.Continue(node, reader, ctx)
}

// moved is the addresses of an image or a video in HTML that Render made. What people write is escaped there, so
// that nothing else looks like it.
var moved = regexp.MustCompile(` (src|srcset|poster|href)="(/[mv]/[^"]*)"`)

// kept are the two beginnings of these addresses.
var kept = regexp.MustCompile(`/[mv]/`)

// Under returns HTML that Render made with its images and videos at another address: what was at /m/ is at
// prefix/m/, and what was at /v/ at prefix/v/.
func Under(page, prefix string) string {
	return moved.ReplaceAllStringFunc(page, func(attribute string) string {
		return kept.ReplaceAllStringFunc(attribute, func(at string) string { return prefix + at })
	})
}

// Images returns what is between "image:" and the end of the address of each picture that a text refers to,
// and whether it is shown without a word for those who cannot see it.
func Images(src string) []Reference { return references(src, "image") }

// Videos are those that a text refers to, likewise: the uploaded ones, not those that are elsewhere.
func Videos(src string) []Reference { return references(src, "video") }

func references(src, kind string) (refs []Reference) {
	for _, m := range reference.FindAllStringSubmatch(src, -1) {
		if m[2] == kind {
			refs = append(refs, Reference{ID: m[3], Alt: strings.TrimSpace(m[1])})
		}
	}
	return refs
}

// Reference is a picture or a video that a text shows.
type Reference struct{ ID, Alt string }

var reference = regexp.MustCompile(`!\[([^\]\n]*)\]\(\s*<?(image|video):([a-z0-9]{1,64})[\s>)]`)
