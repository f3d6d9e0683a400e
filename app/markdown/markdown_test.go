package markdown_test

import (
	"errors"
	"strings"
	"testing"

	"ricochet.example/app/markdown"
)

const rel = ` rel="` + markdown.Rel + `"`

func TestMarkdownBecomesTheHTMLThatItsWriterMeans(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", ""},
		{"a paragraph", "Made for *stairs*, **really**.", "<p>Made for <em>stairs</em>, <strong>really</strong>.</p>\n"},
		{"a new line stays one", "One\nTwo", "<p>One<br>\nTwo</p>\n"},
		{"a heading", "## Born on the stairs", "<h2>Born on the stairs</h2>\n"},
		{"the largest heading is the page's own", "# Born", "<h2>Born</h2>\n"},
		{"a small heading", "#### Born", "<h4>Born</h4>\n"},
		{"a list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
		{"a numbered list that starts later", "3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
		{"a task list", "- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n"},
		{"a quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
		{"struck out", "~~a~~", "<p><del>a</del></p>\n"},
		{"a rule", "---", "<hr>\n"},
		{"code", "`<b>`", "<p><code>&lt;b&gt;</code></p>\n"},
		{"a block of code", "```go\nx\n```", "<pre><code class=\"language-go\">x\n</code></pre>\n"},
		{
			"a table with alignment", "|a|b|\n|:-|-:|\n|1|2|",
			"<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n" +
				"<tbody>\n<tr>\n<td align=\"left\">1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n",
		},
		{
			"a footnote", "a[^1]\n\n[^1]: b",
			"<p>a<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup></p>\n" +
				"<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr>\n<ol>\n<li id=\"fn:1\">\n" +
				"<p>b\u00a0<a href=\"#fnref:1\" class=\"footnote-backref\" role=\"doc-backlink\">↩︎</a></p>\n</li>\n</ol>\n</div>\n",
		},
		{"typographic marks", `"It's 'so'" -- a...`, "<p>“It’s ‘so’” – a…</p>\n"},
		{
			"a link", "[a](https://example.com/?b=c&d \"t\")",
			"<p><a href=\"https://example.com/?b=c&amp;d\" title=\"t\"" + rel + ">a</a></p>\n",
		},
		{"a link in capitals", "[a](HTTPS://example.com)", "<p><a href=\"https://example.com\"" + rel + ">a</a></p>\n"},
		{"a link to mail", "[a](mailto:ana@example.com)", "<p><a href=\"mailto:ana@example.com\"" + rel + ">a</a></p>\n"},
		{"a bare address", "see https://example.com.", "<p>see <a href=\"https://example.com\"" + rel + ">https://example.com</a>.</p>\n"},
		{"a bare e-mail address", "ana@example.com", "<p><a href=\"mailto:ana@example.com\"" + rel + ">ana@example.com</a></p>\n"},
		{"an image of ours", "![a](/m/0195-a_b.jpg)", "<p><img src=\"/m/0195-a_b.jpg\" alt=\"a\" loading=\"lazy\"></p>\n"},
		{
			"an image of ours in a link", "[![a](/m/1)](https://example.com)",
			"<p><a href=\"https://example.com\"" + rel + "><img src=\"/m/1\" alt=\"a\" loading=\"lazy\"></a></p>\n",
		},
	} {
		if got, err := markdown.Render(c.src); err != nil || got != c.want {
			t.Errorf("%s: %v\n got %q\nwant %q", c.name, err, got, c.want)
		}
	}
}

func TestWhatCouldHarmTheReaderBecomesWords(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a script", "a<script>alert(1)</script>", "<p>aalert(1)</p>\n"},
		{"a block of script", "<script>\nalert(1)\n</script>", "\n"},
		{"a handler", "<b onclick=alert(1)>a</b>", "<p>a</p>\n"},
		{"a style", "<p style=\"x\">a</p>", "\n"},
		{"a frame", "a <iframe src=https://example.com></iframe>", "<p>a </p>\n"},
		{"a script as link", "[a](javascript:alert(1))", "<p>a</p>\n"},
		{"a script as link behind an entity", "[a](javascript&colon;alert(1))", "<p>a</p>\n"},
		{"a script as link behind a tab", "[a](java&Tab;script:alert(1))", "<p>a</p>\n"},
		{"a script as link behind a control character", "[a](<\x01javascript:alert(1)>)", "<p>a</p>\n"},
		{"a scheme that hides", "[a](https&colon;//example.com)", "<p>a</p>\n"},
		{"a link to data", "[a](data:text/html,b)", "<p>a</p>\n"},
		{"a link to a blob", "[a](blob:https://example.com/1)", "<p>a</p>\n"},
		{"a link without scheme", "[a](//evil.example)", "<p>a</p>\n"},
		{"a link without a host", "[a](https://#b)", "<p>a</p>\n"},
		{"a link to a path of ours", "[a](/sign-out)", "<p>a</p>\n"},
		{"a link with a backslash", `[a](https:\\evil.example)`, "<p>a</p>\n"},
		{"an address in angle brackets of another scheme", "<ftp://example.com>", "<p>ftp://example.com</p>\n"},
		{"a script in angle brackets", "<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"},
		{
			"an image from elsewhere becomes a link", "![a](https://example.com/p.gif)",
			"<p><a href=\"https://example.com/p.gif\"" + rel + ">a</a></p>\n",
		},
		{
			"an image from elsewhere without words", "![](https://example.com/p.gif)",
			"<p><a href=\"https://example.com/p.gif\"" + rel + ">https://example.com/p.gif</a></p>\n",
		},
		{
			"an image from elsewhere in a link", "[![a](https://example.com/p.gif)](https://example.com)",
			"<p><a href=\"https://example.com\"" + rel + ">a</a></p>\n",
		},
		{"an image without scheme", "![a](//example.com/p.gif)", "<p>a</p>\n"},
		{"an image from a counting route", "![a](/go/0123456789abc/whatsapp)", "<p>a</p>\n"},
		{"an image that climbs", "![a](/m/../go/x)", "<p>a</p>\n"},
		{"an image as data", "![a](data:image/png;base64,AA)", "<p>a</p>\n"},
		{"a class that is not a language", "``` x\" onload=\"\ny\n```", "<pre><code>y\n</code></pre>\n"},
	} {
		got, err := markdown.Render(c.src)
		if want := c.want; err != nil || got != want && strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s: %v\n got %q\nwant %q", c.name, err, got, want)
		}
	}
}

func TestQuotationMarksFollowTheLanguage(t *testing.T) {
	for language, want := range map[string]string{
		"en": "<p>“It’s” a</p>\n", "fr": "<p>«\u202fIt’s\u202f» a</p>\n", "fr-CH": "<p>«\u202fIt’s\u202f» a</p>\n",
		"tlh": "<p>“It’s” a</p>\n", "": "<p>“It’s” a</p>\n",
	} {
		if got, err := markdown.RenderIn(`"It's" a`, language); err != nil || got != want {
			t.Errorf("%q: %q, %v", language, got, err)
		}
	}
}

func TestATextBeyondABoundIsRefusedByTheNameOfTheBound(t *testing.T) {
	table := func(columns int) string {
		return "|" + strings.Repeat("a|", columns) + "\n|" + strings.Repeat("-|", columns) + "\n"
	}
	paragraphs := func(s string, n int) string { return strings.Repeat(s+"\n\n", n) }
	for _, c := range []struct {
		name, src, key string
		limit          int
	}{
		{"a long text", paragraphs("abcdefgh", 6553), "", 0},
		{"a text that is too long", paragraphs("abcdefgh", 6554), "markdown.size", 64},
		{"a wide table", table(32), "", 0},
		{"a table that is too wide", table(33), "markdown.columns", 32},
		{"a table that is too wide in a quote", "> " + strings.ReplaceAll(table(33), "\n", "\n> "), "markdown.columns", 32},
		{"a table with too many cells", table(32) + strings.Repeat("|\n", 200), "markdown.cells", 4096},
		{"many tables with too many cells", paragraphs(table(31), 100), "markdown.cells", 4096},
		{"two hundred references", paragraphs("[a]: b", 200), "", 0},
		{"too many references", paragraphs("[a]: b", 201), "markdown.references", 200},
		{"a long address", "[a](https://" + strings.Repeat("a", 2040) + ")", "", 0},
		{"an address that is too long", "[a](https://" + strings.Repeat("a", 2041) + ")", "markdown.address", 2048},
		{"a bare address that is too long", "https://example.com/" + strings.Repeat("a", 2040), "markdown.address", 2048},
		{"deep quotes", strings.Repeat(">", 32) + "a", "", 0},
		{"quotes that are too deep", strings.Repeat(">", 33) + "a", "markdown.nesting", 32},
		{"lists that are too deep", strings.Repeat("- ", 33) + "a", "markdown.nesting", 32},
		{"numbered lists that are too deep", strings.Repeat("1. ", 33) + "a", "markdown.nesting", 32},
		{"lists that are too deep line by line", stairs(33), "markdown.nesting", 32},
		{"emphasis that is too deep", strings.Repeat("*a _b ", 20) + strings.Repeat("b_ a* ", 20), "markdown.nesting", 32},
		{"a long paragraph", strings.Repeat("ab ", 2730), "", 0},
		{"a paragraph that is too long", strings.Repeat("ab ", 2731), "markdown.paragraph", 8},
		{"a list longer than any paragraph", strings.Repeat("- ab\n", 3000), "", 0},
		{"too many quotation marks", strings.Repeat("'", 65), "markdown.paragraph", 8},
		{"too many links begun in one paragraph", strings.Repeat("[a](", 201), "markdown.paragraph", 8},
		{"references that grow into too much", "[a]: https://" + strings.Repeat("a", 2000) + "\n\n" +
			paragraphs(strings.Repeat("[a]", 200), 10), "markdown.output", 1024},
		{"characters that grow into too much", paragraphs(strings.Repeat("a@b.c ", 1300), 8), "", 0},
		{"bytes that are no text", "a\xff", "check.text", 0},
	} {
		html, err := markdown.Render(c.src)
		var refused *markdown.Refused
		if c.key == "" {
			if err != nil || html == "" && c.name != "two hundred references" {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !errors.As(err, &refused) || refused.Key != c.key || html != "" {
			t.Errorf("%s: %v, %d bytes; want %s", c.name, err, len(html), c.key)
			continue
		}
		if refused.Args[0] != "n" || refused.Args[1] != c.limit || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: %v, want a limit of %d", c.name, err, c.limit)
		}
		if markdown.Text(c.src) != "" || markdown.Minutes(c.src) != 1 {
			t.Errorf("%s: refused, but has text", c.name)
		}
	}
}

// stairs is a list in a list in a list, each begun on a line of its own.
func stairs(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}
