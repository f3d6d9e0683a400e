package web

import (
	"errors"
	"net/http"
	"strconv"

	"ricochet.example/app/audit"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// openPage reads one open of a link, with what each verdict on it would change.
func (s *Server) openPage(r *request) (v views.OpenPage, l share.Link, look spread.Look, err error) {
	ctx := r.Context()
	open, err := strconv.ParseInt(r.PathValue("open"), 10, 64)
	if err != nil {
		return v, l, look, data.ErrNotFound
	}
	s.foldNow(ctx)
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Link, l, err = s.judged(ctx, tx, r); err != nil {
			return err
		}
		if look, err = spread.LookAt(ctx, tx, l.ID); err != nil {
			return err
		}
		m, alike, err := share.MomentOf(ctx, tx, open)
		if err == nil {
			v.Moment, v.Alike = &m, alike
		} else if !errors.Is(err, data.ErrNotFound) {
			return err
		}
		v.History, err = audit.OfOpen(ctx, tx, open)
		return err
	})
	if err != nil {
		return v, l, look, err
	}
	found := false
	for i, leaf := range look.Leaves {
		if leaf.ID == open {
			found, v.Leaf, v.Hop, v.Points = true, leaf, look.Reckoning.Hops[i], look.Reckoning.Points[i]
		}
	}
	if !found {
		return v, l, look, data.ErrNotFound
	}
	branch, one := below(look, open), map[int64]bool{open: true}
	v.Below = len(branch) - 1
	v.Effects = map[string]views.Effect{}
	for _, verdict := range []string{views.Release, views.Exclude} {
		v.Effects[verdict+views.ScopeOpen] = effect(look, changing(look, one, open, verdict), verdict)
		v.Effects[verdict+views.ScopeBranch] = effect(look, changing(look, branch, open, verdict), verdict)
	}
	return v, l, look, nil
}

// showOpen is the page on which one open, or its branch, is judged.
func (s *Server) showOpen(w http.ResponseWriter, r *request) error {
	v, _, _, err := s.openPage(r)
	if err != nil {
		return err
	}
	v.Form = views.JudgeForm{Once: id.New(), Scope: views.ScopeOpen}
	return s.sendOpen(w, r, http.StatusOK, v)
}

func (s *Server) sendOpen(w http.ResponseWriter, r *request, status int, v views.OpenPage) error {
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Open(p, v))
}

// actOn is what a verdict on an open or a branch is called.
func actOn(verdict, scope string) audit.Kind {
	switch {
	case verdict == views.Release && scope == views.ScopeBranch:
		return audit.BranchReleased
	case verdict == views.Release:
		return audit.OpenReleased
	case scope == views.ScopeBranch:
		return audit.BranchExcluded
	}
	return audit.OpenExcluded
}

// judgeOpen decides about one open, or a branch: that open and everything below it.
func (s *Server) judgeOpen(w http.ResponseWriter, r *request) error {
	var j judgement
	if err := s.fill(w, r, &j); err != nil {
		return err
	}
	v, l, look, err := s.openPage(r)
	if err != nil {
		return err
	}
	if v.Form = j.form(views.ScopeOpen, views.ScopeBranch); !v.Form.Problems.OK() {
		return s.sendOpen(w, r, http.StatusUnprocessableEntity, v)
	}
	some := map[int64]bool{v.Leaf.ID: true}
	if j.Scope == views.ScopeBranch {
		some = below(look, v.Leaf.ID)
	}
	ids, change := changing(look, some, v.Leaf.ID, j.Verdict), v.Effects[j.Verdict+j.Scope]
	if len(ids) == 0 {
		return s.goWith(w, r, views.OpenPath(v.Link.Token, v.Leaf.ID), "judge.nothing")
	}
	path, err := s.sent.do(r.who.ID, j.Once, func() (string, error) {
		act := audit.Act{Kind: actOn(j.Verdict, j.Scope), OpenID: v.Leaf.ID, People: change.People, Points: change.Points}
		return views.LinkPath(v.Link.Token), s.decide(r, l, ids, v.Form, act)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, saidOf(j.Verdict), "n", len(ids), "people", views.Signed(r.Context(), change.People), "points", views.Signed(r.Context(), change.Points))
}
