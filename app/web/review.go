package web

import (
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// reviews lists what looks odd in a campaign, for a person to look at.
func (s *Server) reviews(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.ReviewPage{CampaignID: r.PathValue("campaign"), Zone: s.zone()}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		c, err := campaign.ByID(ctx, tx, v.CampaignID)
		if err != nil {
			return err
		}
		v.Campaign = c.Name
		found, err := spread.Reviews(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		drops, err := drop.InCampaign(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		titles := map[string]string{}
		for _, d := range drops {
			titles[d.ID] = d.Title
		}
		for _, f := range found {
			l, err := share.ByID(ctx, tx, f.LinkID)
			if err != nil {
				return err
			}
			row := views.ReviewRow{Review: f, Token: s.tokens.Link(l.ID), Title: titles[l.DropID]}
			who, err := account.ByID(ctx, tx, l.AccountID)
			if err != nil && !errors.Is(err, data.ErrNotFound) {
				return err
			}
			row.Member = who.Name
			v.Found = append(v.Found, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Reviews(p, v))
}
