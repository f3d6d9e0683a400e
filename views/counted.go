package views

import (
	"context"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
)

// Counted is what came of a member's link, as far as it is known by now.
type Counted struct {
	DropID  string
	Totals  spread.Totals
	Tallies []share.Tally
	Now     time.Time
	Zone    *time.Location
}

// CountedPath is where a page asks again what came of a member's link.
func CountedPath(dropID string) string { return DropPath(dropID) + "/counted" }

// counted is what the page of a drop says of it.
func (v DropPage) counted() Counted {
	return Counted{DropID: v.Drop.ID, Totals: v.Totals, Tallies: v.Tallies, Now: v.Now, Zone: v.Zone}
}

// words say it in a line, as it is read out when it changes.
func (v Counted) words(ctx context.Context) string {
	if v.Totals.People == 0 {
		return lang.T(ctx, "counted.nobody")
	}
	return v.opened(ctx) + ", " + v.beyond(ctx)
}

// opened is how many opened the link.
func (v Counted) opened(ctx context.Context) string {
	return lang.T(ctx, "counted.opened", "n", v.Totals.People)
}

// beyond is what these did with it, and how far it came.
func (v Counted) beyond(ctx context.Context) string {
	if v.Totals.Sharers == 0 {
		return lang.T(ctx, "counted.passed_none")
	}
	return lang.T(ctx, "counted.passed", "n", v.Totals.Sharers) + ", " + lang.T(ctx, "counted.farthest", "n", v.Totals.Farthest)
}

// beside is how often it was opened again from the same place.
func (v Counted) beside() (n int64) {
	for _, t := range v.Tallies {
		if t.Kind == share.Beside {
			n += t.Count
		}
	}
	return n
}

// mostPasted is of how many channels it is said that the link was pasted there.
const mostPasted = 4

// pasted are the latest signals from each channel, the newest first.
func (v Counted) pasted() (latest []share.Tally) {
	seen := map[visit.Channel]bool{}
	for _, t := range pasted(v.Tallies) {
		if !seen[t.Channel] && len(latest) < mostPasted {
			latest = append(latest, t)
		}
		seen[t.Channel] = true
	}
	return latest
}

// pastedAt says where and when: of today the hour, else the day too.
func (v Counted) pastedAt(ctx context.Context, t share.Tally) string {
	channel := lang.T(ctx, "channel."+t.Channel.String())
	if lang.Date(ctx, t.LastAt, v.Zone) == lang.Date(ctx, v.Now, v.Zone) {
		return lang.T(ctx, "share.pasted", "channel", channel, "when", lang.Time(ctx, t.LastAt, v.Zone))
	}
	return lang.T(ctx, "link.pasted", "channel", channel, "when", moment(ctx, t.LastAt, v.Zone))
}
