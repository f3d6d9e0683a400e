package spread_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// Manel wipes his rehearsal while somebody reads on below one of its opens. What
// they opened is no more, so nothing may be appended below it: the fold could
// never get past an open that hangs on nothing.
func TestNothingIsAppendedBelowWhatWasWiped(t *testing.T) {
	ctx := context.Background()
	g := plant(t, 1)
	var rehearsal share.Link
	g.update(func(tx *data.Tx) error {
		who, err := data.One(ctx, tx, func(r data.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT account_id FROM links ORDER BY id LIMIT 1`)
		if err != nil {
			return err
		}
		drops, err := drop.Visible(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := drop.SetRelease(ctx, tx, drops[0].ID, drop.Release{PublicAt: datatest.Noon}); err != nil {
			return err
		}
		rehearsal, err = share.Rehearse(ctx, tx, who, drops[0].ID)
		return err
	})
	opener := share.NewOpener(g.db) // of a server that goes on remembering
	open := func(ref id.Ref, model string) (share.Opened, error) {
		b := share.Browser{Addr: netip.MustParseAddr("192.0.2.1"), UserAgent: model}
		return opener.Open(ctx, share.Opening{Ref: ref, Browser: b, Nonce: model})
	}
	first, err := open(id.Ref{Kind: id.Link, ID: rehearsal.ID}, "iPhone")
	if err != nil {
		t.Fatal(err)
	}
	reading := id.Ref{Kind: id.Open, ID: first.ID}
	if _, err := open(reading, "iPad"); err != nil {
		t.Fatal(err)
	}
	g.update(func(tx *data.Tx) error { return spread.Wipe(ctx, tx, rehearsal.ID) })
	if done, err := open(reading, "Pixel"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("below an open that was wiped %+v was appended (%v)", done, err)
	}
	var f spread.Folder
	if err := f.Fold(ctx, g.db); err != nil {
		t.Errorf("the fold is stuck: %v", err)
	}
}

// A rehearsal's opens were the last of the log. Once they are wiped its last id
// lies below the fold's mark, by as many as there are decisions to come.
func TestADecisionAfterAWipeIsFolded(t *testing.T) {
	g := plant(t, 3)
	for range 6 {
		g.open()
	}
	var f spread.Folder
	fold := func() {
		t.Helper()
		if err := f.Fold(context.Background(), g.db); err != nil {
			t.Fatal(err)
		}
	}
	fold()
	last := g.opens[len(g.opens)-1]
	var wiped int64
	g.update(func(tx *data.Tx) (err error) {
		wiped, err = data.Insert(context.Background(), tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (?, ?, 0, 0, 0, 0)`, g.link[last.ID], last.OpenedAt)
		return err
	})
	fold()
	g.update(func(tx *data.Tx) error {
		_, err := tx.Exec(context.Background(), `DELETE FROM opens WHERE id = ?`, wiped)
		return err
	})
	g.decideOn(0, map[bool]share.State{true: share.Excluded, false: share.Counted}[g.opens[0].State == share.Counted])
	var before, after spread.Mark
	mark := func(m *spread.Mark) {
		g.update(func(tx *data.Tx) (err error) {
			*m, err = spread.MarkOf(context.Background(), tx)
			return err
		})
	}
	mark(&before)
	fold()
	if mark(&after); after.Decision == before.Decision {
		t.Error("the decision is not folded")
	}
}
