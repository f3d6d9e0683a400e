package spread

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"ricochet.example/app/share"
)

// What a tree refuses.
var (
	ErrNoOpen   = errors.New("no such open in this tree")
	ErrNoParent = errors.New("the open above it is not in this tree")
	ErrOrder    = errors.New("opens come in the order of their ids")
)

// Tree is the live structure of one link's opens: opens come in the order of
// their ids, are counted and un-counted in any order, and every sum follows by
// touching only what changes. An open that is not counted is see-through: what
// hangs below it hangs on the nearest counted open above (DESIGN.md §6).
//
// Points are a pure function of the set of counted opens: each earns one for
// itself and one for each counted open above it of which it is among the first
// most−1 counted ones below, in the order of ids. So the same set has the same
// numbers, whatever came first.
type Tree struct {
	most int

	// Of each open, by its place in the order of ids; 0 is the link.
	ids    []int64
	at     []int64 // milliseconds since 1970
	parent []int32
	size   []int32 // counted opens in its subtree, itself included
	branch []int32 // which branch it is in, in branches
	family []int32 // its children, in families; 0 has none
	nth    []int32 // which child of its parent it is
	points []uint8
	state  []uint8 // share.State, and countedBit

	families []family
	branches []branch
	days     []daySums
	sums     TreeSums

	moved []Moved
	heap  []int32
	found []int32
}

// family is the children of one open.
type family struct {
	kids []int32
	live []uint64 // one bit a child: is anybody counted in its subtree?
}

// branch is a first-hop open and everything below it.
type branch struct {
	head   int32
	points int64
}

type daySums struct {
	day int64
	Sums
}

// countedBit stands beside the state, since in a rehearsal opens of every
// state count.
const countedBit = 0x80

// TreeSums are the measures that a live tree keeps. Every one of them can be
// taken back.
type TreeSums struct {
	Sums
	Hops     int64 // Σ of the hops of counted opens; equally Σ of their subtree sizes (A)
	Sizes    int64 // Σ of their subtree sizes squared (B)
	Branches int64 // Σ over first-hop branches of their points squared (Q)
}

// Moved is an open whose points were changed by counting or un-counting one.
type Moved struct {
	ID       int64
	From, To int64
}

// NewTree returns an empty tree in which one person is worth at most most
// points, 1 to 10.
func NewTree(most int64) *Tree {
	return &Tree{
		most: int(min(max(most, 1), 10)),
		ids:  make([]int64, 1), at: make([]int64, 1), parent: make([]int32, 1), size: make([]int32, 1), branch: make([]int32, 1),
		family: make([]int32, 1), nth: make([]int32, 1), points: make([]uint8, 1), state: make([]uint8, 1),
		families: make([]family, 1),
	}
}

// Grow makes the tree of all these opens at once, in one pass however deep it is.
func Grow(leaves []Leaf, most int64) (*Tree, error) {
	t := NewTree(most)
	t.reserve(len(leaves))
	above, below := make([]int32, 1, len(leaves)+1), make([]uint8, len(leaves)+1)
	for i := range leaves {
		l := &leaves[i]
		v, err := t.add(l)
		if err != nil {
			return nil, err
		}
		p := t.parent[v]
		if p != 0 && !t.counted(p) {
			p = above[p]
		}
		above = append(above, p)
		if !l.Counted {
			t.day(v).Held++
			continue
		}
		t.state[v] |= countedBit
		t.begin(v, p, above, below)
	}
	for v := int32(len(t.ids) - 1); v > 0; v-- { //nolint:gosec // see add
		if t.counted(v) {
			t.size[v]++
			t.weigh(v, 1)
		}
		if t.size[v] > 0 && t.parent[v] != 0 {
			t.size[t.parent[v]] += t.size[v]
			t.enliven(v)
		}
	}
	for _, b := range t.branches {
		t.sums.Branches += b.points * b.points
	}
	for _, d := range t.days {
		t.sums.Add(d.Sums)
	}
	return t, nil
}

// begin gives a counted open of a tree that grows its points. Nobody with a
// larger id is there yet, so how many are below each open above is enough.
func (t *Tree) begin(v, p int32, above []int32, below []uint8) {
	day := t.day(v)
	day.People++
	if p == 0 {
		day.FirstHop++
	}
	t.points[v] = 1
	for ; p != 0; p = above[p] {
		if below[p] == 0 {
			day.Sharers++
		}
		if int(below[p]) >= max(t.most-1, 1) {
			break // whoever stands above has more below them still
		}
		below[p]++
		if int(below[p]) < t.most {
			t.points[v]++
		}
	}
	day.Points += int64(t.points[v])
	t.branches[t.branch[v]].points += int64(t.points[v])
}

func (t *Tree) reserve(n int) {
	t.ids, t.at, t.parent = slices.Grow(t.ids, n), slices.Grow(t.at, n), slices.Grow(t.parent, n)
	t.size, t.branch, t.family = slices.Grow(t.size, n), slices.Grow(t.branch, n), slices.Grow(t.family, n)
	t.nth, t.points, t.state = slices.Grow(t.nth, n), slices.Grow(t.points, n), slices.Grow(t.state, n)
}

// Insert appends an open, counted or see-through, and returns the opens whose
// points changed; the next change makes that list invalid.
func (t *Tree) Insert(l Leaf) ([]Moved, error) {
	v, err := t.add(&l)
	if err != nil {
		return nil, err
	}
	t.moved = t.moved[:0]
	t.bump(v, func(s *Sums) { s.Held++ })
	if l.Counted {
		t.count(v)
	}
	return t.moved, nil
}

// Count makes an open count, and returns the opens whose points changed.
func (t *Tree) Count(id int64) ([]Moved, error) {
	v := t.find(id)
	if v == 0 {
		return nil, fmt.Errorf("counting open %d: %w", id, ErrNoOpen)
	}
	t.moved = t.moved[:0]
	t.state[v] &= countedBit // which keeps only that bit: its state is share.Counted
	if !t.counted(v) {
		t.count(v)
	}
	return t.moved, nil
}

// Uncount makes an open see-through and notes why, and returns the opens whose
// points changed.
func (t *Tree) Uncount(id int64, why share.State) ([]Moved, error) {
	v := t.find(id)
	if v == 0 {
		return nil, fmt.Errorf("un-counting open %d: %w", id, ErrNoOpen)
	}
	t.moved = t.moved[:0]
	if t.counted(v) {
		t.uncount(v)
	}
	t.state[v] = stateBits(why)
	return t.moved, nil
}

// Len is how many opens there are, counted or not.
func (t *Tree) Len() int { return len(t.ids) - 1 }

// Sums returns the measures of the tree as it is now.
func (t *Tree) Sums() TreeSums { return t.sums }

// Days returns the sums of every UTC day on which there was something, by days
// since 1970.
func (t *Tree) Days() map[int64]Sums {
	days := make(map[int64]Sums, len(t.days))
	for _, d := range t.days {
		if d.Sums != (Sums{}) {
			days[d.day] = d.Sums
		}
	}
	return days
}

// Points returns what an open earned, 0 if it does not count, and whether
// there is such an open.
func (t *Tree) Points(id int64) (points int64, ok bool) {
	v := t.find(id)
	return int64(t.points[v]), v != 0
}

// PointsAt is the score as it stood at an instant: of the opens that are
// counted now and were there then.
func (t *Tree) PointsAt(then time.Time) (points int64) {
	size, limit := make([]int32, len(t.ids)), then.UnixMilli()
	for v := len(t.ids) - 1; v > 0; v-- {
		if t.state[v]&countedBit != 0 && t.at[v] <= limit {
			size[v]++
			points += min(int64(size[v]), int64(t.most))
		}
		size[t.parent[v]] += size[v]
	}
	return points
}

// add appends an open that does not count yet.
func (t *Tree) add(l *Leaf) (int32, error) {
	if l.ID <= t.ids[len(t.ids)-1] {
		return 0, fmt.Errorf("adding open %d: %w", l.ID, ErrOrder)
	}
	var p int32
	if l.Parent != 0 {
		if p = t.find(l.Parent); p == 0 {
			return 0, fmt.Errorf("adding open %d: %w", l.ID, ErrNoParent)
		}
	}
	v := int32(len(t.ids)) //nolint:gosec // a tree has fewer than 2^31 opens
	var in, nth int32
	if p != 0 { // nobody searches below the link, so it needs no family
		in, nth = t.branch[p], t.adopt(p, v)
	} else {
		in = int32(len(t.branches)) //nolint:gosec // see above
		t.branches = append(t.branches, branch{head: v})
	}
	t.ids, t.at, t.parent = append(t.ids, l.ID), append(t.at, l.OpenedAt.UnixMilli()), append(t.parent, p)
	t.size, t.branch, t.family = append(t.size, 0), append(t.branch, in), append(t.family, 0)
	t.nth, t.points, t.state = append(t.nth, nth), append(t.points, 0), append(t.state, stateBits(l.State))
	return v, nil
}

func stateBits(s share.State) uint8 { return uint8(s) & (countedBit - 1) } //nolint:gosec // states are few

// adopt makes v the last child of p.
func (t *Tree) adopt(p, v int32) int32 {
	if t.family[p] == 0 {
		t.family[p] = int32(len(t.families)) //nolint:gosec // see add
		t.families = append(t.families, family{})
	}
	f := &t.families[t.family[p]]
	f.kids = append(f.kids, v)
	if len(f.live)*64 < len(f.kids) {
		f.live = append(f.live, 0)
	}
	return int32(len(f.kids) - 1) //nolint:gosec // see add
}

// find returns the place of an open, or 0.
func (t *Tree) find(id int64) int32 {
	if v, ok := slices.BinarySearch(t.ids, id); ok {
		return int32(v) //nolint:gosec // see add
	}
	return 0
}
