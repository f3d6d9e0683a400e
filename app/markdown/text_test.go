package markdown_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"ricochet.example/app/markdown"
)

const drop = `## Born on the stairs

In Lyon one never runs on the flat for long.[^1] The **Traboule** comes from there: eleven members & *one* "question".

- rubber that holds
- 231 grams

[Book the bench](https://example.com) <b>now</b>

[^1]: Ask anyone.
`

func TestPlainTextHasTheWordsAndNoMarks(t *testing.T) {
	const want = "Born on the stairs\n" +
		"In Lyon one never runs on the flat for long. The Traboule comes from there: eleven members & one “question”.\n" +
		"rubber that holds\n231 grams\nBook the bench now"
	if got := markdown.Text(drop); got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	for src, want := range map[string]string{
		"": "", "a\nb": "a b", "|a|b|\n|-|-|\n|1|2|": "a b\n1 2", "`<b>`": "<b>", "&lt;script&gt;": "<script>",
		"> a\n>\n> b": "a\nb", "---": "", "![a](https://example.com/p.gif)": "a", "![a](/m/1)": "",
	} {
		if got := markdown.Text(src); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestAnExcerptEndsAfterAWholeWord(t *testing.T) {
	for max, want := range map[int]string{
		20:  "In Lyon one never…",
		18:  "In Lyon one never…",
		17:  "In Lyon one…",
		44:  "In Lyon one never runs on the flat for…", // no room for the ellipsis after "long."
		45:  "In Lyon one never runs on the flat for long.…",
		300: "In Lyon one never runs on the flat for long. The Traboule comes from there: eleven members & one “question”. rubber that holds 231 grams Book the bench now",
		1:   "…", 0: "",
	} {
		got := markdown.Excerpt(drop, max)
		if got != want || utf8.RuneCountInString(got) > max {
			t.Errorf("%d characters: %q, want %q", max, got, want)
		}
	}
	if got := markdown.Excerpt(strings.Repeat("a", 100), 10); got != "aaaaaaaaa…" {
		t.Errorf("a word longer than the excerpt: %q", got)
	}
}

func TestReadingTimeIsInWholeMinutes(t *testing.T) {
	for words, want := range map[int]int{0: 1, 1: 1, 210: 1, 211: 2, 840: 4} {
		if got := markdown.Minutes(strings.Repeat("word\n\n", words)); got != want {
			t.Errorf("%d words take %d minutes, want %d", words, got, want)
		}
	}
}
