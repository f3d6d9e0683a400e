package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) joinRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/join/{code}", Answers: everyone, Page: true, handle: s.showInvitation},
		{Method: "POST", Pattern: "/join/{code}", Answers: everyone, handle: s.joinSquad},
		{Method: "POST", Pattern: "/join/{code}/withdraw", Answers: signedIn, handle: s.withdraw},
	}
}

// errNoInvitation is a code that never was one, or was typed wrong.
var errNoInvitation = errors.New("there is no such invitation")

// invitation is what the code of an address leads to.
type invitation struct {
	code   string
	shown  views.Invited
	door   squad.Door
	closed error // why it takes nobody any more, or not whoever asks
}

func (s *Server) invitation(r *request) (in invitation, err error) {
	var ok bool
	if in.code, ok = id.ParseCode(r.PathValue("code")); !ok {
		return in, errNoInvitation
	}
	ctx, b := r.Context(), s.brand.Load()
	in.shown = views.Invited{Brand: b.Name, Path: views.JoinPath(in.code), SignedIn: r.who.ID != "", Ages: b.Ages, Zone: s.zoneFor(r.who)}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		in.door, in.closed = squad.Look(ctx, tx, in.code, r.who.ID)
		switch {
		case errors.Is(in.closed, data.ErrNotFound):
			return in.closed
		case in.closed != nil && !shut(in.closed):
			return in.closed
		}
		sq := in.door.To
		in.shown.Squad, in.shown.City, in.shown.About, in.shown.Agenda = sq.Name, sq.City, sq.About, sq.Agenda
		in.shown.Full, in.shown.Asks, in.shown.Application = sq.Full(), in.door.Asks, in.door.Application
		if in.door.Asks {
			in.shown.Questions = sq.Asks()
		}
		from, err := account.ByID(ctx, tx, in.door.Invitation.MadeBy)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		in.shown.From = from.Name
		if in.door.Invitation.LinkID != 0 && err == nil { // readers are told only if that member agrees
			may, err := maySayName(ctx, tx, from)
			if err != nil {
				return err
			}
			if !may || !from.Named {
				in.shown.From = ""
			}
		}
		guest, err := squad.GuestByCode(ctx, tx, in.code)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		in.shown.Email = guest.Email
		if in.door.State == squad.InLine && in.door.Is {
			if in.shown.Place, err = squad.Place(ctx, tx, in.door.Application); err != nil {
				return err
			}
		}
		if r.who.ID == "" {
			return nil
		}
		in.shown.AskAge, in.shown.Held, err = s.asksAge(ctx, tx, r.who)
		if no := (refused{}); errors.As(err, &no) {
			if err = nil; in.closed == nil && !in.door.Is {
				in.closed = no
			}
		}
		return err
	})
	if errors.Is(err, data.ErrNotFound) {
		err = errNoInvitation
	}
	return in, err
}

// shut says whether an error is why an invitation takes nobody, or not this person.
func shut(err error) bool {
	for _, why := range []error{squad.ErrRevoked, squad.ErrExpired, squad.ErrUsedUp, squad.ErrRemoved, squad.ErrDeclined} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// showInvitation says who invites the bearer into what, and to who has applied where that stands.
func (s *Server) showInvitation(w http.ResponseWriter, r *request) error {
	in, err := s.invitation(r)
	switch {
	case err != nil:
		return s.joinError(w, r, in, err)
	case in.closed != nil:
		return s.joinError(w, r, in, in.closed)
	case in.door.Is && in.door.State == squad.Joined:
		return s.goTo(w, r, "/")
	}
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	if in.door.Is {
		return s.show(w, r, http.StatusOK, views.Applied(p, in.shown))
	}
	return s.show(w, r, http.StatusOK, views.Join(p, in.shown))
}

// joining is what comes of a form with which somebody wants into a squad.
type joining struct {
	problems check.Problems
	young    bool // they are younger than the brand takes people
	into     squad.Application
}

// joinSquad takes the bearer of an invitation as far as they get: into its squad, into the line for a seat, or
// before somebody who decides. A stranger signs in first, and the invitation with them.
func (s *Server) joinSquad(w http.ResponseWriter, r *request) error {
	in, err := s.invitation(r)
	if err == nil {
		err = in.closed
	}
	if err != nil {
		return s.joinError(w, r, in, err)
	}
	ctx := r.Context()
	var f views.JoinForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if r.who.ID == "" && !r.PostForm.Has("email") && (r.PostForm.Has("age") || f.Answered()) {
		return s.handBack(w, r) // it is the form of somebody whose session has ended
	}
	if r.who.ID == "" {
		in.shown.Email = f.Email
		if in.shown.Problems.Email("email", account.Address(f.Email)); !in.shown.Problems.OK() {
			return s.show(w, r, http.StatusUnprocessableEntity, views.Join(s.frame(r, ""), in.shown))
		}
		return s.begin(w, r, f.Email, "/", in.code)
	}
	var j joining
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		j, err = s.letIn(ctx, tx, r.who, in.code, f)
		return err
	})
	switch {
	case errors.Is(err, data.ErrNotFound):
		return s.joinError(w, r, in, errNoInvitation)
	case err != nil:
		return s.joinError(w, r, in, err)
	case j.young:
		if err := s.cookies.drop(w, r.Request, loginCookie); err != nil {
			return err
		}
		r.who = account.Account{}
		return s.show(w, r, http.StatusOK, views.TooYoung(s.frame(r, ""), in.shown))
	case !j.problems.OK():
		in.shown.Form, in.shown.Problems = f, j.problems
		return s.show(w, r, http.StatusUnprocessableEntity, views.Join(s.frame(r, ""), in.shown))
	case j.into.State == squad.Joined:
		return s.goWith(w, r, views.SquadPath(in.door.To.ID), "squad.joined", "squad", in.door.To.Name)
	}
	return s.goTo(w, r, views.JoinPath(in.code))
}

// letIn hears what somebody says of their age and answers the questions with, and lets them in if all is well.
func (s *Server) letIn(ctx context.Context, tx *data.Tx, who account.Account, code string, f views.JoinForm) (j joining, err error) {
	door, err := squad.Look(ctx, tx, code, who.ID)
	if err != nil {
		return j, err
	}
	if door.Is {
		j.into = door.Application
		return j, nil
	}
	ask, held, err := s.asksAge(ctx, tx, who)
	if err != nil {
		return j, err
	}
	age := account.Age{AccountID: who.ID, Band: account.Band(f.Age), Guardian: f.Guardian}
	if ask {
		minors := s.brand.Load().Ages == brand.WithGuardian
		if age.Band == account.Young || age.Band == account.Minor && !minors {
			j.young = true
			return j, s.sendAway(ctx, tx, who)
		}
		before, err := account.AgeOf(ctx, tx, who.ID)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return j, err
		}
		j.problems = age.Check(who.Email)
		switch {
		case !j.problems.OK():
		case age.Band == account.Minor:
			if j.problems, err = mayAsk(ctx, tx, who, age); err != nil {
				return j, err
			}
		case !before.RefusedAt.IsZero():
			j.problems.Add("band", "age.said_minor")
		}
	}
	var answers []squad.Answer
	if door.Asks {
		for n, q := range door.To.Asks() {
			answers = append(answers, squad.Answer{Question: q, Text: f.Answer(n)})
		}
		for field, problem := range squad.CheckAnswers(answers) {
			j.problems.Add(field, problem.Key, problem.Args...)
		}
	}
	if !j.problems.OK() {
		return j, nil
	}
	if ask {
		if age, err = account.SayAge(ctx, tx, age); err != nil {
			return j, err
		}
		if held = !age.Settled(); held {
			if err := s.writeGuardian(ctx, tx, who, age, door.To); err != nil {
				return j, err
			}
		}
	}
	if j.into, err = squad.Apply(ctx, tx, code, who.ID, answers, held); err != nil || j.into.State != squad.Joined {
		return j, err
	}
	return j, share.Issue(ctx, tx, "", who.ID)
}

// sendAway forgets somebody who is too young and has nothing here yet; else they are signed out everywhere.
func (s *Server) sendAway(ctx context.Context, tx *data.Tx, who account.Account) error {
	seats, err := squad.SeatsOf(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	links, err := share.ByAccount(ctx, tx, who.ID)
	if err != nil {
		return err
	}
	if len(seats) > 0 || len(links) > 0 {
		return account.SignOutAll(ctx, tx, who.ID)
	}
	return s.forgetPerson(ctx, tx, who, who, false)
}

// withdraw takes an application back, or gives up a place in the line.
func (s *Server) withdraw(w http.ResponseWriter, r *request) error {
	in, err := s.invitation(r)
	if err != nil {
		return s.joinError(w, r, in, err)
	}
	ctx := r.Context()
	err = s.db.Update(ctx, func(tx *data.Tx) error { return withdraws(ctx, tx, in.door.To.ID, r.who.ID) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/", "join.withdrawn", "squad", in.door.To.Name)
}

// joinError says why an invitation takes nobody, or not this person.
func (s *Server) joinError(w http.ResponseWriter, r *request, in invitation, err error) error {
	ctx := r.Context()
	page := func(status int, title, text string) error {
		return s.show(w, r, status, views.JoinClosed(s.frame(r, ""), lang.T(ctx, title), text, ""))
	}
	ask := lang.T(ctx, "join.closed_text")
	no := refused{}
	switch {
	case errors.As(err, &no):
		return page(http.StatusConflict, "join.guardian_no", lang.T(ctx, "join.guardian_no_text", "at", lang.Date(ctx, no.until, s.zoneFor(r.who))))
	case errors.Is(err, errNoInvitation):
		return page(http.StatusNotFound, "join.unknown", lang.T(ctx, "join.unknown_text"))
	case errors.Is(err, squad.ErrRevoked):
		return page(http.StatusGone, "join.revoked", ask)
	case errors.Is(err, squad.ErrExpired):
		return page(http.StatusGone, "join.expired", ask)
	case errors.Is(err, squad.ErrUsedUp):
		return page(http.StatusGone, "join.used_up", ask)
	case errors.Is(err, squad.ErrRemoved):
		return page(http.StatusConflict, "join.removed", lang.T(ctx, "join.removed_text"))
	case errors.Is(err, squad.ErrDeclined):
		a := in.door.Application
		text := lang.T(ctx, "join.declined_text", "squad", a.Squad, "at", lang.Date(ctx, a.DecidedAt.Add(squad.AgainAfter), s.zoneFor(r.who)))
		return s.show(w, r, http.StatusConflict, views.JoinClosed(s.frame(r, ""), lang.T(ctx, "join.declined"), text, a.Reason))
	}
	return err
}
