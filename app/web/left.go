package web

import (
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/views"
)

// linksOf are the person of an address, and what they share.
func (s *Server) linksOf(r *request, tx *data.Tx) (v views.PersonLinks, err error) {
	ctx := r.Context()
	if v.Person, err = account.ByID(ctx, tx, r.PathValue("member")); err != nil {
		return v, err
	}
	if v.Person.Staff() {
		return v, data.ErrNotFound
	}
	all, err := share.ByAccount(ctx, tx, v.Person.ID)
	for _, l := range all {
		if l.StoppedAt.IsZero() {
			v.Living++
		} else {
			v.Stopped++
		}
	}
	return v, err
}

// askLinks shows how many links of somebody are followed, so that all can be stopped or go on together, be they
// still in a squad or not.
func (s *Server) askLinks(w http.ResponseWriter, r *request) error {
	return s.linksPage(w, r, http.StatusOK, views.SuspendForm{})
}

func (s *Server) linksPage(w http.ResponseWriter, r *request, status int, f views.SuspendForm) error {
	var v views.PersonLinks
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		v, err = s.linksOf(r, tx)
		return err
	})
	if err != nil {
		return err
	}
	if v.Form = f; f.Links == "" {
		v.Form.Links = views.LinksGoOn
		if v.Living == 0 {
			v.Form.Links = views.LinksStop
		}
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// settleLinks stops all links of somebody, or lets all go on.
func (s *Server) settleLinks(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.SuspendForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.linksPage(w, r, http.StatusUnprocessableEntity, f)
	}
	var v views.PersonLinks
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if v, err = s.linksOf(r, tx); err != nil {
			return err
		}
		if f.Links == views.LinksStop {
			return stopLinks(ctx, tx, r.who.ID, v.Person.ID, "")
		}
		return resumeAll(ctx, tx, r.who.ID, v.Person.ID)
	})
	if err != nil {
		return err
	}
	if f.Links == views.LinksStop {
		return s.goWith(w, r, views.PersonLinksPath(v.Person.ID), "member.all_stopped", "n", v.Living)
	}
	return s.goWith(w, r, views.PersonLinksPath(v.Person.ID), "member.all_go_on", "n", v.Stopped)
}
