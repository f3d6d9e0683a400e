package markdown

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// wordsAMinute is how fast people read, in words a minute, on the slow side for both our languages:
// Brysbaert, "How many words do we read per minute?" (2019), has 238 for English and 214 for French.
const wordsAMinute = 210

// Text returns the words of a Markdown text as everyone may read them, without any marks, a paragraph,
// heading or list item a line, without footnotes. A text that is refused has none.
func Text(src string) string { return strings.Join(blocks(src, false), "\n") }

// Excerpt returns the beginning of a Markdown text for a card: one line of at most limit characters,
// without headings, cut after a whole word with an ellipsis.
func Excerpt(src string, limit int) string {
	return shorten(strings.Join(blocks(src, true), " "), limit)
}

// Minutes returns how long a Markdown text takes to read, at least one minute.
func Minutes(src string) int {
	return max(1, (len(strings.Fields(Text(src)))+wordsAMinute-1)/wordsAMinute)
}

// MinutesOf returns how long a rendered text takes to read, at least one minute.
func MinutesOf(page string) int {
	words := len(strings.Fields(strings.Join(lines(page, false), "\n")))
	return max(1, (words+wordsAMinute-1)/wordsAMinute)
}

// breaks are the elements that begin and end a line of text.
var breaks = map[string]bool{
	"p": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "li": true, "pre": true,
	"blockquote": true, "tr": true, "hr": true, "ul": true, "ol": true, "div": true,
}

// blocks reads the lines of text out of the rendered page, so that both always say the same.
func blocks(src string, withoutHeadings bool) []string {
	page, err := Render(For(src, true))
	if err != nil {
		return nil
	}
	return lines(page, withoutHeadings)
}

// lines are those of a rendered page.
func lines(page string, withoutHeadings bool) (lines []string) {
	page, _, _ = strings.Cut(page, `<div class="footnotes"`)
	var line strings.Builder
	skip := false
	finish := func() {
		if words := strings.Join(strings.Fields(line.String()), " "); words != "" {
			lines = append(lines, words)
		}
		line.Reset()
	}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			finish()
			return lines
		case html.TextToken:
			if !skip {
				line.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := string(name)
			if breaks[tag] {
				finish()
			} else if tag == "br" || tag == "td" || tag == "th" {
				line.WriteByte(' ')
			}
			// What stands in a video is for browsers that cannot show it, and what is small says where a link leads.
			if tag == "sup" || tag == "video" || tag == "small" || withoutHeadings && len(tag) == 2 && tag[0] == 'h' && tag != "hr" {
				skip = kind == html.StartTagToken
			}
		}
	}
}

// shorten cuts text after a whole word, so that it has at most limit characters with its ellipsis.
func shorten(text string, limit int) string {
	if limit < 1 {
		return ""
	}
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)[:limit]
	cut := string(runes[:limit-1])
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 && runes[limit-1] != ' ' {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:–—-\u202f\u00a0") + "…"
}
