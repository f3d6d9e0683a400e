package data

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
)

// What the tests of this package look at from outside.
var (
	InPostgres = inPostgres
	Rebind     = rebind
)

// Meddler stands between the queue and its connection.
type Meddler struct {
	transaction
	Commits atomic.Int64
	Fail    func(query string) error // what to answer instead of running it
}

func (m *Meddler) run(query string) error {
	if m.Fail != nil {
		if err := m.Fail(query); err != nil {
			return err
		}
	}
	if query == "COMMIT" {
		m.Commits.Add(1)
	}
	return m.transaction.run(query)
}

// Meddle puts a Meddler in place, before the first update.
func Meddle(db *DB) *Meddler {
	q := db.engine.(*sqlite).queue
	m := &Meddler{transaction: q.on}
	q.on = m
	return m
}

// Queued waits until n functions are queued, where there is a queue.
func Queued(db *DB, n int) {
	if e, ok := db.engine.(*sqlite); ok {
		for len(e.queue.jobs) < n {
			time.Sleep(time.Millisecond)
		}
	}
}

// Writers is how many functions can write at once.
func Writers(db *DB) int {
	if _, ok := db.engine.(*postgres); ok {
		return postgresWriters
	}
	return 1
}

// Steps is the number of the last version of the schema.
func Steps() int { return int(newest()) }

// Shut says that the database lets nobody in any more.
func Shut(db *DB) bool {
	db.gate.mu.Lock()
	defer db.gate.mu.Unlock()
	return db.gate.closed
}

// Inside is how many are running or waiting.
func Inside(db *DB) int {
	db.gate.mu.Lock()
	defer db.gate.mu.Unlock()
	return db.gate.inside
}

// MakeAt makes a database with the schema of an earlier version.
func MakeAt(ctx context.Context, dir string, version int64) error {
	if err := begin(ctx, File(dir)); err != nil {
		return err
	}
	pool, err := sql.Open("sqlite3", fileDSN(File(dir), writerParts))
	if err != nil {
		return err
	}
	err = migrateUp(ctx, goose.DialectSQLite3, pool, version, func(s string) string { return s }, func(int64) error { return nil })
	return errors.Join(err, pool.Close())
}

// VersionOf is the schema of a file, -1 when there is none.
func VersionOf(ctx context.Context, path string) (version int64) {
	db, err := beside(path)
	if err != nil {
		return -1
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&version); err != nil {
		return -1
	}
	return version
}

// TablesOf are the tables of a database and their columns.
func TablesOf(ctx context.Context, tx *Tx) (map[string][]string, error) {
	all, err := tx.engine.tables(ctx, tx)
	of := map[string][]string{}
	for _, t := range all {
		of[t.name] = t.columns
	}
	return of, err
}

// Ordered puts names after those that they refer to.
func Ordered(refers map[string][]string) ([]string, error) {
	var tables []table
	for _, name := range slices.Sorted(maps.Keys(refers)) {
		tables = append(tables, table{name: name, refers: refers[name]})
	}
	all, err := ordered(tables)
	var names []string
	for _, t := range all {
		names = append(names, t.name)
	}
	return names, err
}

// InspectAfter makes databases that are opened from now on be read whole after
// that time, and returns what takes it back.
func InspectAfter(after time.Duration) (restore func()) {
	had := inspectAfter
	inspectAfter = after
	return func() { inspectAfter = had }
}

// ReadBehind waits until the reading of a large database behind the work has
// ended; false says that there was none.
func ReadBehind(db *DB) bool {
	e, ok := db.engine.(*sqlite)
	if !ok || e.behind == nil {
		return false
	}
	<-e.behind.ended
	return true
}

// WholeUpTo is the size of a database that is read whole at its start.
const WholeUpTo = wholeUpTo

// LogLimit is what the log is cut back to.
const LogLimit = logLimit

// AheadPages is how long the log is when it begins to be folded back.
const AheadPages = aheadPages

// Synchronous makes a database sync as no database of ours does, before its
// first update.
func Synchronous(db *DB, how string) error {
	return db.engine.(*sqlite).writer.run("PRAGMA synchronous=" + how)
}

// Begin makes an empty database in dir, as the first start does.
func Begin(ctx context.Context, dir string) error { return begin(ctx, File(dir)) }
