package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"ricochet.example/app/audit"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) applicationRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/squads/{squad}/applications", Answers: leaders, Page: true, handle: s.listApplications},
		{Method: "GET", Pattern: "/squads/{squad}/applications/{application}", Answers: leaders, Page: true, handle: s.showApplication},
		{Method: "POST", Pattern: "/squads/{squad}/applications/{application}/accept", Answers: leaders, handle: s.acceptApplication},
		{Method: "POST", Pattern: "/squads/{squad}/applications/{application}/decline", Answers: leaders, handle: s.declineApplication, keeps: true},
	}
}

// applicationsShown is how many applications of a stage a page has.
const applicationsShown = 50

// listApplications shows who wants into a squad: first those about whom somebody has to decide. An address that
// names a stage shows that one, page by page.
func (s *Server) listApplications(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.ApplicationsPage{Zone: s.zoneFor(r.who), Stage: squad.Stage(r.URL.Query().Get("stage")), Page: pageOf(r), Pages: map[squad.Stage]bool{}}
	if !slices.Contains(views.ApplicationStages, v.Stage) {
		v.Stage, v.Page = "", 1
	}
	v.Skipped = (v.Page - 1) * applicationsShown
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		for stage, into := range map[squad.Stage]*[]squad.Application{
			squad.Asked: &v.Asked, squad.InLine: &v.InLine, squad.AtGuardian: &v.AtGuardian, squad.Declined: &v.Decided,
		} {
			if v.Stage != "" && v.Stage != stage {
				continue
			}
			if stage == squad.Declined {
				*into, err = squad.Decided(ctx, tx, v.Squad.ID, tx.Now().Add(-squad.AgainAfter), applicationsShown+1, v.Skipped)
			} else {
				*into, err = squad.Applications(ctx, tx, v.Squad.ID, stage, applicationsShown+1, v.Skipped)
			}
			if err != nil {
				return err
			}
			if len(*into) > applicationsShown {
				*into, v.Pages[stage] = (*into)[:applicationsShown], true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

func (s *Server) applicationPage(w http.ResponseWriter, r *request, status int, f views.DeclineForm) error {
	ctx := r.Context()
	v := views.ApplicationPage{Form: f, Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		if v.Application, err = squad.ApplicationByID(ctx, tx, v.Squad.ID, r.PathValue("application")); err != nil {
			return err
		}
		if v.Application.State == squad.InLine {
			v.Place, err = squad.Place(ctx, tx, v.Application)
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

func (s *Server) showApplication(w http.ResponseWriter, r *request) error {
	return s.applicationPage(w, r, http.StatusOK, views.DeclineForm{})
}

// acceptApplication gives an applicant a seat, or a place in the line for one.
func (s *Server) acceptApplication(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	var a squad.Application
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if a, err = squad.ApplicationByID(ctx, tx, squadID, r.PathValue("application")); err != nil {
			return err
		}
		if err := squad.Accept(ctx, tx, squadID, a.ID, r.who.ID); err != nil {
			return err
		}
		if err := s.noteMember(r, tx, audit.ApplicationAccepted, squadID, a.AccountID); err != nil {
			return err
		}
		if err := s.moveUp(ctx, tx, squadID); err != nil {
			return err
		}
		if a, err = squad.ApplicationByID(ctx, tx, squadID, a.ID); err != nil || a.State != squad.InLine {
			return err
		}
		return s.mailApplicant(ctx, tx, a)
	})
	switch {
	case errors.Is(err, squad.ErrDecided):
		return s.decidedAlready(w, r)
	case err != nil:
		return err
	case a.State == squad.InLine:
		return s.goWith(w, r, views.ApplicationsPath(squadID), "application.accepted_in_line", "name", a.Name)
	}
	return s.goWith(w, r, views.ApplicationsPath(squadID), "application.accepted", "name", a.Name)
}

// declineApplication lets an applicant, or somebody in the line, know that they get no seat, and why.
func (s *Server) declineApplication(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	var f views.DeclineForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = squad.CheckReason(f.Reason); !f.Problems.OK() {
		return s.applicationPage(w, r, http.StatusUnprocessableEntity, f)
	}
	var a squad.Application
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if err := squad.TurnDown(ctx, tx, squadID, r.PathValue("application"), r.who.ID, f.Reason); err != nil {
			return err
		}
		if a, err = squad.ApplicationByID(ctx, tx, squadID, r.PathValue("application")); err != nil {
			return err
		}
		if err := s.noteMember(r, tx, audit.ApplicationDeclined, squadID, a.AccountID); err != nil {
			return err
		}
		return s.mailApplicant(ctx, tx, a)
	})
	if errors.Is(err, squad.ErrDecided) {
		return s.decidedAlready(w, r)
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.ApplicationsPath(squadID), "application.declined", "name", a.Name)
}

// decidedAlready shows what somebody else decided a moment before.
func (s *Server) decidedAlready(w http.ResponseWriter, r *request) error {
	return s.goWith(w, r, views.ApplicationPath(r.PathValue("squad"), r.PathValue("application")), "application.decided_already")
}

// mailApplicant tells an applicant where their application stands now.
func (s *Server) mailApplicant(ctx context.Context, tx *data.Tx, a squad.Application) error {
	reader, b := lang.With(ctx, a.Language), s.brand.Load()
	l := views.ApplicationMail(reader, b.Name, b.URL, a)
	m := mail.Mail{Kind: mail.Application, To: a.Email, Subject: l.Subject, Body: l.Text()}
	var err error
	if m.HTML, err = l.HTML(reader); err != nil {
		return err
	}
	_, err = mail.Write(ctx, tx, m)
	return err
}
