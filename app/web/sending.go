package web

import (
	"net/http"
	"strings"

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
	var d drop.Drop
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		d, err = drop.ByID(r.Context(), tx, rd.target.DropID)
		return err
	})
	if err != nil {
		return err
	}
	address := b.URL + "/s/" + rd.token + "/" + rd.channel.String()
	href, ok := share.Intent(rd.channel, message(d, b.Label), address)
	if !ok || !strings.HasPrefix(href, "https:") {
		return data.ErrNotFound
	}
	if j := visit.Judge(rd.facts); j.Verdict == visit.Human || j.Verdict == visit.Self {
		s.tallies.Add(rd.target.LinkID, share.Intended, rd.channel, "go", s.clock.Now())
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer") // the messenger need not know which page it was
	h.Set("Location", href)
	w.WriteHeader(http.StatusFound)
	return nil
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
	if j := visit.JudgeConfirmation(rd.facts, visit.Report{VisibleMS: visit.VisibleMailMS, Interaction: true}); j.Verdict == visit.Human || j.Verdict == visit.Self {
		s.tallies.Add(rd.target.LinkID, share.Intended, rd.channel, "sent", s.clock.Now())
	}
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
