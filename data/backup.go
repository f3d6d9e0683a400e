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
var secretTables = []string{"keys", "day_keys", "push_subscriptions", "login_sessions", "sign_ins", "mail_passwords"}

// publicIDs are the tables whose ids stand in share tokens.
var publicIDs = []string{"links", "opens"}

// skip is added to the ids of restored links and opens, so that a token that
// was given out after the backup never comes to mean something else.
const skip = int64(1) << 32

// Backup writes a verified copy of the SQLite database to path, which must not
// be there yet: without visitor keys, login sessions and sign-in codes.
// Reading and writing go on meanwhile.
func (db *DB) Backup(ctx context.Context, path string) error {
	e, ok := db.engine.(*sqlite)
	if !ok {
		return errors.New("backing up: a PostgreSQL database is backed up with pg_dump")
	}
	return backup(ctx, e.path, path)
}

// BackupDir backs up the database of dir, which a running server may have open.
func BackupDir(ctx context.Context, dir, path string) error {
	return backup(ctx, filepath.Join(dir, fileName), path)
}

func backup(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	if err := free(to); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	if err := copyFile(ctx, from, to, leaveOut); err != nil {
		return fmt.Errorf("backing up: %w", err)
	}
	return nil
}

// Restore puts a backup in the place of a database that is not there: it
// verifies the backup first and raises the counters of public ids.
func Restore(ctx context.Context, backup, dir string) (err error) {
	if err := Recognise(ctx, backup); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	if err := VerifyFile(ctx, backup); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	if err := makeDir(dir); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	held, err := lockDir(dir)
	if err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	defer held.Close()
	path := filepath.Join(dir, fileName)
	if err := free(path); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	if err := copyFile(ctx, backup, path, raise, holdMails, logged); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	return nil
}

// copyFile makes a copy of a database, through a read-only connection of its
// own, lets steps change it, verifies it, and only then gives it its name.
func copyFile(ctx context.Context, from, to string, steps ...func(context.Context, *sql.DB) error) (err error) {
	part := to + ".part"
	if err := touch(part); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	if err := vacuumInto(ctx, from, part); err != nil {
		return err
	}
	if err := finish(ctx, part, steps); err != nil {
		return err
	}
	return settle(part, to)
}

func vacuumInto(ctx context.Context, from, to string) error {
	source, err := beside(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return explain(err, "VACUUM INTO")
	}
	return nil
}

// finish changes a fresh copy and verifies it.
func finish(ctx context.Context, path string, steps []func(context.Context, *sql.DB) error) error {
	fresh, err := sql.Open("sqlite3", fileDSN(path, "_busy_timeout=10000&_secure_delete=ON&_journal_mode=DELETE&_synchronous=FULL"))
	if err != nil {
		return err
	}
	defer fresh.Close()
	fresh.SetMaxOpenConns(1)
	for _, step := range steps {
		if err := step(ctx, fresh); err != nil {
			return err
		}
	}
	return verify(ctx, fresh, path)
}

// leaveOut empties the secret tables, as far as its schema has them.
func leaveOut(ctx context.Context, db *sql.DB) error {
	for _, table := range secretTables {
		var there bool
		if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = ?)", table).Scan(&there); err != nil {
			return explain(err, "looking for "+table)
		}
		if !there {
			continue
		}
		if _, err := db.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return explain(err, "emptying "+table)
		}
	}
	_, err := db.ExecContext(ctx, "VACUUM")
	return explain(err, "VACUUM")
}

// holdMails keeps mails that waited when the backup was made from being sent
// by themselves: the installation that it was made of may have sent them since.
func holdMails(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "UPDATE mails SET state = 'unsure' WHERE state IN ('waiting', 'sending')")
	return explain(err, "holding mails")
}

// logged makes a copy keep a log, as what is served does: see size.
func logged(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "PRAGMA journal_mode=WAL")
	return explain(err, "PRAGMA journal_mode=WAL")
}

// raise lifts the counters of public ids.
func raise(ctx context.Context, db *sql.DB) error {
	for _, table := range publicIDs {
		res, err := db.ExecContext(ctx, "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?", skip, table)
		if err != nil {
			return explain(err, "raising the counter of "+table)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if _, err := db.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, skip); err != nil {
			return explain(err, "raising the counter of "+table)
		}
	}
	return nil
}
