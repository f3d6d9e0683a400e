package views

import (
	"context"
	"slices"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// timeNames are what the columns of the timeline are made of.
func (v LinkPage) timeNames(ctx context.Context) (names []string) {
	if v.Choice.By == "channel" {
		for _, c := range v.Line.Channels {
			if c == visit.Unknown {
				names = append(names, lang.T(ctx, "time.other"))
			} else {
				names = append(names, named(ctx, c))
			}
		}
		return names
	}
	for hop := 1; hop <= min(int(v.Totals.Farthest), spread.TimeHops); hop++ {
		if hop == spread.TimeHops && v.Totals.Farthest > spread.TimeHops {
			names = append(names, lang.T(ctx, "time.beyond", "n", hop))
		} else {
			names = append(names, lang.T(ctx, "link.ring", "n", hop))
		}
	}
	return names
}

// parts are the numbers of a bucket under those names.
func (v LinkPage) parts(ctx context.Context, b spread.Bucket) []int {
	if v.Choice.By == "channel" {
		return b.Channels
	}
	return b.Hops[:min(int(v.Totals.Farthest), spread.TimeHops)]
}

// stack is a part of the timeline as a chart. Signals that fell into it are marked.
func (v LinkPage) stack(ctx context.Context, buckets []spread.Bucket, each time.Duration) ui.Stack {
	s := ui.Stack{Label: lang.T(ctx, "time.title")}
	if len(buckets) == 0 {
		return s
	}
	people := 0
	for _, b := range buckets {
		s.Columns = append(s.Columns, v.parts(ctx, b))
		people += b.People
	}
	from, to := buckets[0].From, buckets[len(buckets)-1].From.Add(each)
	for _, t := range pasted(v.Tallies) {
		if !t.LastAt.Before(from) && t.LastAt.Before(to) {
			s.Marks = append(s.Marks, float64(t.LastAt.Sub(from))/float64(to.Sub(from)))
		}
	}
	s.From, s.To = moment(ctx, from, v.Zone), moment(ctx, to, v.Zone)
	s.Label = lang.T(ctx, "time.label", "n", people, "from", s.From, "to", s.To)
	return s
}

// filled are the buckets in which somebody came, for the table.
func (v LinkPage) filled() (some []spread.Bucket) {
	for _, b := range slices.Concat(v.Line.Hours, v.Line.Days) {
		if b.People > 0 {
			some = append(some, b)
		}
	}
	return some
}

// bucketWords says when a bucket is: an hour, or a day or several.
func (v LinkPage) bucketWords(ctx context.Context, b spread.Bucket) string {
	if len(v.Line.Days) == 0 || b.From.Before(v.Line.Days[0].From) {
		return moment(ctx, b.From, v.Zone)
	}
	if v.Line.Each == 1 {
		return lang.Day(ctx, b.From, v.Zone)
	}
	return lang.T(ctx, "time.from", "when", lang.Day(ctx, b.From, v.Zone), "n", v.Line.Each)
}

func timePills(ctx context.Context, v LinkPage) (items []ui.NavItem) {
	for _, by := range []string{"", "channel"} {
		name := by
		if name == "" {
			name = "hop"
		}
		items = append(items, ui.NavItem{
			Label: lang.T(ctx, "time.by_"+name), Current: by == v.Choice.By,
			Path: v.at(func(c *LinkChoice) { c.By = by }) + "#times",
		})
	}
	return items
}

func timeHeads(ctx context.Context, names []string) []ui.Head {
	heads := []ui.Head{{Label: lang.T(ctx, "link.when")}, {Label: lang.T(ctx, "time.people"), Num: true}}
	for _, name := range names {
		heads = append(heads, ui.Head{Label: name, Num: true})
	}
	return heads
}

// signalMark explains the lines in the timeline, if there are any.
func signalMark(ctx context.Context, v LinkPage) string {
	if len(pasted(v.Tallies)) == 0 {
		return ""
	}
	return lang.T(ctx, "time.signal")
}
