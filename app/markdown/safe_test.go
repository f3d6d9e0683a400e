package markdown_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/markdown"
)

// allowed are all elements and attributes that may come out, written down a second time on purpose.
var allowed = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "strong": nil, "em": nil,
	"del": nil, "blockquote": nil, "ul": nil, "pre": nil, "table": nil, "thead": nil, "tbody": nil, "tr": nil,
	"ol": {"start"}, "li": {"id"}, "code": {"class"}, "th": {"align"}, "td": {"align"}, "sup": {"id"},
	"div": {"class", "role"}, "a": {"href", "title", "rel", "class", "role"}, "img": {"src", "alt", "title", "loading"},
}

var footnote = regexp.MustCompile(`^#fn(ref\d*)?:\d+$`)

// unsafe returns what a reader should never be sent, empty if all is well.
func unsafe(page string) string {
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken, html.DoctypeToken:
			return "a comment or doctype"
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			attributes, ok := allowed[token.Data]
			if !ok {
				return "an element " + token.Data
			}
			values := make(map[string]string)
			for _, a := range token.Attr {
				if !slices.Contains(attributes, a.Key) {
					return token.Data + " with an attribute " + a.Key
				}
				values[a.Key] = a.Val
			}
			if wrong := unsafeAddress(token.Data, values); wrong != "" {
				return wrong
			}
		}
	}
}

func unsafeAddress(element string, values map[string]string) string {
	if src, ok := values["src"]; ok && !strings.HasPrefix(src, "/m/") {
		return "an image from " + src
	}
	href, ok := values["href"]
	if !ok || element != "a" || footnote.MatchString(href) {
		return ""
	}
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "mailto:") {
		return "a link to " + href
	}
	if values["rel"] != markdown.Rel {
		return "a link without its relation to " + href
	}
	return ""
}

func TestTheJudgeOfSafetyFindsWhatIsNotSafe(t *testing.T) {
	for page, safe := range map[string]bool{
		"<p>a</p>": true, "<script>": false, "<p onclick=x>": false, "<p style=x>": false, "<svg>": false, "<!--a-->": false,
		`<a href="https://a" rel="` + markdown.Rel + `">`: true, `<a href="https://a">`: false,
		`<a href="javascript:a" rel="` + markdown.Rel + `">`: false, `<a href="#fn:1">`: true, `<a href="#x">`: false,
		`<img src="https://a">`: false, `<img src="/m/1">`: true, `<img src="//a">`: false,
	} {
		if got := unsafe(page); (got == "") != safe {
			t.Errorf("%s: %q", page, got)
		}
	}
}

// Whatever is written, what comes out is within the allowed elements, attributes and addresses, at most
// a megabyte, and comes out again when rendered again.
func FuzzRender(f *testing.F) {
	for _, src := range []string{
		drop, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))",
		"[a](javascript&colon;alert(1))", "[a](java\nscript:alert(1))", "![a](https://example.com/p.gif)", "![a](//example.com/p.gif)",
		"![a][b]\n\n[b]: data:image/svg+xml,x", "<a href=javascript:alert(1)>a</a>", "<javascript:alert(1)>", "[a]: javascript:b\n\n[a]",
		"|a|\n|:-:|\n|<b style=x>|", "- [x] <svg/onload=x>", "a[^1]\n\n[^1]: <script>", "```\"onload=x\n```", "[a](https://\"onclick=x)",
		"[a](<https://x> \"t\\\" onclick=x\")", "https://a/\"onclick=x", "www.a.b/'><script>", "<style>p{}</style>", "<!--[if a]><script><![endif]-->",
		"[![![a](https://x)](https://y)](https://z)", "&lt;script&gt;", "\x00<\x00script>", "<math><mi//xlink:href=\"data:x\">", "{onclick=x}\n# a {style=x}",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, language := range []string{"en", "fr"} {
			page, err := markdown.RenderIn(src, language)
			if refused := new(markdown.Refused); err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			if wrong := unsafe(page); wrong != "" {
				t.Fatalf("%q gives %s: %s", src, wrong, page)
			}
			if again, _ := markdown.RenderIn(src, language); again != page || len(page) > 1<<20 {
				t.Fatalf("%q gives %d bytes, then %d", src, len(page), len(again))
			}
		}
		if text := markdown.Text(src); strings.Contains(text, "\x00") {
			t.Fatalf("%q has NUL in its text %q", src, text)
		}
	})
}

func TestTheBombsAndTheirPiecesAreSafeToo(t *testing.T) {
	for name, bomb := range bombs {
		if page, _ := markdown.Render(bomb(8 << 10)); unsafe(page) != "" {
			t.Errorf("%s: %s", name, unsafe(page))
		}
	}
}
