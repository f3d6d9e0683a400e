package spread

import (
	"slices"
	"time"

	"ricochet.example/app/share"
)

func (t *Tree) counted(v int32) bool { return t.state[v]&countedBit != 0 }

// above is the nearest counted open above, or 0.
func (t *Tree) above(v int32) int32 {
	for v = t.parent[v]; v != 0 && !t.counted(v); v = t.parent[v] {
	}
	return v
}

// count moves everything that one more counted open moves.
func (t *Tree) count(v int32) {
	t.bump(v, func(s *Sums) { s.Held--; s.People++ })
	t.state[v] |= countedBit
	t.size[v]++
	t.weigh(v, 1)
	t.enliven(v)
	for a := t.parent[v]; a != 0; a = t.parent[a] {
		if t.counted(a) {
			t.weigh(a, -1)
		}
		if t.size[a]++; t.size[a] == 1 {
			t.enliven(a)
		}
		if t.counted(a) {
			t.weigh(a, 1)
		}
	}
	t.settle(v, 1)
}

// uncount is count, backwards.
func (t *Tree) uncount(v int32) {
	t.settle(v, -1)
	t.weigh(v, -1)
	t.state[v] &^= countedBit
	if t.size[v]--; t.size[v] == 0 {
		t.deaden(v)
	}
	for a := t.parent[v]; a != 0; a = t.parent[a] {
		if t.counted(a) {
			t.weigh(a, -1)
		}
		if t.size[a]--; t.size[a] == 0 {
			t.deaden(a)
		}
		if t.counted(a) {
			t.weigh(a, 1)
		}
	}
	t.bump(v, func(s *Sums) { s.Held++; s.People-- })
}

// weigh adds, or takes away, what the size of a counted open's subtree is worth.
func (t *Tree) weigh(v int32, sign int64) {
	size := int64(t.size[v])
	t.sums.Hops += sign * size
	t.sums.Sizes += sign * size * size
}

// settle gives, or takes back, the points and marks of a counted open: its
// own, those that others earn for it, and those for which it stands before or
// behind others. At most most−1 opens above it are concerned, since each one
// further up has all those in between before it as well.
func (t *Tree) settle(v int32, sign int64) {
	before := t.sums.Points
	t.award(v, sign)
	last := int(v) == len(t.ids)-1
	a := t.above(v)
	if a == 0 {
		t.bump(v, func(s *Sums) { s.FirstHop += sign })
	}
	for nearest := true; a != 0; a, nearest = t.above(a), false {
		below := int(t.size[a]) - 1
		var first []int32
		nth := below - 1 // of the largest id
		if !last {
			first = t.first(a, max(t.most, 2))
			if nth = slices.Index(first, v); nth < 0 {
				break
			}
		}
		if nearest && nth == 0 {
			t.bump(v, func(s *Sums) { s.Sharers += sign })
			if len(first) > 1 {
				t.bump(first[1], func(s *Sums) { s.Sharers -= sign })
			}
		}
		if nth >= t.most-1 {
			break
		}
		t.award(v, sign)
		if len(first) >= t.most {
			t.award(first[t.most-1], -sign)
		}
	}
	if t.size[v] > 1 {
		t.settleBelow(v, sign)
	}
	if gained := t.sums.Points - before; gained != 0 {
		b := &t.branches[t.branch[v]]
		t.sums.Branches += 2*b.points*gained + gained*gained
		b.points += gained
	}
}

// settleBelow is the part of settle that is about the opens below v.
func (t *Tree) settleBelow(v int32, sign int64) {
	first := t.first(v, max(t.most-1, 1))
	t.bump(first[0], func(s *Sums) { s.Sharers += sign })
	for _, w := range first[:min(len(first), t.most-1)] {
		t.award(w, sign)
	}
	if t.above(v) != 0 {
		return
	}
	for w := range t.next(v) { // were, or will be, at the first hop
		t.bump(w, func(s *Sums) { s.FirstHop -= sign })
	}
}

// award moves one point to or from an open.
func (t *Tree) award(v int32, sign int64) {
	i := slices.IndexFunc(t.moved, func(m Moved) bool { return m.ID == t.ids[v] })
	if i < 0 {
		i = len(t.moved)
		t.moved = append(t.moved, Moved{ID: t.ids[v], From: int64(t.points[v])})
	}
	t.points[v] += uint8(sign) //nolint:gosec // −1 wraps round to what it should
	t.moved[i].To = int64(t.points[v])
	t.bump(v, func(s *Sums) { s.Points += sign })
}

// bump changes the sums of an open's day, and those of all days.
func (t *Tree) bump(v int32, change func(*Sums)) {
	change(&t.sums.Sums)
	change(t.day(v))
}

// day returns the sums of an open's day.
func (t *Tree) day(v int32) *Sums {
	day := share.Day(time.UnixMilli(t.at[v]))
	if n := len(t.days); n > 0 && t.days[n-1].day == day {
		return &t.days[n-1].Sums
	}
	i, ok := slices.BinarySearchFunc(t.days, day, func(d daySums, day int64) int { return int(d.day - day) })
	if !ok {
		t.days = slices.Insert(t.days, i, daySums{day: day})
	}
	return &t.days[i].Sums
}

// enliven notes with v's parent that somebody is counted in v's subtree.
func (t *Tree) enliven(v int32) {
	if p := t.parent[v]; p != 0 {
		t.families[t.family[p]].live[t.nth[v]/64] |= 1 << (t.nth[v] % 64)
	}
}

func (t *Tree) deaden(v int32) {
	if p := t.parent[v]; p != 0 {
		t.families[t.family[p]].live[t.nth[v]/64] &^= 1 << (t.nth[v] % 64)
	}
}
