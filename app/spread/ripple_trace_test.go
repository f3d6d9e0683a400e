package spread_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// What pictures and stories are made of is what the fold counts: hop by hop,
// point by point, after decisions too, read at once or bit by bit.
func TestATraceSaysWhatTheFoldSays(t *testing.T) {
	ctx := context.Background()
	g := plant(t, 5)
	var f spread.Folder
	had := map[int64]*spread.Trace{}
	for round := range 6 {
		for range 60 {
			g.open()
		}
		if round > 1 {
			for range 8 {
				g.decide()
			}
		}
		if err := f.Fold(ctx, g.db); err != nil {
			t.Fatal(err)
		}
		for link := range g.most {
			err := g.db.View(ctx, func(tx *data.Tx) error {
				look, err := spread.LookAt(ctx, tx, link)
				if err != nil {
					return err
				}
				tree, err := spread.ReadTrace(ctx, tx, link, had[link])
				if err != nil {
					return err
				}
				had[link] = tree
				if tree.Len() != len(look.Leaves) || tree.Left != 0 {
					t.Fatalf("%d opens and %d more, of %d", tree.Len(), tree.Left, len(look.Leaves))
				}
				people := 0
				for i, l := range look.Leaves {
					r := tree.Reader(i + 1)
					if r.ID != l.ID || !r.OpenedAt.Equal(l.OpenedAt) || r.State != l.State || r.Counted != l.Counted ||
						int64(r.Hop) != look.Reckoning.Hops[i] || int64(r.Points) != look.Reckoning.Points[i] {
						t.Fatalf("link %d: %+v, not %+v at hop %d with %d points", link, r, l, look.Reckoning.Hops[i], look.Reckoning.Points[i])
					}
					if l.Parent != 0 && look.Leaves[r.Above-1].ID != l.Parent {
						t.Fatalf("%d hangs on %d, not %d", l.ID, look.Leaves[r.Above-1].ID, l.Parent)
					}
					if r.Counted {
						people++
					}
				}
				some, err := spread.ReadTraceUpTo(ctx, tx, link, nil, 7)
				if err != nil {
					return err
				}
				if some.Len() != min(7, tree.Len()) || some.Left != tree.Len()-some.Len() {
					t.Fatalf("%d opens and %d more, of %d", some.Len(), some.Left, tree.Len())
				}
				story := tree.Story(time.Time{})
				if int64(story.People) != look.Reckoning.Totals.People || story.People != people || int64(story.Farthest) != look.Reckoning.Totals.Farthest {
					t.Fatalf("the story tells of %d people, %d hops", story.People, story.Farthest)
				}
				line := tree.Timeline()
				came := 0
				for _, b := range append(line.Hours, line.Days...) {
					hops, channels := 0, 0
					for _, n := range b.Hops {
						hops += n
					}
					for _, n := range b.Channels {
						channels += n
					}
					if came += b.People; hops != b.People || channels != b.People {
						t.Fatalf("%d people are %d by hop and %d by channel", b.People, hops, channels)
					}
				}
				if came != people || len(line.Hours) > 48 || len(line.Days) > 61 {
					t.Fatalf("%d of %d people in %d hours and %d buckets of days", came, people, len(line.Hours), len(line.Days))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAStoryTellsOfPausesAndHands(t *testing.T) {
	leaves := leavesOn(0, 1, 1, 2, 0, 5)
	for i, hours := range []int{0, 1, 2, 50, 51, 80} {
		leaves[i].OpenedAt = noon.Add(time.Duration(hours) * time.Hour)
	}
	s := spread.Traced(leaves, 5).Story(noon.Add(-time.Hour))
	want := spread.Story{
		People: 6, Since: noon.Add(-time.Hour), FirstAt: noon, LastAt: noon.Add(80 * time.Hour), ToFirst: time.Hour, HalfLife: 26 * time.Hour,
		Farthest: 3, Way: 4, Branch: 1, Grown: 4, Hand: 1, Brought: 2,
		Woken: []spread.Waking{
			{At: noon.Add(50 * time.Hour), After: 48 * time.Hour, Hop: 3, Since: 2},
			{At: noon.Add(80 * time.Hour), After: 29 * time.Hour, Hop: 2, Since: 1},
		},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}
