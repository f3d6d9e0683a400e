package spread_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// overgrown is a folded tree of many opens: each was brought by one of the
// hundred before it, one in ten by the link.
func overgrown(b *testing.B, opens int64) (*data.DB, *spread.Folder) {
	b.Helper()
	db, ctx, rng := planted(b, 1), context.Background(), rand.New(rand.NewPCG(1, 2))
	branch := []int64{0, 1}
	var rows []any
	for id := int64(2); id <= opens; id++ {
		var parent, head any
		branch = append(branch, id)
		if rng.IntN(10) > 0 {
			p := id - 1 - rng.Int64N(min(id-1, 100))
			parent, head, branch[id] = p, branch[p], branch[p]
		}
		rows = append(rows, id, 1, parent, head, datatest.Noon.Add(time.Duration(id)*time.Second), 0, 0, 0, 0)
	}
	err := db.Update(ctx, func(tx *data.Tx) error {
		return data.InsertRows(ctx, tx, `INSERT INTO opens (id, link_id, parent_id, branch_id, opened_at, state, channel, observed, device)`, 9, rows, ``)
	})
	if err != nil {
		b.Fatal(err)
	}
	f := &spread.Folder{}
	if err := f.FoldTo(ctx, db, opens, 0); err != nil {
		b.Fatal(err)
	}
	return db, f
}

// What one decision costs, until it is in the numbers, on a tree of 100 000.
func BenchmarkADecisionOnALargeTree(b *testing.B) {
	const opens = 100_000
	db, f := overgrown(b, opens)
	ctx, rng := context.Background(), rand.New(rand.NewPCG(3, 4))
	for b.Loop() {
		id, state := 1+rng.Int64N(opens), share.Excluded
		if rng.IntN(2) == 0 {
			state = share.Counted
		}
		err := db.Update(ctx, func(tx *data.Tx) error {
			return share.Decide(ctx, tx, share.Decision{OpenID: id, LinkID: 1, State: state})
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := f.FoldTo(ctx, db, opens, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// What it costs to leave out, and count again, a branch of thousands and a few
// hundred opens all over the tree, on a tree of 100 000.
func BenchmarkManyDecisionsOnALargeTree(b *testing.B) {
	const opens = 100_000
	db, f := overgrown(b, opens)
	ctx, rng := context.Background(), rand.New(rand.NewPCG(5, 6))
	scattered := make([]int64, 300)
	for i := range scattered {
		scattered[i] = 1 + rng.Int64N(opens)
	}
	var branch []int64
	err := db.View(ctx, func(tx *data.Tx) (err error) {
		branch, err = data.All(ctx, tx, data.Integer, `SELECT id FROM opens WHERE branch_id = (
			SELECT branch_id FROM opens WHERE branch_id IS NOT NULL GROUP BY branch_id ORDER BY abs(count(*) - 5000) LIMIT 1)`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, ids := range map[string][]int64{"a network": scattered, "a branch": branch} {
		b.Run(name, func(b *testing.B) {
			state := share.Excluded
			for b.Loop() {
				b.StopTimer()
				err := db.Update(ctx, func(tx *data.Tx) error {
					for _, id := range ids {
						if err := share.Decide(ctx, tx, share.Decision{OpenID: id, LinkID: 1, State: state}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := f.FoldTo(ctx, db, opens, 0); err != nil {
					b.Fatal(err)
				}
				state = share.Excluded - state
			}
			b.ReportMetric(float64(len(ids)), "opens")
		})
	}
}
