package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/video"
	"ricochet.example/app/video/videotest"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// The manager films the sole, puts one video into what everyone reads and one into what is read early, and releases the
// drop. From before it opens until it is public, those who may not see a video find nothing of it by any address; those
// who may, play it within the same second.
func TestAVideoIsPlayedByThoseWhoMaySeeItsDropAndByNobodyElse(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").wants(http.StatusOK).form("/drops").
		shoots("/drops/videos", "MARKFILE.mp4", videotest.MP4{Says: "MARKFILM", Last: true}.File(), "title", "MARKTITLE", "body", "MARKTEXT and more.", "video_alt", "MARKALT").wants(http.StatusOK).form("/drops")
	if f.value("title") != "MARKTITLE" || !strings.HasPrefix(f.value("body"), "MARKTEXT and more.") || !strings.Contains(f.value("body"), "![MARKALT](video:") {
		t.Fatalf("the form says %q and %q", f.value("title"), f.value("body"))
	}
	always := filmed.FindStringSubmatch(f.value("body"))[1]
	// What is uploaded for a drop that is not saved is its manager's alone.
	s.manager.get("/v/" + always).wants(http.StatusOK)
	s.owner.get("/v/" + always).wants(http.StatusNotFound)
	s.amina.get("/v/" + always).wants(http.StatusNotFound)
	s.stranger.get("/v/" + always).wants(http.StatusSeeOther)
	f = f.shoots("/drops/videos", "b.webm", videotest.WebM(videotest.Tags()), "body", f.value("body")+"\n\n:::early", "video_alt", "Early").wants(http.StatusOK).form("/drops")
	f.values.Set("body", f.value("body")+"\n:::")
	early := filmed.FindAllStringSubmatch(f.value("body"), -1)[1][1]
	path := strings.TrimSuffix(f.send().follow().path, "/release")
	s.releases(path)
	token := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(path, "/drops/"))
		token = s.server.Tokens().Link(id)
		return err
	})
	look := func(hour int) {
		t.Helper()
		for name, c := range map[string]struct {
			who      *browser
			at       string
			id       string
			from, to int
		}{
			"the manager":                   {s.manager, "/v/", always, 0, 9},
			"a member":                      {s.amina, "/v/", always, 1, 9},
			"an outsider":                   {s.outsider, "/v/", always, 3, 9},
			"a reader":                      {s.stranger, "/s/" + token + "/v/", always, 2, 9},
			"a messenger":                   {s.reader("User-Agent", whatsApp), "/s/" + token + "/v/", always, 2, 9},
			"an outsider's reading":         {s.outsider, "/s/" + token + "/v/", always, 2, 9},
			"the manager, the early one":    {s.manager, "/v/", early, 0, 9},
			"a member, the early one":       {s.amina, "/v/", early, 1, 3},
			"an outsider, the early one":    {s.outsider, "/v/", early, 9, 9},
			"a reader, the early one":       {s.stranger, "/s/" + token + "/v/", early, 2, 3},
			"another's reader of no such":   {s.stranger, "/s/" + token + "/v/", "nothing", 9, 9},
			"a reader by another's address": {s.stranger, "/s/0000000000000/v/", always, 9, 9},
		} {
			p := c.who.get(c.at + c.id)
			may := hour >= c.from && hour < c.to
			if !may {
				if p.status != http.StatusNotFound || p.header.Get("ETag") != "" || strings.Contains(p.header.Get("Content-Type"), "video") || !strings.Contains(p.header.Get("Cache-Control"), "no-store") {
					t.Errorf("hour %d, %s: %d, %v", hour, name, p.status, p.header)
				}
				continue
			}
			h := p.header
			kept := (h.Get("ETag") != "") == !strings.Contains(h.Get("Cache-Control"), "no-store")
			if p.status != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), "video/") || h.Get("Accept-Ranges") != "bytes" || !kept || h.Get("X-Content-Type-Options") != "nosniff" ||
				!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(p.body, videotest.Words) {
				t.Errorf("hour %d, %s: %d, %v", hour, name, p.status, h)
			}
			if c.id == always && !strings.Contains(p.body, "MARKFILM") {
				t.Errorf("hour %d, %s: it is another video", hour, name)
			}
		}
		page := s.stranger.get("/s/" + token)
		for id, want := range map[string]bool{always: hour >= 2, early: hour == 2} {
			if got := strings.Contains(page.body, `<video src="/s/`+token+`/v/`+id+`"`); got != want {
				t.Errorf("hour %d, the reader's page: %v", hour, got)
			}
		}
	}
	for hour := range 4 {
		if hour > 0 {
			s.later(time.Hour - time.Second)
			look(hour - 1)
			s.later(time.Second)
		}
		look(hour)
	}
	films := all(s.stranger.get("/s/"+token).doc, func(n *html.Node) bool { return n.Data == "video" })
	if len(films) != 1 || attr(films[0], "preload") != "none" || attr(films[0], "width") != "64" || attr(films[0], "height") != "48" || attr(films[0], "aria-label") != "MARKALT" || !has(films[0], "controls") {
		t.Errorf("the reader's page has %d videos", len(films))
	}
	s.stranger.get("/s/" + token).lacks("MARKFILE")
	// Taken back: nothing is there at the next request.
	s.takesBack(path)
	look(0)
	if strings.Contains(s.log.String(), "MARK") {
		t.Errorf("the log says %s", s.log)
	}
}

// A player asks for a part, comes back for another, and for none of it again once it has it.
func TestAVideoIsSentInTheParts(t *testing.T) {
	s := openStudio(t)
	_, max := s.signedIn("max@novaska.example", account.Manager)
	whole := append(videotest.MP4{}.File(), videotest.Box("free", make([]byte, 700_000))...)
	v := s.keeps(drop.Video{Form: "a-form", AddedBy: max.ID}, whole)
	body := s.manager.get("/v/" + v.ID).wants(http.StatusOK).body
	if len(body) != len(whole) {
		t.Fatalf("%d bytes of %d", len(body), len(whole))
	}
	for _, c := range []struct {
		asks     string
		from, to int
		status   int
	}{
		{"bytes=0-99", 0, 100, http.StatusPartialContent},
		{"bytes=0-", 0, len(whole), http.StatusPartialContent},
		{"bytes=262100-262200", 262100, 262201, http.StatusPartialContent}, // over the end of a part
		{fmt.Sprintf("bytes=%d-", len(whole)-5), len(whole) - 5, len(whole), http.StatusPartialContent},
		{"bytes=-3", len(whole) - 3, len(whole), http.StatusPartialContent},
	} {
		p := s.manager.asks(http.MethodGet, "/v/"+v.ID, "", "Range", c.asks).wants(c.status)
		if p.body != body[c.from:c.to] || p.header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", c.from, c.to-1, len(whole)) {
			t.Errorf("%s: %d bytes, %s", c.asks, len(p.body), p.header.Get("Content-Range"))
		}
	}
	s.manager.asks(http.MethodGet, "/v/"+v.ID, "", "Range", fmt.Sprintf("bytes=%d-", len(whole))).wants(http.StatusRequestedRangeNotSatisfiable)
	if p := s.manager.asks(http.MethodHead, "/v/"+v.ID, "").wants(http.StatusOK); p.body != "" || p.header.Get("Content-Length") != fmt.Sprint(len(whole)) {
		t.Errorf("its head has %d bytes, and says %s", len(p.body), p.header.Get("Content-Length"))
	}
}

// Whatever is refused is said at the field, in the person's language, with the limit, and nothing that was typed is
// lost.
func TestABadVideoIsRefusedAtItsFieldAndNothingIsLost(t *testing.T) {
	s := openStudio(t)
	french, _ := s.signedIn("marie@novaska.example", account.Manager)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET language = 'fr' WHERE email = 'marie@novaska.example'`)
		return err
	})
	lies := videotest.MP4{}.File()
	copy(lies[bytes.Index(lies, []byte("trak"))-4:], "\x7f\xff\xff\xff")
	for name, c := range map[string]struct {
		file   []byte
		en, fr string
	}{
		"too large":      {append(videotest.MP4{}.File(), make([]byte, video.MostBytes)...), "larger than 40 MB", "dépasse 40 Mo"},
		"too long":       {videotest.MP4{Seconds: 60}.File(), "longer than 3 minutes", "plus de 3 minutes"},
		"a picture":      {pngOf(30, 30, color.White), "no video we can take", "pas une vidéo"},
		"a page":         {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "no video we can take", "pas une vidéo"},
		"a polyglot":     {append(videotest.MP4{}.File(), "PK\x03\x04<script>"...), "something else behind it", "suivie d’autre chose"},
		"sizes that lie": {lies, "damaged", "endommagée"},
		"another codec":  {videotest.MP4{Coding: "hvc1"}.File(), "H.264", "H.264"},
		"empty":          {nil, "empty", "vide"},
	} {
		for _, l := range []struct {
			who  *browser
			says string
		}{{s.owner, c.en}, {french, c.fr}} {
			f := l.who.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", c.file, "title", "My title", "body", "My long text.", "video_alt", "My words", "caption", "Mine").
				wants(http.StatusUnprocessableEntity).form("/drops")
			if got := f.problem("video"); !strings.Contains(plain(got), plain(l.says)) {
				t.Errorf("%s: %q, not %q", name, got, l.says)
			}
			for field, want := range map[string]string{"title": "My title", "body": "My long text.", "video_alt": "My words", "caption": "Mine"} {
				if f.value(field) != want {
					t.Errorf("%s: %s is now %q", name, field, f.value(field))
				}
			}
		}
	}
	left := int64(-1)
	s.view(func(ctx context.Context, tx *data.Tx) (err error) {
		left, err = data.Int(ctx, tx, `SELECT (SELECT count(*) FROM videos) + (SELECT count(*) FROM video_parts)`)
		return err
	})
	if left != 0 {
		t.Errorf("%d videos and parts are left", left)
	}
	// What is not even read to its end is refused as well.
	s.manager.pours("video", "/drops/videos", 200<<20).wants(http.StatusRequestEntityTooLarge)
}

// A video stands behind a picture until it is played: one that a script took out of it, or one that somebody chose.
func TestAPictureStandsInThePlaceOfAVideoUntilItIsPlayed(t *testing.T) {
	s := openStudio(t)
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	edit := func() *form { return s.manager.get(path + "/edit").form(path) }
	p := s.manager.attachIn("video", path+"/videos", "a.mp4", videotest.MP4{}.File(), url.Values{"video_alt": {"A [red] sole"}}, "Accept", "application/json").wants(http.StatusOK)
	var got struct{ Text, Video, Poster, Problem string }
	if err := json.Unmarshal([]byte(p.body), &got); err != nil || !strings.HasPrefix(got.Text, "![A (red) sole](video:") || !strings.HasPrefix(got.Video, "/v/") {
		t.Fatalf("%v: %s", err, p.body)
	}
	id := strings.TrimPrefix(got.Video, "/v/")
	s.manager.get(path + "/edit").says("0:01 min · 64 × 48 · 1 MB")
	edit().send("body", got.Text).to(path).browser.get(path + "/release").says("no picture to be seen until it is played")
	s.manager.attachIn("still", got.Poster, "still.jpg", pngOf(64, 48, color.RGBA{200, 0, 0, 255}), nil, "Accept", "application/json").wants(http.StatusOK)
	edit().send("body", got.Text).to(path)
	poster := func() string {
		for _, n := range all(s.manager.get(path).doc, func(n *html.Node) bool { return n.Data == "video" }) {
			return strings.TrimPrefix(attr(n, "poster"), "/m/")
		}
		return ""
	}
	first := poster()
	if len(first) != 26 {
		t.Fatalf("there stands %q", first)
	}
	s.manager.get("/m/" + first).wants(http.StatusOK)
	s.manager.get(path + "/release").lacks("no picture to be seen").says("The video in the text says what can be seen")
	// It is shown, and cannot be removed; another is chosen by hand, and none.
	f := edit()
	f.browser.send(path+"/pictures/"+first+"/remove", f.values).wants(http.StatusUnprocessableEntity)
	f = edit().attaches(path+"/pictures", "b.png", pngOf(90, 60, color.RGBA{0, 0, 200, 255}), "alt", "blue").form(path)
	second := reference.FindStringSubmatch(f.value("body"))[1]
	f.values.Set("poster_"+id, second)
	f.values.Set("body", got.Text)
	f.browser.send(got.Poster, f.values).wants(http.StatusOK).form(path).send().to(path)
	if poster() != second {
		t.Errorf("there stands %q, not %q", poster(), second)
	}
	f = edit()
	f.values.Set("poster_"+id, "of-another-drop")
	f.browser.send(got.Poster, f.values).wants(http.StatusUnprocessableEntity)
	f.values.Set("poster_"+id, "")
	f.browser.send(got.Poster, f.values).wants(http.StatusOK).form(path).send().to(path)
	if poster() != "" {
		t.Errorf("there still stands %q", poster())
	}
	bad := s.manager.attachIn("still", got.Poster, "still.jpg", []byte("<svg/>"), nil, "Accept", "application/json").wants(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.body, "no picture we can read") {
		t.Errorf("it says %s", bad.body)
	}
}

// A drop has at most three videos; one that it plays is not removed, another is, for good. One of another drop is not
// played, and one that is elsewhere is a link.
func TestVideosBelongToTheirDropAndAreNotTooMany(t *testing.T) {
	s := openStudio(t)
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	edit := func() *form { return s.manager.get(path + "/edit").form(path) }
	var ids []string
	for n := range drop.MostVideos {
		p := edit().shoots(path+"/videos", "a.mp4", videotest.MP4{Says: fmt.Sprint("number ", n)}.File()).wants(http.StatusOK)
		ids = append(ids, filmed.FindStringSubmatch(p.form(path).value("body"))[1])
	}
	edit().shoots(path+"/videos", "a.mp4", videotest.MP4{Says: "one more"}.File()).wants(http.StatusUnprocessableEntity).says("at most 3 videos")
	if again := edit().shoots(path+"/videos", "a.mp4", videotest.MP4{Says: "number 0"}.File()).wants(http.StatusOK); filmed.FindStringSubmatch(again.form(path).value("body"))[1] != ids[0] {
		t.Error("the same video once more is another")
	}
	edit().send("body", "![seen](video:"+ids[0]+")").to(path)
	f := edit()
	f.browser.send(path+"/videos/"+ids[0]+"/remove", f.values).wants(http.StatusUnprocessableEntity).says("The drop plays this video.")
	f.browser.send(path+"/videos/"+ids[1]+"/remove", f.values).wants(http.StatusOK)
	s.manager.get("/v/" + ids[0]).wants(http.StatusOK)
	s.manager.get("/v/" + ids[1]).wants(http.StatusNotFound)

	other := s.manager.get("/drops/new").form("/drops").send("title", "Two", "body", "Here: ![a sole](video:"+ids[0]+")").follow()
	other.says("a video that this drop does not have")
	there := strings.TrimSuffix(other.path, "/release")
	if shown := other.browser.get(there).says("Here: a sole"); strings.Contains(shown.body, "/v/"+ids[0]) {
		t.Error("the other drop plays it")
	}
	f = s.manager.get(there + "/edit").form(there)
	bad := f.shoots(there+"/videos", "", nil, "video_url", "http://youtu.be/abc").wants(http.StatusUnprocessableEntity).form(there)
	if bad.problem("video_url") == "" || bad.value("video_url") != "http://youtu.be/abc" {
		t.Errorf("it says %q of %q", bad.problem("video_url"), bad.value("video_url"))
	}
	f = f.shoots(there+"/videos", "", nil, "video_url", "https://films.example/a(1).mov", "video_alt", "The making").wants(http.StatusOK).form(there)
	f.send().to(there)
	s.manager.get(there).says("The making films.example").holds(`class="watch"`)
	for _, n := range all(s.manager.get(there).doc, func(n *html.Node) bool { return attr(n, "class") == "watch" }) {
		if attr(n, "href") != "https://films.example/a%281%29.mov" || attr(n, "target") != "_blank" || !strings.Contains(attr(n, "rel"), "noopener noreferrer") {
			t.Errorf("it leads to %s", attr(n, "href"))
		}
	}
}

// Whoever begins one drop after the other, with a video each, and saves none of them is asked to save one.
func TestVideosOfDropsThatAreNeverSavedAreNotTooMany(t *testing.T) {
	s := openStudio(t)
	shoot := func() *page {
		return s.manager.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", videotest.MP4{Says: "Hello"}.File())
	}
	var first *page
	for range 4 * drop.MostVideos {
		if p := shoot().wants(http.StatusOK); first == nil {
			first = p
		}
	}
	full := shoot().wants(http.StatusUnprocessableEntity).form("/drops")
	if p := full.problem("video"); !strings.Contains(p, "drops that were never saved") {
		t.Errorf("it says %q", p)
	}
	first.form("/drops").send("title", "Halo").wants(http.StatusSeeOther)
	shoot().wants(http.StatusOK)
}

// A drop with its videos leaves as a file and comes back as a draft that plays the same, with what stands in their place.
func TestVideosLeaveAndComeBackInAParcel(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", videotest.MP4{Says: "MARKFILM"}.File(), "title", "Halo", "video_alt", "It bends").form("/drops").
		shoots("/drops/videos", "b.webm", videotest.Voiced(), "video_alt", "It sings").form("/drops")
	ids := filmed.FindAllStringSubmatch(f.value("body"), -1)
	s.manager.attachIn("still", "/drops/videos/"+ids[0][1]+"/poster", "still.jpg", pngOf(64, 48, color.RGBA{200, 0, 0, 255}), url.Values{"once": {f.value("once")}}, "Accept", "application/json").wants(http.StatusOK)
	path := strings.TrimSuffix(f.send().follow().path, "/release")
	file := s.manager.get(path + "/parcel").wants(http.StatusOK).body
	taken := s.manager.attachIn("parcel", "/drops/parcel", "halo.zip", []byte(file), nil).follow().wants(http.StatusOK)
	again := taken.form("/drops")
	back := filmed.FindAllStringSubmatch(again.value("body"), -1)
	if len(back) != 2 || back[0][1] == ids[0][1] || !strings.Contains(again.value("body"), "![It bends](video:") {
		t.Fatalf("the text says %s", again.value("body"))
	}
	for n := range back {
		if s.manager.get("/v/"+back[n][1]).wants(http.StatusOK).body != s.manager.get("/v/"+ids[n][1]).body {
			t.Errorf("video %d is another", n)
		}
	}
	there := strings.TrimSuffix(again.send().follow().path, "/release")
	films := all(s.manager.get(there).doc, func(n *html.Node) bool { return n.Data == "video" })
	if len(films) != 2 || attr(films[0], "poster") == "" || attr(films[1], "poster") != "" {
		t.Errorf("%d videos", len(films))
	}
	for name, c := range map[string]struct{ body, says string }{
		"another codec": {string(videotest.MP4{Coding: "hvc1"}.File()), "a.mp4: Not every browser"},
		"a page":        {"<script>", "a.mp4: That is no video"},
	} {
		file := zipped(t, "text.md", "![x](a.mp4)", "a.mp4", c.body)
		if got := s.manager.attachIn("parcel", "/drops/parcel", "x.zip", file, nil).wants(http.StatusUnprocessableEntity).form("/drops/parcel").problem("parcel"); !strings.Contains(plain(got), plain(c.says)) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// An installation that moves takes its videos along, and whoever uploaded one can be forgotten.
func TestVideosOutliveWhoUploadedThemAndMove(t *testing.T) {
	s := openStudio(t)
	_, max := s.signedIn("max@novaska.example", account.Manager)
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	v := s.keeps(drop.Video{DropID: strings.TrimPrefix(path, "/drops/"), AddedBy: max.ID}, append(videotest.MP4{}.File(), videotest.Box("free", make([]byte, 600_000))...))
	s.update(func(ctx context.Context, tx *data.Tx) error { return account.Erase(ctx, tx, max.ID) })
	body := s.owner.get("/v/" + v.ID).wants(http.StatusOK).body
	moved := datatest.New(t, s.clock.Now)
	if err := data.Copy(t.Context(), s.db, moved, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(v.Content(t.Context(), moved)); err != nil || string(got) != body {
		t.Errorf("after the move it has %d bytes, not %d (%v)", len(got), len(body), err)
	}
	// What was never saved is gone after two days, as soon as the next comes.
	lost := s.keeps(drop.Video{Form: "a-form"}, videotest.WebM())
	s.later(49 * time.Hour)
	s.keeps(drop.Video{Form: "another"}, videotest.WebM())
	s.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM video_parts WHERE video_id = ?`, lost.ID)
		if n != 0 {
			t.Errorf("%d parts of it are left", n)
		}
		return err
	})
}
