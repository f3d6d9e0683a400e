package account_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// house is an installation with a clock that the test moves.
type house struct {
	*testing.T
	db    *data.DB
	clock *clock.Manual
}

func open(t *testing.T) house {
	hands := clock.At(datatest.Noon)
	return house{t, datatest.New(t, hands.Now), hands}
}

func (h house) update(fn func(ctx context.Context, tx *data.Tx) error) error {
	return h.db.Update(context.Background(), func(tx *data.Tx) error { return fn(context.Background(), tx) })
}

func (h house) must(fn func(ctx context.Context, tx *data.Tx) error) {
	h.Helper()
	if err := h.update(fn); err != nil {
		h.Fatal(err)
	}
}

func (h house) has(email string, role account.Role) (a account.Account) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		a, err = account.Create(ctx, tx, account.Account{Email: email, Name: "Somebody", Role: role, Language: "en"})
		return err
	})
	return a
}

func TestEveryFieldOfAnAccountIsChecked(t *testing.T) {
	good := account.Account{Email: "ana@example.com", Name: "Ana", Role: account.Manager, Language: "fr"}
	for name, c := range map[string]struct {
		change func(*account.Account)
		fields []string
	}{
		"all is well":              {func(*account.Account) {}, nil},
		"spaces around an address": {func(a *account.Account) { a.Email = " Ana@Example.com " }, nil},
		"no address":               {func(a *account.Account) { a.Email = "" }, []string{"email"}},
		"half an address":          {func(a *account.Account) { a.Email = "ana@" }, []string{"email"}},
		"an invisible name":        {func(a *account.Account) { a.Name = "\u200b \u200b" }, []string{"name"}},
		"a name without end":       {func(a *account.Account) { a.Name = strings.Repeat("é", 81) }, []string{"name"}},
		"a role that is none":      {func(a *account.Account) { a.Role = "admin" }, []string{"role"}},
		"a language we lack":       {func(a *account.Account) { a.Language = "" }, []string{"language"}},
	} {
		a := good
		c.change(&a)
		if got := a.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

func TestAnAddressHasOneAccountHoweverItIsWritten(t *testing.T) {
	h := open(t)
	made := h.has(" Ana@Example.COM ", account.Owner)
	h.must(func(ctx context.Context, tx *data.Tx) error {
		for _, find := range []func() (account.Account, error){
			func() (account.Account, error) { return account.ByEmail(ctx, tx, "ANA@example.com") },
			func() (account.Account, error) { return account.ByID(ctx, tx, made.ID) },
			func() (account.Account, error) { return account.Enrol(ctx, tx, "ana@EXAMPLE.com\n", "fr") },
		} {
			if got, err := find(); err != nil || got != made || got.Email != "ana@example.com" || !got.Staff() {
				t.Errorf("found %+v, want %+v (%v)", got, made, err)
			}
		}
		return nil
	})
	err := h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := account.Create(ctx, tx, account.Account{Email: "ana@example.com", Name: "Ana", Role: account.Manager, Language: "en"})
		return err
	})
	if !errors.Is(err, data.ErrTaken) {
		t.Errorf("a second account was made: %v", err)
	}
}

func TestWhoIsEnrolledIsAnAmbassadorNamedAfterTheAddress(t *testing.T) {
	h := open(t)
	for email, name := range map[string]string{
		"ana.silva@example.com": "Ana Silva", "ben+ricochet@example.com": "Ben", "élodie_m@example.com": "Élodie M",
		"...@example.com": "...",
	} {
		h.must(func(ctx context.Context, tx *data.Tx) error {
			a, err := account.Enrol(ctx, tx, email, "fr")
			if a.Name != name || a.Role != account.Ambassador || a.Staff() || a.Language != "fr" {
				t.Errorf("%s became %+v", email, a)
			}
			return err
		})
	}
}

func TestAccountsAreListedByRoleThenName(t *testing.T) {
	h := open(t)
	for email, role := range map[string]account.Role{
		"d@example.com": account.Ambassador, "c@example.com": account.Ambassador,
		"b@example.com": account.Manager, "a@example.com": account.Owner,
	} {
		a := h.has(email, role)
		h.must(func(ctx context.Context, tx *data.Tx) error {
			return account.Rename(ctx, tx, a.ID, " "+email[:1]+" ", "fr")
		})
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		all, err := account.All(ctx, tx)
		var names string
		for _, a := range all {
			names += a.Name
		}
		if names != "abcd" {
			t.Errorf("listed as %q", names)
		}
		if err := account.Rename(ctx, tx, "nobody", "x", "en"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("nobody was renamed: %v", err)
		}
		return err
	})
}

// There are two owners. One becomes a manager, the other must stay until the first is owner again.
func TestTheLastOwnerCannotBeTakenAway(t *testing.T) {
	h := open(t)
	ana, ben := h.has("ana@example.com", account.Owner), h.has("ben@example.com", account.Owner)
	appoint := func(id string, role account.Role) error {
		return h.update(func(ctx context.Context, tx *data.Tx) error { return account.Appoint(ctx, tx, id, role) })
	}
	suspend := func(id string) error {
		return h.update(func(ctx context.Context, tx *data.Tx) error { return account.Suspend(ctx, tx, id) })
	}
	if err := appoint(ana.ID, account.Manager); err != nil {
		t.Fatal(err)
	}
	if err := appoint(ben.ID, account.Ambassador); !errors.Is(err, account.ErrLastOwner) {
		t.Errorf("the last owner became an ambassador: %v", err)
	}
	if err := suspend(ben.ID); !errors.Is(err, account.ErrLastOwner) {
		t.Errorf("the last owner was suspended: %v", err)
	}
	if err := errors.Join(appoint(ana.ID, account.Owner), suspend(ben.ID)); err != nil {
		t.Error(err)
	}
	if err := suspend(ana.ID); !errors.Is(err, account.ErrLastOwner) {
		t.Errorf("a suspended owner was taken for one: %v", err)
	}
}

func TestADeviceIsNamedByBrowserAndSystem(t *testing.T) {
	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0":                                                                     "Firefox · Linux",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Mobile Safari/537.36":                      "Chrome · Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0":              "Edge · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1":    "Safari · iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15":                      "Safari · macOS",
		"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/133.0 Mobile/15E148 Safari/604.1":              "Chrome · iPad",
		"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36": "Samsung Internet · Android",
		"curl/8.5.0": "",
		"":           "",
	} {
		if got := account.Device(userAgent); got != want {
			t.Errorf("%s: %q, want %q", userAgent, got, want)
		}
	}
}

func TestForgetKeepsWhatStillCounts(t *testing.T) {
	h := open(t)
	ana := h.has("ana@example.com", account.Ambassador)
	rows := func() (n int64) {
		h.must(func(ctx context.Context, tx *data.Tx) (err error) {
			if err := account.Forget(ctx, tx); err != nil {
				return err
			}
			n, err = data.Int(ctx, tx, `SELECT (SELECT count(*) FROM login_sessions) + (SELECT count(*) FROM sign_ins)`)
			return err
		})
		return n
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		_, err := account.Ask(ctx, tx, ana.Email, []byte("browser"), "")
		if err == nil {
			_, err = account.SignIn(ctx, tx, ana.ID, "")
		}
		return err
	})
	for _, c := range []struct {
		later time.Duration
		want  int64
	}{{time.Hour - time.Millisecond, 2}, {time.Hour, 1}, {14*24*time.Hour - time.Millisecond, 1}, {14 * 24 * time.Hour, 0}} {
		h.clock.Set(datatest.Noon.Add(c.later))
		if got := rows(); got != c.want {
			t.Errorf("after %v there are %d rows, want %d", c.later, got, c.want)
		}
	}
}
