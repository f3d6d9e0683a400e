package views

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// RehearsePath is where a rehearsal of a drop is asked for.
func RehearsePath(dropID string) string { return "/drops/" + dropID + "/rehearsal" }

// RehearsalPath is the board of a rehearsal.
func RehearsalPath(token string) string { return "/rehearsals/" + token }

// LinkPath is the page of a link: its tree, and its reasons.
func LinkPath(token string) string { return "/links/" + token }

// MapPath is the ripple map of a link, as an SVG of its own.
func MapPath(token string) string { return "/links/" + token + "/map.svg" }

// AmbassadorPath is the page of a member with all of their links.
func AmbassadorPath(accountID string) string { return "/ambassadors/" + accountID }

// InCampaignPath is the page of a member with their links in one campaign, and what a period of a board brought them.
func InCampaignPath(accountID, campaignID, period string) string {
	q := url.Values{"campaign": {campaignID}}
	if period != "" {
		q.Set("period", period)
	}
	return AmbassadorPath(accountID) + "?" + q.Encode()
}

// BoardPage is a leaderboard as far as it is on one page.
type BoardPage struct {
	Campaign campaign.Campaign
	Board    spread.Board
	Path     string // of the board, without what was chosen
	Staff    bool
	Held     CampaignHeld // for staff

	// What can be chosen, and what is.
	Periods, Squads, Drops []ui.NavItem
	Period                 string
	Order                  spread.Order
	Orders                 map[spread.Order]string // where each leads
	Pages                  Pages
}

// Pages are the rows that are shown, and where the others are.
type Pages struct {
	Before, After   string // empty where there are none
	First, Last, Of int
}

// many says whether choices are too many, or too long, to stand side by side.
func many(items []ui.NavItem) bool {
	const few, short = 6, 24
	return len(items) > few || slices.ContainsFunc(items, func(i ui.NavItem) bool { return utf8.RuneCountInString(i.Label) > short })
}

// query is what was chosen, for a form that changes one thing of it.
func (v BoardPage) query() (all []ui.Option) {
	for _, part := range []struct {
		name  string
		items []ui.NavItem
	}{{"period", v.Periods}, {"squad", v.Squads}, {"drop", v.Drops}} {
		all = append(all, current(part.name, part.items)...)
	}
	return append(all, ui.Option{Value: "order", Label: string(v.Order)})
}

// current is what is chosen of a part of the address.
func current(name string, items []ui.NavItem) (all []ui.Option) {
	for _, i := range items {
		if i.Current {
			all = append(all, ui.Option{Value: name, Label: ui.QueryOf(i.Path, name)})
		}
	}
	return all
}

// ambassador is where a row leads: to what the same days of the campaign brought, and why.
func (v BoardPage) ambassador(accountID string) string {
	return InCampaignPath(accountID, v.Campaign.ID, v.Period)
}

func (v BoardPage) table() boardColumns {
	t := boardColumns{Staff: v.Staff, Shared: v.Board.Shared, Order: v.Order, Orders: v.Orders, Links: v.ambassador}
	if v.Board.Own != nil {
		t.Own = v.Board.Own.AccountID
	}
	return t
}

// boardColumns is what a table of standings shows, and where its rows lead.
type boardColumns struct {
	Staff  bool
	Brief  bool // where there is little room
	Own    string
	Shared int
	Order  spread.Order
	Orders map[spread.Order]string
	Links  func(accountID string) string // to a link; to the ambassador if nil
}

func (t boardColumns) path(accountID string) string {
	switch {
	case !t.Staff:
		return ""
	case t.Links != nil:
		return t.Links(accountID)
	}
	return AmbassadorPath(accountID)
}

// more says whether there are the columns that only staff see.
func (t boardColumns) more() bool { return t.Staff && !t.Brief }

// name is what somebody is called; of whoever asks it says that it is them.
func (t boardColumns) name(ctx context.Context, s spread.Standing) string {
	if t.Own == s.AccountID {
		return lang.T(ctx, "board.you", "name", s.Name)
	}
	return otherName(ctx, s)
}

func (t boardColumns) heads(ctx context.Context) []ui.Head {
	heads := []ui.Head{
		{Label: lang.T(ctx, "board.rank")},
		{Label: lang.T(ctx, "board.member")},
		{Label: lang.T(ctx, "board.shape"), Heard: true},
		t.head(ctx, "spread.people_short", spread.ByPeople, true),
	}
	if t.more() {
		heads = append(heads, t.head(ctx, "spread.sharers", spread.BySharers, true), t.head(ctx, "spread.held", spread.ByHeld, true))
	}
	return append(heads, t.head(ctx, "spread.points", spread.ByPoints, false))
}

// head is that of a column of numbers, by which staff can order the rows.
func (t boardColumns) head(ctx context.Context, key string, by spread.Order, fold bool) ui.Head {
	h := ui.Head{Label: lang.T(ctx, key), Num: true, Fold: fold}
	if t.Staff && t.Orders != nil {
		h.Path, h.Sorted = t.Orders[by]+"#rows", t.Order == by
	}
	return h
}

// onPage says whether the own row is among those that are shown.
func onPage(b spread.Board) bool {
	return slices.ContainsFunc(b.Rows, func(s spread.Standing) bool { return s.AccountID == b.Own.AccountID })
}

// scaleOf is the one scale of all glyphs on a board.
func scaleOf(b spread.Board) (s ui.Scale) {
	for _, r := range b.Rows {
		s.Fit(r.PerHop())
	}
	if b.Own != nil {
		s.Fit(b.Own.PerHop())
	}
	return s
}

// likely is the range of ranks that luck leaves open.
func likely(ctx context.Context, s spread.Standing, shared int) string {
	switch {
	case s.Best == s.Worst:
		return ""
	case s.Best == 1 && s.Worst >= shared:
		return lang.T(ctx, "board.too_close")
	}
	return lang.T(ctx, "board.likely", "best", s.Best, "worst", s.Worst)
}

// reached says how many and how far, in a line.
func reached(ctx context.Context, s spread.Standing) string {
	if s.People == 0 {
		return ""
	}
	return lang.T(ctx, "home.reached", "n", s.People, "hops", s.Farthest)
}

// passOn is the share of people who sent it on, where there are enough to say.
func passOn(ctx context.Context, s spread.Sums) string {
	if !s.ShowsRates() {
		return ""
	}
	return lang.T(ctx, "spread.share_of", "share", lang.Percent(ctx, s.PassOnRate()))
}

// AmbassadorPage is a member with all of their links.
type AmbassadorPage struct {
	Who     account.Account
	Squads  []squad.Squad
	Totals  spread.Totals
	Links   []RippleLine
	Tallies []share.Tally   // of all of them, whenever
	Details *spread.Details // nil until they are asked for
	Path    string
	Staff   bool
	Periods []ui.NavItem
	Period  string

	Campaigns []ui.NavItem // that they have links in, and all of them together
}

// query is what was chosen, for a form that changes one thing of it.
func (v AmbassadorPage) query() []ui.Option { return current("period", v.Periods) }

func (v AmbassadorPage) squads() string {
	var names []string
	for _, s := range v.Squads {
		names = append(names, s.Name)
	}
	return strings.Join(names, " · ")
}

func (v AmbassadorPage) scale() (s ui.Scale) {
	for _, l := range v.Links {
		s.Fit(l.Totals.PerHop())
	}
	return s
}

func linkHeads(ctx context.Context, staff bool) []ui.Head {
	heads := []ui.Head{{Label: lang.T(ctx, "board.drop")}, {Label: lang.T(ctx, "board.shape"), Heard: true}, {Label: lang.T(ctx, "spread.people_short"), Num: true, Fold: true}}
	if staff {
		heads = append(heads, ui.Head{Label: lang.T(ctx, "spread.sharers"), Num: true, Fold: true}, ui.Head{Label: lang.T(ctx, "spread.held"), Num: true, Fold: true})
	}
	return append(heads, ui.Head{Label: lang.T(ctx, "spread.points"), Num: true})
}

// PartLine is what one squad or one drop brought.
type PartLine struct {
	spread.Part
	Name, Path string
	Most       int64 // the people of the largest
}

// detailFacts are the names, values and meanings of what is under details.
func detailFacts(ctx context.Context, d spread.Details) (all [][3]string) {
	all = append(all, [3]string{lang.T(ctx, "details.r"), lang.Decimal(ctx, d.R(), 2), lang.T(ctx, "details.r_hint")})
	if d.Virality > 0 {
		all = append(all, [3]string{lang.T(ctx, "details.virality"), lang.Decimal(ctx, d.Virality, 1), lang.T(ctx, "details.virality_hint")})
	}
	if d.People >= spread.FewForShape {
		all = append(all, [3]string{lang.T(ctx, "details.half_life"), lang.Duration(ctx, d.HalfLife), lang.T(ctx, "details.half_life_hint")})
	}
	all = append(all,
		[3]string{lang.T(ctx, "details.to_first"), lang.Duration(ctx, d.ToFirst), lang.T(ctx, "details.to_first_hint")},
		[3]string{lang.T(ctx, "details.breadth"), lang.Number(ctx, d.Breadth), lang.T(ctx, "details.breadth_hint")})
	if d.LargestHand > 0 {
		all = append(all, [3]string{lang.T(ctx, "details.hand"), lang.Number(ctx, d.LargestHand), lang.T(ctx, "details.hand_hint")})
	}
	return all
}

// nextR is how many people of the next generation each of the i-th brought.
func nextR(ctx context.Context, d spread.Details, i int) string {
	rates := d.PassedOn()
	if i >= len(rates) || d.Generations[i] < spread.FewForRates {
		return "–"
	}
	return lang.Decimal(ctx, rates[i], 2)
}

// why says where a score comes from.
func why(ctx context.Context, t spread.Totals) string {
	if t.People == 0 {
		return lang.T(ctx, "board.why_nothing")
	}
	return lang.T(ctx, "board.why", "n", t.People, "beyond", t.Beyond(), "points", t.Points)
}

func placeTitle(ctx context.Context, s spread.Standing, shared int) string {
	if s.Points == 0 {
		return lang.T(ctx, "board.not_yet")
	}
	return lang.T(ctx, "place.of_shared", "rank", lang.Rank(ctx, s.Rank), "n", shared)
}

func campaignOptions(all []campaign.Campaign) (options []ui.Option) {
	for _, c := range all {
		options = append(options, ui.Option{Value: c.ID, Label: c.Name})
	}
	return options
}

func languageOptions() (options []ui.Option) {
	for _, code := range lang.Supported() {
		options = append(options, ui.Option{Value: code, Label: lang.Name(code)})
	}
	return options
}

// releaseNames are the fields of a release and their labels, in the order of the form.
func releaseNames(ctx context.Context, f ReleaseForm) (names []string) {
	for i, l := range f.Lines {
		names = append(names,
			drop.Field("squad", i), l.Name,
			drop.Field("opens_at", i), l.Name+", "+lang.T(ctx, "release.opens_at"),
			drop.Field("shareable_at", i), l.Name+", "+lang.T(ctx, "release.shareable_at"))
	}
	return append(names, "public_at", lang.T(ctx, "release.public_at"), "sure", lang.T(ctx, "release.sure_field"))
}
