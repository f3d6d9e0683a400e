package markdown_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/markdown"
)

var tags = regexp.MustCompile(`<[^>]*>`)

func TestBlocksAreForTheOneOrTheOther(t *testing.T) {
	for name, c := range map[string]struct{ src, early, public string }{
		"no blocks":            {"a\n\nb", "a b", "a b"},
		"for early readers":    {"a\n\n:::early\nb\n:::\n\nc", "a b c", "a c"},
		"for everyone":         {"a\n\n:::public\nb\n:::\n\nc", "a c", "a b c"},
		"both, without lines":  {"a\n:::early\nb\n:::\n:::public\nc\n:::\nd", "a b d", "a c d"},
		"as others write it":   {"::: Early  \r\nb\r\n:::\r\nc", "b c", "c"},
		"never ends":           {"a\n:::early\nb\n\nc", "a b c", "a"},
		"one in another":       {":::early\na\n:::public\nb\n:::\nc", "a c", "b c"},
		"an end of nothing":    {"a\n\n:::\n\nb", "a ::: b", "a ::: b"},
		"another name":         {":::late\na\n:::", ":::late a :::", ":::late a :::"},
		"in code":              {"```\n:::early\nb\n:::\n```\nc", ":::early b ::: c", ":::early b ::: c"},
		"code in a block":      {":::early\n```\n:::\n```\nb\n:::\nc", "::: b c", "c"},
		"a word in a line":     {"a :::early b", "a :::early b", "a :::early b"},
		"a note of a block":    {"a\n\n:::early\nb[^1]\n:::\n\n[^1]: secret", "a b1 1. secret", "a"},
		"a list around it":     {"- a\n:::early\n- b\n:::\n- c", "a b c", "a c"},
		"code that never ends": {":::early\n```\nb\n:::\nc", "b ::: c", ""},
		"a line of code that only looks like a fence": {"```HALO``` is the code\n\n:::early\nsecret\n:::\nc", "HALO is the code secret c", "HALO is the code c"},
		"tildes, which are one":                       {"~~~ `a`\n:::early\nb\n:::\n~~~\nc", ":::early b ::: c", ":::early b ::: c"},
		"a fence that more marks end":                 {"```\n:::early\n`````\n\n:::early\nsecret\n:::", ":::early secret", ":::early"},
		"a fence that fewer do not":                   {"````\n```\n:::early\nb\n````\nc", "``` :::early b c", "``` :::early b c"},
		"a fence that words do not end":               {"```\n``` a\n:::early\n```\nc", "``` a :::early c", "``` a :::early c"},
		"code of an item, which ends with it":         {"- a\n\n  ```\n:::early\nsecret\n:::\nc", "a secret c", "a c"},
		"code of an item, with its end":               {":::early\n- ```\n  :::\n  ```\n\nsecret\n:::\nc", "::: secret c", "c"},
		"code of a quotation, which ends with it":     {"> ```\n:::early\nsecret\n:::\nc", "secret c", "c"},
		"indented code":                               {"a\n\n    :::early\n    b\n\nc", "a :::early b c", "a :::early b c"},
		"indented in an item":                         {"1. a\n   :::early\n   secret\n   :::\n   c", "a secret c", "a c"},
		"in HTML, which nobody sees":                  {"<div>\n:::early\n\nsecret\n:::\n\nc", "secret c", "c"},
		"code in a comment":                           {"<!--\n:::early\nx\n:::\n```\n-->\n:::early\nsecret\n:::\n\nc", "secret c", "c"},
		"code by a block that is not there":           {"- a\n:::public\nx\n:::\n  ```\n:::early\nsecret", "a secret", "a x :::early secret"},
	} {
		for _, public := range []bool{false, true} {
			page, err := markdown.Render(markdown.For(c.src, public))
			if err != nil {
				t.Fatal(err)
			}
			want := c.early
			if public {
				want = c.public
			}
			got := strings.Join(strings.Fields(strings.NewReplacer("↩︎", "", "&#160;", " ").Replace(tags.ReplaceAllString(page, " "))), " ")
			if name == "a note of a block" {
				if strings.Contains(got, "secret") == public {
					t.Errorf("%s, public %v: %q", name, public, got)
				}
				continue
			}
			if got != want {
				t.Errorf("%s, public %v: %q, not %q", name, public, got, want)
			}
		}
	}
	if got := markdown.Text("a\n\n:::early\nb\n:::"); got != "a" {
		t.Errorf("for everyone it says %q", got)
	}
}

func TestPicturesHaveTheirSizeAndMoveWithTheirPage(t *testing.T) {
	pictures := map[string]markdown.Picture{"abc1": {Width: 1600, Height: 900, PhoneWidth: 800}, "small": {Width: 300, Height: 200, PhoneWidth: 300}}
	src := "![A sole](image:abc1 \"T\")\n\n![small](image:small)\n\n![Other](image:other) ![x](image:../abc1) ![y](IMAGE:abc1) ` src=\"/m/abc1\"`"
	page, err := markdown.RenderWith(src, "en", markdown.Media{Pictures: pictures})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<img src="/m/abc1" alt="A sole" title="T" width="1600" height="900" srcset="/m/abc1-phone 800w, /m/abc1 1600w" sizes="(max-width: 720px) 100vw, 680px" loading="lazy">`,
		`<img src="/m/small" alt="small" width="300" height="200" loading="lazy">`,
		"<p>Other x y",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %s in %s", want, page)
		}
	}
	moved := markdown.Under(page, "/s/token")
	for _, want := range []string{`src="/s/token/m/abc1"`, `srcset="/s/token/m/abc1-phone 800w, /s/token/m/abc1 1600w"`, `src=&#34;/m/abc1&#34;`} {
		if !strings.Contains(moved, want) {
			t.Errorf("there is no %s in %s", want, moved)
		}
	}
	want := []markdown.Reference{{ID: "abc1", Alt: "A sole"}, {ID: "small", Alt: "small"}, {ID: "other", Alt: "Other"}}
	if got := markdown.Images(src); !slices.Equal(got, want) {
		t.Errorf("it refers to %v", got)
	}
}

// A text of nothing but pictures stays within the bounds of any text.
func TestAThousandPicturesAreBounded(t *testing.T) {
	pictures := map[string]markdown.Picture{"a": {Width: 1600, Height: 900, PhoneWidth: 800}}
	page, err := markdown.RenderWith(strings.Repeat("![](image:a)\n\n", 4600), "en", markdown.Media{Pictures: pictures})
	if err == nil && len(page) > 1<<20 {
		t.Errorf("%d bytes", len(page))
	}
}

// pieces are what texts are made of to find one in which a block is told otherwise than it is shown.
var pieces = []string{
	":::early", ":::public", ":::", "  :::early", "   :::", "    :::early", "```", "````", "~~~", "``` a`b", "```go", "~~~ `", "  ```", "   ~~~",
	"    ```", "- a", "- ```", "  b", "1. ~~~", "   c", "> ```", "> a", ">", "", "d", "\t```", "<div>", "<!--", "-->", "</div>", "[^1]: ```", "[a]:",
	"# e", "---", "===", "| f |", "|---|", "<pre>", "\\```", "* * *", "+   ~~~", "> :::early", "- :::early",
}

// For and the parser agree on what is code: whatever the text, no mark is shown as if it were words, but for
// those that stand in a quotation or right after the sign of a list.
func FuzzNoBlockIsShownAsWords(f *testing.F) {
	f.Add([]byte{15, 23, 12, 0, 24, 2})
	f.Add([]byte{6, 9, 23, 0, 24, 2, 24})
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 1))
		some := make([]byte, 3+random.IntN(14))
		for n := range some {
			some[n] = byte(random.IntN(len(pieces)))
		}
		f.Add(some)
	}
	code := regexp.MustCompile(`(?s)<pre>.*?</pre>`)
	f.Fuzz(func(t *testing.T, some []byte) {
		if len(some) > 500 {
			t.Skip("it says the same over and over")
		}
		var lines []string
		quoted := false
		for _, n := range some {
			line := pieces[int(n)%len(pieces)]
			quoted = quoted || strings.HasPrefix(line, "> :::") || strings.HasPrefix(line, "- :::")
			lines = append(lines, line)
		}
		src := strings.Join(lines, "\n")
		for _, public := range []bool{false, true} {
			page, err := markdown.Render(markdown.For(src, public))
			if err != nil {
				t.Skip(err)
			}
			if words := code.ReplaceAllString(page, ""); !quoted && strings.Contains(words, ":::early") {
				t.Errorf("public %v: %q is shown as %q", public, src, page)
			}
		}
	})
}
