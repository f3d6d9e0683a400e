// Package datatest gives a test a database of its own, on SQLite or on the
// PostgreSQL that RICOCHET_TEST_POSTGRES names.
package datatest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/data"
)

// Noon is what the clock of a test's database says unless it is given another.
var Noon = time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC)

// New opens an empty database that is gone when the test ends. now is its
// clock; none stands still at Noon.
func New(t testing.TB, now ...func() time.Time) *data.DB {
	t.Helper()
	cfg := Config(t)
	if len(now) > 0 {
		cfg.Now = now[0]
	}
	db, err := data.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Config says where an empty database for one test is, for those who open it themselves.
func Config(t testing.TB) data.Config {
	t.Helper()
	cfg := data.Config{Now: func() time.Time { return Noon }}
	if address := os.Getenv("RICOCHET_TEST_POSTGRES"); address != "" {
		cfg.URL = schema(t, address)
		return cfg
	}
	cfg.Dir = t.TempDir()
	if err := copyTemplate(cfg.Dir); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Postgres says whether the tests run on PostgreSQL.
func Postgres() bool { return os.Getenv("RICOCHET_TEST_POSTGRES") != "" }

var schemas atomic.Int64

// schema makes a schema for one test and returns the address that works in it.
func schema(t testing.TB, address string) string {
	t.Helper()
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := pool.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := pool.Exec("DROP SCHEMA " + name + " CASCADE")
		if err != nil {
			t.Error(err)
		}
		_ = pool.Close()
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// template is an empty, migrated SQLite file, made once a test binary: copying
// it is quicker than migrating.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ricochet-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := data.Open(context.Background(), data.Config{Dir: dir, Now: func() time.Time { return Noon }})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "ricochet.db"))
})

func copyTemplate(dir string) error {
	file, err := template()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "ricochet.db"), file, 0o600)
}
