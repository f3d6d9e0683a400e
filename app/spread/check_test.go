package spread_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// planted is a database with one link and, below it, opens that are each
// brought by the one with half their number, an hour apart.
func planted(t testing.TB, opens int64) *data.DB {
	t.Helper()
	db, ctx := datatest.New(t), context.Background()
	err := db.Update(ctx, func(tx *data.Tx) error {
		a, err := account.Create(ctx, tx, account.Account{Email: "ana@example.com", Name: "Ana", Role: account.Owner, Language: "fr"})
		if err != nil {
			return err
		}
		c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Spring", StartsAt: datatest.Noon, EndsAt: datatest.Noon.AddDate(0, 1, 0), Most: campaign.DefaultMost})
		if err != nil {
			return err
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "Shoes", Body: "New ones."}})
		if err != nil {
			return err
		}
		link, err := data.Insert(ctx, tx, `INSERT INTO links (drop_id, campaign_id, account_id, rehearsal, made_at) VALUES (?, ?, ?, 0, ?)`,
			d.ID, c.ID, a.ID, datatest.Noon)
		if err != nil {
			return err
		}
		branch := make([]any, opens+1)
		for n := int64(1); n <= opens; n++ {
			var parent any
			if n > 1 {
				parent, branch[n] = n/2, int64(1)
			}
			_, err := tx.Exec(ctx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device)
				VALUES (?, ?, ?, ?, ?, 0, 0, 0)`, link, parent, branch[n], datatest.Noon.Add(time.Duration(n)*time.Hour), int64(share.Counted))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func run(t *testing.T, db *data.DB, statements ...string) {
	t.Helper()
	ctx := context.Background()
	err := db.Update(ctx, func(tx *data.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drifts folds the second again and says what differs in the first.
func drifts(t *testing.T, stood, again *data.DB) (found []string) {
	t.Helper()
	ctx := context.Background()
	had, err := spread.Unfold(ctx, again)
	if err != nil {
		t.Fatal(err)
	}
	told := int64(0)
	if err := spread.Refold(ctx, again, had, func(n int64) { told += n }); err != nil {
		t.Fatal(err)
	}
	if told != had.Open { // their ids begin with 1 and have no gap
		t.Errorf("progress was told of %d opens, not %d", told, had.Open)
	}
	err = spread.Compare(ctx, stood, again, func(d spread.Drift) error {
		found = append(found, d.String())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Held, counted again and held once more, whatever the fold was told and when.
func TestFoldingAgainMakesTheNumbersThatStood(t *testing.T) {
	stood, again := planted(t, 200), planted(t, 200)
	ctx := context.Background()
	decide := func(db *data.DB, open int64, s share.State) {
		err := db.Update(ctx, func(tx *data.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO decisions (open_id, link_id, state, decided_at) VALUES (?, 1, ?, ?)`, open, int64(s), tx.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var f spread.Folder
	for _, step := range []struct {
		open  int64
		state share.State
	}{{3, share.Excluded}, {7, share.Excluded}, {3, share.Counted}, {1, share.Excluded}} {
		decide(stood, step.open, step.state)
		if err := f.Fold(ctx, stood); err != nil {
			t.Fatal(err)
		}
		decide(again, step.open, step.state)
	}
	if err := f.Fold(ctx, again); err != nil {
		t.Fatal(err)
	}
	// The fold has not come to these two: they are in nobody's numbers.
	decide(stood, 9, share.Excluded)
	decide(again, 9, share.Excluded)
	if found := drifts(t, stood, again); len(found) > 0 {
		t.Errorf("they drifted: %q", found)
	}
}

func TestEveryKindOfDriftIsNamed(t *testing.T) {
	stood, again := planted(t, 50), planted(t, 50)
	var f spread.Folder
	for _, db := range []*data.DB{stood, again} {
		if err := f.Fold(context.Background(), db); err != nil {
			t.Fatal(err)
		}
	}
	run(t, stood, `DELETE FROM trees WHERE open_id = 30`, `INSERT INTO sharers (open_id, state, hop, below, points, kids) SELECT 49, 0, 1, 0, 0, kids FROM sharers WHERE open_id = 1`,
		`UPDATE link_days SET points = points - 1 WHERE day = (SELECT min(day) FROM link_days)`,
		`UPDATE link_totals SET farthest = 9, last_at = NULL`)
	found := strings.Join(drifts(t, stood, again), "\n")
	for _, want := range []string{
		"trees, link_id 1, open_id 30: is missing",
		"sharers, open_id 49: stands there",
		"link_days, day 20150, link_id 1: points is ",
		"link_totals, link_id 1: farthest is 9, by the log 6",
		"link_totals, link_id 1: last_at is empty, by the log 2025-03-05 14:00:00.000",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is not in %s", want, found)
		}
	}
	if strings.Count(found, "\n") != 4 {
		t.Errorf("more was found: %s", found)
	}
}

// After 90 days the log knows only the day of an open; the totals remember more.
func TestATimeCutToItsDayIsNoDrift(t *testing.T) {
	stood, again := planted(t, 50), planted(t, 50)
	var f spread.Folder
	for _, db := range []*data.DB{stood, again} {
		if err := f.Fold(context.Background(), db); err != nil {
			t.Fatal(err)
		}
	}
	run(t, again, `UPDATE opens SET opened_at = opened_at - opened_at % 86400000`)
	if found := drifts(t, stood, again); len(found) > 0 {
		t.Errorf("they drifted: %q", found)
	}
	run(t, stood, `UPDATE link_totals SET first_at = first_at - 86400000`)
	if found := drifts(t, stood, again); len(found) != 1 || !strings.Contains(found[0], "first_at") {
		t.Errorf("another day is found as %q", found)
	}
}

// A column that the fold learns to write must be compared too.
func TestEveryColumnThatTheFoldWritesIsCompared(t *testing.T) {
	stood, again := planted(t, 9), planted(t, 9)
	ctx := context.Background()
	var f spread.Folder
	for _, db := range []*data.DB{stood, again} {
		if err := f.Fold(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	query := `SELECT name FROM pragma_table_info(?) ORDER BY 1`
	if datatest.Postgres() {
		query = `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY 1`
	}
	keys := map[string][]string{"trees": {"link_id", "open_id"}, "sharers": {"open_id"}, "hands": {"parent_id", "open_id"}, "link_days": {"day", "link_id"}, "link_totals": {"link_id"}}
	for table, key := range keys {
		var columns []string
		err := stood.View(ctx, func(tx *data.Tx) (err error) {
			columns, err = data.All(ctx, tx, data.Text, query, table)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range columns {
			if slices.Contains(key, column) {
				continue
			}
			other := "987654321"
			if column == "kids" || column == "twigs" {
				other = "(SELECT kids FROM sharers WHERE open_id = 1)"
			}
			run(t, stood, `UPDATE `+table+` SET `+column+` = `+other)
			if found := strings.Join(drifts(t, stood, again), "\n"); !strings.Contains(found, column+" is ") {
				t.Errorf("%s.%s is not compared: %s", table, column, found)
			}
		}
	}
}
