package web

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// A signed-in browser is noticed once a day. If it cannot be written down then,
// it is at the next try: else its own looks would count as somebody else's.
func TestASignedInBrowserIsWrittenDownInTheEnd(t *testing.T) {
	now := clock.At(datatest.Noon)
	s, err := New(t.Context(), Config{DB: datatest.New(t, now.Now), Clock: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"192.0.2.1", "192.0.2.2"} {
		s.seen.notice(account.Account{ID: "ana"}, share.Browser{Addr: netip.MustParseAddr(addr)}, share.Day(now.Now()))
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.recognise(ended); err == nil {
		t.Error("browsers were written down in no time")
	}
	if err := s.recognise(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.db.View(t.Context(), func(tx *data.Tx) error {
		n, err := data.Int(t.Context(), tx, `SELECT count(*) FROM keys WHERE open_id = 0`)
		if n != 2 {
			t.Errorf("%d of 2 browsers were written down", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
