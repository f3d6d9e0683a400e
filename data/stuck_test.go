package data_test

import (
	"crypto/rand"
	"os"
	"testing"
	"time"

	"ricochet.example/data"
)

// A reader stays, and as long as they do the log can only grow. Writers and
// other readers do not notice; when the reader has gone, the log is cut back.
func TestAStuckReaderHoldsUpNobodyAndTheLogIsCutBackAfterwards(t *testing.T) {
	db, dir := openSQLite(t)
	update(t, db, writes("before"))
	there, leave, left := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		left <- db.View(t.Context(), func(tx *data.Tx) error {
			if _, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes"); err != nil {
				return err
			}
			close(there)
			<-leave
			n, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
			if n != 1 {
				t.Errorf("the snapshot now has %d notes", n)
			}
			return err
		})
	}()
	<-there
	size := func() int64 {
		info, err := os.Stat(data.File(dir) + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	grow := func() {
		update(t, db, func(tx *data.Tx) error {
			return run(tx, "UPDATE notes SET body = randomblob(8000000) WHERE text = 'before'")
		})
	}
	for n := int64(1); size() < 2*data.LogLimit; n++ {
		grow()
		update(t, db, writes("meanwhile"+string(rune('0'+n))))
		if got := count(t, db); got != n+1 {
			t.Fatalf("another reader sees %d notes, not %d", got, n+1)
		}
	}
	grown := size()
	close(leave)
	if err := <-left; err != nil {
		t.Fatal(err)
	}
	// Who folds it back beside the writers needs a while for so much.
	for until := time.Now().Add(20 * time.Second); size() > data.LogLimit && time.Now().Before(until); {
		update(t, db, writes(rand.Text()))
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("the log had %d MB, and has %d MB", grown>>20, size()>>20)
	if size() > data.LogLimit {
		t.Errorf("the log still has %d bytes, of %d", size(), int64(data.LogLimit))
	}
}
