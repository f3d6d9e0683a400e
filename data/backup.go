package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// secretTables are left out of every backup: what they hold is worth nothing
// a day later, and a thief something.
var secretTables = []string{"keys", "day_keys", "login_sessions", "sign_ins"}

// Backup writes a verified copy of the SQLite database to path, which must not
// be there yet: without visitor keys, login sessions and sign-in codes.
// Reading and writing go on meanwhile.
func (db *DB) Backup(ctx context.Context, path string) error {
	e, ok := db.engine.(*sqlite)
	if !ok {
		return errors.New("backing up: a PostgreSQL database is backed up with pg_dump")
	}
	return backupFile(ctx, e.path, path, false)
}

// BackupDir backs up the database of dir, which a running server may have open.
func BackupDir(ctx context.Context, dir, path string) error {
	from := filepath.Join(dir, fileName)
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	return backupFile(ctx, from, path, false)
}

// backupFile copies through a read-only connection of its own. whole keeps the
// secret tables, for the copy made before a migration.
func backupFile(ctx context.Context, from, to string, whole bool) (err error) {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("backing up: %s is there already", to)
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("backing up: %w", err)
	}
	if _, err := touch(part); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	if err := vacuumInto(ctx, from, part); err != nil {
		return err
	}
	if err := finishCopy(ctx, part, whole); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	if err := os.Rename(part, to); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	return syncFile(filepath.Dir(to))
}

func vacuumInto(ctx context.Context, from, to string) error {
	source, err := sql.Open("sqlite3", fileDSN(from, "mode=ro&_busy_timeout=10000"))
	if err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	defer source.Close()
	source.SetMaxOpenConns(1)
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return explain(err, "VACUUM INTO")
	}
	return nil
}

// finishCopy empties the secret tables of a copy and verifies it.
func finishCopy(ctx context.Context, path string, whole bool) error {
	copied, err := sql.Open("sqlite3", fileDSN(path, "_busy_timeout=10000&_secure_delete=ON&_journal_mode=DELETE&_synchronous=FULL"))
	if err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	defer copied.Close()
	copied.SetMaxOpenConns(1)
	if !whole {
		for _, table := range secretTables {
			if _, err := copied.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return explain(err, "emptying "+table)
			}
		}
		if _, err := copied.ExecContext(ctx, "VACUUM"); err != nil {
			return explain(err, "VACUUM")
		}
	}
	return verify(ctx, copied, path)
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

// Verify reads every page, every index and every reference of an SQLite
// database that is open here; on PostgreSQL, which checks its own pages, it
// does nothing.
func (db *DB) Verify(ctx context.Context) error {
	e, ok := db.engine.(*sqlite)
	if !ok {
		return nil
	}
	own, err := sql.Open("sqlite3", fileDSN(e.path, readerParts))
	if err != nil {
		return err
	}
	defer own.Close()
	own.SetMaxOpenConns(1)
	return verify(ctx, own, e.path)
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// skip is added to the ids of restored links and opens, so that a token that
// was given out after the backup never comes to mean something else.
const skip = int64(1) << 32

// Restore puts a backup in the place of a database that is not there: it
// verifies the backup first and raises the counters of public ids.
func Restore(ctx context.Context, backup, dir string) (err error) {
	if _, err := os.Stat(backup); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	held, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer held.Close()
	path := filepath.Join(dir, fileName)
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("restoring: %s is there already; move it away first", path)
	}
	if err := backupFile(ctx, backup, path, true); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", fileDSN(path, writerParts))
	if err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	for _, table := range publicIDs {
		if _, err := db.ExecContext(ctx, `UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?`, skip, table); err != nil {
			return explain(err, "raising the counter of "+table)
		}
		if _, err := db.ExecContext(ctx, `INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)`, table, skip, table); err != nil {
			return explain(err, "raising the counter of "+table)
		}
	}
	return nil
}

// publicIDs are the tables whose ids stand in share tokens.
var publicIDs = []string{"links", "opens"}
