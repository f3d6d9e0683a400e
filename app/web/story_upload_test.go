package web_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image/color"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/photo"
	"ricochet.example/data"
)

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
