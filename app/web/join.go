package web

import (
	"errors"
	"net/http"

	"ricochet.example/app/account"
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
	}
}

// errNoInvitation is a code that never was one, or was typed wrong.
var errNoInvitation = errors.New("there is no such invitation")

// invitation is what the code of an address leads to.
type invitation struct {
	code   string
	shown  views.Invited
	closed error // why it takes nobody any more
	member bool  // whoever asks is in the squad
}

func (s *Server) invitation(r *request) (in invitation, err error) {
	var ok bool
	if in.code, ok = id.ParseCode(r.PathValue("code")); !ok {
		return in, errNoInvitation
	}
	ctx, b := r.Context(), s.brand.Load()
	in.shown = views.Invited{Brand: b.Name, Path: views.JoinPath(in.code), SignedIn: r.who.ID != ""}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		i, sq, err := squad.ByInvitation(ctx, tx, in.code)
		if err != nil {
			return err
		}
		in.shown.Squad, in.shown.City, in.shown.About = sq.Name, sq.City, sq.About
		if in.closed = i.Closed(tx.Now()); in.closed == nil && sq.Full() {
			in.closed = squad.ErrFull
		}
		from, err := account.ByID(ctx, tx, i.MadeBy)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		in.shown.From = from.Name
		guest, err := squad.GuestByCode(ctx, tx, in.code)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		in.shown.Email = guest.Email
		if r.who.ID != "" {
			in.member, err = squad.IsMember(ctx, tx, sq.ID, r.who.ID)
			return err
		}
		return nil
	})
	if errors.Is(err, data.ErrNotFound) {
		err = errNoInvitation
	}
	return in, err
}

// showInvitation says who invites the bearer into what.
func (s *Server) showInvitation(w http.ResponseWriter, r *request) error {
	in, err := s.invitation(r)
	switch {
	case err != nil:
		return s.joinError(w, r, in.code, err)
	case in.member:
		return s.goTo(w, r, "/")
	case in.closed != nil:
		return s.joinError(w, r, in.code, in.closed)
	}
	return s.show(w, r, http.StatusOK, views.Join(s.frame(r, ""), in.shown))
}

// joinSquad gives the bearer of an invitation a seat in its squad. A stranger
// signs in first, and the invitation with them.
func (s *Server) joinSquad(w http.ResponseWriter, r *request) error {
	in, err := s.invitation(r)
	if err == nil && !in.member {
		err = in.closed
	}
	if err != nil {
		return s.joinError(w, r, in.code, err)
	}
	ctx := r.Context()
	if r.who.ID == "" {
		var f views.JoinForm
		if err := s.fill(w, r, &f); err != nil {
			return err
		}
		in.shown.Email = f.Email
		if in.shown.Problems.Email("email", account.Address(f.Email)); !in.shown.Problems.OK() {
			return s.show(w, r, http.StatusUnprocessableEntity, views.Join(s.frame(r, ""), in.shown))
		}
		return s.begin(w, r, f.Email, "/", in.code)
	}
	var joined squad.Squad
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if joined, err = squad.Join(ctx, tx, in.code, r.who.ID); err != nil {
			return err
		}
		return share.Issue(ctx, tx, "", r.who.ID)
	})
	if err != nil {
		return s.joinError(w, r, in.code, err)
	}
	return s.goWith(w, r, views.SquadPath(joined.ID), "squad.joined", "squad", joined.Name)
}

// joinError says why an invitation takes nobody.
func (s *Server) joinError(w http.ResponseWriter, r *request, code string, err error) error {
	ctx := r.Context()
	page := func(status int, title, text string) error {
		return s.show(w, r, status, views.JoinClosed(s.frame(r, ""), lang.T(ctx, title), lang.T(ctx, text)))
	}
	switch {
	case errors.Is(err, errNoInvitation), errors.Is(err, data.ErrNotFound) && code != "":
		return page(http.StatusNotFound, "join.unknown", "join.unknown_text")
	case errors.Is(err, squad.ErrRevoked):
		return page(http.StatusGone, "join.revoked", "join.closed_text")
	case errors.Is(err, squad.ErrExpired):
		return page(http.StatusGone, "join.expired", "join.closed_text")
	case errors.Is(err, squad.ErrUsedUp):
		return page(http.StatusGone, "join.used_up", "join.closed_text")
	case errors.Is(err, squad.ErrFull):
		return page(http.StatusConflict, "join.full", "join.full_text")
	}
	return err
}
