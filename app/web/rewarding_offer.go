package web

import (
	"errors"
	"net/http"

	"ricochet.example/app/audit"
	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) newReward(w http.ResponseWriter, r *request) error {
	return s.newRewardPage(w, r, http.StatusOK, views.RewardForm{Once: id.New(), Kind: views.AThing, PerPerson: "1"})
}

func (s *Server) newRewardPage(w http.ResponseWriter, r *request, status int, f views.RewardForm) error {
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		f.Ladder, err = reward.Levels(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, views.RewardsPath)
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.NewReward(p, f))
}

func (s *Server) offerReward(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.RewardForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (path string, err error) {
		return path, s.db.Update(ctx, func(tx *data.Tx) (err error) {
			if f.Ladder, err = reward.Levels(ctx, tx); err != nil {
				return err
			}
			var one reward.Reward
			if f.Problems = f.Reward(&one, tx.Now()); !f.Problems.OK() {
				return errProblems
			}
			if one, err = reward.Offer(ctx, tx, one); err != nil {
				return err
			}
			if path = views.RewardsPath; one.Codes {
				path = views.RewardPath(one.ID) // where they are added
			}
			return s.noteReward(r, tx, audit.RewardOffered, "", one.Name, 0)
		})
	})
	if errors.Is(err, errProblems) {
		return s.newRewardPage(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "reward.there")
}

func (s *Server) showReward(w http.ResponseWriter, r *request) error {
	return s.rewardPage(w, r, http.StatusOK, nil, views.CodesForm{})
}

// rewardPage shows a reward, with what was typed about it if there is something wrong in that.
func (s *Server) rewardPage(w http.ResponseWriter, r *request, status int, f *views.RewardForm, codes views.CodesForm) error {
	ctx := r.Context()
	v := views.RewardPage{Codes: codes}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Reward, err = reward.ByID(ctx, tx, r.PathValue("reward")); err != nil {
			return err
		}
		if v.Reward.Codes {
			if v.Spare, err = reward.Spare(ctx, tx, v.Reward.ID, codesShown+1); err != nil {
				return err
			}
			v.MoreSpare = len(v.Spare) > codesShown
			v.Spare = v.Spare[:min(len(v.Spare), codesShown)]
		}
		ladder, err := reward.Levels(ctx, tx)
		if v.Form = views.RewardAs(v.Reward, ladder); f != nil {
			f.Ladder, f.Codes = ladder, v.Reward.Codes
			v.Form = *f
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, views.RewardsPath)
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

func (s *Server) changeReward(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.RewardForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		one, err := reward.ByID(ctx, tx, r.PathValue("reward"))
		if err != nil {
			return err
		}
		if f.Ladder, err = reward.Levels(ctx, tx); err != nil {
			return err
		}
		if f.Problems = f.Reward(&one, tx.Now()); !f.Problems.OK() {
			return errProblems
		}
		err = reward.Change(ctx, tx, one)
		if errors.Is(err, reward.ErrBelow) {
			f.Problems = check.Problems{}
			f.Problems.Add("stock", "reward.below_taken", "n", one.Taken+1)
			return errProblems
		}
		if err != nil {
			return err
		}
		return s.noteReward(r, tx, audit.RewardChanged, "", one.Name, 0)
	})
	if errors.Is(err, errProblems) {
		return s.rewardPage(w, r, http.StatusUnprocessableEntity, &f, views.CodesForm{})
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.RewardsPath, "form.saved")
}
