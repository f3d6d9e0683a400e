package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

func (s *Server) boardRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/campaigns/{campaign}/leaderboard", Answers: insiders, Page: true, handle: s.leaderboard},
		{Method: "GET", Pattern: "/ambassadors/{member}", Answers: insiders, Page: true, handle: s.showAmbassador},
		{Method: "GET", Pattern: "/links/{token}", Answers: insiders, Page: true, handle: s.showTree},
		{Method: "GET", Pattern: "/links/{token}/map.svg", Answers: insiders, handle: s.linkMap},
		{Method: "GET", Pattern: "/links/{token}/map.png", Answers: insiders, handle: s.linkMap},
		{Method: "GET", Pattern: "/ripples", Answers: signedIn, Page: true, handle: s.ripples},
	}
}

// boardRows is how many rows of a leaderboard stand on a page.
const boardRows = 25

// periods of a leaderboard, as they stand in its address. The first is that of
// an address without one.
var (
	campaignPeriods = []string{"all", "campaign", "week", "today"}
	memberPeriods   = []string{"all", "week", "today"}
)

// days are those of a period, UTC: this week is today and the six days before.
func (s *Server) days(period string, c campaign.Campaign) (from, to int64) {
	today := share.Day(s.clock.Now())
	switch period {
	case "today":
		return today, today
	case "week":
		return today - 6, today
	case "campaign":
		return share.Day(c.StartsAt), share.Day(c.EndsAt.Add(-1))
	}
	return 0, 0
}

// chosen is what an address chooses among some, the first of them if it says nothing that there is.
func chosen(q url.Values, name string, among []string) string {
	if v := q.Get(name); slices.Contains(among, v) {
		return v
	}
	return among[0]
}

// with is an address with some of its query changed. What is empty is left out,
// and the place on the page is the first one again.
func with(path string, q url.Values, changes ...string) string {
	q = url.Values{"period": q["period"], "campaign": q["campaign"], "squad": q["squad"], "drop": q["drop"], "order": q["order"]}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	for name, v := range q {
		if len(v) == 0 || v[0] == "" {
			q.Del(name)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// choices are links to the same page with another value of one part of its query.
func choices(path string, q url.Values, name, current string, values, labels []string) (items []ui.NavItem) {
	for i, v := range values {
		to := v
		if i == 0 {
			to = ""
		}
		items = append(items, ui.NavItem{Label: labels[i], Path: with(path, q, name, to), Current: v == current})
	}
	return items
}

func periodChoices(ctx context.Context, path string, q url.Values, current string, among []string) []ui.NavItem {
	var labels []string
	for _, p := range among {
		labels = append(labels, lang.T(ctx, "board.period_"+p))
	}
	return choices(path, q, "period", current, among, labels)
}

// orders of a leaderboard's rows, as they stand in its address.
var orders = []spread.Order{spread.ByPoints, spread.ByPeople, spread.ByFarthest, spread.BySharers, spread.ByHeld}

// leaderboard ranks a campaign, or one drop or one squad in it: for staff, and
// for members who have a link there.
func (s *Server) leaderboard(w http.ResponseWriter, r *request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := views.BoardPage{Staff: r.who.Staff(), Path: views.BoardPath(r.PathValue("campaign"))}
	ask := spread.Ask{Scope: spread.Scope{CampaignID: r.PathValue("campaign"), DropID: q.Get("drop"), SquadID: q.Get("squad")}, Rows: boardRows, Odds: v.Staff}
	if order := spread.Order(q.Get("order")); v.Staff && slices.Contains(orders, order) {
		ask.Order = order
	}
	if page, err := strconv.Atoi(q.Get("page")); err == nil {
		ask.First = (min(max(page, 1), 1_000_000) - 1) * boardRows
	}
	if !v.Staff {
		ask.Own, ask.Names = r.who.ID, spread.BoardNames
		if ask.SquadID != "" { // which is the member's own
			ask.Names = spread.SquadNames
		}
	}
	period := chosen(q, "period", campaignPeriods)
	knows := v.Staff
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Campaign, err = campaign.ByID(ctx, tx, ask.CampaignID); err != nil {
			return err
		}
		ask.From, ask.To = s.days(period, v.Campaign)
		if err := s.boardScopes(r, tx, &v, ask.Scope); err != nil {
			return err
		}
		if v.Staff {
			if v.Held, err = s.campaignHeld(ctx, tx, v.Campaign.ID); err != nil {
				return err
			}
		}
		if !v.Staff {
			in, err := campaignsOf(ctx, tx, r.who.ID)
			if err != nil {
				return err
			}
			knows = in[v.Campaign.ID]
		}
		v.Board, err = s.boards.Look(ctx, tx, ask)
		return err
	})
	if err != nil {
		return err
	}
	// Links are made before their drops open: unless one has, or they ever had readers, a campaign is nothing to them.
	if own := v.Board.Own; !v.Staff && (own == nil || !knows && own.People == 0) {
		return data.ErrNotFound
	}
	v.Periods = periodChoices(ctx, v.Path, q, period, campaignPeriods)
	v.Period, v.Order = period, ask.Order
	v.Orders = map[spread.Order]string{}
	for _, o := range orders {
		v.Orders[o] = with(v.Path, q, "order", string(o))
	}
	v.Pages = s.pagesOf(v.Path, q, v.Board)
	p, err := s.framed(w, r, boardNav(r))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Leaderboard(p, v))
}

// pagesOf are the addresses around a page of a board, and of the one with the own row.
func (s *Server) pagesOf(path string, q url.Values, b spread.Board) (p views.Pages) {
	at := func(first int) string { return with(path, q, "page", strconv.Itoa(first/boardRows+1)) }
	if b.First > 0 {
		p.Before = at(b.First - boardRows)
	}
	if b.First+len(b.Rows) < b.Of {
		p.After = at(b.First + boardRows)
	}
	p.First, p.Last, p.Of = b.First+1, b.First+len(b.Rows), b.Of
	return p
}

// boardScopes finds the squads and the drops among which one can choose: a
// member has the choice of their own squads, and of drops that they can see.
func (s *Server) boardScopes(r *request, tx *data.Tx, v *views.BoardPage, scope spread.Scope) error {
	ctx, q := r.Context(), r.URL.Query()
	drops, err := drop.InCampaign(ctx, tx, scope.CampaignID)
	if err != nil {
		return err
	}
	ids, names := []string{""}, []string{lang.T(ctx, "board.all_drops")}
	for _, d := range drops {
		if !v.Staff {
			if _, err := drop.VisibleByID(ctx, tx, r.who.ID, d.ID); err != nil {
				continue
			}
		}
		ids, names = append(ids, d.ID), append(names, d.Title)
	}
	if !slices.Contains(ids, scope.DropID) {
		return data.ErrNotFound
	}
	v.Drops = choices(v.Path, q, "drop", scope.DropID, ids, names)
	var squads []squad.Squad
	if v.Staff {
		squads, err = squad.All(ctx, tx)
	} else {
		squads, err = squad.JoinedBy(ctx, tx, r.who.ID)
	}
	if err != nil {
		return err
	}
	ids, names = []string{""}, []string{lang.T(ctx, "board.all_squads")}
	for _, q := range squads {
		ids, names = append(ids, q.ID), append(names, q.Name)
	}
	if !slices.Contains(ids, scope.SquadID) {
		return data.ErrNotFound
	}
	v.Squads = choices(v.Path, q, "squad", scope.SquadID, ids, names)
	return nil
}

// showAmbassador is one member with all of their links: for staff, and for
// themself.
func (s *Server) showAmbassador(w http.ResponseWriter, r *request) error {
	ctx, q := r.Context(), r.URL.Query()
	who := r.PathValue("member")
	v := views.AmbassadorPage{Staff: r.who.Staff(), Path: views.AmbassadorPath(who)}
	if !v.Staff && who != r.who.ID {
		return data.ErrNotFound
	}
	period := chosen(q, "period", memberPeriods)
	scope := spread.Scope{AccountID: who, CampaignID: q.Get("campaign")}
	among := memberPeriods
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Who, err = account.ByID(ctx, tx, who); err != nil {
			return err
		}
		if v.Who.Staff() {
			return data.ErrNotFound // who has no links
		}
		if v.Squads, err = squad.JoinedBy(ctx, tx, who); err != nil {
			return err
		}
		links, err := share.ByAccount(ctx, tx, who)
		if err != nil {
			return err
		}
		var one campaign.Campaign
		if v.Campaigns, one, err = s.campaignChoices(r, tx, v.Path, links, scope.CampaignID); err != nil {
			return err
		}
		if scope.CampaignID != "" {
			among = campaignPeriods
			period = chosen(q, "period", among)
			links = slices.DeleteFunc(links, func(l share.Link) bool { return l.CampaignID != scope.CampaignID })
		}
		scope.From, scope.To = s.days(period, one)
		v.Links, err = s.linesOf(r, tx, links, scope)
		if err != nil {
			return err
		}
		for _, l := range v.Links {
			v.Totals.Join(l.Totals)
		}
		if v.Tallies, err = share.TalliesBy(ctx, tx, who, scope.CampaignID, scope.From, scope.To); err != nil {
			return err
		}
		if v.Staff && q.Has("details") {
			d, err := spread.DetailsOf(ctx, tx, spread.Scope{AccountID: who})
			v.Details = &d
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.Periods = periodChoices(ctx, v.Path, q, period, among)
	v.Period = period
	p, err := s.framed(w, r, navOf(r, "/squads"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Ambassador(p, v))
}

// campaignChoices are the campaigns that links are in, of which a member knows some, and the one among them that is
// chosen.
func (s *Server) campaignChoices(r *request, tx *data.Tx, path string, links []share.Link, current string) (items []ui.NavItem, one campaign.Campaign, err error) {
	ctx := r.Context()
	var in map[string]bool
	if !r.who.Staff() {
		if in, err = campaignsOf(ctx, tx, r.who.ID); err != nil {
			return nil, one, err
		}
	}
	ids, names := []string{""}, []string{lang.T(ctx, "board.all_campaigns")}
	for _, l := range links {
		if slices.Contains(ids, l.CampaignID) || !r.who.Staff() && !in[l.CampaignID] {
			continue
		}
		c, err := campaign.ByID(ctx, tx, l.CampaignID)
		if err != nil {
			return nil, one, err
		}
		ids, names = append(ids, c.ID), append(names, c.Name)
		if c.ID == current {
			one = c
		}
	}
	if !slices.Contains(ids, current) {
		return nil, one, data.ErrNotFound
	}
	return choices(path, r.URL.Query(), "campaign", current, ids, names), one, nil
}

// linesOf are an account's links, with what the days of a scope brought them.
// Of a drop that the person may not see any more the title is not told, but
// what it brought still is: everything is to add up.
func (s *Server) linesOf(r *request, tx *data.Tx, links []share.Link, scope spread.Scope) (lines []views.RippleLine, err error) {
	ctx := r.Context()
	totals, err := spread.LinkTotals(ctx, tx, scope)
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		title, language, visible, err := s.titleOf(ctx, tx, r, l)
		if err != nil {
			return nil, err
		}
		line := views.RippleLine{Title: title, Language: language, Totals: totals[l.ID]}
		if visible {
			line.Token = s.tokens.Link(l.ID)
		}
		if visible || line.Totals != (spread.Totals{}) {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// ripples lists a member's own links.
func (s *Server) ripples(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var lines []views.RippleLine
	err := s.db.View(ctx, func(tx *data.Tx) error {
		links, err := share.ByAccount(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		lines, err = s.linesOf(r, tx, links, spread.Scope{AccountID: r.who.ID})
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/ripples")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Ripples(p, lines))
}
