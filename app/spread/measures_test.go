package spread_test

import (
	"slices"
	"testing"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
)

// truth is what a tree's numbers are by definition.
type truth struct {
	sums        spread.TreeSums
	days        map[int64]spread.Sums
	points      map[int64]int64
	generations []int64
	hand        int64
	branch      int64
	virality, r float64
	halfLife    time.Duration
}

// byDefinition takes see-through opens out of the tree, looks from every open
// at every other, and adds up. Nothing in it is clever.
func byDefinition(leaves []spread.Leaf, most int64) truth {
	all := map[int64]spread.Leaf{}
	for _, l := range leaves {
		all[l.ID] = l
	}
	up := map[int64]int64{} // of counted opens: the nearest counted one above
	head := map[int64]int64{}
	for _, l := range leaves {
		p := l.Parent
		for p != 0 && !all[p].Counted {
			p = all[p].Parent
		}
		if l.Counted {
			up[l.ID] = p
		}
		head[l.ID] = l.ID
		for p := l.Parent; p != 0; p = all[p].Parent {
			head[l.ID] = p
		}
	}
	w := truth{days: map[int64]spread.Sums{}, points: map[int64]int64{}}
	below := map[int64][]int64{} // counted opens below a counted one, in the order of ids
	hands := map[int64]int64{}
	for _, l := range leaves {
		if !l.Counted {
			continue
		}
		hop := 1
		for u := up[l.ID]; u != 0; u = up[u] {
			below[u] = append(below[u], l.ID)
			hop++
		}
		for len(w.generations) < hop {
			w.generations = append(w.generations, 0)
		}
		w.generations[hop-1]++
		w.sums.Hops += int64(hop)
		if up[l.ID] != 0 {
			hands[up[l.ID]]++
		}
		w.points[l.ID]++
	}
	for _, l := range leaves {
		if l.Counted {
			for _, d := range below[l.ID][:min(len(below[l.ID]), int(most-1))] {
				w.points[d]++
			}
			size := int64(len(below[l.ID]) + 1)
			w.sums.Sizes += size * size
		}
	}
	w.addUp(leaves, all, up, below, head)
	for _, people := range hands {
		w.hand = max(w.hand, people)
	}
	w.virality, w.r = meanDistance(up), float64(w.sums.People-w.sums.FirstHop)/float64(max(w.sums.People, 1))
	w.halfLife = medianAge(leaves)
	return w
}

func (w *truth) addUp(leaves []spread.Leaf, all map[int64]spread.Leaf, up map[int64]int64, below map[int64][]int64, head map[int64]int64) {
	inDay := func(l spread.Leaf, s spread.Sums) {
		day := w.days[share.Day(l.OpenedAt)]
		day.Add(s)
		w.days[share.Day(l.OpenedAt)] = day
		w.sums.Add(s)
	}
	branches, people := map[int64]int64{}, map[int64]int64{}
	for _, l := range leaves {
		if !l.Counted {
			inDay(l, spread.Sums{Held: 1})
			continue
		}
		one := spread.Sums{People: 1, Points: w.points[l.ID]}
		if up[l.ID] == 0 {
			one.FirstHop = 1
		}
		inDay(l, one)
		if len(below[l.ID]) > 0 {
			inDay(all[below[l.ID][0]], spread.Sums{Sharers: 1})
		}
		branches[head[l.ID]] += w.points[l.ID]
		people[head[l.ID]]++
	}
	for _, points := range branches {
		w.sums.Branches += points * points
	}
	for _, n := range people {
		w.branch = max(w.branch, n)
	}
}

// meanDistance goes from every open, and the link, to every other.
func meanDistance(up map[int64]int64) float64 {
	next := map[int64][]int64{}
	for v, p := range up {
		next[v] = append(next[v], p)
		next[p] = append(next[p], v)
	}
	total := 0
	for from := range next {
		far := map[int64]int{from: 0}
		queue := []int64{from}
		for len(queue) > 0 {
			v := queue[0]
			queue = queue[1:]
			total += far[v]
			for _, n := range next[v] {
				if _, seen := far[n]; !seen {
					far[n] = far[v] + 1
					queue = append(queue, n)
				}
			}
		}
	}
	n := len(up)
	return float64(total) / float64(max(n*(n+1), 1))
}

func medianAge(leaves []spread.Leaf) time.Duration {
	var ages []time.Duration
	for _, l := range leaves {
		if l.Counted {
			ages = append(ages, l.OpenedAt.Sub(noon))
		}
	}
	if len(ages) == 0 {
		return 0
	}
	slices.Sort(ages)
	return (ages[(len(ages)-1)/2] + ages[len(ages)/2]) / 2
}

func TestRatesAreShownOnlyWhenThereAreEnoughPeople(t *testing.T) {
	for people, want := range map[int64][3]bool{
		4: {}, 5: {true}, 9: {true}, 10: {true, true}, 19: {true, true}, 20: {true, true, true},
	} {
		s := spread.Sums{People: people}
		if got := [3]bool{s.ShowsRates(), s.ShowsShape(), s.Sure()}; got != want {
			t.Errorf("of %d people: %v, want %v", people, got, want)
		}
	}
}

func TestAShrunkRateLiesBetweenItsOwnAndTheMean(t *testing.T) {
	s := spread.Sums{People: 20, FirstHop: 5, Sharers: 4}
	if s.R() != .75 || s.PassOnRate() != .2 || s.ShrunkR(.25) != .5 {
		t.Errorf("R %f, shrunk %f, passed on %f, want .75, .5 and .2", s.R(), s.ShrunkR(.25), s.PassOnRate())
	}
	if nobody := (spread.Sums{}); nobody.R() != 0 || nobody.ShrunkR(.3) != .3 || nobody.PassOnRate() != 0 {
		t.Errorf("of nobody: R %f, shrunk %f, want 0 and the mean", nobody.R(), nobody.ShrunkR(.3))
	}
}

func TestTheLargestHandAndTheLargestBranchAreNamed(t *testing.T) {
	s := grown(t, 5, 0, 0, 2, 2, 3).Shape(noon)
	if s.Hand != 2 || s.LargestHand != 2 || s.HandShare() != .4 || s.Branch != 2 || s.LargestBranch != 4 || s.BranchShare() != .8 {
		t.Errorf("hand %d of open %d, branch %d of open %d; want 2 of 2 and 4 of 2", s.LargestHand, s.Hand, s.LargestBranch, s.Branch)
	}
}

func TestTimesRunFromTheFirstShare(t *testing.T) {
	tree := grown(t, 5, 0, 0, 0, 0) // noon and the three minutes after
	s := tree.Shape(noon.Add(-time.Hour))
	if s.ToFirst != time.Hour || s.HalfLife != time.Hour+90*time.Second || !s.FirstAt.Equal(noon) || !s.LastAt.Equal(noon.Add(3*time.Minute)) {
		t.Errorf("first after %v, half after %v, from %v to %v", s.ToFirst, s.HalfLife, s.FirstAt, s.LastAt)
	}
	if s := tree.Shape(time.Time{}); s.ToFirst != 0 || s.HalfLife != 90*time.Second {
		t.Errorf("without a known share: first after %v, half after %v", s.ToFirst, s.HalfLife)
	}
	if s := tree.Shape(noon.Add(time.Hour)); s.ToFirst != 0 || s.HalfLife != 0 {
		t.Errorf("shared after all that: first after %v, half after %v, want 0", s.ToFirst, s.HalfLife)
	}
}
