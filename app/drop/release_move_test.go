package drop_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/data/datatest"
)

// Of a release that can be set, every move makes another that can be set; what has come stays; and a move that
// is offered changes something.
func TestEveryMoveLeavesAReleaseThatHolds(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same each time
	now := datatest.Noon
	for range 5000 {
		var r drop.Release
		last := now
		for i := range random.IntN(4) {
			opens := now.Add(time.Duration(random.IntN(9)-4) * time.Hour)
			s := drop.Step{SquadID: string(rune('a' + i)), OpensAt: opens, ShareableAt: opens.Add(time.Duration(random.IntN(5)) * time.Hour)}
			r.Steps = append(r.Steps, s)
			if s.ShareableAt.After(last) || i == 0 {
				last = s.ShareableAt
			}
		}
		if random.IntN(2) == 0 {
			r.PublicAt = last.Add(time.Duration(random.IntN(3)) * time.Hour)
		}
		if problems := r.Check(); !problems.OK() {
			t.Fatalf("%+v cannot be set: %v", r, problems)
		}
		for _, m := range drop.AllMoves {
			to := r.Moved(m, time.Hour, now)
			if problems := to.Check(); !problems.OK() {
				t.Fatalf("%s makes %+v of %+v: %v", m, to, r, problems)
			}
			same := to.PublicAt.Equal(r.PublicAt) && len(to.Steps) == len(r.Steps)
			for i := range to.Steps {
				was, is := r.Steps[i], to.Steps[i]
				same = same && was == is
				if !was.OpensAt.After(now) && is.OpensAt != was.OpensAt || !was.ShareableAt.After(now) && is.ShareableAt != was.ShareableAt {
					t.Fatalf("%s moves what has come: %+v to %+v", m, was, is)
				}
				if m == drop.MoveNow && (is.OpensAt.After(now) || is.ShareableAt.After(now)) && r.Can(m, now) {
					t.Fatalf("%s leaves %+v", m, is)
				}
			}
			if same == r.Can(m, now) {
				t.Fatalf("%s is offered: %v, and changes something: %v, of %+v", m, r.Can(m, now), !same, r)
			}
		}
	}
}
