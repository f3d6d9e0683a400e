package web

import (
	"net/http"
	"strconv"
	"strings"

	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) mapRoutes() []Route {
	var all []Route
	for _, of := range []string{"/campaigns/{campaign}/map", "/drops/{drop}/map"} {
		all = append(
			all,
			Route{Method: "GET", Pattern: of, Answers: staff, Page: true, handle: s.showMap},
			Route{Method: "GET", Pattern: of + ".svg", Answers: staff, handle: s.sendMap},
			Route{Method: "GET", Pattern: of + ".png", Answers: staff, handle: s.sendMap},
		)
	}
	return all
}

// mapPage reads the ambassadors of a campaign, or of a drop, and lays them out.
func (s *Server) mapPage(r *request) (v views.MapPage, err error) {
	ctx := r.Context()
	scope := spread.Scope{CampaignID: r.PathValue("campaign"), DropID: r.PathValue("drop")}
	v.Chosen = r.URL.Query().Get("ambassador")
	var owners []spread.Owner
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if scope.DropID != "" {
			d, err := drop.ByID(ctx, tx, scope.DropID)
			if err != nil {
				return err
			}
			v.Title, v.Of = d.Title, views.DropPath(d.ID)
		} else {
			c, err := campaign.ByID(ctx, tx, scope.CampaignID)
			if err != nil {
				return err
			}
			v.Title, v.Of = c.Name, views.CampaignPath(c.ID)
			if v.Titles, err = titles(r, tx, c.ID); err != nil {
				return err
			}
		}
		shares, err := spread.Shares(ctx, tx, scope)
		if err != nil {
			return err
		}
		v.All = spread.Ambassadors(shares)
		owners, err = spread.ReadOwners(ctx, tx, v.All, v.Chosen)
		return err
	})
	if err != nil {
		return v, err
	}
	if _, there := v.Who(); v.Chosen != "" && !there {
		return v, data.ErrNotFound
	}
	if b := s.brand.Load(); b != nil {
		v.Brand = b.Name
	}
	v.Map, v.Owners = spread.LayOwners(owners)
	v.Page, err = strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || v.Page < 1 {
		v.Page = 1
	}
	v.Page = min(v.Page, v.Pages())
	v.Token = s.tokens.Link
	return v, nil
}

// titles are those of a campaign's drops, by their ids.
func titles(r *request, tx *data.Tx, campaignID string) (map[string]string, error) {
	drops, err := drop.InCampaign(r.Context(), tx, campaignID)
	all := map[string]string{}
	for _, d := range drops {
		all[d.ID] = d.Title
	}
	return all, err
}

// showMap is the page of a map of ambassadors.
func (s *Server) showMap(w http.ResponseWriter, r *request) error {
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	v, err := s.mapPage(r)
	if err != nil {
		return err
	}
	current := "/campaigns"
	if strings.HasPrefix(v.Of, "/drops/") {
		current = "/drops"
	}
	p, err := s.framed(w, r, current)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Map(p, v))
}

// sendMap is the map as a file.
func (s *Server) sendMap(w http.ResponseWriter, r *request) error {
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	v, err := s.mapPage(r)
	if err != nil {
		return err
	}
	return s.sendDrawing(w, r, views.MapDrawing(r.Context(), v), v.Brand+" "+v.Title)
}
