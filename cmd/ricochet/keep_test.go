package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// inside does something in an installation that nobody serves.
func inside(t *testing.T, dir string, fn func(context.Context, *data.Tx) error) {
	t.Helper()
	ctx := context.Background()
	db, err := openDir(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(ctx, func(tx *data.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// sample fills a new installation: one link, below it so many opens, each
// brought by the one with half its number, and every tenth of them held; and
// folds them.
func sample(t *testing.T, opens int64) (dir string) {
	t.Helper()
	dir = t.TempDir()
	ctx := context.Background()
	db, err := openDir(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, db, opens)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fill(t *testing.T, db *data.DB, opens int64) {
	t.Helper()
	ctx := context.Background()
	err := db.Update(ctx, func(tx *data.Tx) error {
		a, err := account.Create(ctx, tx, account.Account{Email: "ana@example.com", Name: "Ana", Role: account.Owner, Language: "fr"})
		if err != nil {
			return err
		}
		c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Spring", StartsAt: datatest.Noon, EndsAt: datatest.Noon.AddDate(0, 1, 0), Most: campaign.DefaultMost})
		if err != nil {
			return err
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "Shoes", Body: "New ones."}})
		if err != nil {
			return err
		}
		l, err := data.Insert(ctx, tx, `INSERT INTO links (drop_id, campaign_id, account_id, rehearsal, made_at) VALUES (?, ?, ?, 0, ?)`,
			d.ID, c.ID, a.ID, datatest.Noon)
		if err != nil {
			return err
		}
		return grow(ctx, tx, l, opens)
	})
	if err != nil {
		t.Fatal(err)
	}
	var f spread.Folder
	if err := f.Fold(ctx, db); err != nil {
		t.Fatal(err)
	}
}

// grow appends opens with the ids 1, 2, 3 … to the log.
func grow(ctx context.Context, tx *data.Tx, link, opens int64) error {
	branch := make([]any, opens+1)
	for n := int64(1); n <= opens; n++ {
		var parent any
		if n/2 > 0 {
			parent = n / 2
			if branch[n] = branch[n/2]; branch[n] == nil {
				branch[n] = n / 2
			}
		}
		state := int64(share.Counted)
		if n%10 == 0 {
			state = int64(share.Counted) + 1
		}
		_, err := tx.Exec(ctx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0)`, link, parent, branch[n], datatest.Noon.UnixMilli()+n*60_000, state)
		if err != nil {
			return err
		}
	}
	return nil
}

func backupOf(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	ricochet(t, "backup", "--dir", dir, file).wants(0, "verified")
	return file
}

// Ana backs up beside the running server, and restores on another machine.
func TestABackupBesideARunningServerIsAnInstallationElsewhere(t *testing.T) {
	dir := sample(t, 1000)
	s := serve(t, "--dir", dir)
	file := backupOf(t, dir)
	ricochet(t, "check", "--dir", dir).wants(0, "1000 opens")
	s.stop(syscall.SIGTERM).wants(0)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, %v", info.Mode(), err)
	}
	ricochet(t, "backup", "--dir", dir, file).wants(exitMisuse, "there already").alone()
	elsewhere := filepath.Join(t.TempDir(), "new")
	ricochet(t, "restore", "--dir", elsewhere, file).wants(0, elsewhere)
	ricochet(t, "check", "--dir", elsewhere).wants(0, "All is well", "1000 opens of 1 link")
	ricochet(t, "restore", "--dir", elsewhere, file).wants(exitMisuse, "there already").alone()
	serve(t, "--dir", elsewhere).stop(syscall.SIGTERM).wants(0)
}

func TestCheckNamesEveryNumberThatDrifted(t *testing.T) {
	dir := sample(t, 300)
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		for _, tamper := range []string{
			`UPDATE link_totals SET people = people + 7`,
			`UPDATE sharers SET below = 0 WHERE open_id = 2`,
			`DELETE FROM trees WHERE open_id = 5`,
			`INSERT INTO link_days (day, link_id, people, points, sharers, first_hop, held) VALUES (3, 1, 0, 0, 0, 0, 0)`,
		} {
			if _, err := tx.Exec(ctx, tamper); err != nil {
				return err
			}
		}
		return nil
	})
	before := files(t, dir)
	e := ricochet(t, "check", "--dir", dir).wants(exitFailed, "4 numbers are not")
	for _, want := range []string{
		"link_totals, link_id 1: people is 277, by the log 270\n",
		"sharers, open_id 2: below is 0, by the log 4\n",
		"trees, link_id 1, open_id 5: is missing",
		"link_days, day 3, link_id 1: stands there",
	} {
		if !strings.Contains(e.out, want) {
			t.Errorf("%q is not in %s", want, e.out)
		}
	}
	if strings.Count(e.out, "\n") != 4 {
		t.Errorf("not four lines: %s", e.out)
	}
	if after := files(t, dir); !bytes.Equal(before, after) {
		t.Error("the check changed the installation")
	}
}

// files is what the database of an installation consists of.
func files(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(data.File(dir))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// everyCommand runs each command that opens the installation.
func everyCommand(t *testing.T, dir string, code int, word string) {
	t.Helper()
	before := files(t, dir)
	for _, args := range [][]string{
		{"serve", "--addr", "127.0.0.1:0"},
		{"check"},
		{"backup", filepath.Join(t.TempDir(), "copy.db")},
		{"copy", "--to", filepath.Join(t.TempDir(), "copied")},
	} {
		e := ricochet(t, append(args, "--dir", dir)...)
		if e.code != code || !strings.Contains(e.err, word) {
			t.Errorf("%s ends with %d and %q", args[0], e.code, e.err)
		}
		e.alone()
	}
	if !bytes.Equal(before, files(t, dir)) {
		t.Error("the file was changed")
	}
}

func TestAFileThatIsNoDatabaseIsDamaged(t *testing.T) {
	dir := t.TempDir()
	text := bytes.Repeat([]byte("This is a letter to my grandmother. "), 1000)
	if err := os.WriteFile(data.File(dir), text, 0o600); err != nil {
		t.Fatal(err)
	}
	everyCommand(t, dir, exitDamaged, "damaged")
	ricochet(t, "restore", "--dir", t.TempDir(), data.File(dir)).wants(exitDamaged, "damaged").alone()
}

func TestADamagedDatabaseIsNotServed(t *testing.T) {
	dir := sample(t, 3000)
	file, err := os.OpenFile(data.File(dir), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for at := info.Size() / 2; at < info.Size(); at += 1024 {
		if _, err := file.WriteAt(bytes.Repeat([]byte{0xA5}, 512), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	everyCommand(t, dir, exitDamaged, "damaged")
	ricochet(t, "restore", "--dir", t.TempDir(), data.File(dir)).wants(exitDamaged, "damaged").alone()
}

func TestADatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	dir := sample(t, 10)
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
		return err
	})
	everyCommand(t, dir, exitNewer, "newer version")
	elsewhere := filepath.Join(t.TempDir(), "new")
	ricochet(t, "restore", "--dir", elsewhere, data.File(dir)).wants(exitNewer, "newer version").alone()
	if there(elsewhere) {
		t.Error("the restore left something behind")
	}
}

func TestAnotherProgramsDatabaseIsNotRestored(t *testing.T) {
	file := foreign(t)
	elsewhere := filepath.Join(t.TempDir(), "new")
	ricochet(t, "restore", "--dir", elsewhere, file).wants(exitDamaged, "no database of Ricochet").alone()
	if there(elsewhere) {
		t.Error("the restore left something behind")
	}
}

func TestASizeIsSaidAsPeopleDo(t *testing.T) {
	for bytes, want := range map[int64]string{1: "1 KB", 2048: "2 KB", 5 << 20: "5.0 MB", 3 << 29: "1.5 GB"} {
		if got := size(bytes); got != want {
			t.Errorf("%d bytes are %s", bytes, got)
		}
	}
	if got := fmt.Sprint(count(1, "open", "opens"), " ", count(2, "open", "opens")); got != "1 open 2 opens" {
		t.Errorf("counted %q", got)
	}
}
