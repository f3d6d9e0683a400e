package spread

import (
	"cmp"
	"math"
	"slices"

	"ricochet.example/app/share"
)

// Ripple is a ripple map: a tree, or a branch of one, laid out around its link,
// or the trees of several ambassadors around the brand, one ring a hop. Lengths
// are in a square of Size by Size, beside which there may be names. It is plain
// data; the same opens always give the same map.
type Ripple struct {
	Size   float64
	Beside float64 // room left and right of the square, for names
	Middle float64 // radius that is left free in the middle
	Squads float64 // radius of the squads' arcs; 0 without them
	Owners float64 // radius of the ambassadors' ring; 0 without one
	Arcs   bool    // ambassadors are arcs, for discs are too many
	Rings  []float64
	First  int    // hop of the first ring: 1, or more in a branch
	Spots  []Spot // those above others come first
	Hidden int    // opens that are told as a number at the spot above them
	Around []Arc  // the squads, if ambassadors are arcs
	Marks  []RingMark
	Counts []Count
	Names  []Name
}

// Spot is something that is drawn: an open, an ambassador, or a number of
// opens gathered.
type Spot struct {
	ID       int64 // of the open; 0 for gathered ones and ambassadors
	Number   int   // of the open in its tree; of a gathering, that of the one that they hang on, 0 for the middle
	Owner    int   // whose tree it is in: the place in the list that was laid out; −1 where there is none
	Hop      int   // ring, counted or not; an ambassador's is 0; the link's own is 0 and is no spot
	Above    int   // the spot above it, −1 for the middle
	X, Y, R  float64
	FromX    float64 // where its line begins
	FromY    float64
	BendX    [2]float64 // where it bends
	BendY    [2]float64
	Arc      Arc // of an ambassador, if the map has arcs
	State    share.State
	Counted  bool
	Below    int // opens in its branch, itself not included
	People   int // those of them that count
	Gathered int // how many opens it stands for; 0 for an open of its own
	Others   int // how many ambassadors it stands for
}

// Arc is a part of a circle around the middle: angles are clockwise from below.
type Arc struct {
	From, To float64
	Squad    int // whose it is, of a squad
}

// RingMark is the number of a ring, where it stands.
type RingMark struct {
	Hop  int
	X, Y float64
}

// Count is the number of a gathering, where there is room to write it: its
// middle, and the room that it has.
type Count struct {
	N          int
	X, Y, W, H float64
}

// Name is that of an ambassador, at the rim: where its words begin, or end if
// they stand on the left, and the line that leads there.
type Name struct {
	Owner      int
	X, Y, W, H float64
	Left       bool
	Line       [3][2]float64
}

// MostSpots is how many spots a map has at the most, whatever the size of the tree.
const MostSpots = 500

// The measures of a map. On a phone a unit is a third of a pixel: what must be
// read there is 36 high. At a desk, with names beside it, it is half a pixel.
const (
	rippleSize  = 1000.0
	middle      = rippleSize / 2
	outermost   = 484.0 // radius of the farthest ring
	linkRadius  = 44.0  // of what stands in the middle
	brandRadius = 54.0
	smallest    = 1.5 // radius of a spot
	apart       = 1.0 // from one spot to the next, at least
	// ringsDrawn keeps rings far enough apart for the smallest spots: what went
	// farther is gathered at the last ring.
	ringsDrawn = 32
	// widestFan is how much of the circle the children of one spot take, unless
	// they need more.
	widestFan = math.Pi * 5 / 6
	// laneHalf is half the width of the lane down from the middle in which
	// the numbers of rings stand, and nothing else.
	laneHalf  = 25.0
	markHigh  = 38.0
	countHigh = 28.0
	letter    = 14.5 // width of a letter of counts and names
	nameHigh  = 30.0
	nameRoom  = 250.0
)

// Lay lays out a tree. The branches with most people are drawn, which always
// hang together, since a branch is larger than any that hang on it; the others
// are gathered into a spot below the same open, which tells their number.
func Lay(leaves []Leaf) Ripple { return Traced(leaves, 1).Lay(0) }

// Lay lays out the branch of the reader with a number, who stands in the
// middle; with 0 it is the whole tree, and the link stands there.
func (t *Trace) Lay(number int) Ripple {
	g := grove{}
	g.root(-1)
	g.nodes[0].number = int32(number) //nolint:gosec // see append
	g.plant(t, number, 0, 0)
	first := 1
	if number == 0 {
		g.nodes[0].extra = int32(t.Left) //nolint:gosec // a tree has fewer than 2^31
	} else {
		first = len(t.Way(number)) + 1
	}
	r := g.lay(linkRadius, nil)
	r.First = first
	for i := range r.Spots {
		r.Spots[i].Hop += first - 1
	}
	r.mark()
	r.count()
	return r
}

// grove is everything that could be drawn: first the middle, then ambassadors,
// then opens, parents always before children.
type grove struct {
	nodes []seed
}

type seed struct {
	trace  *Trace // nil for the middle and ambassadors
	number int32  // of the open
	parent int32
	owner  int32
	ring   int32
	kids   int32
	people int32 // counted in its subtree, itself included
	opens  int32 // in its subtree, itself included
	others int32 // ambassadors in its subtree, itself included
	extra  int32 // opens below it of which nothing more is known
	stands int32 // how many ambassadors it stands for; 0 for opens
}

// root adds the middle, or an ambassador, who is there even if nobody came.
func (g *grove) root(owner int) {
	s := seed{owner: int32(owner)} //nolint:gosec // there are fewer than 2^31
	if owner >= 0 {
		s.ring, s.others, s.stands = 1, 1, 1
		g.nodes[0].kids++
	}
	g.nodes = append(g.nodes, s)
}

// plant adds a tree, or a branch of one, below a root.
func (g *grove) plant(t *Trace, number int, root int32, owner int) {
	base := len(g.nodes)
	g.nodes = slices.Grow(g.nodes, t.Len()-number)
	var at []int32 // where the opens of a branch went; 0: nowhere
	if number > 0 {
		at = make([]int32, t.Len())
		at[number-1] = root + 1
	}
	for v := number; v < t.Len(); v++ {
		p, u := root, t.up[v]
		switch {
		case number == 0 && u >= 0:
			p = int32(base) + u //nolint:gosec // see root
		case number > 0 && (u < 0 || at[u] == 0):
			continue
		case number > 0:
			p = at[u] - 1
		}
		if number > 0 {
			at[v] = int32(len(g.nodes)) + 1 //nolint:gosec // see root
		}
		up := &g.nodes[p]
		up.kids++
		g.nodes = append(g.nodes, seed{
			trace: t, number: int32(v + 1), parent: p, owner: int32(owner), ring: up.ring + 1, //nolint:gosec // see root
			people: t.people[v], opens: t.opens[v],
		})
	}
}

// lay makes the map.
func (g *grove) lay(centre float64, owners []Owner) Ripple {
	for v := len(g.nodes) - 1; v > 0; v-- {
		s, up := &g.nodes[v], &g.nodes[g.nodes[v].parent]
		if s.trace == nil { // what is below opens, the trace has added up
			s.opens += s.extra
		}
		if up.trace == nil {
			up.people += s.people
			up.opens += s.opens
			up.others += s.others
		}
	}
	g.nodes[0].opens += g.nodes[0].extra
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
	if x.stands > 0 != (y.stands > 0) { // ambassadors before all opens
		return cmp.Compare(min(y.stands, 1), min(x.stands, 1))
	}
	return cmp.Or(cmp.Compare(y.people, x.people), cmp.Compare(y.opens, x.opens), cmp.Compare(a, b))
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
	for v := int32(1); int(v) < len(g.nodes); v++ { //nolint:gosec // see root
		if g.nodes[v].ring >= ringsDrawn || full && g.larger(v, best[MostSpots-1]) > 0 {
			continue
		}
		if best = append(best, v); len(best) == cap(best) {
			cut()
			full = true
		}
	}
	cut()
	missing := map[int32]int32{}
	gathering, room := 0, 0
	meet := func(v int32) {
		n := &g.nodes[v]
		missing[v] = n.kids
		if n.extra > 0 {
			missing[v]++ // never all of them
		}
		if missing[v] > 0 {
			gathering++
		}
	}
	meet(0)
	for i, v := range best {
		p := g.nodes[v].parent
		if missing[p]--; missing[p] == 0 {
			gathering--
		}
		meet(v)
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
