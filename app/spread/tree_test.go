package spread_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
)

// noon is when the first open of every test happens.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// failing is a test, or a step of a property.
type failing interface{ Fatal(args ...any) }

// grown plants opens 1, 2, … each below the given parent, a minute apart.
func grown(t testing.TB, most int64, parents ...int64) *spread.Tree {
	t.Helper()
	tree := spread.NewTree(most)
	for i, p := range parents {
		insert(t, tree, spread.Leaf{ID: int64(i + 1), Parent: p, OpenedAt: noon.Add(time.Duration(i) * time.Minute), Counted: true})
	}
	return tree
}

func insert(t failing, tree *spread.Tree, l spread.Leaf) []spread.Moved {
	moved, err := tree.Insert(l)
	if err != nil {
		t.Fatal(err)
	}
	return moved
}

func star(n int) []int64 { return make([]int64, n) }

func chain(n int) (parents []int64) {
	for i := range n {
		parents = append(parents, int64(i))
	}
	return parents
}

// fiveTimesThree is five readers who bring three each.
func fiveTimesThree() []int64 {
	parents := star(5)
	for i := range int64(15) {
		parents = append(parents, i%5+1)
	}
	return parents
}

func TestTheTreesWhoseNumbersAreKnown(t *testing.T) {
	for name, c := range map[string]struct {
		parents           []int64
		n, r, a, b, s     int64
		virality          float64
		depth, farthestOf int
	}{
		"nobody":                            {nil, 0, 0, 0, 0, 0, 0, 0, 0},
		"one person":                        {star(1), 1, 0, 1, 1, 1, 1, 1, 1},
		"a star of thirty":                  {star(30), 30, 0, 30, 30, 30, 60 * 30. / (30 * 31), 1, 30},
		"a chain of ten":                    {chain(10), 10, 9, 55, 385, 40, 4, 10, 1},
		"five readers who bring three each": {fiveTimesThree(), 20, 5, 35, 95, 35, 1280. / (20 * 21), 2, 15},
	} {
		t.Run(name, func(t *testing.T) {
			tree := grown(t, 5, c.parents...)
			sums, shape := tree.Sums(), tree.Shape(time.Time{})
			if sums.People != c.n || sums.Sharers != c.r || sums.Hops != c.a || sums.Sizes != c.b || sums.Points != c.s {
				t.Errorf("sums are %+v, want n %d, r %d, A %d, B %d, S %d", sums, c.n, c.r, c.a, c.b, c.s)
			}
			if near(sums.Virality(), c.virality) && near(shape.Virality, c.virality) && shape.Depth == c.depth && shape.Breadth == int64(c.farthestOf) {
				return
			}
			t.Errorf("shape is %+v, want virality %f, depth %d, breadth %d", shape, c.virality, c.depth, c.farthestOf)
		})
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

// The owner opens their own link on a phone and shares that one to twenty
// people: five points more than sharing directly, and none once it is known.
func TestASecondDeviceIsWorthFivePointsAndThenNone(t *testing.T) {
	parents := []int64{0}
	for range 20 {
		parents = append(parents, 1)
	}
	tree := grown(t, 5, parents...)
	if got := tree.Sums().Points; got != 25 {
		t.Errorf("%d points, want 20 people and 5", got)
	}
	if _, err := tree.Uncount(1, share.OwnDevice); err != nil {
		t.Fatal(err)
	}
	if s := tree.Sums(); s.Points != 20 || s.FirstHop != 20 || s.Sharers != 0 || s.Held != 1 {
		t.Errorf("after un-counting the phone: %+v, want 20 points, all at the first hop", s)
	}
}

func TestPointsStandInTheDayOfTheOpenThatBroughtThem(t *testing.T) {
	tree := spread.NewTree(3)
	for i, p := range []int64{0, 1, 1, 1} { // one a day
		insert(t, tree, spread.Leaf{ID: int64(i + 1), Parent: p, OpenedAt: noon.AddDate(0, 0, i), Counted: true})
	}
	first := share.Day(noon)
	want := map[int64]spread.Sums{
		first:     {People: 1, Points: 1, FirstHop: 1},
		first + 1: {People: 1, Points: 2, Sharers: 1},
		first + 2: {People: 1, Points: 2},
		first + 3: {People: 1, Points: 1},
	}
	if got := tree.Days(); !maps.Equal(got, want) {
		t.Errorf("days are %v, want %v", got, want)
	}
	// Who came second is found out: the third and the fourth move up.
	moved, err := tree.Uncount(2, share.SameNetwork)
	if err != nil {
		t.Fatal(err)
	}
	if want := []spread.Moved{{ID: 2, From: 2}, {ID: 4, From: 1, To: 2}}; !slices.Equal(moved, want) {
		t.Errorf("moved %v, want %v", moved, want)
	}
	want[first+1] = spread.Sums{Held: 1}
	want[first+2] = spread.Sums{People: 1, Points: 2, Sharers: 1}
	want[first+3] = spread.Sums{People: 1, Points: 2}
	if got := tree.Days(); !maps.Equal(got, want) {
		t.Errorf("then days are %v, want %v", got, want)
	}
}

func TestTheScoreAsItStood(t *testing.T) {
	tree := grown(t, 5, chain(10)...)
	for minutes, want := range map[int]int64{-1: 0, 0: 1, 1: 3, 4: 15, 9: 40, 60: 40} {
		if got := tree.PointsAt(noon.Add(time.Duration(minutes) * time.Minute)); got != want {
			t.Errorf("after %d minutes %d points, want %d", minutes, got, want)
		}
	}
}

func TestWhatATreeRefuses(t *testing.T) {
	tree := grown(t, 5, 0)
	_, twice := tree.Insert(spread.Leaf{ID: 1, Counted: true})
	_, orphan := tree.Insert(spread.Leaf{ID: 3, Parent: 2, Counted: true})
	_, itself := tree.Insert(spread.Leaf{ID: 3, Parent: 3, Counted: true})
	_, nobody := tree.Count(9)
	_, nobodyElse := tree.Uncount(0, share.Excluded)
	_, grownOrphan := spread.Grow([]spread.Leaf{{ID: 1, Parent: 7}}, 5)
	for what, c := range map[string]struct{ got, want error }{
		"an open that is there":     {twice, spread.ErrOrder},
		"an open below nothing":     {orphan, spread.ErrNoParent},
		"an open below itself":      {itself, spread.ErrNoParent},
		"counting nothing":          {nobody, spread.ErrNoOpen},
		"un-counting the link":      {nobodyElse, spread.ErrNoOpen},
		"growing from a lost child": {grownOrphan, spread.ErrNoParent},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	if s := tree.Sums(); s.People != 1 || tree.Len() != 1 {
		t.Errorf("and the tree is %+v, want it as it was", s)
	}
}

// Random trees, and random orders of opens, counts and un-counts: after each
// step the live tree says what the definition says, and what the fold reckons.
func TestAnyOrderOfDecisionsGivesWhatTheDefinitionSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 10).Draw(t, "most")
		tree := spread.NewTree(most)
		var leaves []spread.Leaf
		deep := rapid.IntRange(0, 3).Draw(t, "deep")
		for range rapid.IntRange(1, 45).Draw(t, "steps") {
			var moved []spread.Moved
			before := byDefinition(leaves, most)
			switch step := rapid.IntRange(0, 9).Draw(t, "step"); {
			case step < 6 || len(leaves) == 0:
				l := leafBelow(t, leaves, deep)
				leaves = append(leaves, l)
				moved = insert(t, tree, l)
			default:
				i := rapid.IntRange(0, len(leaves)-1).Draw(t, "which")
				moved = decide(t, tree, &leaves[i], step < 8)
			}
			after := byDefinition(leaves, most)
			sameTree(t, tree, leaves, after)
			sameMoves(t, moved, before, after, most)
		}
		whole, err := spread.Grow(leaves, most)
		if err != nil {
			t.Fatal(err)
		}
		sameTree(t, whole, leaves, byDefinition(leaves, most))
		sameAsTheFold(t, tree, leaves, most)
		// A tree that grew at once goes on like the other.
		i := rapid.IntRange(0, len(leaves)-1).Draw(t, "last")
		decide(t, whole, &leaves[i], !leaves[i].Counted)
		sameTree(t, whole, leaves, byDefinition(leaves, most))
	})
}

func leafBelow(t *rapid.T, leaves []spread.Leaf, deep int) spread.Leaf {
	l := spread.Leaf{ID: 1, OpenedAt: noon.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour)}
	l.Counted = rapid.IntRange(0, 4).Draw(t, "counted") > 0
	if !l.Counted {
		l.State = share.NetworkCap
	}
	if n := len(leaves); n > 0 {
		l.ID = leaves[n-1].ID + rapid.Int64Range(1, 3).Draw(t, "gap")
		if rapid.IntRange(0, 3).Draw(t, "depth") < deep {
			l.Parent = leaves[n-1].ID
		} else if i := rapid.IntRange(-1, n-1).Draw(t, "parent"); i >= 0 {
			l.Parent = leaves[i].ID
		}
	}
	return l
}

func decide(t *rapid.T, tree *spread.Tree, l *spread.Leaf, counts bool) []spread.Moved {
	l.Counted, l.State = counts, share.Counted
	change := tree.Count
	if !counts {
		l.State = share.Excluded
		change = func(id int64) ([]spread.Moved, error) { return tree.Uncount(id, share.Excluded) }
	}
	moved, err := change(l.ID)
	if err != nil {
		t.Fatal(err)
	}
	return moved
}

func sameTree(t *rapid.T, tree *spread.Tree, leaves []spread.Leaf, want truth) {
	if got := tree.Sums(); got != want.sums {
		t.Fatalf("sums are %+v, by definition %+v", got, want.sums)
	}
	if got := tree.Days(); !maps.Equal(got, want.days) {
		t.Fatalf("days are %v, by definition %v", got, want.days)
	}
	for _, l := range leaves {
		if got, ok := tree.Points(l.ID); !ok || got != want.points[l.ID] {
			t.Fatalf("open %d has %d points, by definition %d", l.ID, got, want.points[l.ID])
		}
	}
	shape := tree.Shape(noon)
	if shape.LargestHand != want.hand || !slices.Equal(shape.Generations, want.generations) || shape.LargestBranch != want.branch ||
		!near(shape.Virality, want.virality) || !near(shape.R, want.r) || shape.HalfLife != want.halfLife {
		t.Fatalf("shape is %+v, by definition %+v", shape, want)
	}
}

func sameMoves(t *rapid.T, moved []spread.Moved, before, after truth, most int64) {
	if len(moved) > int(2*most-1) {
		t.Fatalf("the points of %d opens changed, at most %d can", len(moved), 2*most-1)
	}
	want := map[int64]spread.Moved{}
	for _, points := range []map[int64]int64{before.points, after.points} {
		for id := range points {
			if before.points[id] != after.points[id] {
				want[id] = spread.Moved{ID: id, From: before.points[id], To: after.points[id]}
			}
		}
	}
	for _, m := range moved {
		if m.From != m.To && want[m.ID] != m {
			t.Fatalf("moved %+v, by definition %+v", m, want[m.ID])
		}
		delete(want, m.ID)
	}
	if len(want) > 0 {
		t.Fatalf("not told: %v", want)
	}
}

// sameAsTheFold compares with what the fold would write down of these opens.
func sameAsTheFold(t *rapid.T, tree *spread.Tree, leaves []spread.Leaf, most int64) {
	own := slices.Clone(leaves)
	heads := map[int64]int64{0: 0}
	for i := range own {
		if heads[own[i].ID] = heads[own[i].Parent]; own[i].Parent == 0 {
			heads[own[i].ID] = own[i].ID
		}
		own[i].Branch = heads[own[i].ID]
	}
	r, shape := spread.Reckon(own, most), tree.Shape(time.Time{})
	maps.DeleteFunc(r.Days, func(_ int64, s spread.Sums) bool { return s == spread.Sums{} })
	if !maps.Equal(r.Days, tree.Days()) {
		t.Fatalf("the fold has days %v, the tree %v", r.Days, tree.Days())
	}
	if got := (spread.Totals{
		Sums: shape.Sums, Farthest: int64(shape.Depth), Squares: shape.Branches, FirstAt: shape.FirstAt, LastAt: shape.LastAt,
	}); !sameTotals(got, r.Totals) {
		t.Fatalf("the fold has totals %+v, the tree %+v", r.Totals, got)
	}
}

func sameTotals(a, b spread.Totals) bool {
	return a.Sums == b.Sums && a.Farthest == b.Farthest && a.Squares == b.Squares && a.FirstAt.Equal(b.FirstAt) && a.LastAt.Equal(b.LastAt)
}

func BenchmarkInsertIntoAStar(b *testing.B) {
	for name, size := range map[string]int{"of a thousand": 1_000, "of a million": 1_000_000} {
		b.Run(name, func(b *testing.B) {
			benchmarkInsert(b, size, func(int) int64 { return 0 })
		})
	}
}

func BenchmarkInsertBelowOneReader(b *testing.B) {
	benchmarkInsert(b, 1_000_000, func(i int) int64 { return min(int64(i), 1) })
}

func BenchmarkInsertFourHopsDown(b *testing.B) {
	benchmarkInsert(b, 100_000, func(i int) int64 { return int64(i) / 18 })
}

func benchmarkInsert(b *testing.B, size int, parent func(i int) int64) {
	b.ReportAllocs()
	for b.Loop() {
		tree := spread.NewTree(5)
		for i := range size {
			insert(b, tree, spread.Leaf{ID: int64(i + 1), Parent: parent(i), OpenedAt: noon, Counted: true})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/open")
}

// Un-counting one after the other everybody whom one reader brought.
func BenchmarkUncountAndCountAHundredThousand(b *testing.B) {
	tree := spread.NewTree(5)
	const size = 100_000
	for i := range size {
		insert(b, tree, spread.Leaf{ID: int64(i + 1), Parent: min(int64(i), 1), OpenedAt: noon, Counted: true})
	}
	for b.Loop() {
		for id := int64(2); id <= size; id++ {
			if _, err := tree.Uncount(id, share.Excluded); err != nil {
				b.Fatal(err)
			}
		}
		for id := int64(2); id <= size; id++ {
			if _, err := tree.Count(id); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*2*size), "ns/decision")
}

func BenchmarkGrowAndMeasureAMillion(b *testing.B) {
	leaves := make([]spread.Leaf, 1_000_000)
	for i := range leaves {
		leaves[i] = spread.Leaf{ID: int64(i + 1), Parent: int64(i) / 18, OpenedAt: noon.Add(time.Duration(i) * time.Second), Counted: true}
	}
	for b.Loop() {
		tree, err := spread.Grow(leaves, 5)
		if err != nil {
			b.Fatal(err)
		}
		if tree.Shape(noon).People != 1_000_000 {
			b.Fatal("somebody was lost")
		}
	}
}
