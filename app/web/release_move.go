package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) releaseMoveRoutes() (all []Route) {
	for _, m := range drop.AllMoves {
		pattern := "/drops/{drop}/release/" + string(m)
		ask := func(w http.ResponseWriter, r *request) error { return s.askMove(w, r, m) }
		move := func(w http.ResponseWriter, r *request) error { return s.moveRelease(w, r, m) }
		all = append(all,
			Route{Method: "GET", Pattern: pattern, Answers: staff, Page: true, handle: ask},
			Route{Method: "POST", Pattern: pattern, Answers: staff, handle: move})
	}
	return all
}

// moveForm is what a person chose: by how many hours everything comes later.
type moveForm struct {
	By string `form:"by"`
}

// askMove says what a move of a release means and for whom, before it is done.
func (s *Server) askMove(w http.ResponseWriter, r *request, m drop.Move) error {
	return s.formMove(w, r, http.StatusOK, views.ReleaseMove{Move: m, By: strconv.Itoa(int(drop.Delays[1].Hours()))})
}

func (s *Server) formMove(w http.ResponseWriter, r *request, status int, v views.ReleaseMove) (err error) {
	ctx, now := r.Context(), s.clock.Now()
	if v.Drop, err = s.dropByPath(r); err != nil {
		return err
	}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		have, err := drop.ReleaseOf(ctx, tx, v.Drop.ID)
		if err != nil {
			return err
		}
		v.Can = have.Can(v.Move, now)
		squads, err := squad.All(ctx, tx)
		if err != nil {
			return err
		}
		for _, q := range squads {
			i := slices.IndexFunc(have.Steps, func(step drop.Step) bool { return step.SquadID == q.ID })
			if i < 0 {
				continue
			}
			one := drop.Release{Steps: have.Steps[i : i+1], PublicAt: have.PublicAt}
			if one.Can(v.Move, now) && (v.Move != drop.MoveStop || !one.Steps[0].OpensAt.After(now)) {
				v.Squads = append(v.Squads, q)
			}
		}
		v.Picture = views.ReleaseTimeline(ctx, have, namesOf(squads), now)
		if v.Move != drop.MoveStop {
			return nil
		}
		links, err := share.OfDrop(ctx, tx, v.Drop.ID)
		if err != nil {
			return err
		}
		v.Links = len(links)
		board, err := s.boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{DropID: v.Drop.ID}, Rows: 1})
		v.People = board.Sums.People
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.MoveRelease(p, v))
}

// moveRelease does it: with what stands by then, whatever stood when it was asked.
func (s *Server) moveRelease(w http.ResponseWriter, r *request, move drop.Move) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f moveForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	var problems check.Problems
	var by time.Duration
	if move == drop.MoveLater {
		hours, err := strconv.Atoi(f.By)
		if by = time.Duration(hours) * time.Hour; err != nil || !slices.Contains(drop.Delays, by) {
			problems.Add("by", "check.choice")
			return s.formMove(w, r, http.StatusUnprocessableEntity, views.ReleaseMove{Move: move, By: f.By, Problems: problems})
		}
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		have, err := drop.ReleaseOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if !have.Can(move, tx.Now()) {
			return nil // somebody was quicker, or its time has come meanwhile
		}
		return putRelease(ctx, tx, d.ID, have.Moved(move, by, tx.Now()))
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.DropPath(d.ID), "release.done_"+string(move))
}
