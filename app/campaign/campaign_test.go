package campaign_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

const week = 7 * 24 * time.Hour

var spring = campaign.Campaign{
	Name: "Spring", Goal: "500 people", StartsAt: datatest.Noon, EndsAt: datatest.Noon.Add(week), Most: campaign.DefaultMost,
}

func TestEveryFieldOfACampaignIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*campaign.Campaign)
		fields []string
	}{
		"all is well":              {func(*campaign.Campaign) {}, nil},
		"no name":                  {func(c *campaign.Campaign) { c.Name = "" }, []string{"name"}},
		"a goal without end":       {func(c *campaign.Campaign) { c.Goal = strings.Repeat("a", 301) }, []string{"goal"}},
		"an end before the start":  {func(c *campaign.Campaign) { c.EndsAt = c.StartsAt.Add(-1) }, []string{"ends_at"}},
		"an end at the start":      {func(c *campaign.Campaign) { c.EndsAt = c.StartsAt }, []string{"ends_at"}},
		"no dates":                 {func(c *campaign.Campaign) { c.StartsAt, c.EndsAt = time.Time{}, time.Time{} }, []string{"ends_at", "starts_at"}},
		"no points for anybody":    {func(c *campaign.Campaign) { c.Most = 0 }, []string{"most"}},
		"one point a person":       {func(c *campaign.Campaign) { c.Most = 1 }, nil},
		"ten points a person":      {func(c *campaign.Campaign) { c.Most = 10 }, nil},
		"too many points a person": {func(c *campaign.Campaign) { c.Most = 11 }, []string{"most"}},
	} {
		campaign := spring
		c.change(&campaign)
		if got := campaign.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

func TestACampaignIsCurrentFromItsStartToItsEnd(t *testing.T) {
	hands := clock.At(datatest.Noon.Add(-week))
	db, ctx := datatest.New(t, hands.Now), context.Background()
	var made, later campaign.Campaign
	err := db.Update(ctx, func(tx *data.Tx) (err error) {
		if made, err = campaign.Create(ctx, tx, spring); err != nil {
			return err
		}
		summer := spring
		summer.StartsAt, summer.EndsAt = spring.EndsAt, spring.EndsAt.Add(week)
		later, err = campaign.Create(ctx, tx, summer)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Duration][]campaign.Campaign{
		-time.Millisecond: nil, 0: {made}, week - time.Millisecond: {made}, week: {later}, 2 * week: nil,
	} {
		hands.Set(spring.StartsAt.Add(at))
		err := db.View(ctx, func(tx *data.Tx) error {
			got, err := campaign.Current(ctx, tx)
			if !slices.Equal(got, want) {
				t.Errorf("%v after the start, %+v is current", at, got)
			}
			for _, c := range []campaign.Campaign{made, later} {
				if c.Runs(tx.Now()) != slices.Contains(want, c) {
					t.Errorf("%v after the start, Runs says %v", at, c.Runs(tx.Now()))
				}
			}
			all, err2 := campaign.All(ctx, tx)
			if !slices.Equal(all, []campaign.Campaign{later, made}) {
				t.Errorf("all are %+v", all)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Once somebody holds a link, what it can earn does not change under their hands.
func TestPointsAreSettledWithTheFirstLink(t *testing.T) {
	db, ctx := datatest.New(t), context.Background()
	made := spring
	change := func() error { return db.Update(ctx, func(tx *data.Tx) error { return campaign.Change(ctx, tx, made) }) }
	if err := db.Update(ctx, func(tx *data.Tx) (err error) {
		made, err = campaign.Create(ctx, tx, spring)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	made.Most, made.Name = 3, "Spring again"
	if err := change(); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(ctx, func(tx *data.Tx) error {
		if got, err := campaign.ByID(ctx, tx, made.ID); err != nil || got != made {
			t.Errorf("changed to %+v, want %+v (%v)", got, made, err)
		}
		_, err := tx.Exec(ctx, `INSERT INTO drops (id, campaign_id, language, version, created_at) VALUES ('d', ?, 'en', 1, ?)`, made.ID, tx.Now())
		if err == nil {
			_, err = tx.Exec(ctx, `INSERT INTO links (drop_id, campaign_id, rehearsal, made_at) VALUES ('d', ?, 0, ?)`, made.ID, tx.Now())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	made.Goal = "1000 people"
	if err := change(); err != nil {
		t.Errorf("the goal is settled too: %v", err)
	}
	made.Most = 4
	if err := change(); !errors.Is(err, campaign.ErrSettled) {
		t.Errorf("the points were changed: %v", err)
	}
	made.ID = "none"
	if err := change(); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("no campaign was changed: %v", err)
	}
}
