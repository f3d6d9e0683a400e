package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/views"
)

// handOut approves or sends the claims that were chosen, those of them that still wait for it.
func (s *Server) handOut(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.HandOutForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	chosen := f.Claim[:min(len(f.Claim), claimsShown)]
	if f.One != "" {
		chosen = []string{f.One}
	}
	if chosen = slices.DeleteFunc(chosen, func(id string) bool { return id == "" }); len(chosen) == 0 {
		v := views.RewardsPage{State: reward.State(f.State)}
		v.Problems.Add("claim", "claim.choose_some")
		return s.rewardsPage(w, r, http.StatusUnprocessableEntity, v)
	}
	step, kind, says := s.approveClaim, audit.RewardApproved, "claim.approved_n"
	if reward.State(f.State) == reward.Approved {
		step, kind, says = s.sendClaim, audit.RewardSent, "claim.sent_n"
	}
	slices.Sort(chosen) // everybody takes the locks in one order
	done := 0
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		done = 0
		claims := make([]reward.Claim, 0, len(chosen))
		for _, claimID := range slices.Compact(chosen) {
			c, err := reward.ClaimByID(ctx, tx, claimID)
			if errors.Is(err, data.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			claims = append(claims, c)
		}
		slices.SortStableFunc(claims, func(a, b reward.Claim) int { return cmp.Compare(a.RewardID, b.RewardID) })
		for _, c := range claims {
			ok, err := step(ctx, tx, r, c)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := s.noteReward(r, tx, kind, c.AccountID, c.Reward, 0); err != nil {
				return err
			}
			done++
		}
		return nil
	})
	if err != nil {
		return err
	}
	path := views.RewardsPath
	if reward.State(f.State) == reward.Approved {
		path += "?state=" + string(reward.Approved)
	}
	return s.goWith(w, r, path, says, "n", done)
}

func (s *Server) approveClaim(ctx context.Context, tx *data.Tx, r *request, c reward.Claim) (bool, error) {
	return reward.Approve(ctx, tx, c.ID, r.who.ID)
}

func (s *Server) sendClaim(ctx context.Context, tx *data.Tx, _ *request, c reward.Claim) (bool, error) {
	return reward.Send(ctx, tx, c)
}

func (s *Server) showClaim(w http.ResponseWriter, r *request) error {
	return s.claimPage(w, r, http.StatusOK, views.ClaimForm{})
}

func (s *Server) claimPage(w http.ResponseWriter, r *request, status int, f views.ClaimForm) error {
	ctx := r.Context()
	v := views.ClaimPage{Form: f, Zone: s.zone()}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		v.Claim, err = reward.ClaimByID(ctx, tx, r.PathValue("claim"))
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

// declineClaim says that somebody does not get what they asked for, and why.
func (s *Server) declineClaim(w http.ResponseWriter, r *request) error {
	ctx, claimID := r.Context(), r.PathValue("claim")
	var f views.ClaimForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = reward.CheckReason(f.Reason); !f.Problems.OK() {
		return s.claimPage(w, r, http.StatusUnprocessableEntity, f)
	}
	declined := false
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		c, err := reward.ClaimByID(ctx, tx, claimID)
		if err != nil {
			return err
		}
		if declined, err = reward.Decline(ctx, tx, c.ID, r.who.ID, f.Reason); err != nil || !declined {
			return err
		}
		return s.noteReward(r, tx, audit.RewardDeclined, c.AccountID, c.Reward, 0)
	})
	if err != nil {
		return err
	}
	if !declined {
		return s.goTo(w, r, views.ClaimPath(claimID)) // which says what became of it meanwhile
	}
	return s.goWith(w, r, views.RewardsPath, "claim.now_declined")
}
