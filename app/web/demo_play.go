package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/demo"
	"ricochet.example/app/lang"
	"ricochet.example/data"
	"ricochet.example/views"
)

// demoHouse is what a server knows when it is a demo's.
type demoHouse struct {
	cast  *demo.Cast
	roles []demoRole
}

// demoRole is somebody whom a visitor of the demo can be.
type demoRole struct {
	name    string // in addresses
	account account.Account
}

func newDemoHouse(cast *demo.Cast) *demoHouse {
	if cast == nil {
		return nil
	}
	return &demoHouse{cast: cast, roles: []demoRole{
		{"ambassador", cast.Ambassador()}, {"owner", cast.Owner}, {"captain", cast.Captain()},
	}}
}

func (d *demoHouse) role(name string) (number int, r demoRole, ok bool) {
	for i, r := range d.roles {
		if r.name == name && r.account.ID != "" {
			return i, r, true
		}
	}
	return 0, r, false
}

// player is whom a request of the demo's stage is of. On the stage several
// people are in one browser, so that no cookie can tell them apart: each has
// addresses below one of their own.
type player struct {
	at       string // the beginning of their addresses
	account  string // empty: a friend, who has none
	language string // what the visitor's own browser asks for
}

type playerKey struct{}

// playing is the player of a request, if it is of one.
func playing(ctx context.Context) (p player, ok bool) {
	p, ok = ctx.Value(playerKey{}).(player)
	return p, ok
}

// playerOf makes out whom a path is of, and what they ask for.
func (d *demoHouse) playerOf(path string) (p player, b demo.Browser, rest string, ok bool) {
	below, ok := strings.CutPrefix(path, views.PlayPrefix)
	if !ok {
		return p, b, "", false
	}
	name, rest, ok := strings.Cut(below, "/")
	if !ok {
		return p, b, "", false
	}
	p.at = views.PlayPrefix + name
	if number, is := strings.CutPrefix(name, views.FriendPrefix); is {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 {
			return p, b, "", false
		}
		return p, demo.Friend(n), "/" + rest, true
	}
	n, r, ok := d.role(name)
	p.account = r.account.ID
	return p, demo.Played(n, r.account.Language), "/" + rest, ok
}

// onStage lets requests of players be theirs: by another account, from another
// browser and another network than the visitor's. Links on a player's page lead
// to addresses without the player; they are known by the page that they are on.
func (d *demoHouse) onStage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p, b, rest, ok := d.playerOf(r.URL.Path); ok {
			next.ServeHTTP(&framing{ResponseWriter: w, old: "frame-ancestors 'none'", now: "frame-ancestors 'self'"}, as(r, p, b, rest))
			return
		}
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && ofPlayers(r.URL.Path) {
			if p, _, _, ok := d.playerOf(from.Path); ok {
				w.Header().Set("Cache-Control", "no-store")
				http.Redirect(w, r, p.at+r.URL.RequestURI(), http.StatusTemporaryRedirect)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// ofPlayers says whether an address can be a player's: files and the demo's own pages are everybody's.
func ofPlayers(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return !slices.Contains([]string{"static", "demo", "stage", "as"}, first)
}

// as is a request as a player makes it.
func as(r *http.Request, p player, b demo.Browser, path string) *http.Request {
	p.language = r.Header.Get("Accept-Language")
	kept := r.Cookies()
	r = r.Clone(context.WithValue(r.Context(), playerKey{}, p))
	r.URL.Path, r.URL.RawPath = path, ""
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "[" + b.IP + "]:443"
	r.Header.Set("User-Agent", b.UserAgent)
	r.Header.Set("Accept-Language", b.AcceptLanguage)
	if r.Header.Get("Sec-Fetch-Dest") == "iframe" && r.Method == http.MethodGet { // which nobody's own browser would say
		r.Header.Set("Sec-Fetch-Dest", "document")
		r.Header.Set("Sec-Fetch-Site", "none")
		r.Header.Del("Referer")
	}
	for _, others := range []string{"Cookie", "X-Forwarded-For", "Dnt", "Sec-Gpc"} {
		r.Header.Del(others)
	}
	for _, c := range kept {
		if strings.HasSuffix(c.Name, flashCookie) || c.Name == languageCookie {
			r.AddCookie(c)
		}
	}
	return r
}

// framing is an answer with a change in its policy: whom it may stand in a
// frame of, or what may stand in its own.
type framing struct {
	http.ResponseWriter
	old, now string
	sent     bool
}

// WriteHeader implements http.ResponseWriter.
func (f *framing) WriteHeader(status int) {
	if h := f.Header(); !f.sent {
		f.sent = true
		h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), f.old, f.now, 1))
		if strings.HasPrefix(f.now, "frame-ancestors") && h.Get("X-Frame-Options") != "" {
			h.Set("X-Frame-Options", "SAMEORIGIN")
		}
	}
	f.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (f *framing) Write(b []byte) (int, error) {
	if !f.sent {
		f.WriteHeader(http.StatusOK)
	}
	return f.ResponseWriter.Write(b)
}

// whoPlays is the account of the player, if the request is of one.
func whoPlays(ctx context.Context, tx *data.Tx) (a account.Account, err error) {
	p, ok := playing(ctx)
	if !ok || p.account == "" {
		return a, data.ErrNotFound
	}
	if a, err = account.ByID(ctx, tx, p.account); err == nil && a.Suspended() {
		return account.Account{}, data.ErrNotFound
	}
	return a, err
}

// languageCookie holds the language that a visitor of the demo chose.
const languageCookie = "ricochet-language"

// demoLanguage is the visitor's choice, then what their browser asks for.
// People in the demo have a language of their own, but it is not they who look on.
func (s *Server) demoLanguage(r *request) string {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(lang.Supported(), c.Value) {
		return c.Value
	}
	asked := r.Header.Get("Accept-Language")
	if p, ok := playing(r.Context()); ok {
		asked = p.language
	}
	return lang.MatchOr("en", asked)
}

// knowPlayer finds out whom a player's request is of.
func (s *Server) knowPlayer(r *request) error {
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		r.who, err = whoPlays(r.Context(), tx)
		return err
	})
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	if r.who.ID != "" {
		s.notice(r)
	}
	r.Request = r.WithContext(lang.With(r.Context(), s.language(r)))
	return nil
}
