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
