package web

import (
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// Names of the cookies. With https they begin with __Host-, which browsers
// accept from nobody but this very host.
const (
	loginCookie   = "ricochet"        // the secret of a login session
	browserCookie = "ricochet-signin" // the browser that asked for a sign-in
	flashCookie   = "ricochet-flash"  // what to say on the next page
)

// How long the browser keeps them. What a login session is worth is decided by its row.
const (
	loginAge   = 90 * 24 * time.Hour
	browserAge = 15 * time.Minute
	flashAge   = time.Minute
)

// cookies is a store for gorilla/sessions. A login session's values are a
// secret and nothing else: the row that it points to is the truth.
type cookies struct {
	hash, block []byte
	secure      func() bool
}

func newCookies(key []byte, secure func() bool) *cookies {
	return &cookies{hash: key[:32], block: key[32:64], secure: secure}
}

var ages = map[string]time.Duration{loginCookie: loginAge, browserCookie: browserAge, flashCookie: flashAge}

// Get returns the request's session of that name, the same one each time.
func (c *cookies) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(c, name)
}

// New reads a session from its cookie; one that cannot be read is an empty one.
func (c *cookies) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(c, name)
	s.Options = &sessions.Options{
		Path: "/", MaxAge: int(ages[name].Seconds()), Secure: c.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	s.IsNew = true
	sent, err := r.Cookie(c.prefixed(name))
	if err != nil {
		return s, nil //nolint:nilerr // no cookie is an empty session
	}
	values := map[string]string{}
	if err := c.codec(name).Decode(name, sent.Value, &values); err != nil {
		return s, nil //nolint:nilerr // nor is one that somebody made up
	}
	for k, v := range values {
		s.Values[k] = v
	}
	s.IsNew = false
	return s, nil
}

// Save sends the session's cookie.
func (c *cookies) Save(_ *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	value := ""
	if s.Options.MaxAge >= 0 {
		values := map[string]string{}
		for k, v := range s.Values {
			values[k.(string)] = v.(string)
		}
		sealed, err := c.codec(s.Name()).Encode(s.Name(), values)
		if err != nil {
			return err
		}
		value = sealed
	}
	http.SetCookie(w, sessions.NewCookie(c.prefixed(s.Name()), value, s.Options))
	return nil
}

func (c *cookies) codec(name string) *securecookie.SecureCookie {
	return securecookie.New(c.hash, c.block).SetSerializer(securecookie.JSONEncoder{}).MaxAge(int(ages[name].Seconds()))
}

func (c *cookies) prefixed(name string) string {
	if c.secure() {
		return "__Host-" + name
	}
	return name
}

// secret returns the secret that a cookie holds.
func (c *cookies) secret(r *http.Request, name string) ([]byte, bool) {
	// Readers have no cookie at all: look before anything is set up for one.
	found := false
	for _, line := range r.Header["Cookie"] {
		found = found || strings.Contains(line, name)
	}
	if !found {
		return nil, false
	}
	s, err := c.Get(r, name)
	if err != nil {
		return nil, false
	}
	text, _ := s.Values["secret"].(string)
	b, err := hex.DecodeString(text)
	return b, err == nil && len(b) > 0
}

// drop takes a cookie back.
func (c *cookies) drop(w http.ResponseWriter, r *http.Request, name string) error {
	s, err := c.Get(r, name)
	if err != nil {
		return err
	}
	clear(s.Values)
	s.Options.MaxAge = -1
	return s.Save(r, w)
}

// login returns the secret of the login session, if the browser sent one.
func (c *cookies) login(r *http.Request) ([]byte, bool) { return c.secret(r, loginCookie) }
