package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	mail "ricochet.example/app/message"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) eraseRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/people/{member}/erase", Answers: staff, Page: true, handle: s.askErase},
		{Method: "POST", Pattern: "/people/{member}/erase", Answers: staff, handle: s.erase},
		{Method: "GET", Pattern: "/me/erase", Answers: ambassadors, Page: true, handle: s.askEraseMe},
		{Method: "POST", Pattern: "/me/erase", Answers: ambassadors, handle: s.eraseMe},
	}
}

// ambassador reads whoever is to be erased. Those who work for the brand are not
// erased by each other here.
func (s *Server) ambassador(r *request) (a account.Account, err error) {
	ctx := r.Context()
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		a, err = account.ByID(ctx, tx, r.PathValue("member"))
		return err
	})
	if err == nil && a.Staff() {
		err = data.ErrNotFound
	}
	return a, err
}

func (s *Server) askErase(w http.ResponseWriter, r *request) error {
	who, err := s.ambassador(r)
	if err != nil {
		return err
	}
	return s.erasePage(w, r, http.StatusOK, who, views.EraseForm{})
}

func (s *Server) askEraseMe(w http.ResponseWriter, r *request) error {
	return s.erasePage(w, r, http.StatusOK, r.who, views.EraseForm{})
}

func (s *Server) erasePage(w http.ResponseWriter, r *request, status int, who account.Account, f views.EraseForm) error {
	current := "/squads"
	if who.ID == r.who.ID {
		current = "/me"
	}
	p, err := s.framed(w, r, current)
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Erase(p, views.ErasePage{ID: who.ID, Name: who.Name, Email: who.Email, Self: who.ID == r.who.ID, Form: f}))
}

// erase erases an ambassador, on a manager's word.
func (s *Server) erase(w http.ResponseWriter, r *request) error {
	who, err := s.ambassador(r)
	if err != nil {
		return err
	}
	done, err := s.eraseIf(w, r, who)
	if err != nil || !done {
		return err
	}
	return s.goWith(w, r, "/squads", "erase.done")
}

// eraseMe erases whoever asks for it.
func (s *Server) eraseMe(w http.ResponseWriter, r *request) error {
	done, err := s.eraseIf(w, r, r.who)
	if err != nil || !done {
		return err
	}
	return s.out(w, r)
}

// eraseIf erases a person if their address was typed, else shows the form again.
func (s *Server) eraseIf(w http.ResponseWriter, r *request, who account.Account) (done bool, err error) {
	var f views.EraseForm
	if err := s.fill(w, r, &f); err != nil {
		return false, err
	}
	if account.Address(f.Email) != who.Email {
		f.Problems.Add("email", "erase.other_email")
		return false, s.erasePage(w, r, http.StatusUnprocessableEntity, who, f)
	}
	ctx := r.Context()
	err = s.db.Update(ctx, func(tx *data.Tx) error { return s.forgetPerson(ctx, tx, who, r.who, f.Stop != "") })
	return err == nil, err
}

// forgetPerson erases an ambassador: what they tried out, their name on their
// links, their mails, and the account with all that hangs on it. The trees stay,
// and what they brought still counts for their squads.
func (s *Server) forgetPerson(ctx context.Context, tx *data.Tx, who, by account.Account, stop bool) error {
	tried, err := share.RehearsalsOf(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	for _, l := range tried {
		if err := spread.Wipe(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	if err := share.Disown(ctx, tx, who.ID, stop); err != nil {
		return err
	}
	// The invitations that they applied with are for somebody else again.
	wishes, err := squad.OpenApplicationsOf(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	for _, a := range wishes {
		if err := squad.Withdraw(ctx, tx, a.SquadID, who.ID); err != nil {
			return err
		}
	}
	if err := squad.ForgetGuest(ctx, tx, who.Email); err != nil {
		return err
	}
	if err := mail.ForgetTo(ctx, tx, who.Email); err != nil {
		return err
	}
	if err := forgetGuardian(ctx, tx, who.ID); err != nil {
		return err
	}
	if err := reward.ForgetPerson(ctx, tx, who.ID); err != nil {
		return err
	}
	seats, err := squad.SeatsOf(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	for _, squadID := range seats {
		if err := squad.Leave(ctx, tx, squadID, who.ID); err != nil {
			return err
		}
	}
	act := audit.Act{Kind: audit.PersonErased}
	if by.ID != who.ID {
		act.AccountID = by.ID
	}
	if _, err := audit.Write(ctx, tx, act); err != nil {
		return err
	}
	if err := account.Erase(ctx, tx, who.ID); err != nil {
		return err
	}
	for _, squadID := range seats {
		if err := s.moveUp(ctx, tx, squadID); err != nil {
			return err
		}
	}
	return nil
}

// forgetGuardian forgets the mail to a minor's guardian, in which the minor is named. What else was written to that
// address is not the minor's.
func forgetGuardian(ctx context.Context, tx *data.Tx, accountID string) error {
	age, err := account.AgeOf(ctx, tx, accountID)
	if errors.Is(err, data.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return mail.ForgetOne(ctx, tx, age.MailID)
}
