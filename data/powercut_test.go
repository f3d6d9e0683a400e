package data_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// powerCut lets another process write into dir, cuts the power when it has said
// of so many notes that they are written, and returns how many of those are
// gone when the disk is back. sync is how the log is synced, if not as always.
func powerCut(t *testing.T, disk *datatest.Disk, dir string, notesSaid int, sync string) (lost int) {
	t.Helper()
	db := openDir(t, dir)
	notes(t, db)
	closed(t, db)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir, crashSync+"="+sync)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said = append(said, lines.Text()); len(said) == notesSaid {
			disk.Cut()
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait()
	if len(said) < notesSaid {
		t.Fatalf("it ended after %d notes", len(said))
	}
	said = said[:notesSaid] // nobody would have heard what came after
	disk.Remount()
	if err := data.VerifyFile(t.Context(), data.File(dir)); err != nil {
		t.Fatal(err)
	}
	db = openDir(t, dir)
	there := map[string]bool{}
	for _, text := range written(t, db) {
		there[text] = true
	}
	closed(t, db)
	for _, text := range said {
		if !there[text] {
			lost++
		}
	}
	t.Logf("%s: %d said, %d lost", sync, len(said), lost)
	return lost
}

func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	disk := datatest.NewDisk(t, 128)
	for cut := range 4 {
		if lost := powerCut(t, disk, filepath.Join(disk.Dir, strconv.Itoa(cut)), 300+700*cut, ""); lost > 0 {
			t.Errorf("%d acknowledged notes are lost", lost)
		}
	}
}

// SQLite's other setting is the driver's own. If a power cut took nothing from
// it, the test above would say nothing.
func TestAPowerCutLosesAcknowledgedWritesAtSynchronousNormal(t *testing.T) {
	disk := datatest.NewDisk(t, 128)
	const tries = 5
	for try := range tries {
		if powerCut(t, disk, filepath.Join(disk.Dir, strconv.Itoa(try)), 1000, "NORMAL") > 0 {
			return
		}
	}
	t.Errorf("nothing was lost in %d power cuts: on this machine they cut nothing, and what the other test says is worth nothing", tries)
}
