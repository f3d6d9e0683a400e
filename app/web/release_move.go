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

// moveForm is what a person chose: of which step, and by how many hours it comes later.
type moveForm struct {
	Step string `form:"step"`
	By   string `form:"by"`
}

// askMove says what a move of a release means and for whom, before it is done.
func (s *Server) askMove(w http.ResponseWriter, r *request, m drop.Move) error {
	by := drop.Delays[1]
	if hours, err := strconv.Atoi(r.URL.Query().Get("by")); err == nil && slices.Contains(drop.Delays, time.Duration(hours)*time.Hour) {
		by = time.Duration(hours) * time.Hour
	}
	return s.formMove(w, r, http.StatusOK, views.ReleaseMove{Move: m, Step: r.URL.Query().Get("step"), By: strconv.Itoa(int(by.Hours()))})
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
		squads, err := squad.All(ctx, tx)
		if err != nil {
			return err
		}
		v.Picture = views.ReleaseTimeline(ctx, have, namesOf(squads), now)
		v.Public = !have.PublicAt.IsZero() && !have.PublicAt.After(now)
		v.Name = namesOf(squads)[v.Step]
		v.Can = canMove(have, v.Step, v.Move, now)
		for _, q := range squads {
			if movesFor(have, v, q.ID, now) {
				v.Squads = append(v.Squads, q)
			}
		}
		if v.Move != drop.MoveStop || v.Step != "" {
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

// canMove says whether a move changes anything: of one step, or of all where none is named.
func canMove(have drop.Release, step string, m drop.Move, now time.Time) bool {
	if step == "" {
		return have.Can(m, now)
	}
	return have.CanOne(step, m, now)
}

// moved is the release after that move.
func moved(have drop.Release, step string, m drop.Move, by time.Duration, now time.Time) drop.Release {
	if step == "" {
		return have.Moved(m, by, now)
	}
	return have.MovedOne(step, m, by, now)
}

// movesFor says whether a move is about a squad: it changes when the squad gets the drop, or takes from it what it reads.
func movesFor(have drop.Release, v views.ReleaseMove, squadID string, now time.Time) bool {
	if v.Step != "" && v.Step != squadID {
		return false
	}
	if v.Move != drop.MoveStop {
		return have.CanOne(squadID, v.Move, now)
	}
	return slices.ContainsFunc(have.Steps, func(step drop.Step) bool { return step.SquadID == squadID && !step.OpensAt.After(now) })
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
		}
	}
	done := false
	if problems.OK() {
		err = s.db.Update(ctx, func(tx *data.Tx) error {
			problems, done = nil, false
			if err := drop.LockRelease(ctx, tx, d.ID); err != nil {
				return err
			}
			have, err := drop.ReleaseOf(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			if !canMove(have, f.Step, move, tx.Now()) {
				return nil // somebody was quicker, or its time has come meanwhile
			}
			to := moved(have, f.Step, move, by, tx.Now())
			if !to.Check().OK() {
				problems.Add("by", "release.after_public")
				return nil
			}
			done = true
			return putRelease(ctx, tx, d, to, r.who.ID)
		})
		if err != nil {
			return err
		}
	}
	if !problems.OK() {
		return s.formMove(w, r, http.StatusUnprocessableEntity, views.ReleaseMove{Move: move, Step: f.Step, By: f.By, Problems: problems})
	}
	path, says := views.DropPath(d.ID), "release.done_"+string(move)
	if f.Step != "" {
		path, says = views.ReleasePath(d.ID), "release.step_done"
	}
	if !done {
		says = "release.not_moved"
	}
	return s.goWith(w, r, path, says)
}
