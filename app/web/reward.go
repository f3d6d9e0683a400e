package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/reward"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) rewardRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.OwnRewardsPath, Answers: ambassadors, Page: true, handle: s.ownRewards},
		{Method: "GET", Pattern: "/me/rewards/{reward}", Answers: ambassadors, Page: true, handle: s.showOwnReward},
		{Method: "POST", Pattern: "/me/rewards/{reward}", Answers: ambassadors, handle: s.askForReward, keeps: true},
		{Method: "POST", Pattern: "/me/claims/{claim}/withdraw", Answers: members, handle: s.withdrawClaim},
		{Method: "POST", Pattern: "/me/thanks/{thanks}/seen", Answers: members, handle: s.putThanksAway},
		{Method: "POST", Pattern: views.RicochetPath, Answers: ambassadors, handle: s.putRicochetAway},
	}
}

// thanksShown is how many thanks a page has.
const thanksShown = 50

// progress is how far an ambassador has come, by the scores that stand.
func progress(ctx context.Context, tx *data.Tx, who account.Account) (p reward.Progress, t spread.Totals, err error) {
	totals, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: who.ID})
	if err != nil {
		return p, t, err
	}
	for _, link := range totals {
		t.Join(link)
	}
	seats, err := squad.SeatsSince(ctx, tx, who.ID)
	if err != nil {
		return p, t, err
	}
	p = reward.Progress{In: len(seats) > 0, Score: t.Points, People: t.People}
	for _, seat := range seats {
		p.Months = max(p.Months, reward.Months(seat.JoinedAt, tx.Now()))
	}
	return p, t, nil
}

// offered are the rewards as a member sees them who has come that far: those that are offered.
func offered(ctx context.Context, tx *data.Tx, accountID string, ladder reward.Ladder, p reward.Progress) (all []views.OfferedReward, err error) {
	rewards, err := reward.All(ctx, tx)
	if err != nil {
		return nil, err
	}
	had, err := reward.Had(ctx, tx, accountID)
	if err != nil {
		return nil, err
	}
	for _, one := range rewards {
		if one.EndedAt.IsZero() {
			all = append(all, offer(one, ladder, p, had[one.ID]))
		}
	}
	return all, nil
}

func offer(one reward.Reward, ladder reward.Ladder, p reward.Progress, had int) views.OfferedReward {
	o := views.OfferedReward{Reward: one, Refused: one.Refused(ladder, p, had)}
	if at := ladder.Place(one.LevelID); at > 0 {
		o.Level = ladder[at-1].Name
	}
	return o
}

// ownRewards is what a member has reached, can get, and asked for.
func (s *Server) ownRewards(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.OwnRewardsPage{Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Ladder, err = reward.Levels(ctx, tx); err != nil {
			return err
		}
		if v.Progress, _, err = progress(ctx, tx, r.who); err != nil {
			return err
		}
		if v.Offered, err = offered(ctx, tx, r.who.ID, v.Ladder, v.Progress); err != nil {
			return err
		}
		if v.Claims, err = reward.ClaimsOf(ctx, tx, r.who.ID); err != nil {
			return err
		}
		v.Thanks, err = reward.ThanksOf(ctx, tx, r.who.ID, false, thanksShown)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/me")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

func (s *Server) showOwnReward(w http.ResponseWriter, r *request) error {
	return s.ownRewardPage(w, r, http.StatusOK, views.AskForm{Once: id.New()})
}

func (s *Server) ownRewardPage(w http.ResponseWriter, r *request, status int, f views.AskForm) error {
	ctx := r.Context()
	v := views.OwnRewardPage{Form: f}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		one, err := reward.ByID(ctx, tx, r.PathValue("reward"))
		if err != nil {
			return err
		}
		ladder, err := reward.Levels(ctx, tx)
		if err != nil {
			return err
		}
		p, _, err := progress(ctx, tx, r.who)
		if err != nil {
			return err
		}
		had, err := reward.Had(ctx, tx, r.who.ID)
		v.Reward = offer(one, ladder, p, had[one.ID])
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/me")
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// askForReward takes what a member asks for. What keeps them from it stands on the page of the reward.
func (s *Server) askForReward(w http.ResponseWriter, r *request) error {
	ctx, rewardID := r.Context(), r.PathValue("reward")
	var f views.AskForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	wish := reward.Wish{Size: f.Size, Address: f.Address}
	says := "claim.asked"
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		return views.OwnRewardsPath, s.db.Update(ctx, func(tx *data.Tx) error {
			one, err := reward.ByID(ctx, tx, rewardID)
			if err != nil {
				return err
			}
			if f.Problems = wish.Check(one); !f.Problems.OK() {
				return errProblems
			}
			p, _, err := progress(ctx, tx, r.who)
			if err != nil {
				return err
			}
			c, err := reward.Ask(ctx, tx, rewardID, r.who.ID, p, wish)
			if says = "claim.asked"; c.State == reward.Sent {
				says = "claim.code_given"
			}
			return err
		})
	})
	switch {
	case errors.Is(err, errProblems):
		return s.ownRewardPage(w, r, http.StatusUnprocessableEntity, f)
	case errors.Is(err, reward.ErrEnded), errors.Is(err, reward.ErrTooLow), errors.Is(err, reward.ErrHad), errors.Is(err, reward.ErrNone):
		return s.goTo(w, r, views.OwnRewardPath(rewardID)) // which says why
	case err != nil:
		return err
	}
	return s.goWith(w, r, path, says)
}

// errProblems ends an Update in which a form turned out to have problems.
var errProblems = errors.New("the form has problems")

func (s *Server) withdrawClaim(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error { return reward.Withdraw(ctx, tx, r.PathValue("claim"), r.who.ID) })
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.OwnRewardsPath)
}

// putThanksAway takes thanks off a member's home page; they stay among what the member got.
func (s *Server) putThanksAway(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error { return reward.PutAway(ctx, tx, r.PathValue("thanks"), r.who.ID) })
	if err != nil {
		return err
	}
	return s.goTo(w, r, "/")
}

// putRicochetAway takes the moment of the first ricochet off a member's home page, for good.
func (s *Server) putRicochetAway(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error { return reward.SeeFirstRicochet(ctx, tx, r.who.ID) })
	if err != nil {
		return err
	}
	return s.goTo(w, r, "/")
}

// homeRewards is what a member's home page says of levels, rewards, thanks and the first ricochet.
func homeRewards(ctx context.Context, tx *data.Tx, who account.Account) (l views.HomeLevel, m views.Moments, err error) {
	p, passed, err := progress(ctx, tx, who)
	if err != nil {
		return l, m, err
	}
	ladder, err := reward.Levels(ctx, tx)
	if err != nil {
		return l, m, err
	}
	all, err := offered(ctx, tx, who.ID, ladder, p)
	if err != nil {
		return l, m, err
	}
	l.Show = p.In && len(ladder)+len(all) > 0
	if at := ladder.At(p); at > 0 {
		l.Level = ladder[at-1].Name
	}
	if at := ladder.At(p); at < len(ladder) {
		l.Next = ladder[at].Name
	}
	for _, o := range all {
		if o.Refused == nil {
			l.Can++
		}
	}
	if m.Thanks, err = reward.ThanksOf(ctx, tx, who.ID, true, thanksShown); err != nil {
		return l, m, err
	}
	m.Passed = passed
	if passed.Sharers > 0 {
		seen, err := reward.FirstRicochetSeen(ctx, tx, who.ID)
		m.Ricochet = !seen
		return l, m, err
	}
	return l, m, nil
}
