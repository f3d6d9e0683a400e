package views

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// LinkPage is a link with its tree, or a branch of it.
type LinkPage struct {
	Token     string
	DropID    string
	Title     string // of the drop
	Member    string // who shares it
	Address   string
	Path      string // of the page itself
	Tree      *spread.Trace
	Totals    spread.Totals
	Map       spread.Ripple
	Story     spread.Story
	Line      spread.Timeline
	Passages  []spread.Passage
	Tallies   []share.Tally
	Moments   []share.Moment
	Zone      *time.Location
	Choice    LinkChoice
	Numbers   []int // of the readers in the branch, in the chosen order
	Staff     bool
	Rehearsal bool
	Waiting   int64     // opens that wait for a manager's judgement
	StoppedAt time.Time // zero while it is followed
	Wipe      bool      // a rehearsal, and the person's own
	Holds     bool      // the link does not show its drop yet
	ShownAt   time.Time // when it will; zero when nobody decided that
}

// LinkChoice is what of a tree is looked at, and how; it stands in the address.
type LinkChoice struct {
	Branch int    // the number of the reader in the middle, 0 for the link
	Order  string // of the table: "", "oldest" or "branch"
	Page   int    // of the table, from 1
	By     string // what the timeline's columns are made of: "" for hops, "channel"
}

// Orders are the orders of a tree's table.
var Orders = []string{"", "oldest", "branch"}

// RowsOnPage is how many opens a page of the table has.
const RowsOnPage = 20

// heading says whose link it is: to managers by name, beside the drop that
// they came from; a member knows whose, and not which.
func (v LinkPage) heading(ctx context.Context) string {
	if v.Staff && !v.Rehearsal {
		return memberName(ctx, v.Member)
	}
	return v.Title
}

// file is the map of the branch as a file.
func (v LinkPage) file(suffix string) string {
	return LinkPath(v.Token) + "/map" + suffix + LinkChoice{Branch: v.Choice.Branch}.query()
}

// query is the choice as it stands in an address.
func (c LinkChoice) query() string {
	q := url.Values{}
	set := func(name, value, plain string) {
		if value != plain {
			q.Set(name, value)
		}
	}
	set("branch", num(c.Branch), "0")
	set("order", c.Order, "")
	set("by", c.By, "")
	set("page", num(max(c.Page, 1)), "1")
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// at is the page with another choice.
func (v LinkPage) at(change func(c *LinkChoice)) string {
	c := v.Choice
	change(&c)
	return v.Path + c.query()
}

// branchAt is the page of a branch.
func (v LinkPage) branchAt(number int) string {
	return v.at(func(c *LinkChoice) { c.Branch, c.Page = number, 1 })
}

// pages is how many the table has.
func (v LinkPage) pages() int { return max((len(v.Numbers)+RowsOnPage-1)/RowsOnPage, 1) }

// rows are the readers of the chosen page.
func (v LinkPage) rows() (rows []spread.Reader) {
	from := min((v.Choice.Page-1)*RowsOnPage, len(v.Numbers))
	for _, n := range v.Numbers[from:min(from+RowsOnPage, len(v.Numbers))] {
		rows = append(rows, v.Tree.Reader(n))
	}
	return rows
}

// way are the readers above the one in the middle, and that one.
func (v LinkPage) way() []int {
	if v.Choice.Branch == 0 {
		return nil
	}
	return v.Tree.Way(v.Choice.Branch)
}

// ripples is the map, with where its spots lead.
func (v LinkPage) ripples(ctx context.Context) rippleMap {
	m := rippleMap{
		Ripple: v.Map, Title: lang.T(ctx, "link.map_title", "title", v.Title), Chosen: -1,
		About:  lang.T(ctx, "link.map_text", "n", len(v.Numbers), "hops", v.Totals.Farthest),
		Middle: initials(v.Member),
	}
	if n := v.Choice.Branch; n > 0 {
		m.Title = lang.T(ctx, "map.branch_title", "number", num(n), "title", v.Title)
		m.Middle = num(n)
	}
	return m
}

// onPage is the map as the page shows it: spots lead to their branch.
func (v LinkPage) onPage(ctx context.Context) picture.Drawing {
	m := v.ripples(ctx)
	if n := v.Choice.Branch; n > 0 {
		m.Up = v.branchAt(v.Tree.Reader(n).Above)
	}
	m.Branch = func(s spread.Spot) string {
		if s.Number == 0 || s.Number == v.Choice.Branch || s.Gathered == 0 && s.Below == 0 {
			return ""
		}
		return v.branchAt(s.Number)
	}
	return m.drawing(ctx)
}

// LinkDrawing is the map as a file: with its title, and what was told besides.
func LinkDrawing(ctx context.Context, v LinkPage) picture.Drawing {
	m := v.ripples(ctx)
	return framed(m.drawing(ctx), v.Member+" · "+v.Title, lang.T(ctx, "map.link_file", "n", len(v.Numbers), "people", v.Totals.People, "hops", v.Totals.Farthest))
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

// named names a channel, known or not.
func named(ctx context.Context, c visit.Channel) string { return lang.T(ctx, "channel."+c.String()) }

// channelWords says how an open came: as which share, and seen in which app.
// Where both are known and differ, somebody forwarded it.
func channelWords(ctx context.Context, asShared, asSeen int64) string {
	channel, observed := visit.Channel(asShared), visit.Channel(asSeen) //nolint:gosec // they were written as such
	switch {
	case observed == visit.Unknown || observed == channel:
		return through(ctx, channel)
	case channel == visit.Unknown:
		return lang.T(ctx, "link.only_seen", "seen", named(ctx, observed))
	}
	return lang.T(ctx, "link.seen_in", "channel", named(ctx, channel), "seen", named(ctx, observed))
}

// verdict says why an open scores, or does not; of a rehearsal, why it would.
func verdict(ctx context.Context, s share.State, rehearsal bool) string {
	if rehearsal {
		return lang.T(ctx, "reason.would_"+s.String())
	}
	return lang.T(ctx, "reason."+s.String())
}

func linkHint(v LinkPage) string {
	if v.Rehearsal {
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
func hopOf(ctx context.Context, r spread.Reader) string {
	if !r.Counted {
		return "–"
	}
	return lang.Number(ctx, r.Hop)
}

// holds says from when on a rehearsal shows its drop.
func holds(ctx context.Context, v LinkPage) string {
	if v.ShownAt.IsZero() {
		return lang.T(ctx, "rehearsal.never")
	}
	return lang.T(ctx, "rehearsal.until", "when", lang.DateTime(ctx, v.ShownAt, v.Zone))
}

// fact is a part of how it went.
type fact struct {
	Name, Words string
	Branch      int // the reader whom it is about, 0 for nobody
}

// facts say how it went, of what there is to say.
func (v LinkPage) facts(ctx context.Context) (all []fact) {
	s := v.Story
	add := func(name string, branch int, key string, args ...any) {
		all = append(all, fact{lang.T(ctx, name), lang.T(ctx, key, args...), branch})
	}
	if s.People == 0 {
		return nil
	}
	add("story.first", 0, "story.first_after", "when", moment(ctx, s.FirstAt, v.Zone), "after", s.ToFirst)
	if s.Brought > 0 {
		add("story.hand", s.Hand, "story.hand_brought", "number", num(s.Hand), "n", s.Brought)
	}
	if s.Grown > 1 {
		add("story.branch", s.Branch, "story.branch_grown", "number", num(s.Branch), "n", s.Grown)
	}
	add("story.farthest", s.Way, "story.farthest_hops", "n", s.Farthest)
	if (spread.Sums{People: int64(s.People)}).ShowsShape() {
		add("story.half", 0, "story.half_after", "after", s.HalfLife)
	}
	for _, w := range s.Woken {
		add("story.woke", 0, "story.woke_after", "when", moment(ctx, w.At, v.Zone), "after", w.After, "n", w.Since)
	}
	return all
}

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

// passageShare is how much of all people came so.
func (v LinkPage) passageShare(p spread.Passage) float64 {
	return float64(p.People) / float64(max(v.Story.People, 1))
}

func passageWords(ctx context.Context, p spread.Passage) string {
	if words := channelWords(ctx, int64(p.Shared), int64(p.Seen)); words != "" {
		return words
	}
	return named(ctx, visit.Unknown)
}

// passagesShown is how many ways of coming are drawn as bars.
const passagesShown = 8

func mostPassages(all []spread.Passage) []spread.Passage { return all[:min(len(all), passagesShown)] }

// restPassages is how many people came in other ways.
func restPassages(all []spread.Passage) (people int) {
	for _, p := range all[min(len(all), passagesShown):] {
		people += p.People
	}
	return people
}

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

func orderPills(ctx context.Context, v LinkPage) (items []ui.NavItem) {
	for _, o := range Orders {
		name := o
		if name == "" {
			name = "newest"
		}
		items = append(items, ui.NavItem{
			Label: lang.T(ctx, "order."+name), Current: o == v.Choice.Order,
			Path: v.at(func(c *LinkChoice) { c.Order, c.Page = o, 1 }) + "#opens",
		})
	}
	return items
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

func timeHeads(ctx context.Context, v LinkPage) []ui.Head {
	heads := []ui.Head{{Label: lang.T(ctx, "link.when")}, {Label: lang.T(ctx, "time.people"), Num: true}}
	for _, name := range v.timeNames(ctx) {
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
