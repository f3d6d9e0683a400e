package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// File is where the SQLite database of an installation in dir is.
func File(dir string) string { return filepath.Join(dir, fileName) }

// inspectFor is how long the look for damage at the start may take; `ricochet
// check` looks everywhere.
const inspectFor = 500 * time.Millisecond

// Recognise looks whether a file is an SQLite database of ours, whole as far as
// a short look tells, and one that this program knows: else it is ErrDamaged or
// ErrNewer. It writes nothing to it. A running server may have it open.
func Recognise(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	if info.Size() == 0 {
		return fmt.Errorf("%s is %w: it is empty", path, ErrDamaged)
	}
	look, err := beside(path)
	if err != nil {
		return err
	}
	defer look.Close()
	if err := quickCheck(ctx, look, path); err != nil {
		return err
	}
	return notNewer(ctx, look, path)
}

// quickCheck looks for damage for a while.
func quickCheck(ctx context.Context, db *sql.DB, path string) error {
	ctx, cancel := context.WithTimeout(ctx, inspectFor)
	defer cancel()
	var verdict string
	err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil
	case err != nil:
		return damaged(path, err)
	case verdict != "ok":
		return fmt.Errorf("%s is %w: %s", path, ErrDamaged, verdict)
	}
	return nil
}

// notNewer compares the schema of a file with the newest that we know.
func notNewer(ctx context.Context, db *sql.DB, path string) error {
	var tables, versioned int
	err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_master WHERE type = 'table'`).Scan(&tables, &versioned)
	if err != nil {
		return damaged(path, err)
	}
	if tables == 0 {
		return nil
	}
	if versioned == 0 {
		return fmt.Errorf("%s is %w: it is no database of Ricochet", path, ErrDamaged)
	}
	var have int64
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&have); err != nil {
		return damaged(path, err)
	}
	if want := newest(); have > want {
		return newer(have, want)
	}
	return nil
}

// Verify reads every page, every index and every reference of an SQLite
// database that is open here; on PostgreSQL, which checks its own pages, it
// does nothing.
func (db *DB) Verify(ctx context.Context) error {
	e, ok := db.engine.(*sqlite)
	if !ok {
		return nil
	}
	return VerifyFile(ctx, e.path)
}

// VerifyFile is Verify for a database that a running server may have open.
func VerifyFile(ctx context.Context, path string) error {
	own, err := beside(path)
	if err != nil {
		return err
	}
	defer own.Close()
	return verify(ctx, own, path)
}

// verify reads every page, every index and every reference of a database.
func verify(ctx context.Context, db *sql.DB, path string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return damaged(path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is %w: %s", path, ErrDamaged, verdict)
	}
	rows, err := db.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return damaged(path, err)
	}
	defer rows.Close()
	if rows.Next() {
		return fmt.Errorf("%s is %w: a row refers to one that is not there", path, ErrDamaged)
	}
	return rows.Err()
}

// beside opens a database for reading, beside whoever has it open.
func beside(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db, err := sql.Open("sqlite3", fileDSN(path, besideParts))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
