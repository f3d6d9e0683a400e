package spread

import (
	"math"
	"sort"
)

// RankWidth is how many standard errors two scores must be apart for one to
// be surely ahead: the z of likely ranks. At 1 the ranges cover the true rank
// in about 86 of 100 cases.
const RankWidth = 1.0

// Odds says how sure the places on a board are, luck considered. The branches
// of an ambassador's tree are taken as independent draws, so that the variance
// of a score is the sum of its branches' squares, and one typical branch of the
// board more, φ = Σ squares / Σ points, since few branches understate it.
type Odds struct {
	points   []int64
	variance []float64
	widest   float64
}

// OddsOf looks at a board in the order of its ranks.
func OddsOf(board []Standing) Odds {
	return odds(len(board), func(i int) (points, squares int64) { return board[i].Points, board[i].Squares })
}

func oddsOf(board []*place) Odds {
	return odds(len(board), func(i int) (points, squares int64) { return board[i].sums.Points, board[i].squares })
}

func odds(n int, of func(i int) (points, squares int64)) Odds {
	o := Odds{points: make([]int64, n), variance: make([]float64, n)}
	var squares, points float64
	for i := range n {
		p, q := of(i)
		o.points[i], o.variance[i] = p, float64(q)
		squares += float64(q)
		points += float64(p)
	}
	typical := 0.0
	if points > 0 {
		typical = squares / points
	}
	for i := range o.variance {
		o.variance[i] += typical
		o.widest = max(o.widest, o.variance[i])
	}
	return o
}

// ahead says whether place i is surely ahead of place j.
func (o Odds) ahead(i, j int) bool {
	gap := float64(o.points[i] - o.points[j])
	return gap > 0 && gap*gap > RankWidth*RankWidth*(o.variance[i]+o.variance[j])
}

// Range returns the best and the worst rank that the i-th of the board likely
// has: one more than are surely ahead, and all but those surely behind. It
// compares only with those near enough for a doubt.
func (o Odds) Range(i int) (best, worst int) {
	m := len(o.points)
	far := int64(math.Ceil(RankWidth * math.Sqrt(o.variance[i]+o.widest)))
	from := sort.Search(m, func(j int) bool { return o.points[j] <= o.points[i]+far })
	to := sort.Search(m, func(j int) bool { return o.points[j] < o.points[i]-far })
	best, worst = 1+from, to
	for j := from; j < to; j++ {
		if o.ahead(j, i) {
			best++
		}
		if o.ahead(i, j) {
			worst--
		}
	}
	return best, worst
}

// Leads says whether the i-th of the board has points and is not surely behind
// the first: it belongs to the leading group.
func (o Odds) Leads(i int) bool { return o.points[i] > 0 && !o.ahead(0, i) }

// Leaders is after how many places the line under the leading group goes:
// nobody who belongs to it is below the line.
func (o Odds) Leaders() int {
	for n := len(o.points); n > 0; n-- {
		if o.Leads(n - 1) {
			return n
		}
	}
	return 0
}
