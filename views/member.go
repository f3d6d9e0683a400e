package views

import (
	"context"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// What can be done about a seat, and about what somebody shared.
const (
	Pause     = "pause"
	Remove    = "remove"
	ForGood   = "leave"
	LinksGoOn = "go_on"
	LinksStop = "stop"
)

// MemberPath is where those who lead a squad see one of its members.
func MemberPath(squadID, accountID string) string {
	return SquadPath(squadID) + "/members/" + accountID
}

// SuspendPath is where somebody is shut out.
func SuspendPath(accountID string) string { return "/people/" + accountID + "/suspend" }

// LeavePath is where a member leaves a squad, or takes a break.
func LeavePath(squadID string) string { return SquadPath(squadID) + "/leave" }

// MemberForm is what is to become of a member, as it was chosen.
type MemberForm struct {
	Do    string `form:"do"`
	Links string `form:"links"`

	Problems check.Problems `form:"-"`
}

// Check returns what is wrong with what was chosen.
func (f MemberForm) Check() (p check.Problems) {
	p.OneOf("do", f.Do, Pause, Remove)
	p.OneOf("links", f.Links, LinksGoOn, LinksStop)
	return p
}

// MemberPage is a member, as those see them who lead the squad.
type MemberPage struct {
	Squad     squad.Squad
	Member    squad.Member
	Age       account.Age // empty where nobody asked
	Staff     bool        // whoever looks is
	InvitedBy string      // name of the member by whose invitation they came; empty: none
	Came      int         // who came by theirs
	Self      bool        // whoever looks is this member
	Form      MemberForm
	Thanks    ThanksForm
	Zone      *time.Location
}

// does are what can be done about the member.
func (v MemberPage) does(ctx context.Context) []ui.Option {
	var all []ui.Option
	if v.Member.PausedAt.IsZero() {
		all = append(all, ui.Option{Value: Pause, Label: lang.T(ctx, "member.pause"), Hint: lang.T(ctx, "member.pause_hint")})
	}
	return append(all, ui.Option{Value: Remove, Label: lang.T(ctx, "squad.remove"), Hint: lang.T(ctx, "member.remove_hint")})
}

// linkChoices are what can become of what somebody shared.
func linkChoices(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: LinksGoOn, Label: lang.T(ctx, "member.links_go_on"), Hint: lang.T(ctx, "member.links_go_on_hint")},
		{Value: LinksStop, Label: lang.T(ctx, "member.links_stop"), Hint: lang.T(ctx, "member.links_stop_hint")},
	}
}

// SuspendForm is what is to become of the links of somebody who is shut out.
type SuspendForm struct {
	Links string `form:"links"`

	Problems check.Problems `form:"-"`
}

// Check returns what is wrong with what was chosen.
func (f SuspendForm) Check() (p check.Problems) {
	p.OneOf("links", f.Links, LinksGoOn, LinksStop)
	return p
}

// LeaveForm is whether a member wants a break or leaves for good.
type LeaveForm struct {
	Do string `form:"do"`

	Problems check.Problems `form:"-"`
}

// Check returns what is wrong with what was chosen.
func (f LeaveForm) Check() (p check.Problems) {
	p.OneOf("do", f.Do, Pause, ForGood)
	return p
}
