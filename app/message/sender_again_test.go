package message_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/message"
	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/data"
)

// Five senders on one database, each with its own connections, as servers of one installation have.
func TestManySendersSendEachMailOnce(t *testing.T) {
	p := newPost(t, nil)
	var want []string
	for i := range 120 {
		to := fmt.Sprintf("m%d@example.com", i)
		want = append(want, to)
		p.write(message.Mail{To: to})
	}
	var all sync.WaitGroup
	for range 5 {
		s := p.another()
		all.Go(func() {
			if err := s.Work(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	times := map[string]int{}
	for _, l := range p.server.Letters() {
		times[l.To]++
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(times)); !slices.Equal(got, want) {
		t.Errorf("%d of %d arrived", len(got), len(want))
	}
	for to, n := range times {
		if n != 1 {
			t.Errorf("%s got it %d times", to, n)
		}
	}
}

// A sender dies in the middle of a mail: before the mail server was given it all, or after.
func TestAfterACrashNothingIsSentTwiceAndNothingIsForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		handed  bool
		state   message.State
		reason  message.Reason
		arrives int
	}{
		"before it was handed over": {false, message.StateSent, "", 1},
		"after it was handed over":  {true, message.StateUnsure, message.Unsure, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, nil)
			id := p.write(message.Mail{To: "ana@example.com"})
			must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
				m, err := message.Take(ctx, tx)
				if err == nil && c.handed {
					err = message.HandOver(ctx, tx, m)
				}
				return err
			})
			p.work()
			p.is(id, message.StateSending, "") // it may be another server's, and alive
			p.clock.Advance(10 * time.Minute)
			p.work()
			p.is(id, c.state, c.reason)
			if got := len(p.server.Letters()); got != c.arrives {
				t.Errorf("%d arrived, not %d", got, c.arrives)
			}
			if !c.handed {
				return
			}
			// The owner decides, and the receiver can tell that it is the same mail.
			must(t, p.db, func(ctx context.Context, tx *data.Tx) error { return message.TryAgain(ctx, tx, id) })
			p.work()
			p.is(id, message.StateSent, "")
			if got := p.server.Letters(); len(got) != 1 || got[0].Head.Get("Message-Id") != "<"+id+"@novaska.example>" {
				t.Errorf("then came %+v", got)
			}
		})
	}
}

// A sender sleeps for so long that its mail was given to another; then it wakes up, right before the end of it.
func TestAMailIsNotHandedOverByWhoLostIt(t *testing.T) {
	p := newPost(t, nil)
	id := p.write(message.Mail{To: "ana@example.com"})
	var slept message.Mail
	must(t, p.db, func(ctx context.Context, tx *data.Tx) (err error) {
		slept, err = message.Take(ctx, tx)
		return err
	})
	p.clock.Advance(10 * time.Minute)
	p.work()
	p.is(id, message.StateSent, "")
	err := p.db.Update(t.Context(), func(tx *data.Tx) error { return message.HandOver(t.Context(), tx, slept) })
	if !errors.Is(err, data.ErrNotFound) {
		t.Errorf("it was handed over twice: %v", err)
	}
}

func TestTheOwnerTriesAgainAndGivesUp(t *testing.T) {
	p := newPost(t, func(at mt.Moment, said string) mt.Act {
		if at == mt.Rcpt && strings.Contains(said, "bad@") {
			return mt.Act{Reply: "550 5.7.1 no"}
		}
		if at == mt.Rcpt && strings.Contains(said, "slow@") {
			return mt.Act{Reply: "450 4.2.1 later"}
		}
		return mt.Act{}
	})
	bad, slow, sent := p.write(message.Mail{To: "bad@example.com"}), p.write(message.Mail{To: "slow@example.com"}), p.write(message.Mail{To: "ana@example.com"})
	p.work()
	p.is(bad, message.StateFailed, message.Recipient)
	p.is(slow, message.StateWaiting, message.Later)
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error { return message.GiveUp(ctx, tx, slow) })
	p.is(slow, message.StateFailed, message.GivenUp)
	for name, do := range map[string]func(context.Context, *data.Tx) error{
		"a sent mail is sent again": func(ctx context.Context, tx *data.Tx) error { return message.TryAgain(ctx, tx, sent) },
		"a sent mail is given up":   func(ctx context.Context, tx *data.Tx) error { return message.GiveUp(ctx, tx, sent) },
		"a mail that never was":     func(ctx context.Context, tx *data.Tx) error { return message.TryAgain(ctx, tx, "nothing") },
		"a failed mail is given up": func(ctx context.Context, tx *data.Tx) error { return message.GiveUp(ctx, tx, bad) },
	} {
		if err := p.db.Update(t.Context(), func(tx *data.Tx) error { return do(t.Context(), tx) }); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		n, err := message.TryAllAgain(ctx, tx)
		if n != 2 {
			t.Errorf("%d are tried again", n)
		}
		return err
	})
	p.work()
	p.is(bad, message.StateFailed, message.Recipient)
	p.is(slow, message.StateWaiting, message.Later)
	must(t, p.db, func(ctx context.Context, tx *data.Tx) error {
		counts, err := message.Counts(ctx, tx)
		if want := (map[message.State]int{message.StateFailed: 1, message.StateWaiting: 1, message.StateSent: 1}); !maps.Equal(counts, want) {
			t.Errorf("the outbox counts %v", counts)
		}
		return err
	})
}

func TestAnAddressThatRefusesIsNotWrittenToUnasked(t *testing.T) {
	p := newPost(t, func(at mt.Moment, said string) mt.Act {
		switch {
		case at == mt.Rcpt && strings.Contains(said, "nobody@"):
			return mt.Act{Reply: "550 5.1.1 no such user"}
		case at == mt.Rcpt && strings.Contains(said, "never@"):
			return mt.Act{Reply: "550 5.7.1 not from you"}
		}
		return mt.Act{}
	})
	for _, to := range []string{"Nobody@example.com", "never@example.com", "never@example.com", "never@example.com"} {
		p.write(message.Mail{To: strings.ToLower(to)})
	}
	p.work()
	for _, to := range []string{"nobody@example.com", "never@example.com"} {
		id := p.write(message.Mail{To: to})
		p.work()
		p.is(id, message.StateFailed, message.Stoppage)
		asked := p.write(message.Mail{Kind: message.SignIn, To: to, ForgetAt: p.clock.Now().Add(time.Minute)})
		p.work()
		if m := p.mail(asked); m.Reason == message.Stoppage {
			t.Errorf("%s cannot sign in", to)
		}
	}
}
