package views

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// SquadForm is a squad as it was typed.
type SquadForm struct {
	Once     string `form:"once"`
	Name     string `form:"name"`
	City     string `form:"city"`
	About    string `form:"about"`
	Capacity string `form:"capacity"`
	Captain  string `form:"captain"`

	Agenda    string `form:"agenda"`
	Approval  string `form:"approval"`
	Questions string `form:"questions"` // one a line
	Groups    string `form:"groups"`    // one a line
	Gives     string `form:"gives"`     // staff decide that

	Problems check.Problems `form:"-"`
	Members  []squad.Member `form:"-"` // who could be captain
	Staff    bool           `form:"-"` // whoever fills it in is
}

// SquadAs is the form of a squad as it is.
func SquadAs(s squad.Squad, members []squad.Member) SquadForm {
	f := SquadForm{Name: s.Name, City: s.City, About: s.About, Captain: s.CaptainID, Members: members, Agenda: s.Agenda, Questions: s.Questions, Groups: s.GroupLinks}
	if s.Approval {
		f.Approval = "yes"
	}
	if s.Gives > 0 {
		f.Gives = strconv.Itoa(s.Gives)
	}
	if s.Capacity > 0 {
		f.Capacity = strconv.Itoa(s.Capacity)
	}
	return f
}

// Squad changes s to what was typed, and returns what is wrong with that.
func (f SquadForm) Squad(s *squad.Squad) (p check.Problems) {
	s.Name, s.City, s.About, s.CaptainID = f.Name, f.City, f.About, f.Captain
	s.Agenda, s.Approval, s.Questions = f.Agenda, f.Approval != "", strings.ReplaceAll(f.Questions, "\r\n", "\n")
	s.GroupLinks = f.Groups
	s.Capacity = whole(&p, "capacity", f.Capacity)
	if f.Staff {
		s.Gives = whole(&p, "gives", f.Gives)
	}
	if f.Captain != "" && !slices.ContainsFunc(f.Members, func(m squad.Member) bool { return m.AccountID == f.Captain }) {
		p.Add("captain", "check.choice")
	}
	for field, problem := range s.Check() {
		p.Add(field, problem.Key, problem.Args...)
	}
	return p
}

// whole reads a whole number that may be left out, and is 0 then.
func whole(p *check.Problems, field, typed string) int {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		p.Add(field, "check.number")
		return 0
	}
	return n
}

// captains are who can lead the squad, and nobody.
func (f SquadForm) captains(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "squad.no_captain")}}
	for _, m := range f.Members {
		all = append(all, ui.Option{Value: m.AccountID, Label: m.Name})
	}
	return withChosen(all, f.Captain)
}

// InvitationForm is an invitation as it was typed.
type InvitationForm struct {
	Once   string `form:"once"`
	Cap    string `form:"cap"`
	EndsOn string `form:"ends_at"` // the last day, in the brand's time zone

	Problems check.Problems `form:"-"`
}

// Invitation is what was typed, and what is wrong with it at that time.
func (f InvitationForm) Invitation(zone *time.Location, now time.Time) (i squad.Invitation, p check.Problems) {
	i.Cap = whole(&p, "cap", f.Cap)
	if day := strings.TrimSpace(f.EndsOn); day != "" {
		last, err := time.ParseInLocation(time.DateOnly, day, zone)
		if err != nil || last.Year() > 9999 {
			p.Add("ends_at", "check.date")
		}
		i.EndsAt = last.AddDate(0, 0, 1)
	}
	for field, problem := range i.Check(now) {
		p.Add(field, problem.Key, problem.Args...)
	}
	return i, p
}

// SquadPage is what there is to see of a squad.
type SquadPage struct {
	Squad   squad.Squad
	Members []squad.Member
	Staff   bool             // whoever looks is staff
	Leads   bool             // they are staff, or the captain
	Own     *squad.Standing  // of the member who looks; nil for staff
	Doors   []drop.SquadDoor // of what it may read by now, for those who lead it
	Base    string
	Zone    *time.Location
	Now     time.Time
	Board   spread.Board // of all links that were made in it
	Pages   Pages
	Place   *SquadPlace // of a member
	Whole   bool        // the whole board is shown

	// The rest is for those who lead it.
	Asked       int // who apply
	InLine      int // who wait for a seat
	Invitations []squad.Invitation
	Guests      int // who were invited by mail
	Form        InvitationForm
}

// table is the squad's own board: the columns for staff, or for a member.
func (s SquadPage) table() boardColumns {
	t := boardColumns{Staff: s.Staff, Shared: s.Board.Shared}
	if s.Board.Own != nil {
		t.Own = s.Board.Own.AccountID
	}
	return t
}

// name is what a member is called, for whoever looks.
func (s SquadPage) name(ctx context.Context, m squad.Member) string {
	if m.Name == "" {
		return lang.T(ctx, "shown.somebody")
	}
	return m.Name
}

// scripted is the page with the script that copies links, where there are any.
func (s SquadPage) scripted(p ui.Page) ui.Page {
	if !s.Leads {
		return p
	}
	return withScript(p, "js/copy.js")
}

// invitationState is the key of where an invitation stands, with a tone.
func (s SquadPage) invitationState(i squad.Invitation) (key, tone string) {
	closed := i.Closed(s.Now)
	switch {
	case errors.Is(closed, squad.ErrRevoked):
		return "state.invitation_revoked", ui.Bad
	case errors.Is(closed, squad.ErrExpired):
		return "state.invitation_expired", ui.Warn
	case errors.Is(closed, squad.ErrUsedUp):
		return "state.invitation_used_up", ui.Warn
	}
	return "state.invitation_open", ui.Good
}

// seats says how many are in a squad, of how many that can be.
func seats(ctx context.Context, s squad.Squad) string {
	if s.Capacity == 0 {
		return lang.T(ctx, "squad.members", "n", s.Members)
	}
	return lang.T(ctx, "squad.seats", "n", s.Members, "of", s.Capacity)
}

// uses says how often an invitation was taken, of how often it can be.
func uses(ctx context.Context, i squad.Invitation) string {
	if i.Cap == 0 {
		return lang.T(ctx, "invitation.used", "n", i.Used)
	}
	return lang.T(ctx, "invitation.used_of", "n", i.Used, "of", i.Cap)
}

// lastDay is the day on which an invitation can last be taken.
func lastDay(ctx context.Context, i squad.Invitation, zone *time.Location) string {
	if i.EndsAt.IsZero() {
		return lang.T(ctx, "invitation.no_end")
	}
	return lang.T(ctx, "invitation.until", "at", lang.Date(ctx, i.EndsAt.Add(-time.Millisecond), zone))
}

// urgent makes the way to applications the first thing to do where there are some.
func (s SquadPage) urgent() string {
	if s.Asked > 0 {
		return ui.Primary
	}
	return ""
}

// cityOf is the squad's city or interest, unless its name says it already.
func cityOf(s squad.Squad) string {
	if s.City == s.Name {
		return ""
	}
	return s.City
}

// handOver opens WhatsApp with an invitation that a member has to give, and with words around it.
func (s SquadPage) handOver(ctx context.Context, code string) string {
	return share.Say(visit.WhatsApp, share.AnyScreen, lang.T(ctx, "given.words", "squad", s.Squad.Name, "link", s.Base+JoinPath(code)))
}
