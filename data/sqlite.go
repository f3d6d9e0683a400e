package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mattn/go-sqlite3"

	"ricochet.example/data/walwrite"
)

// What every SQLite connection is opened with. FULL syncs each commit: NORMAL,
// the driver's own default, loses acknowledged commits in a power cut. The
// caches are small: any commit empties a reader's, and half of them walk the
// writer's, which takes the longer the larger they are. The system keeps the
// file's pages at hand anyway.
const (
	fileName    = "ricochet.db"
	lockName    = "ricochet.lock"
	writerParts = "_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate&_secure_delete=ON&_mutex=no&_cache_size=-1536"
	readerParts = "mode=ro&_mutex=no&_busy_timeout=10000&_query_only=on&_foreign_keys=on&_cache_size=-2048"
	besideParts = "mode=ro&_busy_timeout=10000"
	oldest      = 3051003 // before it, several WAL connections could corrupt a file

	// Small pages: an open dirties a page of the key table that nothing else
	// touches, and a whole page goes to the log for it.
	pageSize = 1024
	// The log grows to about this many pages before it is folded back into the
	// file, so that a page changed a hundred times is written there once.
	checkpointPages = 131072
	// A reader who stays long keeps the log from being used again, and it grows on.
	// After that it is cut back to so many bytes.
	logLimit = checkpointPages * (pageSize + 24) // and the head of each page
	// A transaction may change this many pages before the first are written ahead
	// of its end, and then once more at it.
	spillPages = 32768
)

type sqlite struct {
	db      *DB
	path    string
	lockf   *os.File
	pool    *sql.DB // the writer's one connection
	writer  *session
	queue   *queue
	rpool   *sql.DB
	readers chan *session
	readN   int
	unread  bool // the start did not read all of the file
	behind  *inspection
	ahead   *checkpointer
}

func openSQLite(ctx context.Context, db *DB, dir string) (_ engine, err error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	e := &sqlite{db: db, path: filepath.Join(dir, fileName)}
	if e.lockf, err = lockDir(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = e.close()
		}
	}()
	look, whole, err := found(ctx, e.path)
	if err != nil {
		return nil, err
	}
	if look != nil {
		defer look.Close()
	}
	e.unread = !whole
	together, err := walwrite.Parameter()
	if err != nil {
		return nil, err
	}
	if e.pool, err = sql.Open("sqlite3", fileDSN(e.path, writerParts+"&"+together)); err != nil {
		return nil, fmt.Errorf("opening %s: %w", e.path, err)
	}
	e.pool.SetMaxOpenConns(1)
	if err := e.assert(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// assert refuses to run without the settings that durability rests on.
func (e *sqlite) assert(ctx context.Context) error {
	if _, n, _ := sqlite3.Version(); n < oldest {
		return fmt.Errorf("the SQLite library (%d) is older than %d", n, oldest)
	}
	return asserted(ctx, e.pool, e.path, []setting{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "10000"}, {"secure_delete", "1"},
	})
}

type setting struct{ pragma, value string }

func asserted(ctx context.Context, pool *sql.DB, path string, all []setting) error {
	for _, want := range all {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return damaged(path, err)
		}
		if got != want.value {
			return fmt.Errorf("opening %s: %s is %s, not %s", path, want.pragma, got, want.value)
		}
	}
	return nil
}

// start takes the writer's connection and makes room for the readers', once
// the schema stands.
func (e *sqlite) start(ctx context.Context) (err error) {
	if e.writer, err = newSession(ctx, e.pool, e.db.alarm); err != nil {
		return damaged(e.path, err)
	}
	for _, pragma := range []string{
		fmt.Sprintf("PRAGMA wal_autocheckpoint=%d", checkpointPages),
		fmt.Sprintf("PRAGMA cache_spill=%d", spillPages),
		fmt.Sprintf("PRAGMA journal_size_limit=%d", logLimit),
		// What a statement of many rows may have to take back is kept at hand: in a
		// file, of which SQLite makes one for each such statement, it is written for nothing.
		"PRAGMA temp_store=MEMORY",
	} {
		if err := e.writer.run(pragma); err != nil {
			return damaged(e.path, err)
		}
	}
	if e.ahead, err = checkpoints(ctx, e.db, e.path); err != nil {
		return err
	}
	e.queue = newQueue(e.db, e.writer)
	if e.rpool, err = sql.Open("sqlite3", fileDSN(e.path, readerParts)); err != nil {
		return fmt.Errorf("opening %s: %w", e.path, err)
	}
	e.readN = max(4, 2*runtime.NumCPU())
	e.rpool.SetMaxOpenConns(e.readN)
	if err := asserted(ctx, e.rpool, e.path, []setting{{"query_only", "1"}, {"busy_timeout", "10000"}}); err != nil {
		return err
	}
	e.readers = make(chan *session, e.readN)
	for range e.readN {
		e.readers <- nil // connected when first needed
	}
	if e.unread {
		e.behind = inspect(e.db, e.path)
	}
	return nil
}

func (e *sqlite) view(ctx context.Context, fn func(statements) error) error {
	return e.reading(ctx, func(s *session) error {
		if err := s.run("BEGIN"); err != nil {
			return explain(err, "BEGIN")
		}
		defer func() {
			if s.stands() {
				_ = s.run("ROLLBACK")
			}
		}()
		return fn(s)
	})
}

func (e *sqlite) glance(ctx context.Context, fn func(statements) error) error {
	return e.reading(ctx, func(s *session) error { return fn(s) })
}

// reading lends one of the read-only connections.
func (e *sqlite) reading(ctx context.Context, fn func(*session) error) error {
	var s *session
	select {
	case s = <-e.readers:
	case <-ctx.Done():
		return fmt.Errorf("waiting to read: %w", ctx.Err())
	}
	defer func() { e.readers <- s }()
	if s == nil {
		fresh, err := newSession(ctx, e.rpool, e.db.alarm)
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		s = fresh
	}
	return fn(s)
}

func (e *sqlite) update(ctx context.Context, fn func(*Tx) error) error { return e.queue.do(ctx, fn) }

func (e *sqlite) lock(context.Context, statements, bool, ...string) error { return nil }

func (e *sqlite) oneWriter() bool { return true }

func (e *sqlite) name() string { return "SQLite" }

func (e *sqlite) close() error {
	var errs []error
	e.behind.end()
	e.ahead.end()
	if e.queue != nil {
		e.queue.close()
	}
	if e.readers != nil {
		for range e.readN {
			(<-e.readers).close()
		}
		errs = append(errs, e.rpool.Close())
	}
	if e.writer != nil {
		e.writer.close()
	}
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
	}
	if e.lockf != nil {
		errs = append(errs, e.lockf.Close())
	}
	return errors.Join(errs...)
}

func knownSQLite(err error) error {
	var s sqlite3.Error
	if !errors.As(err, &s) {
		if errors.Is(err, driver.ErrBadConn) {
			return ErrClosed
		}
		return nil
	}
	switch s.Code {
	case sqlite3.ErrFull, sqlite3.ErrReadonly, sqlite3.ErrIoErr, sqlite3.ErrCantOpen:
		return ErrFull
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return ErrInUse
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return ErrDamaged
	case sqlite3.ErrConstraint:
		if s.ExtendedCode == sqlite3.ErrConstraintUnique || s.ExtendedCode == sqlite3.ErrConstraintPrimaryKey {
			return ErrTaken
		}
	}
	return nil
}
