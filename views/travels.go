package views

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// Travels is how a campaign or a drop travelled.
type Travels struct {
	Days     []spread.DaySums
	Map      *MapPage       // nil, if there is nothing to draw or too much to do so at once
	Channels []ChannelShare // none, if not every open was read
}

// ChannelShare is how many people came as the share of one channel.
type ChannelShare struct {
	Channel visit.Channel
	People  int64
}

// ChannelsOf adds up through which channels the people of some ambassadors
// came, most first and the unknown last, if all of those people were read.
func ChannelsOf(owners []spread.Owner, people int64) (all []ChannelShare) {
	by, read := map[visit.Channel]int64{}, int64(0)
	for _, o := range owners {
		for _, t := range o.Traces {
			for _, p := range t.Passages() {
				by[p.Shared] += int64(p.People)
				read += int64(p.People)
			}
		}
	}
	if read != people {
		return nil
	}
	for c, n := range by {
		all = append(all, ChannelShare{c, n})
	}
	last := func(c ChannelShare) int {
		if c.Channel == visit.Unknown {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b ChannelShare) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(b.People, a.People), cmp.Compare(a.Channel, b.Channel))
	})
	return all
}

// channelsShown is how many channels have a bar of their own.
const channelsShown = 7

// shown are the channels with a bar, and how many people came by all others.
func (v Travels) shown() (all []ChannelShare, others int64) {
	all = v.Channels[:min(len(v.Channels), channelsShown)]
	for _, c := range v.Channels[len(all):] {
		others += c.People
	}
	return all, others
}

func (v Travels) people() (n int64) {
	for _, c := range v.Channels {
		n += c.People
	}
	return n
}

func (v Travels) share(people int64) float64 {
	return float64(people) / float64(max(v.people(), 1))
}

func (v Travels) part(ctx context.Context, people int64) string {
	return lang.Number(ctx, people) + " · " + lang.Percent(ctx, v.share(people))
}

// reach says how much of it was sent privately, how much anybody could see,
// and of how much that cannot be known.
func (v Travels) reach(ctx context.Context) string {
	var by [3]int64
	for _, c := range v.Channels {
		by[c.Channel.Reach()] += c.People
	}
	part := func(r visit.Reach) string { return lang.Percent(ctx, v.share(by[r])) }
	return lang.T(ctx, "travels.reach", "private", part(visit.Private), "public", part(visit.Public), "unknown", part(visit.ReachUnknown))
}

func (v Travels) chart(ctx context.Context) ui.Chart {
	c := ui.Chart{Label: lang.T(ctx, "travels.days_label", "n", v.peopleOfDays(), "sharers", v.sharersOfDays(), "days", len(v.Days))}
	for _, d := range v.Days {
		c.First = append(c.First, int(d.People))
		c.Second = append(c.Second, int(d.Sharers))
	}
	c.From, c.To = lang.Day(ctx, dayOf(v.Days[0].Day), time.UTC), lang.Day(ctx, dayOf(v.Days[len(v.Days)-1].Day), time.UTC)
	return c
}

func (v Travels) peopleOfDays() (n int64) {
	for _, d := range v.Days {
		n += d.People
	}
	return n
}

func (v Travels) sharersOfDays() (n int64) {
	for _, d := range v.Days {
		n += d.Sharers
	}
	return n
}

// drawing is the map without names, which would be too small beside a table.
func (v Travels) drawing(ctx context.Context) picture.Drawing { return v.Map.onPage(ctx) }
