package share_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/data/datatest"
)

// learns lets the opener read yesterday's networks, at a time of the clock.
func (c *chat) learns() {
	c.t.Helper()
	if err := c.opener.LearnPrior(context.Background()); err != nil {
		c.t.Fatal(err)
	}
}

// A quarter past midnight the server has read who was there yesterday: they are
// known all the same, and whoever shares their network.
func TestYesterdaysReadersAreKnownWithoutAskingForThem(t *testing.T) {
	c := newChat(t)
	was := map[int]share.Opened{}
	for n := range 50 {
		was[n] = c.opens(0, browser(fmt.Sprintf("198.51.100.%d", n), "phone"), "")
	}
	c.clock.Set(datatest.Noon.Truncate(24 * time.Hour).Add(24*time.Hour + 15*time.Minute))
	c.learns()
	for n, first := range was {
		again := c.opens(0, browser(fmt.Sprintf("198.51.100.%d", n), "phone"), "")
		c.wants(again, share.Counted, true)
		if again.ID != first.ID {
			t.Errorf("reader %d is given another link on the next day", n)
		}
	}
	c.wants(c.opens(was[0].ID, browser("198.51.100.0", "tablet"), ""), share.SameNetwork, false)
	for n := range 50 {
		c.wants(c.opens(0, browser(fmt.Sprintf("203.0.113.%d", n), "phone"), ""), share.Counted, false)
	}
}

// Shortly after midnight yesterday's last opens may still be on their way, to
// this server or to another: then it has not yet read them.
func TestYesterdayIsReadWhenNothingIsAddedToItAnyMore(t *testing.T) {
	c := newChat(t)
	midnight := datatest.Noon.Truncate(24 * time.Hour).Add(24 * time.Hour)
	c.clock.Set(midnight.Add(5 * time.Minute))
	c.learns()
	late := browser("192.0.2.9", "phone")
	c.clock.Set(midnight.Add(-time.Second))
	other := share.NewOpener(c.db) // a server whose clock is slow
	c.opener, other = other, c.opener
	first := c.opens(0, late, "")
	c.opener = other
	c.clock.Set(midnight.Add(6 * time.Minute))
	again := c.opens(0, late, "")
	c.wants(again, share.Counted, true)
	if again.ID != first.ID {
		t.Error("who came late yesterday is another person today")
	}
}
