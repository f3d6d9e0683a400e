package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) speakRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/s/{token}/voice", Answers: everyone, Page: true, handle: s.showSpeak},
		{Method: "POST", Pattern: "/s/{token}/react", Answers: everyone, handle: s.feel},
		{Method: "POST", Pattern: "/s/{token}/say", Answers: everyone, handle: s.tellBrand},
		{Method: "POST", Pattern: "/s/{token}/unsay", Answers: everyone, handle: s.unsay},
		{Method: "POST", Pattern: "/s/{token}/want", Answers: everyone, handle: s.wantIn},
	}
}

// speaking is a reader who says something, and the page on which they do.
type speaking struct {
	page   views.SpeakPage
	reader voice.Reader
	link   share.Link
	target share.Target
}

// speaker makes out who would say something: the open that was made in this browser, as far as the keys of two days
// can tell, or that of the token in hand where phones are alike. ok is false where there is nothing to speak of: the page of the link itself says so.
func (s *Server) speaker(r *request) (sp speaking, ok bool, err error) {
	ctx, who, session := r.Context(), r.who, r.session
	rd, err := s.read(r, false)
	if err != nil {
		return sp, false, err
	}
	r.who, r.session = who, session
	sp.target = rd.target
	sp.page = views.SpeakPage{Token: rd.token, Rehearsal: rd.target.Rehearsal}
	if !rd.target.Shared || rd.target.Stopped {
		return sp, false, nil
	}
	sp.page.Brand = s.brand.Load().Name
	mine, _, err := share.Visit{Target: rd.target, Browser: rd.browser}.Mine(ctx, s.db, &s.opener.Ring)
	if err != nil {
		return sp, false, err
	}
	if sp.page.SignedIn = r.who.ID != ""; sp.page.SignedIn && !r.who.Staff() {
		sp.page.DropID = rd.target.DropID
	}
	sp.reader = voice.Reader{LinkID: rd.target.LinkID, DropID: rd.target.DropID, OpenID: mine}
	sp.page.Known = mine != 0
	return sp, true, s.db.View(ctx, func(tx *data.Tx) error {
		if mine != 0 {
			gone, err := share.WasErased(ctx, tx, mine)
			if err != nil {
				return err
			}
			if gone {
				sp.reader.OpenID, sp.page.Known = 0, false
			}
		}
		d, err := drop.VersionByNumber(ctx, tx, rd.target.DropID, int(rd.target.Version))
		if err != nil {
			return err
		}
		sp.page.Title, sp.page.Language = d.Title, d.Language
		if sp.link, err = share.ByID(ctx, tx, rd.target.LinkID); err != nil {
			return err
		}
		if sp.page.Heard, err = voice.HeardFrom(ctx, tx, sp.reader); err != nil {
			return err
		}
		if sp.page.DropID != "" {
			if _, err := drop.VisibleByID(ctx, tx, r.who.ID, sp.page.DropID); errors.Is(err, data.ErrNotFound) {
				sp.page.DropID = ""
			} else if err != nil {
				return err
			}
		}
		if rd.owns() {
			return nil
		}
		takes, err := squad.TakesReaders(ctx, tx, sp.link.SquadID, sp.link.ID)
		if err != nil || !takes {
			return err
		}
		in, err := squad.ByID(ctx, tx, sp.link.SquadID)
		sp.page.Squad = in.Name
		return err
	})
}

// showSpeak is the page on which a reader says something to the brand.
func (s *Server) showSpeak(w http.ResponseWriter, r *request) error {
	sp, ok, err := s.speaker(r)
	if err != nil {
		return err
	}
	if !ok {
		return s.goTo(w, r, "/s/"+sp.page.Token)
	}
	sp.page.Sent = r.URL.Query().Has("sent")
	sp.page.Closed = r.URL.Query().Has("closed") && sp.page.Squad == ""
	if felt := r.URL.Query().Get("felt"); slices.Contains(voice.Feelings, felt) {
		sp.page.Feeling = felt // just now, and of nobody else
	}
	return s.speakPage(w, r, http.StatusOK, sp)
}

func (s *Server) speakPage(w http.ResponseWriter, r *request, status int, sp speaking) error {
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "private, no-store")
	return s.show(w, r, status, views.Speak(s.frame(r, ""), sp.page))
}

// speakForm is what a reader chose or typed.
type speakForm struct {
	Reaction string `form:"reaction"`
	Words    string `form:"words"`
	Other    string `form:"other"` // it was somebody else who wrote before
	Claim    string `form:"claim"` // it was they who said it
}

// heard is the reader who posts something, and what; done says that the answer is sent already. often bounds how much
// of that comes from one network.
func (s *Server) heard(w http.ResponseWriter, r *request, often *tries) (sp speaking, f speakForm, done bool, err error) {
	if err := s.fill(w, r, &f); err != nil {
		return sp, f, false, err
	}
	sp, ok, err := s.speaker(r)
	if err != nil {
		return sp, f, false, err
	}
	if !ok || sp.page.Rehearsal {
		return sp, f, true, s.goTo(w, r, views.SpeakPath(sp.page.Token))
	}
	if until, ok := often.allow(s.client(r)); !ok {
		return sp, f, true, s.tooMuch(w, r, sp, f, until)
	}
	return sp, f, false, nil
}

// tooMuch answers with the page as it was, and with what was typed, and says when to come again.
func (s *Server) tooMuch(w http.ResponseWriter, r *request, sp speaking, f speakForm, until time.Time) error {
	sp.page.Words, sp.page.Other, sp.page.Until, sp.page.Zone = f.Words, f.Other != "", until, s.zone()
	s.retryAfter(w, until)
	return s.speakPage(w, r, http.StatusTooManyRequests, sp)
}

// feel takes a reader's reaction.
func (s *Server) feel(w http.ResponseWriter, r *request) error {
	sp, f, done, err := s.heard(w, r, &s.felt)
	if err != nil || done {
		return err
	}
	if problems := voice.CheckFeeling(f.Reaction); sp.page.SignedIn || !problems.OK() {
		return s.goTo(w, r, views.SpeakPath(sp.page.Token)) // where they are offered
	}
	ctx := r.Context()
	err = s.db.Update(ctx, func(tx *data.Tx) error { return sp.reader.Feel(ctx, tx, f.Reaction) })
	if errors.Is(err, voice.ErrMany) {
		return s.tooMuch(w, r, sp, f, s.clock.Now().Add(time.Hour))
	}
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.SpeakPath(sp.page.Token)+"?felt="+f.Reaction) // the page cannot tell by itself
}

// tellBrand takes a reader's one message; and another one of whoever says that it was somebody else who wrote, whom we
// cannot tell from them.
func (s *Server) tellBrand(w http.ResponseWriter, r *request) error {
	sp, f, done, err := s.heard(w, r, &s.spoke)
	if err != nil || done {
		return err
	}
	if sp.page.SignedIn {
		return s.goTo(w, r, views.SpeakPath(sp.page.Token))
	}
	sp.page.Words, sp.page.Other, sp.page.Problems = f.Words, f.Other != "", voice.CheckMessage(f.Words)
	if !sp.page.Problems.OK() {
		return s.speakPage(w, r, http.StatusUnprocessableEntity, sp)
	}
	ctx, by := r.Context(), sp.reader
	if f.Other != "" {
		by.OpenID = 0
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return by.Write(ctx, tx, f.Words) })
	switch {
	case errors.Is(err, voice.ErrMany):
		return s.tooMuch(w, r, sp, f, s.clock.Now().Add(time.Hour))
	case errors.Is(err, voice.ErrSaid):
		sp.page.Problems.Add("other", "speak.other_needed")
		return s.speakPage(w, r, http.StatusUnprocessableEntity, sp)
	case err != nil:
		return err
	}
	return s.goTo(w, r, views.SpeakPath(sp.page.Token)+"?sent")
}

// unsay takes back what was said in this browser, on the reader's word that it was they.
func (s *Server) unsay(w http.ResponseWriter, r *request) error {
	sp, f, done, err := s.heard(w, r, &s.felt)
	if err != nil || done {
		return err
	}
	if sp.page.Said() && f.Claim == "" {
		sp.page.Problems.Add("claim", "speak.claim_needed")
		return s.speakPage(w, r, http.StatusUnprocessableEntity, sp)
	}
	if ctx := r.Context(); sp.reader.OpenID != 0 {
		if err := s.db.Update(ctx, func(tx *data.Tx) error { return voice.ForgetOpen(ctx, tx, sp.reader.OpenID) }); err != nil {
			return err
		}
	}
	return s.goTo(w, r, views.SpeakPath(sp.page.Token))
}

// wantIn leads a reader to apply to the squad of who shared, if it takes applications. What they read by stays theirs
// to tell or not until they send that application.
func (s *Server) wantIn(w http.ResponseWriter, r *request) error {
	sp, _, done, err := s.heard(w, r, &s.wished)
	if err != nil || done {
		return err
	}
	var in squad.Invitation
	ctx := r.Context()
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		in, err = squad.InviteReaders(ctx, tx, sp.link.SquadID, sp.sponsor(), sp.link.ID)
		return err
	})
	if errors.Is(err, squad.ErrAsks) {
		return s.goTo(w, r, views.SpeakPath(sp.page.Token)+"?closed")
	}
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.JoinPath(in.Code))
}

// sponsor is the member to whom an application is credited: who made the link that was followed, and nobody above.
func (sp speaking) sponsor() string { return sp.link.AccountID }
