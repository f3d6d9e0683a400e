package data

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"syscall"
	"time"
)

// inspectAfter is how long after its start a server reads those tables that
// were too large to be read before it.
var inspectAfter = 2 * time.Minute

// inspectionNice is how far the reading gives way to the answers (nice(1)). It
// must not take forever: as long as it reads a table, the log cannot be used
// again from its beginning.
const inspectionNice = 5

// inspection reads a large database whole behind the work.
type inspection struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// inspect begins an inspection of the database at path.
func inspect(db *DB, path string) *inspection {
	ctx, cancel := context.WithCancel(context.Background())
	i := &inspection{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(i.ended)
		select {
		case <-time.After(inspectAfter):
		case <-ctx.Done():
			return
		}
		began := time.Now()
		switch err := readWhole(ctx, path); {
		case ctx.Err() != nil: // closed meanwhile
		case errors.Is(err, ErrDamaged):
			db.alarm(err)
		case err != nil:
			db.log.Error("the database could not be looked through for damage", slog.Any("error", err))
		default:
			db.log.Info("the database was read whole, nothing is damaged", slog.Duration("took", time.Since(began)))
		}
	}()
	return i
}

// end stops it and waits until it has.
func (i *inspection) end() {
	if i == nil {
		return
	}
	i.cancel()
	<-i.ended
}

// readWhole checks one table after the other, so that none of its readings
// lasts longer than it must. The caller's thread is not used for anything else.
func readWhole(ctx context.Context, path string) error {
	runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, inspectionNice); err != nil {
		return fmt.Errorf("giving way: %w", err)
	}
	look, err := beside(path)
	if err != nil {
		return err
	}
	defer look.Close()
	tables, err := storedTables(ctx, look, path)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := checked(ctx, look, path, fmt.Sprintf(`PRAGMA quick_check(%q)`, t.name)); err != nil {
			return err
		}
	}
	return nil
}

// alarm says that the database is damaged: once to the log, and from then on to
// whoever asks Damage.
func (db *DB) alarm(err error) {
	text := err.Error()
	if db.harm.CompareAndSwap(nil, &text) {
		db.log.Error("the database is damaged; it is served as far as it can be read: keep a copy of the file, and restore the last backup",
			slog.Any("error", err))
	}
}

// Damage is what was found damaged since the database was opened, in the words
// of SQLite; empty as long as nothing was.
func (db *DB) Damage() string {
	if text := db.harm.Load(); text != nil {
		return *text
	}
	return ""
}
