package brand_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"ricochet.example/app/brand"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

var riviera = brand.Brand{
	Name: "Riviera", Language: "fr", URL: "https://riviera.example", TimeZone: "Europe/Paris", Label: "Commercial collaboration", LabelFR: "Collaboration commerciale",
}

func update(t *testing.T, db *data.DB, fn func(ctx context.Context, tx *data.Tx) error) error {
	t.Helper()
	return db.Update(context.Background(), func(tx *data.Tx) error { return fn(context.Background(), tx) })
}

func must(t *testing.T, db *data.DB, fn func(ctx context.Context, tx *data.Tx) error) {
	t.Helper()
	if err := update(t, db, fn); err != nil {
		t.Fatal(err)
	}
}

func token(t *testing.T, db *data.DB) (token string) {
	t.Helper()
	must(t, db, func(ctx context.Context, tx *data.Tx) (err error) {
		token, err = brand.SetUp(ctx, tx)
		return err
	})
	return token
}

func found(t *testing.T, db *data.DB, token string, b brand.Brand) error {
	t.Helper()
	return update(t, db, func(ctx context.Context, tx *data.Tx) error { return brand.Found(ctx, tx, token, b) })
}

func TestEveryFieldOfABrandIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*brand.Brand)
		fields []string
	}{
		"all is well":               {func(*brand.Brand) {}, nil},
		"no name":                   {func(b *brand.Brand) { b.Name = " " }, []string{"name"}},
		"a language we lack":        {func(b *brand.Brand) { b.Language = "xx" }, []string{"language"}},
		"half an address":           {func(b *brand.Brand) { b.URL = "riviera.example" }, []string{"url"}},
		"an address with a path":    {func(b *brand.Brand) { b.URL += "/blog" }, []string{"url"}},
		"an address with a query":   {func(b *brand.Brand) { b.URL += "?a=1" }, []string{"url"}},
		"an empty query":            {func(b *brand.Brand) { b.URL += "/?" }, []string{"url"}},
		"an empty fragment":         {func(b *brand.Brand) { b.URL += "/#" }, []string{"url"}},
		"a slash in disguise":       {func(b *brand.Brand) { b.URL += "/%2f" }, []string{"url"}},
		"a slash at the end":        {func(b *brand.Brand) { b.URL += "/" }, nil},
		"an unknown time zone":      {func(b *brand.Brand) { b.TimeZone = "Europe/Atlantis" }, []string{"time_zone"}},
		"the machine's time zone":   {func(b *brand.Brand) { b.TimeZone = "Local" }, []string{"time_zone"}},
		"no label":                  {func(b *brand.Brand) { b.Label = "" }, []string{"label_en"}},
		"no French label":           {func(b *brand.Brand) { b.LabelFR = " " }, []string{"label_fr"}},
		"nothing was filled in":     {func(b *brand.Brand) { *b = brand.Brand{} }, []string{"label_en", "label_fr", "language", "name", "time_zone", "url"}},
		"a name longer than a line": {func(b *brand.Brand) { b.Name = string(bytes.Repeat([]byte("a"), 81)) }, []string{"name"}},
	} {
		b := riviera
		c.change(&b)
		if got := b.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

// The owner starts the program twice before opening the link: only the second link works, and only once.
func TestTheBrandIsFoundedOnceByTheLastPrintedToken(t *testing.T) {
	db := datatest.New(t)
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		if _, err := brand.Of(ctx, tx); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("before it is founded there is a brand: %v", err)
		}
		return nil
	})
	if err := found(t, db, "", riviera); !errors.Is(err, brand.ErrSetUp) {
		t.Errorf("founded before any token was made: %v", err)
	}
	first, second := token(t, db), token(t, db)
	for _, wrong := range []string{first, "", second[1:]} {
		if err := found(t, db, wrong, riviera); !errors.Is(err, brand.ErrSetUp) {
			t.Errorf("founded with %q: %v", wrong, err)
		}
	}
	b := riviera
	b.URL = "HTTPS://Riviera.example/"
	if err := found(t, db, second, b); err != nil {
		t.Fatal(err)
	}
	if err := found(t, db, second, b); !errors.Is(err, brand.ErrFounded) {
		t.Errorf("founded twice: %v", err)
	}
	if third := token(t, db); third != "" {
		t.Errorf("a founded brand gives out the token %q", third)
	}
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		if ok, err := brand.MaySetUp(ctx, tx, second); ok || err != nil {
			t.Errorf("the token still works: %v", err)
		}
		want := riviera
		want.FoundedAt = datatest.Noon
		if got, err := brand.Of(ctx, tx); err != nil || got != want {
			t.Errorf("founded %+v, want %+v (%v)", got, want, err)
		}
		b.Name = "Riviera Sport"
		if err := brand.Change(ctx, tx, b); err != nil {
			return err
		}
		want.Name = b.Name
		if got, err := brand.Of(ctx, tx); err != nil || got != want {
			t.Errorf("changed to %+v, want %+v (%v)", got, want, err)
		}
		return nil
	})
}

func TestOfManyWhoFoundAtOnceOneDoes(t *testing.T) {
	db := datatest.New(t)
	secret := token(t, db)
	var won atomic.Int32
	var starting, all sync.WaitGroup
	starting.Add(20)
	for i := range 20 {
		all.Go(func() {
			// As servers that start do; without it PostgreSQL opens the connections one by one.
			err := update(t, db, func(ctx context.Context, tx *data.Tx) error {
				_, err := brand.Secret(ctx, tx, strconv.Itoa(i), 32)
				return err
			})
			starting.Done()
			starting.Wait()
			switch err := errors.Join(err, found(t, db, secret, riviera)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, brand.ErrFounded) && !errors.Is(err, brand.ErrSetUp):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d founded the brand", won.Load())
	}
}

func TestServersThatStartTogetherShareASecret(t *testing.T) {
	db := datatest.New(t)
	secret := func(name string, size int) (secret []byte, err error) {
		err = update(t, db, func(ctx context.Context, tx *data.Tx) (err error) {
			secret, err = brand.Secret(ctx, tx, name, size)
			return err
		})
		return secret, err
	}
	secrets := make([][]byte, 20)
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			var err error
			if secrets[i], err = secret("cookie", 32); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, s := range secrets {
		if !bytes.Equal(s, secrets[0]) || len(s) != 32 {
			t.Fatalf("one server has %x, another %x", secrets[0], s)
		}
	}
	other, err := secret("token", 16)
	if err != nil || len(other) != 16 || bytes.HasPrefix(secrets[0], other) {
		t.Errorf("another secret is %x (%v)", other, err)
	}
	if _, err := secret("token", 32); err == nil {
		t.Error("a secret of 16 bytes passed for one of 32")
	}
}
