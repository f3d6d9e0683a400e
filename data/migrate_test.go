package data_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// An installation of the first version is opened by this one: its rows stay,
// and a copy of before is kept.
func TestAnOldInstallationIsBroughtUpToDateAndACopyIsKept(t *testing.T) {
	if data.Steps() < 2 {
		t.Fatal("there is nothing to migrate from")
	}
	dir := t.TempDir()
	if err := data.MakeAt(t.Context(), dir, 1); err != nil {
		t.Fatal(err)
	}
	rawly(t, dir, `INSERT INTO brand (id, name, language, url, time_zone, label, founded_at)
		VALUES (1, 'Ana & Co', 'fr', 'https://ana.example', 'Europe/Paris', 'ad', 1)`)
	// What an attempt left that was cut short.
	kept := filepath.Join(dir, "before-schema-2.db")
	for _, end := range []string{"", ".part", ".part-journal"} {
		if err := os.WriteFile(kept+end, []byte("half of a copy"), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	db := openDir(t, dir)
	name := func(db *data.DB) (name string) {
		err := db.View(t.Context(), func(tx *data.Tx) (err error) {
			name, err = data.One(t.Context(), tx, data.Text, "SELECT name FROM brand")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	same(t, name(db), "Ana & Co")
	if err := db.Verify(t.Context()); err != nil {
		t.Error(err)
	}

	if err := data.VerifyFile(t.Context(), kept); err != nil {
		t.Errorf("the copy of before: %v", err)
	}
	old := t.TempDir()
	if err := os.WriteFile(data.File(old), contents(t, kept), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := data.VersionOf(t.Context(), data.File(old)); got != 1 {
		t.Errorf("the copy of before has schema %d", got)
	}
	same(t, name(openDir(t, old)), "Ana & Co")
}

// There is no room for the new schema: the old one stays, whole, and it goes on
// when there is.
func TestAMigrationThatFailsLeavesWhatWas(t *testing.T) {
	dir := t.TempDir()
	if err := data.MakeAt(t.Context(), dir, 1); err != nil {
		t.Fatal(err)
	}
	// A table of the name that a later step wants to make.
	rawly(t, dir, "CREATE TABLE link_totals (name TEXT)", "INSERT INTO link_totals VALUES ('in the way')")
	if err := tryOpen(dir); err == nil {
		t.Fatal("it was opened")
	}
	if err := data.VerifyFile(t.Context(), data.File(dir)); err != nil {
		t.Error(err)
	}
	if err := tryOpen(dir); err == nil {
		t.Fatal("it was opened the second time")
	}
	rawly(t, dir, "DROP TABLE link_totals")
	if err := tryOpen(dir); err != nil {
		t.Error(err)
	}
}

func TestManyServersMayStartAtOnce(t *testing.T) {
	if !datatest.Postgres() { // there, only one does
		dir := installed(t)
		db := openDir(t, dir)
		if err := tryOpen(dir); !errors.Is(err, data.ErrInUse) {
			t.Error(err)
		}
		closed(t, db)
		return
	}
	cfg := datatest.Config(t)
	errs := make(chan error)
	for range 4 {
		go func() {
			db, err := data.Open(t.Context(), cfg)
			if err == nil {
				err = db.Close()
			}
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// Each released step stands as it was released: whoever changes one breaks
// installations that have run it.
func TestOpeningAgainChangesNothing(t *testing.T) {
	dir := installed(t)
	if err := tryOpen(dir); err != nil {
		t.Fatal(err)
	}
	before := contents(t, data.File(dir))
	for range 3 {
		if err := tryOpen(dir); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(before, contents(t, data.File(dir))) {
		t.Error("the file was changed")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "before-*")); err != nil || len(left) > 0 {
		t.Errorf("copies were kept for nothing: %v %v", left, err)
	}
	if s := fmt.Sprint(data.VersionOf(t.Context(), data.File(dir))); s != fmt.Sprint(data.Steps()) {
		t.Errorf("schema %s of %d", s, data.Steps())
	}
}
