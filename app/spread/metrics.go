package spread

import (
	"slices"
	"time"
)

// Shape is what is computed of a tree in one pass when it is looked at. All of
// it is about the tree of counted opens: see-through ones are taken out, and
// what hangs below them hangs on the nearest counted open above.
type Shape struct {
	TreeSums
	Generations []int64   // people at hop 1, 2, …
	PassedOn    []float64 // R per generation: people of the next per person of this one; the last is 0
	Depth       int       // hops to the farthest
	Breadth     int64     // people in the largest generation
	R           float64   // mean counted children per counted open
	MeanHops    float64   // mean distance from the link
	Virality    float64   // structural virality: mean distance over all pairs, the link included

	Hand          int64 // the open that brought most people directly, 0 if none brought any
	LargestHand   int64 // how many that were
	Branch        int64 // the first-hop open with most people in its branch, 0 if there is none
	LargestBranch int64 // how many they are, itself included

	FirstAt, LastAt time.Time     // of the first and the last counted open in the order of ids; zero if there is none
	HalfLife        time.Duration // median age of the counted opens, from the start
	ToFirst         time.Duration // from the start to the first counted open
}

// Shape measures the tree. Times run from the link's first share, or, if it is
// not known and zero, from the first counted open.
func (t *Tree) Shape(shared time.Time) Shape {
	s := Shape{TreeSums: t.sums}
	if s.People == 0 {
		return s
	}
	t.measureHops(&s)
	for i, n := range s.Generations {
		s.Breadth = max(s.Breadth, n)
		next := int64(0)
		if i+1 < s.Depth {
			next = s.Generations[i+1]
		}
		s.PassedOn = append(s.PassedOn, float64(next)/float64(n))
	}
	for _, b := range t.branches {
		if people := int64(t.size[b.head]); people > s.LargestBranch {
			s.Branch, s.LargestBranch = t.ids[b.head], people
		}
	}
	s.R = float64(s.People-s.FirstHop) / float64(s.People)
	s.MeanHops = float64(s.Hops) / float64(s.People)
	s.Virality = s.TreeSums.Virality()
	t.measureTimes(&s, shared)
	return s
}

// measureHops goes through the opens once for all that is counted by hops.
func (t *Tree) measureHops(s *Shape) {
	above, hops, hands := make([]int32, len(t.ids)), make([]int32, len(t.ids)), make([]int32, len(t.ids))
	for v := 1; v < len(t.ids); v++ {
		up := t.parent[v]
		if up != 0 && t.state[up]&countedBit == 0 {
			up = above[up]
		}
		above[v] = up
		if t.state[v]&countedBit == 0 {
			continue
		}
		hops[v] = hops[up] + 1
		hands[up]++
		if int(hops[v]) > len(s.Generations) {
			s.Generations = append(s.Generations, 0)
		}
		s.Generations[hops[v]-1]++
	}
	s.Depth = len(s.Generations)
	for v, people := range hands[1:] {
		if int64(people) > s.LargestHand {
			s.Hand, s.LargestHand = t.ids[v+1], int64(people)
		}
	}
}

// measureTimes fills in what is about instants.
func (t *Tree) measureTimes(s *Shape, shared time.Time) {
	at := make([]int64, 0, s.People)
	for v := 1; v < len(t.ids); v++ {
		if t.state[v]&countedBit != 0 {
			at = append(at, t.at[v])
		}
	}
	s.FirstAt, s.LastAt = time.UnixMilli(at[0]).UTC(), time.UnixMilli(at[len(at)-1]).UTC()
	slices.Sort(at) // clocks of several servers differ a little
	start := at[0]
	if !shared.IsZero() {
		start = shared.UnixMilli()
	}
	s.ToFirst = sinceStart(start, at[0])
	s.HalfLife = (sinceStart(start, at[(len(at)-1)/2]) + sinceStart(start, at[len(at)/2])) / 2
}

// sinceStart is never negative: clocks of several servers differ a little.
func sinceStart(start, at int64) time.Duration {
	return time.Duration(max(at-start, 0)) * time.Millisecond
}

// Virality is structural virality (Goel, Anderson, Hofman, Watts 2015): the
// mean distance over all pairs of people and the link, from the Wiener index
// W = (n+1)·Hops − Sizes; 0 for an empty tree.
func (s TreeSums) Virality() float64 {
	n := s.People
	if n == 0 {
		return 0
	}
	return float64(2*((n+1)*s.Hops-s.Sizes)) / float64(n*(n+1))
}
