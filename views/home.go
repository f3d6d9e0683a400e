package views

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
)

// HomeDrop is a drop on a member's home page.
type HomeDrop struct {
	Drop   drop.Drop
	Totals spread.Totals
	Today  int64  // who came today
	Token  string // of the member's link, if they have one
	Shared bool   // the link can be shared now
	Begun  bool   // and they have begun to
	Read   bool   // they have looked at it

	// Of the first one alone.
	Cover       *Cover    // if it has one
	For         []string  // the squads of the member's that have it early
	ShareableAt time.Time // when the link will show it; zero: nobody decided that
}

// HomeWeek is a member's week: today and the six days before.
type HomeWeek struct {
	People, Before int64 // reached in it, and in the one before
	Squad, Path    string
	Rank, Of       int // in the squad this week, of those who have shared; rank 0: nobody reached
}

// HomePlace is where a member stands in a campaign, of those who have shared.
type HomePlace struct {
	Name, Path string
	Own        *spread.Standing
	Of         int
}

// HomeAsked is a squad that the member leads, with how many want in, how much was said that nobody has looked at, and
// how many groups of opens wait to be judged.
type HomeAsked struct {
	Squad           squad.Squad
	N, Voices, Held int
}

// HomePage is what a member comes home to.
type HomePage struct {
	Drops     []HomeDrop // the one to share now first
	Reached   spread.Totals
	Week      HomeWeek
	Coming    []drop.Coming
	Squads    []squad.Squad
	Breaks    []squad.Break
	Asked     []HomeAsked // of squads that the member leads
	Grown     bool        // they were 16 or 17, and must be 18 by now
	Unchosen  bool        // they have not chosen yet what to hear of
	Answered  []voice.Voice
	Campaigns []HomePlace
	// Applications are those that the member has not heard of yet.
	Applications []squad.Application
	Level        HomeLevel
	Moments      Moments
	Now          time.Time
	Zone         *time.Location
}

// firstName is how a person is greeted.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// rest are the drops after the first.
func (v HomePage) rest() []HomeDrop {
	if len(v.Drops) == 0 {
		return nil
	}
	return v.Drops[1:]
}

// squads are the names of the squads that the member is in; of the only one, how many are in it too.
func (v HomePage) squads(ctx context.Context) string {
	if len(v.Squads) == 1 {
		return v.Squads[0].Name + " · " + lang.T(ctx, "squad.members", "n", v.Squads[0].Members)
	}
	var names []string
	for _, s := range v.Squads {
		names = append(names, s.Name)
	}
	return strings.Join(names, " · ")
}

// waits says when something happens to a drop, if that is known: until when the squad has it alone, or from
// when it can be shared. icon is the picture beside it.
func (d HomeDrop) waits(ctx context.Context, now time.Time) (words, icon string) {
	switch {
	case d.Drop.IsPublic(now):
		return lang.T(ctx, "home.public"), "globe"
	case d.Shared && d.Drop.PublicAt.IsZero():
		return lang.T(ctx, "reader.early"), "lock-open"
	case d.Shared:
		return lang.T(ctx, "home.early_left", "left", d.Drop.PublicAt.Sub(now)), "lock-open"
	case d.ShareableAt.After(now):
		return lang.T(ctx, "home.shareable_in", "in", d.ShareableAt.Sub(now)), "clock"
	}
	return lang.T(ctx, "reader.early"), "lock-open"
}

// closes is that instant as the clock says it.
func (d HomeDrop) closes(ctx context.Context, now time.Time, zone *time.Location) string {
	switch {
	case d.Drop.IsPublic(now):
		return ""
	case !d.Shared && d.ShareableAt.After(now):
		return lang.T(ctx, "share.from", "when", moment(ctx, d.ShareableAt, zone))
	case !d.Drop.PublicAt.IsZero():
		return lang.T(ctx, "home.public_at", "when", moment(ctx, d.Drop.PublicAt, zone))
	}
	return ""
}

// who is for whom a drop is.
func (d HomeDrop) who(ctx context.Context) string {
	if len(d.For) == 0 {
		return lang.T(ctx, "home.for_all")
	}
	return lang.T(ctx, "home.for", "squads", strings.Join(d.For, ", "))
}

// unshared are drops besides the first that were read, could be shared and were not.
func (v HomePage) unshared() (all []HomeDrop) {
	for _, d := range v.rest() {
		if d.Shared && !d.Begun && d.Read && !d.Drop.IsPublic(v.Now) {
			all = append(all, d)
		}
	}
	return all
}

// unread are drops besides the first that the member has not looked at, as long as others cannot either.
func (v HomePage) unread() (all []HomeDrop) {
	for _, d := range v.rest() {
		if !d.Read && !d.Begun && !d.Drop.IsPublic(v.Now) {
			all = append(all, d)
		}
	}
	return all
}

// asks says whether anything waits for the member.
func (v HomePage) asks() bool {
	return len(v.Asked)+len(v.unshared())+len(v.unread()) > 0 || v.Unchosen || v.Grown
}

// correctedSince is how long a correction is news.
const correctedSince = 3 * 24 * time.Hour

// corrected are drops that were corrected lately: what the member shares says something else now.
func (v HomePage) corrected() (all []HomeDrop) {
	for _, d := range v.Drops {
		if d.Drop.Number > 1 && d.Begun && d.Drop.SavedAt.After(v.Now.Add(-correctedSince)) {
			all = append(all, d)
		}
	}
	return all
}

// visited are drops by whose links somebody came today.
func (v HomePage) visited() (all []HomeDrop) {
	for _, d := range v.Drops {
		if d.Today > 0 {
			all = append(all, d)
		}
	}
	return all
}

func (v HomePage) news() bool { return len(v.corrected())+len(v.visited())+len(v.Answered) > 0 }

// change says how the week compares with the one before.
func (w HomeWeek) change(ctx context.Context) (words, icon string) {
	switch {
	case w.People > w.Before:
		return lang.T(ctx, "home.week_more", "n", w.People-w.Before), "trending-up"
	case w.People < w.Before:
		return lang.T(ctx, "home.week_fewer", "n", w.Before-w.People), "arrow-down"
	}
	return lang.T(ctx, "home.week_same"), "minus"
}

// place is where the member stands in the squad this week.
func (w HomeWeek) place(ctx context.Context) string {
	if w.Rank == 0 {
		return ""
	}
	return lang.T(ctx, "home.week_place", "rank", lang.Rank(ctx, w.Rank), "n", w.Of, "squad", w.Squad)
}

// weekPath is where the week leads: to the squad that it is compared with, or to the member's own links.
func (v HomePage) weekPath() string {
	if v.Week.Path != "" {
		return v.Week.Path + "?period=week"
	}
	return "/ripples"
}
