package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// What every SQLite connection is opened with. FULL syncs each commit: NORMAL,
// the driver's own default, loses acknowledged commits in a power cut.
const (
	fileName    = "ricochet.db"
	lockName    = "ricochet.lock"
	writerParts = "_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate&_secure_delete=ON&_cache_size=-65536"
	readerParts = "mode=ro&_busy_timeout=10000&_query_only=on&_foreign_keys=on&_cache_size=-16384"
	oldest      = 3051003 // before it, several WAL connections could corrupt a file

	// Small pages: an open dirties a page of the key table that nothing else
	// touches, and a whole page goes to the log for it.
	pageSize = 1024
	// The log grows to about this many pages before it is folded back into the
	// file, so that a page changed a hundred times is written there once.
	checkpointPages = 32768
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
}

func openSQLite(ctx context.Context, db *DB, dir string) (_ engine, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
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
	fresh, err := touch(e.path)
	if err != nil {
		return nil, err
	}
	if e.pool, err = sql.Open("sqlite3", fileDSN(e.path, writerParts)); err != nil {
		return nil, fmt.Errorf("opening %s: %w", e.path, err)
	}
	e.pool.SetMaxOpenConns(1)
	if fresh {
		if err := e.size(ctx); err != nil {
			return nil, err
		}
	}
	return e, e.assert(ctx)
}

// lockDir keeps a second process out of the directory.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data directory: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s is %w", dir, ErrInUse)
	}
	return f, nil
}

// touch makes an empty file that only we may read, before SQLite makes one
// that everybody may.
func touch(path string) (fresh bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		info, err := os.Stat(path)
		if err != nil {
			return false, fmt.Errorf("opening the database: %w", err)
		}
		return info.Size() == 0, nil
	}
	if err != nil {
		return false, fmt.Errorf("making the database: %w", err)
	}
	return true, f.Close()
}

func fileDSN(path, parts string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: parts}).String()
}

// size sets the page size of an empty file, which must come before everything else.
func (e *sqlite) size(ctx context.Context) error {
	db, err := sql.Open("sqlite3", fileDSN(e.path, "_busy_timeout=10000"))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size=%d; VACUUM", pageSize)); err != nil {
		return explain(err, "setting the page size")
	}
	return nil
}

// assert refuses to run without the settings that durability rests on.
func (e *sqlite) assert(ctx context.Context) error {
	if _, n, _ := sqlite3.Version(); n < oldest {
		return fmt.Errorf("the SQLite library (%d) is older than %d", n, oldest)
	}
	for _, want := range []struct {
		pragma, value string
	}{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "10000"}, {"secure_delete", "1"},
	} {
		var got string
		if err := e.pool.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return damaged(e.path, err)
		}
		if got != want.value {
			return fmt.Errorf("opening %s: %s is %s, not %s", e.path, want.pragma, got, want.value)
		}
	}
	if _, err := e.pool.ExecContext(ctx, fmt.Sprintf("PRAGMA wal_autocheckpoint=%d", checkpointPages)); err != nil {
		return damaged(e.path, err)
	}
	return e.quickCheck(ctx)
}

// quickCheck looks for damage where that takes no time; `ricochet check` looks everywhere.
func (e *sqlite) quickCheck(ctx context.Context) error {
	info, err := os.Stat(e.path)
	if err != nil || info.Size() > 8<<20 {
		return err
	}
	var verdict string
	if err := e.pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return damaged(e.path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is %w: %s", e.path, ErrDamaged, verdict)
	}
	return nil
}

func damaged(path string, err error) error {
	var s sqlite3.Error
	if errors.As(err, &s) && (s.Code == sqlite3.ErrNotADB || s.Code == sqlite3.ErrCorrupt) {
		return fmt.Errorf("%s is %w (%w)", path, ErrDamaged, err)
	}
	return fmt.Errorf("opening %s: %w", path, err)
}

// start takes the writer's connection and makes room for the readers', once
// the schema stands.
func (e *sqlite) start(ctx context.Context) (err error) {
	if e.writer, err = newSession(ctx, e.pool); err != nil {
		return damaged(e.path, err)
	}
	e.queue = newQueue(e.db, e.writer)
	if e.rpool, err = sql.Open("sqlite3", fileDSN(e.path, readerParts)); err != nil {
		return fmt.Errorf("opening %s: %w", e.path, err)
	}
	e.readN = max(4, 2*runtime.NumCPU())
	e.rpool.SetMaxOpenConns(e.readN)
	e.readers = make(chan *session, e.readN)
	for range e.readN {
		e.readers <- nil // connected when first needed
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
		fresh, err := newSession(ctx, e.rpool)
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		s = fresh
	}
	return fn(s)
}

func (e *sqlite) update(ctx context.Context, fn func(*Tx) error) error { return e.queue.do(ctx, fn) }

func (e *sqlite) lock(context.Context, statements, int64, bool) error { return nil }

func (e *sqlite) name() string { return "SQLite" }

func (e *sqlite) close() error {
	var errs []error
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
