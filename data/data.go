// Package data remembers: it opens the database, migrates it, and runs
// functions on it, reading in View and writing in Update. It speaks SQLite and
// PostgreSQL with one SQL text, and is the only package that knows which of
// the two it is talking to.
package data

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Errors that callers can tell apart with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("already taken")
	ErrFull     = errors.New("the disk is full or cannot be written to")
	ErrUsedUp   = errors.New("a transaction was used after its function returned")
	ErrNested   = errors.New("an update was started inside an update")
	ErrExited   = errors.New("a function ended its goroutine instead of returning")
	ErrInUse    = errors.New("in use by another process")
	ErrDamaged  = errors.New("damaged")
	ErrNewer    = errors.New("made by a newer version")
	ErrClosed   = errors.New("the database is closed")
)

// Config says where the data is and whose clock counts.
type Config struct {
	// Dir is the directory of an SQLite installation. It is made, with mode
	// 0700, when it is not there.
	Dir string
	// URL is the address of a PostgreSQL database (postgres://…). When it is
	// not empty, Dir holds no database.
	URL string
	// Now is the clock; every transaction asks it once.
	Now func() time.Time
	// Log is told of slow functions and of what recovers by itself.
	Log *slog.Logger
}

// DB is an open database, safe for any number of goroutines.
type DB struct {
	engine engine
	now    func() time.Time
	log    *slog.Logger
	gate   gate
	harm   atomic.Pointer[string] // what is damaged; nil is nothing
}

// engine is what SQLite and PostgreSQL do differently.
type engine interface {
	view(ctx context.Context, fn func(statements) error) error
	glance(ctx context.Context, fn func(statements) error) error
	update(ctx context.Context, fn func(*Tx) error) error
	lock(ctx context.Context, s statements, shared bool, names ...string) error
	oneWriter() bool // functions of Update run one after the other: whoever asks inside one waits for ever
	migrate(ctx context.Context) error
	tables(ctx context.Context, tx *Tx) ([]table, error)
	counter(ctx context.Context, tx *Tx, table string) (int64, error)
	setCounter(ctx context.Context, tx *Tx, table string, last int64) error
	close() error
	name() string
}

// Open opens the database that cfg names, brings its schema up to date, and
// refuses one that is in use (ErrInUse), damaged (ErrDamaged) or was made by a
// newer version (ErrNewer).
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db := &DB{now: cfg.Now, log: cfg.Log}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.now == nil {
		return nil, errors.New("opening the database: no clock was given")
	}
	var err error
	if cfg.URL != "" {
		if !strings.HasPrefix(cfg.URL, "postgres://") && !strings.HasPrefix(cfg.URL, "postgresql://") {
			// The address is not repeated: it may hold a password.
			return nil, errors.New("opening the database: its address does not begin with postgres://")
		}
		db.engine, err = openPostgres(ctx, db, cfg.URL)
	} else {
		db.engine, err = openSQLite(ctx, db, cfg.Dir)
	}
	if err != nil {
		return nil, err
	}
	if err := db.engine.migrate(ctx); err != nil {
		_ = db.engine.close()
		return nil, err
	}
	return db, nil
}

// Close waits for the functions that run or are queued, and closes the
// database. Whoever comes later is told ErrClosed.
func (db *DB) Close() error {
	if !db.gate.shut() {
		return nil
	}
	return db.engine.close()
}

// gate counts who is inside, so that Close can wait for them.
type gate struct {
	mu     sync.Mutex
	inside int
	closed bool
	empty  chan struct{} // closed when the last has left after closing
}

func (g *gate) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return ErrClosed
	}
	g.inside++
	return nil
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.closed {
		close(g.empty)
	}
}

// shut lets nobody in any more and waits until everybody has left. Only the
// first call returns true.
func (g *gate) shut() bool {
	g.mu.Lock()
	first := !g.closed
	if first {
		g.closed, g.empty = true, make(chan struct{})
		if g.inside == 0 {
			close(g.empty)
		}
	}
	g.mu.Unlock()
	<-g.empty
	return first
}

// Engine is "SQLite" or "PostgreSQL".
func (db *DB) Engine() string { return db.engine.name() }

// Now is the time by the database's clock, UTC, in whole milliseconds.
func (db *DB) Now() time.Time { return db.now().UTC().Truncate(time.Millisecond) }

// View runs fn on one unchanging snapshot of the data. It cannot write.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	if err := db.gate.enter(); err != nil {
		return err
	}
	defer db.gate.leave()
	return db.engine.view(ctx, func(s statements) error {
		tx := &Tx{s: s, now: db.Now(), engine: db.engine}
		defer tx.use()
		return fn(tx)
	})
}

// Glance is a View without a transaction around it: every statement sees the
// data of its own moment. For the few questions that are asked all the time.
// It cannot write either.
func (db *DB) Glance(ctx context.Context, fn func(*Tx) error) error {
	if err := db.gate.enter(); err != nil {
		return err
	}
	defer db.gate.leave()
	return db.engine.glance(ctx, func(s statements) error {
		tx := &Tx{s: s, now: db.Now(), engine: db.engine}
		defer tx.use()
		return fn(tx)
	})
}

// Update runs fn and makes what it wrote durable before it returns nil; when
// fn returns an error, nothing of it stays. On SQLite the functions that wait
// together share one transaction and one sync, each behind its own savepoint.
// fn may run more than once, so it has no effects but through its Tx, and
// nothing in it waits for anything slow: everybody else's write waits too.
// A write goes on when ctx ends after fn was started.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := db.gate.enter(); err != nil {
		return err
	}
	defer db.gate.leave()
	return db.engine.update(ctx, fn)
}
