package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) guardianRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/guardian/{minor}", Answers: everyone, Page: true, handle: s.askGuardian},
		{Method: "POST", Pattern: "/guardian/{minor}", Answers: everyone, handle: s.hearGuardian},
		{Method: "POST", Pattern: "/settings/ages", Answers: ownersOnly, handle: s.changeAges},
	}
}

// asksAge says whether an account has to say its age, or has said it and a guardian has to agree.
func (s *Server) asksAge(ctx context.Context, tx *data.Tx, who account.Account) (ask, held bool, err error) {
	rule := s.brand.Load().Ages
	if rule == brand.AnyAge || who.Staff() {
		return false, false, nil
	}
	age, err := account.AgeOf(ctx, tx, who.ID)
	switch {
	case errors.Is(err, data.ErrNotFound):
		return true, false, nil
	case err != nil:
		return false, false, err
	case rule == brand.AdultsOnly:
		return age.Band != account.Adult, false, nil
	}
	return false, !age.Settled(), nil
}

// writeGuardian writes to the guardian of somebody who wants into a squad.
func (s *Server) writeGuardian(ctx context.Context, tx *data.Tx, who account.Account, age account.Age, sq squad.Squad) error {
	reader, b := lang.With(ctx, who.Language), s.brand.Load()
	l := views.GuardianMail(reader, views.Minding{Brand: b.Name, Base: b.URL, Name: who.Name, Squad: sq.Name, Code: age.Code})
	m := mail.Mail{Kind: mail.Guardian, To: age.Guardian, Subject: l.Subject, Body: l.Text()}
	var err error
	if m.HTML, err = l.HTML(reader); err != nil {
		return err
	}
	_, err = mail.Write(ctx, tx, m)
	return err
}

// minded is who the guardian with the code of an address is asked about.
func (s *Server) minded(r *request) (age account.Age, who account.Account, err error) {
	ctx := r.Context()
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if age, err = account.AgeByCode(ctx, tx, r.PathValue("minor")); err != nil {
			return err
		}
		who, err = account.ByID(ctx, tx, age.AccountID)
		return err
	})
	return age, who, err
}

func (s *Server) guardianPage(w http.ResponseWriter, r *request, status int, v views.GuardianPage) error {
	v.Brand, v.Path = s.brand.Load().Name, views.GuardianPath(r.PathValue("minor"))
	return s.show(w, r, status, views.Guardian(s.frame(r, ""), v))
}

// askGuardian tells a guardian what they are asked: mail scanners open links too, so nothing is decided yet.
func (s *Server) askGuardian(w http.ResponseWriter, r *request) error {
	age, who, err := s.minded(r)
	if err != nil {
		return err
	}
	return s.guardianPage(w, r, http.StatusOK, views.GuardianPage{Name: who.Name, Agreed: !age.AgreedAt.IsZero()})
}

// hearGuardian hears whether a guardian agrees. Whoever agreed can change their mind on the page of the brand's
// people only: then the person has seats.
func (s *Server) hearGuardian(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.GuardianForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	age, who, err := s.minded(r)
	if err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.guardianPage(w, r, http.StatusUnprocessableEntity, views.GuardianPage{Name: who.Name, Form: f})
	}
	agreed := f.Agree == views.Agrees
	if !age.AgreedAt.IsZero() {
		return s.guardianPage(w, r, http.StatusOK, views.GuardianPage{Name: who.Name, Agreed: true})
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		settle := account.Disagree
		if agreed {
			settle = account.Agree
		}
		if err := settle(ctx, tx, age.Code); err != nil {
			return err
		}
		waited, err := squad.Settle(ctx, tx, who.ID, agreed)
		if err != nil {
			return err
		}
		for _, a := range waited {
			if agreed {
				err = s.moveUp(ctx, tx, a.SquadID)
			} else {
				a.State = squad.Declined
				err = s.mailApplicant(ctx, tx, a)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.guardianPage(w, r, http.StatusOK, views.GuardianPage{Name: who.Name, Agreed: agreed, Refused: !agreed})
}

// changeAges changes who is asked for their age, and from which one on people are taken.
func (s *Server) changeAges(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.AgesForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.settingsPage(w, r, http.StatusUnprocessableEntity, views.SettingsPage{Form: views.BrandAs(*s.brand.Load()), Ages: f})
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return brand.SetAges(ctx, tx, brand.Ages(f.Ages)) }); err != nil {
		return err
	}
	if err := s.learnBrand(ctx); err != nil {
		return err
	}
	return s.goWith(w, r, "/settings", "form.saved")
}
