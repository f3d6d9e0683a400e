package spread_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// fair is a campaign of twelve links whose readers come as people do: in
// bursts after somebody shared, by day, every third by an app that shows.
type fair struct {
	t        *testing.T
	db       *data.DB
	rng      *rand.Rand
	campaign string
	links    []int64
	folder   spread.Folder
}

func fairOf(t *testing.T) *fair {
	t.Helper()
	c := &fair{t: t, db: datatest.New(t, func() time.Time { return datatest.Noon.AddDate(0, 0, 14) }), rng: rand.New(rand.NewPCG(11, 12))}
	ctx := t.Context()
	c.update(func(tx *data.Tx) error {
		made, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "C", StartsAt: datatest.Noon, EndsAt: datatest.Noon.AddDate(0, 1, 0), Most: 5})
		if err != nil {
			return err
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: made.ID, Language: "en", Version: drop.Version{Title: "T", Body: "B"}})
		if err != nil {
			return err
		}
		c.campaign = made.ID
		for i := range 12 {
			a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("a%d@example.com", i), Name: "Ana", Role: account.Owner, Language: "en"})
			if err != nil {
				return err
			}
			l, err := share.Take(ctx, tx, a.ID, d.ID)
			if err != nil {
				return err
			}
			c.links = append(c.links, l.ID)
		}
		return nil
	})
	return c
}

func (c *fair) update(fn func(tx *data.Tx) error) {
	c.t.Helper()
	if err := c.db.Update(context.Background(), fn); err != nil {
		c.t.Fatal(err)
	}
}

// arrival is an open that is about to be written into the log.
type arrival struct {
	link     int64
	at       time.Time
	device   visit.Device
	observed visit.Channel
}

// people are the honest readers of every link.
func (c *fair) people() (all []arrival) {
	for _, link := range c.links {
		for range 6 { // shares, some day between nine and nine
			at := datatest.Noon.Truncate(24*time.Hour).AddDate(0, 0, 1+c.rng.IntN(10)).Add(9*time.Hour + time.Duration(c.rng.IntN(12*60))*time.Minute)
			for range 1 + c.rng.IntN(7) {
				a := arrival{link: link, at: at.Add(time.Duration(math.Exp(6.5+1.3*c.rng.NormFloat64()) * float64(time.Second))), device: visit.Phone}
				switch c.rng.IntN(6) {
				case 0, 1:
					a.device, a.observed = visit.InApp, visit.Telegram
				case 2:
					a.device = visit.Desktop
				}
				all = append(all, a)
			}
		}
	}
	return all
}

// farm is one person with many browsers, day and night.
func (c *fair) farm(link int64, n int) (all []arrival) {
	at := datatest.Noon.AddDate(0, 0, 4)
	for range n {
		at = at.Add(time.Duration(20+c.rng.IntN(40)) * time.Minute)
		all = append(all, arrival{link: link, at: at, device: []visit.Device{visit.Phone, visit.Desktop}[c.rng.IntN(2)]})
	}
	return all
}

// open writes them all down and folds.
func (c *fair) open(all ...arrival) {
	c.t.Helper()
	slices.SortFunc(all, func(a, b arrival) int { return a.at.Compare(b.at) })
	c.update(func(tx *data.Tx) error {
		for _, a := range all {
			if _, err := data.Insert(context.Background(), tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device)
				VALUES (?, ?, 0, 0, ?, ?)`, a.link, a.at, int64(a.observed), int64(a.device)); err != nil {
				return err
			}
		}
		return nil
	})
	c.fold()
}

func (c *fair) fold() {
	c.t.Helper()
	if err := c.folder.Fold(context.Background(), c.db); err != nil {
		c.t.Fatal(err)
	}
}

func (c *fair) reviews() (found []spread.Review) {
	c.t.Helper()
	err := c.db.View(context.Background(), func(tx *data.Tx) (err error) {
		found, err = spread.Reviews(context.Background(), tx, c.campaign)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}

func (c *fair) decide(opens []int64, link int64, state share.State, by string) {
	c.t.Helper()
	c.update(func(tx *data.Tx) error {
		for _, id := range opens {
			if err := share.Decide(context.Background(), tx, share.Decision{OpenID: id, LinkID: link, State: state, DecidedBy: by}); err != nil {
				return err
			}
		}
		return nil
	})
	c.fold()
}

func TestPeopleWhoComeAsPeopleDoAreNotListed(t *testing.T) {
	c := fairOf(t)
	c.open(c.people()...)
	if found := c.reviews(); len(found) > 0 {
		t.Errorf("listed: %+v", found)
	}
}

func TestAFarmWithFreshAddressesIsListedWithItsReasons(t *testing.T) {
	c := fairOf(t)
	farmed := c.links[3]
	c.open(append(c.people(), c.farm(farmed, 30)...)...)
	found := c.reviews()
	if len(found) != 1 || found[0].LinkID != farmed {
		t.Fatalf("listed: %+v, want one run of link %d", found, farmed)
	}
	r := found[0]
	if len(r.Opens) < 25 || len(r.Opens) > 40 || r.From.After(datatest.Noon.AddDate(0, 0, 5)) || r.To.Before(datatest.Noon.AddDate(0, 0, 4)) {
		t.Errorf("%d opens from %v to %v, want the 30 of the farm and at most a few beside them", len(r.Opens), r.From, r.To)
	}
	var kinds []string
	for _, reason := range r.Reasons {
		kinds = append(kinds, reason.Kind)
		if reason.Share <= reason.Usual {
			t.Errorf("%+v is nothing odd", reason)
		}
	}
	if !slices.Equal(kinds, []string{"apps", "desks", "hours", "steady"}) {
		t.Errorf("the reasons are %v", kinds)
	}
	stood := func() (t spread.Totals) {
		c.update(func(tx *data.Tx) (err error) {
			t, err = spread.TotalsOf(context.Background(), tx, farmed)
			return err
		})
		return t
	}
	before := stood()
	c.decide(r.Opens, farmed, share.Excluded, "")
	if lost := before.Points - stood().Points; lost != r.Points {
		t.Errorf("%d points were at stake, leaving them out took %d", r.Points, lost)
	}
	if found := c.reviews(); len(found) > 0 {
		t.Errorf("what does not count any more is listed: %+v", found)
	}
}

func TestWhatAPersonDecidedToCountIsNotListedAgain(t *testing.T) {
	c := fairOf(t)
	c.open(append(c.people(), c.farm(c.links[5], 25)...)...)
	found := c.reviews()
	if len(found) != 1 {
		t.Fatalf("listed: %+v", found)
	}
	var owner account.Account
	c.update(func(tx *data.Tx) (err error) {
		owner, err = account.ByEmail(context.Background(), tx, "a0@example.com")
		return err
	})
	c.decide(found[0].Opens, found[0].LinkID, share.Counted, owner.ID)
	if found := c.reviews(); len(found) > 0 {
		t.Errorf("listed again: %+v", found)
	}
}

func TestSevenOpensAreTooFewToSuspectAnybody(t *testing.T) {
	c := fairOf(t)
	c.open(c.farm(c.links[0], 7)...)
	if found := c.reviews(); len(found) > 0 {
		t.Errorf("listed: %+v", found)
	}
}
