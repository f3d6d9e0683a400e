package web

import (
	"context"
	"net/http"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) campaignRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/campaigns", Answers: staff, Page: true, handle: s.campaigns},
		{Method: "GET", Pattern: "/campaigns/new", Answers: staff, Page: true, handle: s.newCampaign},
		{Method: "POST", Pattern: "/campaigns", Answers: staff, handle: s.createCampaign, keeps: true},
		{Method: "GET", Pattern: "/campaigns/{campaign}", Answers: staff, Page: true, handle: s.showCampaign},
		{Method: "GET", Pattern: "/campaigns/{campaign}/review", Answers: staff, Page: true, handle: s.reviews},
		{Method: "GET", Pattern: "/campaigns/{campaign}/edit", Answers: staff, Page: true, handle: s.editCampaign},
		{Method: "POST", Pattern: "/campaigns/{campaign}", Answers: staff, handle: s.changeCampaign, keeps: true},
	}
}

// campaignForm is what a person typed.
type campaignForm struct {
	Once     string `form:"once"`
	Name     string `form:"name"`
	Goal     string `form:"goal"`
	StartsAt string `form:"starts_at"`
	EndsAt   string `form:"ends_at"`
	Most     string `form:"most"`
	Clears   string `form:"clears"`

	Squads []string        `form:"squads"` // ids
	Labels campaign.Labels `form:"-"`      // by language
}

// fillCampaign reads the form of a campaign.
func (s *Server) fillCampaign(w http.ResponseWriter, r *request) (f campaignForm, err error) {
	if err := s.fill(w, r, &f); err != nil {
		return f, err
	}
	f.Labels = campaign.Labels{}
	for _, l := range lang.Supported() {
		f.Labels[l] = r.PostForm.Get(campaign.LabelField(l))
	}
	return f, nil
}

func (s *Server) campaignOf(f campaignForm) (c campaign.Campaign, p check.Problems) {
	c = campaign.Campaign{Name: f.Name, Goal: f.Goal, JudgesAll: f.Clears == ""}
	c.StartsAt = s.moment(&p, "starts_at", f.StartsAt)
	c.EndsAt = s.moment(&p, "ends_at", f.EndsAt)
	c.Most = number(&p, "most", f.Most)
	return c, join(join(p, c.Check()), f.Labels.Check())
}

func (s *Server) campaigns(w http.ResponseWriter, r *request) error {
	var all []campaign.Campaign
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		all, err = campaign.All(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Campaigns(p, all, s.clock.Now(), s.zone()))
}

func (s *Server) newCampaign(w http.ResponseWriter, r *request) error {
	now := s.clock.Now()
	return s.formCampaign(w, r, http.StatusOK, views.CampaignForm{
		Once: id.New(), StartsAt: s.written(now), EndsAt: s.written(now.AddDate(0, 0, 28)), Most: "5", Clears: true,
	})
}

func (s *Server) createCampaign(w http.ResponseWriter, r *request) error {
	f, err := s.fillCampaign(w, r)
	if err != nil {
		return err
	}
	c, problems := s.campaignOf(f)
	if !problems.OK() {
		return s.formCampaign(w, r, http.StatusUnprocessableEntity, shownCampaign("", f, problems))
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(r.Context(), func(tx *data.Tx) (err error) {
			if c, err = campaign.Create(r.Context(), tx, c); err != nil {
				return err
			}
			return setCampaign(r.Context(), tx, c.ID, f)
		})
		return views.CampaignPath(c.ID), err
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "campaign.created", "name", c.Name)
}

// setCampaign sets what a campaign has beside itself.
func setCampaign(ctx context.Context, tx *data.Tx, campaignID string, f campaignForm) error {
	if err := campaign.SetSquads(ctx, tx, campaignID, f.Squads); err != nil {
		return err
	}
	return campaign.SetLabels(ctx, tx, campaignID, f.Labels)
}

func shownCampaign(campaignID string, f campaignForm, problems check.Problems) views.CampaignForm {
	return views.CampaignForm{ID: campaignID, Once: f.Once, Name: f.Name, Goal: f.Goal, StartsAt: f.StartsAt, EndsAt: f.EndsAt, Most: f.Most, Clears: f.Clears != "", Labels: f.Labels, Chosen: f.Squads, Problems: problems}
}

func (s *Server) formCampaign(w http.ResponseWriter, r *request, status int, f views.CampaignForm) error {
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	if b := s.brand.Load(); b != nil {
		f.BrandLabels = campaign.Labels{}
		for _, l := range lang.Supported() {
			f.BrandLabels[l] = b.LabelIn(l)
		}
	}
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		f.Squads, err = squad.All(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.EditCampaign(p, f))
}

// leadingRows is how many of a leaderboard stand on the page of its campaign.
const leadingRows = 8

func (s *Server) showCampaign(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.CampaignPage{Zone: s.zone()}
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Campaign, err = campaign.ByID(ctx, tx, r.PathValue("campaign")); err != nil {
			return err
		}
		scope := spread.Scope{CampaignID: v.Campaign.ID}
		if v.Drops, err = drop.InCampaign(ctx, tx, v.Campaign.ID); err != nil {
			return err
		}
		if v.Board, err = s.boards.Look(ctx, tx, spread.Ask{Scope: scope, Rows: leadingRows, Odds: true}); err != nil {
			return err
		}
		if v.Travels, err = s.travels(ctx, tx, scope, v.Board.Sums.People, v.Campaign.Name, views.CampaignPath(v.Campaign.ID)); err != nil {
			return err
		}
		if v.ByDrop, err = spread.ByDrop(ctx, tx, scope); err != nil {
			return err
		}
		if v.BySquad, err = spread.BySquad(ctx, tx, scope); err != nil {
			return err
		}
		if v.Squads, err = squad.All(ctx, tx); err != nil {
			return err
		}
		if v.For, err = campaign.SquadsOf(ctx, tx, v.Campaign.ID); err != nil {
			return err
		}
		titles := map[string]string{}
		for _, d := range v.Drops {
			titles[d.ID] = d.Title
		}
		if v.Houses, err = s.housesOf(ctx, tx, v.Campaign.ID, "", titles); err != nil {
			return err
		}
		if v.Held, err = s.campaignHeld(ctx, tx, v.Campaign.ID); err != nil {
			return err
		}
		if r.URL.Query().Has("details") {
			d, err := spread.DetailsOf(ctx, tx, scope)
			v.Details = &d
			return err
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
	return s.show(w, r, http.StatusOK, views.Campaign(p, v))
}

func (s *Server) editCampaign(w http.ResponseWriter, r *request) error {
	c, settled, err := s.campaignByPath(r)
	if err != nil {
		return err
	}
	var labels campaign.Labels
	var chosen []string
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if chosen, err = campaign.SquadsOf(r.Context(), tx, c.ID); err != nil {
			return err
		}
		labels, err = campaign.LabelsOf(r.Context(), tx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.formCampaign(w, r, http.StatusOK, views.CampaignForm{
		ID: c.ID, Name: c.Name, Goal: c.Goal, StartsAt: s.written(c.StartsAt), EndsAt: s.written(c.EndsAt), Most: text(c.Most), Clears: !c.JudgesAll, Settled: settled, Labels: labels, Chosen: chosen,
	})
}

func (s *Server) campaignByPath(r *request) (c campaign.Campaign, settled bool, err error) {
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if c, err = campaign.ByID(r.Context(), tx, r.PathValue("campaign")); err != nil {
			return err
		}
		settled, err = campaign.Settled(r.Context(), tx, c.ID)
		return err
	})
	return c, settled, err
}

func (s *Server) changeCampaign(w http.ResponseWriter, r *request) error {
	had, settled, err := s.campaignByPath(r)
	if err != nil {
		return err
	}
	f, err := s.fillCampaign(w, r)
	if err != nil {
		return err
	}
	if settled {
		f.Most = text(had.Most)
	}
	c, problems := s.campaignOf(f)
	if !problems.OK() {
		form := shownCampaign(had.ID, f, problems)
		form.Settled = settled
		return s.formCampaign(w, r, http.StatusUnprocessableEntity, form)
	}
	c.ID, c.CreatedAt = had.ID, had.CreatedAt
	err = s.db.Update(r.Context(), func(tx *data.Tx) error {
		if err := campaign.Change(r.Context(), tx, c); err != nil {
			return err
		}
		return setCampaign(r.Context(), tx, c.ID, f)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.CampaignPath(c.ID), "campaign.changed", "name", c.Name)
}
