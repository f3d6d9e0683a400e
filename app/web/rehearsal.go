package web

import (
	"log/slog"
	"net/http"

	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) rehearsalRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/rehearsals", Answers: signedIn, Page: true, handle: s.rehearsals},
		{Method: "POST", Pattern: "/drops/{drop}/rehearsal", Answers: insiders, handle: s.rehearse},
		{Method: "GET", Pattern: "/rehearsals/{rehearsal}", Answers: makers, Page: true, handle: s.showRehearsal},
		{Method: "POST", Pattern: "/rehearsals/{rehearsal}/wipe", Answers: makers, handle: s.wipe},
	}
}

// rehearsals lists the person's own.
func (s *Server) rehearsals(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var lines []views.RehearsalLine
	err := s.db.View(ctx, func(tx *data.Tx) error {
		links, err := share.RehearsalsOf(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		for _, l := range links {
			title, language, visible, err := s.titleOf(ctx, tx, r, l)
			if err != nil {
				return err
			}
			totals, err := spread.TotalsOf(ctx, tx, l.ID)
			if err != nil {
				return err
			}
			if visible {
				lines = append(lines, views.RehearsalLine{Token: s.tokens.Link(l.ID), Title: title, Language: language, Opens: totals.People})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, rehearsalsNav(r))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Rehearsals(p, lines))
}

// rehearse makes a rehearsal of a drop, or finds it again.
func (s *Server) rehearse(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var l share.Link
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		l, err = share.Rehearse(ctx, tx, r.who.ID, d.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.RehearsalPath(s.tokens.Link(l.ID)))
}

// ownRehearsal reads a rehearsal; it is nobody's business but its maker's.
func (s *Server) ownRehearsal(r *request) (v views.LinkPage, l share.Link, err error) {
	r.SetPathValue("token", r.PathValue("rehearsal"))
	v, l, err = s.linkPage(r)
	if err == nil && (!l.Rehearsal || l.AccountID != r.who.ID) {
		err = data.ErrNotFound
	}
	v.Wipe = true
	return v, l, err
}

// showRehearsal is the board of a rehearsal. It folds first, so that whoever
// tries Ricochet out sees at once what they did.
func (s *Server) showRehearsal(w http.ResponseWriter, r *request) error {
	if err := s.fold.Fold(r.Context(), s.db); err != nil {
		// What was folded before can be read all the same.
		s.log.Warn("folding for whoever tries it out", slog.Any("error", err))
	}
	v, l, err := s.ownRehearsal(r)
	if err != nil {
		return err
	}
	if err := s.untilShared(r, l, &v); err != nil {
		return err
	}
	lookAt(&v)
	p, err := s.framed(w, r, rehearsalsNav(r))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Link(p, v))
}

// untilShared says from when on the rehearsal shows its drop, if it does not yet:
// what nobody may share is not rehearsed either.
func (s *Server) untilShared(r *request, l share.Link, v *views.LinkPage) error {
	ctx := r.Context()
	return s.db.View(ctx, func(tx *data.Tx) error {
		shared, err := drop.Shared(ctx, tx, l.ID)
		if err != nil || shared {
			return err
		}
		release, err := drop.ReleaseOf(ctx, tx, l.DropID)
		if err != nil {
			return err
		}
		v.Holds, v.ShownAt = true, release.PublicAt
		for _, step := range release.Steps {
			if step.SquadID == l.SquadID {
				v.ShownAt = step.ShareableAt
			}
		}
		return nil
	})
}

// wipe forgets every open of a rehearsal.
func (s *Server) wipe(w http.ResponseWriter, r *request) error {
	_, l, err := s.ownRehearsal(r)
	if err != nil {
		return err
	}
	err = s.db.Update(r.Context(), func(tx *data.Tx) error { return spread.Wipe(r.Context(), tx, l.ID) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.RehearsalPath(s.tokens.Link(l.ID)), "rehearsal.wiped")
}
