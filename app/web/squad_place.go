package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"

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

// neighbours is how many members stand on either side of a member's own place.
const neighbours = 2

// frontRunners is how many are shown to a member who has no place yet.
const frontRunners = 3

// squadPlace is how a member stands in a squad, and the squad among the others, in the time that the address
// chooses: this week, a campaign of theirs that runs, or all time.
func (s *Server) squadPlace(ctx context.Context, tx *data.Tx, who string, sq squad.Squad, names spread.Names, q url.Values) (*views.SquadPlace, error) {
	current, err := campaign.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	in, err := campaignsOf(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	path := views.SquadPath(sq.ID)
	v := &views.SquadPlace{Period: "week", Own: sq.ID}
	scope := spread.Scope{SquadID: sq.ID}
	scope.From, scope.To = s.days("week", campaign.Campaign{})
	items := []ui.NavItem{{Label: lang.T(ctx, "board.period_week"), Path: path}}
	for _, c := range current {
		if !in[c.ID] {
			continue // even its name may say what is not to be known yet
		}
		chosen := q.Get("campaign") == c.ID
		items = append(items, ui.NavItem{Label: c.Name, Path: path + "?campaign=" + url.QueryEscape(c.ID), Current: chosen})
		if chosen {
			v.Period, v.Chosen = "campaign", c.ID
			scope = spread.Scope{SquadID: sq.ID, CampaignID: c.ID}
		}
	}
	items = append(items, ui.NavItem{Label: lang.T(ctx, "board.period_all"), Path: path + "?period=all"})
	if q.Get("period") == "all" && v.Period == "week" {
		v.Period, scope.From, scope.To = "all", 0, 0
	}
	items[0].Current, items[len(items)-1].Current = v.Period == "week", v.Period == "all"
	v.Periods = items
	ask := spread.Ask{Scope: scope, Own: who, Names: names, Around: neighbours, Rows: frontRunners}
	if v.Board, err = s.boards.Look(ctx, tx, ask); err != nil {
		return nil, err
	}
	scope.SquadID = ""
	if v.Squads, err = s.squadsAgainst(ctx, tx, scope, sq.ID); err != nil {
		return nil, err
	}
	return v, nil
}

// campaignsOf are the campaigns that a member knows of: those in which they have a link to a drop that they may read.
func campaignsOf(ctx context.Context, tx *data.Tx, who string) (in map[string]bool, err error) {
	seen, err := drop.VisibleIDs(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	links, err := share.ByAccount(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	in = map[string]bool{}
	for _, l := range links {
		if slices.Contains(seen, l.DropID) {
			in[l.CampaignID] = true
		}
	}
	return in, nil
}

// rivals is how many squads are compared: the first, and the member's own.
const rivals = 5

// squadsAgainst compares squads in which anybody was reached.
func (s *Server) squadsAgainst(ctx context.Context, tx *data.Tx, scope spread.Scope, own string) (lines []views.SquadLine, err error) {
	parts, err := spread.Squads(ctx, tx, scope)
	if err != nil {
		return nil, err
	}
	parts = slices.DeleteFunc(parts, func(p spread.Part) bool { return p.People == 0 && p.ID != own })
	slices.SortStableFunc(parts, func(a, b spread.Part) int { return cmp.Compare(b.People, a.People) })
	if len(parts) < 2 {
		return nil, nil
	}
	rank := 0
	for i, p := range parts {
		if i == 0 || p.People != parts[i-1].People {
			rank = i + 1
		}
		if i >= rivals && p.ID != own {
			continue
		}
		sq, err := squad.ByID(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		lines = append(lines, views.SquadLine{ID: sq.ID, Name: sq.Name, Rank: rank, Members: sq.Members, People: p.People, Most: parts[0].People, Own: sq.ID == own})
	}
	return lines, nil
}
