package web_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/photo"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// pngOf is a file with one colour.
func pngOf(w, h int, c color.Color) []byte {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(p, p.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// attaches sends a form with a file, by a button of its own.
func (f *form) attaches(action, name string, file []byte, changes ...string) *page {
	f.t.Helper()
	values := url.Values{}
	for k, v := range f.values {
		values[k] = v
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
	}
	delete(values, "picture")
	return f.attach(action, name, file, values)
}

func (b *browser) attach(action, name string, file []byte, values url.Values, headers ...string) *page {
	b.t.Helper()
	return b.attachIn("picture", action, name, file, values, headers...)
}

// attachIn sends a file in a field of some name, with what else there is in the form.
func (b *browser) attachIn(field, action, name string, file []byte, values url.Values, headers ...string) *page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, all := range values {
		for _, v := range all {
			if err := w.WriteField(k, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	p := b.asks(http.MethodPost, action, body.String(), append([]string{
		"Content-Type", w.FormDataContentType(), "Origin", b.base, "Sec-Fetch-Site", "same-origin",
	}, headers...)...)
	if strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		p.doc = parse(b.t, p.body)
	}
	return p
}

// studio is a campaign with a squad of two, whose manager writes drops.
type studio struct {
	*house
	manager, amina, stranger, outsider *browser
	squad, campaign                    string
	aminas                             account.Account
}

func openStudio(t *testing.T) *studio {
	h := found(t)
	s := &studio{house: h, stranger: h.browser()}
	s.manager, _ = h.signedIn("max@novaska.example", account.Manager)
	s.outsider, _ = h.signedIn("bob@example.com", account.Ambassador)
	s.amina, s.aminas = h.signedIn("amina@example.com", account.Ambassador)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.Found(ctx, tx, squad.Squad{Name: "Lyon"})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: sq.ID})
		if err != nil {
			return err
		}
		s.squad = sq.ID
		_, err = squad.Join(ctx, tx, i.Code, s.aminas.ID)
		return err
	})
	s.manager.get("/campaigns/new").form("/campaigns").send("name", "Halo", "starts_at", "2026-01-01T00:00", "ends_at", "2036-01-01T00:00").follow()
	s.campaign = s.manager.get("/drops/new").form("/drops").value("campaign")
	return s
}

// releases opens a drop to Lyon in an hour, lets Lyon share it in two, and everyone read it in three.
func (s *studio) releases(dropPath string) {
	s.t.Helper()
	at := func(d time.Duration) string { return s.clock.Now().Add(d).UTC().Format("2006-01-02T15:04") }
	s.manager.get(dropPath+"/release").form(dropPath+"/release").
		send("chosen", s.squad, "opens_at", at(time.Hour), "shareable_at", at(2*time.Hour), "public_at", at(3*time.Hour)).to(dropPath)
}

var (
	reference = regexp.MustCompile(`image:([a-z0-9]{26})`)
	cardIn    = regexp.MustCompile(`<meta property="og:image" content="([^"]+)"`)
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
	s.manager.get(dropPath+"/release").form(dropPath+"/release").send("chosen", "", "public_at", "").to(dropPath)
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

// Until a drop is public those who see it read what is for early readers, then everyone reads the rest. What
// the other is for cannot be fetched either.
func TestWhatIsForEarlyReadersAndWhatIsForEveryone(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(400, 200, color.White), "alt", "early bird", "title", "Halo", "body", "Both.")
	early := reference.FindStringSubmatch(f.form("/drops").value("body"))[1]
	f = f.form("/drops").attaches("/drops/pictures", "b.png", pngOf(200, 400, color.Black), "alt", "public place")
	later := reference.FindAllStringSubmatch(f.form("/drops").value("body"), -1)[1][1]
	body := "Both read this.\n\n:::early\nONLYEARLY[^1] ![early bird](image:" + early + ")\n:::\n\n:::public\nONLYPUBLIC ![public place](image:" + later + ")\n:::\n\n[^1]: EARLYNOTE"
	dropPath := strings.TrimSuffix(f.form("/drops").send("body", body).follow().path, "/release")
	s.releases(dropPath)
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	for _, public := range []bool{false, true} {
		if public {
			s.later(time.Hour)
		}
		for _, p := range []*page{s.stranger.get(link), s.amina.get(dropPath)} {
			p.wants(http.StatusOK).says("Both read this.")
			for mark, want := range map[string]bool{"ONLYEARLY": !public, "EARLYNOTE": !public, early: !public, "ONLYPUBLIC": public, later: public, ":::": false} {
				if strings.Contains(p.body, mark) != want {
					t.Errorf("public %v, %s: %s is there: %v", public, p.path, mark, !want)
				}
			}
		}
		for imageID, want := range map[string]bool{early: !public, later: public} {
			for _, p := range []*page{s.stranger.get(link + "/m/" + imageID), s.amina.get("/m/" + imageID)} {
				if (p.status == http.StatusOK) != want {
					t.Errorf("public %v, %s: %d", public, p.path, p.status)
				}
			}
		}
		s.manager.get("/m/" + early).wants(http.StatusOK)
		s.manager.get("/m/" + later).wants(http.StatusOK)
	}
}

// What is for early readers alone is not taken, for the page would be empty for everyone else; where it was
// taken once, everyone reads nothing of it.
func TestWhatIsForEarlyReadersAloneStaysWithThem(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(400, 200, color.White), "alt", "early bird", "title", "Halo", "body", "Both.")
	early := reference.FindStringSubmatch(f.form("/drops").value("body"))[1]
	only := ":::early\nSECRET ![early bird](image:" + early + ")\n"
	for _, body := range []string{only + ":::\n", only, only + "```\n:::\n"} {
		f.form("/drops").send("body", body).wants(http.StatusUnprocessableEntity).says("for early readers")
	}
	dropPath := strings.TrimSuffix(f.form("/drops").send("body", only+":::\n\nBoth.").follow().path, "/release")
	s.releases(dropPath)
	s.update(func(ctx context.Context, tx *data.Tx) error { // as it was saved before
		_, err := tx.Exec(ctx, `UPDATE drop_versions SET body = ?, public_html = '' WHERE drop_id = ?`, only+":::\n", strings.TrimPrefix(dropPath, "/drops/"))
		return err
	})
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	for _, public := range []bool{false, true} {
		if public {
			s.later(time.Hour)
		}
		for _, p := range []*page{s.stranger.get(link), s.amina.get(dropPath)} {
			if strings.Contains(p.wants(http.StatusOK).body, "SECRET") == public {
				t.Errorf("public %v: %s shows it: %v", public, p.path, public)
			}
		}
		for _, p := range []*page{s.stranger.get(link + "/m/" + early), s.amina.get("/m/" + early)} {
			if (p.status == http.StatusOK) == public {
				t.Errorf("public %v, %s: %d", public, p.path, p.status)
			}
		}
	}
}

// Without a cover the card says the title; a correction has another address, and the old one shows the new.
func TestACardOfTheTitleFollowsACorrection(t *testing.T) {
	s := openStudio(t)
	dropPath := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	s.releases(dropPath)
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	address := func() string {
		p := s.stranger.get(link).wants(http.StatusOK)
		m := cardIn.FindStringSubmatch(p.body)
		if m == nil || !strings.HasPrefix(m[1], s.base+link+"/card/") {
			t.Fatalf("the card's address is %v", m)
		}
		if n := strings.Count(p.body, `property="og:image"`); n != 1 || strings.Index(p.body, "og:image:alt") > 4000 {
			t.Errorf("%d cards", n)
		}
		for _, want := range []string{`"og:image:width" content="1200"`, `"og:image:height" content="630"`, `"og:image:type" content="image/jpeg"`, `"twitter:card" content="summary_large_image"`} {
			if !strings.Contains(p.body, want) {
				t.Errorf("there is no %s", want)
			}
		}
		return strings.TrimPrefix(m[1], s.base)
	}
	before := address()
	was := s.stranger.get(before).wants(http.StatusOK)
	if again := address(); again != before || !strings.Contains(was.header.Get("Cache-Control"), "immutable") {
		t.Errorf("the address changes by itself: %s, %s", before, again)
	}
	if p := s.stranger.asks(http.MethodGet, before, "", "If-None-Match", was.header.Get("ETag")); p.status != http.StatusNotModified || p.body != "" {
		t.Errorf("what is known already is sent again: %d", p.status)
	}
	s.manager.get(dropPath+"/edit").form(dropPath).send("title", "Halo, corrected").to(dropPath)
	after := address()
	old, now := s.stranger.get(before).wants(http.StatusOK), s.stranger.get(after).wants(http.StatusOK)
	if after == before || now.body == was.body || old.body != now.body || strings.Contains(old.header.Get("Cache-Control"), "immutable") {
		t.Errorf("after the correction: %s and %s, the same %v", before, after, now.body == was.body)
	}
	s.owner.get("/settings").form("/settings").send("colour", "#c2340d").to("/settings")
	if address() == after {
		t.Error("another colour has the same address")
	}
	s.manager.get(dropPath + "/card").wants(http.StatusOK)
	s.owner.get("/settings").form("/settings").send("colour", "red").wants(http.StatusUnprocessableEntity).says("Choose a colour")
}

// bomb is the head of a PNG that would take a gigabyte.
func bomb() []byte {
	head := []byte("IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x01\x00\x00\x00\x00")
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\r"), head...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(head))
}

// Whatever is refused is said at the field, in the person's language, with the limit, and nothing that was
// typed is lost.
func TestABadUploadIsRefusedAtItsFieldAndNothingIsLost(t *testing.T) {
	s := openStudio(t)
	french, _ := s.signedIn("marie@novaska.example", account.Manager)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET language = 'fr' WHERE email = 'marie@novaska.example'`)
		return err
	})
	for name, c := range map[string]struct {
		file []byte
		en   string
		fr   string
	}{
		"too large":     {make([]byte, photo.MostBytes+1), "larger than 10 MB", "dépasse 10 Mo"},
		"far too large": {make([]byte, 3*photo.MostBytes), "larger than 10 MB", "dépasse 10 Mo"},
		"a bomb":        {bomb(), "more than 12,000 pixels", "12 000 pixels"},
		"SVG":           {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "no picture we can read", "pas une image"},
		"half of one":   {pngOf(300, 300, color.White)[:200], "damaged", "endommagée"},
		"empty":         {nil, "empty", "vide"},
	} {
		for _, l := range []struct {
			who  *browser
			says string
		}{{s.owner, c.en}, {french, c.fr}} {
			f := l.who.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", c.file, "title", "My title", "body", "My long text.", "alt", "My words", "caption", "Mine").
				wants(http.StatusUnprocessableEntity).form("/drops")
			if got := f.problem("picture"); !strings.Contains(plain(got), plain(l.says)) {
				t.Errorf("%s: %q, not %q", name, got, l.says)
			}
			for field, want := range map[string]string{"title": "My title", "body": "My long text.", "alt": "My words", "caption": "Mine"} {
				if f.value(field) != want {
					t.Errorf("%s: %s is now %q", name, field, f.value(field))
				}
			}
		}
	}
	left := int64(-1)
	s.view(func(ctx context.Context, tx *data.Tx) (err error) {
		left, err = data.Int(ctx, tx, `SELECT count(*) FROM images`)
		return err
	})
	if left != 0 {
		t.Errorf("%d pictures are left", left)
	}
}

// Forms that no browser sends are refused, and no harm done.
func TestAFormThatIsTornIsRefused(t *testing.T) {
	s := openStudio(t)
	part := "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\r\nX: y.png\"\r\n\r\nabc"
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"no form at all":       {"text/plain", "abc", http.StatusUnprocessableEntity},
		"no boundary":          {"multipart/form-data", part, http.StatusBadRequest},
		"never ends":           {"multipart/form-data; boundary=x", part, http.StatusBadRequest},
		"ten thousand parts":   {"multipart/form-data; boundary=x", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", 10_000) + "--x--\r\n", http.StatusBadRequest},
		"a head without end":   {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nA: " + strings.Repeat("b", 11<<20), http.StatusBadRequest},
		"text without end":     {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n" + strings.Repeat("b", 2<<20) + "\r\n--x--\r\n", http.StatusRequestEntityTooLarge},
		"nothing in it":        {"multipart/form-data; boundary=x", "--x--\r\n", http.StatusUnprocessableEntity},
		"a text for a picture": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\nimage:1\r\n--x--\r\n", http.StatusUnprocessableEntity},
	} {
		p := s.manager.asks(http.MethodPost, "/drops/pictures", c.body, "Content-Type", c.kind, "Origin", s.base, "Sec-Fetch-Site", "same-origin")
		if p.status != c.status {
			t.Errorf("%s: %d, not %d", name, p.status, c.status)
		}
	}
}

// A page that stays where it is gets the words for the text, or what is wrong.
func TestAScriptIsToldWhatToWrite(t *testing.T) {
	s := openStudio(t)
	tell := func(file []byte, status int) (got struct{ Text, Problem string }) {
		t.Helper()
		p := s.manager.attach("/drops/pictures", "a.png", file, url.Values{"once": {"a-form"}, "alt": {"A [red] sole"}}, "Accept", "application/json").wants(status)
		if err := json.Unmarshal([]byte(p.body), &got); err != nil {
			t.Fatalf("%v: %s", err, p.body)
		}
		return got
	}
	red := pngOf(30, 30, color.RGBA{200, 0, 0, 255})
	first := tell(red, http.StatusOK).Text
	if !regexp.MustCompile(`^!\[A \(red\) sole\]\(image:[a-z0-9]{26}\)$`).MatchString(first) {
		t.Errorf("to write: %q", first)
	}
	if again := tell(red, http.StatusOK).Text; again != first {
		t.Errorf("the same picture once more is %q", again)
	}
	if got := tell([]byte("MZ"), http.StatusUnprocessableEntity); got.Problem == "" || got.Text != "" {
		t.Errorf("of a program: %+v", got)
	}
}

// A drop has at most fifty pictures; one that it shows is not removed, another is, for good.
func TestPicturesAreRemovedAndAreNotTooMany(t *testing.T) {
	s := openStudio(t)
	dropPath := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", "Some news.").follow().path, "/release")
	edit := func() *form { return s.manager.get(dropPath + "/edit").form(dropPath) }
	var ids []string
	for n := range drop.MostImages {
		p := edit().attaches(dropPath+"/pictures", "a.png", pngOf(2, 2, color.RGBA{uint8(n), 0, 0, 255}), "alt", fmt.Sprint("number ", n)).wants(http.StatusOK)
		ids = append(ids, reference.FindStringSubmatch(p.form(dropPath).value("body"))[1])
	}
	edit().attaches(dropPath+"/pictures", "a.png", pngOf(9, 9, color.White)).wants(http.StatusUnprocessableEntity).says("at most 50 pictures")
	edit().send("body", "![seen](image:"+ids[0]+")", "cover", ids[1]).to(dropPath)
	for _, shown := range ids[:2] {
		f := edit()
		f.browser.send(dropPath+"/pictures/"+shown+"/remove", f.values).wants(http.StatusUnprocessableEntity).says("The drop shows this picture.")
		s.manager.get("/m/" + shown).wants(http.StatusOK)
	}
	f := edit()
	f.values.Set("title", "Not saved yet")
	f.browser.send(dropPath+"/pictures/"+ids[2]+"/remove", f.values).wants(http.StatusOK).form(dropPath)
	s.manager.get("/m/" + ids[2]).wants(http.StatusNotFound)
	edit().attaches(dropPath+"/pictures", "a.png", pngOf(9, 9, color.White)).wants(http.StatusOK)
	// Out of the text and the cover, then away, also from what the drop said before.
	edit().send("body", "Nothing to see.", "cover", "").to(dropPath)
	for _, was := range ids[:2] {
		f := edit()
		f.browser.send(dropPath+"/pictures/"+was+"/remove", f.values).wants(http.StatusOK)
		s.manager.get("/m/" + was).wants(http.StatusNotFound)
	}
	if p := s.manager.get(dropPath).wants(http.StatusOK); strings.Contains(p.body, ids[1]) {
		t.Error("the cover is still there")
	}
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

// Before saving, the form shows what would come of it, and what to see to.
func TestTheFormShowsTheCardAndWhatToSeeTo(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops")
	f.values.Set("title", strings.Repeat("A title that goes on. ", 5))
	f.values.Set("body", "Look: ![](image:nothinghere)\n\n:::early\nOnly early.\n:::")
	p := f.browser.send("/drops/look", f.values).wants(http.StatusOK)
	p.says("The title has 109 characters. Messengers show some 60.", "There is no teaser", "a picture that this drop does not have", "WhatsApp", "iMessage", "Telegram", "drops.example", "Only early.")
	if got := p.form("/drops").value("title"); got != f.values.Get("title") {
		t.Errorf("the title is now %q", got)
	}
	if n := len(all(p.doc, func(n *html.Node) bool { return n.Data == "svg" && attr(n, "class") == "chat-picture" })); n != 3 {
		t.Errorf("%d cards", n)
	}
	p = p.form("/drops").attaches("/drops/pictures", "a.png", pngOf(300, 300, color.White), "title", "Short", "teaser", "A teaser.").wants(http.StatusOK)
	p.says("The title is shown whole: 5 of 60 characters.", "The teaser is shown whole", "A picture in the text does not", "a picture that this drop does not have")
	f = p.form("/drops")
	f.values.Set("cover", reference.FindStringSubmatch(f.value("body"))[1])
	p = f.browser.send("/drops/look", f.values).wants(http.StatusOK)
	p.says("The cover is small: 300 by 300 pixels", "Nothing says what can be seen on the cover.", "KB, of 280 that every messenger takes.")
	dropPath := strings.TrimSuffix(p.form("/drops").send("cover_alt", "A white square").follow().path, "/release")
	s.manager.get(dropPath+"/release").says("Before it is released", "The cover is small").lacks("Nothing says what can be seen")
	if got := s.manager.get(dropPath + "/edit").form(dropPath).value("cover_alt"); got != "A white square" {
		t.Errorf("the cover shows %q", got)
	}
}
