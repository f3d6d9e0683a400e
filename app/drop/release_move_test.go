package drop_test

import (
	"math/rand/v2"
	"slices"
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
			for _, step := range []string{"a", "b", drop.Everyone, "z"} {
				oneMoved(t, r, step, m, now)
			}
			if same == r.Can(m, now) {
				t.Fatalf("%s is offered: %v, and changes something: %v, of %+v", m, r.Can(m, now), !same, r)
			}
		}
	}
}

// oneMoved fails the test unless a move of one step changes that step and no other, and only where it is offered. When
// the day for everyone is now, the others come with it.
func oneMoved(t *testing.T, r drop.Release, step string, m drop.Move, now time.Time) {
	t.Helper()
	to := r.MovedOne(step, m, time.Hour, now)
	was, is := map[string]drop.Step{}, map[string]drop.Step{}
	for _, s := range r.Steps {
		was[s.SquadID] = s
	}
	for _, s := range to.Steps {
		is[s.SquadID] = s
	}
	changed := was[step] != is[step] || step == drop.Everyone && !r.PublicAt.Equal(to.PublicAt)
	if changed != r.CanOne(step, m, now) {
		t.Fatalf("%s of %s is offered: %v, and changes something: %v, of %+v", m, step, r.CanOne(step, m, now), changed, r)
	}
	if step != drop.Everyone && !r.PublicAt.Equal(to.PublicAt) {
		t.Fatalf("%s of %s moves the day for everyone of %+v", m, step, r)
	}
	for id, s := range was {
		if id != step && is[id] != s && (step != drop.Everyone || m != drop.MoveNow) {
			t.Fatalf("%s of %s makes %+v of %+v", m, step, is[id], s)
		}
	}
	if problems := to.Check(); !problems.OK() && (m != drop.MoveLater || step == drop.Everyone) {
		t.Fatalf("%s of %s makes %+v of %+v: %v", m, step, to, r, problems)
	}
}

// Whom a release takes a drop from is whoever could read it under the one and cannot under the other.
func TestWhoLosesADropReadItBeforeAndDoesNotAfterwards(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same each time
	now := datatest.Noon
	some := func() (r drop.Release) {
		for _, id := range []string{"a", "b", "c"} {
			if random.IntN(3) > 0 {
				at := now.Add(time.Duration(random.IntN(5)-2) * time.Hour)
				r.Steps = append(r.Steps, drop.Step{SquadID: id, OpensAt: at, ShareableAt: at})
			}
		}
		if random.IntN(3) == 0 {
			r.PublicAt = now.Add(time.Duration(random.IntN(5)-2) * time.Hour)
		}
		return r
	}
	reads := func(r drop.Release, squad string) bool {
		for _, s := range r.Steps {
			if s.SquadID == squad && !s.OpensAt.After(now) {
				return true
			}
		}
		return !r.PublicAt.IsZero() && !r.PublicAt.After(now)
	}
	for range 3000 {
		from, to := some(), some()
		squads, everyone := from.Loses(to, now)
		if want := reads(from, "nobody") && !reads(to, "nobody"); everyone != want {
			t.Fatalf("from %+v to %+v everyone loses it: %v", from, to, everyone)
		}
		for _, id := range []string{"a", "b", "c"} {
			lost := everyone || slices.Contains(squads, id)
			if want := reads(from, id) && !reads(to, id); want && !lost || !want && slices.Contains(squads, id) {
				t.Fatalf("from %+v to %+v %s loses it: %v", from, to, id, lost)
			}
		}
	}
}
