package views

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
)

// kinds are the kinds of fetches in the order in which they are told: what
// people did first, then what was left out.
var kinds = []share.Kind{
	share.Fetched, share.Beside, share.Intended, share.Previewed, share.Unconfirmed, share.Looked,
	share.Suspected, share.Prefetched, share.Scanned, share.Botted,
}

// neverCounted are the kinds that are never counted as people.
var neverCounted = []share.Kind{share.Previewed, share.Scanned, share.Botted, share.Prefetched, share.Suspected}

// leftOutWords says how much was left out: "1,930 previews, 412 scanners".
func leftOutWords(ctx context.Context, all []share.Tally) string {
	sums := map[share.Kind]int64{}
	for _, t := range all {
		sums[t.Kind] += t.Count
	}
	var parts []string
	for _, k := range neverCounted {
		if sums[k] > 0 {
			parts = append(parts, lang.T(ctx, "kind.left_out_"+k.String(), "n", sums[k]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return lang.T(ctx, "link.left_out", "what", strings.Join(parts, ", "))
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
		if t.LastAt.After(sums[i].LastAt) {
			sums[i].LastAt = t.LastAt
		}
	}
	slices.SortStableFunc(sums, func(a, b share.Tally) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(b.Count, a.Count))
	})
	return sums
}

// byKind are the tallies of each kind, channel by channel.
func byKind(all []share.Tally) (kinds [][]share.Tally) {
	for _, t := range together(all) {
		if n := len(kinds); n > 0 && kinds[n-1][0].Kind == t.Kind {
			kinds[n-1] = append(kinds[n-1], t)
		} else {
			kinds = append(kinds, []share.Tally{t})
		}
	}
	return kinds
}

func counted(all []share.Tally) (n int64) {
	for _, t := range all {
		n += t.Count
	}
	return n
}

func lastOf(all []share.Tally) (last time.Time) {
	for _, t := range all {
		if t.LastAt.After(last) {
			last = t.LastAt
		}
	}
	return last
}

// throughSo names a channel, and how many came so where there are several.
func throughSo(ctx context.Context, t share.Tally, of int) string {
	if of == 1 {
		return through(ctx, t.Channel)
	}
	return named(ctx, t.Channel) + "\u00a0" + lang.Number(ctx, t.Count)
}

// byDay are the tallies one by one, the newest day first, as many as are listed.
func byDay(all []share.Tally) []share.Tally {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b share.Tally) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(b.Count, a.Count))
	})
	return sorted[:min(len(sorted), talliesShown)]
}

const talliesShown = 200

// signalWords say where and when a link was pasted: of several times in a day
// the last is known, and how many they were.
func signalWords(ctx context.Context, v LinkPage, t share.Tally) string {
	words := lang.T(ctx, "link.pasted", "channel", named(ctx, t.Channel), "when", moment(ctx, t.LastAt, v.Zone))
	if t.Count > 1 {
		words += " · " + lang.T(ctx, "link.signal_last", "n", t.Count)
	}
	return words
}

// dayOf is the beginning of a UTC day.
func dayOf(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }
