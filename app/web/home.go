package web

import (
	"net/http"

	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// home is a member's start page.
func (s *Server) home(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.HomePage{Now: s.clock.Now(), Zone: s.zone()}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		drops, err := drop.Visible(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		links, err := share.ByAccount(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		totals, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: r.who.ID})
		if err != nil {
			return err
		}
		for _, t := range totals {
			v.Reached.Join(t)
		}
		shared, err := drop.SharedOf(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		in := map[string]bool{}
		for i, d := range drops {
			line := views.HomeDrop{Drop: d}
			if i == 0 && d.Cover != "" {
				images, err := drop.Images(ctx, tx, d.ID)
				if err != nil {
					return err
				}
				line.Cover = coverOf(d, images)
			}
			for _, l := range links {
				if l.DropID == d.ID {
					line.Totals, line.Shared = totals[l.ID], shared[l.ID]
					in[l.CampaignID] = true
				}
			}
			v.Drops = append(v.Drops, line)
		}
		if v.Coming, err = drop.Upcoming(ctx, tx, r.who.ID); err != nil {
			return err
		}
		campaigns, err := campaign.Current(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range campaigns {
			if in[c.ID] {
				board, err := s.boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{CampaignID: c.ID}, Rows: 1, Own: r.who.ID})
				if err != nil {
					return err
				}
				v.Campaigns = append(v.Campaigns, views.HomePlace{Name: c.Name, Path: views.BoardPath(c.ID), Own: board.Own, Of: board.Of})
			}
		}
		if v.Squads, err = squad.JoinedBy(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Breaks, err = squad.Breaks(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Applications, err = squad.OpenApplicationsOf(ctx, tx, r.who.ID); err != nil {
			return err
		}
		asked, err := squad.Undecided(ctx, tx)
		for _, sq := range v.Squads {
			if sq.CaptainID == r.who.ID && asked[sq.ID] > 0 {
				v.Asked = append(v.Asked, views.HomeAsked{Squad: sq, N: asked[sq.ID]})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Home(p, v))
}
