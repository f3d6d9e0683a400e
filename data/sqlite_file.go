package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// makeDir makes the data directory, for our eyes only whatever the umask says.
// One that is there stays as it is.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the data directory %s: %w", dir, err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory is entered
		return fmt.Errorf("making the data directory %s: %w", dir, err)
	}
	return nil
}

// lockDir keeps a second process out of the directory.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data directory: %w", err)
	}
	_ = f.Chmod(0o600) // what a umask took away; it matters at the next start
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s is %w", dir, ErrInUse)
	}
	return nil, fmt.Errorf("locking %s: %w", dir, err)
}

// found makes sure that there is a database at path: a new one where there is
// no file, else one that Recognise finds nothing wrong with. The connection that
// looked stays open, if there was one: after a kill it has read the log, which
// the next would have to read again. whole says that all of the database was read.
func found(ctx context.Context, path string) (look *sql.DB, whole bool, err error) {
	switch _, err := os.Stat(path); {
	case err == nil:
		return recognise(ctx, path)
	case !errors.Is(err, os.ErrNotExist):
		return nil, false, fmt.Errorf("opening the database: %w", err)
	}
	return nil, true, begin(ctx, path)
}

// begin makes an empty database.
func begin(ctx context.Context, path string) error {
	if err := free(path); err != nil {
		return err
	}
	// It comes to its name whole, so that an empty file of that name always is
	// a loss, and never an installation that somebody may found anew.
	part := path + ".part"
	if err := touch(part); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	if err := size(ctx, part); err != nil {
		return err
	}
	if err := settle(part, path); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	return nil
}

// besides are the files that SQLite keeps beside a database: they hold a part
// of it, and would be taken for a part of another one of its name.
var besides = []string{"-wal", "-journal", "-shm"}

// free says that nothing is at path, nor left of a database that was.
func free(path string) error {
	for _, end := range append([]string{""}, besides...) {
		if _, err := os.Stat(path + end); err == nil {
			return fmt.Errorf("%s is there already; move it away first", path+end)
		}
	}
	return nil
}

// touch makes an empty file that only we may read, before SQLite makes one
// that everybody may. What an earlier attempt left is removed.
func touch(path string) error {
	for _, end := range append([]string{""}, besides...) {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// settle gives a finished file its name, for good.
func settle(part, path string) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func fileDSN(path, parts string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: parts}).String()
}

// size sets the page size of an empty file, which must come before everything
// else, and that it has a log: whoever changes that later needs a journal, and
// one that was left by a kill could not be read before the start.
func size(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite3", fileDSN(path, "_busy_timeout=10000"))
	if err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size=%d; VACUUM; PRAGMA journal_mode=WAL", pageSize)); err != nil {
		return explain(err, "setting the page size")
	}
	return nil
}

func damaged(path string, err error) error {
	var s sqlite3.Error
	if errors.As(err, &s) && (s.Code == sqlite3.ErrNotADB || s.Code == sqlite3.ErrCorrupt) {
		return fmt.Errorf("%s is %w (%w)", path, ErrDamaged, err)
	}
	if known := knownSQLite(err); known != nil {
		return fmt.Errorf("opening %s: %w (%w)", path, known, err)
	}
	return fmt.Errorf("opening %s: %w", path, err)
}
