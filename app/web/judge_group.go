package web

import (
	"net/http"
	"strconv"

	"ricochet.example/app/audit"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// group is a network's opens of one link, or those of one reason.
type group struct {
	link      share.Link
	look      spread.Look
	place     share.Place
	here      map[int64]bool // not counted
	alsoThere map[int64]bool // and those that count
}

// placeOf reads what a group is gathered by: the first open of its network, or a reason.
func placeOf(text string) (share.Place, bool) {
	for _, reason := range []share.State{share.OwnDevice, share.SignedIn, share.Excluded, share.Erased} {
		if text == reason.String() {
			return share.Place(-reason), true
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return share.Place(n), err == nil && n > 0
}

// groupPage reads a group, with what each verdict on it would change.
func (s *Server) groupPage(r *request) (v views.GroupPage, g group, err error) {
	ctx := r.Context()
	var ok bool
	if g.place, ok = placeOf(r.PathValue("place")); !ok {
		return v, g, data.ErrNotFound
	}
	s.foldNow(ctx)
	var here, there []int64
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Link, g.link, err = s.judged(ctx, tx, r); err != nil {
			return err
		}
		if here, err = share.At(ctx, tx, g.link.ID, g.place); err != nil {
			return err
		}
		if there, err = share.CountedAt(ctx, tx, g.link.ID, g.place); err != nil {
			return err
		}
		g.look, err = spread.LookAt(ctx, tx, g.link.ID)
		return err
	})
	if err != nil {
		return v, g, err
	}
	g.here, g.alsoThere = set(here), set(there)
	v.Place, v.CountHere, v.Page = g.place, int64(len(here)), pageOf(r)
	v.Pages = pages(v.CountHere, opensShown)
	skip := (v.Page - 1) * opensShown
	for i := len(g.look.Leaves) - 1; i >= 0 && len(v.Opens) < opensShown; i-- {
		if !g.here[g.look.Leaves[i].ID] {
			continue
		}
		if skip--; skip < 0 {
			v.Opens = append(v.Opens, views.GroupOpen{Leaf: g.look.Leaves[i], Hop: g.look.Reckoning.Hops[i]})
		}
	}
	v.Counted = int64(len(there))
	v.Release = effect(g.look, g.changing(views.Release), views.Release)
	v.Exclude = effect(g.look, g.changing(views.Exclude), views.Exclude)
	return v, g, nil
}

func set(ids []int64) map[int64]bool {
	in := make(map[int64]bool, len(ids))
	for _, n := range ids {
		in[n] = true
	}
	return in
}

// changing are the opens that a verdict on the group changes. Whoever leaves a
// network out leaves out what counts of it as well.
func (g group) changing(verdict string) (ids []int64) {
	for _, l := range g.look.Leaves {
		excluded := verdict == views.Exclude && (g.here[l.ID] && l.State.Waits() || g.alsoThere[l.ID])
		released := verdict == views.Release && g.here[l.ID] && l.State != share.Erased && l.State != share.Counted
		if excluded || released {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// showGroup is the page of a group: its opens, and what can be decided of all at once.
func (s *Server) showGroup(w http.ResponseWriter, r *request) error {
	v, _, err := s.groupPage(r)
	if err != nil {
		return err
	}
	v.Form.Once = id.New()
	return s.sendGroup(w, r, http.StatusOK, v)
}

func (s *Server) sendGroup(w http.ResponseWriter, r *request, status int, v views.GroupPage) error {
	p, err := s.framed(w, r, "/campaigns")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Group(p, v))
}

// judgeGroup decides about all opens of a group.
func (s *Server) judgeGroup(w http.ResponseWriter, r *request) error {
	var j judgement
	if err := s.fill(w, r, &j); err != nil {
		return err
	}
	v, g, err := s.groupPage(r)
	if err != nil {
		return err
	}
	if v.Form = j.form(); !v.Form.Problems.OK() {
		return s.sendGroup(w, r, http.StatusUnprocessableEntity, v)
	}
	return s.settleGroup(w, r, v, g, j, views.HeldPath(g.link.CampaignID))
}

// settleGroup decides about a group as a judgement without a problem says, and goes on to a page.
func (s *Server) settleGroup(w http.ResponseWriter, r *request, v views.GroupPage, g group, j judgement, path string) error {
	ids, act, change := g.changing(j.Verdict), audit.Act{Kind: audit.GroupExcluded}, v.Exclude
	if j.Verdict == views.Release {
		act.Kind, change = audit.GroupReleased, v.Release
	}
	if len(ids) == 0 {
		return s.goWith(w, r, path, "judge.nothing")
	}
	if _, reason := g.place.Reason(); !reason {
		act.OpenID = int64(g.place)
	}
	act.People, act.Points, act.SquadID = change.People, change.Points, r.PathValue("squad")
	path, err := s.sent.do(r.who.ID, j.Once, func() (string, error) { return path, s.decide(r, g.link, ids, v.Form, act) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, saidOf(j.Verdict), "n", len(ids), "people", views.Signed(r.Context(), change.People), "points", views.Signed(r.Context(), change.Points))
}
