package web

import (
	"net/http"
	"strconv"

	"ricochet.example/app/audit"
	"ricochet.example/app/campaign"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/views"
)

// decisions lists what was decided, by people and by rule: in one campaign, or
// everywhere.
func (s *Server) decisions(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.DecisionsPage{CampaignID: r.URL.Query().Get("campaign"), Page: pageOf(r), Zone: s.zone()}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		if v.CampaignID != "" {
			c, err := campaign.ByID(ctx, tx, v.CampaignID)
			if err != nil {
				return err
			}
			v.Campaign = c.Name
		}
		acts, err := audit.Latest(ctx, tx, v.CampaignID, actsShown+1, (v.Page-1)*actsShown)
		if err != nil {
			return err
		}
		if len(acts) > actsShown {
			acts, v.More = acts[:actsShown], true
		}
		v.Acts = s.lines(acts)
		if v.Page > 1 {
			return nil
		}
		byRule, err := share.Recognised(ctx, tx, v.CampaignID, actsShown)
		v.ByRule = s.lines(byRule)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Decisions(p, v))
}

func (s *Server) lines(acts []audit.Act) (lines []views.ActLine) {
	for _, a := range acts {
		line := views.ActLine{Act: a}
		if a.LinkID != 0 && a.Drop != "" {
			line.Token = s.tokens.Link(a.LinkID)
		}
		lines = append(lines, line)
	}
	return lines
}

// takeBack takes back what was decided about opens.
func (s *Server) takeBack(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	actID, err := strconv.ParseInt(r.PathValue("decision"), 10, 64)
	if err != nil {
		return data.ErrNotFound
	}
	var act audit.Act
	var opens int64
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if act, err = audit.ByID(ctx, tx, actID); err != nil || !act.Undoable() {
			return err
		}
		opens, err = share.TakeBack(ctx, tx, actID, r.who.ID)
		return err
	})
	if err != nil {
		return err
	}
	path := views.DecisionsPath(act.CampaignID)
	if opens == 0 {
		return s.goWith(w, r, path, "decision.stands")
	}
	s.foldNow(ctx)
	return s.goWith(w, r, path, "decision.taken_back", "n", opens)
}
