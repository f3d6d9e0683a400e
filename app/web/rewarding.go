package web

import (
	"net/http"
	"slices"

	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) rewardingRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.RewardsPath, Answers: staff, Page: true, handle: s.listRewards},
		{Method: "POST", Pattern: views.RewardsPath, Answers: staff, handle: s.offerReward, keeps: true},
		{Method: "GET", Pattern: views.RewardsPath + "/new", Answers: staff, Page: true, handle: s.newReward},
		{Method: "GET", Pattern: views.LevelsPath, Answers: staff, Page: true, handle: s.showLevels},
		{Method: "POST", Pattern: views.LevelsPath, Answers: staff, handle: s.setLevels},
		{Method: "GET", Pattern: views.RewardsPath + "/{reward}", Answers: staff, Page: true, handle: s.showReward},
		{Method: "POST", Pattern: views.RewardsPath + "/{reward}", Answers: staff, handle: s.changeReward, keeps: true},
		{Method: "POST", Pattern: views.RewardsPath + "/{reward}/codes", Answers: staff, handle: s.addCodes},
		{Method: "POST", Pattern: views.RewardsPath + "/{reward}/codes/back", Answers: staff, handle: s.takeBackCodes},
		{Method: "POST", Pattern: views.HandOutPath, Answers: staff, handle: s.handOut},
		{Method: "GET", Pattern: views.HandOutPath + "/{claim}", Answers: staff, Page: true, handle: s.showClaim},
		{Method: "POST", Pattern: views.HandOutPath + "/{claim}/decline", Answers: staff, handle: s.declineClaim, keeps: true},
		{Method: "POST", Pattern: "/squads/{squad}/members/{member}/thanks", Answers: leaders, handle: s.thankMember, keeps: true},
	}
}

// claimsShown is how many claims a page has, and so how many are handed out at a time.
const claimsShown = 50

// listRewards is what waits to be approved and sent, what rewards there are, and how many members are at each level.
func (s *Server) listRewards(w http.ResponseWriter, r *request) error {
	return s.rewardsPage(w, r, http.StatusOK, views.RewardsPage{State: reward.State(r.URL.Query().Get("state"))})
}

// rewardsPage shows the claims in a state, the first of them if it is none, and what is wrong in what was chosen.
func (s *Server) rewardsPage(w http.ResponseWriter, r *request, status int, v views.RewardsPage) error {
	ctx := r.Context()
	v.Page, v.Zone = pageOf(r), s.zone()
	if !slices.Contains([]reward.State{reward.Earned, reward.Approved, reward.Sent, reward.Declined, reward.Withdrawn}, v.State) {
		v.State = reward.Earned
	}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Counts, err = reward.CountClaims(ctx, tx); err != nil {
			return err
		}
		if v.Claims, err = reward.Claims(ctx, tx, v.State, claimsShown+1, (v.Page-1)*claimsShown); err != nil {
			return err
		}
		if v.Rewards, err = reward.All(ctx, tx); err != nil {
			return err
		}
		if v.Ladder, err = reward.Levels(ctx, tx); err != nil || len(v.Ladder) == 0 {
			return err
		}
		v.AtLevel = make([]int, len(v.Ladder))
		brought, err := spread.ByAccount(ctx, tx, spread.Scope{})
		if err != nil {
			return err
		}
		by := map[string]spread.Totals{}
		for _, part := range brought {
			by[part.ID] = part.Totals
		}
		seated, err := squad.AllSeated(ctx, tx)
		for _, who := range seated {
			p := reward.Progress{In: true, Score: by[who.AccountID].Points, People: by[who.AccountID].People, Months: reward.Months(who.Since, tx.Now())}
			if at := v.Ladder.At(p); at > 0 {
				v.AtLevel[at-1]++
			} else {
				v.NotYet++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Claims) > claimsShown {
		v.Claims, v.More = v.Claims[:claimsShown], true
	}
	p, err := s.framed(w, r, views.RewardsPath)
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// noteReward writes down what whoever asks does about rewards: to whom, if to anybody, and which.
func (s *Server) noteReward(r *request, tx *data.Tx, kind audit.Kind, person, name string, n int) error {
	_, err := audit.Write(r.Context(), tx, audit.Act{Kind: kind, AccountID: r.who.ID, PersonID: person, Note: name, Opens: int64(n)})
	return err
}
