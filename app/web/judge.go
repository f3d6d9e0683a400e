package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

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

func (s *Server) judgeRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/campaigns/{campaign}/held", Answers: staff, Page: true, handle: s.heldOfCampaign},
		{Method: "GET", Pattern: "/links/{token}/held", Answers: staff, Page: true, handle: s.heldOfLink},
		{Method: "GET", Pattern: "/links/{token}/held/{place}", Answers: staff, Page: true, handle: s.showGroup},
		{Method: "POST", Pattern: "/links/{token}/held/{place}", Answers: staff, handle: s.judgeGroup, keeps: true},
		{Method: "GET", Pattern: "/links/{token}/opens/{open}", Answers: staff, Page: true, handle: s.showOpen},
		{Method: "POST", Pattern: "/links/{token}/opens/{open}", Answers: staff, handle: s.judgeOpen, keeps: true},
		{Method: "POST", Pattern: "/links/{token}/review", Answers: staff, handle: s.judgeRun},
		{Method: "GET", Pattern: "/decisions", Answers: staff, Page: true, handle: s.decisions},
		{Method: "POST", Pattern: "/decisions/{decision}/take-back", Answers: staff, handle: s.takeBack},
	}
}

// How many groups and opens stand on a page, and how far those that wait are counted.
const (
	groupsShown = 25
	opensShown  = 100
	actsShown   = 50
	countedUpTo = 1000
)

// pageOf is the page that was asked for, the first if that makes no sense.
func pageOf(r *request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// shownOf is which opens were asked for.
func shownOf(r *request) share.Shown {
	if chosen := share.Shown(r.URL.Query().Get("show")); slices.Contains(share.AllShown, chosen) {
		return chosen
	}
	return share.Waiting
}

// judged reads a link whose opens are judged; a rehearsal's never are.
func (s *Server) judged(ctx context.Context, tx *data.Tx, r *request) (v views.JudgedLink, l share.Link, err error) {
	ref, ok := s.tokens.Parse(r.PathValue("token"))
	if !ok || ref.Kind != id.Link {
		return v, l, data.ErrNotFound
	}
	if l, err = share.ByID(ctx, tx, ref.ID); err != nil {
		return v, l, err
	}
	if l.Rehearsal {
		return v, l, data.ErrNotFound
	}
	v = views.JudgedLink{Token: s.tokens.Link(l.ID), DropID: l.DropID, CampaignID: l.CampaignID, Zone: s.zoneFor(r.who), StoppedAt: l.StoppedAt}
	d, err := drop.ByID(ctx, tx, l.DropID)
	if err != nil {
		return v, l, err
	}
	v.Title = d.Title
	if v.Member, err = houseName(ctx, tx, l); err != nil {
		return v, l, err
	}
	if l.AccountID != "" {
		who, err := account.ByID(ctx, tx, l.AccountID)
		if err != nil {
			return v, l, err
		}
		v.Member = who.Name
	}
	return v, l, nil
}

func (s *Server) heldOfCampaign(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var c campaign.Campaign
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		c, err = campaign.ByID(ctx, tx, r.PathValue("campaign"))
		return err
	})
	if err != nil {
		return err
	}
	return s.heldPage(w, r, views.HeldPage{Over: c.Name, Back: views.CampaignPath(c.ID), Path: views.HeldPath(c.ID), CampaignID: c.ID}, share.Held{CampaignID: c.ID})
}

func (s *Server) heldOfLink(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var v views.JudgedLink
	var l share.Link
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		v, l, err = s.judged(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	return s.heldPage(w, r, views.HeldPage{Link: &v, Back: views.LinkPath(v.Token), Path: views.LinkHeldPath(v.Token), CampaignID: l.CampaignID}, share.Held{LinkID: l.ID})
}

// heldPage lists the opens that are shown and not counted.
func (s *Server) heldPage(w http.ResponseWriter, r *request, v views.HeldPage, scope share.Held) error {
	ctx := r.Context()
	v.Zone, v.Shown, v.Page, v.Once = s.zoneFor(r.who), shownOf(r), pageOf(r), id.New()
	err := s.db.View(ctx, func(tx *data.Tx) error {
		c, err := campaign.ByID(ctx, tx, v.CampaignID)
		if err != nil {
			return err
		}
		v.Judged = c.JudgesAll
		groups, all, err := scope.Groups(ctx, tx, v.Shown, groupsShown, (v.Page-1)*groupsShown)
		if err != nil {
			return err
		}
		v.Pages = pages(all, groupsShown)
		for _, g := range groups {
			v.Groups = append(v.Groups, views.HeldGroup{Group: g, Token: s.tokens.Link(g.LinkID)})
		}
		for _, shown := range share.AllShown {
			n, err := scope.Count(ctx, tx, shown, countedUpTo)
			if err != nil {
				return err
			}
			v.Counts = append(v.Counts, n)
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
	return s.show(w, r, http.StatusOK, views.HeldOpens(p, v))
}

func pages(all int64, each int) int { return max(int((all+int64(each)-1)/int64(each)), 1) }

// judgement is what a manager decides: to count opens or to leave them out, one
// or a branch, and why.
type judgement struct {
	Once    string `form:"once"`
	Verdict string `form:"verdict"`
	Scope   string `form:"scope"`
	Note    string `form:"note"`
}

// check returns what is wrong in it; the scope is one of some.
func (j judgement) form(scopes ...string) views.JudgeForm {
	f := views.JudgeForm{Once: j.Once, Verdict: j.Verdict, Scope: j.Scope, Note: j.Note}
	f.Problems = audit.Act{Note: j.Note}.Check()
	f.Problems.OneOf("verdict", j.Verdict, views.Release, views.Exclude)
	if len(scopes) > 0 {
		f.Problems.OneOf("scope", j.Scope, scopes...)
	}
	return f
}

// state is what the opens become.
func stateOf(verdict string) share.State {
	if verdict == views.Release {
		return share.Counted
	}
	return share.Excluded
}

// below are an open of a tree and all that came by it; nil if it is not in the tree.
func below(look spread.Look, open int64) map[int64]bool {
	in := map[int64]bool{}
	for _, l := range look.Leaves { // in the order of their ids: parents first
		if l.ID == open || in[l.Parent] {
			in[l.ID] = true
		}
	}
	return in
}

// changing are those of some opens that a verdict changes, in order. What a rule
// settled or its reader wished stays so, but for the one open that was pointed at.
func changing(look spread.Look, some map[int64]bool, open int64, verdict string) (ids []int64) {
	for _, l := range look.Leaves {
		if !some[l.ID] || l.State == share.Erased || l.State == stateOf(verdict) {
			continue
		}
		byRule := l.State == share.OwnDevice || l.State == share.SignedIn
		if byRule && l.ID != open {
			continue
		}
		ids = append(ids, l.ID)
	}
	return ids
}

// effect is what a verdict on some opens adds to the numbers of their tree.
func effect(look spread.Look, ids []int64, verdict string) (e views.Effect) {
	if e.Opens = int64(len(ids)); e.Opens == 0 {
		return e
	}
	leaves, next := slices.Clone(look.Leaves), 0
	for i := range leaves {
		if next < len(ids) && leaves[i].ID == ids[next] {
			leaves[i].State, leaves[i].Counted = stateOf(verdict), verdict == views.Release
			next++
		}
	}
	after := spread.Reckon(leaves, look.Most).Totals
	e.People, e.Points = after.People-look.Reckoning.Totals.People, after.Points-look.Reckoning.Totals.Points
	return e
}

// decide writes a verdict down and folds at once, so that the next page shows
// what came of it.
func (s *Server) decide(r *request, l share.Link, ids []int64, f views.JudgeForm, act audit.Act) error {
	ctx := r.Context()
	act.AccountID, act.CampaignID, act.LinkID, act.Opens, act.Note = r.who.ID, l.CampaignID, l.ID, int64(len(ids)), f.Note
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		actID, err := audit.Write(ctx, tx, act)
		if err != nil {
			return err
		}
		return share.DecideAll(ctx, tx, l.ID, ids, stateOf(f.Verdict), r.who.ID, actID)
	})
	if err != nil {
		return err
	}
	s.foldNow(ctx)
	return nil
}

// foldNow brings the numbers up to date for whoever has just changed them. If
// it cannot, the fold that runs every second will.
func (s *Server) foldNow(ctx context.Context) {
	if err := s.fold.Fold(context.WithoutCancel(ctx), s.db); err != nil {
		s.log.Warn("folding for whoever decided", slog.Any("error", err))
	}
}

// said is the message that tells what a verdict did.
func saidOf(verdict string) string {
	if verdict == views.Release {
		return "judge.released"
	}
	return "judge.excluded"
}

// campaignHeld is what of a campaign is on no board.
func (s *Server) campaignHeld(ctx context.Context, tx *data.Tx, campaignID string) (h views.CampaignHeld, err error) {
	if h.Waiting, err = (share.Held{CampaignID: campaignID}).Count(ctx, tx, share.Waiting, countedUpTo); err != nil {
		return h, err
	}
	former, err := share.Nameless(ctx, tx, campaignID)
	if err != nil {
		return h, err
	}
	for _, l := range former {
		totals, err := spread.TotalsOf(ctx, tx, l.ID)
		if err != nil {
			return h, err
		}
		h.Former = append(h.Former, views.FormerLink{Token: s.tokens.Link(l.ID), Totals: totals})
	}
	return h, nil
}
