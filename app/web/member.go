package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) memberRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/squads/{squad}/members/{member}", Answers: leaders, Page: true, handle: s.showMember},
		{Method: "POST", Pattern: "/squads/{squad}/members/{member}", Answers: leaders, handle: s.changeMember},
		{Method: "POST", Pattern: "/squads/{squad}/members/{member}/resume", Answers: leaders, handle: s.resumeMember},
		{Method: "GET", Pattern: "/people/{member}/suspend", Answers: staff, Page: true, handle: s.askSuspend},
		{Method: "POST", Pattern: "/people/{member}/suspend", Answers: staff, handle: s.suspend},
		{Method: "POST", Pattern: "/people/{member}/readmit", Answers: staff, handle: s.readmit},
		{Method: "GET", Pattern: "/people/{member}/links", Answers: staff, Page: true, handle: s.askLinks},
		{Method: "POST", Pattern: "/people/{member}/links", Answers: staff, handle: s.settleLinks},
		{Method: "GET", Pattern: "/squads/{squad}/leave", Answers: members, Page: true, handle: s.askLeave},
		{Method: "POST", Pattern: "/squads/{squad}/leave", Answers: members, handle: s.leaveSquad},
		{Method: "POST", Pattern: "/squads/{squad}/resume", Answers: members, handle: s.resumeSelf},
	}
}

// stopLinks stops the links of a member that are followed, of one squad or of all, and writes each down.
func stopLinks(ctx context.Context, tx *data.Tx, by, member, squadID string) error {
	living, err := share.Living(ctx, tx, member, squadID)
	if err != nil {
		return err
	}
	for _, l := range living {
		act := audit.Act{Kind: audit.LinkStopped, AccountID: by, CampaignID: l.CampaignID, LinkID: l.ID}
		if _, err := audit.Write(ctx, tx, act); err != nil {
			return err
		}
		if err := share.Stop(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	return nil
}

// resumeLinks lets those links be followed again that were stopped together with something that ends now.
func resumeLinks(ctx context.Context, tx *data.Tx, by, member, squadID string, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	stopped, err := share.StoppedWith(ctx, tx, member, squadID, at)
	if err != nil {
		return err
	}
	return resumeThese(ctx, tx, by, stopped)
}

// resumeAll lets every link of a member be followed again.
func resumeAll(ctx context.Context, tx *data.Tx, by, member string) error {
	all, err := share.ByAccount(ctx, tx, member)
	if err != nil {
		return err
	}
	return resumeThese(ctx, tx, by, slices.DeleteFunc(all, func(l share.Link) bool { return l.StoppedAt.IsZero() }))
}

func resumeThese(ctx context.Context, tx *data.Tx, by string, links []share.Link) error {
	for _, l := range links {
		act := audit.Act{Kind: audit.LinkResumed, AccountID: by, CampaignID: l.CampaignID, LinkID: l.ID}
		if _, err := audit.Write(ctx, tx, act); err != nil {
			return err
		}
		if err := share.Resume(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	return nil
}

// moveUp gives free seats of a squad to those who wait for one, with their links and a mail each.
func (s *Server) moveUp(ctx context.Context, tx *data.Tx, squadID string) error {
	lucky, err := squad.MoveUp(ctx, tx, squadID)
	if err != nil {
		return err
	}
	for _, a := range lucky {
		if err := share.Issue(ctx, tx, "", a.AccountID); err != nil {
			return err
		}
		if err := s.mailApplicant(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

// noteMember writes down what whoever asks does to a member of a squad, or to themself.
func (s *Server) noteMember(r *request, tx *data.Tx, kind audit.Kind, squadID, member string) error {
	_, err := audit.Write(r.Context(), tx, audit.Act{Kind: kind, AccountID: r.who.ID, PersonID: member, SquadID: squadID})
	return err
}

// memberPage shows one member of a squad to those who lead it.
func (s *Server) memberPage(w http.ResponseWriter, r *request, status int, f views.MemberForm, thanks views.ThanksForm) error {
	ctx := r.Context()
	v := views.MemberPage{Form: f, Thanks: thanks, Staff: r.who.Staff(), Self: r.PathValue("member") == r.who.ID, Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		if v.Member, err = squad.MemberOf(ctx, tx, v.Squad.ID, r.PathValue("member")); err != nil {
			return err
		}
		if v.InvitedBy, err = squad.InviterOf(ctx, tx, v.Squad.ID, v.Member.AccountID); err != nil {
			return err
		}
		if v.Came, err = squad.Came(ctx, tx, v.Squad.ID, v.Member.AccountID); err != nil {
			return err
		}
		v.Age, err = ageOf(ctx, tx, v.Member.AccountID)
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

func (s *Server) showMember(w http.ResponseWriter, r *request) error {
	return s.memberPage(w, r, http.StatusOK, views.MemberForm{Links: views.LinksGoOn}, views.ThanksForm{Once: id.New()})
}

// changeMember gives a member a break, or takes them out of the squad. What they shared goes on or stops as
// whoever leads the squad chooses.
func (s *Server) changeMember(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.MemberForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.memberPage(w, r, http.StatusUnprocessableEntity, f, views.ThanksForm{Once: id.New()})
	}
	squadID, member := r.PathValue("squad"), r.PathValue("member")
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		if err := squad.Lock(ctx, tx, squadID); err != nil {
			return err
		}
		m, err := squad.MemberOf(ctx, tx, squadID, member)
		if err != nil {
			return err
		}
		if f.Links == views.LinksStop && (f.Do == views.Remove || m.PausedAt.IsZero()) {
			if err := stopLinks(ctx, tx, r.who.ID, member, squadID); err != nil {
				return err
			}
			// What a suspension stopped stays so when that ends.
			who, err := account.ByID(ctx, tx, member)
			if err != nil {
				return err
			}
			if who.Suspended() {
				if err := share.StopWith(ctx, tx, member, squadID, who.SuspendedAt, tx.Now()); err != nil {
					return err
				}
			}
		}
		if f.Do == views.Pause {
			if !m.PausedAt.IsZero() {
				return nil
			}
			if err := s.noteMember(r, tx, audit.MemberPaused, squadID, member); err != nil {
				return err
			}
			return squad.Pause(ctx, tx, squadID, member, false)
		}
		if err := s.noteMember(r, tx, audit.MemberRemoved, squadID, member); err != nil {
			return err
		}
		if !m.Staff {
			if err := squad.EndInvitationsBy(ctx, tx, member, squadID); err != nil {
				return err
			}
		}
		if err := squad.Leave(ctx, tx, squadID, member); err != nil {
			return err
		}
		if err := squad.Bar(ctx, tx, squadID, member, r.who.ID); err != nil {
			return err
		}
		return s.moveUp(ctx, tx, squadID)
	})
	if err != nil {
		return err
	}
	switch {
	case member == r.who.ID && !r.who.Staff():
		return s.goTo(w, r, "/")
	case f.Do == views.Pause:
		return s.goWith(w, r, views.MemberPath(squadID, member), "member.paused")
	}
	return s.goWith(w, r, views.SquadPath(squadID), "squad.removed")
}

// resumeMember ends a member's break, and lets the links be followed again that were stopped with it.
func (s *Server) resumeMember(w http.ResponseWriter, r *request) error {
	squadID, member := r.PathValue("squad"), r.PathValue("member")
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return s.comeBack(r, tx, squadID, member) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.MemberPath(squadID, member), "member.resumed")
}

func (s *Server) comeBack(r *request, tx *data.Tx, squadID, member string) error {
	ctx := r.Context()
	m, err := squad.MemberOf(ctx, tx, squadID, member)
	if err != nil || m.PausedAt.IsZero() {
		return err
	}
	if err := s.noteMember(r, tx, audit.MemberResumed, squadID, member); err != nil {
		return err
	}
	who, err := account.ByID(ctx, tx, member)
	if err != nil {
		return err
	}
	if who.Suspended() { // what the break stopped goes on when they are in again
		err = share.StopWith(ctx, tx, member, squadID, m.PausedAt, who.SuspendedAt)
	} else {
		err = resumeLinks(ctx, tx, r.who.ID, member, squadID, m.PausedAt)
	}
	if err != nil {
		return err
	}
	if err := squad.Resume(ctx, tx, squadID, member); err != nil {
		return err
	}
	return share.Issue(ctx, tx, "", member)
}

func (s *Server) suspendForm(w http.ResponseWriter, r *request, status int, f views.SuspendForm) error {
	who, err := s.ambassador(r)
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	withdrawn := false
	err = s.db.View(r.Context(), func(tx *data.Tx) error {
		age, err := ageOf(r.Context(), tx, who.ID)
		withdrawn = !age.WithdrawnAt.IsZero() && tx.Now().Before(age.OfAgeAt())
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Suspend(p, who, f, withdrawn))
}

// askSuspend says what suspending somebody means, before it is done.
func (s *Server) askSuspend(w http.ResponseWriter, r *request) error {
	return s.suspendForm(w, r, http.StatusOK, views.SuspendForm{Links: views.LinksGoOn})
}

// suspend shuts an ambassador out of everything, from their next request on.
func (s *Server) suspend(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.SuspendForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.suspendForm(w, r, http.StatusUnprocessableEntity, f)
	}
	who, err := s.ambassador(r)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		if now, err := account.ByID(ctx, tx, who.ID); err != nil || now.Suspended() {
			return err // somebody else was quicker
		}
		if f.Links == views.LinksStop {
			if err := stopLinks(ctx, tx, r.who.ID, who.ID, ""); err != nil {
				return err
			}
		}
		if err := s.noteMember(r, tx, audit.PersonSuspended, "", who.ID); err != nil {
			return err
		}
		if err := squad.EndInvitationsBy(ctx, tx, who.ID, ""); err != nil {
			return err
		}
		return account.Suspend(ctx, tx, who.ID)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SuspendPath(who.ID), "member.suspended", "name", who.Name)
}

// readmit ends a suspension, and lets the links be followed again that were stopped with it.
func (s *Server) readmit(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	who, err := s.ambassador(r)
	if err != nil {
		return err
	}
	kept := false
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		now, err := account.ByID(ctx, tx, who.ID)
		if err != nil || !now.Suspended() {
			return err
		}
		age, err := ageOf(ctx, tx, who.ID)
		if err != nil {
			return err
		}
		if !age.WithdrawnAt.IsZero() {
			if kept = tx.Now().Before(age.OfAgeAt()); kept {
				return nil // only their guardian lets them in again
			}
			if err := s.growUp(r, tx, now, age); err != nil {
				return err
			}
		}
		if err := s.noteMember(r, tx, audit.PersonReadmitted, "", who.ID); err != nil {
			return err
		}
		return s.letBackIn(ctx, tx, r.who.ID, now)
	})
	if err != nil {
		return err
	}
	if kept {
		return s.goTo(w, r, views.SuspendPath(who.ID))
	}
	return s.goWith(w, r, views.SuspendPath(who.ID), "member.readmitted", "name", who.Name)
}

// letBackIn ends a suspension. by is who does; empty: nobody with an account.
func (s *Server) letBackIn(ctx context.Context, tx *data.Tx, by string, who account.Account) error {
	if err := resumeLinks(ctx, tx, by, who.ID, "", who.SuspendedAt); err != nil {
		return err
	}
	if err := account.Readmit(ctx, tx, who.ID); err != nil {
		return err
	}
	// They were passed over in every line that they stand in.
	waits, err := squad.OpenApplicationsOf(ctx, tx, who.ID)
	for _, a := range waits {
		err = errors.Join(err, s.moveUp(ctx, tx, a.SquadID))
	}
	return err
}

// seated is the squad of an address, for an ambassador who has a seat in it, be it on a break.
func (s *Server) seated(r *request) (sq squad.Squad, err error) {
	ctx := r.Context()
	err = s.db.View(ctx, func(tx *data.Tx) error {
		if _, err := squad.MemberOf(ctx, tx, r.PathValue("squad"), r.who.ID); err != nil {
			return err
		}
		sq, err = squad.ByID(ctx, tx, r.PathValue("squad"))
		return err
	})
	return sq, err
}

func (s *Server) leaveForm(w http.ResponseWriter, r *request, status int, sq squad.Squad, f views.LeaveForm) error {
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Leave(p, sq, f))
}

// askLeave says what a break is and what leaving is.
func (s *Server) askLeave(w http.ResponseWriter, r *request) error {
	sq, err := s.seated(r)
	if err != nil {
		return err
	}
	return s.leaveForm(w, r, http.StatusOK, sq, views.LeaveForm{Do: views.Pause})
}

// leaveSquad takes whoever asks for it out of a squad, or gives them a break from it. What they shared goes on.
func (s *Server) leaveSquad(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.LeaveForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	sq, err := s.seated(r)
	if err != nil {
		return err
	}
	if f.Problems = f.Check(); !f.Problems.OK() {
		return s.leaveForm(w, r, http.StatusUnprocessableEntity, sq, f)
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		m, err := squad.MemberOf(ctx, tx, sq.ID, r.who.ID)
		if err != nil {
			return err
		}
		if f.Do == views.Pause {
			if !m.PausedAt.IsZero() {
				return nil
			}
			if err := s.noteMember(r, tx, audit.MemberPaused, sq.ID, r.who.ID); err != nil {
				return err
			}
			return squad.Pause(ctx, tx, sq.ID, r.who.ID, true)
		}
		if err := s.noteMember(r, tx, audit.MemberLeft, sq.ID, r.who.ID); err != nil {
			return err
		}
		if err := squad.Leave(ctx, tx, sq.ID, r.who.ID); err != nil {
			return err
		}
		return s.moveUp(ctx, tx, sq.ID)
	})
	if err != nil {
		return err
	}
	if f.Do == views.Pause {
		return s.goWith(w, r, "/", "leave.paused", "squad", sq.Name)
	}
	return s.goWith(w, r, "/", "leave.left", "squad", sq.Name)
}

// resumeSelf ends a break that is the member's own to end.
func (s *Server) resumeSelf(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		m, err := squad.MemberOf(ctx, tx, squadID, r.who.ID)
		if err == nil && !m.PausedAt.IsZero() && !m.OwnPause {
			err = data.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.comeBack(r, tx, squadID, r.who.ID)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SquadPath(squadID), "leave.back")
}
