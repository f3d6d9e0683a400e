package web

import (
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) aboutRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/s/{token}/about", Answers: everyone, Page: true, handle: s.about},
		{Method: "GET", Pattern: "/s/{token}/plain", Answers: everyone, Page: true, handle: s.readPlain, quick: true},
		{Method: "POST", Pattern: "/s/{token}/forget", Answers: everyone, handle: s.forgetVisit},
	}
}

// readAbout reads what the page on what we count tells: how this request is
// judged, and which open, if any, was made in this browser. It writes nothing.
func (s *Server) readAbout(r *request) (v views.AboutPage, rd reading, visited share.Visit, err error) {
	ctx, who, session := r.Context(), r.who, r.session
	if rd, err = s.read(r, false); err != nil {
		return v, rd, visited, err
	}
	r.who, r.session = who, session
	j := visit.Judge(rd.facts)
	v = views.AboutPage{
		Token: rd.token, Verdict: j.Verdict.String(), Rule: j.Rule, Untracked: visit.DoNotTrack(visit.Header(r.Header)),
		SignedIn: r.who != account.Account{}, Rehearsal: rd.target.Rehearsal, Stopped: rd.target.Stopped, Shared: rd.target.Shared,
	}
	if b := s.brand.Load(); b != nil {
		v.Brand = b.Name
	}
	visited = share.Visit{Target: rd.target, Browser: rd.browser}
	mine, sure, err := visited.Mine(ctx, s.db, &s.opener.Ring)
	if err != nil {
		return v, rd, visited, err
	}
	if v.Alike = !sure; v.Alike {
		mine = 0 // their word decides, on the token in hand
	}
	v.Mine = mine
	if rd.ref.Kind == id.Open && (mine == 0 || mine == rd.ref.ID) {
		err = s.db.View(ctx, func(tx *data.Tx) (err error) {
			v.Forgotten, err = share.WasErased(ctx, tx, rd.ref.ID)
			return err
		})
		v.Claim = mine == 0 && !v.Forgotten
	}
	return v, rd, visited, err
}

// about tells a reader what we count, and lets them have their visit forgotten.
func (s *Server) about(w http.ResponseWriter, r *request) error {
	v, _, _, err := s.readAbout(r)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.About(s.frame(r, ""), v))
}

// readPlain shows what a share link shows to somebody who wants not to be counted: no open, no tally, and no token of
// their own to pass on.
func (s *Server) readPlain(w http.ResponseWriter, r *request) error {
	rd, err := s.read(r, false)
	if err != nil {
		return err
	}
	if rd.target.Stopped {
		return s.pageStopped(w, r)
	}
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "private, no-store")
	page, err := s.readerPage(r.Context(), rd.target)
	if err != nil {
		return err
	}
	s.sendReader(w, r, page, &rd, sending{}, s.clock.Now())
	return nil
}

// claimForm is a reader's word that the address in hand is their own.
type claimForm struct {
	Claim string `form:"claim"`
}

// forgetVisit forgets a visit: the one that was made in this browser, as the
// keys of two days tell (unless several phones are alike), else that of the token in hand, on the reader's word
// that it is theirs and was not sent to them. Nothing is kept on the reader's
// device, so the next page tells by itself what was done.
func (s *Server) forgetVisit(w http.ResponseWriter, r *request) error {
	var f claimForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	v, rd, visited, err := s.readAbout(r)
	if err != nil {
		return err
	}
	open := v.Mine
	switch {
	case open != 0:
	case v.Claim && f.Claim == "":
		v.Problems.Add("claim", "about.claim_needed")
		return s.show(w, r, http.StatusUnprocessableEntity, views.About(s.frame(r, ""), v))
	case v.Claim:
		open = rd.ref.ID
	default:
		return s.goTo(w, r, views.AboutPath(rd.token)) // which says that there is nothing
	}
	err = share.ForgetVisit(r.Context(), s.db, &s.opener.Ring, visited, open)
	if err != nil && !errors.Is(err, share.ErrNoVisit) {
		return err
	}
	s.foldNow(r.Context())
	return s.goTo(w, r, views.AboutPath(s.tokens.Open(open)))
}
