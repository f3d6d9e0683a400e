package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"ricochet.example/app/brand"
	"ricochet.example/data"
)

// place is somewhere to copy an installation to: on PostgreSQL when the tests
// run there, else a directory. at are the flags that say so.
func place(t *testing.T) (to string, at []string) {
	t.Helper()
	server := os.Getenv("RICOCHET_TEST_POSTGRES")
	if server == "" {
		to = filepath.Join(t.TempDir(), "copied")
		return to, []string{"--dir", to}
	}
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("test_copy_%d", os.Getpid())
	ctx := context.Background()
	if _, err := pool.ExecContext(ctx, "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := pool.ExecContext(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		_ = pool.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), []string{"--database", u.String()}
}

// Ana moves her installation to a bigger machine, and back again.
func TestAnInstallationMovesAndComesBack(t *testing.T) {
	dir := sample(t, 500)
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		token, err := brand.SetUp(ctx, tx)
		if err != nil {
			return err
		}
		return brand.Found(ctx, tx, token, brand.Brand{Name: "Lyon Running", Language: "fr", URL: "https://lyon.example", TimeZone: "Europe/Paris", Label: "Publicité"})
	})
	to, at := place(t)
	ricochet(t, "copy", "--dir", dir, "--to", to).wants(0, "Copied ")
	ricochet(t, append([]string{"check"}, at...)...).wants(0, "500 opens of 1 link")
	ricochet(t, "copy", "--dir", dir, "--to", to).wants(exitMisuse, "taken").alone()

	back := filepath.Join(t.TempDir(), "back")
	ricochet(t, append([]string{"copy", "--to", back}, at...)...).wants(0, "Copied ")
	ricochet(t, "check", "--dir", back).wants(0, "500 opens of 1 link")
	inside(t, back, func(ctx context.Context, tx *data.Tx) error {
		who, err := brand.Of(ctx, tx)
		if err != nil {
			return err
		}
		if who.Name != "Lyon Running" {
			t.Errorf("the copy is of %q", who.Name)
		}
		return nil
	})
}

func TestACopyThatCannotBeIsRefused(t *testing.T) {
	dir := sample(t, 10)
	ricochet(t, "copy", "--dir", dir, "--to", dir).wants(exitMisuse, "already").alone()
	ricochet(t, "copy", "--dir", dir).wants(exitMisuse, "--to").alone()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	ricochet(t, "copy", "--dir", nowhere, "--to", filepath.Join(t.TempDir(), "x")).wants(exitMisuse, "no installation").alone()
	if there(nowhere) {
		t.Error("the source was made")
	}
	e := ricochet(t, "copy", "--dir", dir, "--to", "mysql://ana:secret@db/x").wants(exitMisuse, "postgres://")
	if strings.Contains(e.err, "secret") {
		t.Errorf("a password is in %q", e.err)
	}
	s := serve(t, "--dir", dir)
	ricochet(t, "copy", "--dir", dir, "--to", filepath.Join(t.TempDir(), "x")).wants(exitInUse, "in use").alone()
	if status, _ := get(t, s.setUp); status != 200 {
		t.Errorf("the server then answers %d", status)
	}
}

func TestAPasswordIsNotPartOfAName(t *testing.T) {
	at := installation{Database: "postgres://ana:secret@db/x"}
	if name := at.name(); strings.Contains(name, "secret") || !strings.Contains(name, "db/x") {
		t.Errorf("the name is %q", name)
	}
}
