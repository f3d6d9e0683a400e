package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// reviews lists what looks odd in a campaign, for a person to look at.
func (s *Server) reviews(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.ReviewPage{CampaignID: r.PathValue("campaign"), Zone: s.zone(), Once: id.New()}
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

// oddRun is what the button beside a run of opens sends: which they are.
type oddRun struct {
	Once  string `form:"once"`
	Opens string `form:"opens"`
}

// ids are the opens of the run; what is no number is none of them.
func (o oddRun) ids() map[int64]bool {
	in := map[int64]bool{}
	for _, text := range strings.Fields(o.Opens) {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			in[n] = true
		}
	}
	return in
}

// judgeRun leaves out a run of opens that looked odd to a manager too. Only
// those of the link's own tree are decided about.
func (s *Server) judgeRun(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var run oddRun
	if err := s.fill(w, r, &run); err != nil {
		return err
	}
	s.foldNow(ctx)
	var l share.Link
	var look spread.Look
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if _, l, err = s.judged(ctx, tx, r); err != nil {
			return err
		}
		look, err = spread.LookAt(ctx, tx, l.ID)
		return err
	})
	if err != nil {
		return err
	}
	path := views.ReviewPath(l.CampaignID)
	ids := changing(look, run.ids(), 0, views.Exclude)
	if len(ids) == 0 {
		return s.goWith(w, r, path, "judge.nothing")
	}
	change := effect(look, ids, views.Exclude)
	path, err = s.sent.do(r.who.ID, run.Once, func() (string, error) {
		act := audit.Act{Kind: audit.RunExcluded, OpenID: ids[0], People: change.People, Points: change.Points}
		return path, s.decide(r, l, ids, views.JudgeForm{Verdict: views.Exclude}, act)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, saidOf(views.Exclude), "n", len(ids), "people", views.Signed(ctx, change.People), "points", views.Signed(ctx, change.Points))
}
