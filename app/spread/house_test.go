package spread_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// Whatever is opened of links of the house, and wherever it stands between the opens of others: no board changes, nor
// any sum, and the house's own numbers are those of its opens.
func TestNoBoardKnowsOfLinksOfTheHouse(t *testing.T) {
	for seed := range uint64(6) {
		c := gather(t, 6, seed)
		members := slices.Clone(c.links)
		var houses []share.Link
		c.update(func(ctx context.Context, tx *data.Tx) error {
			houses = nil
			for _, d := range c.drops {
				l, err := share.NewHouse(ctx, tx, d.ID, "Newsletter")
				if err != nil {
					return err
				}
				houses = append(houses, l)
			}
			return nil
		})
		var warm spread.Boards // looked at all the time, as a server's
		for round := range 12 {
			c.clock.Advance(7 * time.Hour)
			c.links = members
			for range c.rng.IntN(6) {
				c.open()
			}
			c.fold()
			before := map[spread.Scope]spread.Board{}
			for _, scope := range c.scopes() {
				before[scope] = c.look(&warm, spread.Ask{Scope: scope, Odds: true})
			}
			had := c.people(houses)
			c.links, c.opens = houses, nil
			for range 3 + c.rng.IntN(9) {
				c.open()
			}
			counted := int64(0)
			for _, o := range c.opens {
				if o.State == share.Counted {
					counted++
				}
			}
			c.fold()
			for scope, want := range before {
				if got := c.look(&warm, spread.Ask{Scope: scope, Odds: true}); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, round %d: the board of %+v was\n%+v and is\n%+v", seed, round, scope, want, got)
				}
				if got := c.look(&spread.Boards{}, spread.Ask{Scope: scope, Odds: true}); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, round %d: read anew, the board of %+v was\n%+v and is\n%+v", seed, round, scope, want, got)
				}
			}
			if got := c.people(houses) - had; got != counted {
				t.Fatalf("seed %d, round %d: the house has %d people more, of %d opens that count", seed, round, got, counted)
			}
			c.opens = nil // members' opens do not hang on the house's
		}
	}
}

// people is how many people links have reached.
func (c *crowd) people(links []share.Link) (n int64) {
	c.t.Helper()
	err := c.db.View(c.t.Context(), func(tx *data.Tx) error {
		for _, l := range links {
			t, err := spread.TotalsOf(c.t.Context(), tx, l.ID)
			if err != nil {
				return err
			}
			n += t.People
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

func (c *crowd) fold() {
	c.t.Helper()
	if err := c.folder.Fold(c.t.Context(), c.db); err != nil {
		c.t.Fatal(err)
	}
}
