package web

import (
	"context"
	"net/http"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) doorRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/d/{door}", Answers: everyone, Page: true, handle: s.atDoor},
		{Method: "POST", Pattern: "/drops/{drop}/houses", Answers: staff, handle: s.makeHouse},
	}
}

// doorsShown is of how many drops the page of a squad tells whoever leads it the doors.
const doorsShown = 3

// atDoor lets members of a drop's audience in, and staff. Everybody else sees one page, whether there is such a door
// or not: it is sent to groups that nobody here knows.
func (s *Server) atDoor(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "private, no-store")
	code, _ := id.ParseCode(r.PathValue("door"))
	var dropID string
	entry := drop.Shut
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		dropID, entry, err = drop.ByDoor(ctx, tx, code, r.who.ID)
		return err
	})
	switch {
	case err != nil:
		return err
	case entry == drop.Open:
		return s.goTo(w, r, views.DropPath(dropID))
	case entry == drop.Early:
		return s.goTo(w, r, "/") // where its countdown runs
	case entry == drop.Away:
		return errAway
	}
	v := views.DoorPage{SignedIn: r.who.ID != "", Path: signInFor(r.URL.Path)}
	if b := s.brand.Load(); b != nil {
		v.Brand = b.Name
	}
	return s.show(w, r, http.StatusOK, v.View(s.frame(r, "")))
}

// talksOf are the texts that lead to a drop, for those who tell its squads.
func (s *Server) talksOf(ctx context.Context, tx *data.Tx, d drop.Drop) ([]views.CopyText, error) {
	code, err := drop.DoorOf(ctx, tx, d.ID)
	if err != nil || code == "" {
		return nil, err
	}
	b := s.brand.Load()
	return views.TalksOf(ctx, d.Language, b.Name, b.URL+views.DoorPath(code)), nil
}

// captainsTalks are the same, for an ambassador who leads one of the squads that the drop was released to.
func (s *Server) captainsTalks(ctx context.Context, tx *data.Tx, d drop.Drop, accountID string, steps []drop.Step) ([]views.CopyText, error) {
	for _, step := range steps {
		led, err := squad.Led(ctx, tx, step.SquadID, accountID)
		if err != nil {
			return nil, err
		}
		if led {
			return s.talksOf(ctx, tx, d)
		}
	}
	return nil, nil
}

// housesOf are what the brand itself shares of a campaign, or of one of its drops, with what came of it. Titles are
// those of the drops.
func (s *Server) housesOf(ctx context.Context, tx *data.Tx, campaignID, dropID string, titles map[string]string) (lines []views.HouseLine, err error) {
	links, err := share.Houses(ctx, tx, campaignID, dropID)
	if err != nil {
		return nil, err
	}
	base := s.brand.Load().URL
	for _, l := range links {
		line := views.HouseLine{Name: l.House, Token: s.tokens.Link(l.ID), Drop: titles[l.DropID], Stopped: !l.StoppedAt.IsZero()}
		line.Address = base + "/s/" + line.Token
		if line.Totals, err = spread.TotalsOf(ctx, tx, l.ID); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// makeHouse makes a link of the house.
func (s *Server) makeHouse(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f views.HouseForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			if err := data.Lock(ctx, tx, "houses "+d.ID); err != nil {
				return err
			}
			there, err := share.Houses(ctx, tx, d.CampaignID, d.ID)
			if err != nil {
				return err
			}
			if f.Problems = share.CheckHouse(f.House, there); !f.Problems.OK() {
				return nil
			}
			_, err = share.NewHouse(ctx, tx, d.ID, f.House)
			return err
		})
		if err != nil || !f.Problems.OK() {
			return "", err
		}
		return views.DropPath(d.ID), nil
	})
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.dropPage(w, r, http.StatusUnprocessableEntity, d, func(v *views.DropPage) { v.House = f })
	}
	return s.goWith(w, r, path, "house.made")
}
