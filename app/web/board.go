package web

import (
	"net/http"

	"ricochet.example/app/campaign"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

func (s *Server) boardRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/campaigns/{campaign}/leaderboard", Answers: insiders, Page: true, handle: s.leaderboard},
		{Method: "GET", Pattern: "/links/{token}", Answers: insiders, Page: true, handle: s.showTree},
		{Method: "GET", Pattern: "/links/{token}/map.svg", Answers: insiders, handle: s.linkMap},
		{Method: "GET", Pattern: "/ripples", Answers: signedIn, Page: true, handle: s.ripples},
	}
}

// periods of a leaderboard, and how many days before today they begin.
var periods = []struct {
	name string
	days int64
}{{"campaign", -1}, {"week", 6}, {"today", 0}}

// leaderboard ranks a campaign: all of it to managers, their own place to
// members who have a link in it.
func (s *Server) leaderboard(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	scope := spread.Scope{CampaignID: r.PathValue("campaign")}
	chosen := r.URL.Query().Get("period")
	today := share.Day(s.clock.Now())
	for _, p := range periods {
		if p.name == chosen && p.days >= 0 {
			scope.From, scope.To = today-p.days, today
		}
	}
	var c campaign.Campaign
	var board []spread.Standing
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if c, err = campaign.ByID(ctx, tx, scope.CampaignID); err != nil {
			return err
		}
		board, err = spread.Board(ctx, tx, scope)
		return err
	})
	if err != nil {
		return err
	}
	own := ""
	if !r.who.Staff() {
		if own = r.who.ID; !on(board, own) {
			return data.ErrNotFound
		}
	}
	var pills []ui.NavItem
	for _, p := range periods {
		pills = append(pills, ui.NavItem{
			Label: lang.T(ctx, "board.period_"+p.name), Path: views.BoardPath(c.ID) + "?period=" + p.name,
			Current: p.name == chosen || chosen == "" && p.days < 0,
		})
	}
	p, err := s.framed(w, r, navOf(r, "/campaigns"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Leaderboard(p, c, board, pills, own))
}

func on(board []spread.Standing, accountID string) bool {
	for _, b := range board {
		if b.AccountID == accountID {
			return true
		}
	}
	return false
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
		totals, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: r.who.ID})
		if err != nil {
			return err
		}
		for _, l := range links {
			d, visible, err := s.titleOf(ctx, tx, r, l)
			if err != nil {
				return err
			}
			if visible {
				lines = append(lines, views.RippleLine{Token: s.tokens.Link(l.ID), Title: d, Totals: totals[l.ID]})
			}
		}
		return nil
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
