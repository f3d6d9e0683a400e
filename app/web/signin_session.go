package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/sessions"

	"ricochet.example/app/account"
	mail "ricochet.example/app/message"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/solo"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// https says whether our public address is one of https, which decides the
// names of our cookies. Before there is a brand it is not.
func (s *Server) https() bool {
	b := s.brand.Load()
	return b != nil && strings.HasPrefix(b.URL, "https://")
}

// LoginCookie is the cookie of a browser that is signed in by a session's secret.
func (s *Server) LoginCookie(secret []byte) (*http.Cookie, error) {
	sealed, err := s.cookies.codec(loginCookie).Encode(loginCookie, map[string]string{"secret": hex.EncodeToString(secret)})
	if err != nil {
		return nil, fmt.Errorf("sealing a login cookie: %w", err)
	}
	return sessions.NewCookie(s.cookies.prefixed(loginCookie), sealed, &sessions.Options{
		Path: "/", MaxAge: int(loginAge.Seconds()), Secure: s.https(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}), nil
}

// admit sends the cookie of a new session, and takes note of the browser.
func (s *Server) admit(w http.ResponseWriter, r *request, secret []byte) error {
	c, err := s.LoginCookie(secret)
	if err != nil {
		return err
	}
	http.SetCookie(w, c)
	s.notice(r)
	return nil
}

// notice takes in that a signed-in browser was seen. It is written down behind the answer.
func (s *Server) notice(r *request) {
	now := s.clock.Now()
	addr, sure := s.proxies.client(r.Request)
	if sure { // else everyone behind the proxy would be taken for this person
		b := share.Browser{Addr: addr, UserAgent: r.UserAgent(), AcceptLanguage: r.Header.Get("Accept-Language")}
		s.seen.notice(r.who, b, share.Day(now))
	}
	if r.session.ID != "" && r.session.Stale(now) {
		s.uses.add(r.session)
	}
}

// uses are sessions that were used, on their way to being noted: no GET waits for it.
type uses struct {
	mu      sync.Mutex
	waiting map[string]account.Session
}

func (u *uses) add(session account.Session) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.waiting == nil {
		u.waiting = map[string]account.Session{}
	}
	u.waiting[session.ID] = session
}

func (u *uses) take() map[string]account.Session {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := u.waiting
	u.waiting = nil
	return all
}

// noteUses writes down which sessions are in use.
func (s *Server) noteUses(ctx context.Context) error {
	all := s.uses.take()
	if len(all) == 0 {
		return nil
	}
	return s.db.Update(ctx, func(tx *data.Tx) error {
		for _, session := range all {
			if err := account.Seen(ctx, tx, session); err != nil {
				return fmt.Errorf("noting that a session is in use: %w", err)
			}
		}
		return nil
	})
}

// forget deletes what has had its time, about once a minute.
func (s *Server) forget(ctx context.Context) error {
	minute := s.clock.Now().Unix() / 60
	if s.forgot.Load() == minute {
		return nil
	}
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		for _, room := range []func(context.Context, *data.Tx) error{share.Forget, share.Retire, account.Forget, forgetUnanswered, squad.Forget, mail.Forget, reward.Forget, solo.Lapse} {
			if err := room(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forgetting what has had its time: %w", err)
	}
	s.forgot.Store(minute)
	return nil
}
