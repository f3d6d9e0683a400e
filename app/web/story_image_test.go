package web_test

import (
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/data"
)

// The manager puts a picture into a new drop, whose title and text are not lost by that, makes it the cover,
// and releases it. From before it opens until it is public, those who may not see the drop find neither the
// picture nor its words, by whatever address; those who may, see it within the same second.
func TestAPictureIsSeenByThoseWhoMaySeeItsDropAndByNobodyElse(t *testing.T) {
	s := openStudio(t)
	file := pngOf(1800, 900, color.RGBA{200, 60, 20, 255})
	page := s.manager.get("/drops/new").wants(http.StatusOK).form("/drops").
		attaches("/drops/pictures", "MARKFILE.png", file, "title", "MARKTITLE", "teaser", "MARKTEASER", "body", "MARKTEXT and more.", "alt", "MARKALT").wants(http.StatusOK)
	f := page.form("/drops")
	if f.value("title") != "MARKTITLE" || !strings.HasPrefix(f.value("body"), "MARKTEXT and more.") || !strings.Contains(f.value("body"), "![MARKALT](image:") {
		t.Fatalf("the form says %q and %q", f.value("title"), f.value("body"))
	}
	imageID := reference.FindStringSubmatch(f.value("body"))[1]
	// What is uploaded for a drop that is not saved is its manager's alone.
	s.manager.get("/m/" + imageID).wants(http.StatusOK)
	s.owner.get("/m/" + imageID).wants(http.StatusNotFound)
	s.amina.get("/m/" + imageID).wants(http.StatusNotFound)

	dropPath := strings.TrimSuffix(f.send("cover", imageID).follow().path, "/release")
	s.releases(dropPath)
	token := ""
	s.update(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		token = s.server.Tokens().Link(id)
		return err
	})
	link := "/s/" + token

	// Everything that could show it, to whom, and from which hour on.
	card := func() string {
		d := s.manager.get(link)
		if m := cardIn.FindStringSubmatch(d.body); m != nil {
			return strings.TrimPrefix(html.UnescapeString(m[1]), s.base)
		}
		return link + "/card/any.jpg"
	}
	sizes := []string{"", "-phone", "-card"}
	for hour := range 4 {
		if hour > 0 {
			s.later(time.Hour - time.Second)
			s.look(t, hour-1, dropPath, link, imageID, card(), sizes)
			s.later(time.Second)
		}
		s.look(t, hour, dropPath, link, imageID, card(), sizes)
	}
	// Taken back: nothing is there at the next request.
	s.takesBack(dropPath)
	s.look(t, 0, dropPath, link, imageID, card(), sizes)
	if strings.Contains(s.log.String(), "MARK") {
		t.Errorf("the log says %s", s.log)
	}
}

// look is who sees what at an hour: Lyon reads from 1 on, its links show the drop from 2 on, everyone from 3 on.
func (s *studio) look(t *testing.T, hour int, dropPath, link, imageID, card string, sizes []string) {
	t.Helper()
	preview := s.reader("User-Agent", whatsApp)
	for name, c := range map[string]struct {
		who  *browser
		path string
		from int
	}{
		"the manager's page":     {s.manager, dropPath, 0},
		"a member's page":        {s.amina, dropPath, 1},
		"an outsider's page":     {s.outsider, dropPath, 3},
		"a reader's page":        {s.stranger, link, 2},
		"a messenger's page":     {preview, link, 2},
		"a reader's own channel": {s.stranger, link + "/whatsapp", 2},
		"an outsider's reading":  {s.outsider, link, 2},
	} {
		p := c.who.get(c.path)
		for _, mark := range []string{"MARKTITLE", "MARKTEXT", "MARKALT", imageID, "og:image\""} {
			if mark == "og:image\"" && !strings.HasPrefix(c.path, "/s/") {
				continue
			}
			if got := strings.Contains(p.body, mark); got != (hour >= c.from) {
				t.Errorf("hour %d, %s: %s is there: %v", hour, name, mark, got)
			}
		}
		if strings.Contains(p.body, "MARKFILE") {
			t.Errorf("hour %d, %s: the name of the file", hour, name)
		}
	}
	nothing := map[*browser]string{}
	for name, c := range map[string]struct {
		who  *browser
		path string
		from int
	}{
		"the manager":         {s.manager, "/m/", 0},
		"a member":            {s.amina, "/m/", 1},
		"an outsider":         {s.outsider, "/m/", 3},
		"a reader":            {s.stranger, link + "/m/", 2},
		"a messenger":         {preview, link + "/m/", 2},
		"a stranger's cookie": {s.outsider, link + "/m/", 2},
	} {
		if nothing[c.who] == "" {
			nothing[c.who] = c.who.get("/s/0000000000000/m/nothing").wants(http.StatusNotFound).text()
		}
		for _, size := range sizes {
			if size == "-card" && strings.HasPrefix(c.path, "/s/") {
				continue
			}
			p := c.who.get(c.path + imageID + size)
			if !p.sent(hour >= c.from, nothing[c.who]) {
				t.Errorf("hour %d, %s, the picture%s: %d, %v", hour, name, size, p.status, p.header)
			}
		}
	}
	for name, who := range map[string]*browser{"a reader": s.stranger, "a messenger": preview} {
		p := who.get(card)
		if !p.sent(hour >= 2, nothing[s.stranger]) {
			t.Errorf("hour %d, %s, the card: %d, %v", hour, name, p.status, p.header)
		}
		if hour < 2 {
			continue
		}
		img, err := jpeg.Decode(strings.NewReader(p.body))
		if err != nil || img.Bounds() != image.Rect(0, 0, 1200, 630) || len(p.body) > 280_000 || p.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("the card is %d bytes: %v, %v", len(p.body), err, p.header)
			continue
		}
		if r, g, _, _ := img.At(600, 100).RGBA(); r>>8 < 180 || g>>8 > 90 {
			t.Errorf("the card does not show the cover: %d, %d", r>>8, g>>8)
		}
	}
	s.stranger.get("/m/" + imageID).wants(http.StatusSeeOther)
}

// sent says whether a picture was sent as it should be, or not at all as if there were none.
func (p *page) sent(want bool, nothing string) bool {
	h := p.header
	if !want {
		return p.status == http.StatusNotFound && p.text() == nothing && h.Get("ETag") == "" && strings.Contains(h.Get("Cache-Control"), "no-store")
	}
	private := strings.Contains(h.Get("Cache-Control"), "private")
	kept := (h.Get("ETag") != "") == !strings.Contains(h.Get("Cache-Control"), "no-store")
	return p.status == http.StatusOK && strings.HasPrefix(h.Get("Content-Type"), "image/") && private && kept &&
		h.Get("Content-Security-Policy") == "default-src 'none'; sandbox" && h.Get("X-Content-Type-Options") == "nosniff" && h.Get("Content-Disposition") == ""
}

// A picture of one drop cannot be shown in another, nor be its cover.
func TestAPictureBelongsToItsDrop(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(30, 30, color.White), "alt", "a sole", "title", "One", "body", "x").form("/drops")
	ref := reference.FindStringSubmatch(f.value("body"))
	f.send().follow()
	other := s.manager.get("/drops/new").form("/drops")
	other.values.Set("cover", ref[1])
	other.send("title", "Two", "body", "Here: ![a sole](image:"+ref[1]+")").wants(http.StatusUnprocessableEntity)
	other.values.Del("cover")
	page := other.send("title", "Two", "body", "Here: ![a sole](image:"+ref[1]+")").follow()
	shown := page.get(strings.TrimSuffix(page.path, "/release")).says("Here: a sole")
	if strings.Contains(shown.body, "/m/"+ref[1]) {
		t.Error("the other drop shows it")
	}
	page.says("a picture that this drop does not have")
}
