package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"ricochet.example/data"
	"ricochet.example/views"
)

// crowdOf is how many ambassadors there are on the long leaderboard.
const crowdOf = 100_000

// treeOf is how many opens are below the link whose tree is drawn, or as near as
// there is one.
const treeOf = 100_000

// looks is how often each page is looked at.
const looks = 9

// glance is a page that is looked at.
type glance struct {
	name   string
	path   string
	text   string // that must be on it
	below  int64  // the link that is opened before each look; 0: any
	floor  float64
	target float64
}

// lookAround measures the leaderboard and a tree of a large installation.
func (b *bench) lookAround(ctx context.Context, base *prepared, dir string) error {
	var who *insider
	var link, size int64
	err := with(ctx, dir, func(db *data.DB) (err error) {
		if who, err = signIn(ctx, db, managerAddress); err != nil {
			return err
		}
		return db.View(ctx, func(tx *data.Tx) error {
			return data.Each(ctx, tx, func(r data.Row) error { return r.Scan(&link, &size) },
				`SELECT link_id, people + held FROM link_totals ORDER BY abs(people + held - ?) LIMIT 1`, treeOf)
		})
	})
	if err != nil {
		return err
	}
	f, _, err := b.inspect(ctx, base, dir)
	if err != nil {
		return err
	}
	token := f.tokens.Link(link)
	board := fmt.Sprintf("leaderboard of %d ambassadors at %s opens", b.ambassadors, many(base.Opens))
	tree := fmt.Sprintf("a tree of %d opens, gathered and drawn", size)
	return b.glances(ctx, dir, f, who,
		glance{name: board + ", all time", path: views.BoardPath(base.Campaign), text: "Ambassador ", floor: 20, target: 5},
		glance{name: board + ", this week", path: views.BoardPath(base.Campaign) + "?period=week", text: "Ambassador ", floor: 40, target: 10},
		glance{name: tree + ": its page", path: views.LinkPath(token), text: "<svg", below: link, floor: 300, target: 100},
		glance{name: tree + ": the file", path: views.MapPath(token), text: "<svg", below: link, floor: 300, target: 100})
}

// lookAtMany measures the leaderboard of very many ambassadors, as one of them
// sees it.
func (b *bench) lookAtMany(ctx context.Context) error {
	base, err := b.prepared(ctx, plan{ambassadors: b.crowd, drops: 1, opens: b.opens[1]})
	if err != nil {
		return err
	}
	dir, err := b.copyOf(base, "many")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var who *insider
	err = with(ctx, dir, func(db *data.DB) (err error) {
		who, err = signIn(ctx, db, ambassadorAddress(b.crowd/2))
		return err
	})
	if err != nil {
		return err
	}
	f, _, err := b.inspect(ctx, base, dir)
	if err != nil {
		return err
	}
	return b.glances(ctx, dir, f, who, glance{
		name: fmt.Sprintf("leaderboard of %d ambassadors, this week, own rank", b.crowd),
		path: views.BoardPath(base.Campaign) + "?period=week", text: who.id, floor: 300, target: 20,
	})
}

// glances serves a directory and looks at pages of it, at each a few times. Before
// every look an open is counted, so that nothing is there that was made for the
// look before.
func (b *bench) glances(ctx context.Context, dir string, f *field, who *insider, all ...glance) (err error) {
	c, _, err := b.serve(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = c.abandon() }()
	onlooker, err := newWatch(ctx, dir, idleWatch)
	if err != nil {
		return err
	}
	defer onlooker.close()
	visitors := crowds(f, seed+6)[0]
	for _, g := range all {
		b.tell.say("looking at: %s …", g.name)
		var took []float64
		for range looks {
			if err := visitors.openOne(c.addr, g.below); err != nil {
				return err
			}
			if err := onlooker.until(ctx, f.top.Load()); err != nil {
				return err
			}
			d, err := who.look(ctx, c.addr, g.path, g.text)
			if err != nil {
				return fmt.Errorf("%w; the server said:\n%s", err, c.log)
			}
			took = append(took, millis(d))
		}
		l := measured(g.name, median(took), asMillis, g.floor, g.target)
		l.ours += " (first " + asMillis(took[0]) + ", slowest " + asMillis(slices.MaxFunc(took, cmp.Compare)) + ")"
		b.lines = append(b.lines, l)
	}
	return nil
}

// openOne confirms one open of a link, or of whatever comes next.
func (c *crowd) openOne(addr string, link int64) error {
	var w wire
	if c.come(&w); link != 0 {
		c.tokens.AppendLink(w.token[:0], link)
	}
	c.confirm(&w)
	got, err := copyAnswer(addr, w.out)
	if err != nil {
		return err
	}
	return c.note(answer{status: 200, body: got.Body}, time.Now())
}
