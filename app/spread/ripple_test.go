package spread_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
)

func leavesOn(parents ...int64) (leaves []spread.Leaf) {
	for i, p := range parents {
		leaves = append(leaves, spread.Leaf{ID: int64(i + 1), Parent: p, OpenedAt: noon, Counted: true})
	}
	return leaves
}

// bushy is a tree of some opens of which each brings a few.
func bushy(size int, few int64) []spread.Leaf {
	parents := make([]int64, size)
	for i := range parents {
		parents[i] = int64(i) / few
	}
	return leavesOn(parents...)
}

func TestAMapOfNobodyIsEmpty(t *testing.T) {
	if r := spread.Lay(nil); len(r.Spots) != 0 || len(r.Rings) != 0 || r.Hidden != 0 {
		t.Errorf("%+v", r)
	}
}

func TestTheFirstReaderStandsAboveTheLink(t *testing.T) {
	r := spread.Lay(leavesOn(0))
	if len(r.Spots) != 1 || r.Spots[0].X != 500 || r.Spots[0].Y >= 500 || r.Spots[0].ID != 1 || r.Spots[0].Hop != 1 || r.Spots[0].Above != -1 {
		t.Errorf("%+v", r.Spots)
	}
}

func TestASpotSaysWhatItStandsFor(t *testing.T) {
	leaves := leavesOn(0, 1, 2, 2)
	leaves[1].Counted, leaves[1].State = false, share.NetworkCap
	r := spread.Lay(leaves)
	first, held := r.Spots[0], r.Spots[1]
	if first.Below != 3 || first.People != 2 || !first.Counted {
		t.Errorf("the first is %+v, want 3 below of which 2 count", first)
	}
	if held.ID != 2 || held.Hop != 2 || held.Counted || held.State != share.NetworkCap || held.Below != 2 || held.People != 2 {
		t.Errorf("the held one is %+v", held)
	}
}

// Of a chain longer than there are rings the rest is told at the last ring; of
// a star wider than there are spots, at the first.
func TestWhatIsTooMuchIsGathered(t *testing.T) {
	for name, c := range map[string]struct {
		parents          []int64
		spots, told, hop int
	}{
		"a chain of 400":      {chain(400), 32, 369, 32},
		"a star of 100 000":   {star(100_000), spread.MostSpots, 99_501, 1},
		"a star of 500":       {star(500), 500, 0, 1},
		"a star of one more":  {star(501), 500, 2, 1},
		"a chain of 32 spots": {chain(32), 32, 1, 32},
	} {
		t.Run(name, func(t *testing.T) {
			r := spread.Lay(leavesOn(c.parents...))
			last := r.Spots[len(r.Spots)-1]
			if len(r.Spots) != c.spots || r.Hidden != c.told || last.Gathered != c.told || last.Hop != c.hop {
				t.Errorf("%d spots, the last tells %d of %d at hop %d; want %+v", len(r.Spots), last.Gathered, r.Hidden, last.Hop, c)
			}
			soundMap(t, r, len(c.parents), 0)
		})
	}
}

// A hundred held opens below one reader are less to be seen than people.
func TestPeopleAreDrawnRatherThanWhatDoesNotCount(t *testing.T) {
	var leaves []spread.Leaf
	for i := range int64(1200) {
		leaves = append(leaves, spread.Leaf{ID: i + 1, OpenedAt: noon, Counted: i >= 800, State: share.NetworkCap})
	}
	people := 0
	for _, s := range spread.Lay(leaves).Spots {
		if s.Counted && s.Gathered == 0 {
			people++
		}
	}
	if people != 400 {
		t.Errorf("%d of 400 people are drawn", people)
	}
}

func TestAmbassadorsStandAroundTheBrand(t *testing.T) {
	r, _ := spread.LayOwners(ownersOf(bushy(40, 3), nil, leavesOn(0, 0)))
	soundMap(t, r, 42, 3)
	var at []spread.Spot
	for _, s := range r.Spots {
		if s.Hop == 0 {
			at = append(at, s)
		}
	}
	if len(at) != 3 || at[0].Owner != 0 || at[0].Below != 40 || at[1].Owner != 1 || at[1].Below != 2 || at[2].Owner != 2 || at[2].Below != 0 {
		t.Fatalf("ambassadors are %+v", at)
	}
	for _, s := range at {
		if far := math.Hypot(s.X-500, s.Y-500); math.Abs(far-r.Owners) > .2 {
			t.Errorf("ambassador %d is %.1f from the brand, the ring %.1f", s.Owner, far, r.Owners)
		}
	}
	for _, s := range r.Spots {
		if s.Above >= 0 && r.Spots[s.Above].Owner != s.Owner {
			t.Errorf("open %d of %d hangs on %d", s.ID, s.Owner, r.Spots[s.Above].Owner)
		}
	}
}

// ownersOf are ambassadors with a tree each, three to a squad.
func ownersOf(trees ...[]spread.Leaf) (owners []spread.Owner) {
	for i, leaves := range trees {
		o := spread.Owner{Name: "Amina Mansouri", Squad: i / 3, Opens: len(leaves), Traces: []*spread.Trace{spread.Traced(leaves, 5)}, Named: i < 8}
		for _, l := range leaves {
			if l.Counted {
				o.People++
			}
		}
		owners = append(owners, o)
	}
	return owners
}

func TestTwoThousandAmbassadorsAreGatheredSquadBySquad(t *testing.T) {
	owners := make([][]spread.Leaf, 2000)
	for i := range owners {
		owners[i] = leavesOn(star(i % 3)...)
	}
	r, drawn := spread.LayOwners(ownersOf(owners...))
	soundMap(t, r, 1999, 2000)
	if len(drawn) > 64+8+32 || !r.Arcs || len(r.Around) < 20 {
		t.Errorf("%d ambassadors are drawn, with %d squads", len(drawn), len(r.Around))
	}
}

func TestTwelveAmbassadorsAreDiscsAndThirteenArcsAsWideAsTheRootOfTheirPeople(t *testing.T) {
	trees := make([][]spread.Leaf, 13)
	for i := range trees {
		trees[i] = leavesOn(star(4)...)
	}
	if r, _ := spread.LayOwners(ownersOf(trees[:12]...)); r.Arcs || len(r.Around) > 0 {
		t.Error("twelve are arcs")
	}
	trees[5] = leavesOn(star(400)...)
	r, _ := spread.LayOwners(ownersOf(trees...))
	soundMap(t, r, 12*4+400, 13)
	wide := map[int]float64{}
	for _, s := range r.Spots {
		if s.Hop == 0 {
			wide[s.Owner] = s.Arc.To - s.Arc.From
		}
	}
	// The one with 400 people stands first in its squad, which is the second.
	if len(wide) != 13 || math.Abs((wide[3]-.018)/(wide[12]-.018)-10) > .01 {
		t.Errorf("arcs are %v wide", wide)
	}
}

// An ambassador's further opens, which were too many to be read, are told too.
func TestWhatWasNotReadIsTold(t *testing.T) {
	owners := ownersOf(leavesOn(0, 1), nil)
	owners[0].Opens, owners[0].People = 70_002, 60_002
	r, _ := spread.LayOwners(owners)
	soundMap(t, r, 70_002, 2)
	if r.Hidden != 70_000 || r.Spots[0].People != 60_002 {
		t.Errorf("%d are told, and %+v", r.Hidden, r.Spots[0])
	}
}

func TestABranchIsDrawnAroundItsReader(t *testing.T) {
	tree := spread.Traced(leavesOn(0, 1, 2, 2, 1, 0, 6), 5)
	r := tree.Lay(2)
	if len(r.Spots) != 2 || r.First != 3 || r.Spots[0].Number != 3 || r.Spots[1].Number != 4 || r.Spots[0].Hop != 3 || r.Spots[0].Above != -1 {
		t.Errorf("%+v", r)
	}
	if way := tree.Way(4); !reflect.DeepEqual(way, []int{1, 2, 4}) {
		t.Errorf("the way to 4 is %v", way)
	}
	if all := tree.Branch(1); !reflect.DeepEqual(all, []int{1, 2, 3, 4, 5}) {
		t.Errorf("the branch of 1 is %v", all)
	}
}

func TestTheSameOpensGiveTheSameMap(t *testing.T) {
	leaves := bushy(3000, 4)
	if a, b := spread.Lay(leaves), spread.Lay(leaves); !reflect.DeepEqual(a, b) {
		t.Error("two maps of one tree are not the same")
	}
}

func TestMapsOfAnyTreeAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var owners [][]spread.Leaf
		opens, id := 0, int64(0)
		deep := rapid.IntRange(0, 100).Draw(t, "deep")
		near := rapid.IntRange(1, 400).Draw(t, "near")
		for range rapid.IntRange(1, 30).Draw(t, "owners") {
			var leaves []spread.Leaf
			dice := rapid.Uint64().Draw(t, "dice")
			for range rapid.IntRange(0, rapid.SampledFrom([]int{0, 3, 40, 300}).Draw(t, "size")).Draw(t, "opens") {
				dice = dice*6364136223846793005 + 1442695040888963407
				l := spread.Leaf{ID: id + 1, Counted: dice>>60 > 0, OpenedAt: noon}
				if n := len(leaves); n > 0 && int(dice>>32%100) < deep {
					l.Parent = leaves[n-1-int(dice>>40)%min(n, near)].ID
				}
				id++
				leaves = append(leaves, l)
			}
			owners = append(owners, leaves)
			opens += len(leaves)
		}
		r, _ := spread.LayOwners(ownersOf(owners...))
		soundMap(t, r, opens, len(owners))
		soundMap(t, spread.Lay(owners[0]), len(owners[0]), 0)
		if n := len(owners[0]); n > 0 {
			tree := spread.Traced(owners[0], 5)
			number := rapid.IntRange(1, n).Draw(t, "branch")
			soundMap(t, tree.Lay(number), len(tree.Branch(number))-1, 0)
		}
	})
}

// unsound is a test, or a step of a property.
type unsound interface{ Fatalf(string, ...any) }

// soundMap says whether a map tells everything, draws no more than it may, and
// nothing on top of something else.
func soundMap(t unsound, r spread.Ripple, opens, owners int) {
	if len(r.Spots) > spread.MostSpots {
		t.Fatalf("%d spots", len(r.Spots))
	}
	told, hidden, ambassadors := 0, 0, 0
	for i, s := range r.Spots {
		switch {
		case s.Gathered > 0:
			hidden += s.Gathered
		case s.Hop == 0:
			ambassadors += max(s.Others, 1)
		default:
			told++
		}
		if s.Above >= i || s.Above >= 0 && (r.Spots[s.Above].Hop != s.Hop-1 || s.FromX != r.Spots[s.Above].X || s.FromY != r.Spots[s.Above].Y) {
			t.Fatalf("spot %d hangs on %d: %+v", i, s.Above, s)
		}
		if err := standsClear(r, i); err != nil {
			t.Fatalf("%v", err)
		}
	}
	if told+hidden != opens || hidden != r.Hidden || ambassadors != owners {
		t.Fatalf("%d drawn and %d gathered of %d opens, %d of %d ambassadors", told, hidden, opens, ambassadors, owners)
	}
	for i := 1; i < len(r.Rings); i++ {
		if r.Rings[i] <= r.Rings[i-1] {
			t.Fatalf("rings at %v", r.Rings)
		}
	}
	if err := wordsStandClear(r); err != nil {
		t.Fatalf("%v", err)
	}
}

// box is what words take, around its middle.
type box struct {
	what       string
	x, y, w, h float64
}

// wordsStandClear says whether the numbers of rings and gatherings, and names,
// have room for themselves: on a phone those of rings are 36 high.
func wordsStandClear(r spread.Ripple) error {
	var all []box
	for _, m := range r.Marks {
		all = append(all, box{fmt.Sprint("ring ", m.Hop), m.X, m.Y, 44, 36})
	}
	for _, c := range r.Counts {
		all = append(all, box{fmt.Sprint("count ", c.N), c.X, c.Y, c.W, c.H})
	}
	for _, n := range r.Names {
		x := n.X + n.W/2
		if n.Left {
			x = n.X - n.W/2
		}
		if x-n.W/2 < -r.Beside || x+n.W/2 > r.Size+r.Beside || n.Y-n.H/2 < 0 || n.Y+n.H/2 > r.Size {
			return fmt.Errorf("name %d is cut off: %+v", n.Owner, n)
		}
		all = append(all, box{fmt.Sprint("name ", n.Owner), x, n.Y, n.W, n.H})
	}
	if last := len(r.Rings); last > 0 && (len(r.Marks) == 0 || r.Marks[len(r.Marks)-1].Hop != r.First+last-1) {
		return fmt.Errorf("the last of %d rings has no number: %v", last, r.Marks)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if math.Abs(a.x-b.x) < (a.w+b.w)/2 && math.Abs(a.y-b.y) < (a.h+b.h)/2 {
				return fmt.Errorf("%s and %s overlap: %+v %+v", a.what, b.what, a, b)
			}
		}
		away := func(x, y float64) float64 {
			return math.Hypot(max(math.Abs(x-a.x)-a.w/2, 0), max(math.Abs(y-a.y)-a.h/2, 0))
		}
		if d := away(r.Size/2, r.Size/2); d < r.Middle {
			return fmt.Errorf("%s is on what stands in the middle: %+v", a.what, a)
		}
		for j, s := range r.Spots {
			if s.Arc.To > 0 {
				continue // arcs are looked at by their radius
			}
			if d := away(s.X, s.Y); d < s.R {
				return fmt.Errorf("%s is on spot %d: %+v %+v", a.what, j, a, s)
			}
		}
		if d := away(r.Size/2, r.Size/2); r.Arcs && d < r.Owners+7 && a.what[0] != 'r' {
			return fmt.Errorf("%s is on the ambassadors' arcs", a.what)
		}
	}
	return nil
}

func standsClear(r spread.Ripple, i int) error {
	s := r.Spots[i]
	far := math.Hypot(s.X-r.Size/2, s.Y-r.Size/2)
	if !(s.R >= 1.4) || far < r.Middle+s.R || far+s.R > r.Size/2 {
		return fmt.Errorf("spot %d of radius %f is %f from the middle", i, s.R, far)
	}
	if math.Abs(s.X*10-math.Round(s.X*10)) > 1e-6 || math.Abs(s.BendY[1]*10-math.Round(s.BendY[1]*10)) > 1e-6 {
		return fmt.Errorf("spot %d has more than one decimal: %v %v", i, s.X, s.BendY)
	}
	for j, o := range r.Spots[:i] {
		if s.Arc.To > 0 || o.Arc.To > 0 {
			if s.Arc.From < o.Arc.To && o.Arc.From < s.Arc.To {
				return fmt.Errorf("arcs %d and %d overlap: %v %v", j, i, o.Arc, s.Arc)
			}
			if s.Arc.To == 0 && far-s.R < r.Owners+7 {
				return fmt.Errorf("spot %d is on the ambassadors' arcs", i)
			}
			continue
		}
		if d := math.Hypot(s.X-o.X, s.Y-o.Y); d < s.R+o.R {
			return fmt.Errorf("spots %d and %d touch: %f apart, radii %f and %f\n%+v\n%+v", j, i, d, o.R, s.R, o, s)
		}
	}
	return nil
}

func BenchmarkLay(b *testing.B) {
	for name, leaves := range map[string][]spread.Leaf{
		"one": leavesOn(0), "a thousand": bushy(1000, 3), "a hundred thousand": bushy(100_000, 6),
		"a star of a hundred thousand": leavesOn(star(100_000)...), "a chain of a hundred thousand": leavesOn(chain(100_000)...),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if r := spread.Lay(leaves); len(r.Spots) == 0 {
					b.Fatal("nothing drawn")
				}
			}
		})
	}
}
