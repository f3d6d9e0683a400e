package data_test

import (
	"database/sql"
	"testing"
	"time"

	"ricochet.example/data"
)

// Most of a long log is in the file before the commit comes that ends it, and
// for which everybody waits.
func TestALongLogIsFoldedBackBesideTheWriter(t *testing.T) {
	db, dir := openSQLite(t)
	update(t, db, writes("before"))
	look, err := sql.Open("sqlite3", data.File(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer look.Close()
	logged := func() (length, done int64) {
		t.Helper()
		var busy int64
		if err := look.QueryRow(`PRAGMA wal_checkpoint(NOOP)`).Scan(&busy, &length, &done); err != nil {
			t.Fatal(err)
		}
		return length, done
	}
	length, done := logged()
	for ; length < data.AheadPages; length, done = logged() {
		if done > 0 {
			t.Fatalf("of a log of %d pages %d were folded back already", length, done)
		}
		update(t, db, func(tx *data.Tx) error {
			return run(tx, "UPDATE notes SET body = randomblob(1000000) WHERE text = 'before'")
		})
	}
	for until := time.Now().Add(20 * time.Second); done < length; length, done = logged() {
		if time.Now().After(until) {
			t.Fatalf("of a log of %d pages, %d are in the file", length, done)
		}
		time.Sleep(10 * time.Millisecond)
	}
	// And then it begins anew, rather than grow on.
	update(t, db, writes("after"))
	if length, _ := logged(); length >= data.AheadPages {
		t.Errorf("the log goes on, at %d pages", length)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("there are %d notes", n)
	}
}
