package data

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"
)

// When the log is nearly as long as it gets, it is folded back beside the
// writer, again and again, so that the commit which ends it finds little left
// to do. Otherwise that commit takes as long as fifty others, and everybody
// waits for it.
const (
	lookEvery  = 100 * time.Millisecond
	aheadPages = checkpointPages * 7 / 8
	worthwhile = 2048 // pages that are copied and synced ahead at least
)

// checkpointer folds the log back into the file on a connection of its own.
type checkpointer struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// checkpoints begins to watch over the log of the database at path.
func checkpoints(ctx context.Context, db *DB, path string) (*checkpointer, error) {
	pool, err := sql.Open("sqlite3", fileDSN(path, writerParts))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	on, err := newSession(ctx, pool, db.alarm)
	if err != nil {
		_ = pool.Close()
		return nil, damaged(path, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &checkpointer{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		defer pool.Close()
		defer on.close()
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for failed := false; ; {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			err := ahead(on)
			if err != nil && !failed { // the writer does it all by itself then
				db.log.Warn("the log was not folded back ahead", slog.Any("error", err))
			}
			failed = err != nil
		}
	}()
	return c, nil
}

// ahead folds back what there is, if it is time to.
func ahead(on *session) error {
	length, done, err := foldBack(on, `PRAGMA wal_checkpoint(NOOP)`)
	if err != nil || length < aheadPages || length-done < worthwhile {
		return err
	}
	_, _, err = foldBack(on, `PRAGMA wal_checkpoint(PASSIVE)`)
	return err
}

// foldBack runs a checkpoint and returns how many pages the log holds, and how
// many of those are in the file too.
func foldBack(on *session, checkpoint string) (length, done int64, err error) {
	all, err := on.query(calm, checkpoint, nil)
	if err != nil {
		return 0, 0, err
	}
	defer all.Close()
	if !all.Next() {
		return 0, 0, all.Err()
	}
	var busy int64
	err = all.Scan(&busy, &length, &done)
	return length, done, err
}

// end stops it and waits until it has.
func (c *checkpointer) end() {
	if c == nil {
		return
	}
	c.cancel()
	<-c.ended
}
