package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

const damagedWords = "The database is damaged."

// A page in the middle of a large database is spoilt. Whoever comes upon it is
// given an error; everything else is served, and the owner is told.
func TestTheOwnerIsToldOfADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	h := &house{t: t, clock: clock.At(datatest.Noon), base: "http://drops.example", log: &strings.Builder{}}
	opened := func() {
		db, err := data.Open(t.Context(), data.Config{Dir: dir, Now: h.clock.Now, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		h.db = db
	}
	opened()
	h.begun().founded()
	manager, _ := h.signedIn("manel@novaska.example", account.Manager)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, `CREATE TABLE ballast (text TEXT NOT NULL) STRICT`); err != nil {
			return err
		}
		rows := make([]any, 20_000)
		for i := range rows {
			rows[i] = strings.Repeat("ballast ", 20)
		}
		return data.InsertRows(ctx, tx, `INSERT INTO ballast (text)`, 1, rows, "")
	})
	h.owner.get("/").wants(http.StatusOK).lacks(damagedWords)
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, data.File(dir))

	opened()
	t.Cleanup(func() { _ = h.db.Close() })
	h.server = h.another()
	h.owner.get("/").wants(http.StatusOK).lacks(damagedWords)
	err := h.db.View(t.Context(), func(tx *data.Tx) error {
		_, err := data.Int(t.Context(), tx, `SELECT sum(length(text)) FROM ballast`)
		return err
	})
	if err == nil {
		t.Fatal("the spoilt page was read")
	}
	h.owner.get("/").wants(http.StatusOK).says(damagedWords)
	manager.get("/").wants(http.StatusOK).lacks(damagedWords)
}

// spoil overwrites a page in the middle of a file.
func spoil(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(bytes.Repeat([]byte{0xA5}, 1024), info.Size()/2/1024*1024); err != nil {
		t.Fatal(err)
	}
}
