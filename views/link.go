package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
)

// rowsShown is how many opens of a tree are listed.
const rowsShown = 500

// openRow is a line of the list of a tree's opens.
type openRow struct {
	spread.Leaf
	Hop    int64
	Points int64
}

// openRows are the newest opens of a tree, the last first.
func openRows(l spread.Look) (rows []openRow) {
	for i := len(l.Leaves) - 1; i >= 0 && len(rows) < rowsShown; i-- {
		rows = append(rows, openRow{l.Leaves[i], l.Reckoning.Hops[i], l.Reckoning.Points[i]})
	}
	return rows
}

// channelWords says how an open came: as which share, and seen in which app.
func channelWords(ctx context.Context, channel, observed int64) string {
	c, o := visit.Channel(channel), visit.Channel(observed) //nolint:gosec // they were written as such
	if o == visit.Unknown || o == c {
		return lang.T(ctx, "channel."+c.String())
	}
	return lang.T(ctx, "link.seen_in", "channel", lang.T(ctx, "channel."+c.String()), "seen", lang.T(ctx, "channel."+o.String()))
}

// verdict says why an open scores, or does not; of a rehearsal, why it would.
func verdict(ctx context.Context, s share.State, rehearsal bool) string {
	if rehearsal {
		return lang.T(ctx, "reason.would_"+s.String())
	}
	return lang.T(ctx, "reason."+s.String())
}

func linkHint(v LinkPage) string {
	if v.Look.Rehearsal {
		return "rehearsal.none_hint"
	}
	return "link.none_hint"
}

func mapCaption(ctx context.Context, m spread.Ripple) string {
	if m.Hidden > 0 {
		return lang.T(ctx, "link.map_gathered", "n", m.Hidden)
	}
	return lang.T(ctx, "link.map_hint")
}

// hopOf is how far a counted open is from the member; one that is not counted
// is on nobody's way.
func hopOf(ctx context.Context, row openRow) string {
	if !row.Counted {
		return "–"
	}
	return lang.Number(ctx, row.Hop)
}

// holds says from when on a rehearsal shows its drop.
func holds(ctx context.Context, v LinkPage) string {
	if v.ShownAt.IsZero() {
		return lang.T(ctx, "rehearsal.never")
	}
	return lang.T(ctx, "rehearsal.until", "when", lang.DateTime(ctx, v.ShownAt, v.Zone))
}

// together adds up the tallies of each kind and channel, whatever the day and
// the rule; the order stays, the newest first.
func together(all []share.Tally) (sums []share.Tally) {
	type line struct {
		kind    share.Kind
		channel visit.Channel
	}
	at := map[line]int{}
	for _, t := range all {
		i, ok := at[line{t.Kind, t.Channel}]
		if !ok {
			at[line{t.Kind, t.Channel}] = len(sums)
			sums = append(sums, t)
			continue
		}
		sums[i].Count += t.Count
	}
	return sums
}
