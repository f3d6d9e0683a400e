package account_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

var (
	phone = []byte("the secret of the browser on the phone")
	desk  = []byte("the secret of the browser on the desk")
)

func (h house) ask(email string, browser []byte, invitation string) (asked account.Asked) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		asked, err = account.Ask(ctx, tx, email, browser, invitation)
		return err
	})
	return asked
}

func (h house) tryAsking(email string, browser []byte) error {
	return h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := account.Ask(ctx, tx, email, browser, "")
		return err
	})
}

func (h house) look(link string, browser []byte) (s account.SignedIn, err error) {
	err = h.db.View(context.Background(), func(tx *data.Tx) (err error) {
		s, err = account.ByLink(context.Background(), tx, link, browser)
		return err
	})
	return s, err
}

func (h house) useLink(link string, browser []byte) (s account.SignedIn, err error) {
	err = h.update(func(ctx context.Context, tx *data.Tx) (err error) {
		s, err = account.UseLink(ctx, tx, link, browser)
		return err
	})
	return s, err
}

func (h house) useCode(browser []byte, code string) (try account.Try) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		try, err = account.UseCode(ctx, tx, browser, code)
		return err
	})
	return try
}

// other returns six digits that are not the code.
func other(code string, n int) string {
	var k int
	_, _ = fmt.Sscanf(code, "%d", &k)
	return fmt.Sprintf("%06d", (k+n)%1_000_000)
}

// A mail scanner follows the link before Ana does, from elsewhere and as often as it likes.
func TestALinkWorksOnceAndOnlyInTheBrowserThatAsked(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	asked := h.ask("Ana@example.com", phone, "")
	if !asked.Mail || asked.Email != "ana@example.com" || len(asked.Code) != 6 || len(asked.Link) != 32 {
		t.Fatalf("asked: %+v", asked)
	}
	for range 3 {
		if _, err := h.look(asked.Link, desk); !errors.Is(err, account.ErrOtherBrowser) {
			t.Errorf("another browser sees %v", err)
		}
		if _, err := h.useLink(asked.Link, desk); !errors.Is(err, account.ErrOtherBrowser) {
			t.Errorf("another browser signs in: %v", err)
		}
		if s, err := h.look(asked.Link, phone); err != nil || s.Email != "ana@example.com" {
			t.Errorf("the page with the button: %+v, %v", s, err)
		}
	}
	if s, err := h.useLink(asked.Link, phone); err != nil || s.Email != "ana@example.com" {
		t.Errorf("signed in as %+v, %v", s, err)
	}
	for _, browser := range [][]byte{phone, desk} {
		if _, err := h.useLink(asked.Link, browser); !errors.Is(err, account.ErrOver) {
			t.Errorf("used twice: %v", err)
		}
		if _, err := h.look(asked.Link, browser); !errors.Is(err, account.ErrOver) {
			t.Errorf("the page of a used link: %v", err)
		}
	}
	if try := h.useCode(phone, asked.Code); try.Right {
		t.Error("the code works after the link")
	}
	if _, err := h.useLink("no such link", phone); !errors.Is(err, account.ErrOver) {
		t.Errorf("a link that never was: %v", err)
	}
}

func TestOfFiftyWhoUseALinkAtOnceOneSignsIn(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	for round := range 5 {
		h.clock.Advance(time.Hour) // so that more may be asked for
		byLink, byCode := h.ask("ana@example.com", phone, ""), h.ask("ana@example.com", desk, "")
		links := h.race(func(ctx context.Context, tx *data.Tx) error {
			_, err := account.UseLink(ctx, tx, byLink.Link, phone)
			return err
		})
		codes := h.race(func(ctx context.Context, tx *data.Tx) error {
			try, err := account.UseCode(ctx, tx, desk, byCode.Code)
			if err == nil && !try.Right {
				err = account.ErrOver
			}
			return err
		})
		if links != 1 || codes != 1 {
			t.Errorf("round %d: %d signed in by link, %d by code", round, links, codes)
		}
	}
}

// race runs a sign-in fifty times at once and returns how many were not told that it is over.
func (h house) race(signIn func(ctx context.Context, tx *data.Tx) error) int32 {
	h.Helper()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := h.update(signIn); err == nil {
				won.Add(1)
			} else if !errors.Is(err, account.ErrOver) {
				h.Error(err)
			}
		})
	}
	all.Wait()
	return won.Load()
}

func TestASignInLastsTenMinutes(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	for _, c := range []struct {
		after time.Duration
		works bool
	}{{599 * time.Second, true}, {601 * time.Second, false}} {
		byLink, byCode := h.ask("ana@example.com", phone, ""), h.ask("ana@example.com", desk, "")
		h.clock.Advance(c.after)
		if _, err := h.useLink(byLink.Link, phone); (err == nil) != c.works || err != nil && !errors.Is(err, account.ErrOver) {
			t.Errorf("after %v the link answers %v", c.after, err)
		}
		if try := h.useCode(desk, byCode.Code); try.Right != c.works {
			t.Errorf("after %v the code is right: %v", c.after, try.Right)
		}
		h.clock.Advance(time.Hour)
	}
}

func TestAfterFiveWrongCodesTheRightOneIsDead(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	asked := h.ask("ana@example.com", phone, "")
	for i := range 5 {
		if try := h.useCode(phone, other(asked.Code, i+1)); try.Right || try.Left != 4-i || try.Email != "" {
			t.Errorf("try %d: %+v", i+1, try)
		}
	}
	if try := h.useCode(phone, asked.Code); try.Right || try.Left != 0 {
		t.Errorf("the sixth try: %+v", try)
	}
	// Another mail gives five more.
	again := h.ask("ana@example.com", phone, "")
	if try := h.useCode(phone, asked.Code); try.Right || try.Left != 4 {
		t.Errorf("the dead code with another asked for: %+v", try)
	}
	if try := h.useCode(phone, again.Code[:3]+" "+again.Code[3:]); !try.Right || try.Email != "ana@example.com" {
		t.Errorf("the new code: %+v", try)
	}
}

func TestManyWrongCodesAtOnceAreNotMoreThanFiveTries(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	asked := h.ask("ana@example.com", phone, "")
	var judged atomic.Int32
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			var try account.Try
			err := h.update(func(ctx context.Context, tx *data.Tx) (err error) {
				try, err = account.UseCode(ctx, tx, phone, other(asked.Code, i+1))
				return err
			})
			if err != nil || try.Right {
				t.Errorf("%+v, %v", try, err)
			}
			if try.Left > 0 {
				judged.Add(1)
			}
		})
	}
	all.Wait()
	if judged.Load() != 4 || h.useCode(phone, asked.Code).Right {
		t.Errorf("%d were told that they may try again", judged.Load())
	}
}

// Ana asks twice because the first mail is slow; then it arrives first. What she asked for on her desk is
// another matter, and so is what her phone asked for somebody else before.
func TestACodeBelongsToTheBrowserAndTheAddressThatItAskedForLast(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	h.has("ben@example.com", account.Ambassador)
	bens := h.ask("ben@example.com", phone, "")
	h.clock.Advance(time.Second)
	first := h.ask("ana@example.com", phone, "")
	h.clock.Advance(time.Second)
	second := h.ask("ana@example.com", phone, "")
	h.clock.Advance(time.Second)
	onDesk := h.ask("ana@example.com", desk, "")

	for name, code := range map[string]string{"Ben's": bens.Code, "the desk's": onDesk.Code} {
		if try := h.useCode(phone, code); try.Right {
			t.Errorf("%s code signs the phone in as %s", name, try.Email)
		}
	}
	if try := h.useCode(phone, first.Code); !try.Right || try.Email != "ana@example.com" {
		t.Errorf("the first code: %+v", try)
	}
	if try := h.useCode(phone, second.Code); try.Right {
		t.Error("the second code works after the first")
	}
	if _, err := h.useLink(second.Link, phone); !errors.Is(err, account.ErrOver) {
		t.Errorf("the second link works after the first code: %v", err)
	}
	if try := h.useCode(desk, onDesk.Code); !try.Right {
		t.Error("the desk lost its sign-in")
	}
}

// To whoever asks, an address with an account and one without look alike.
func TestAnUnknownAddressIsTreatedAsAKnownOneButGetsNoMail(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	gone := h.has("gone@example.com", account.Ambassador)
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.Suspend(ctx, tx, gone.ID) })
	for email, known := range map[string]bool{"ana@example.com": true, "nobody@example.com": false, "gone@example.com": false} {
		browser := []byte(email)
		for i := range 3 {
			asked := h.ask(email, browser, "")
			if asked.Mail != known || (asked.Code == "") == known || (asked.Link == "") == known {
				t.Errorf("%s asked for the %d. time: %+v", email, i+1, asked)
			}
			h.clock.Advance(time.Minute)
		}
		var tooMany *account.TooManyError
		if err := h.tryAsking(email, browser); !errors.As(err, &tooMany) {
			t.Fatalf("%s asked for a fourth time: %v", email, err)
		}
		for i := range 5 {
			if try := h.useCode(browser, "x"); try.Right || try.Left != 4-i {
				t.Errorf("%s, try %d: %+v", email, i+1, try)
			}
		}
		// The first of the three is an hour ago: one more may be asked for, then it is too many again.
		h.clock.Set(tooMany.Until.Add(-time.Millisecond))
		if err := h.tryAsking(email, browser); !errors.As(err, &tooMany) {
			t.Errorf("%s was mailed before time: %v", email, err)
		}
		h.clock.Set(tooMany.Until)
		if err := h.tryAsking(email, browser); err != nil {
			t.Errorf("%s was not mailed in time: %v", email, err)
		}
		if err := h.tryAsking(email, browser); !errors.As(err, &tooMany) {
			t.Errorf("%s was mailed too often: %v", email, err)
		}
	}
}

func TestAnAddressIsMailedThreeTimesInABrowserAndTwentyInAllHoweverManyAskAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		browser func(i int) []byte
		want    int32
	}{
		"one browser":   {func(int) []byte { return phone }, 3},
		"many browsers": {func(i int) []byte { return []byte{byte(i)} }, 20},
	} {
		h := open(t)
		h.has("ana@example.com", account.Ambassador)
		var mailed atomic.Int32
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				var tooMany *account.TooManyError
				switch err := h.tryAsking("ana@example.com", c.browser(i)); {
				case err == nil:
					mailed.Add(1)
				case !errors.As(err, &tooMany):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := mailed.Load(); got != c.want {
			t.Errorf("%s: mailed %d times, want %d", name, got, c.want)
		}
	}
}

// Eve asks for an address until she may no more. Its owner signs in all the same; only if twenty mails
// went out in the hour is it enough for every browser, and for unknown addresses it is no different.
func TestWhatStrangersAskForDoesNotLockAnAddressOut(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	for _, email := range []string{"ana@example.com", "nobody@example.com"} {
		began := h.clock.Now()
		for range 3 {
			h.ask(email, []byte("Eve's"), "")
		}
		var tooMany *account.TooManyError
		if err := h.tryAsking(email, []byte("Eve's")); !errors.As(err, &tooMany) {
			t.Errorf("%s: Eve asked for a fourth time: %v", email, err)
		}
		h.clock.Advance(time.Minute)
		own := h.ask(email, phone, "")
		if own.Mail != (email == "ana@example.com") {
			t.Errorf("%s: asked in their own browser: %+v", email, own)
		}
		if own.Mail {
			if try := h.useCode(phone, own.Code); !try.Right || try.Email != email {
				t.Errorf("%s: in their own browser: %+v", email, try)
			}
		}
		for i := range 16 {
			h.ask(email, []byte{byte(i)}, "")
		}
		tooMany = nil
		if err := h.tryAsking(email, []byte("one more")); !errors.As(err, &tooMany) || !tooMany.Until.Equal(began.Add(time.Hour)) {
			t.Errorf("%s: asked for the 21st time: %v", email, err)
		}
		h.clock.Set(began.Add(time.Hour))
		if err := h.tryAsking(email, []byte("one more")); err != nil {
			t.Errorf("%s: not mailed an hour later: %v", email, err)
		}
	}
}

// Cleo has no account but an invitation: her mail goes on to it, and no account is made before.
func TestAnInvitationLetsSomebodyNewSignIn(t *testing.T) {
	h := open(t)
	asked := h.ask("cleo@example.com", phone, "the-code")
	if !asked.Mail {
		t.Fatal("no mail for somebody with an invitation")
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if _, err := account.ByEmail(ctx, tx, "cleo@example.com"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("asking made an account: %v", err)
		}
		return nil
	})
	if s, err := h.useLink(asked.Link, phone); err != nil || s != (account.SignedIn{Email: "cleo@example.com", Invitation: "the-code"}) {
		t.Errorf("signed in as %+v, %v", s, err)
	}
}

func TestTheDatabaseHoldsNoSecretOfASignIn(t *testing.T) {
	h := open(t)
	h.has("ana@example.com", account.Ambassador)
	asked := h.ask("ana@example.com", phone, "")
	h.must(func(ctx context.Context, tx *data.Tx) error {
		return data.Each(ctx, tx, func(row data.Row) error {
			var link, code, browser []byte
			err := row.Scan(&link, &code, &browser)
			// The hash of six digits alone would be as good as the digits.
			for _, secret := range []string{asked.Link, asked.Code, string(phone), string(id.Hash(asked.Code))} {
				if bytes.Contains(bytes.Join([][]byte{link, code, browser}, nil), []byte(secret)) {
					t.Errorf("%q is in the database", secret)
				}
			}
			return err
		}, `SELECT link_hash, code_hash, browser_hash FROM sign_ins`)
	})
}
