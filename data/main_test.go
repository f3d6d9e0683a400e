package data_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// serveDir makes the test binary another process that has a directory open and
// goes on writing notes to it until its input ends. With crashDir, it says of
// each note that it is written, and goes on until it is killed.
const (
	serveDir = "RICOCHET_TEST_SERVE_DIR"
	crashDir = "RICOCHET_TEST_CRASH_DIR"
	// crashSync is how its log is synced instead of FULL.
	crashSync = "RICOCHET_TEST_CRASH_SYNC"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveDir); dir != "" {
		if err := serve(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Fprintln(os.Stderr, crash(dir))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// crash writes from several goroutines and never ends by itself.
func crash(dir string) error {
	ctx := context.Background()
	db, err := data.Open(ctx, data.Config{Dir: dir, Now: noon})
	if err != nil {
		return err
	}
	if sync := os.Getenv(crashSync); sync != "" {
		if err := data.Synchronous(db, sync); err != nil {
			return err
		}
	}
	failed := make(chan error)
	for g := range 8 {
		go func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i)
				if err := db.Update(ctx, func(tx *data.Tx) error { return write(tx, text) }); err != nil {
					failed <- err
					return
				}
				_, _ = os.Stdout.WriteString(text + "\n") // one write: it arrives whole
			}
		}()
	}
	return <-failed
}

func serve(dir string) error {
	ctx := context.Background()
	db, err := data.Open(ctx, data.Config{Dir: dir, Now: noon})
	if err != nil {
		return err
	}
	asked, gone := make(chan error, 1), make(chan struct{})
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		close(gone)
		asked <- err
	}()
	for i := 0; ; i++ {
		err := db.Update(ctx, func(tx *data.Tx) error { return write(tx, fmt.Sprint("served ", i)) })
		if err != nil {
			return err
		}
		if i == 0 {
			fmt.Println("ready")
		}
		select {
		case <-gone:
			return errors.Join(<-asked, db.Close())
		default:
		}
	}
}

func noon() time.Time { return datatest.Noon }

// open is a database with a table of notes, on the engine of this run.
func open(t *testing.T) *data.DB {
	t.Helper()
	db := datatest.New(t)
	notes(t, db)
	return db
}

// openSQLite is the same on SQLite in any run, for what only SQLite does, and
// where it is.
func openSQLite(t *testing.T) (*data.DB, string) {
	t.Helper()
	dir := t.TempDir()
	db := openDir(t, dir)
	notes(t, db)
	return db, dir
}

func openDir(t *testing.T, dir string) *data.DB {
	t.Helper()
	db, err := data.Open(t.Context(), data.Config{Dir: dir, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, db) })
	return db
}

func closed(t *testing.T, db *data.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func notes(t *testing.T, db *data.DB) {
	t.Helper()
	table := `CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE, body BLOB) STRICT`
	if db.Engine() == "PostgreSQL" {
		table = data.InPostgres(table)
	}
	update(t, db, func(tx *data.Tx) error { return run(tx, table) })
}

func run(tx *data.Tx, query string, args ...any) error {
	_, err := tx.Exec(context.Background(), query, args...)
	return err
}

func write(tx *data.Tx, text string) error {
	return run(tx, "INSERT INTO notes (text) VALUES (?)", text)
}

// writes is a function that writes one note.
func writes(text string) func(*data.Tx) error {
	return func(tx *data.Tx) error { return write(tx, text) }
}

func update(t *testing.T, db *data.DB, fn func(*data.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// written are the notes, in the order of their texts.
func written(t *testing.T, db *data.DB) (texts []string) {
	t.Helper()
	err := db.View(t.Context(), func(tx *data.Tx) (err error) {
		texts, err = data.All(t.Context(), tx, data.Text, "SELECT text FROM notes ORDER BY text")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func count(t *testing.T, db *data.DB) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *data.Tx) (err error) {
		n, err = data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// outcome is how an Update ended.
type outcome struct {
	err      error
	panicked any
}

func (o *outcome) of(db *data.DB, ctx context.Context, fn func(*data.Tx) error) { //nolint:revive // reads as a sentence
	defer func() { o.panicked = recover() }()
	o.err = db.Update(ctx, fn)
}

// held occupies every writer until the returned function is called and has
// waited for them.
func held(db *data.DB) (release func()) {
	var done, started sync.WaitGroup
	letGo := make(chan struct{})
	for range data.Writers(db) {
		started.Add(1)
		var once sync.Once
		done.Go(func() {
			_ = db.Update(context.Background(), func(*data.Tx) error {
				once.Do(started.Done)
				<-letGo
				return nil
			})
		})
	}
	started.Wait()
	return func() {
		close(letGo)
		done.Wait()
	}
}

// together runs functions as the neighbours of one batch, in this order.
func together(db *data.DB, fns ...func(*data.Tx) error) []outcome {
	outcomes := make([]outcome, len(fns))
	release := held(db)
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Go(func() { outcomes[i].of(db, context.Background(), fn) })
		data.Queued(db, i+1)
	}
	release()
	all.Wait()
	return outcomes
}
