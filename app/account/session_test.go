package account_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/data"
)

const day = 24 * time.Hour

func (h house) signIn(a account.Account, device string) (secret []byte) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		secret, err = account.SignIn(ctx, tx, a.ID, device)
		return err
	})
	return secret
}

// visit looks a session up as each request does, reading only, and notes that it is in use when due.
func (h house) visit(secret []byte) (who account.Account, s account.Session, in bool) {
	h.Helper()
	err := h.db.View(context.Background(), func(tx *data.Tx) (err error) {
		who, s, err = account.BySession(context.Background(), tx, secret)
		return err
	})
	if errors.Is(err, data.ErrNotFound) {
		return who, s, false
	}
	if err != nil {
		h.Fatal(err)
	}
	if s.Stale(h.clock.Now()) {
		h.must(func(ctx context.Context, tx *data.Tx) error { return account.Seen(ctx, tx, s) })
	}
	return who, s, true
}

func (h house) sessions(a account.Account) (all []account.Session) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		all, err = account.SessionsOf(ctx, tx, a)
		return err
	})
	return all
}

func TestASessionKnowsItsAccountAndNothingElseOpensIt(t *testing.T) {
	h := open(t)
	ana := h.has("ana@example.com", account.Ambassador)
	secret := h.signIn(ana, "Firefox · Linux")
	who, s, in := h.visit(secret)
	if !in || who != ana || s.AccountID != ana.ID || s.Device != "Firefox · Linux" || len(secret) != 32 {
		t.Errorf("the session is %+v of %+v", s, who)
	}
	if all := h.sessions(ana); len(all) != 1 || all[0] != s {
		t.Errorf("listed as %+v, want %+v", all, s)
	}
	for _, wrong := range [][]byte{nil, secret[1:], append([]byte{0}, secret...), []byte(s.ID)} {
		if _, _, in := h.visit(wrong); in {
			t.Errorf("%x opens the session", wrong)
		}
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM login_sessions WHERE id_hash = ?`, secret)
		if n != 0 {
			t.Error("the database holds the secret itself")
		}
		return err
	})
}

// An unused session ends after the idle time, a used one at its end, to the millisecond.
func TestASessionEndsWhenItIsNotUsedAndAtTheLatestAtItsEnd(t *testing.T) {
	for role, limit := range map[account.Role]struct{ idle, longest time.Duration }{
		account.Ambassador: {14 * day, 90 * day},
		account.Manager:    {12 * time.Hour, 7 * day},
		account.Owner:      {12 * time.Hour, 7 * day},
	} {
		h := open(t)
		a := h.has("ana@example.com", role)
		began := h.clock.Now()

		secret := h.signIn(a, "")
		h.clock.Set(began.Add(limit.idle - time.Millisecond))
		if _, _, in := h.visit(secret); !in { // which keeps it for another idle time
			t.Errorf("%s: a session ended before %v", role, limit.idle)
		}
		h.clock.Set(began.Add(2*limit.idle - time.Millisecond))
		if _, _, in := h.visit(secret); in || len(h.sessions(a)) != 0 {
			t.Errorf("%s: a session that nobody used goes on after %v", role, limit.idle)
		}

		began = h.clock.Now()
		secret = h.signIn(a, "")
		for at := limit.idle / 2; at < limit.longest; at += limit.idle / 2 {
			h.clock.Set(began.Add(at))
			if _, _, in := h.visit(secret); !in {
				t.Fatalf("%s: a session in use ended after %v", role, at)
			}
		}
		h.clock.Set(began.Add(limit.longest - time.Millisecond))
		if _, _, in := h.visit(secret); !in {
			t.Errorf("%s: a session ended before %v", role, limit.longest)
		}
		h.clock.Set(began.Add(limit.longest))
		if _, _, in := h.visit(secret); in {
			t.Errorf("%s: a session goes on after %v", role, limit.longest)
		}
	}
}

func TestThatASessionIsInUseIsWrittenEveryFiveMinutes(t *testing.T) {
	h := open(t)
	secret := h.signIn(h.has("ana@example.com", account.Ambassador), "")
	began := h.clock.Now()
	for _, c := range []struct{ visit, seen time.Duration }{
		{time.Minute, 0},
		{5*time.Minute - time.Millisecond, 0},
		{5 * time.Minute, 5 * time.Minute},
		{9 * time.Minute, 5 * time.Minute},
		{time.Hour, time.Hour},
	} {
		h.clock.Set(began.Add(c.visit))
		h.visit(secret)
		if _, s, _ := h.visit(secret); !s.SeenAt.Equal(began.Add(c.seen)) {
			t.Errorf("after a visit at %v it was seen at %v, want %v", c.visit, s.SeenAt.Sub(began), c.seen)
		}
	}
}

// Ana signs in on eleven browsers, and uses the first one again before the last.
func TestTheEleventhBrowserSignsOutTheOneNotUsedForLongest(t *testing.T) {
	h := open(t)
	ana, ben := h.has("ana@example.com", account.Ambassador), h.has("ben@example.com", account.Ambassador)
	bens := h.signIn(ben, "")
	var secrets [][]byte
	for i := range 11 {
		if i == 10 {
			h.visit(secrets[0])
		}
		secrets = append(secrets, h.signIn(ana, strconv.Itoa(i)))
		h.clock.Advance(10 * time.Minute)
	}
	for i, secret := range append(secrets, bens) {
		if _, _, in := h.visit(secret); in != (i != 1) {
			t.Errorf("browser %d is signed in: %v", i, in)
		}
	}
}

func TestManyWhoSignInAtOnceHoldTenSessions(t *testing.T) {
	h := open(t)
	ana := h.has("ana@example.com", account.Ambassador)
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if err := h.update(func(ctx context.Context, tx *data.Tx) error {
				_, err := account.SignIn(ctx, tx, ana.ID, "")
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(h.sessions(ana)); n != 10 {
		t.Errorf("there are %d sessions", n)
	}
}

func TestSigningOutEndsOneSessionOrAllOfOnesOwn(t *testing.T) {
	h := open(t)
	ana, ben := h.has("ana@example.com", account.Ambassador), h.has("ben@example.com", account.Ambassador)
	phone, desk, other := h.signIn(ana, "phone"), h.signIn(ana, "desk"), h.signIn(ben, "other")
	_, session, _ := h.visit(phone)
	_, bens, _ := h.visit(other)

	// Ana cannot sign Ben out, even if she learns what his session is called.
	h.must(func(ctx context.Context, tx *data.Tx) error {
		return account.SignOut(ctx, tx, account.Session{ID: bens.ID, AccountID: ana.ID})
	})
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.SignOut(ctx, tx, session) })
	for secret, want := range map[string]bool{string(phone): false, string(desk): true, string(other): true} {
		if _, _, in := h.visit([]byte(secret)); in != want {
			t.Errorf("after one was signed out, a session is there: %v, want %v", in, want)
		}
	}
	if err := h.update(func(ctx context.Context, tx *data.Tx) error {
		return account.SignOut(ctx, tx, account.Session{ID: "nonsense", AccountID: ana.ID})
	}); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("nonsense was signed out: %v", err)
	}
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.SignOutAll(ctx, tx, ana.ID) })
	if _, _, in := h.visit(desk); in {
		t.Error("a session outlived the end of all")
	}
	if _, _, in := h.visit(other); !in {
		t.Error("Ben was signed out with Ana")
	}
}

func TestSuspensionAndANewRoleEndAllSessions(t *testing.T) {
	h := open(t)
	ana := h.has("ana@example.com", account.Ambassador)
	secret := h.signIn(ana, "")
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.Suspend(ctx, tx, ana.ID) })
	if _, _, in := h.visit(secret); in {
		t.Error("a suspended account is signed in")
	}
	if err := h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := account.SignIn(ctx, tx, ana.ID, "")
		return err
	}); !errors.Is(err, account.ErrSuspended) {
		t.Errorf("a suspended account signed in: %v", err)
	}
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.Readmit(ctx, tx, ana.ID) })
	if _, _, in := h.visit(secret); in {
		t.Error("a readmitted account is signed in where it was before")
	}
	secret = h.signIn(ana, "")
	if _, _, in := h.visit(secret); !in {
		t.Error("a readmitted account is not signed in")
	}
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.Appoint(ctx, tx, ana.ID, account.Manager) })
	if _, _, in := h.visit(secret); in {
		t.Error("a session of an ambassador became one of a manager")
	}
}

// On two servers somebody may sign in while they are being suspended.
func TestASessionThatOutlivedASuspensionOpensNothing(t *testing.T) {
	h := open(t)
	ana := h.has("ana@example.com", account.Ambassador)
	secret := h.signIn(ana, "")
	h.must(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET suspended_at = ? WHERE id = ?`, tx.Now(), ana.ID)
		return err
	})
	if _, _, in := h.visit(secret); in {
		t.Error("a suspended account is signed in")
	}
}
