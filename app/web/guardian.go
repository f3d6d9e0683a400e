package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/check"
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
		{Method: "GET", Pattern: "/guardian/{minor}/back", Answers: everyone, Page: true, handle: s.askBack},
		{Method: "POST", Pattern: "/guardian/{minor}/back", Answers: everyone, handle: s.takeBackAgreement},
		{Method: "POST", Pattern: "/settings/ages", Answers: ownersOnly, handle: s.changeAges},
	}
}

// refused is why somebody cannot come in whose guardian does not agree, until they may ask again.
type refused struct{ until time.Time }

// Error says so, for the log.
func (refused) Error() string { return "their guardian does not agree" }

// asksAge says whether an account has to say its age, or has said it and a guardian has to agree. The error is a
// refused where one does not.
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
	case !age.RefusedAt.IsZero():
		until := age.RefusedAt.Add(squad.AgainAfter)
		if tx.Now().Before(until) {
			return false, false, refused{until}
		}
		return true, false, nil
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
	if m, err = mail.Write(ctx, tx, m); err != nil {
		return err
	}
	if err := account.GuardianAsked(ctx, tx, who.ID, m.ID); err != nil {
		return err
	}
	guardian, asker, err := asking(ctx, tx, who, age)
	if err != nil {
		return err
	}
	return account.NoteAsk(ctx, tx, guardian, asker)
}

// guardianMails is how many mails an address gets a day that asks whether its holder agrees, for anybody can type
// it, and how many a person has written.
const guardianMails = 3

// asking is how a guardian and who asks them are known for a day.
func asking(ctx context.Context, tx *data.Tx, who account.Account, age account.Age) (guardian, asker string, err error) {
	key, err := brand.Secret(ctx, tx, "guardians", 32)
	if err != nil {
		return "", "", err
	}
	hash := func(email string) string {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(account.Address(email)))
		return hex.EncodeToString(h.Sum(nil))
	}
	return hash(age.Guardian), hash(who.Email), nil
}

// mayAsk returns what is wrong with asking a guardian now. Until the transaction ends nobody else asks them, or for the
// same person.
func mayAsk(ctx context.Context, tx *data.Tx, who account.Account, age account.Age) (p check.Problems, err error) {
	guardian, asker, err := asking(ctx, tx, who, age)
	if err != nil {
		return p, err
	}
	if err := data.LockAll(ctx, tx, []string{"guardian " + guardian, "guardian " + asker}); err != nil {
		return p, err
	}
	asked, asks, err := account.CountAsks(ctx, tx, guardian, asker)
	switch {
	case err != nil:
		return p, err
	case asked >= guardianMails:
		p.Add("guardian", "age.too_many_mails")
	case asks >= guardianMails:
		p.Add("guardian", "age.too_many_asked")
	}
	return p, nil
}

// unsay forgets what somebody said whose guardian has not answered, with the mail to the guardian.
func unsay(ctx context.Context, tx *data.Tx, accountID string) error {
	age, err := account.AgeOf(ctx, tx, accountID)
	if errors.Is(err, data.ErrNotFound) || err == nil && (!age.AgreedAt.IsZero() || !age.WithdrawnAt.IsZero()) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := mail.ForgetOne(ctx, tx, age.MailID); err != nil {
		return err
	}
	return account.Unsay(ctx, tx, accountID)
}

// withdraws takes an application back, and what was said of the age where a guardian is asked for nothing else.
func withdraws(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	if err := squad.Withdraw(ctx, tx, squadID, accountID); err != nil {
		return err
	}
	others, err := squad.OpenApplicationsOf(ctx, tx, accountID)
	if err != nil || slices.ContainsFunc(others, func(a squad.Application) bool { return a.State == squad.AtGuardian }) {
		return err
	}
	return unsay(ctx, tx, accountID)
}

// forgetUnanswered takes back the applications for which no guardian has answered for long.
func forgetUnanswered(ctx context.Context, tx *data.Tx) error {
	all, err := squad.Unanswered(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := withdraws(ctx, tx, a.SquadID, a.AccountID); err != nil {
			return err
		}
	}
	return nil
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
	v.Brand, v.Path, v.Zone = s.brand.Load().Name, views.GuardianPath(r.PathValue("minor")), s.zone()
	return s.show(w, r, status, views.Guardian(s.frame(r, ""), v))
}

// guardianNow is the page as it stands, with what the guardian has agreed to.
func (s *Server) guardianNow(w http.ResponseWriter, r *request, sure bool) error {
	age, who, err := s.minded(r)
	if err != nil {
		return err
	}
	v := views.GuardianPage{Name: who.Name, Agreed: !age.AgreedAt.IsZero(), Withdrawn: !age.WithdrawnAt.IsZero(), Sure: sure, At: age.AgreedAt}
	if v.Withdrawn {
		v.At = age.WithdrawnAt
	}
	if v.Agreed {
		err = s.db.View(r.Context(), func(tx *data.Tx) error {
			seats, err := squad.SeatsSince(r.Context(), tx, who.ID)
			for _, seat := range seats {
				v.Squads = append(v.Squads, seat.Name)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.guardianPage(w, r, http.StatusOK, v)
}

// askGuardian tells a guardian what they are asked, and later what they agreed to: mail scanners open links too, so
// nothing is decided yet.
func (s *Server) askGuardian(w http.ResponseWriter, r *request) error {
	return s.guardianNow(w, r, false)
}

// askBack says what it means to take an agreement back.
func (s *Server) askBack(w http.ResponseWriter, r *request) error {
	return s.guardianNow(w, r, true)
}

// takeBackAgreement ends what a guardian agreed to.
func (s *Server) takeBackAgreement(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	_, who, err := s.minded(r)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		now, err := account.ByID(ctx, tx, who.ID)
		if err != nil {
			return err
		}
		return s.takesBack(ctx, tx, r.PathValue("minor"), now)
	})
	if err != nil && !errors.Is(err, data.ErrNotFound) { // there is nothing to take back any more
		return err
	}
	return s.goTo(w, r, views.GuardianPath(r.PathValue("minor")))
}

// hearGuardian hears whether a guardian agrees. Whoever agreed changes their mind by taking it back: then the person
// has seats, and staff is told.
func (s *Server) hearGuardian(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.GuardianForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	_, who, err := s.minded(r)
	if err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.guardianPage(w, r, http.StatusUnprocessableEntity, views.GuardianPage{Name: who.Name, Form: f})
	}
	agreed, settled := f.Agree == views.Agrees, false
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		age, err := account.AgeByCode(ctx, tx, r.PathValue("minor"))
		if err != nil || !age.AgreedAt.IsZero() || !age.WithdrawnAt.IsZero() && !agreed {
			return err // they answered a moment before, or have taken it back already
		}
		settled = true
		return s.settles(ctx, tx, r.PathValue("minor"), age, agreed)
	})
	if err != nil {
		return err
	}
	if settled && !agreed {
		return s.guardianPage(w, r, http.StatusOK, views.GuardianPage{Name: who.Name, Refused: true})
	}
	return s.guardianNow(w, r, false)
}

// settles does what follows from the answer of a guardian.
func (s *Server) settles(ctx context.Context, tx *data.Tx, code string, age account.Age, agreed bool) error {
	who, err := account.ByID(ctx, tx, age.AccountID)
	if err != nil {
		return err
	}
	settle := account.Disagree
	if agreed {
		settle = account.Agree
	}
	if err := settle(ctx, tx, code); err != nil {
		return err
	}
	if !agreed {
		if err := mail.ForgetOne(ctx, tx, age.MailID); err != nil {
			return err
		}
	}
	if !age.WithdrawnAt.IsZero() {
		return s.returns(ctx, tx, who, age.WithdrawnAt)
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
