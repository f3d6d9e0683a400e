package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) squadRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.OwnSquadPath, Answers: ambassadors, Page: true, handle: s.ownSquad},
		{Method: "GET", Pattern: "/squads", Answers: staff, Page: true, handle: s.listSquads},
		{Method: "GET", Pattern: "/squads/new", Answers: staff, Page: true, handle: s.newSquad},
		{Method: "POST", Pattern: "/squads", Answers: staff, handle: s.foundSquad, keeps: true},
		{Method: "GET", Pattern: "/squads/{squad}", Answers: insiders, Page: true, handle: s.showSquad},
		{Method: "GET", Pattern: "/squads/{squad}/edit", Answers: leaders, Page: true, handle: s.editSquad},
		{Method: "POST", Pattern: "/squads/{squad}", Answers: leaders, handle: s.changeSquad, keeps: true},
		{Method: "POST", Pattern: "/squads/{squad}/give", Answers: members, handle: s.giveInvitation},
		{Method: "POST", Pattern: "/squads/{squad}/invitations", Answers: leaders, handle: s.invite},
		{Method: "POST", Pattern: "/squads/{squad}/invitations/{code}/revoke", Answers: leaders, handle: s.revokeInvitation},
	}
}

// What a new invitation is offered: a dozen seats, for two weeks.
const (
	invitationCap  = 12
	invitationDays = 14
)

func (s *Server) listSquads(w http.ResponseWriter, r *request) error {
	var all []squad.Squad
	var asked map[string]int
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if all, err = squad.All(r.Context(), tx); err != nil {
			return err
		}
		asked, err = squad.Undecided(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Squads(p, all, asked))
}

func (s *Server) newSquad(w http.ResponseWriter, r *request) error {
	return s.show(w, r, http.StatusOK, views.NewSquad(s.frame(r, "/squads"), views.SquadForm{Once: id.New(), Staff: true}))
}

func (s *Server) foundSquad(w http.ResponseWriter, r *request) error {
	var f views.SquadForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	f.Staff = true
	var sq squad.Squad
	if f.Problems = f.Squad(&sq); !f.Problems.OK() {
		return s.show(w, r, http.StatusUnprocessableEntity, views.NewSquad(s.frame(r, "/squads"), f))
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(r.Context(), func(tx *data.Tx) (err error) {
			sq, err = squad.Found(r.Context(), tx, sq)
			return err
		})
		if err != nil {
			return "", err
		}
		return views.SquadPath(sq.ID), nil
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "squad.founded")
}

// squadOf is the squad of an address with its members, for those who may see it.
func (s *Server) squadOf(r *request, tx *data.Tx) (sq squad.Squad, members []squad.Member, err error) {
	ctx := r.Context()
	if sq, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
		return sq, nil, err
	}
	if !r.who.Staff() {
		in, err := squad.IsMember(ctx, tx, sq.ID, r.who.ID)
		if err == nil && !in {
			err = data.ErrNotFound
		}
		if err != nil {
			return sq, nil, err
		}
	}
	members, err = squad.MembersOf(ctx, tx, sq.ID)
	return sq, members, err
}

// ownSquad is the squad that a member is in; of several, a choice.
func (s *Server) ownSquad(w http.ResponseWriter, r *request) error {
	var all []squad.Squad
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		all, err = squad.JoinedBy(r.Context(), tx, r.who.ID)
		return err
	})
	if err != nil {
		return err
	}
	if len(all) == 1 {
		r.SetPathValue("squad", all[0].ID)
		return s.showSquad(w, r)
	}
	p, err := s.framed(w, r, views.OwnSquadPath)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.OwnSquads(p, all))
}

func (s *Server) showSquad(w http.ResponseWriter, r *request) error {
	f := views.InvitationForm{
		Once: id.New(), Cap: strconv.Itoa(invitationCap),
		EndsOn: s.clock.Now().In(s.zone()).AddDate(0, 0, invitationDays).Format(time.DateOnly),
	}
	return s.squadPage(w, r, http.StatusOK, f)
}

// squadPage shows a squad, to those who lead it with the form of a new invitation as it was typed.
func (s *Server) squadPage(w http.ResponseWriter, r *request, status int, f views.InvitationForm) error {
	ctx := r.Context()
	shown := views.SquadPage{Staff: r.who.Staff(), Base: s.brand.Load().URL, Zone: s.zone(), Now: s.clock.Now(), Form: f}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if shown.Squad, shown.Members, err = s.squadOf(r, tx); err != nil {
			return err
		}
		ask := spread.Ask{Scope: spread.Scope{SquadID: shown.Squad.ID}, Rows: boardRows, Odds: shown.Staff}
		shown.Leads = shown.Staff || shown.Squad.CaptainID == r.who.ID
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		shown.Whole = shown.Leads || err == nil
		if !shown.Leads {
			ask.Names, shown.Members = spread.SquadNames, squad.SeenBy(shown.Members, r.who.ID)
		}
		if !shown.Staff {
			ask.Own = r.who.ID
			if shown.Place, err = s.squadPlace(ctx, tx, r.who.ID, shown.Squad, ask.Names, r.URL.Query()); err != nil {
				return err
			}
		}
		if page > 0 {
			ask.First = (min(max(page, 1), 1_000_000) - 1) * boardRows
		}
		if shown.Board, err = s.boards.Look(ctx, tx, ask); err != nil {
			return err
		}
		shown.Pages = s.pagesOf(views.SquadPath(shown.Squad.ID), url.Values{}, shown.Board)
		if !shown.Staff {
			own, err := squad.StandingOf(ctx, tx, shown.Squad, r.who.ID)
			if err != nil {
				return err
			}
			shown.Own = &own
		}
		if !shown.Leads {
			return nil
		}
		if shown.Doors, err = drop.DoorsOf(ctx, tx, shown.Squad.ID, doorsShown); err != nil {
			return err
		}
		if shown.Asked, shown.InLine, err = squad.CountOpen(ctx, tx, shown.Squad.ID); err != nil {
			return err
		}
		shown.Invitations, err = squad.InvitationsOf(ctx, tx, shown.Squad.ID)
		if err != nil {
			return err
		}
		guests, err := squad.CountGuests(ctx, tx, shown.Squad.ID)
		shown.Guests = int(guests)
		// Those that can be sent to somebody come first.
		slices.SortStableFunc(shown.Invitations, func(a, b squad.Invitation) int {
			return cmp.Compare(rank(a.Closed(tx.Now())), rank(b.Closed(tx.Now())))
		})
		return err
	})
	if err != nil {
		return err
	}
	current := "/squads"
	if !shown.Staff {
		current = views.OwnSquadPath
	}
	p, err := s.framed(w, r, current)
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Squad(p, shown))
}

// rank puts what is open before what is closed.
func rank(closed error) int {
	if closed == nil {
		return 0
	}
	return 1
}

func (s *Server) editSquad(w http.ResponseWriter, r *request) error {
	var sq squad.Squad
	var members []squad.Member
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		sq, members, err = s.squadOf(r, tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.EditSquad(s.frame(r, "/squads"), sq, s.squadForm(r, sq, members)))
}

// squadForm is the form of a squad as it is: what only staff decide is for them.
func (s *Server) squadForm(r *request, sq squad.Squad, members []squad.Member) views.SquadForm {
	f := views.SquadAs(sq, members)
	f.Staff = r.who.Staff()
	return f
}

// giveInvitation makes the next invitation that a member has to give.
func (s *Server) giveInvitation(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		_, err := squad.Give(ctx, tx, squadID, r.who.ID)
		return err
	})
	if errors.Is(err, squad.ErrNoneToGive) {
		return s.goWith(w, r, views.SquadPath(squadID), "given.none")
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SquadPath(squadID), "given.there")
}

func (s *Server) changeSquad(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.SquadForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	f.Staff = r.who.Staff()
	var before squad.Squad
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if err := squad.Lock(ctx, tx, r.PathValue("squad")); err != nil {
			return err // the seats that are taken are counted
		}
		if before, f.Members, err = s.squadOf(r, tx); err != nil {
			return err
		}
		after := before
		if f.Problems = f.Squad(&after); !f.Problems.OK() {
			return nil
		}
		if err := squad.Change(ctx, tx, after); err != nil {
			return err
		}
		return s.moveUp(ctx, tx, after.ID)
	})
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.show(w, r, http.StatusUnprocessableEntity, views.EditSquad(s.frame(r, "/squads"), before, f))
	}
	return s.goWith(w, r, views.SquadPath(before.ID), "form.saved")
}

// invite makes an invitation to a squad.
func (s *Server) invite(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.InvitationForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	i, problems := f.Invitation(s.zone(), s.clock.Now())
	if !problems.OK() {
		f.Problems = problems
		return s.squadPage(w, r, http.StatusUnprocessableEntity, f)
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			sq, err := squad.ByID(ctx, tx, r.PathValue("squad"))
			if err != nil {
				return err
			}
			i.SquadID, i.MadeBy = sq.ID, r.who.ID
			_, err = squad.Invite(ctx, tx, i)
			return err
		})
		if err != nil {
			return "", err
		}
		return views.SquadPath(i.SquadID), nil
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "invitation.made")
}

func (s *Server) revokeInvitation(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error {
		return squad.Revoke(r.Context(), tx, r.PathValue("squad"), r.PathValue("code"))
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SquadPath(r.PathValue("squad")), "invitation.revoked")
}
