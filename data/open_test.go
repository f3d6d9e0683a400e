package data_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ricochet.example/data"
)

// tryOpen opens a directory and closes it again.
func tryOpen(dir string) error {
	db, err := data.Open(context.Background(), data.Config{Dir: dir, Now: noon})
	if err != nil {
		return err
	}
	return db.Close()
}

// rawly runs statements on the file of a closed database, as nobody should.
func rawly(t *testing.T, dir string, queries ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+data.File(dir)+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// installed is the directory of a closed database with some hundred notes.
func installed(t *testing.T) (dir string) {
	t.Helper()
	db, dir := openSQLite(t)
	update(t, db, func(tx *data.Tx) error {
		for i := range 500 {
			if err := write(tx, fmt.Sprintf("note %03d %s", i, strings.Repeat("x", 100))); err != nil {
				return err
			}
		}
		return nil
	})
	closed(t, db)
	return dir
}

func TestWhatIsMadeIsForOurEyesOnlyWhateverTheUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o777} {
		dir := filepath.Join(t.TempDir(), "new")
		old := syscall.Umask(mask)
		db, err := data.Open(t.Context(), data.Config{Dir: dir, Now: noon})
		syscall.Umask(old)
		if err != nil {
			t.Fatalf("umask %o: %v", mask, err)
		}
		notes(t, db)
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("umask %o: the directory has mode %o", mask, got)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		names := 0
		for _, f := range files {
			info, err := f.Info()
			if err != nil {
				t.Fatal(err)
			}
			names++
			if got := info.Mode().Perm(); got != 0o600 {
				t.Errorf("umask %o: %s has mode %o", mask, f.Name(), got)
			}
		}
		if names < 3 { // the database, its log, the lock
			t.Errorf("only %d files in %s", names, dir)
		}
		closed(t, db)
	}
}

func TestADirectoryIsInUseByOneProcess(t *testing.T) {
	dir := t.TempDir()
	stop := another(t, dir)
	if err := tryOpen(dir); !errors.Is(err, data.ErrInUse) {
		t.Errorf("while another process has it: %v", err)
	}
	if err := data.Restore(t.Context(), data.File(installed(t)), dir); !errors.Is(err, data.ErrInUse) {
		t.Errorf("restoring while another process has it: %v", err)
	}
	stop()
	db := openDir(t, dir)
	if err := tryOpen(dir); !errors.Is(err, data.ErrInUse) {
		t.Errorf("while we have it: %v", err)
	}
	if n := count(t, db); n == 0 {
		t.Error("the other process wrote nothing")
	}
}

// another is a process that has the directory open and writes to it until stop.
func another(t *testing.T, dir string) (stop func()) {
	t.Helper()
	db := openDir(t, dir)
	notes(t, db)
	closed(t, db)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), serveDir+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// A server is killed while it writes, again and again. Whatever it said was
// written, is; nothing is there twice, and nothing is damaged.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	db := openDir(t, dir)
	notes(t, db)
	closed(t, db)
	acknowledged := map[string]bool{}
	for cycle := range 8 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
			if n == 20+150*cycle { // what it still says comes before the end of its output
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("it ended by itself")
		}
		if err := data.VerifyFile(t.Context(), data.File(dir)); err != nil {
			t.Fatal(err)
		}
	}
	db = openDir(t, dir)
	there := map[string]bool{}
	for _, text := range written(t, db) {
		there[text] = true
	}
	for text := range acknowledged {
		if !there[text] {
			t.Errorf("%s was acknowledged and is lost", text)
		}
	}
	t.Logf("%d acknowledged, %d written", len(acknowledged), len(there))
	if len(acknowledged) < 4000 {
		t.Errorf("only %d were acknowledged", len(acknowledged))
	}
}

func TestAPlaceThatCannotHoldADatabaseIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), "/proc/nowhere"} {
		if err := tryOpen(dir); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestAnAddressThatIsNoneIsNotRepeated(t *testing.T) {
	_, err := data.Open(t.Context(), data.Config{URL: "mysql://me:secret@there/db", Now: noon})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

// Whatever happened to the file: we say that it is damaged, and leave it to
// those who may save something of it.
func TestADamagedFileIsRefusedAndLeftAsItIs(t *testing.T) {
	whole := contents(t, data.File(installed(t)))
	zero := func(from, to int) []byte {
		b := bytes.Clone(whole)
		clear(b[from:to])
		return b
	}
	flip := func(from, to int) []byte {
		b := bytes.Clone(whole)
		for i := from; i < to; i++ {
			b[i] ^= 0xff
		}
		return b
	}
	damage := map[string][]byte{
		"no database at all":        []byte(strings.Repeat("not a database ", 500)),
		"shorter than a header":     []byte("SQLite format 3\x00"),
		"empty":                     {},
		"without its header":        zero(0, 100),
		"with a page size of none":  zero(16, 18),
		"cut in half":               whole[:len(whole)/2/1024*1024],
		"cut in a page":             whole[:len(whole)-700],
		"without its schema":        zero(100, 1024),
		"with page 3 flipped":       flip(2*1024, 3*1024),
		"with all but page 1 gone":  whole[:1024],
		"with half of it zero":      zero(len(whole)/2, len(whole)),
		"with the head of a b-tree": flip(len(whole)-40*1024, len(whole)-40*1024+12),
	}
	for name, file := range damage {
		dir := t.TempDir()
		path := data.File(dir)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := tryOpen(dir); !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(contents(t, path), file) {
			t.Errorf("%s: the file was changed", name)
		}
		if err := data.Restore(t.Context(), path, t.TempDir()); !errors.Is(err, data.ErrDamaged) {
			t.Errorf("%s: restoring it: %v", name, err)
		}
	}
}

// Every page of a small database in turn: either it is found out, or what is
// read is right. It never panics and never counts wrong.
func TestEveryFlippedPageIsFoundOrDoesNoHarm(t *testing.T) {
	whole := contents(t, data.File(installed(t)))
	found, harmless := 0, 0
	for page := 0; page < len(whole)/1024; page += 3 {
		b := bytes.Clone(whole)
		from := page*1024 + page*37%1000 // the head of a page, or somewhere in it
		if page%2 == 0 {
			from = page * 1024
		}
		for i := from; i < from+16; i++ {
			b[i] ^= 0x55
		}
		dir := t.TempDir()
		if err := os.WriteFile(data.File(dir), b, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := data.Open(t.Context(), data.Config{Dir: dir, Now: noon})
		if err != nil {
			found++
			if !errors.Is(err, data.ErrDamaged) {
				t.Errorf("page %d: %v", page+1, err)
			}
			continue
		}
		harmless++
		if n := count(t, db); n != 500 {
			t.Errorf("page %d: %d notes, and nobody noticed", page+1, n)
		}
		closed(t, db)
	}
	t.Logf("found %d, harmless %d", found, harmless)
	if found == 0 {
		t.Error("nothing was ever found")
	}
}

func TestANewerDatabaseIsRefusedAndLeftAsItIs(t *testing.T) {
	dir := installed(t)
	rawly(t, dir, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, 1)", data.Steps()+1))
	before := sha256.Sum256(contents(t, data.File(dir)))
	if err := tryOpen(dir); !errors.Is(err, data.ErrNewer) {
		t.Errorf("%v", err)
	}
	if sha256.Sum256(contents(t, data.File(dir))) != before {
		t.Error("the file was changed")
	}
	if err := data.Restore(t.Context(), data.File(dir), t.TempDir()); !errors.Is(err, data.ErrNewer) {
		t.Errorf("restoring it: %v", err)
	}
}

func TestSomebodyElsesDatabaseIsRefusedAndLeftAsItIs(t *testing.T) {
	dir := t.TempDir()
	rawly(t, dir, "CREATE TABLE recipes (name TEXT)")
	before := contents(t, data.File(dir))
	if err := tryOpen(dir); !errors.Is(err, data.ErrDamaged) {
		t.Errorf("%v", err)
	}
	if !bytes.Equal(contents(t, data.File(dir)), before) {
		t.Error("the file was changed")
	}
}

// Somebody moved the database away and forgot its log, which SQLite would take
// for that of the new one.
func TestALogThatWasLeftBehindIsNotTakenForOurs(t *testing.T) {
	dir := installed(t)
	if err := os.Rename(data.File(dir), filepath.Join(dir, "old.db")); err != nil {
		t.Fatal(err)
	}
	log := data.File(dir) + "-wal"
	if err := os.WriteFile(log, []byte("of another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryOpen(dir); err == nil || !strings.Contains(err.Error(), log) {
		t.Errorf("opening: %v", err)
	}
	if err := data.Restore(t.Context(), filepath.Join(dir, "old.db"), dir); err == nil || !strings.Contains(err.Error(), log) {
		t.Errorf("restoring: %v", err)
	}
}

// A change from a journal to a log, cut short, would leave a journal that can
// only be undone by writing.
func TestAFileKeepsALogFromTheFirstMoment(t *testing.T) {
	dir := t.TempDir()
	if err := data.Begin(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	restored := t.TempDir()
	if err := data.Restore(t.Context(), data.File(installed(t)), restored); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{dir, restored} {
		if head := contents(t, data.File(dir)); head[18] != 2 || head[19] != 2 {
			t.Errorf("its versions are %d and %d", head[18], head[19])
		}
		for _, end := range []string{"-wal", "-shm", "-journal"} {
			if _, err := os.Stat(data.File(dir) + end); err == nil {
				t.Errorf("%s is left", end)
			}
		}
	}
}

func TestAStartThatWasCutShortIsBegunAgain(t *testing.T) {
	dir := t.TempDir()
	for _, end := range []string{".part", ".part-journal"} {
		if err := os.WriteFile(data.File(dir)+end, []byte("half of"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := tryOpen(dir); err != nil {
		t.Error(err)
	}
}

func TestTheSettingsThatDurabilityRestsOn(t *testing.T) {
	db, _ := openSQLite(t)
	update(t, db, func(tx *data.Tx) error {
		for pragma, want := range map[string]int64{
			"synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000, "secure_delete": 1, "page_size": 1024,
		} {
			if got, err := data.Int(t.Context(), tx, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("%s is %d, not %d (%v)", pragma, got, want, err)
			}
		}
		mode, err := data.One(t.Context(), tx, data.Text, "PRAGMA journal_mode")
		same(t, mode, "wal")
		return err
	})
	err := db.View(t.Context(), func(tx *data.Tx) error {
		for pragma, want := range map[string]int64{"query_only": 1, "foreign_keys": 1, "busy_timeout": 10000} {
			if got, err := data.Int(t.Context(), tx, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("a reader's %s is %d, not %d (%v)", pragma, got, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatWasWrittenIsThereAfterAKill(t *testing.T) {
	dir := installed(t)
	db := openDir(t, dir)
	update(t, db, writes("the last"))
	// The files as they lie on the disk while it runs are what a kill leaves.
	copied := t.TempDir()
	for _, end := range []string{"", "-wal"} {
		if err := os.WriteFile(data.File(copied)+end, contents(t, data.File(dir)+end), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, openDir(t, copied)); n != 501 {
		t.Errorf("%d notes, not 501", n)
	}
}
