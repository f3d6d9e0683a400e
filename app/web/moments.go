package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

func (s *Server) momentRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/squads/{squad}/moments", Answers: leaders, Page: true, handle: s.askMoment},
		{Method: "POST", Pattern: "/squads/{squad}/moments", Answers: leaders, handle: s.openMoment},
		{Method: "GET", Pattern: "/squads/{squad}/moments/{moment}", Answers: leaders, Page: true, handle: s.showMoment},
		{Method: "POST", Pattern: "/squads/{squad}/moments/{moment}/end", Answers: leaders, handle: s.endMoment},
	}
}

// momentsShown is how many moments of a squad or a link are listed.
const momentsShown = 20

// momentsOf reads a squad, its captain's links that are open to readers, and its moments.
func (s *Server) momentsOf(ctx context.Context, tx *data.Tx, squadID string) (v views.MomentsPage, links map[string]share.Link, err error) {
	v.Now = s.clock.Now()
	if v.Squad, err = squad.ByID(ctx, tx, squadID); err != nil {
		return v, nil, err
	}
	if v.All, err = share.Moments(ctx, tx, squadID, momentsShown); err != nil || v.Squad.CaptainID == "" {
		return v, nil, err
	}
	captain, err := account.ByID(ctx, tx, v.Squad.CaptainID)
	if err != nil {
		return v, nil, err
	}
	v.Captain, links = captain.Name, map[string]share.Link{}
	all, err := share.ByAccount(ctx, tx, captain.ID)
	if err != nil {
		return v, nil, err
	}
	open, err := drop.SharedOf(ctx, tx, captain.ID)
	if err != nil {
		return v, nil, err
	}
	for _, l := range all {
		if !open[l.ID] {
			continue
		}
		d, err := drop.VisibleByID(ctx, tx, captain.ID, l.DropID)
		if errors.Is(err, data.ErrNotFound) {
			continue
		}
		if err != nil {
			return v, nil, err
		}
		links[d.ID] = l
		v.Drops = append(v.Drops, ui.Option{Value: d.ID, Label: d.Title})
	}
	return v, links, nil
}

// askMoment asks what is to be scanned, and by how many.
func (s *Server) askMoment(w http.ResponseWriter, r *request) error {
	return s.momentsPage(w, r, http.StatusOK, views.MomentForm{Once: id.New(), Drop: r.URL.Query().Get("drop")})
}

func (s *Server) momentsPage(w http.ResponseWriter, r *request, status int, f views.MomentForm) error {
	var v views.MomentsPage
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if v, _, err = s.momentsOf(r.Context(), tx, r.PathValue("squad")); err != nil || r.who.Staff() {
			return err
		}
		var seen []share.Moment
		for _, m := range v.All { // a release may have been taken back
			_, err := drop.VisibleByID(r.Context(), tx, r.who.ID, m.DropID)
			if err != nil && !errors.Is(err, data.ErrNotFound) {
				return err
			}
			if err == nil {
				seen = append(seen, m)
			}
		}
		v.All = seen
		return nil
	})
	if err != nil {
		return err
	}
	v.Form, v.Zone = f, s.zoneFor(r.who)
	p, err := s.framed(w, r, navOf(r, "/squads"))
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.InPerson(p, v))
}

// openMoment opens a moment for the link of the squad's captain, and writes down who did.
func (s *Server) openMoment(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	var f views.MomentForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	var problems check.Problems
	m := share.Moment{SquadID: squadID, OpenedBy: r.who.ID, Heads: number(&problems, "heads", f.Heads)}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			_, links, err := s.momentsOf(ctx, tx, squadID)
			if err != nil {
				return err
			}
			link, ok := links[f.Drop]
			found := join(problems, m.Check())
			if !ok {
				found.Add("drop", "check.choice")
			}
			if f.Problems = found; !found.OK() {
				return nil
			}
			m.LinkID = link.ID
			if m, err = share.OpenMoment(ctx, tx, m); errors.Is(err, share.ErrMoments) {
				f.Problems.Add("drop", "moment.enough", "n", share.MostMoments)
				return nil
			}
			if err != nil {
				return err
			}
			_, err = audit.Write(ctx, tx, audit.Act{
				Kind: audit.MomentOpened, AccountID: r.who.ID, CampaignID: link.CampaignID, LinkID: link.ID, SquadID: squadID, Opens: int64(m.Heads),
			})
			return err
		})
		if err != nil || !f.Problems.OK() {
			return "", err
		}
		return views.MomentPath(squadID, m.ID), nil
	})
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.momentsPage(w, r, http.StatusUnprocessableEntity, f)
	}
	return s.goTo(w, r, path)
}

// showMoment is a moment's code, to be scanned, and what came by it.
func (s *Server) showMoment(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.MomentPage{Zone: s.zoneFor(r.who), Now: s.clock.Now()}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		if v.Moment, err = share.MomentByID(ctx, tx, v.Squad.ID, r.PathValue("moment")); err != nil {
			return err
		}
		shared, err := drop.Shared(ctx, tx, v.Moment.LinkID)
		if err != nil {
			return err
		}
		if !shared && !r.who.Staff() { // the release was taken back
			return data.ErrNotFound
		}
		d, err := drop.ByID(ctx, tx, v.Moment.DropID)
		if err != nil {
			return err
		}
		b := s.brand.Load()
		v.Language, v.Label = d.Language, disclosure(d, *b)
		v.Link = b.URL + "/s/" + s.tokens.Link(v.Moment.LinkID) + "/" + share.MomentSuffix
		v.Code, err = picture.NewQR(v.Link, d.Title)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, navOf(r, "/squads"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// endMoment ends a moment before its time; one that has ended already stays as it is.
func (s *Server) endMoment(w http.ResponseWriter, r *request) error {
	ctx, squadID := r.Context(), r.PathValue("squad")
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		m, err := share.MomentByID(ctx, tx, squadID, r.PathValue("moment"))
		if err != nil {
			return err
		}
		return share.EndMoment(ctx, tx, m.ID)
	})
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.MomentPath(squadID, r.PathValue("moment")))
}
