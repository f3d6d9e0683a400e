package drop

import (
	"slices"
	"time"
)

// Move is something done with a release that stands already, other than planning it anew.
type Move string

// The moves of a release.
const (
	MoveNow   Move = "now"   // what is still to come for squads comes now
	MoveLater Move = "later" // everything that is still to come comes later
	MoveStop  Move = "stop"  // nobody but staff reads it, until it is planned anew
)

// AllMoves are the moves, in the order in which they are offered.
var AllMoves = []Move{MoveNow, MoveLater, MoveStop}

// Delays are how much later a release can be put by one move.
var Delays = []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// Comes says whether anything of the release is still to come.
func (r Release) Comes(now time.Time) bool {
	if r.public(now) {
		return false // everyone has it, whatever the steps say
	}
	for _, s := range r.Steps {
		if s.OpensAt.After(now) || s.ShareableAt.After(now) {
			return true
		}
	}
	return r.PublicAt.After(now)
}

// Runs says whether anybody was ever meant to get it.
func (r Release) Runs() bool { return len(r.Steps) > 0 || !r.PublicAt.IsZero() }

// Can says whether a move changes anything of the release.
func (r Release) Can(m Move, now time.Time) bool {
	switch m {
	case MoveNow:
		for _, s := range r.Steps {
			if !r.public(now) && (s.OpensAt.After(now) || s.ShareableAt.After(now)) {
				return true
			}
		}
		return false
	case MoveLater:
		return r.Comes(now)
	case MoveStop:
		return r.Runs()
	}
	return false
}

func (r Release) public(now time.Time) bool { return !r.PublicAt.IsZero() && !r.PublicAt.After(now) }

// Moved is the release after a move. What has come already stays as it was, unless all of it is stopped.
func (r Release) Moved(m Move, by time.Duration, now time.Time) Release {
	if m == MoveStop {
		return Release{}
	}
	if !r.Can(m, now) {
		return r
	}
	move := func(at time.Time) time.Time {
		switch {
		case at.IsZero() || !at.After(now):
			return at
		case m == MoveNow:
			return now
		}
		return at.Add(by)
	}
	to := Release{PublicAt: r.PublicAt, Steps: make([]Step, len(r.Steps))}
	if m == MoveLater {
		to.PublicAt = move(r.PublicAt)
	}
	for i, s := range r.Steps {
		to.Steps[i] = Step{SquadID: s.SquadID, OpensAt: move(s.OpensAt), ShareableAt: move(s.ShareableAt)}
	}
	return to
}

// Everyone stands for the day on which a drop is public, among the squads of its steps.
const Everyone = "public"

// step is where the step of a squad stands, -1 where it has none.
func (r Release) step(squadID string) int {
	return slices.IndexFunc(r.Steps, func(s Step) bool { return s.SquadID == squadID })
}

// CanOne says whether a move changes anything of one step, by its squad, or of the day for everyone.
func (r Release) CanOne(step string, m Move, now time.Time) bool {
	if step == Everyone {
		return !r.PublicAt.IsZero() && (m == MoveStop || r.PublicAt.After(now))
	}
	i := r.step(step)
	if i < 0 {
		return false
	}
	return m == MoveStop || !r.public(now) && (r.Steps[i].OpensAt.After(now) || r.Steps[i].ShareableAt.After(now))
}

// MovedOne is the release after a move of one step, by its squad, or of the day for everyone. Whatever comes after the day
// for everyone comes with it when that day is now. What it makes may not pass Check: a step that is put off may come after
// that day.
func (r Release) MovedOne(step string, m Move, by time.Duration, now time.Time) Release {
	if !r.CanOne(step, m, now) {
		return r
	}
	to := Release{PublicAt: r.PublicAt, Steps: slices.Clone(r.Steps)}
	if step != Everyone {
		i := to.step(step)
		if m == MoveStop {
			to.Steps = slices.Delete(to.Steps, i, i+1)
			return to
		}
		to.Steps[i] = Release{Steps: to.Steps[i : i+1]}.Moved(m, by, now).Steps[0]
		return to
	}
	switch m {
	case MoveStop:
		to.PublicAt = time.Time{}
	case MoveLater:
		to.PublicAt = to.PublicAt.Add(by)
	case MoveNow:
		to = to.Moved(MoveNow, 0, now)
		to.PublicAt = now
	}
	return to
}

// Loses returns whom another release takes a drop from that they read now: the squads, by their ids, and whether it
// was public.
func (r Release) Loses(to Release, now time.Time) (squads []string, everyone bool) {
	if to.public(now) {
		return nil, false
	}
	for _, s := range r.Steps {
		if s.OpensAt.After(now) {
			continue
		}
		if i := to.step(s.SquadID); i < 0 || to.Steps[i].OpensAt.After(now) {
			squads = append(squads, s.SquadID)
		}
	}
	return squads, r.public(now)
}
