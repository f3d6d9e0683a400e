package web

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"ricochet.example/app/audit"
	"ricochet.example/app/check"
	"ricochet.example/app/id"
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

func (s *Server) showLevels(w http.ResponseWriter, r *request) error {
	var ladder reward.Ladder
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		ladder, err = reward.Levels(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.levelsPage(w, r, http.StatusOK, views.LevelsAs(ladder))
}

func (s *Server) levelsPage(w http.ResponseWriter, r *request, status int, f views.LevelsForm) error {
	p, err := s.framed(w, r, views.RewardsPath)
	if err != nil {
		return err
	}
	return s.show(w, r, status, f.View(p))
}

func (s *Server) setLevels(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.LevelsForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	f = f.Tidy()
	ladder, problems := f.Ladder()
	if f.Problems = problems; f.Problems.OK() {
		var needed string
		err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
			if needed, err = reward.SetLevels(ctx, tx, ladder); err != nil || needed != "" {
				return err
			}
			return s.noteReward(r, tx, audit.LevelsChanged, "", "", len(ladder))
		})
		switch {
		case err != nil:
			return err
		case needed == "":
			return s.goWith(w, r, views.RewardsPath, "form.saved")
		}
		f.Problems.Add("levels.0.name", "level.needed", "reward", needed)
	}
	return s.levelsPage(w, r, http.StatusUnprocessableEntity, f)
}

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

// addCodes puts codes to a reward that were pasted or uploaded.
func (s *Server) addCodes(w http.ResponseWriter, r *request) error {
	ctx, rewardID := r.Context(), r.PathValue("reward")
	f, text, err := s.fillCodes(w, r)
	if err != nil {
		return err
	}
	codes, problems := reward.ReadCodes(text)
	if f.Problems = problems; !f.Problems.OK() {
		return s.rewardPage(w, r, http.StatusUnprocessableEntity, nil, f)
	}
	added := 0
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		one, err := reward.ByID(ctx, tx, rewardID)
		if err != nil {
			return err
		}
		if added, err = reward.AddCodes(ctx, tx, rewardID, codes); err != nil {
			return err
		}
		return s.noteReward(r, tx, audit.CodesAdded, "", one.Name, added)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.RewardPath(rewardID), "reward.codes_added", "n", added)
}

// codesShown is how many of the codes that are there to be given are shown, so that one sees whether they were read well.
const codesShown = 10

// takeBackCodes takes codes from a reward that nobody was given: those that are named, or all.
func (s *Server) takeBackCodes(w http.ResponseWriter, r *request) error {
	ctx, rewardID := r.Context(), r.PathValue("reward")
	var f views.CodesForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	var codes []string
	if f.All == "" {
		for code := range strings.Lines(f.Codes) {
			if code = strings.TrimSpace(code); code != "" {
				codes = append(codes, code)
			}
		}
		if len(codes) == 0 {
			v := views.CodesForm{}
			v.Problems.Add("back", "check.required")
			return s.rewardPage(w, r, http.StatusUnprocessableEntity, nil, v)
		}
	}
	taken := 0
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		one, err := reward.ByID(ctx, tx, rewardID)
		if err != nil {
			return err
		}
		if taken, err = reward.TakeBack(ctx, tx, rewardID, codes); err != nil || taken == 0 {
			return err
		}
		return s.noteReward(r, tx, audit.CodesTakenBack, "", one.Name, taken)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.RewardPath(rewardID), "reward.codes_back_done", "n", taken)
}

// fillCodes reads the form of codes; where there is a file with something in it, it has them.
func (s *Server) fillCodes(w http.ResponseWriter, r *request) (f views.CodesForm, text string, err error) {
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return f, f.Codes, err
	}
	if err := r.ParseMultipartForm(dropFormSize); err != nil {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return f, "", errTooLarge
		}
		return f, "", errBadRequest
	}
	if err := forms.Decode(&f, r.PostForm); err != nil {
		return f, "", errBadRequest
	}
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return f, f.Codes, nil
	}
	if err != nil {
		return f, "", errBadRequest
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		return f, "", errBadRequest
	}
	if len(b) == 0 {
		return f, f.Codes, nil
	}
	return f, string(b), nil
}

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

// thankMember writes a line of thanks that a member finds on their home page.
func (s *Server) thankMember(w http.ResponseWriter, r *request) error {
	ctx, squadID, member := r.Context(), r.PathValue("squad"), r.PathValue("member")
	var f views.ThanksForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = reward.CheckThanks(f.Words); !f.Problems.OK() {
		return s.memberPage(w, r, http.StatusUnprocessableEntity, views.MemberForm{Links: views.LinksGoOn}, f)
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		return views.MemberPath(squadID, member), s.db.Update(ctx, func(tx *data.Tx) error {
			m, err := squad.MemberOf(ctx, tx, squadID, member)
			if err != nil {
				return err
			}
			if m.Staff || m.AccountID == r.who.ID { // nobody thanks themself, and staff have no such page
				return data.ErrNotFound
			}
			if _, err := audit.Write(ctx, tx, audit.Act{Kind: audit.MemberThanked, AccountID: r.who.ID, PersonID: m.AccountID, SquadID: squadID}); err != nil {
				return err
			}
			return reward.Thank(ctx, tx, m.AccountID, r.who.ID, f.Words)
		})
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "thanks.sent")
}
