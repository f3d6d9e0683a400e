package web_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
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

// shoots sends a form with a video, by a button of its own.
func (f *form) shoots(action, name string, file []byte, changes ...string) *page {
	f.t.Helper()
	values := url.Values{}
	for k, v := range f.values {
		values[k] = v
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
	}
	delete(values, "video")
	return f.attachIn("video", action, name, file, values)
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

// nothing is bytes without end.
type nothing struct{}

func (nothing) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// pours sends a file of so many bytes in a field of some name, without ever having it as a whole.
func (b *browser) pours(field, action string, size int64) *page {
	b.t.Helper()
	there := b.address(action)
	body := io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\""+field+"\"; filename=\"a\"\r\n\r\n"),
		io.LimitReader(nothing{}, size), strings.NewReader("\r\n--x--\r\n"))
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, there.String(), body)
	r.RemoteAddr = netip.AddrPortFrom(b.addr, 40000).String()
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Origin", b.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range b.jar.Cookies(there) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	return &page{browser: b, method: http.MethodPost, path: action, status: w.Code, header: w.Header(), body: w.Body.String(), doc: parse(b.t, w.Body.String())}
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

// takesBack has the manager take a drop that is public from everyone, and say that this is meant.
func (s *studio) takesBack(dropPath string) {
	s.t.Helper()
	s.manager.get(dropPath+"/release").form(dropPath+"/release").send("chosen", "", "public_at", "").wants(http.StatusUnprocessableEntity).
		form(dropPath+"/release").send("sure", s.squad+",public").to(dropPath)
}

var (
	reference = regexp.MustCompile(`image:([a-z0-9]{26})`)
	filmed    = regexp.MustCompile(`video:([a-z0-9]{26})`)
	cardIn    = regexp.MustCompile(`<meta property="og:image" content="([^"]+)"`)
)
