package markdown_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"ricochet.example/app/markdown"
)

// bombs are small texts that made parsers of Markdown take gigabytes or minutes: each gives the text
// that repeats to a size.
var bombs = map[string]func(size int) string{
	"a table far wider than long": func(n int) string {
		return "|" + strings.Repeat("a|", n/8) + "\n|" + strings.Repeat("-|", n/8) + "\n" + strings.Repeat("|\n", n/8)
	},
	"a table of 31 columns and short rows": func(n int) string {
		return "|" + strings.Repeat("a|", 31) + "\n|" + strings.Repeat("-|", 31) + "\n" + strings.Repeat("|\n", n/2)
	},
	"many small tables":    repeat("|a|b|\n|-|-|\n|c\n\n"),
	"only rows of dashes":  repeat("|-|-|\n"),
	"escaped bars in code": func(n int) string { return "|a|\n|-|\n" + repeat("|`\\|`|\n")(n) },
	"one long address referred to again and again": func(n int) string {
		return "[a]: http://x/" + strings.Repeat("a", 2000) + "\n\n" + repeat("[a]")(n)
	},
	"the same in many paragraphs": func(n int) string {
		return "[a]: http://x/" + strings.Repeat("a", 2000) + "\n\n" + repeat("[a]\n\n")(n)
	},
	"definitions":                         repeat("[a]: b\n"),
	"footnotes referred to":               func(n int) string { return "[^1]: a\n\n" + repeat("[^1]\n\n")(n) },
	"quotes in quotes":                    repeat(">"),
	"lists in lists":                      repeat("- "),
	"numbered lists in lists":             repeat("1. "),
	"stairs of lists":                     func(n int) string { return stairs(n / 300) },
	"open emphasis":                       repeat("*a "),
	"emphasis in emphasis":                func(n int) string { return repeat("*a_")(n/2) + repeat("_a*")(n/2) },
	"stars within words":                  repeat("a**b"),
	"open brackets":                       repeat("["),
	"links in links":                      func(n int) string { return repeat("[")(n/6) + repeat("](a)")(n/6*4) },
	"images in images":                    repeat("!["),
	"links that never end":                repeat("[a](<b"),
	"links that never end, in paragraphs": repeat(strings.Repeat("[a](<b", 190) + "\n\n"),
	"quotation marks":                     repeat("\""),
	"quotation marks and words":           repeat("\"a "),
	"apostrophes":                         repeat("'"),
	"apostrophes, in paragraphs":          repeat(strings.Repeat("'''''' a ", 900) + "\n\n"),
	"backquotes of every length": func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString("a" + strings.Repeat("`", i))
		}
		return b.String()
	},
	"open tags":                   repeat("<a "),
	"open comments":               repeat("<!--"),
	"ampersands":                  repeat("&"),
	"addresses":                   repeat("www.a.b\n\n"),
	"e-mail addresses":            repeat("a@b.c\n\n"),
	"lines":                       repeat("a\n\n"),
	"lines lazily in deep quotes": func(n int) string { return strings.Repeat("> ", 30) + "a\n" + repeat("a\n")(n) },
	"tasks":                       repeat("- [ ] a\n"),
	"struck out":                  repeat("~~a "),
	"nothing":                     repeat("\x00"),
}

func repeat(s string) func(int) string {
	return func(size int) string { return strings.Repeat(s, size/len(s)) }
}

// Memory is counted in all that is allocated on the way, which does not depend on the machine or on what
// else it does; and since every step writes something, it bounds the steps too.
func TestNoBombTakesMoreThan64MegabytesOrGivesMoreThanOne(t *testing.T) {
	for name, bomb := range bombs {
		for _, size := range []int{16 << 10, 64 << 10, 256 << 10} {
			t.Run(fmt.Sprintf("%s, %d KiB", name, size>>10), func(t *testing.T) {
				src := bomb(size)
				if size == 64<<10 && len(src) > size {
					src = src[:size] // what stands before the repetition must not make it too long to be tried
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				html, err := markdown.Render(src)
				runtime.ReadMemStats(&after)
				if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
					t.Errorf("%d MB allocated", taken>>20)
				}
				if len(html) > 1<<20 {
					t.Errorf("%d bytes of HTML", len(html))
				}
				if size > 64<<10 && len(src) > 64<<10 && err == nil {
					t.Error("too long, but rendered")
				}
			})
		}
	}
}
