package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/brand"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) grownRoutes() []Route {
	return []Route{
		{Method: "POST", Pattern: views.SayGrownPath, Answers: ambassadors, handle: s.sayGrown},
		{Method: "GET", Pattern: views.AllGrownPath, Answers: staff, Page: true, handle: s.listGrown},
		{Method: "GET", Pattern: "/people/{grown}/grown", Answers: staff, Page: true, handle: s.askGrown},
		{Method: "POST", Pattern: "/people/{grown}/grown/confirm", Answers: staff, handle: s.confirmGrown},
		{Method: "POST", Pattern: "/people/{grown}/grown/decline", Answers: staff, handle: s.declineGrown, keeps: true},
	}
}

// ageOf is what somebody said of their age; nothing where nobody asked.
func ageOf(ctx context.Context, tx *data.Tx, accountID string) (account.Age, error) {
	age, err := account.AgeOf(ctx, tx, accountID)
	if errors.Is(err, data.ErrNotFound) {
		err = nil
	}
	return age, err
}

// sayGrown notes that a member says that they are 18 now: it counts once somebody at the brand has confirmed it.
func (s *Server) sayGrown(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var age account.Age
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if err := account.SayGrown(ctx, tx, r.who.ID); err != nil {
			return err
		}
		age, err = ageOf(ctx, tx, r.who.ID)
		return err
	})
	if err != nil {
		return err
	}
	if age.GrownAt.IsZero() {
		return s.goTo(w, r, "/me")
	}
	return s.goWith(w, r, "/me", "grown.sent")
}

// grown is the member of an address, with what they said of their age.
func (s *Server) grown(r *request, tx *data.Tx) (who account.Account, age account.Age, err error) {
	ctx := r.Context()
	if who, err = account.ByID(ctx, tx, r.PathValue("grown")); err != nil {
		return who, age, err
	}
	if age, err = account.AgeOf(ctx, tx, who.ID); err == nil && who.Staff() {
		err = data.ErrNotFound
	}
	return who, age, err
}

func (s *Server) grownPage(w http.ResponseWriter, r *request, status int, f views.DeclineForm) error {
	v := views.GrownPage{Form: f, Zone: s.zone()}
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		v.Who, v.Age, err = s.grown(r, tx)
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

// grownListed is how many of those who say that they are 18 now a page has.
const grownListed = 50

// listGrown lists all of them, for the overview has only the first.
func (s *Server) listGrown(w http.ResponseWriter, r *request) error {
	v := views.AllGrownPage{Page: pageOf(r)}
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		v.All, err = account.Grown(r.Context(), tx, grownListed+1, (v.Page-1)*grownListed)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.All) > grownListed {
		v.All, v.More = v.All[:grownListed], true
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

func (s *Server) askGrown(w http.ResponseWriter, r *request) error {
	return s.grownPage(w, r, http.StatusOK, views.DeclineForm{})
}

// confirmGrown makes an adult of a member who says that they are 18.
func (s *Server) confirmGrown(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var who account.Account
	waited := false
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		var age account.Age
		var err error
		if err := account.LockAge(ctx, tx, r.PathValue("grown")); err != nil { // their guardian may take back at this moment that they agree
			return err
		}
		if who, age, err = s.grown(r, tx); err != nil {
			return err
		}
		if waited = !age.GrownAt.IsZero(); !waited {
			return nil // somebody else was quicker, and may have decided otherwise
		}
		if err := s.growUp(r, tx, who, age); err != nil {
			return err
		}
		return s.mailMember(ctx, tx, who, views.GrownMail(lang.With(ctx, who.Language), s.brand.Load().Name, s.brand.Load().URL, who.Name, ""))
	})
	if err != nil {
		return err
	}
	if !waited {
		return s.goTo(w, r, views.GrownPath(who.ID))
	}
	return s.goWith(w, r, views.GrownPath(who.ID), "grown.confirmed", "name", who.Name)
}

// growUp makes an adult of a minor, and forgets their guardian. What they agreed to while they were a minor they are
// asked anew: that readers are told their name, and that what they said is published.
func (s *Server) growUp(r *request, tx *data.Tx, who account.Account, age account.Age) error {
	ctx := r.Context()
	if err := mail.ForgetOne(ctx, tx, age.MailID); err != nil {
		return err
	}
	if err := account.GrowUp(ctx, tx, who.ID); err != nil {
		return err
	}
	if err := account.SetNamed(ctx, tx, who.ID, false); err != nil {
		return err
	}
	if err := voice.DisagreeAll(ctx, tx, who.ID); err != nil {
		return err
	}
	if err := s.noteMember(r, tx, audit.AgeConfirmed, "", who.ID); err != nil {
		return err
	}
	return brand.NewEdition(ctx, tx)
}

// declineGrown tells a member why it is not believed yet that they are 18.
func (s *Server) declineGrown(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.DeclineForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = squad.CheckReason(f.Reason); !f.Problems.OK() {
		return s.grownPage(w, r, http.StatusUnprocessableEntity, f)
	}
	var who account.Account
	waited := false
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		var age account.Age
		var err error
		if who, age, err = s.grown(r, tx); err != nil {
			return err
		}
		if waited = !age.GrownAt.IsZero(); !waited {
			return nil
		}
		if err := account.DeclineGrown(ctx, tx, who.ID, f.Reason); err != nil {
			return err
		}
		if err := s.noteMember(r, tx, audit.AgeDeclined, "", who.ID); err != nil {
			return err
		}
		return s.mailMember(ctx, tx, who, views.GrownMail(lang.With(ctx, who.Language), s.brand.Load().Name, s.brand.Load().URL, who.Name, f.Reason))
	})
	if err != nil {
		return err
	}
	if !waited {
		return s.goTo(w, r, views.GrownPath(who.ID))
	}
	return s.goWith(w, r, views.GrownPath(who.ID), "grown.declined", "name", who.Name)
}

// mailMember writes to somebody about their own place, in their language, which the letter has already.
func (s *Server) mailMember(ctx context.Context, tx *data.Tx, who account.Account, l views.Letter) error {
	return writeLetter(ctx, tx, who, mail.Application, l)
}

func writeLetter(ctx context.Context, tx *data.Tx, who account.Account, kind mail.Kind, l views.Letter) (err error) {
	m := mail.Mail{Kind: kind, To: who.Email, Subject: l.Subject, Body: l.Text()}
	if m.HTML, err = l.HTML(lang.With(ctx, who.Language)); err != nil {
		return err
	}
	_, err = mail.Write(ctx, tx, m)
	return err
}

// takesBack ends what a guardian agreed to: the member is shut out from their next request on, what they share stops,
// and staff and the member hear of it.
func (s *Server) takesBack(ctx context.Context, tx *data.Tx, code string, who account.Account) error {
	if err := account.LockAge(ctx, tx, who.ID); err != nil {
		return err
	}
	if err := account.Withdraw(ctx, tx, code); err != nil {
		return err
	}
	if err := stopLinks(ctx, tx, "", who.ID, ""); err != nil {
		return err
	}
	if err := squad.EndInvitationsBy(ctx, tx, who.ID, ""); err != nil {
		return err
	}
	if err := account.Suspend(ctx, tx, who.ID); err != nil {
		return err
	}
	if _, err := audit.Write(ctx, tx, audit.Act{Kind: audit.GuardianWithdrew, PersonID: who.ID}); err != nil {
		return err
	}
	b := s.brand.Load()
	if err := s.mailMember(ctx, tx, who, views.WithdrawnMail(lang.With(ctx, who.Language), b.Name, b.URL, who.Name, false)); err != nil {
		return err
	}
	all, err := account.All(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Staff() && !a.Suspended() {
			if err := writeLetter(ctx, tx, a, mail.News, views.WithdrewMail(lang.With(ctx, a.Language), b.Name, b.URL, who.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// returns lets a member in again whose guardian agrees again. Whoever was suspended by staff stays so.
func (s *Server) returns(ctx context.Context, tx *data.Tx, who account.Account, withdrawn time.Time) error {
	if _, err := audit.Write(ctx, tx, audit.Act{Kind: audit.GuardianReturned, PersonID: who.ID}); err != nil {
		return err
	}
	switch {
	case !who.Suspended():
		return nil
	case !who.SuspendedAt.Equal(withdrawn): // what stopped follows the suspension that stands
		return share.StopWith(ctx, tx, who.ID, "", withdrawn, who.SuspendedAt)
	}
	if err := s.letBackIn(ctx, tx, "", who); err != nil {
		return err
	}
	b := s.brand.Load()
	return s.mailMember(ctx, tx, who, views.WithdrawnMail(lang.With(ctx, who.Language), b.Name, b.URL, who.Name, true))
}
