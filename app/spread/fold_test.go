package spread_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// grove is some links and what a test knows of their opens.
type grove struct {
	t     *testing.T
	db    *data.DB
	rng   *rand.Rand
	most  map[int64]int64 // of each link
	opens []spread.Leaf   // of all links, in the order of their ids
	link  map[int64]int64 // of each open
	hubs  int             // how many of the first opens bring most of the others
}

// plant makes two ambassadors, each with a link in two campaigns that differ in
// what a person can be worth, and a rehearsal.
func plant(t *testing.T, seed uint64) *grove {
	t.Helper()
	ctx := context.Background()
	g := &grove{t: t, db: datatest.New(t), rng: rand.New(rand.NewPCG(seed, 7)), most: map[int64]int64{}, link: map[int64]int64{}}
	g.update(func(tx *data.Tx) error {
		for i, most := range []int{1, 2, 5, 10} {
			a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("a%d@example.com", i), Name: "Ana", Role: account.Owner, Language: "en"})
			if err != nil {
				return err
			}
			c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "C", StartsAt: datatest.Noon, EndsAt: datatest.Noon.AddDate(0, 1, 0), Most: most})
			if err != nil {
				return err
			}
			d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "T", Body: "B"}})
			if err != nil {
				return err
			}
			l, err := share.Take(ctx, tx, a.ID, d.ID)
			if err != nil {
				return err
			}
			g.most[l.ID] = int64(most)
		}
		return nil
	})
	return g
}

func (g *grove) update(fn func(tx *data.Tx) error) {
	g.t.Helper()
	if err := g.db.Update(context.Background(), fn); err != nil {
		g.t.Fatal(err)
	}
}

// open adds an open somewhere, counted or not.
func (g *grove) open() {
	g.t.Helper()
	links := slices.Sorted(maps.Keys(g.most))
	link := links[g.rng.IntN(len(links))]
	var up *spread.Leaf
	if len(g.opens) > 0 && g.rng.IntN(4) > 0 {
		up = &g.opens[len(g.opens)-1-g.rng.IntN(min(len(g.opens), 6))]
		if g.hubs > 0 && g.rng.IntN(3) > 0 {
			up = &g.opens[g.rng.IntN(min(len(g.opens), g.hubs))]
		}
		link = g.link[up.ID]
	}
	var state share.State
	if g.rng.IntN(5) == 0 {
		state = share.SameNetwork
	}
	g.openBelow(link, up, state)
}

// openBelow adds an open below another or, if there is none, on the link.
func (g *grove) openBelow(link int64, up *spread.Leaf, state share.State) *spread.Leaf {
	g.t.Helper()
	o := spread.Leaf{OpenedAt: datatest.Noon.Add(time.Duration(len(g.opens)) * 5 * time.Hour), State: state}
	var parent, branch any
	if up != nil {
		o.Parent, o.Branch = up.ID, up.Branch
		parent, branch = up.ID, up.Branch
	}
	g.update(func(tx *data.Tx) (err error) {
		o.ID, err = data.Insert(context.Background(), tx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0)`, link, parent, branch, o.OpenedAt, int64(o.State))
		return err
	})
	if o.Branch == 0 {
		o.Branch = o.ID
	}
	g.opens = append(g.opens, o)
	g.link[o.ID] = link
	return &g.opens[len(g.opens)-1]
}

// decide counts or un-counts an open, whatever it was.
func (g *grove) decide() {
	if len(g.opens) == 0 {
		return
	}
	g.decideOn(g.rng.IntN(len(g.opens)), []share.State{share.Counted, share.Excluded}[g.rng.IntN(2)])
}

func (g *grove) decideOn(i int, state share.State) {
	o := &g.opens[i]
	o.State = state
	g.update(func(tx *data.Tx) error {
		return share.Decide(context.Background(), tx, share.Decision{OpenID: o.ID, LinkID: g.link[o.ID], State: o.State})
	})
}

// kept is everything that is kept of one link.
type kept struct {
	Totals spread.Totals
	Days   map[int64]spread.Sums
}

// brute reckons a link by the definitions of DESIGN.md §6 alone.
func (g *grove) brute(link int64) kept {
	k := kept{Days: map[int64]spread.Sums{}}
	state, parent := map[int64]share.State{}, map[int64]int64{}
	var all []spread.Leaf
	for _, o := range g.opens {
		if g.link[o.ID] == link {
			state[o.ID], parent[o.ID] = o.State, o.Parent
			all = append(all, o)
		}
	}
	above := func(id int64) (up []int64) { // counted opens above, nearest first
		for p := parent[id]; p != 0; p = parent[p] {
			if state[p] == share.Counted {
				up = append(up, p)
			}
		}
		return up
	}
	below, branches := map[int64]int64{}, map[int64]int64{}
	for _, o := range all {
		day := share.Day(o.OpenedAt)
		s := k.Days[day]
		if o.State != share.Counted {
			s.Held++
			k.Days[day] = s
			continue
		}
		up := above(o.ID)
		s.People++
		s.Points++
		branches[o.Branch]++
		for _, u := range up {
			if below[u]++; below[u] <= g.most[link]-1 {
				s.Points++
				branches[o.Branch]++
			}
			if below[u] == 1 {
				s.Sharers++
			}
		}
		switch {
		case len(up) == 0:
			s.FirstHop++
		case len(up) < 8:
			k.Totals.Further[len(up)-1]++
		default:
			k.Totals.Further[6]++ // the eighth hop and all beyond
		}
		k.Days[day] = s
		k.Totals.Farthest = max(k.Totals.Farthest, int64(len(up)+1))
		if k.Totals.FirstAt.IsZero() {
			k.Totals.FirstAt = o.OpenedAt
		}
		k.Totals.LastAt = o.OpenedAt
	}
	for _, s := range k.Days {
		k.Totals.Add(s)
	}
	for _, points := range branches {
		k.Totals.Squares += points * points
	}
	return k
}

// stands is what the fold has written of a link.
func (g *grove) stands(link int64) kept {
	g.t.Helper()
	ctx := context.Background()
	k := kept{Days: map[int64]spread.Sums{}}
	err := g.db.View(ctx, func(tx *data.Tx) (err error) {
		if k.Totals, err = spread.TotalsOf(ctx, tx, link); err != nil {
			return err
		}
		return data.Each(ctx, tx, func(r data.Row) error {
			var day int64
			var s spread.Sums
			err := r.Scan(&day, &s.People, &s.Points, &s.Sharers, &s.FirstHop, &s.Held)
			k.Days[day] = s
			return err
		}, `SELECT day, people, points, sharers, first_hop, held FROM link_days WHERE link_id = ?`, link)
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return k
}

func (g *grove) same(where string) {
	g.t.Helper()
	for link := range g.most {
		if diff := cmp.Diff(g.brute(link), g.stands(link)); diff != "" {
			g.t.Fatalf("%s, link %d (- by definition, + kept):\n%s", where, link, diff)
		}
	}
}

// In whatever order opens come and are decided about, and whenever the fold
// runs, what it keeps is what the definitions say; and so it is when everything
// is thrown away and folded again.
func TestTheFoldKeepsWhatTheDefinitionsSay(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			g := plant(t, seed)
			var f spread.Folder
			for step := range 60 {
				switch n := g.rng.IntN(10); {
				case n < 6:
					g.open()
				case n < 8:
					g.decide()
				default:
					if err := f.Fold(ctx, g.db); err != nil {
						t.Fatal(err)
					}
					g.same(fmt.Sprint("step ", step))
				}
			}
			if err := f.Fold(ctx, g.db); err != nil {
				t.Fatal(err)
			}
			g.same("at the end")
			g.foldAgain()
		})
	}
}

// foldAgain throws everything away that the fold made, folds from the start,
// and expects the same in every row of every table.
func (g *grove) foldAgain() {
	g.t.Helper()
	stood := g.derived()
	had, err := spread.Unfold(context.Background(), g.db)
	if err != nil {
		g.t.Fatal(err)
	}
	if err := spread.Refold(context.Background(), g.db, had, func(int64) {}); err != nil {
		g.t.Fatal(err)
	}
	if diff := cmp.Diff(g.derived(), stood); diff != "" {
		g.t.Fatalf("by the log, and as it stood (- by the log, + stood):\n%s", diff)
	}
	g.same("folded again")
}

// derived is every row that the fold has written.
func (g *grove) derived() (rows []string) {
	g.t.Helper()
	err := g.db.View(context.Background(), func(tx *data.Tx) error {
		for _, from := range []string{
			"link_id, open_id, 0, 0, 0, 0 FROM trees ORDER BY 1, 2",
			"open_id, coalesce(parent_id, 0), state, hop, below, points FROM sharers ORDER BY 1",
			"parent_id, open_id, 0, 0, 0, 0 FROM hands ORDER BY 1, 2",
			"link_id, farthest, squares, coalesce(first_at, 0), coalesce(last_at, 0), held FROM link_totals ORDER BY 1",
			"open_id, length(kids), 0, 0, 0, 0 FROM sharers ORDER BY 1",
			"link_id, length(twigs), 0, 0, 0, 0 FROM link_totals ORDER BY 1",
		} {
			err := data.Each(context.Background(), tx, func(r data.Row) error {
				var n [6]int64
				err := r.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5])
				_, table, _ := strings.Cut(from, "FROM")
				rows = append(rows, fmt.Sprint(table, n))
				return err
			}, "SELECT "+from)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return rows
}

// Few hands that brought nearly everybody, or long chains; long rows of opens
// that do not count, and now one decision, now hundreds at once: one by one or reckoned
// together, they come to the same.
func TestDecisionsComeToTheSameOneByOneAndTogether(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			g := plant(t, 100+seed)
			g.hubs = 3 * int(seed%2) // every other forest is deep instead
			var f spread.Folder
			fold := func(step string) {
				t.Helper()
				if err := f.Fold(ctx, g.db); err != nil {
					t.Fatal(err)
				}
				g.same(step)
			}
			for range 240 {
				g.open()
			}
			fold("grown")
			for round := range 12 {
				switch round % 4 {
				case 0: // few, so that they are taken one by one
					for n := range 5 {
						g.decide()
						fold(fmt.Sprint("round ", round, ", decision ", n))
					}
				case 1: // the first, who have most below them
					for i := range 3 {
						g.decideOn(i, share.State(g.rng.IntN(2))*share.Excluded)
						fold(fmt.Sprint("round ", round, ", the first ", i))
					}
				case 2: // a row of them, so that a search goes a long way
					state := share.State(g.rng.IntN(2)) * share.Excluded
					for i := range 150 {
						g.decideOn(3+i, state)
					}
					fold(fmt.Sprint("round ", round, ", many"))
				default:
					for range 20 {
						g.open()
					}
					g.decide()
					fold(fmt.Sprint("round ", round, ", opens"))
				}
			}
			g.foldAgain()
		})
	}
}

// Somebody whom nobody was brought by is decided about together with somebody
// above: who comes below them later is as far as the definitions say.
func TestWhoComesBelowWhatWasDecidedAtOnceStandsWhereTheyShould(t *testing.T) {
	ctx := context.Background()
	for round := range 8 { // the more, the less it depends on chance
		g := plant(t, uint64(200+round))
		link := slices.Min(slices.Collect(maps.Keys(g.most)))
		var f spread.Folder
		fold := func(step string) {
			t.Helper()
			if err := f.Fold(ctx, g.db); err != nil {
				t.Fatal(err)
			}
			g.same(step)
		}
		var chain []spread.Leaf
		for range 4 {
			var up *spread.Leaf
			if len(chain) > 0 {
				up = &chain[len(chain)-1]
			}
			chain = append(chain, *g.openBelow(link, up, share.Counted))
		}
		fold("grown")
		for _, state := range []share.State{share.Excluded, share.Counted} {
			for i := range chain {
				g.decideOn(i, state)
			}
			fold("decided at once")
			g.openBelow(link, &chain[len(chain)-1], share.Counted)
			fold("and somebody came")
		}
		g.foldAgain()
	}
}

// Two servers fold one database; each number is there once.
func TestTwoFoldersDoNotCountTwice(t *testing.T) {
	ctx := context.Background()
	g := plant(t, 99)
	for range 200 {
		g.open()
	}
	errs := make(chan error, 4)
	for range 4 {
		go func() {
			var f spread.Folder
			errs <- f.Fold(ctx, g.db)
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	g.same("after four")
}

// A rehearsal is wiped whole, also what the fold has not come to, and only it.
func TestWipingARehearsalLeavesEverythingElse(t *testing.T) {
	ctx := context.Background()
	g := plant(t, 5)
	for range 40 {
		g.open()
	}
	var f spread.Folder
	if err := f.Fold(ctx, g.db); err != nil {
		t.Fatal(err)
	}
	var rehearsal share.Link
	g.update(func(tx *data.Tx) (err error) {
		who, err := account.ByEmail(ctx, tx, "a0@example.com")
		if err != nil {
			return err
		}
		drops, err := drop.Visible(ctx, tx, who.ID)
		if err != nil {
			return err
		}
		if rehearsal, err = share.Rehearse(ctx, tx, who.ID, drops[0].ID); err != nil {
			return err
		}
		for range 3 {
			if _, err := data.Insert(ctx, tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (?, ?, ?, 0, 0, 0)`,
				rehearsal.ID, datatest.Noon, int64(share.OwnDevice)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := f.Fold(ctx, g.db); err != nil {
		t.Fatal(err)
	}
	if got := g.stands(rehearsal.ID).Totals.People; got != 3 {
		t.Fatalf("%d opens of the rehearsal count, want 3: everything counts in a rehearsal", got)
	}
	g.update(func(tx *data.Tx) error {
		_, err := data.Insert(ctx, tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (?, ?, 0, 0, 0, 0)`, rehearsal.ID, datatest.Noon)
		return err
	})
	g.update(func(tx *data.Tx) error { return spread.Wipe(ctx, tx, rehearsal.ID) })
	if err := f.Fold(ctx, g.db); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kept{Days: map[int64]spread.Sums{}}, g.stands(rehearsal.ID)); diff != "" {
		t.Errorf("something is left of the rehearsal:\n%s", diff)
	}
	g.same("after the wipe")
	g.update(func(tx *data.Tx) error {
		_, err := data.Insert(ctx, tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (?, ?, 0, 0, 0, 0)`, rehearsal.ID, datatest.Noon)
		return err
	})
	if err := f.Fold(ctx, g.db); err != nil {
		t.Fatal(err)
	}
	g.foldAgain() // nothing that was wiped has come back
	for link := range g.most {
		err := g.db.Update(ctx, func(tx *data.Tx) error { return spread.Wipe(ctx, tx, link) })
		if !errors.Is(err, spread.ErrNoRehearsal) {
			t.Errorf("a real link is wiped: %v", err)
		}
	}
}

// An open that hangs on nothing, as a repair by hand may leave it, is left out
// and told of; what comes after it is counted.
func TestAnOpenThatHangsOnNothingDoesNotStopTheFold(t *testing.T) {
	ctx := context.Background()
	g := plant(t, 3)
	g.open()
	g.update(func(tx *data.Tx) error {
		for _, parent := range []any{int64(9999), nil} { // below an open that is not there; of a link that is not there
			if _, err := data.Insert(ctx, tx, `INSERT INTO opens (link_id, parent_id, opened_at, state, channel, observed, device) VALUES (?, ?, ?, 0, 0, 0, 0)`,
				map[bool]int64{true: 777, false: g.link[g.opens[0].ID]}[parent == nil], parent, datatest.Noon); err != nil {
				return err
			}
		}
		return nil
	})
	g.open()
	lost := 0
	f := spread.Folder{Lost: func(int64, error) { lost++ }}
	if err := f.Fold(ctx, g.db); err != nil {
		t.Fatal(err)
	}
	if lost != 2 {
		t.Errorf("%d lost opens were told of, want 2", lost)
	}
	g.same("with lost ones among them")
}
