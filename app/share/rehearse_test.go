package share_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// Amina tries her link out on every phone of her home. Whoever reads there later
// counts all the same: trying it out takes none of the five places of a network.
func TestTryingItOutTakesNoPlaceFromThoseWhoRead(t *testing.T) {
	c := newChat(t)
	ctx := context.Background()
	real := c.link
	c.update(func(tx *data.Tx) (err error) {
		c.link, err = share.Rehearse(ctx, tx, c.owner, c.link.DropID)
		return err
	})
	for n := range share.Most {
		model := fmt.Sprint("phone ", n)
		done, err := c.opener.Open(ctx, share.Opening{Ref: id.Ref{Kind: id.Link, ID: c.link.ID}, Browser: browser("192.0.2.1", model), Nonce: model})
		if err != nil {
			t.Fatal(err)
		}
		c.wants(done, share.Counted, false)
	}
	c.link = real
	for n := range share.Most {
		c.wants(c.opens(0, browser("192.0.2.1", fmt.Sprint("reader ", n)), ""), share.Counted, false)
	}
	c.wants(c.opens(0, browser("192.0.2.1", "one more"), ""), share.NetworkCap, false)
}

// Lyon may share at once, Nice in an hour. Ben of Nice cannot show the drop any
// earlier by rehearsing it; whoever is in no squad rehearses with the first.
func TestARehearsalShowsItsDropNoEarlierThanTheSquadOfItsMaker(t *testing.T) {
	c := newChat(t)
	ctx := context.Background()
	now := c.clock.Now()
	shared := func(l share.Link) (shared bool) {
		t.Helper()
		c.update(func(tx *data.Tx) (err error) {
			shared, err = drop.Shared(ctx, tx, l.ID)
			return err
		})
		return shared
	}
	var bens, owners share.Link
	c.update(func(tx *data.Tx) error {
		ben, err := account.Create(ctx, tx, account.Account{Email: "ben@example.com", Name: "Ben", Role: account.Ambassador, Language: "en"})
		if err != nil {
			return err
		}
		lyon, err := squad.Found(ctx, tx, squad.Squad{Name: "Lyon"})
		if err != nil {
			return err
		}
		nice, err := squad.Found(ctx, tx, squad.Squad{Name: "Nice"})
		if err != nil {
			return err
		}
		seat, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: nice.ID})
		if err != nil {
			return err
		}
		if _, err := squad.Join(ctx, tx, seat.Code, ben.ID); err != nil {
			return err
		}
		if err := drop.SetRelease(ctx, tx, c.link.DropID, drop.Release{Steps: []drop.Step{
			{SquadID: lyon.ID, OpensAt: now, ShareableAt: now}, {SquadID: nice.ID, OpensAt: now, ShareableAt: now.Add(time.Hour)},
		}}); err != nil {
			return err
		}
		if bens, err = share.Rehearse(ctx, tx, ben.ID, c.link.DropID); err != nil {
			return err
		}
		owners, err = share.Rehearse(ctx, tx, c.owner, c.link.DropID)
		return err
	})
	if shared(bens) || !shared(owners) {
		t.Errorf("before Nice may share, Ben's rehearsal shows the drop: %v, the owner's: %v", shared(bens), shared(owners))
	}
	c.clock.Advance(time.Hour)
	if !shared(bens) {
		t.Error("Ben's rehearsal does not show the drop when Nice may share it")
	}
}

// Ben is in Lyon and Nice. The drop goes to Lyon, then by correction to Nice
// alone: the link that he has goes on with Nice.
func TestALinkFollowsTheReleaseToAnotherSquadOfItsMember(t *testing.T) {
	c := newChat(t)
	ctx := context.Background()
	now := c.clock.Now()
	var lyon, nice squad.Squad
	var ben account.Account
	c.update(func(tx *data.Tx) (err error) {
		if ben, err = account.Create(ctx, tx, account.Account{Email: "ben@example.com", Name: "Ben", Role: account.Ambassador, Language: "en"}); err != nil {
			return err
		}
		for _, s := range []*squad.Squad{&lyon, &nice} {
			if *s, err = squad.Found(ctx, tx, squad.Squad{Name: "S"}); err != nil {
				return err
			}
			seat, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.ID})
			if err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, seat.Code, ben.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for _, s := range []squad.Squad{lyon, nice} {
		c.update(func(tx *data.Tx) error {
			err := drop.SetRelease(ctx, tx, c.link.DropID, drop.Release{Steps: []drop.Step{{SquadID: s.ID, OpensAt: now, ShareableAt: now}}})
			if err != nil {
				return err
			}
			return share.Issue(ctx, tx, c.link.DropID, "")
		})
		c.update(func(tx *data.Tx) error {
			l, err := share.Of(ctx, tx, ben.ID, c.link.DropID)
			if err != nil {
				return err
			}
			shared, err := drop.Shared(ctx, tx, l.ID)
			if l.SquadID != s.ID || !shared {
				t.Errorf("the link is in squad %s (want %s), shows the drop: %v", l.SquadID, s.ID, shared)
			}
			return err
		})
	}
}
