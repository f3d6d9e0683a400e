package data_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// founded puts a row into each table that the backup is about.
func founded(t *testing.T, db *data.DB) {
	t.Helper()
	update(t, db, func(tx *data.Tx) error {
		for _, q := range []string{
			`INSERT INTO brand (id, name, language, url, time_zone, label, founded_at) VALUES (1, 'Ana & Co', 'fr', 'https://ana.example', 'Europe/Paris', 'ad', 1)`,
			`INSERT INTO accounts (id, email, name, role, language, created_at) VALUES ('a', 'ana@example.com', 'Ana', 'owner', 'fr', 1)`,
			`INSERT INTO campaigns (id, name, goal, starts_at, ends_at, most, created_at) VALUES ('c', 'Spring', '', 1, 2, 5, 1)`,
			`INSERT INTO drops (id, campaign_id, language, version, created_at) VALUES ('d', 'c', 'fr', 1, 1)`,
			`INSERT INTO links (drop_id, campaign_id, account_id, rehearsal, made_at) VALUES ('d', 'c', 'a', 0, 1)`,
			`INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (1, 1, 0, 0, 0, 0)`,
			`INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device) VALUES (1, 1, 1, 2, 0, 0, 0, 0)`,
		} {
			if err := run(tx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// secret is what must not be in a backup.
var secret = []byte("PLANTED-SECRET-THAT-NO-BACKUP-HOLDS")

func planted(t *testing.T, db *data.DB) {
	t.Helper()
	update(t, db, func(tx *data.Tx) error {
		for _, q := range []string{
			`INSERT INTO day_keys (day, key) VALUES (1, ?)`,
			`INSERT INTO keys (day, network, visitor, open_id) VALUES (1, ?, X'00', 1)`,
			`INSERT INTO login_sessions (id_hash, account_id, device, created_at, seen_at, ends_at) VALUES (?, 'a', 'Firefox', 1, 1, 2)`,
			`INSERT INTO sign_ins (link_hash, code_hash, browser_hash, email, asked_at, ends_at) VALUES (?, X'00', X'00', 'ana@example.com', 1, 2)`,
		} {
			if err := run(tx, q, secret); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestABackupUnderLoadIsWholeAndWithoutSecrets(t *testing.T) {
	db, _ := openSQLite(t)
	founded(t, db)
	planted(t, db)
	update(t, db, writes("before"))

	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := db.Update(context.Background(), writes(fmt.Sprint(g, "-", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	to := filepath.Join(t.TempDir(), "backup.db")
	err := db.Backup(t.Context(), to)
	stop()
	all.Wait()
	if err != nil {
		t.Fatal(err)
	}

	file := contents(t, to)
	if bytes.Contains(file, secret) {
		t.Error("the backup holds a secret")
	}
	if !bytes.Contains(file, []byte("Ana & Co")) {
		t.Error("the backup does not hold the brand")
	}
	info, err := os.Stat(to)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
	if left, err := filepath.Glob(to + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left beside it: %v %v", left, err)
	}
	if err := data.VerifyFile(t.Context(), to); err != nil {
		t.Error(err)
	}

	dir := filepath.Join(t.TempDir(), "restored")
	if err := data.Restore(t.Context(), to, dir); err != nil {
		t.Fatal(err)
	}
	restored := openDir(t, dir)
	err = restored.View(t.Context(), func(tx *data.Tx) error {
		for table, want := range map[string]int64{"brand": 1, "accounts": 1, "opens": 2, "keys": 0, "day_keys": 0, "login_sessions": 0, "sign_ins": 0} {
			if n, err := data.Int(t.Context(), tx, "SELECT count(*) FROM "+table); err != nil || n != want {
				t.Errorf("%s: %d rows, not %d (%v)", table, n, want, err)
			}
		}
		n, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes WHERE text = 'before'")
		same(t, n, 1)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestABackupOfADirectoryThatAnotherProcessServes(t *testing.T) {
	dir := t.TempDir()
	stop := another(t, dir)
	to := filepath.Join(t.TempDir(), "backup.db")
	if err := data.BackupDir(t.Context(), dir, to); err != nil {
		t.Error(err)
	}
	stop()
	if err := data.VerifyFile(t.Context(), to); err != nil {
		t.Error(err)
	}
	restored := t.TempDir()
	if err := data.Restore(t.Context(), to, restored); err != nil {
		t.Fatal(err)
	}
	if n := count(t, openDir(t, restored)); n < 1 {
		t.Errorf("%d notes in the backup", n)
	}
}

func TestNothingIsBackedUpOrRestoredOverWhatIsThere(t *testing.T) {
	db, dir := openSQLite(t)
	there := filepath.Join(t.TempDir(), "there.db")
	if err := os.WriteFile(there, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), there); err == nil || !strings.Contains(err.Error(), there) {
		t.Errorf("backing up: %v", err)
	}
	if err := data.BackupDir(t.Context(), dir, there); err == nil {
		t.Error("backing up a directory over it")
	}
	same(t, string(contents(t, there)), "precious")

	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	other := installed(t)
	before := contents(t, data.File(other))
	if err := data.Restore(t.Context(), backup, other); err == nil || !strings.Contains(err.Error(), data.File(other)) {
		t.Errorf("restoring: %v", err)
	}
	if !bytes.Equal(before, contents(t, data.File(other))) {
		t.Error("the database was changed")
	}
}

func TestABackupThatIsNotThereIsNamed(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.db")
	if err := data.Restore(t.Context(), missing, t.TempDir()); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("restoring: %v", err)
	}
	if err := data.BackupDir(t.Context(), t.TempDir(), missing); err == nil {
		t.Error("an empty directory was backed up")
	}
	db, _ := openSQLite(t)
	nowhere := filepath.Join(t.TempDir(), "nowhere", "backup.db")
	if err := db.Backup(t.Context(), nowhere); err == nil || !strings.Contains(err.Error(), nowhere) {
		t.Errorf("backing up: %v", err)
	}
}

func TestABackupWithADanglingReferenceIsNotRestored(t *testing.T) {
	dir := installed(t)
	rawly(t, dir, `INSERT INTO members (squad_id, account_id, joined_at) VALUES ('none', 'nobody', 1)`)
	if err := data.Restore(t.Context(), data.File(dir), t.TempDir()); !errors.Is(err, data.ErrDamaged) {
		t.Errorf("%v", err)
	}
}

func TestARefusedBackupLeavesNothingBehind(t *testing.T) {
	file := contents(t, data.File(installed(t)))
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(backup, file[:len(file)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := data.Restore(t.Context(), backup, dir); err == nil {
		t.Fatal("it was restored")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
}

// Tokens given out after the backup must not come to mean something else.
func TestRestoredLinksAndOpensGoOnFarAbove(t *testing.T) {
	for _, used := range []bool{true, false} {
		db, _ := openSQLite(t)
		if used {
			founded(t, db)
		}
		backup := filepath.Join(t.TempDir(), "backup.db")
		if err := db.Backup(t.Context(), backup); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := data.Restore(t.Context(), backup, dir); err != nil {
			t.Fatal(err)
		}
		restored := openDir(t, dir)
		if !used {
			founded(t, restored)
			same(t, highest(t, restored, "links"), 1<<32+1)
			same(t, highest(t, restored, "opens"), 1<<32+2)
			continue
		}
		same(t, highest(t, restored, "links"), 1)
		update(t, restored, func(tx *data.Tx) error {
			return run(tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (1, 1, 0, 0, 0, 0)`)
		})
		same(t, highest(t, restored, "opens"), 1<<32+3)
	}
}

func highest(t *testing.T, db *data.DB, table string) (id int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *data.Tx) (err error) {
		id, err = data.Int(t.Context(), tx, "SELECT max(id) FROM "+table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPostgreSQLIsBackedUpByItsOwnTool(t *testing.T) {
	db := open(t)
	err := db.Backup(t.Context(), filepath.Join(t.TempDir(), "backup.db"))
	if postgres := datatest.Postgres(); postgres != (err != nil && strings.Contains(err.Error(), "pg_dump")) {
		t.Errorf("%v", err)
	}
}
