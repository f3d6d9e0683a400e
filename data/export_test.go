package data

import (
	"sync/atomic"
	"time"
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

// Steps is how many versions the schema has had.
func Steps() int { return len(files()) }

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
