package web

import (
	"net/http"

	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/views"
)

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
