package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/schema"

	"ricochet.example/app/lang"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

// frame is what every page has around it: who we are, who is signed in, where
// they may go, and what there is to say. current is the path of the navigation
// entry that the page belongs to.
func (s *Server) frame(r *request, current string) ui.Page {
	ctx := r.Context()
	p := ui.Page{Lang: lang.Of(ctx), Who: r.who.Name, Demo: s.demo != nil}
	if b := s.brand.Load(); b != nil {
		p.Brand, p.Accent = b.Name, views.AccentPath(b.Accent())
	}
	if r.who.ID == "" {
		return p
	}
	p.Role = lang.T(ctx, "role."+string(r.who.Role))
	p.SignOut, p.WhoPath = true, "/me"
	entries := views.MemberNav
	if r.who.Staff() {
		entries = views.StaffNav
		if proxy, seen := s.proxies.unlisted(); seen {
			p.Warning = lang.T(ctx, "start.proxy_warning", "proxy", proxy.String())
		}
	}
	for _, e := range entries {
		if e.OwnerOnly && visitor(r.who) != Owner {
			continue
		}
		p.Nav = append(p.Nav, ui.NavItem{Label: lang.T(ctx, e.Key), Path: e.Path, Icon: e.Icon, Current: e.Path == current})
	}
	return p
}

// flashed is what the next page says once.
type flashed struct {
	Key  string `json:"k"`
	Args []any  `json:"a,omitempty"`
}

// goWith sends the person on, to a page that says what was done.
func (s *Server) goWith(w http.ResponseWriter, r *request, path, key string, args ...any) error {
	text, err := json.Marshal(flashed{key, args})
	if err != nil {
		return err
	}
	session, err := s.cookies.Get(r.Request, flashCookie)
	if err != nil {
		return err
	}
	session.Values["flash"] = string(text)
	if err := session.Save(r.Request, w); err != nil {
		return err
	}
	return s.goTo(w, r, path)
}

// goTo sends the person on with 303: the browser asks for the page anew.
func (s *Server) goTo(w http.ResponseWriter, r *request, path string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r.Request, path, http.StatusSeeOther)
	return nil
}

// page shows a page in its frame; what was flashed is said, and said once.
func (s *Server) flash(w http.ResponseWriter, r *request, p *ui.Page) error {
	found := false
	for _, line := range r.Header["Cookie"] {
		found = found || strings.Contains(line, flashCookie)
	}
	if !found {
		return nil
	}
	session, err := s.cookies.Get(r.Request, flashCookie)
	if err != nil {
		return err
	}
	text, ok := session.Values["flash"].(string)
	if !ok {
		return nil
	}
	var f flashed
	if json.Unmarshal([]byte(text), &f) == nil {
		p.Flash = lang.T(r.Context(), f.Key, f.Args...)
	}
	return s.cookies.drop(w, r.Request, flashCookie)
}

// framed is a frame that says what was flashed.
func (s *Server) framed(w http.ResponseWriter, r *request, current string) (ui.Page, error) {
	p := s.frame(r, current)
	return p, s.flash(w, r, &p)
}

var forms = func() *schema.Decoder {
	d := schema.NewDecoder()
	d.SetAliasTag("form")
	d.IgnoreUnknownKeys(true)
	return d
}()

// The most that a form may send, in bytes, as the page of status 413 says too.
// A drop is the one thing that people write at length: what is too long in it is
// said at the field, so its form takes far more than can be saved.
const (
	formSize     = 256 << 10
	dropFormSize = 1 << 20
)

// fill reads a posted form into a struct whose fields carry `form` tags. Text
// fields only: what is wrong in them is found by Check, at the field.
func (s *Server) fill(w http.ResponseWriter, r *request, into any) error {
	return s.fillUpTo(formSize, w, r, into)
}

func (s *Server) fillUpTo(most int64, w http.ResponseWriter, r *request, into any) error {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return errTooLarge
		}
		return errBadRequest
	}
	if err := forms.Decode(into, r.PostForm); err != nil {
		return errBadRequest
	}
	return nil
}
