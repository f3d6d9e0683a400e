package spread_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ricochet.example/app/spread"
)

// board makes standings of points and the squares of their branches.
func boardOf(scores ...[2]int64) (board []spread.Standing) {
	for _, s := range scores {
		board = append(board, spread.Standing{Totals: spread.Totals{Sums: spread.Sums{Points: s[0]}, Squares: s[1]}})
	}
	return board
}

func TestLikelyRanks(t *testing.T) {
	// φ is 300/300: the variances are 101, 101, 101 and 1, so that the standard
	// error between the first three is 14.2, and to the last 10.1.
	o := spread.OddsOf(boardOf([2]int64{120, 100}, [2]int64{110, 100}, [2]int64{60, 100}, [2]int64{10, 0}))
	for i, want := range [][2]int{{1, 2}, {1, 2}, {3, 3}, {4, 4}} {
		if best, worst := o.Range(i); best != want[0] || worst != want[1] {
			t.Errorf("place %d is likely %d to %d, want %v", i+1, best, worst, want)
		}
	}
	if o.Leaders() != 2 || !o.Leads(1) || o.Leads(2) {
		t.Errorf("%d lead, want 2", o.Leaders())
	}
}

func TestNobodyLeadsABoardWithoutPoints(t *testing.T) {
	if n := spread.OddsOf(nil).Leaders(); n != 0 {
		t.Errorf("%d lead an empty board", n)
	}
	o := spread.OddsOf(boardOf([2]int64{}, [2]int64{}))
	if best, worst := o.Range(1); best != 1 || worst != 2 || o.Leaders() != 0 {
		t.Errorf("of two without points, one is likely %d to %d and %d lead; want 1 to 2 and nobody", best, worst, o.Leaders())
	}
}

func TestRangesAreWhatComparingEveryPairGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var scores [][2]int64
		points := rapid.Int64Range(0, 400).Draw(t, "first")
		var squares, sum float64
		for range rapid.IntRange(1, 40).Draw(t, "ambassadors") {
			q := rapid.Int64Range(0, max(points*points, 1)).Draw(t, "squares")
			scores = append(scores, [2]int64{points, q})
			squares, sum = squares+float64(q), sum+float64(points)
			points = max(points-rapid.Int64Range(0, 30).Draw(t, "step"), 0)
		}
		typical := 0.
		if sum > 0 {
			typical = squares / sum
		}
		o := spread.OddsOf(boardOf(scores...))
		for i, a := range scores {
			best, worst := 1, len(scores)
			for _, b := range scores {
				wide := float64(a[1]) + typical + float64(b[1]) + typical
				gap := float64(b[0] - a[0])
				if gap > 0 && gap*gap > wide {
					best++
				}
				if gap < 0 && gap*gap > wide {
					worst--
				}
			}
			if gotBest, gotWorst := o.Range(i); gotBest != best || gotWorst != worst {
				t.Fatalf("place %d: likely %d to %d, every pair says %d to %d", i, gotBest, gotWorst, best, worst)
			}
			if best > worst || best > i+1 && scores[best-1][0] != a[0] {
				t.Fatalf("place %d: %d to %d is no range", i, best, worst)
			}
		}
	})
}

func BenchmarkRangesOfAPage(b *testing.B) {
	board := make([]spread.Standing, 20_000)
	for i := range board {
		points := int64(10_000 / math.Sqrt(float64(i+1)))
		board[i] = spread.Standing{Totals: spread.Totals{Sums: spread.Sums{Points: points}, Squares: points * 30}}
	}
	for b.Loop() {
		o := spread.OddsOf(board)
		for i := range 50 {
			o.Range(i)
		}
		o.Leaders()
	}
}
