package reward_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

var in = reward.Progress{In: true}

// bench is a database with some ambassadors.
type bench struct {
	*testing.T
	db    *data.DB
	clock *clock.Manual
	who   []string
}

func newBench(t *testing.T, people int) *bench {
	t.Helper()
	b := &bench{T: t, clock: clock.At(time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC))}
	b.db = datatest.New(t, b.clock.Now)
	b.update(func(ctx context.Context, tx *data.Tx) error {
		for n := range people {
			a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("p%d@example.com", n), Name: "P", Role: account.Ambassador, Language: "en"})
			if err != nil {
				return err
			}
			b.who = append(b.who, a.ID)
		}
		return nil
	})
	return b
}

func (b *bench) update(fn func(ctx context.Context, tx *data.Tx) error) {
	b.Helper()
	if err := b.try(fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) try(fn func(ctx context.Context, tx *data.Tx) error) error {
	return b.db.Update(b.Context(), func(tx *data.Tx) error { return fn(b.Context(), tx) })
}

func (b *bench) offer(r reward.Reward) reward.Reward {
	b.Helper()
	b.update(func(ctx context.Context, tx *data.Tx) (err error) {
		r, err = reward.Offer(ctx, tx, r)
		return err
	})
	return r
}

func (b *bench) reward(id string) (r reward.Reward) {
	b.Helper()
	b.update(func(ctx context.Context, tx *data.Tx) (err error) {
		r, err = reward.ByID(ctx, tx, id)
		return err
	})
	return r
}

func (b *bench) ask(r reward.Reward, who string) (c reward.Claim, err error) {
	err = b.try(func(ctx context.Context, tx *data.Tx) (err error) {
		c, err = reward.Ask(ctx, tx, r.ID, who, in, reward.Wish{Size: "M", Address: "3 quai Rambaud"})
		return err
	})
	return c, err
}

func (b *bench) claim(id string) (c reward.Claim) {
	b.Helper()
	b.update(func(ctx context.Context, tx *data.Tx) (err error) {
		c, err = reward.ClaimByID(ctx, tx, id)
		return err
	})
	return c
}

func TestALevelIsReachedWithAllThatItAsksFor(t *testing.T) {
	ladder := reward.Ladder{{ID: "a", Name: "Pebble", Score: 10}, {ID: "b", Name: "Stone", Score: 50, People: 20}, {ID: "c", Name: "Rock", Score: 50, People: 20, Months: 6}}
	for _, c := range []struct {
		p    reward.Progress
		want int
	}{
		{reward.Progress{In: true}, 0},
		{reward.Progress{In: true, Score: 10}, 1},
		{reward.Progress{Score: 10}, 0}, // in no squad
		{reward.Progress{In: true, Score: 500, People: 19, Months: 12}, 1},
		{reward.Progress{In: true, Score: 50, People: 20, Months: 5}, 2},
		{reward.Progress{In: true, Score: 50, People: 20, Months: 6}, 3},
	} {
		if got := ladder.At(c.p); got != c.want {
			t.Errorf("%+v is at %d, want %d", c.p, got, c.want)
		}
	}
	if p := ladder.Check(); !p.OK() {
		t.Errorf("the ladder is wrong: %v", p)
	}
}

func TestEachLevelAsksForMoreThanTheOneBelow(t *testing.T) {
	for field, ladder := range map[string]reward.Ladder{
		"levels.1.people": {{Name: "A", Score: 1, People: 5}, {Name: "B", Score: 2, People: 4}},
		"levels.1.score":  {{Name: "A", Score: 1}, {Name: "B", Score: 1}},
		"levels.1.name":   {{Name: "Stone", Score: 1}, {Name: "stone ", Score: 2}},
		"levels.0.months": {{Name: "A", Months: 241}},
	} {
		if p := ladder.Check(); len(p) != 1 || p[field].Key == "" {
			t.Errorf("%v: want a problem at %s, got %v", ladder, field, p)
		}
	}
}

func TestMonthsAreThoseOfTheCalendar(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2025-01-15 12:00:00", "2025-02-15 11:59:59", 0},
		{"2025-01-15 12:00:00", "2025-02-15 12:00:00", 1},
		{"2025-01-31 12:00:00", "2025-02-28 12:00:00", 1},
		{"2025-01-31 12:00:00", "2025-02-27 12:00:00", 0},
		{"2024-11-30 00:00:00", "2025-11-30 00:00:00", 12},
		{"2025-03-01 00:00:00", "2025-02-01 00:00:00", 0},
	} {
		if got := reward.Months(day(c.from), day(c.to)); got != c.want {
			t.Errorf("from %s to %s there are %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

// Whatever is asked for, approved, sent, declined and taken back, in whatever order: the stock is never below zero, is
// what was there less what is taken, and nobody has more than one person can get.
func TestTheStockIsNeverBelowZero(t *testing.T) {
	b := newBench(t, 4)
	r := b.offer(reward.Reward{Name: "Cap", Stock: 5, PerPerson: 2, Sizes: "S\nM", Address: true})
	dice := rand.New(rand.NewPCG(7, 7))
	var all []string
	owner := map[string]string{}
	state := map[string]reward.State{} // by brute force
	taken := func(who string) (n int) {
		for id, s := range state {
			if (who == "" || owner[id] == who) && (s.Open() || s == reward.Sent) {
				n++
			}
		}
		return n
	}
	for range 300 {
		if len(all) == 0 || dice.IntN(3) == 0 {
			who := b.who[dice.IntN(len(b.who))]
			c, err := b.ask(r, who)
			switch {
			case taken(who) >= 2:
				if !errors.Is(err, reward.ErrHad) {
					t.Fatalf("asking a third time: %v", err)
				}
			case taken("") >= 5:
				if !errors.Is(err, reward.ErrNone) {
					t.Fatalf("asking for a sixth: %v", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				all, owner[c.ID], state[c.ID] = append(all, c.ID), who, reward.Earned
			}
		} else {
			id := all[dice.IntN(len(all))]
			b.update(func(ctx context.Context, tx *data.Tx) error {
				var ok, may bool
				var err error
				was := state[id]
				switch dice.IntN(8) {
				case 0, 1, 2:
					ok, err = reward.Approve(ctx, tx, id, b.who[0])
					if may = was == reward.Earned; may {
						state[id] = reward.Approved
					}
				case 3:
					ok, err = reward.Send(ctx, tx, reward.Claim{ID: id, RewardID: r.ID})
					if may = was == reward.Approved; may {
						state[id] = reward.Sent
					}
				case 4, 5:
					ok, err = reward.Decline(ctx, tx, id, b.who[0], "No")
					if may = was.Open(); may {
						state[id] = reward.Declined
					}
				default:
					if err = reward.Withdraw(ctx, tx, id, owner[id]); was == reward.Earned {
						state[id] = reward.Withdrawn
					}
				}
				if ok != may {
					t.Errorf("what was %s was moved: %t", was, ok)
				}
				return err
			})
		}
		if got := b.reward(r.ID); got.Taken != taken("") || got.Left() != 5-taken("") || got.Left() < 0 {
			t.Fatalf("%d are taken and %d left, want %d and %d", got.Taken, got.Left(), taken(""), 5-taken(""))
		}
		for id, s := range state {
			if got := b.claim(id); got.State != s || (s == reward.Declined || s == reward.Withdrawn) && got.Address != "" {
				t.Fatalf("a claim is %s with the address %q, want %s", got.State, got.Address, s)
			}
		}
	}
	lower := b.reward(r.ID)
	lower.Stock = lower.Taken - 1
	err := b.try(func(ctx context.Context, tx *data.Tx) error { return reward.Change(ctx, tx, lower) })
	if lower.Taken == 0 || !errors.Is(err, reward.ErrBelow) {
		t.Errorf("the stock was put below what is taken: %v", err)
	}
}

// Twenty people ask for one of five codes at the same time. Five get one each, and no two the same.
func TestACodeIsGivenOnceHoweverManyAskAtTheSameTime(t *testing.T) {
	b := newBench(t, 20)
	r := b.offer(reward.Reward{Name: "Voucher", PerPerson: 1, Codes: true, AtOnce: true})
	codes, p := reward.ReadCodes("code\r\nALPHA;first\r\nBETA\r\nBETA\r\n \"GAMMA\"\nDELTA\nEPSILON")
	if want := []string{"ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON"}; !p.OK() || !slices.Equal(codes, want) {
		t.Fatalf("the codes are %q: %v", codes, p)
	}
	b.update(func(ctx context.Context, tx *data.Tx) error {
		n, err := reward.AddCodes(ctx, tx, r.ID, codes)
		if n != 5 {
			t.Errorf("%d codes are new", n)
		}
		return err
	})
	var group sync.WaitGroup
	got := make([]string, len(b.who))
	for n, who := range b.who {
		group.Go(func() {
			c, err := b.ask(r, who)
			switch {
			case err == nil:
				got[n] = c.ID
			case !errors.Is(err, reward.ErrNone):
				t.Error(err)
			}
		})
	}
	group.Wait()
	var given []string
	for _, id := range got {
		if id != "" {
			given = append(given, b.claim(id).Code)
		}
	}
	slices.Sort(given)
	if want := slices.Sorted(slices.Values(codes)); !slices.Equal(given, want) {
		t.Errorf("given are %q, want %q", given, want)
	}
	if left := b.reward(r.ID).Left(); left != 0 {
		t.Errorf("%d are left", left)
	}

	// Whoever got one is erased: their code is not given again.
	b.update(func(ctx context.Context, tx *data.Tx) error {
		if err := reward.ForgetPerson(ctx, tx, b.who[0]); err != nil {
			return err
		}
		for _, who := range b.who {
			if err := account.Erase(ctx, tx, who); err != nil {
				return err
			}
		}
		return nil
	})
	if left := b.reward(r.ID).Left(); left != 0 {
		t.Errorf("after all were erased %d are left", left)
	}
	b.update(func(ctx context.Context, tx *data.Tx) error { // the same batch again brings nothing back
		n, err := reward.AddCodes(ctx, tx, r.ID, codes)
		if n != 0 {
			t.Errorf("%d codes that were given are there again", n)
		}
		return err
	})
}

// Two managers send the same approved code at the same time: it is one code.
func TestWhatIsSentTwiceAtTheSameTimeIsSentOnce(t *testing.T) {
	b := newBench(t, 2)
	r := b.offer(reward.Reward{Name: "Voucher", PerPerson: 1, Codes: true})
	b.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := reward.AddCodes(ctx, tx, r.ID, []string{"ONE", "TWO"})
		return err
	})
	c, err := b.ask(r, b.who[0])
	if err != nil {
		t.Fatal(err)
	}
	b.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := reward.Approve(ctx, tx, c.ID, b.who[1])
		return err
	})
	c = b.claim(c.ID)
	var group sync.WaitGroup
	sent := make([]bool, 8)
	for n := range sent {
		group.Go(func() {
			err := b.try(func(ctx context.Context, tx *data.Tx) (err error) {
				sent[n], err = reward.Send(ctx, tx, c)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	times := 0
	for _, yes := range sent {
		if yes {
			times++
		}
	}
	if got := b.claim(c.ID); times != 1 || got.Code != "ONE" || got.State != reward.Sent {
		t.Errorf("it was sent %d times, with the code %q", times, got.Code)
	}
	if left := b.reward(r.ID).Left(); left != 1 {
		t.Errorf("%d codes are left", left)
	}
}

func TestAnAddressIsErasedThirtyDaysAfterSendingAndWithItsPerson(t *testing.T) {
	b := newBench(t, 3)
	r := b.offer(reward.Reward{Name: "Cap", Stock: 9, PerPerson: 1, Address: true, Sizes: "M"})
	var claims []string
	for _, who := range b.who {
		c, err := b.ask(r, who)
		if err != nil {
			t.Fatal(err)
		}
		claims = append(claims, c.ID)
	}
	b.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := reward.Approve(ctx, tx, claims[0], b.who[1]); err != nil {
			return err
		}
		_, err := reward.Send(ctx, tx, reward.Claim{ID: claims[0], RewardID: r.ID})
		return err
	})
	forget := func() {
		b.update(reward.Forget)
	}
	b.clock.Advance(reward.AddressKept - time.Millisecond)
	forget()
	if b.claim(claims[0]).Address == "" {
		t.Error("it was erased too early")
	}
	b.clock.Advance(time.Millisecond)
	forget()
	if got := b.claim(claims[0]).Address; got != "" {
		t.Errorf("after 30 days %q is kept", got)
	}
	if b.claim(claims[1]).Address == "" {
		t.Error("of what is not sent yet the address was erased")
	}
	b.update(func(ctx context.Context, tx *data.Tx) error {
		if err := reward.ForgetPerson(ctx, tx, b.who[1]); err != nil {
			return err
		}
		return account.Erase(ctx, tx, b.who[1])
	})
	if got := b.claim(claims[1]); got.Address != "" || got.Size != "" || got.State != reward.Withdrawn || got.AccountID != "" {
		t.Errorf("of somebody erased %+v is kept", got)
	}
}

func TestALevelThatARewardNeedsStays(t *testing.T) {
	b := newBench(t, 1)
	var ladder reward.Ladder
	set := func(l reward.Ladder) (needed string) {
		b.update(func(ctx context.Context, tx *data.Tx) (err error) {
			if needed, err = reward.SetLevels(ctx, tx, l); err != nil {
				return err
			}
			ladder, err = reward.Levels(ctx, tx)
			return err
		})
		return needed
	}
	set(reward.Ladder{{Name: "Pebble", Score: 1}, {Name: "Stone", Score: 5}})
	stone := ladder[1].ID
	r := b.offer(reward.Reward{Name: "Cap", Stock: 1, PerPerson: 1, LevelID: stone})
	if needed := set(ladder[:1]); needed != "Cap" || len(ladder) != 2 {
		t.Errorf("the level went, although %q needs it", needed)
	}
	ladder[1].Score = 7
	if set(ladder[1:]) != "" || len(ladder) != 1 || ladder[0].ID != stone || ladder[0].Score != 7 {
		t.Errorf("the ladder is %v", ladder)
	}
	if _, err := b.ask(r, b.who[0]); !errors.Is(err, reward.ErrTooLow) {
		t.Errorf("somebody without the level: %v", err)
	}
}

func TestWhatSendingNeedsIsAskedFor(t *testing.T) {
	r := reward.Reward{Sizes: "S\nM", Address: true}
	if p := (reward.Wish{Size: "XXL"}).Check(r); len(p) != 2 || p["size"].Key != "check.choice" || p["address"].Key != "check.required" {
		t.Errorf("the problems are %v", p)
	}
	if p := (reward.Wish{Size: "S", Address: strings.Repeat("x", reward.LongestAddress+1)}).Check(r); len(p) != 1 {
		t.Errorf("the problems are %v", p)
	}
	if p := (reward.Wish{}).Check(reward.Reward{}); !p.OK() {
		t.Errorf("the problems are %v", p)
	}
}

// What stands at the head of a file of codes is no code; and codes that are words are all codes.
func TestTheHeadingOfAFileOfCodesIsNoCode(t *testing.T) {
	for list, want := range map[string][]string{
		"Code promo\nA1\nA2":                 {"A1", "A2"},
		"discount_code,made\nA1,x":           {"A1"},
		"\ufeff\"Bon\";\"Pour\"\r\n12;x\r\n": {"12"},
		"code\nALPHA":                        {"ALPHA"},
		"ALPHA\nBETA1\nGAMMA":                {"ALPHA", "BETA1", "GAMMA"},
		"ALPHA":                              {"ALPHA"},
		"A1\nBETA":                           {"A1", "BETA"},
	} {
		if got, p := reward.ReadCodes(list); !p.OK() || !slices.Equal(got, want) {
			t.Errorf("%q has the codes %q: %v", list, got, p)
		}
	}
	if _, p := reward.ReadCodes("code"); p.OK() {
		t.Error("a heading alone is taken for a code")
	}
}
