package main

import (
	"context"
	"database/sql" //nolint:depguard // data refuses a directory that a server works in, and here one looks on
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"

	"ricochet.example/data"
)

// watch looks on, from outside, how far a server's fold has come.
type watch struct {
	db    *sql.DB
	stop  context.CancelFunc
	ended sync.WaitGroup
	mu    sync.Mutex
	seen  []opened // the fold's last open, whenever it had moved on
	err   error
}

// watchEvery is how often it looks: a hundredth of the second that the fold
// may take, and nothing to speak of beside the load.
const watchEvery = 10 * time.Millisecond

// newWatch looks on at a server's directory, as often as that.
func newWatch(ctx context.Context, dir string, every time.Duration) (*watch, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: data.File(dir)}).EscapedPath(), RawQuery: "mode=ro&_busy_timeout=10000&_query_only=on"}
	db, err := sql.Open("sqlite3", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	look, err := db.PrepareContext(ctx, `SELECT open_id FROM fold WHERE id = 1`)
	if err != nil {
		return nil, fmt.Errorf("watching the fold: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	w := &watch{db: db, stop: stop}
	w.ended.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			w.look(look)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return w, nil
}

func (w *watch) look(query *sql.Stmt) {
	var id int64
	err := query.QueryRow().Scan(&id)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.err = fmt.Errorf("watching the fold: %w", err)
		return
	}
	if len(w.seen) == 0 || w.seen[len(w.seen)-1].id < id {
		w.seen = append(w.seen, opened{id, time.Now()})
	}
}

// until waits until the fold has come to an open.
func (w *watch) until(ctx context.Context, id int64) error {
	for began := time.Now(); ; time.Sleep(watchEvery) {
		w.mu.Lock()
		last, err := w.seen[max(len(w.seen)-1, 0):], w.err
		w.mu.Unlock()
		switch {
		case len(last) > 0 && last[0].id >= id:
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Since(began) > time.Minute:
			return fmt.Errorf("the fold has not come to open %d in a minute; it was last seen at %v", id, last)
		}
	}
}

// behind returns for each open how long after its answer it was counted.
func (w *watch) behind(all []opened) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	behind := make([]time.Duration, 0, len(all))
	for _, o := range all {
		at, _ := slices.BinarySearchFunc(w.seen, o.id, func(s opened, id int64) int { return int(s.id - id) })
		if at < len(w.seen) {
			behind = append(behind, max(0, w.seen[at].at.Sub(o.at)))
		}
	}
	return behind
}

func (w *watch) close() {
	w.stop()
	w.ended.Wait()
	_ = w.db.Close()
}

// commits is how many transactions were written to the database of dir since
// it was opened: iChange in the header of the WAL index,
// https://www.sqlite.org/walformat.html#the_wal_index_header
func commits(dir string) (uint32, error) {
	f, err := os.Open(data.File(dir) + "-shm")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var b [4]byte
	if _, err := f.ReadAt(b[:], 8); err != nil {
		return 0, fmt.Errorf("reading the WAL index: %w", err)
	}
	return binary.NativeEndian.Uint32(b[:]), nil
}
