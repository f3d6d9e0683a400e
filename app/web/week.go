package web

import (
	"context"
	"net/http"
	"time"

	"ricochet.example/app/campaign"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) weekRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.WeekPath, Answers: ambassadors, Page: true, handle: s.showWeek},
		{Method: "GET", Pattern: views.WeekFile, Answers: ambassadors, handle: s.sendWeek},
	}
}

// week is what came of a member's links in the last seven days, as a picture tells it.
func (s *Server) week(r *request) (v views.WeekPage, err error) {
	ctx := r.Context()
	b := s.brand.Load()
	v = views.WeekPage{Brand: b.Name, Label: b.LabelIn(lang.Of(ctx)), Zone: s.zoneFor(r.who), Placed: r.URL.Query().Has(views.WithPlace)}
	s.foldNow(ctx)
	err = s.db.View(ctx, func(tx *data.Tx) error {
		squads, err := squad.JoinedBy(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		if v.Week, err = s.homeWeek(ctx, tx, r.who.ID, squads); err != nil {
			return err
		}
		from, to := s.days("week", campaign.Campaign{})
		v.From, v.To = time.Unix(from*86400, 0).UTC(), time.Unix(to*86400, 0).UTC()
		v.People, err = s.weekHops(ctx, tx, r.who.ID, from, to)
		return err
	})
	return v, err
}

// weekHops is how many people came by a member's links on some days, at each hop.
func (s *Server) weekHops(ctx context.Context, tx *data.Tx, who string, from, to int64) (people []int, err error) {
	totals, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: who, From: from, To: to})
	if err != nil {
		return nil, err
	}
	for link, t := range totals {
		if t.People == 0 {
			continue
		}
		tree, err := s.traces.look(ctx, tx, link)
		if err != nil {
			return nil, err
		}
		for hop, n := range tree.Between(from, to) {
			if hop == len(people) {
				people = append(people, 0)
			}
			people[hop] += n
		}
	}
	return people, nil
}

// showWeek shows a member their week as a picture to share.
func (s *Server) showWeek(w http.ResponseWriter, r *request) error {
	v, err := s.week(r)
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// sendWeek draws that picture. Of a week in which nobody came there is none.
func (s *Server) sendWeek(w http.ResponseWriter, r *request) error {
	v, err := s.week(r)
	if err != nil {
		return err
	}
	if v.Week.People == 0 {
		return s.goTo(w, r, views.WeekPath) // which says so
	}
	end, err := s.drawing.begin(r.Context())
	if err != nil {
		return err
	}
	defer end()
	body, err := v.Card(r.Context()).PNG()
	if err != nil {
		return err
	}
	return s.sendFile(w, body, ".png", v.Title(r.Context()))
}
