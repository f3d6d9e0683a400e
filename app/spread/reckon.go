package spread

import (
	"time"

	"ricochet.example/app/share"
)

// Leaf is an open as the log has it, with the last word on whether it counts.
type Leaf struct {
	ID       int64
	Parent   int64 // 0: the link
	Branch   int64 // the first-hop open above it, or itself
	OpenedAt time.Time
	State    share.State
	Counted  bool
	Channel  int64
	Observed int64
	Device   int64
}

// Sums are what the opens of one day, or of all days, brought a link.
type Sums struct {
	People   int64 // counted opens
	Points   int64
	Sharers  int64 // opens that had their first counted child
	FirstHop int64 // counted opens with nobody counted above them
	Held     int64 // opens that are shown and not counted
}

// Add adds other sums.
func (s *Sums) Add(o Sums) {
	s.People += o.People
	s.Points += o.Points
	s.Sharers += o.Sharers
	s.FirstHop += o.FirstHop
	s.Held += o.Held
}

// Take takes other sums away, which are a part of these.
func (s *Sums) Take(o Sums) {
	s.People -= o.People
	s.Points -= o.Points
	s.Sharers -= o.Sharers
	s.FirstHop -= o.FirstHop
	s.Held -= o.Held
}

// Totals are the sums of all days, and what is no sum of days.
type Totals struct {
	Sums
	Farthest int64 // hops
	Further  Hops
	Squares  int64     // sum over branches of their points squared: the variance of the points
	FirstAt  time.Time // of the first counted open in the order of ids, which is that of time up to what servers' clocks differ
	LastAt   time.Time // of the last
}

// Hops are people by their distance: from the second hop on, those at the
// eighth together with all beyond. At the first there are the Sums' FirstHop.
type Hops [7]int64

// Add adds others.
func (h *Hops) Add(o Hops) {
	for i, n := range o {
		h[i] += n
	}
}

// Sharer is an open below which there are others.
type Sharer struct {
	ID     int64
	Parent int64
	State  share.State
	Hop    int64 // counted opens from the link down to this one
	Below  int64 // counted people below it, up to keep(most)
	Points int64 // of a first-hop open: of its whole branch

	kids    idRow // see adopt
	counted bool
}

// Reckoning is everything the fold keeps of one tree.
type Reckoning struct {
	Totals  Totals
	Days    map[int64]Sums
	Sharers map[int64]*Sharer
	Points  []int64 // of each leaf, in their order
	Hops    []int64 // of each leaf
}

// keep is how many people below an open are counted out: as many as can earn
// it points, and one in any case, since that makes it a sharer.
func keep(most int64) int64 { return max(most-1, 1) }

// Reckon makes the numbers of one tree from its opens in the order of their
// ids, of which each earns a point for itself, and one for each counted open
// above it that has fewer than most−1 counted below it by then (DESIGN.md §6).
func Reckon(leaves []Leaf, most int64) Reckoning {
	r := Reckoning{Days: map[int64]Sums{}, Sharers: map[int64]*Sharer{}, Points: make([]int64, len(leaves)), Hops: make([]int64, len(leaves))}
	at := make(map[int64]int, len(leaves))
	branches := map[int64]int64{}
	above := func(i int) (int, bool) {
		p, ok := at[leaves[i].Parent]
		return p, ok
	}
	for i := range leaves {
		l := &leaves[i]
		at[l.ID] = i
		if p, ok := above(i); ok {
			r.Hops[i] = r.Hops[p]
			if r.Sharers[l.Parent] == nil {
				r.Sharers[l.Parent] = &Sharer{ID: l.Parent, Parent: leaves[p].Parent, State: leaves[p].State, Hop: r.Hops[p], counted: leaves[p].Counted}
			}
		}
		day := r.Days[share.Day(l.OpenedAt)]
		if !l.Counted {
			day.Held++
			r.Totals.Held++
			r.Days[share.Day(l.OpenedAt)] = day
			continue
		}
		r.Hops[i]++
		points, sharers := r.earn(leaves, at, i, most)
		r.Points[i] = points
		one := Sums{People: 1, Points: points, Sharers: sharers}
		if r.Hops[i] == 1 {
			one.FirstHop = 1
		}
		day.Add(one)
		r.Days[share.Day(l.OpenedAt)] = day
		r.Totals.Add(one)
		r.Totals.extend(r.Hops[i], l.OpenedAt)
		r.Totals.grow(branches[l.Branch], points)
		branches[l.Branch] += points
	}
	for id, points := range branches {
		if s := r.Sharers[id]; s != nil && s.Parent == 0 {
			s.Points = points
		}
	}
	return r
}

// earn counts one more person for the opens above leaf i.
func (r *Reckoning) earn(leaves []Leaf, at map[int64]int, i int, most int64) (points, sharers int64) {
	points = 1
	for up := leaves[i].Parent; up != 0; up = leaves[at[up]].Parent {
		s := r.Sharers[up]
		if s.Below >= keep(most) {
			break // whoever stands above has as many below them
		}
		s.Below++
		if !s.counted {
			continue
		}
		if s.Below == 1 {
			sharers++
		}
		if s.Below < most {
			points++
		}
	}
	return points, sharers
}

// extend takes in a counted open; they come in the order of their ids.
func (t *Totals) extend(hop int64, at time.Time) {
	t.Farthest = max(t.Farthest, hop)
	if hop > 1 {
		t.Further[min(hop-2, int64(len(t.Further))-1)]++
	}
	if t.FirstAt.IsZero() {
		t.FirstAt = at
	}
	t.LastAt = at
}

// grow adds points to a branch that has some already.
func (t *Totals) grow(branch, points int64) { t.Squares += 2*branch*points + points*points }
