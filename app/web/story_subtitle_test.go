package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/video/videotest"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// said is a file with subtitles.
func said(words string) []byte {
	return []byte("WEBVTT by MARKNAME\n\nNOTE MARKNOTE\n\n1\n00:00.100 --> 00:00.500 line:0\n" + words + "\n")
}

// subtitles sends subtitles of a video from a form.
func (f *form) subtitles(action, id, language string, file []byte) *page {
	f.t.Helper()
	values := url.Values{}
	for k, v := range f.values {
		values[k] = v
	}
	delete(values, "subtitles_"+id)
	values.Set("subtitles_language_"+id, language)
	return f.attachIn("subtitles_"+id, action+"/"+id+"/subtitles", "words.vtt", file, values)
}

// tracks are the subtitles that a page offers, as their languages and what they are called.
func (p *page) tracks() (all []string) {
	for _, n := range allOf(p, "track") {
		all = append(all, attr(n, "kind")+" "+attr(n, "srclang")+" "+attr(n, "label")+" "+attr(n, "src"))
	}
	return all
}

// allOf are the elements of a page with a name.
func allOf(p *page, element string) []*html.Node {
	return all(p.doc, func(n *html.Node) bool { return n.Type == html.ElementNode && n.Data == element })
}

// linkOf is the token of the one link of a drop.
func (s *studio) linkOf(dropPath string) (token string) {
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		token = s.server.Tokens().Link(id)
		return err
	})
	return token
}

// opensNow lets Lyon read and share a drop from now on, and returns the token of its link.
func (s *studio) opensNow(dropPath string) string {
	s.t.Helper()
	now := s.clock.Now().UTC().Format("2006-01-02T15:04")
	s.manager.get(dropPath+"/release").form(dropPath+"/release").send("chosen", s.squad, "opens_at", now, "shareable_at", now).to(dropPath)
	return s.linkOf(dropPath)
}

// frenchManager is one of the brand who reads French.
func (s *studio) frenchManager() *browser {
	b, _ := s.signedIn("marie@novaska.example", account.Manager)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET language = 'fr' WHERE email = 'marie@novaska.example'`)
		return err
	})
	return b
}

// The manager gives a video French and English subtitles before the drop is saved. From before it opens until it is
// public, whoever may see the video gets them as they were written anew, and nobody else finds anything.
func TestSubtitlesAreReadByThoseWhoMaySeeTheirVideoAndByNobodyElse(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", videotest.MP4{}.File(), "title", "Halo", "body", "News.").form("/drops")
	id := filmed.FindStringSubmatch(f.value("body"))[1]
	f = f.subtitles("/drops/videos", id, "fr", said("MARKSAID <i>tient</i>")).wants(http.StatusOK).says("Subtitles: one language", "Français").form("/drops")
	if f.value("title") != "Halo" || !strings.Contains(f.value("body"), "News.") {
		t.Errorf("the form says %q and %q", f.value("title"), f.value("body"))
	}
	f = f.subtitles("/drops/videos", id, "en", said("MARKSAID <i>holds</i>")).wants(http.StatusOK).says("Subtitles: 2 languages").form("/drops")
	// What belongs to a drop that is not saved is its manager's alone.
	s.manager.get("/v/" + id + "/fr.vtt").wants(http.StatusOK)
	s.owner.get("/v/" + id + "/fr.vtt").wants(http.StatusNotFound)
	s.amina.get("/v/" + id + "/fr.vtt").wants(http.StatusNotFound)
	path := strings.TrimSuffix(f.send().follow().path, "/release")
	s.releases(path)
	token := s.linkOf(path)
	look := func(hour int) {
		t.Helper()
		for name, c := range map[string]struct {
			who  *browser
			path string
			from int
		}{
			"the manager":    {s.manager, "/v/", 0},
			"a member":       {s.amina, "/v/", 1},
			"an outsider":    {s.outsider, "/v/", 3},
			"a reader":       {s.stranger, "/s/" + token + "/v/", 2},
			"a wrong reader": {s.stranger, "/s/0000000000000/v/", 9},
		} {
			p := c.who.get(c.path + id + "/fr.vtt")
			if hour < c.from {
				if p.status != http.StatusNotFound || strings.Contains(p.body, "MARK") {
					t.Errorf("hour %d, %s: %d", hour, name, p.status)
				}
				continue
			}
			h := p.header
			if p.status != http.StatusOK || p.body != "WEBVTT\n\n00:00:00.100 --> 00:00:00.500\nMARKSAID <i>tient</i>\n" || h.Get("Content-Type") != "text/vtt; charset=utf-8" ||
				!strings.Contains(h.Get("Cache-Control"), "no-store") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
				t.Errorf("hour %d, %s: %d, %q, %v", hour, name, p.status, p.body, h)
			}
			for _, none := range []string{"/de.vtt", "/fr", "/.vtt", "/fr.vtt.vtt"} {
				c.who.get(c.path + id + none).wants(http.StatusNotFound)
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
	at := "/v/" + id
	for who, p := range map[string]*page{"": s.amina.get(path), "/s/" + token: s.stranger.get("/s/" + token)} {
		want := "subtitles en English " + who + at + "/en.vtt, subtitles fr Français " + who + at + "/fr.vtt"
		if got := strings.Join(p.tracks(), ", "); got != want {
			t.Errorf("the page offers %q, not %q", got, want)
		}
	}
	s.manager.get(path+"/release").form(path+"/release").send("chosen", "", "public_at", "").wants(http.StatusUnprocessableEntity).
		form(path+"/release").send("sure", s.squad+",public").to(path)
	look(0)
	if strings.Contains(s.log.String(), "MARK") {
		t.Errorf("the log says %s", s.log)
	}
}

// Subtitles come to a drop that is saved: its page offers them once it is saved again, other ones under the same language
// at once; those that are taken away are gone at once.
func TestSubtitlesAreChangedAndTakenAway(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "Some news.")
	edit := func() *form { return s.manager.get(path + "/edit").form(path) }
	f := edit().shoots(path+"/videos", "a.mp4", videotest.MP4{}.File()).form(path)
	id := filmed.FindStringSubmatch(f.value("body"))[1]
	f.send().to(path)
	s.manager.get(path + "/release").says("This video has no subtitles")
	token := s.opensNow(path)
	page := func() *page { return s.stranger.get("/s/" + token) }
	track := "/s/" + token + "/v/" + id + "/fr.vtt"
	edit().subtitles(path+"/videos", id, "fr", said("first")).wants(http.StatusOK)
	s.manager.get(path + "/release").lacks("This video has no subtitles")
	if got := page().tracks(); len(got) != 0 {
		t.Errorf("not saved, it offers %q", got)
	}
	s.stranger.get(track).wants(http.StatusNotFound)
	edit().send().to(path)
	if got := page().tracks(); len(got) != 1 {
		t.Fatalf("saved, it offers %q", got)
	}
	s.stranger.get(track).wants(http.StatusOK).holds("first")
	edit().subtitles(path+"/videos", id, "fr", said("second")).wants(http.StatusOK)
	s.stranger.get(track).wants(http.StatusOK).holds("second")
	f = edit()
	f.browser.send(path+"/videos/"+id+"/subtitles/fr/remove", f.values).wants(http.StatusOK).says("Subtitles: none yet")
	s.stranger.get(track).wants(http.StatusNotFound)
	edit().send().to(path)
	if got := page().tracks(); len(got) != 0 {
		t.Errorf("taken away, it still offers %q", got)
	}
	// Of another drop, or of none.
	other := s.writes("title", "Two", "body", "Two.")
	f = s.manager.get(other + "/edit").form(other)
	f.subtitles(other+"/videos", id, "fr", said("x")).wants(http.StatusUnprocessableEntity).says("not there any more")
	f.browser.send(other+"/videos/"+id+"/subtitles/fr/remove", f.values).wants(http.StatusUnprocessableEntity)
}

// What is refused is said at the field with its line, in the person's language, and nothing that was typed is lost.
func TestBadSubtitlesAreRefusedAtTheirFieldAndNothingIsLost(t *testing.T) {
	s := openStudio(t)
	french := s.frenchManager()
	for name, c := range map[string]struct {
		file     []byte
		language string
		en, fr   string
	}{
		"no file":       {nil, "fr", "The file is empty", "Le fichier est vide"},
		"too large":     {make([]byte, 200<<10+1), "fr", "larger than 200 KB", "dépasse 200 Ko"},
		"no language":   {said("x"), "", "Choose the language", "Choisissez la langue"},
		"a strange one": {said("x"), "xx", "Choose the language", "Choisissez la langue"},
		"a page":        {said("one\n<script>"), "fr", "Line 8: a mark", "Ligne 8 : une balise"},
		"SubRip":        {[]byte("1\n00:00:01,000 --> 00:00:02,000\nx"), "fr", "Line 1: a WebVTT file", "Ligne 1 : un fichier WebVTT"},
	} {
		for _, l := range []struct {
			who  *browser
			says string
		}{{s.owner, c.en}, {french, c.fr}} {
			f := l.who.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", videotest.MP4{}.File(), "title", "My title", "body", "My text.").form("/drops")
			id := filmed.FindStringSubmatch(f.value("body"))[1]
			bad := f.subtitles("/drops/videos", id, c.language, c.file).wants(http.StatusUnprocessableEntity).form("/drops")
			if got := bad.problem("subtitles_" + id); !strings.Contains(plain(got), plain(l.says)) {
				t.Errorf("%s: %q, not %q", name, got, l.says)
			}
			if bad.value("title") != "My title" || !strings.HasPrefix(bad.value("body"), "My text.") {
				t.Errorf("%s: %q and %q", name, bad.value("title"), bad.value("body"))
			}
		}
	}
}

// Subtitles leave with their video in a parcel and come back with it; they move with an installation.
func TestSubtitlesLeaveAndComeBackWithTheirVideo(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").shoots("/drops/videos", "a.mp4", videotest.MP4{}.File(), "title", "Halo", "body", "News.").form("/drops")
	id := filmed.FindStringSubmatch(f.value("body"))[1]
	f = f.subtitles("/drops/videos", id, "fr", said("elle tient")).form("/drops")
	path := strings.TrimSuffix(f.send().follow().path, "/release")
	file := s.manager.get(path + "/parcel").wants(http.StatusOK).body
	again := s.manager.attachIn("parcel", "/drops/parcel", "halo.zip", []byte(file), nil).follow().wants(http.StatusOK).form("/drops")
	back := filmed.FindStringSubmatch(again.value("body"))[1]
	if back == id || s.manager.get("/v/"+back+"/fr.vtt").wants(http.StatusOK).body != s.manager.get("/v/"+id+"/fr.vtt").body {
		t.Error("they are other ones")
	}
	there := strings.TrimSuffix(again.send().follow().path, "/release")
	if got := s.manager.get(there).tracks(); len(got) != 1 {
		t.Errorf("the page offers %q", got)
	}
	film := string(videotest.MP4{}.File())
	for name, c := range map[string]struct{ file, words, says string }{
		"of no video":      {"b.fr.vtt", string(said("x")), "b.fr.vtt: the name of a file with subtitles is that of its video"},
		"of no language":   {"a.vtt", string(said("x")), "a.vtt: the name of a file with subtitles"},
		"a strange one":    {"a.xx.vtt", string(said("x")), "a.xx.vtt: We do not know the language “xx”."},
		"no subtitles":     {"a.fr.vtt", "hello", "a.fr.vtt: Line 1: a WebVTT file"},
		"larger than most": {"a.fr.vtt", strings.Repeat("x", 200<<10+1), "a.fr.vtt holds more than 200 KB."},
	} {
		file := zipped(t, "text.md", "![x](a.mp4)", c.file, c.words, "a.mp4", film)
		if got := s.manager.attachIn("parcel", "/drops/parcel", "x.zip", file, nil).wants(http.StatusUnprocessableEntity).form("/drops/parcel").problem("parcel"); !strings.Contains(plain(got), plain(c.says)) {
			t.Errorf("%s: %q", name, got)
		}
	}
	moved := datatest.New(t, s.clock.Now)
	if err := data.Copy(t.Context(), s.db, moved, nil); err != nil {
		t.Fatal(err)
	}
	err := moved.View(t.Context(), func(tx *data.Tx) error {
		words, err := drop.SubtitlesOf(t.Context(), tx, id, "fr")
		if !strings.Contains(words, "elle tient") {
			t.Errorf("after the move they say %q", words)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
