package web

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/views"
)

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
