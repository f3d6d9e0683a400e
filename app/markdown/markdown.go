// Package markdown turns what people write in Markdown into HTML that is safe to show to anyone, within
// fixed bounds of work and size, and into plain text.
package markdown

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Rel is the relation of every link that leads away: the page it leads to learns nothing of ours and
// gains nothing from us.
const Rel = "noopener noreferrer nofollow ugc"

// Render returns the HTML of a Markdown text with English quotation marks. The error is a *Refused where
// the text goes beyond a bound.
func Render(src string) (string, error) { return RenderIn(src, "en") }

// RenderIn is Render with the quotation marks of a language.
func RenderIn(src, language string) (string, error) { return RenderWith(src, language, Media{}) }

// RenderWith is RenderIn of a text that may show pictures and videos: those that are named here, where the text says
// ![words](image:ID) or ![words](video:ID). Of any other it shows the words.
func RenderWith(src, language string, media Media) (string, error) {
	if err := before(src); err != nil {
		return "", err
	}
	engine := engines["en"]
	if base, _, _ := strings.Cut(language, "-"); engines[base] != nil {
		engine = engines[base]
	}
	source, ctx := []byte(src), parser.NewContext()
	ctx.Set(mediaKey, media)
	doc := engine.Parser().Parse(text.NewReader(source), parser.WithContext(ctx))
	if err, ok := ctx.Get(refusedKey).(*Refused); ok {
		return "", err
	}
	dirty, clean := capped{left: largestHTML}, capped{left: largestHTML}
	if err := engine.Renderer().Render(&dirty, source, doc); err != nil {
		return "", refusedOr(err)
	}
	if err := policy.SanitizeReaderToWriter(&dirty.Buffer, &clean); err != nil {
		return "", refusedOr(err)
	}
	return clean.String(), nil
}

// refusedOr returns the Refused in an error that came through a library, or else the error.
func refusedOr(err error) error {
	if refused := new(Refused); errors.As(err, &refused) {
		return refused
	}
	return err
}

// capped is a buffer that takes no more than it has room for.
type capped struct {
	bytes.Buffer
	left int
}

func (c *capped) Write(b []byte) (int, error) {
	if len(b) > c.left {
		c.left = 0
		return 0, refuse("markdown.output", largestHTML>>10)
	}
	c.left -= len(b)
	return c.Buffer.Write(b)
}

func (c *capped) WriteString(s string) (int, error) { return c.Write([]byte(s)) }

var _ io.StringWriter = (*capped)(nil)

// engines are goldmark with our choice of extensions, by language. The substitutions are characters
// rather than entities, so that plain text has them as well.
var engines = map[string]goldmark.Markdown{
	"en": engine(extension.TypographicSubstitutions{
		extension.LeftDoubleQuote: []byte("“"), extension.RightDoubleQuote: []byte("”"),
		extension.LeftSingleQuote: []byte("‘"), extension.RightSingleQuote: []byte("’"),
	}),
	"fr": engine(extension.TypographicSubstitutions{
		extension.LeftDoubleQuote: []byte("«\u202f"), extension.RightDoubleQuote: []byte("\u202f»"),
		extension.LeftSingleQuote: []byte("“"), extension.RightSingleQuote: []byte("”"),
	}),
}

func engine(quotes extension.TypographicSubstitutions) goldmark.Markdown {
	for mark, c := range map[extension.TypographicPunctuation]string{
		extension.Apostrophe: "’", extension.Ellipsis: "…", extension.EnDash: "–", extension.EmDash: "—",
		extension.LeftAngleQuote: "«", extension.RightAngleQuote: "»",
	} {
		quotes[mark] = []byte(c)
	}
	return goldmark.New(
		goldmark.WithExtensions(
			extension.Linkify, extension.Strikethrough, extension.TaskList, extension.Footnote, tables{},
			extension.NewTypographer(extension.WithTypographicSubstitutions(quotes)),
		),
		// After all transformers of the extensions, so that nothing slips in behind it.
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(house{}, 10_000))),
		// Who presses Enter in a form expects a new line.
		goldmark.WithRendererOptions(html.WithHardWraps()),
	)
}

// tables are goldmark's, with a bound before the cells are made and alignment as an attribute, for
// style= is what the Content-Security-Policy forbids.
type tables struct{}

func (tables) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(
			util.Prioritized(boundedTable{extension.NewTableParagraphTransformer()}, 200)),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(
		extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500)))
}

// policy is all the HTML that a text can become, a second judge after goldmark and the house rules, which
// share no code with it.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote",
		"ul", "ol", "li", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "sup", "div")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true) // for footnotes and our own images; the patterns here keep others out
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").Matching(regexp.MustCompile(`(?i)^(https?://|mailto:)|^#fn(ref\d*)?:\d+$|^/v/[a-z0-9]{1,64}$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(Rel)).OnElements("a")
	p.AllowAttrs("title").OnElements("a", "img")
	p.AllowAttrs("src").Matching(ownImage).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("srcset").Matching(ownImages).OnElements("img")
	p.AllowAttrs("sizes").Matching(exactly(columnWidth)).OnElements("img")
	p.AllowAttrs("src").Matching(ownVideo).OnElements("video")
	p.AllowAttrs("poster").Matching(ownImage).OnElements("video")
	p.AllowAttrs("controls", "playsinline").Matching(exactly("")).OnElements("video")
	p.AllowAttrs("preload").Matching(exactly("none")).OnElements("video")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("video")
	p.AllowAttrs("aria-label").OnElements("video")
	p.AllowAttrs("kind").Matching(exactly("subtitles")).OnElements("track")
	p.AllowAttrs("src").Matching(ownTrack).OnElements("track")
	p.AllowAttrs("srclang").Matching(regexp.MustCompile(`^[a-z-]{2,12}$`)).OnElements("track")
	p.AllowAttrs("label").OnElements("track")
	p.AllowAttrs("target").Matching(exactly("_blank")).OnElements("a")
	p.AllowAttrs("class").Matching(exactly(watchClass)).OnElements("a")
	p.AllowElements("small")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[\w-]{1,32}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnote-(ref|backref)$`)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly("footnotes")).OnElements("div")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(noteref|backlink|endnotes)$`)).OnElements("a", "div")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^fn(ref\d*)?:\d+$`)).OnElements("sup", "li")
	return p
}()

// ownImages are two sizes of an image that was uploaded here.
var ownImages = regexp.MustCompile(`^/m/[a-z0-9]{1,64}-phone \d+w, /m/[a-z0-9]{1,64} \d+w$`)

func exactly(value string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(value) + "$")
}
