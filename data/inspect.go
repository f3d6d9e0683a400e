package data

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// File is where the SQLite database of an installation in dir is.
func File(dir string) string { return filepath.Join(dir, fileName) }

// What a start reads of a database before it serves it. Checking all of it
// takes a second for some ten megabytes: a small one is checked whole, of a
// large one the small tables are, and both ends of the others. The rest is
// checked behind the work.
const (
	wholeUpTo = 2 << 20 // bytes
	smallRows = 1000    // of a table that is read whole in any case
)

// Recognise looks whether a file is an SQLite database of ours, whole as far as
// a short look tells, and one that this program knows: else it is ErrDamaged or
// ErrNewer. It writes nothing to it. A running server may have it open.
func Recognise(ctx context.Context, path string) error {
	look, _, err := recognise(ctx, path)
	if err != nil {
		return err
	}
	return look.Close()
}

// recognise is Recognise; it leaves its connection open, and says whether the
// database was read whole.
func recognise(ctx context.Context, path string) (look *sql.DB, whole bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, false, fmt.Errorf("opening the database: %w", err)
	}
	if info.Size() == 0 {
		return nil, false, fmt.Errorf("%s is %w: it is empty", path, ErrDamaged)
	}
	if look, err = beside(path); err != nil {
		return nil, false, err
	}
	whole = info.Size() <= wholeUpTo
	if whole {
		err = checked(ctx, look, path, "PRAGMA quick_check(1)")
	} else {
		err = shortLook(ctx, look, path)
	}
	if err == nil {
		err = notNewer(ctx, look, path)
	}
	if err != nil {
		_ = look.Close()
		return nil, false, err
	}
	return look, whole, nil
}

// checked runs one of SQLite's checks.
func checked(ctx context.Context, db *sql.DB, path, pragma string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, pragma).Scan(&verdict); err != nil {
		return damaged(path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is %w: %s", path, ErrDamaged, oneLine(verdict))
	}
	return nil
}

// oneLine is a verdict without its line ends.
func oneLine(verdict string) string { return strings.Join(strings.Fields(verdict), " ") }

// tooShort says whether a file has not the bytes that it says, and there is no
// log in which they may stand.
func tooShort(path string, says int64) bool {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() < says
}

// stored is a table as it lies in the file.
type stored struct {
	name     string
	numbered bool // its rows have a number, by which they are ordered
}

func storedTables(ctx context.Context, db *sql.DB, path string) (all []stored, err error) {
	rows, err := db.QueryContext(ctx, `SELECT name, wr = 0 FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`)
	if err != nil {
		return nil, damaged(path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var t stored
		if err := rows.Scan(&t.name, &t.numbered); err != nil {
			return nil, damaged(path, err)
		}
		all = append(all, t)
	}
	if err := rows.Err(); err != nil {
		return nil, damaged(path, err)
	}
	return all, nil
}

// shortLook compares the file's length with what it should be, and reads the
// schema, the small tables, and both ends of the others.
func shortLook(ctx context.Context, db *sql.DB, path string) error {
	var says int64
	if err := db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&says); err != nil {
		return damaged(path, err)
	}
	if tooShort(path, says) {
		return fmt.Errorf("%s is %w: it is shorter than it says", path, ErrDamaged)
	}
	tables, err := storedTables(ctx, db, path)
	if err != nil {
		return err
	}
	for _, t := range tables {
		var some int
		err := db.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM %q LIMIT %d)`, t.name, smallRows+1)).Scan(&some)
		switch {
		case err != nil:
			return damaged(path, err)
		case some <= smallRows:
			err = checked(ctx, db, path, fmt.Sprintf(`PRAGMA quick_check(%q)`, t.name))
		case t.numbered:
			var last int64
			if err = db.QueryRowContext(ctx, fmt.Sprintf(`SELECT max(rowid) FROM %q`, t.name)).Scan(&last); err != nil {
				err = damaged(path, err)
			}
		}
		if err != nil {
			return err
		}
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
	if err := checked(ctx, db, path, "PRAGMA integrity_check(1)"); err != nil {
		return err
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
