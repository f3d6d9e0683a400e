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
	r := spread.LayOwners([][]spread.Leaf{bushy(40, 3), nil, leavesOn(0, 0)})
	soundMap(t, r, 42, 3)
	var at []spread.Spot
	for _, s := range r.Spots {
		if s.Hop == 0 {
			at = append(at, s)
		}
	}
	if len(at) != 3 || at[0].Owner != 0 || at[0].Below != 40 || at[1].Owner != 1 || at[1].Below != 0 || at[2].Owner != 2 || at[2].Below != 2 {
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

func TestTwoThousandAmbassadorsAreGatheredToo(t *testing.T) {
	owners := make([][]spread.Leaf, 2000)
	for i := range owners {
		owners[i] = leavesOn(star(i % 3)...)
	}
	soundMap(t, spread.LayOwners(owners), 1999, 2000)
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
		for range rapid.IntRange(1, 5).Draw(t, "owners") {
			var leaves []spread.Leaf
			dice := rapid.Uint64().Draw(t, "dice")
			for range rapid.IntRange(0, 700).Draw(t, "opens") {
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
		soundMap(t, spread.LayOwners(owners), opens, len(owners))
		soundMap(t, spread.Lay(owners[0]), len(owners[0]), 0)
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
		case s.Gathered > 0 || s.Others > 0:
			hidden += s.Gathered
			ambassadors += s.Others
		case s.Hop == 0:
			ambassadors++
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
