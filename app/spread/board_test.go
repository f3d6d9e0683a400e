package spread_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// crowd is some ambassadors of two squads with links for two drops of one
// campaign and one of another.
type crowd struct {
	t         testing.TB
	db        *data.DB
	clock     *clock.Manual
	folder    spread.Folder
	rng       *rand.Rand
	campaigns []campaign.Campaign
	drops     []drop.Drop
	squads    []squad.Squad
	accounts  []account.Account
	links     []share.Link
	opens     []spread.Leaf
	of        map[int64]share.Link // of each open
}

func gather(t testing.TB, ambassadors int, seed uint64) *crowd {
	t.Helper()
	c := &crowd{t: t, clock: clock.At(datatest.Noon), rng: rand.New(rand.NewPCG(seed, 11)), of: map[int64]share.Link{}}
	c.db = datatest.New(t, c.clock.Now)
	c.update(func(ctx context.Context, tx *data.Tx) error {
		for i := range 2 {
			made, err := campaign.Create(ctx, tx, campaign.Campaign{Name: fmt.Sprint("C", i), StartsAt: tx.Now().AddDate(0, 0, 2), EndsAt: tx.Now().AddDate(0, 0, 9), Most: 3})
			if err != nil {
				return err
			}
			s, err := squad.Found(ctx, tx, squad.Squad{Name: fmt.Sprint("S", i)})
			if err != nil {
				return err
			}
			c.campaigns, c.squads = append(c.campaigns, made), append(c.squads, s)
		}
		for i := range 3 {
			d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.campaigns[i/2].ID, Language: "en", Version: drop.Version{Title: "T", Body: "B"}})
			if err != nil {
				return err
			}
			var r drop.Release
			for _, s := range c.squads {
				r.Steps = append(r.Steps, drop.Step{SquadID: s.ID, OpensAt: tx.Now(), ShareableAt: tx.Now()})
			}
			if err := drop.SetRelease(ctx, tx, d.ID, r); err != nil {
				return err
			}
			c.drops = append(c.drops, d)
		}
		return nil
	})
	for range ambassadors {
		c.join()
	}
	return c
}

func (c *crowd) update(fn func(ctx context.Context, tx *data.Tx) error) {
	c.t.Helper()
	if err := c.db.Update(c.t.Context(), func(tx *data.Tx) error { return fn(c.t.Context(), tx) }); err != nil {
		c.t.Fatal(err)
	}
}

// join is one more ambassador, with links for some of the drops.
func (c *crowd) join() {
	c.t.Helper()
	var links []share.Link
	var a account.Account
	c.update(func(ctx context.Context, tx *data.Tx) (err error) {
		links = nil
		n := len(c.accounts)
		if a, err = account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("a%d@example.com", n), Name: fmt.Sprint("Ana ", n), Role: account.Ambassador, Language: "en"}); err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: c.squads[n%2].ID})
		if err != nil {
			return err
		}
		if _, err := squad.Join(ctx, tx, i.Code, a.ID); err != nil {
			return err
		}
		for _, d := range c.drops[:1+n%3] {
			l, err := share.Take(ctx, tx, a.ID, d.ID)
			if err != nil {
				return err
			}
			links = append(links, l)
		}
		return nil
	})
	c.accounts, c.links = append(c.accounts, a), append(c.links, links...)
}

// open adds an open somewhere.
func (c *crowd) open() {
	c.t.Helper()
	l := c.links[c.rng.IntN(len(c.links))]
	var parent, branch any
	o := spread.Leaf{OpenedAt: c.clock.Now()}
	if len(c.opens) > 0 && c.rng.IntN(3) > 0 {
		up := c.opens[len(c.opens)-1-c.rng.IntN(min(len(c.opens), 5))]
		l, parent, branch, o.Branch = c.of[up.ID], up.ID, up.Branch, up.Branch
	}
	if c.rng.IntN(6) == 0 {
		o.State = share.SameNetwork
	}
	c.update(func(ctx context.Context, tx *data.Tx) (err error) {
		o.ID, err = data.Insert(ctx, tx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0)`, l.ID, parent, branch, o.OpenedAt, int64(o.State))
		return err
	})
	if o.Branch == 0 {
		o.Branch = o.ID
	}
	c.opens, c.of[o.ID] = append(c.opens, o), l
}

func (c *crowd) decide() {
	if len(c.opens) == 0 {
		return
	}
	o := c.opens[c.rng.IntN(len(c.opens))]
	c.update(func(ctx context.Context, tx *data.Tx) error {
		return share.Decide(ctx, tx, share.Decision{OpenID: o.ID, LinkID: c.of[o.ID].ID, State: []share.State{share.Counted, share.Excluded}[c.rng.IntN(2)]})
	})
}

func (c *crowd) look(b *spread.Boards, ask spread.Ask) (board spread.Board) {
	c.t.Helper()
	err := c.db.View(c.t.Context(), func(tx *data.Tx) (err error) {
		board, err = b.Look(c.t.Context(), tx, ask)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return board
}

// scopes are boards of every kind on every kind of days.
func (c *crowd) scopes() (all []spread.Scope) {
	today := share.Day(c.clock.Now())
	for _, of := range []spread.Scope{
		{CampaignID: c.campaigns[0].ID},
		{CampaignID: c.campaigns[1].ID},
		{DropID: c.drops[1].ID},
		{SquadID: c.squads[0].ID},
		{CampaignID: c.campaigns[0].ID, SquadID: c.squads[1].ID},
		{AccountID: c.accounts[0].ID},
		{},
	} {
		for _, days := range [][2]int64{{0, 0}, {today, today}, {today - 6, today}, {share.Day(c.campaigns[0].StartsAt), share.Day(c.campaigns[0].EndsAt)}} {
			of.From, of.To = days[0], days[1]
			all = append(all, of)
		}
	}
	return all
}

// expected makes a board the slow and obvious way: from every day of every link.
func (c *crowd) expected(scope spread.Scope) (all []spread.Standing) {
	c.t.Helper()
	by := map[string]*spread.Standing{}
	err := c.db.View(c.t.Context(), func(tx *data.Tx) error {
		for _, l := range c.links {
			in := scope
			for _, f := range [][2]*string{{&in.CampaignID, &l.CampaignID}, {&in.DropID, &l.DropID}, {&in.SquadID, &l.SquadID}, {&in.AccountID, &l.AccountID}} {
				if *f[0] == "" {
					*f[0] = *f[1]
				}
			}
			if in.CampaignID != l.CampaignID || in.DropID != l.DropID || in.SquadID != l.SquadID || in.AccountID != l.AccountID {
				continue
			}
			s := by[l.AccountID]
			if s == nil {
				s = &spread.Standing{AccountID: l.AccountID}
				by[l.AccountID] = s
			}
			t, err := spread.TotalsOf(c.t.Context(), tx, l.ID)
			if err != nil {
				return err
			}
			if t.LastAt.After(s.LastAt) {
				s.LastAt = t.LastAt
			}
			err = data.Each(c.t.Context(), tx, func(r data.Row) error {
				var day int64
				var d spread.Sums
				if err := r.Scan(&day, &d.People, &d.Points, &d.Sharers, &d.FirstHop, &d.Held); err != nil {
					return err
				}
				if scope.To == 0 || (day >= scope.From && day <= scope.To) {
					s.Add(d)
				}
				return nil
			}, `SELECT day, people, points, sharers, first_hop, held FROM link_days WHERE link_id = ?`, l.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, s := range by {
		for _, o := range by {
			if o.Points > s.Points {
				s.Rank++
			}
		}
		if s.Rank++; s.Points == 0 {
			s.Rank = 0
		}
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b spread.Standing) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(b.People, a.People), a.LastAt.Compare(b.LastAt), cmp.Compare(a.AccountID, b.AccountID))
	})
	return all
}

// Whatever rows are asked for, in whatever order, are those of the whole board.
func TestAPageOfABoardAndOnesOwnRowAreThoseOfTheWhole(t *testing.T) {
	c := gather(t, 23, 5)
	for range 60 {
		c.open()
	}
	if err := c.folder.Fold(t.Context(), c.db); err != nil {
		t.Fatal(err)
	}
	scope := spread.Scope{CampaignID: c.campaigns[0].ID}
	var b spread.Boards
	whole := c.look(&b, spread.Ask{Scope: scope, Odds: true})
	for first := 0; first < 30; first += 5 {
		page := c.look(&b, spread.Ask{Scope: scope, First: first, Rows: 5, Own: c.accounts[9].ID, Odds: true})
		if want := whole.Rows[min(first, 23):min(first+5, 23)]; !slices.Equal(page.Rows, want) {
			t.Errorf("from %d on: %+v, want %+v", first, page.Rows, want)
		}
		i := slices.IndexFunc(whole.Rows, func(s spread.Standing) bool { return s.AccountID == c.accounts[9].ID })
		if page.Own == nil || *page.Own != whole.Rows[i] {
			t.Errorf("the own row is %+v, want %+v", page.Own, whole.Rows[i])
		}
	}
	people := c.look(&b, spread.Ask{Scope: scope, Order: spread.ByPeople})
	if !slices.IsSortedFunc(people.Rows, func(a, b spread.Standing) int { return cmp.Compare(b.People, a.People) }) {
		t.Error("by people it is in another order")
	}
	odds := spread.OddsOf(whole.Rows[:whole.Shared])
	for i, s := range whole.Rows {
		best, worst := 0, 0
		if i < whole.Shared {
			best, worst = odds.Range(i)
		}
		if s.Best != best || s.Worst != worst {
			t.Errorf("place %d is likely %d to %d, want %d to %d", i, s.Best, s.Worst, best, worst)
		}
	}
	if whole.Shared == whole.Of || whole.Leaders == 0 {
		t.Errorf("%d of %d have shared and %d lead: this tests too little", whole.Shared, whole.Of, whole.Leaders)
	}
	if none := c.look(&b, spread.Ask{Scope: scope, Own: "nobody"}); none.Own != nil {
		t.Errorf("somebody who has no link stands there as %+v", none.Own)
	}
}

func TestWhoWasErasedIsOnNoRememberedBoard(t *testing.T) {
	c := gather(t, 4, 6)
	for range 20 {
		c.open()
	}
	if err := c.folder.Fold(t.Context(), c.db); err != nil {
		t.Fatal(err)
	}
	var b spread.Boards
	scope := spread.Scope{DropID: c.drops[0].ID}
	before := c.look(&b, spread.Ask{Scope: scope})
	gone := before.Rows[0]
	c.update(func(ctx context.Context, tx *data.Tx) error { return share.Disown(ctx, tx, gone.AccountID, false) })
	after := c.look(&b, spread.Ask{Scope: scope, Own: gone.AccountID})
	if after.Of != before.Of-1 || after.Own != nil || after.Sums.Points != before.Sums.Points-gone.Points {
		t.Errorf("of %d with %d points there are %d with %d, and %+v", before.Of, before.Sums.Points, after.Of, after.Sums.Points, after.Own)
	}
}

// Boards that are remembered from look to look are those of the log, whatever
// happens in between: opens, decisions, new members, midnight.
func TestEveryBoardIsWhatTheDaysOfItsLinksAddUpTo(t *testing.T) {
	for seed := range uint64(3) {
		c := gather(t, 7, seed)
		var b spread.Boards
		const steps = 40
		for step := range steps {
			switch c.rng.IntN(12) {
			case 0:
				c.decide()
			case 1:
				c.join()
			case 2:
				c.clock.Advance(17 * time.Hour)
			default:
				for range 1 + c.rng.IntN(4) {
					c.open()
				}
			}
			if err := c.folder.Fold(t.Context(), c.db); err != nil {
				t.Fatal(err)
			}
			scopes := c.scopes()
			if step < steps-1 { // others have more to catch up with
				c.rng.Shuffle(len(scopes), func(i, j int) { scopes[i], scopes[j] = scopes[j], scopes[i] })
				scopes = scopes[:4]
			}
			for _, scope := range scopes {
				want := c.expected(scope)
				got := c.look(&b, spread.Ask{Scope: scope})
				if len(got.Rows) != len(want) || got.Of != len(want) {
					t.Fatalf("seed %d, step %d, %+v: %d rows of %d, want %d", seed, step, scope, len(got.Rows), got.Of, len(want))
				}
				var sums spread.Sums
				for i, w := range want {
					g := got.Rows[i]
					if g.AccountID != w.AccountID || g.Rank != w.Rank || g.Sums != w.Sums {
						t.Fatalf("seed %d, step %d, %+v, place %d: %s ranks %d with %+v, want %s, %d, %+v", seed, step, scope, i, g.AccountID, g.Rank, g.Sums, w.AccountID, w.Rank, w.Sums)
					}
					sums.Add(w.Sums)
				}
				if got.Sums.Sums != sums {
					t.Fatalf("seed %d, step %d, %+v: the whole board has %+v, its rows %+v", seed, step, scope, got.Sums.Sums, sums)
				}
			}
		}
	}
}

// A campaign with very many ambassadors whose links are opened every day.
func BenchmarkBoard(b *testing.B) {
	for _, ambassadors := range []int{1_000, 100_000} {
		c := gather(b, 1, 1)
		c.fill(ambassadors, 10)
		today := share.Day(c.clock.Now())
		for _, w := range []struct {
			name     string
			from, to int64
		}{{"all time", 0, 0}, {"this week", today - 6, today}} {
			ask := spread.Ask{
				Scope: spread.Scope{CampaignID: c.campaigns[0].ID, From: w.from, To: w.to},
				Rows:  25, Own: c.accounts[0].ID, Odds: true,
			}
			name := fmt.Sprintf("%d ambassadors/%s/", ambassadors, w.name)
			b.Run(name+"never looked at", func(b *testing.B) {
				for b.Loop() {
					c.look(&spread.Boards{}, ask)
				}
			})
			var boards spread.Boards
			c.look(&boards, ask)
			b.Run(name+"nothing new", func(b *testing.B) {
				for b.Loop() {
					c.look(&boards, ask)
				}
			})
			b.Run(name+"after 500 opens", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					c.pass(500)
					b.StartTimer()
					c.look(&boards, ask)
				}
			})
		}
	}
}

// fill adds ambassadors whose links were opened on so many days, without opens.
func (c *crowd) fill(ambassadors, days int) {
	c.t.Helper()
	c.clock.Advance(time.Duration(days-1) * 24 * time.Hour)
	today := share.Day(c.clock.Now())
	var accounts, links, sums, totals []any
	for n := range ambassadors {
		id := fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
		link, people := int64(1000+n), int64(1+c.rng.ExpFloat64()*20)
		accounts = append(accounts, id, fmt.Sprint("b", n, "@example.com"), "Ben", "ambassador", "en", c.clock.Now())
		links = append(links, link, c.drops[0].ID, c.campaigns[0].ID, id, c.squads[0].ID, 0, datatest.Noon)
		for day := range int64(days) {
			sums = append(sums, today-day, link, people, people*2, people/3, people/2, 0)
		}
		all := people * int64(days)
		totals = append(totals, link, all, all*2, all/3, all/2, 0, 4, all*all/8, c.clock.Now(), c.clock.Now())
	}
	c.update(func(ctx context.Context, tx *data.Tx) error {
		for _, t := range []struct {
			into string
			n    int
			rows []any
		}{
			{`INSERT INTO accounts (id, email, name, role, language, created_at)`, 6, accounts},
			{`INSERT INTO links (id, drop_id, campaign_id, account_id, squad_id, rehearsal, made_at)`, 7, links},
			{`INSERT INTO link_days (day, link_id, people, points, sharers, first_hop, held)`, 7, sums},
			{`INSERT INTO link_totals (link_id, people, points, sharers, first_hop, held, farthest, squares, first_at, last_at)`, 10, totals},
		} {
			if err := data.InsertRows(ctx, tx, t.into, t.n, t.rows, ``); err != nil {
				return err
			}
		}
		return nil
	})
	err := c.db.View(c.t.Context(), func(tx *data.Tx) (err error) {
		c.links, err = share.OfDrop(c.t.Context(), tx, c.drops[0].ID)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// pass adds direct opens of links here and there, and folds them.
func (c *crowd) pass(opens int) {
	c.t.Helper()
	c.update(func(ctx context.Context, tx *data.Tx) error {
		var rows []any
		for range opens {
			rows = append(rows, c.links[c.rng.IntN(len(c.links))].ID, c.clock.Now(), 0, 0, 0, 0)
		}
		return data.InsertRows(ctx, tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device)`, 6, rows, ``)
	})
	if err := c.folder.Fold(c.t.Context(), c.db); err != nil {
		c.t.Fatal(err)
	}
}
