package views

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
)

// How many opens of a tree are listed, and how many of those at once.
const (
	rowsShown = 500
	rowsFirst = 12
)

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

// newest are the opens that are listed at once, earlier the others.
func newest(l spread.Look) []openRow {
	rows := openRows(l)
	return rows[:min(rowsFirst, len(rows))]
}

func earlier(l spread.Look) []openRow {
	rows := openRows(l)
	return rows[min(rowsFirst, len(rows)):]
}

// perHop is how many counted people there are at each hop, from the first on.
func perHop(l spread.Look) (people []int) {
	for i, leaf := range l.Leaves {
		if !leaf.Counted {
			continue
		}
		for int64(len(people)) < l.Reckoning.Hops[i] {
			people = append(people, 0)
		}
		people[l.Reckoning.Hops[i]-1]++
	}
	return people
}

// moment is a time in a list: the day without its year, and the hour.
func moment(ctx context.Context, at time.Time, zone *time.Location) string {
	return lang.Day(ctx, at, zone) + ", " + lang.Time(ctx, at, zone)
}

// through names a channel; of one that is not known there is nothing to say.
func through(ctx context.Context, c visit.Channel) string {
	if c == visit.Unknown {
		return ""
	}
	return lang.T(ctx, "channel."+c.String())
}

// channelWords says how an open came: as which share, and seen in which app.
func channelWords(ctx context.Context, channel, observed int64) string {
	c, o := visit.Channel(channel), visit.Channel(observed) //nolint:gosec // they were written as such
	if o == visit.Unknown || o == c {
		return through(ctx, c)
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

// kinds are the kinds of fetches in the order in which they are told: what
// people did first, then what was left out.
var kinds = []share.Kind{
	share.Fetched, share.Intended, share.Previewed, share.Unconfirmed, share.Looked,
	share.Suspected, share.Prefetched, share.Scanned, share.Botted,
}

// together adds up the tallies of each kind and channel, whatever the day and
// the rule: by kind, and the most first.
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
	slices.SortStableFunc(sums, func(a, b share.Tally) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(b.Count, a.Count))
	})
	return sums
}
