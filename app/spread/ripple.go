package spread

import (
	"cmp"
	"math"
	"slices"

	"ricochet.example/app/share"
)

// Ripple is a ripple map: a tree laid out around its link, or the trees of
// several ambassadors around the brand, one ring a hop. Lengths are in a
// square of Size by Size with the link, or the brand, in the middle. It is
// plain data; the same opens always give the same map.
type Ripple struct {
	Size   float64
	Middle float64   // radius that is left free in the middle
	Owners float64   // radius of the ambassadors' ring; 0 without one
	Rings  []float64 // radius of each, from hop 1
	Spots  []Spot    // those above others come first
	Hidden int       // opens that are told as a number at the spot above them
}

// Spot is something that is drawn: an open, an ambassador, or a number of
// opens gathered.
type Spot struct {
	ID       int64 // of the open; 0 for gathered ones and ambassadors
	Owner    int   // whose tree it is in: the place in the list that was laid out; −1 for what is gathered at the middle
	Hop      int   // ring, counted or not; an ambassador's is 0; the link's own is 0 and is no spot
	Above    int   // the spot above it, −1 for the middle
	X, Y, R  float64
	FromX    float64 // where its line begins
	FromY    float64
	BendX    [2]float64 // where it bends
	BendY    [2]float64
	State    share.State
	Counted  bool
	Below    int // opens in its branch, itself not included
	People   int // those of them that count
	Gathered int // how many opens it stands for; 0 for an open of its own
	Others   int // how many ambassadors it stands for
}

// MostSpots is how many spots a map has at the most, whatever the size of the tree.
const MostSpots = 500

const (
	rippleSize  = 1000.0
	middle      = rippleSize / 2
	outermost   = 484.0 // radius of the farthest ring
	linkRadius  = 30.0  // of what stands in the middle
	brandRadius = 42.0
	smallest    = 1.5 // radius of a spot
	apart       = 1.0 // from one spot to the next, at least
	// ringsDrawn keeps rings far enough apart for the smallest spots: what went
	// farther is gathered at the last ring.
	ringsDrawn = 32
	// widestFan is how much of the circle the children of one spot take, unless
	// they need more.
	widestFan = math.Pi * 5 / 6
)

// Lay lays out a tree. The branches with most people are drawn, which always
// hang together, since a branch is larger than any that hang on it; the others
// are gathered into a spot below the same open, which tells their number.
func Lay(leaves []Leaf) Ripple {
	g := grove{}
	g.root(-1)
	g.plant(leaves, 0, 0)
	return g.lay(linkRadius, false)
}

// LayOwners lays out all opens of each ambassador around the brand, with the
// ambassadors themselves on the first ring.
func LayOwners(owners [][]Leaf) Ripple {
	g := grove{}
	g.root(-1)
	for i := range owners {
		g.root(i)
	}
	for i, leaves := range owners {
		g.plant(leaves, int32(i+1), i) //nolint:gosec // there are fewer than 2^31
	}
	return g.lay(brandRadius, true)
}

// grove is everything that could be drawn: first the middle, then ambassadors,
// then opens, parents always before children.
type grove struct {
	nodes []seed
}

type seed struct {
	leaf   *Leaf // nil for the middle and ambassadors
	parent int32
	owner  int32
	ring   int32
	kids   int32
	people int32 // counted in its subtree, itself included
	opens  int32 // in its subtree, itself included
	others int32 // ambassadors in its subtree, itself included
}

// root adds the middle, or an ambassador, who is there even if nobody came.
func (g *grove) root(owner int) {
	s := seed{owner: int32(owner)} //nolint:gosec // see LayOwners
	if owner >= 0 {
		s.ring, s.others = 1, 1
		g.nodes[0].kids++
	}
	g.nodes = append(g.nodes, s)
}

// plant adds the opens of some trees below a root.
func (g *grove) plant(leaves []Leaf, root int32, owner int) {
	order := func(a, b Leaf) int { return cmp.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(leaves, order) {
		leaves = slices.SortedFunc(slices.Values(leaves), order)
	}
	base := len(g.nodes)
	g.nodes = slices.Grow(g.nodes, len(leaves))
	for i := range leaves {
		l := &leaves[i]
		p := root
		if l.Parent != 0 {
			if at, ok := slices.BinarySearchFunc(leaves[:i], l.Parent, func(l Leaf, id int64) int { return cmp.Compare(l.ID, id) }); ok {
				p = int32(base + at) //nolint:gosec // see LayOwners
			}
		}
		s := seed{leaf: l, parent: p, owner: int32(owner), ring: g.nodes[p].ring + 1, opens: 1} //nolint:gosec // see LayOwners
		if l.Counted {
			s.people = 1
		}
		g.nodes[p].kids++
		g.nodes = append(g.nodes, s)
	}
}

// lay makes the map.
func (g *grove) lay(centre float64, owners bool) Ripple {
	for v := len(g.nodes) - 1; v > 0; v-- {
		s, up := &g.nodes[v], &g.nodes[g.nodes[v].parent]
		up.people += s.people
		up.opens += s.opens
		up.others += s.others
	}
	c := chart{grove: g, centre: centre, owners: owners}
	c.fill(g.choose())
	c.measure()
	c.place()
	return c.ripple()
}

// larger says which of two is drawn rather than the other. What hangs on
// another has at most its people, and fewer opens or a later place.
func (g *grove) larger(a, b int32) int {
	x, y := &g.nodes[a], &g.nodes[b]
	return cmp.Or(
		cmp.Compare(y.people+y.others, x.people+x.others), cmp.Compare(y.opens+y.others, x.opens+x.others), cmp.Compare(a, b))
}

// choose returns what is drawn, largest first: as many as there is room for
// beside the spots that gather the rest.
func (g *grove) choose() []int32 {
	best := make([]int32, 0, 2*MostSpots)
	cut := func() {
		slices.SortFunc(best, g.larger)
		best = best[:min(len(best), MostSpots)]
	}
	full := false
	for v := int32(1); int(v) < len(g.nodes); v++ { //nolint:gosec // see LayOwners
		if g.nodes[v].ring >= ringsDrawn || full && g.larger(v, best[MostSpots-1]) > 0 {
			continue
		}
		if best = append(best, v); len(best) == cap(best) {
			cut()
			full = true
		}
	}
	cut()
	missing := map[int32]int32{0: g.nodes[0].kids}
	gathering, room := 0, 0
	if missing[0] > 0 {
		gathering++
	}
	for i, v := range best {
		p := g.nodes[v].parent
		if missing[p]--; missing[p] == 0 {
			gathering--
		}
		if missing[v] = g.nodes[v].kids; missing[v] > 0 {
			gathering++
		}
		if i+1+gathering <= MostSpots {
			room = i + 1
		}
	}
	best = best[:room]
	slices.Sort(best)
	return best
}

// oneDecimal rounds, so that pictures stay small.
func oneDecimal(v float64) float64 { return math.Round(v*10) / 10 }
