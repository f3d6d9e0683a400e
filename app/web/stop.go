package web

import (
	"net/http"

	"ricochet.example/app/audit"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) stopRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/links/{token}/stop", Answers: staff, Page: true, handle: s.askStop},
		{Method: "POST", Pattern: "/links/{token}/stop", Answers: staff, handle: s.stopLink, keeps: true},
		{Method: "POST", Pattern: "/links/{token}/resume", Answers: staff, handle: s.resumeLink},
	}
}

func (s *Server) stopForm(w http.ResponseWriter, r *request, status int, f views.JudgeForm) error {
	ctx := r.Context()
	var v views.JudgedLink
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		v, _, err = s.judged(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.StopLink(p, v, f))
}

// askStop says what stopping a link means, before it is done.
func (s *Server) askStop(w http.ResponseWriter, r *request) error {
	return s.stopForm(w, r, http.StatusOK, views.JudgeForm{})
}

// stopLink stops a link: its readers, and those of all that came from it, are
// told that it is no more.
func (s *Server) stopLink(w http.ResponseWriter, r *request) error {
	var j judgement
	if err := s.fill(w, r, &j); err != nil {
		return err
	}
	act := audit.Act{Kind: audit.LinkStopped, Note: j.Note}
	if problems := act.Check(); !problems.OK() {
		return s.stopForm(w, r, http.StatusUnprocessableEntity, views.JudgeForm{Note: j.Note, Problems: problems})
	}
	return s.turnLink(w, r, act)
}

// resumeLink lets a stopped link be followed again.
func (s *Server) resumeLink(w http.ResponseWriter, r *request) error {
	return s.turnLink(w, r, audit.Act{Kind: audit.LinkResumed})
}

func (s *Server) turnLink(w http.ResponseWriter, r *request, act audit.Act) error {
	ctx, stop := r.Context(), act.Kind == audit.LinkStopped
	var v views.JudgedLink
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		var l share.Link
		var err error
		if v, l, err = s.judged(ctx, tx, r); err != nil || l.StoppedAt.IsZero() != stop {
			return err // somebody else was quicker
		}
		act.AccountID, act.CampaignID, act.LinkID = r.who.ID, l.CampaignID, l.ID
		if _, err := audit.Write(ctx, tx, act); err != nil {
			return err
		}
		if stop {
			return share.Stop(ctx, tx, l.ID)
		}
		return share.Resume(ctx, tx, l.ID)
	})
	if err != nil {
		return err
	}
	key := "stop.resumed"
	if stop {
		key = "stop.stopped"
	}
	return s.goWith(w, r, views.LinkPath(v.Token), key)
}
