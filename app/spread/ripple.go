package spread

import (
	"cmp"
	"math"
	"slices"

	"ricochet.example/app/share"
)

// Ripple is a ripple map: a tree laid out around its link, one ring a hop.
// Lengths are in a square of Size by Size with the link in the middle.
type Ripple struct {
	Size   float64
	Rings  []float64 // radius of each, from hop 1
	Spots  []Spot
	Hidden int // opens that are told as a number at the spot above them
}

// Spot is something that is drawn: an open, or a number of opens gathered.
type Spot struct {
	ID       int64 // of the open; 0 for gathered ones
	Hop      int   // ring, counted or not; the link's own is 0 and is no spot
	X, Y, R  float64
	FromX    float64 // where its line begins
	FromY    float64
	BendX    [2]float64 // where it bends
	BendY    [2]float64
	State    share.State
	Counted  bool
	Below    int // opens in its branch, itself not included
	Gathered int // how many opens it stands for; 0 for an open of its own
}

const (
	rippleSize = 1000.0
	middle     = rippleSize / 2
	innermost  = 46.0  // radius of the link's own place
	outermost  = 478.0 // of the farthest ring
	drawn      = 500   // opens at the most
	// A spot fills this much of the room that it has to itself, so that none touch.
	filled = 0.46
)

// Lay lays out a tree. The largest branches are drawn, which always hang
// together, since a branch is larger than any that hang on it; small ones are
// gathered into a spot that tells their number.
func Lay(leaves []Leaf) Ripple {
	l := layout{leaves: leaves, at: make(map[int64]int, len(leaves)), size: make([]int, len(leaves)), kids: map[int][]int{}}
	for i, leaf := range leaves {
		l.at[leaf.ID] = i
	}
	for i := len(leaves) - 1; i >= 0; i-- {
		l.size[i]++
		if p, ok := l.at[leaves[i].Parent]; ok {
			l.size[p] += l.size[i]
		}
	}
	l.choose()
	r := Ripple{Size: rippleSize, Hidden: l.hidden}
	depth := 0
	for _, s := range l.slots {
		depth = max(depth, s.hop)
	}
	for hop := 1; hop <= depth; hop++ {
		r.Rings = append(r.Rings, round(radius(hop, depth)))
	}
	l.depth = depth
	l.place(-1, 0, 2*math.Pi, &r)
	return r
}

// layout is a map in the making. The link is -1; slots below one are its
// children, each with the width of its own children, or 1.
type layout struct {
	leaves []Leaf
	at     map[int64]int
	size   []int
	kids   map[int][]int // slots, by the index of the open above
	slots  []slot
	hidden int
	depth  int
}

// slot is a place on a ring.
type slot struct {
	leaf     int // index; of the open above for a gathered one
	gathered int
	hop      int
	width    float64
}

// choose picks what is drawn and gathers the rest.
func (l *layout) choose() {
	order := make([]int, len(l.leaves))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(l.size[b], l.size[a]), cmp.Compare(a, b)) })
	show := make([]bool, len(l.leaves))
	for _, i := range order[:min(drawn, len(order))] {
		show[i] = true
	}
	hop := make([]int, len(l.leaves))
	rest := map[int]int{}
	for i, leaf := range l.leaves {
		p := -1
		if at, ok := l.at[leaf.Parent]; ok {
			p = at
			hop[i] = hop[p]
		}
		hop[i]++
		if show[i] {
			l.kids[p] = append(l.kids[p], len(l.slots))
			l.slots = append(l.slots, slot{leaf: i, hop: hop[i]})
			continue
		}
		l.hidden++
		for p >= 0 && !show[p] {
			if at, ok := l.at[l.leaves[p].Parent]; ok {
				p = at
			} else {
				p = -1
			}
		}
		rest[p]++
	}
	for p, n := range rest {
		at := 1
		if p >= 0 {
			at = hop[p] + 1
		}
		l.kids[p] = append(l.kids[p], len(l.slots))
		l.slots = append(l.slots, slot{leaf: p, gathered: n, hop: at})
	}
	l.widen()
}

// widen gives every slot the width of all that hangs on it.
func (l *layout) widen() {
	byHop := make([]int, len(l.slots))
	for i := range byHop {
		byHop[i] = i
	}
	slices.SortFunc(byHop, func(a, b int) int { return cmp.Compare(l.slots[b].hop, l.slots[a].hop) })
	for _, i := range byHop {
		s := &l.slots[i]
		s.width = 1
		if s.gathered > 0 {
			continue
		}
		sum := 0.0
		for _, k := range l.kids[s.leaf] {
			sum += l.slots[k].width
		}
		s.width = max(s.width, sum)
	}
}

// place spreads the children of an open over its part of the circle.
func (l *layout) place(leaf int, from, span float64, r *Ripple) {
	all := 0.0
	for _, k := range l.kids[leaf] {
		all += l.slots[k].width
	}
	px, py, angle := middle, middle, from+span/2
	for _, k := range l.kids[leaf] {
		s := l.slots[k]
		part := span * s.width / all
		own := from + part/2
		if s.hop > 1 {
			above := radius(s.hop-1, l.depth)
			px, py = point(above, angle)
		}
		at := radius(s.hop, l.depth)
		x, y := point(at, own)
		spot := Spot{Hop: s.hop, X: round(x), Y: round(y), R: round(l.room(s.hop, at, part)), FromX: round(px), FromY: round(py), Gathered: s.gathered, Counted: true}
		half := (at + radius(s.hop-1, l.depth)) / 2
		bend := angle
		if s.hop == 1 {
			bend = own
		}
		for i, a := range []float64{bend, own} {
			bx, by := point(half, a)
			spot.BendX[i], spot.BendY[i] = round(bx), round(by)
		}
		if s.gathered == 0 {
			leaf := l.leaves[s.leaf]
			spot.ID, spot.State, spot.Counted, spot.Below = leaf.ID, leaf.State, leaf.Counted, l.size[s.leaf]-1
		}
		r.Spots = append(r.Spots, spot)
		if s.gathered == 0 {
			l.place(s.leaf, from, part, r)
		}
		from += part
	}
}

// room is how large a spot may be at a radius, with a part of the circle to itself.
func (l *layout) room(hop int, at, part float64) float64 {
	gap := at - radius(hop-1, l.depth)
	if hop < l.depth {
		gap = min(gap, radius(hop+1, l.depth)-at)
	}
	if hop == 1 {
		gap = min(gap, (at-innermost)/(1-filled))
	}
	chord := 2 * at
	if part < math.Pi {
		chord = 2 * at * math.Sin(part/2)
	}
	return min(16, filled*gap, filled*chord)
}

// radius is how far a ring is from the middle. With many rings the outer ones
// stand closer together.
func radius(hop, depth int) float64 {
	if hop == 0 {
		return innermost
	}
	near := 0.0
	if depth > 8 {
		near = 0.25
	}
	scale := func(h float64) float64 {
		if near == 0 {
			return h
		}
		return math.Log1p(near * h)
	}
	return innermost + (outermost-innermost)*scale(float64(hop))/scale(float64(max(depth, 2)))
}

func point(r, angle float64) (x, y float64) {
	return middle + r*math.Sin(angle), middle - r*math.Cos(angle)
}

// round keeps the pictures small.
func round(v float64) float64 { return math.Round(v*100) / 100 }
