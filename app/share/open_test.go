package share_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// chat is one ambassador's link, and the people it reaches.
type chat struct {
	t      *testing.T
	db     *data.DB
	clock  *clock.Manual
	opener *share.Opener
	owner  string
	link   share.Link
}

func newChat(t *testing.T) *chat {
	t.Helper()
	c := &chat{t: t, clock: clock.At(datatest.Noon)}
	c.db = datatest.New(t, c.clock.Now)
	c.opener = share.NewOpener(c.db)
	ctx := context.Background()
	c.update(func(tx *data.Tx) error {
		who, err := account.Create(ctx, tx, account.Account{Email: "amina@example.com", Name: "Amina", Role: account.Owner, Language: "fr"})
		if err != nil {
			return err
		}
		camp, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "C", StartsAt: datatest.Noon, EndsAt: datatest.Noon.AddDate(0, 1, 0), Most: 5})
		if err != nil {
			return err
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: camp.ID, Language: "en", Version: drop.Version{Title: "T", Body: "B"}})
		if err != nil {
			return err
		}
		if err := drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: datatest.Noon}); err != nil {
			return err
		}
		c.owner = who.ID
		c.link, err = share.Take(ctx, tx, who.ID, d.ID)
		return err
	})
	return c
}

func (c *chat) update(fn func(tx *data.Tx) error) {
	c.t.Helper()
	if err := c.db.Update(context.Background(), fn); err != nil {
		c.t.Fatal(err)
	}
}

// browser is a browser of its own at an address.
func browser(addr, model string) share.Browser {
	return share.Browser{Addr: netip.MustParseAddr(addr), UserAgent: "Mozilla/5.0 (" + model + ")", AcceptLanguage: "fr"}
}

// opens confirms an open of the link (0) or of an open's token.
func (c *chat) opens(below int64, b share.Browser, signedIn string) share.Opened {
	c.t.Helper()
	ctx := context.Background()
	ref := id.Ref{Kind: id.Link, ID: c.link.ID}
	if below != 0 {
		ref = id.Ref{Kind: id.Open, ID: below}
	}
	done, err := c.opener.Open(ctx, share.Opening{Ref: ref, Browser: b, Account: signedIn, Channel: visit.WhatsApp})
	if err != nil {
		c.t.Fatal(err)
	}
	return done
}

func (c *chat) wants(got share.Opened, state share.State, repeat bool) {
	c.t.Helper()
	if got.State != state || got.Repeat != repeat {
		c.t.Errorf("the open is %v (repeat %v), want %v (repeat %v)", got.State, got.Repeat, state, repeat)
	}
}

func (c *chat) count(query string, args ...any) (n int64) {
	c.t.Helper()
	ctx := context.Background()
	err := c.db.View(ctx, func(tx *data.Tx) (err error) {
		n, err = data.Int(ctx, tx, query, args...)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// Ben opens Amina's link, reloads, bookmarks, opens it again from the chat and
// from his own link: he is one person, today and tomorrow.
func TestAReaderIsOnePersonForTwoDays(t *testing.T) {
	c := newChat(t)
	ben := browser("192.0.2.1", "iPhone")
	first := c.opens(0, ben, "")
	c.wants(first, share.Counted, false)
	for _, below := range []int64{0, first.ID} {
		again := c.opens(below, ben, "")
		c.wants(again, share.Counted, true)
		if again.ID != first.ID {
			t.Errorf("he is given another link when he comes again")
		}
	}
	c.clock.Advance(24 * time.Hour)
	if again := c.opens(0, ben, ""); again.ID != first.ID {
		t.Errorf("he is another person on the next day")
	}
	c.clock.Advance(24 * time.Hour)
	c.wants(c.opens(0, ben, ""), share.Counted, false)
	if n := c.count(`SELECT count(*) FROM opens`); n != 2 {
		t.Errorf("%d opens were written, want 2", n)
	}
}

// The owner's own looks are no opens, their other devices are not scored, and
// colleagues who are signed in are shown.
func TestOwnAndSignedInBrowsersDoNotScore(t *testing.T) {
	c := newChat(t)
	own := c.opens(0, browser("192.0.2.1", "Mac"), c.owner)
	if own.ID != 0 || c.count(`SELECT count(*) FROM opens`) != 0 {
		t.Error("the owner's signed-in browser makes an open")
	}
	mac := browser("192.0.2.1", "Mac")
	if err := share.Recognise(context.Background(), c.db, &c.opener.Ring, c.owner, mac); err != nil {
		t.Fatal(err)
	}
	c.wants(c.opens(0, mac, ""), share.OwnDevice, false)
	c.wants(c.opens(0, browser("192.0.2.9", "Windows"), "somebody else"), share.SignedIn, false)
	// The ambassador's own network is no sharer.
	c.wants(c.opens(0, browser("192.0.2.1", "iPhone of a friend"), ""), share.Counted, false)
}

// Hops inside one network are shown and not scored; of one owner's readers in
// one network five count a day.
func TestRulesOnNetworks(t *testing.T) {
	c := newChat(t)
	office := func(n int) share.Browser { return browser("198.51.100.7", fmt.Sprint("desk ", n)) }
	first := c.opens(0, office(1), "")
	c.wants(first, share.Counted, false)
	second := c.opens(first.ID, office(2), "")
	c.wants(second, share.SameNetwork, false)
	third := c.opens(second.ID, browser("203.0.113.5", "iPhone"), "")
	c.wants(third, share.Counted, false)
	c.wants(c.opens(third.ID, office(3), ""), share.SameNetwork, false) // the first sharer above is in that network
	for n := 4; n <= 7; n++ {
		c.wants(c.opens(0, office(n), ""), share.Counted, false)
	}
	sixth := c.opens(0, office(8), "")
	c.wants(sixth, share.NetworkCap, false)
	if g := c.count(`SELECT network_group FROM opens WHERE id = ?`, sixth.ID); g != first.ID {
		t.Errorf("the held open is in group %d, want that of the first, %d", g, first.ID)
	}
	if n := c.count(`SELECT count(*) FROM opens WHERE state = 0 AND network_group IS NOT NULL`); n != 0 {
		t.Error("an open that counts keeps its network")
	}
	c.clock.Advance(24 * time.Hour)
	c.wants(c.opens(0, office(9), ""), share.Counted, false) // another day, another five
	c.wants(c.opens(first.ID, office(10), ""), share.SameNetwork, false)
}

// A crowd larger than is looked at one by one is still told apart by browser.
func TestACrowdOnOneNetworkIsToldApart(t *testing.T) {
	c := newChat(t)
	var ids []int64
	for n := range 30 {
		ids = append(ids, c.opens(0, browser("198.51.100.7", fmt.Sprint("phone ", n)), "").ID)
	}
	for n, want := range ids {
		if got := c.opens(0, browser("198.51.100.7", fmt.Sprint("phone ", n)), ""); got.ID != want || !got.Repeat {
			t.Fatalf("phone %d is taken for another", n)
		}
	}
}

// Everybody behind one IPv6 network of a home is one network.
func TestIPv6ReadersShareTheirHome(t *testing.T) {
	c := newChat(t)
	first := c.opens(0, browser("2001:db8:1:2::a", "iPhone"), "")
	c.wants(c.opens(first.ID, browser("2001:db8:1:2:ffff::b", "iPad"), ""), share.SameNetwork, false)
	c.wants(c.opens(first.ID, browser("2001:db8:1:3::a", "iPad"), ""), share.Counted, false)
}

// Many who open at once are each written down once, and a reader who posts
// many times at once is one.
func TestOpensAtOnce(t *testing.T) {
	c := newChat(t)
	if err := c.db.Update(context.Background(), func(*data.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	c.opens(0, browser("192.0.2.200", "warm-up"), "")
	ids := make(chan int64, 40)
	for n := range 40 {
		go func() { ids <- c.opens(0, browser("192.0.2.1", fmt.Sprint("phone ", n%4)), "").ID }()
	}
	seen := map[int64]bool{}
	for range 40 {
		seen[<-ids] = true
	}
	if len(seen) != 4 || c.count(`SELECT count(*) FROM opens`) != 5 {
		t.Errorf("%d tokens were given for 4 readers, %d opens written", len(seen), c.count(`SELECT count(*) FROM opens`))
	}
}

// After 48 hours nothing is left that ties an open to a browser.
func TestKeysAreDestroyedAfterTwoDays(t *testing.T) {
	c := newChat(t)
	c.opens(0, browser("192.0.2.1", "iPhone"), "")
	forget := func() {
		c.update(func(tx *data.Tx) error { return share.Forget(context.Background(), tx) })
	}
	c.clock.Advance(24 * time.Hour)
	forget()
	if c.count(`SELECT count(*) FROM keys`) != 1 {
		t.Error("yesterday's keys are gone already")
	}
	c.clock.Advance(24 * time.Hour)
	forget()
	if n := c.count(`SELECT count(*) FROM keys`); n != 0 {
		t.Errorf("%d keys are left", n)
	}
	if n := c.count(`SELECT count(*) FROM day_keys WHERE day < ?`, share.Day(c.clock.Now())-1); n != 0 {
		t.Error("an old day's key is left")
	}
}

// After 90 days an open is only that there was one, on that day.
func TestOldOpensKeepNeitherHourNorChannelNorDevice(t *testing.T) {
	c := newChat(t)
	c.opens(0, browser("192.0.2.1", "iPhone"), "")
	c.clock.Advance(2 * 24 * time.Hour)
	c.opens(0, browser("192.0.2.2", "iPhone"), "")
	retire := func() {
		c.update(func(tx *data.Tx) error { return share.Retire(context.Background(), tx) })
	}
	left := func() int64 {
		return c.count(`SELECT count(*) FROM opens WHERE channel <> 0 AND opened_at % 86400000 <> 0`)
	}
	c.clock.Advance(88*24*time.Hour - time.Millisecond)
	if retire(); left() != 2 {
		t.Errorf("%d of 2 opens are whole a moment before 90 days", left())
	}
	c.clock.Advance(2 * time.Millisecond)
	if retire(); left() != 1 {
		t.Errorf("%d opens are whole, want 1", left())
	}
	c.clock.Advance(3 * 24 * time.Hour)
	if retire(); left() != 0 || c.count(`SELECT count(*) FROM opens WHERE opened_at > 0`) != 2 {
		t.Errorf("%d opens are whole, want none of two", left())
	}
}

// In a rehearsal every page that was served is another reader, and each says
// what would have kept it from scoring.
func TestARehearsalCountsEverythingAndSaysWhy(t *testing.T) {
	c := newChat(t)
	ctx := context.Background()
	var r share.Link
	c.update(func(tx *data.Tx) (err error) {
		r, err = share.Rehearse(ctx, tx, c.owner, c.link.DropID)
		return err
	})
	mine := browser("192.0.2.1", "Mac")
	post := func(account, nonce string, untracked bool, below int64) share.Opened {
		t.Helper()
		ref := id.Ref{Kind: id.Link, ID: r.ID}
		if below != 0 {
			ref = id.Ref{Kind: id.Open, ID: below}
		}
		done, err := c.opener.Open(ctx, share.Opening{Ref: ref, Browser: mine, Account: account, Nonce: nonce, Untracked: untracked})
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	one := post(c.owner, "page 1", false, 0)
	c.wants(one, share.OwnDevice, false)
	if again := post(c.owner, "page 1", false, 0); again.ID != one.ID {
		t.Error("the same page counts twice")
	}
	c.wants(post("", "page 2", false, one.ID), share.Repeated, false)
	c.wants(post("", "page 3", true, one.ID), share.Untracked, false)
	if n := c.count(`SELECT count(*) FROM opens WHERE link_id = ?`, r.ID); n != 3 {
		t.Errorf("%d opens in the rehearsal, want 3", n)
	}
}

// No address and no User-Agent is anywhere in the database.
func TestNoAddressAndNoBrowserIsWrittenDown(t *testing.T) {
	c := newChat(t)
	c.opens(0, browser("192.0.2.77", "Very Special Phone"), "")
	ctx := context.Background()
	err := c.db.View(ctx, func(tx *data.Tx) error {
		for _, table := range []string{"opens", "keys", "tallies"} {
			err := data.Each(ctx, tx, func(r data.Row) error {
				var row string
				if err := r.Scan(&row); err != nil {
					return err
				}
				if bytes.Contains([]byte(row), []byte("192.0.2.77")) || bytes.Contains([]byte(row), []byte("Special")) {
					t.Errorf("%s holds %q", table, row)
				}
				return nil
			}, `SELECT `+textOf[table]+` FROM `+table)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// textOf is each table's row as text; the keys' bytes are looked at one by one.
var textOf = map[string]string{
	"opens":   `CAST(link_id AS TEXT) || ' ' || CAST(channel AS TEXT) || ' ' || CAST(device AS TEXT)`,
	"keys":    `CAST(day AS TEXT) || ' ' || CAST(length(network) AS TEXT) || ' ' || CAST(length(visitor) AS TEXT)`,
	"tallies": `rule`,
}
