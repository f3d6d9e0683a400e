package views

import (
	"context"
	"strconv"
	"time"

	"ricochet.example/app/audit"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// What can be decided about opens, and about which.
const (
	Release     = "release" // they count
	Exclude     = "exclude" // they do not
	ScopeOpen   = "open"
	ScopeBranch = "branch"
)

// HeldPath lists what is shown and not counted in a campaign.
func HeldPath(campaignID string) string { return CampaignPath(campaignID) + "/held" }

// LinkHeldPath lists what is shown and not counted of a link.
func LinkHeldPath(token string) string { return LinkPath(token) + "/held" }

// GroupPath is the page of a link's opens that share a network, or a reason.
func GroupPath(token string, p share.Place) string {
	if reason, ok := p.Reason(); ok {
		return LinkHeldPath(token) + "/" + reason.String()
	}
	return LinkHeldPath(token) + "/" + num64(int64(p))
}

// OpenPath is where one open is judged.
func OpenPath(token string, open int64) string { return LinkPath(token) + "/opens/" + num64(open) }

// StopPath is where a link is stopped.
func StopPath(token string) string { return LinkPath(token) + "/stop" }

// DecisionsPath lists what was decided, in a campaign or everywhere.
func DecisionsPath(campaignID string) string {
	if campaignID == "" {
		return "/decisions"
	}
	return "/decisions?campaign=" + campaignID
}

// JudgedLink is a link whose opens are judged.
type JudgedLink struct {
	Token      string
	Title      string // of the drop
	Member     string // who shares it; empty once they were erased
	DropID     string
	CampaignID string
	StoppedAt  time.Time // zero while it is followed
	Zone       *time.Location
}

// who is the link's member, or what is left to say of one who was erased.
func (l JudgedLink) who(ctx context.Context) string { return memberName(ctx, l.Member) }

func memberName(ctx context.Context, name string) string {
	if name == "" {
		return lang.T(ctx, "judge.former")
	}
	return name
}

// JudgeForm is a verdict as it was typed.
type JudgeForm struct {
	Once    string // names the form itself
	Verdict string
	Scope   string
	Note    string

	Problems check.Problems
}

// Effect is what a verdict adds to the numbers of a link.
type Effect struct {
	Opens  int64 // that it changes
	People int64
	Points int64
}

// Signed writes a number with its sign, as a change is told.
func Signed(ctx context.Context, n int64) string {
	if n > 0 {
		return "+" + lang.Number(ctx, n)
	}
	return lang.Number(ctx, n)
}

func (e Effect) words(ctx context.Context) string {
	return lang.T(ctx, "judge.effect", "n", e.Opens, "people", Signed(ctx, e.People), "points", Signed(ctx, e.Points))
}

// HeldGroup is a line of the list of what is not counted.
type HeldGroup struct {
	share.Group
	Token string
}

// reason says why its opens are not counted.
func (g HeldGroup) reason(ctx context.Context) string {
	if reason, ok := g.Place.Reason(); ok {
		return lang.T(ctx, "held."+reason.String())
	}
	switch {
	case g.SameNetwork == 0:
		return lang.T(ctx, "held.network_cap")
	case g.NetworkCap == 0:
		return lang.T(ctx, "held.same_network")
	}
	return lang.T(ctx, "held.both")
}

// when is the time of the group's opens.
func (g HeldGroup) when(ctx context.Context, zone *time.Location) string {
	if first, last := lang.Day(ctx, g.First, zone), lang.Day(ctx, g.Last, zone); first != last {
		return first + " – " + last
	}
	return moment(ctx, g.Last, zone)
}

func (g HeldGroup) channel(ctx context.Context) string {
	if g.Several {
		return lang.T(ctx, "held.several")
	}
	return through(ctx, g.Channel)
}

// HeldPage lists what is shown and not counted, of a campaign or one link.
type HeldPage struct {
	Over       string      // the campaign's name
	Link       *JudgedLink // of one link alone
	Back, Path string
	CampaignID string
	Judged     bool // no group of the campaign clears by itself
	Shown      share.Shown
	Groups     []HeldGroup
	Counts     []int64 // of each choice
	Page       int
	Pages      int
	Once       string
	Zone       *time.Location
}

// of names the page above: the link's member, or the campaign.
func (v HeldPage) of(ctx context.Context) string {
	if v.Link != nil {
		return v.Link.who(ctx)
	}
	return v.Over
}

// over is what the page above does not say by its name: whose drop the link is.
func (v HeldPage) over() string {
	if v.Link != nil {
		return v.Link.Title
	}
	return ""
}

func (v HeldPage) pills(ctx context.Context) (items []ui.NavItem) {
	for i, shown := range share.AllShown {
		items = append(items, ui.NavItem{
			Label:   lang.T(ctx, "held.show_"+string(shown)) + " · " + upTo(ctx, v.Counts[i]),
			Path:    v.Path + "?show=" + string(shown),
			Current: shown == v.Shown,
		})
	}
	return items
}

// mostCounted is where counting what waits ends: whoever has more to look
// through does not ask for how many.
const mostCounted = 1000

func upTo(ctx context.Context, n int64) string {
	if n >= mostCounted {
		return lang.Number(ctx, int64(mostCounted-1)) + "+"
	}
	return lang.Number(ctx, n)
}

// page is the path of one page of a list that has more.
func page(path string, n int) string {
	separator := "?"
	for _, r := range path {
		if r == '?' {
			separator = "&"
		}
	}
	return path + separator + "page=" + strconv.Itoa(n)
}

// paged are the pages of a list that has more than one.
func paged(path string, at, of int) ui.Pages {
	return ui.Pages{At: at, Of: of, Path: func(n int) string { return page(path, n) }}
}

// OpenPage is one open, to be judged.
type OpenPage struct {
	Moment  *share.Moment // by which it came and counts; nil: by none
	Alike   bool          // it counts by that alone
	Link    JudgedLink
	Leaf    spread.Leaf
	Hop     int64
	Points  int64
	Below   int // how many opens came by it
	Effects map[string]Effect
	History []audit.Act
	Form    JudgeForm
}

func (v OpenPage) channel(ctx context.Context) string {
	if words := channelWords(ctx, v.Leaf.Channel, v.Leaf.Observed); words != "" {
		return words
	}
	return lang.T(ctx, "channel."+visit.Unknown.String())
}

// scopes are what a verdict can be about, each with what it would change.
func (v OpenPage) scopes(ctx context.Context) (options []ui.Option) {
	keys := []string{ScopeOpen}
	if v.Below > 0 {
		keys = append(keys, ScopeBranch)
	}
	for _, scope := range keys {
		hint := ""
		for _, verdict := range []string{Release, Exclude} {
			if e := v.Effects[verdict+scope]; e.Opens > 0 {
				if hint != "" {
					hint += " · "
				}
				hint += lang.T(ctx, "judge."+verdict+"_effect", "effect", e.words(ctx))
			}
		}
		options = append(options, ui.Option{Value: scope, Label: lang.T(ctx, "judge.scope_"+scope, "n", v.Below), Hint: hint})
	}
	return options
}

// verdicts are what can be decided, whatever its scope.
func (v OpenPage) verdicts(ctx context.Context) (options []ui.Option) {
	for _, verdict := range []string{Release, Exclude} {
		if v.Effects[verdict+ScopeOpen].Opens+v.Effects[verdict+ScopeBranch].Opens > 0 {
			options = append(options, ui.Option{Value: verdict, Label: lang.T(ctx, "judge."+verdict)})
		}
	}
	return options
}

// GroupOpen is one open of a group.
type GroupOpen struct {
	spread.Leaf
	Hop int64
}

// GroupPage is opens of one link that share a network or a reason, to be judged at once.
type GroupPage struct {
	Link      JudgedLink
	Place     share.Place
	Opens     []GroupOpen // of this page, the last first
	CountHere int64       // how many there are in all
	Counted   int64       // others of the same network that count
	Release   Effect
	Exclude   Effect
	Page      int
	Pages     int
	Form      JudgeForm
}

func (v GroupPage) title(ctx context.Context) string {
	if reason, ok := v.Place.Reason(); ok {
		return lang.T(ctx, "held."+reason.String())
	}
	return lang.T(ctx, "held.network")
}

// verdicts are what can be decided of all at once, and what each would change.
func (v GroupPage) verdicts(ctx context.Context) (options []ui.Option) {
	options = append(options, ui.Option{Value: Release, Label: lang.T(ctx, "judge."+Release), Hint: v.Release.words(ctx)})
	if v.Exclude.Opens > 0 {
		options = append(options, ui.Option{Value: Exclude, Label: lang.T(ctx, "judge."+Exclude), Hint: v.Exclude.words(ctx)})
	}
	return options
}

// back is the list that the group stands in.
func (v GroupPage) back() string {
	return HeldPath(v.Link.CampaignID) + "?show=" + string(v.Place.Shown())
}

// ActLine is a line of what was decided.
type ActLine struct {
	audit.Act
	Token string // of the link that it is about
}

// what says what was done.
func (a ActLine) what(ctx context.Context) string {
	return lang.T(ctx, "act."+string(a.Kind), "n", a.Opens)
}

// by says who did it.
func (a ActLine) by(ctx context.Context) string {
	switch {
	case a.Kind == audit.DeviceRecognise, a.Kind == audit.GroupCleared:
		return lang.T(ctx, "act.by_rule")
	case a.Kind == audit.VisitForgotten:
		return lang.T(ctx, "act.by_reader")
	case a.Kind == audit.GuardianWithdrew, a.Kind == audit.GuardianReturned:
		return lang.T(ctx, "act.by_guardian")
	case a.AccountID != "" && a.AccountID == a.PersonID:
		return lang.T(ctx, "act.by_themself")
	case a.Name == "" && a.Kind == audit.PersonErased:
		return lang.T(ctx, "act.by_themself")
	case a.Name == "":
		return lang.T(ctx, "act.by_erased")
	}
	return a.Name
}

// aboutPerson says whether it was done to somebody rather than to opens or a link.
func (a ActLine) aboutPerson() bool {
	switch a.Kind {
	case audit.MemberPaused, audit.MemberResumed, audit.MemberRemoved, audit.MemberLeft, audit.PersonSuspended, audit.PersonReadmitted,
		audit.ApplicationAccepted, audit.ApplicationDeclined, audit.RewardApproved, audit.RewardSent, audit.RewardDeclined, audit.MemberThanked,
		audit.AgeConfirmed, audit.AgeDeclined, audit.GuardianWithdrew, audit.GuardianReturned:
		return true
	}
	return false
}

func (a ActLine) change(ctx context.Context) string {
	if a.People == 0 && a.Points == 0 {
		return ""
	}
	return lang.T(ctx, "act.change", "people", Signed(ctx, a.People), "points", Signed(ctx, a.Points))
}

// DecisionsPage lists what was decided, the last first.
type DecisionsPage struct {
	CampaignID string // empty: everywhere
	Campaign   string
	Acts       []ActLine
	ByRule     []ActLine
	Page       int
	More       bool
	Zone       *time.Location
}

// leftOut is how many opens of a tree are not counted for each reason, the
// most frequent reasons as they are numbered.
func leftOut(t *spread.Trace) (counts []reasonCount) {
	by := t.LeftOut()
	for _, s := range []share.State{share.OwnDevice, share.SignedIn, share.SameNetwork, share.NetworkCap, share.Excluded, share.Erased} {
		if by[s] > 0 {
			counts = append(counts, reasonCount{s, by[s]})
		}
	}
	return counts
}

type reasonCount struct {
	State share.State
	Opens int
}

// CampaignHeld is what of a campaign is on no board: the opens that wait for a
// judgement, and the links of ambassadors who were erased.
type CampaignHeld struct {
	Waiting int64 // counted up to a thousand
	Former  []FormerLink
}

// FormerLink is the link of an ambassador who was erased, and what it brought.
type FormerLink struct {
	Token  string
	Totals spread.Totals
}
