package web

import (
	"net/http"
	"strings"

	"ricochet.example/app/brand"

	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/static"
)

// goShare sends a person on to the messenger that they chose, with message and
// link written there, and counts that they meant to share. It works without a
// script. Whoever is no person is sent on all the same, uncounted.
func (s *Server) goShare(w http.ResponseWriter, r *request) error {
	rd, err := s.read(r, false)
	if err != nil {
		return err
	}
	b := s.brand.Load()
	if b == nil || !rd.target.Shared || rd.target.Stopped || rd.channel == visit.Unknown {
		return data.ErrNotFound
	}
	var m share.Message
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		m, err = s.goMessage(r, tx, &rd, *b)
		return err
	})
	if err != nil {
		return err
	}
	href, ok := share.Intent(rd.channel, share.ScreenOf(visit.Header(r.Header)), m)
	if !ok || !strings.HasPrefix(href, "https:") {
		return data.ErrNotFound
	}
	s.tallyBegun(&rd, visit.Judge(rd.facts), share.ByReader)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer") // the messenger need not know which page it was
	h.Set("Location", href)
	w.WriteHeader(http.StatusFound)
	return nil
}

// goMessage is what goes with a link: a member's words with their own, and what readers say with all others.
func (s *Server) goMessage(r *request, tx *data.Tx, rd *reading, b brand.Brand) (m share.Message, err error) {
	ctx := r.Context()
	d, err := drop.ByID(ctx, tx, rd.target.DropID)
	if err != nil {
		return m, err
	}
	if !rd.owns() || rd.target.OpenID != 0 {
		return readersMessage(d, b, rd.token), nil
	}
	sh := sharing{drop: d}
	if sh.link, err = share.ByID(ctx, tx, rd.target.LinkID); err != nil {
		return m, err
	}
	if err := s.fillSharing(ctx, tx, rd.account, &sh); err != nil {
		return m, err
	}
	return sh.message(sh.chosen(r.URL.Query().Get("caption"))), nil
}

// tallyBegun counts a share that somebody began: the member's own apart from those of readers.
func (s *Server) tallyBegun(rd *reading, j visit.Judgement, rule string) {
	switch {
	case j.Verdict != visit.Human && j.Verdict != visit.Self:
		return
	case rd.owns():
		rule = share.ByOwner
	}
	s.tallies.Add(rd.target.LinkID, share.Intended, rd.channel, rule, s.clock.Now())
}

// tallySent counts what only the page's script can see: a link that was copied,
// or handed to an app.
func (s *Server) tallySent(w http.ResponseWriter, r *request) error {
	rd, err := s.read(r, false)
	if err != nil {
		return err
	}
	if rd.channel == visit.Unknown || !rd.target.Shared {
		return data.ErrNotFound
	}
	s.tallyBegun(&rd, visit.JudgeConfirmation(rd.facts, visit.Report{VisibleMS: visit.VisibleMailMS, Interaction: true}), "sent")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// robots lets messengers make their cards, and nobody look at anything else.
func (s *Server) robots(w http.ResponseWriter, _ *request) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	_, err := w.Write([]byte("User-agent: *\nAllow: /s/\nAllow: /static/\nDisallow: /\n"))
	return err
}

// sendStatic serves what browsers fetch.
func (s *Server) sendStatic(w http.ResponseWriter, r *request) error {
	static.Handler().ServeHTTP(w, r.Request)
	return nil
}
