package walwrite_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/data/walwrite"
)

// pages is a table of blobs in a database with a log, on one connection.
type pages struct {
	t    *testing.T
	path string
	conn *sql.Conn
}

// opened has small pages and a cache of ten of them, so that a transaction of
// any size is written ahead of its end.
func opened(t *testing.T, name, synchronous, parameter string) *pages {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	db, err := sql.Open("sqlite3", "file:"+path+"?_synchronous="+synchronous+"&"+parameter)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		db.Close()
	})
	p := &pages{t, path, conn}
	p.run("PRAGMA page_size=512")
	p.run("PRAGMA journal_mode=WAL")
	p.run("PRAGMA wal_autocheckpoint=200")
	p.run("PRAGMA cache_size=10")
	p.run("CREATE TABLE notes(id INTEGER PRIMARY KEY, said BLOB)")
	return p
}

func (p *pages) run(query string, args ...any) {
	p.t.Helper()
	if _, err := p.conn.ExecContext(context.Background(), query, args...); err != nil {
		p.t.Fatalf("%s: %v", query, err)
	}
}

func parameter(t *testing.T) string {
	t.Helper()
	got, err := walwrite.Parameter()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// content is every note there is, by a connection of SQLite's own way.
func content(t *testing.T, path string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var whole string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&whole); err != nil || whole != "ok" {
		t.Fatalf("%s is not whole: %s, %v", path, whole, err)
	}
	rows, err := db.QueryContext(t.Context(), "SELECT id, hex(said) FROM notes ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		var said string
		if err := rows.Scan(&id, &said); err != nil {
			t.Fatal(err)
		}
		all = append(all, strconv.Itoa(id)+" "+said)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// crashed is what another process finds when the first is killed now.
func (p *pages) crashed() []string {
	p.t.Helper()
	dir := p.t.TempDir()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(p.path + end)
		if err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "copy"+end), b, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	return content(p.t, filepath.Join(dir, "copy"))
}

// step does something at random inside a transaction, the same to all.
func step(rnd *rand.Rand, all ...*pages) {
	blob := make([]byte, rnd.IntN(3000))
	for i := range blob {
		blob[i] = byte(rnd.Uint32())
	}
	id, what := rnd.IntN(80), rnd.IntN(5)
	for _, p := range all {
		switch what {
		case 0, 1, 2:
			p.run("INSERT OR REPLACE INTO notes VALUES (?, ?)", id, blob)
		case 3:
			p.run("DELETE FROM notes WHERE id = ?", id)
		default:
			p.run("SAVEPOINT one")
			p.run("UPDATE notes SET said = ? WHERE id > ?", blob, id)
			p.run("ROLLBACK TO one")
			p.run("RELEASE one")
		}
	}
}

func TestWhatIsWrittenTogetherIsWhatSQLiteWritesAlone(t *testing.T) {
	together := parameter(t)
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synchronous := []string{"FULL", "NORMAL"}[seed%2] // which does not sync each commit
			ours, plain := opened(t, "ours", synchronous, together), opened(t, "plain", synchronous, "")
			rnd := rand.New(rand.NewPCG(seed, 1))
			stood := plain.crashed()
			for range 30 {
				for _, p := range []*pages{ours, plain} {
					p.run("BEGIN IMMEDIATE")
				}
				for range 1 + rnd.IntN(25) {
					step(rnd, ours, plain)
				}
				if rnd.IntN(4) == 0 { // killed in the middle
					if got := ours.crashed(); !slices.Equal(got, stood) {
						t.Fatal("an open transaction is in the file")
					}
				}
				end := "COMMIT"
				if rnd.IntN(5) == 0 {
					end = "ROLLBACK"
				}
				for _, p := range []*pages{ours, plain} {
					p.run(end)
				}
				want := plain.crashed()
				if got := ours.crashed(); !slices.Equal(got, want) {
					t.Fatalf("after %s another process finds %d notes, not %d, or others", end, len(got), len(want))
				}
				if got := content(t, ours.path); !slices.Equal(got, want) {
					t.Fatalf("after %s another connection finds %d notes, not %d, or others", end, len(got), len(want))
				}
				stood = want
			}
		})
	}
}

// writes is how many system calls for writing this process has made.
func writes(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if n, found := strings.CutPrefix(line, "syscw: "); found {
			count, err := strconv.Atoi(strings.TrimSpace(n))
			if err != nil {
				t.Fatal(err)
			}
			return count
		}
	}
	t.Fatal("/proc/self/io does not say it")
	return 0
}

func TestATransactionIsWrittenInFewPieces(t *testing.T) {
	cost := func(name, parameter string) int {
		p := opened(t, name, "FULL", parameter)
		p.run("PRAGMA cache_size=1000")
		p.run("PRAGMA wal_autocheckpoint=0") // it writes too
		p.run("BEGIN IMMEDIATE")
		for i := range 200 {
			p.run("INSERT INTO notes VALUES (?, zeroblob(400))", i)
		}
		before := writes(t)
		p.run("COMMIT")
		return writes(t) - before
	}
	together := parameter(t)
	ours, plain := cost("ours", together), cost("plain", "")
	t.Logf("%d system calls instead of %d", ours, plain)
	if ours*20 > plain {
		t.Errorf("a commit of two hundred pages takes %d system calls, SQLite's own way %d", ours, plain)
	}
}
