package markdown_test

import (
	"strings"
	"testing"

	"ricochet.example/app/markdown"
)

var films = markdown.Media{
	Pictures: map[string]markdown.Picture{"still": {Width: 20, Height: 20}},
	Videos:   map[string]markdown.Video{"abc1": {Width: 1080, Height: 1920, Poster: "still"}, "plain": {Width: 640, Height: 360}},
}

func TestUploadedVideosArePlayedInTheirPlaceAndMoveWithTheirPage(t *testing.T) {
	src := "![A \"sole\" & \\<b>](video:abc1)\n\n![](video:plain)\n\n![Other](video:other)\n\n[![In a link](video:abc1)](https://a.example)"
	page, err := markdown.RenderWith(src, "en", films)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<video src="/v/abc1" controls="" preload="none" playsinline="" width="1080" height="1920" poster="/m/still" aria-label="A “sole” &amp; &lt;b&gt;"><a href="/v/abc1">A “sole” &amp; &lt;b&gt;</a></video>`,
		`<video src="/v/plain" controls="" preload="none" playsinline="" width="640" height="360"><a href="/v/plain">▶</a></video>`,
		"<p>Other</p>", `">In a link</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %s in %s", want, page)
		}
	}
	if n := strings.Count(page, "<video"); n != 2 {
		t.Errorf("there are %d videos", n)
	}
	moved := markdown.Under(page, "/s/token")
	for _, want := range []string{`src="/s/token/v/abc1"`, `poster="/s/token/m/still"`, `href="/s/token/v/abc1"`} {
		if !strings.Contains(moved, want) {
			t.Errorf("there is no %s in %s", want, moved)
		}
	}
	if strings.Contains(moved, `"/v/`) || strings.Contains(moved, `"/m/`) {
		t.Errorf("something stayed behind: %s", moved)
	}
	if got := markdown.Videos(src); len(got) != 4 || got[0].ID != "abc1" || got[1].Alt != "" {
		t.Errorf("it refers to %v", got)
	}
	if got := markdown.Images(src); len(got) != 0 {
		t.Errorf("it shows pictures: %v", got)
	}
}

func TestVideosElsewhereAreLinksToThem(t *testing.T) {
	for src, want := range map[string]string{
		"![The making](https://www.youtube.com/watch?v=a_b&t=3)": `<a href="https://www.youtube.com/watch?v=a_b&amp;t=3" rel="` + markdown.Rel + `" class="watch" target="_blank">The making <small>youtube.com</small></a>`,
		"![](https://youtu.be/ab)":                               `<a href="https://youtu.be/ab" rel="` + markdown.Rel + `" class="watch" target="_blank">youtu.be</a>`,
		"![x](video:https://films.example/1)":                    `<a href="https://films.example/1" rel="` + markdown.Rel + `" class="watch" target="_blank">x <small>films.example</small></a>`,
		"![x](https://films.example/a.MP4)":                      `class="watch"`,
		"![x](https://player.vimeo.com/video/1)":                 `class="watch"`,
	} {
		page, err := markdown.RenderWith(src, "en", films)
		if err != nil || !strings.Contains(page, want) {
			t.Errorf("%s: there is no %s in %s (%v)", src, want, page, err)
		}
	}
	for _, src := range []string{
		"![x](https://notyoutube.com/1)", "![x](http://youtube.com/1)", "![x](https://films.example/a.jpg)", "![x](video:javascript:alert)",
		"![x](video:http://films.example/1)", "![x](video:https://)", "![x](https://youtube.com.films.example/1)", "![x](video:https://me@films.example/1)",
		"[![x](https://youtu.be/ab)](https://a.example)",
	} {
		page, err := markdown.RenderWith(src, "en", films)
		if err != nil || strings.Contains(page, "watch") || strings.Contains(page, "javascript") {
			t.Errorf("%s: %s (%v)", src, page, err)
		}
	}
	if got := markdown.Text("Before\n\n![The making](https://youtu.be/ab)\n\nAfter"); got != "Before\nThe making\nAfter" {
		t.Errorf("it says %q", got)
	}
}

// What people write can make no video of its own: neither as HTML nor by what stands in the words of one.
func TestNobodyWritesAVideoButByItsReference(t *testing.T) {
	for _, src := range []string{
		`<video src="/v/abc1" controls></video>`, `![x](/v/abc1)`, "![\"><video src=x onerror=y>](video:other)", "[x](/v/abc1)",
		"![x](video:ABC1)", "![x](video:abc1/../z)", "`![x](video:abc1)`",
	} {
		page, err := markdown.RenderWith(src, "en", films)
		if err != nil || strings.Contains(page, "<video") || strings.Contains(page, `"/v/`) {
			t.Errorf("%s: %s (%v)", src, page, err)
		}
	}
	page, err := markdown.RenderWith(`![" onplay="x" \" &quot; ' ><script>](video:abc1)`, "en", films)
	if err != nil || strings.Contains(page, "<script") || strings.Count(page, `onplay="`) != 0 || strings.Count(page, "<video") != 1 {
		t.Errorf("%s (%v)", page, err)
	}
}
