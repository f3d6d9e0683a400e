package data_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"ricochet.example/data"
)

// large is the file of a database that is not read whole at its start.
func large(t *testing.T) []byte {
	t.Helper()
	db, dir := openSQLite(t)
	update(t, db, func(tx *data.Tx) error {
		for i := range 20_000 {
			if err := write(tx, fmt.Sprintf("note %05d %s", i, strings.Repeat("x", 100))); err != nil {
				return err
			}
		}
		return nil
	})
	closed(t, db)
	file := contents(t, data.File(dir))
	if len(file) <= data.WholeUpTo {
		t.Fatalf("%d bytes are not large", len(file))
	}
	return file
}

// flipped is a file with one page spoilt.
func flipped(file []byte, page int) []byte {
	b := bytes.Clone(file)
	for i := (page - 1) * 1024; i < page*1024; i++ {
		b[i] ^= 0xff
	}
	return b
}

// laid puts a file where a database is looked for.
func laid(t *testing.T, file []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(data.File(dir), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// roots are the first pages of the tables of a database.
func roots(t *testing.T, dir string) map[string]int {
	t.Helper()
	db := openDir(t, dir)
	defer closed(t, db)
	roots := map[string]int{}
	err := db.View(t.Context(), func(tx *data.Tx) error {
		return data.Each(t.Context(), tx, func(r data.Row) error {
			var name string
			var page int
			err := r.Scan(&name, &page)
			roots[name] = page
			return err
		}, `SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return roots
}

func TestALargeDamagedFileIsRefusedByAShortLook(t *testing.T) {
	whole := large(t)
	root := roots(t, laid(t, whole))
	header := bytes.Clone(whole)
	clear(header[:100])
	damage := map[string][]byte{
		"without its header":             header,
		"cut in half":                    whole[:len(whole)/2/1024*1024],
		"cut in a page":                  whole[:len(whole)-700],
		"without its last page":          whole[:len(whole)-1024],
		"with its schema spoilt":         flipped(whole, 1),
		"with a small table spoilt":      flipped(whole, root["brand"]),
		"with the secrets spoilt":        flipped(whole, root["secrets"]),
		"with a large table's root gone": flipped(whole, root["notes"]),
	}
	for name, file := range damage {
		dir := laid(t, file)
		if err := tryOpen(dir); !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), data.File(dir)) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(contents(t, data.File(dir)), file) {
			t.Errorf("%s: the file was changed", name)
		}
		if err := data.Restore(t.Context(), data.File(dir), t.TempDir()); !errors.Is(err, data.ErrDamaged) {
			t.Errorf("%s: restoring it: %v", name, err)
		}
	}
}

// Somewhere in the middle of a large table a page is spoilt. The server starts,
// and finds it when it reads all of it behind the work; or before, when
// somebody wants to read that page.
func TestDamageDeepInALargeFileIsFoundBehindTheWork(t *testing.T) {
	t.Cleanup(data.InspectAfter(0))
	whole := large(t)
	spoilt := flipped(whole, len(whole)/1024/2)
	for _, is := range []struct {
		file    []byte
		harmful bool
	}{{whole, false}, {spoilt, true}} {
		dir := laid(t, is.file)
		var log bytes.Buffer
		db, err := data.Open(t.Context(), data.Config{Dir: dir, Now: noon, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		if !data.ReadBehind(db) {
			t.Error("nothing was read behind the work")
		}
		if got := db.Damage(); (got != "") != is.harmful {
			t.Errorf("the damage is %q", got)
		}
		closed(t, db)
		if got := strings.Count(log.String(), "level=ERROR"); (got == 1) != is.harmful || !is.harmful && !strings.Contains(log.String(), "nothing is damaged") {
			t.Errorf("it logged %s", &log)
		}
		if is.harmful && !strings.Contains(log.String(), "restore the last backup") {
			t.Errorf("it does not say what to do: %s", &log)
		}
		if is.harmful && !bytes.Equal(contents(t, data.File(dir)), is.file) {
			t.Error("the file was changed")
		}
	}
}

func TestWhoeverReadsADamagedPageIsToldAndRaisesTheAlarm(t *testing.T) {
	spoilt := large(t)
	for page := range 16 { // some are of the table, some of its index
		spoilt = flipped(spoilt, len(spoilt)/1024/2+page)
	}
	db := openDir(t, laid(t, spoilt))
	if got := db.Damage(); got != "" {
		t.Fatalf("it is damaged before anybody has looked: %s", got)
	}
	err := db.View(t.Context(), func(tx *data.Tx) error {
		_, err := data.Int(t.Context(), tx, "SELECT sum(length(text)) FROM notes NOT INDEXED")
		return err
	})
	if !errors.Is(err, data.ErrDamaged) || db.Damage() == "" {
		t.Errorf("it was told %v; the damage is %q", err, db.Damage())
	}
}

func TestClosingDoesNotWaitForTheReadingBehindTheWork(t *testing.T) {
	db := openDir(t, laid(t, large(t)))
	closed(t, db)
	if !data.ReadBehind(db) {
		t.Error("nothing was to be read behind the work")
	}
	small := openDir(t, installed(t))
	if data.ReadBehind(small) {
		t.Error("a small database was read again")
	}
}
