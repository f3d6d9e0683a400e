package data

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Limits of what is done together.
const (
	togetherMost = 64 // of what is asked for at once
	// When many ask, whoever has just been answered asks again: the next round
	// waits this long for them. Two rounds in turns would each be half as large.
	gather = 300 * time.Microsecond
	many   = 8
)

// Together does what many ask for at the same time in one Update, by one
// function that is handed all of it. A statement that works for sixty costs
// little more than one that works for one.
type Together[T any] struct {
	db *DB
	do func(ctx context.Context, tx *Tx, all []T) error

	mu      sync.Mutex
	waiting []*asking[T]
	led     bool // somebody is on the way to the database for those who wait
	last    int  // how many went together the last time
	// slow is closed when a round takes long: then those who wait look whether
	// they wait for themselves. One timer for all of them: of a small open, each
	// one's own would be a part worth saving.
	slow chan struct{}
}

type asking[T any] struct {
	what T
	done chan error
}

// errApart says that a round failed, and that each shall try by itself.
var errApart = errors.New("the others shall not fail with one")

// NewTogether makes one. do may run more than once, as every function of
// Update, and leaves what came of each in what it was handed.
func NewTogether[T any](db *DB, do func(ctx context.Context, tx *Tx, all []T) error) *Together[T] {
	return &Together[T]{db: db, do: do, slow: make(chan struct{})}
}

// Do hands what to the function, and returns when what it wrote is durable.
// When a round fails, each of it runs once more alone, and hears how that went.
// When ctx ends it may still be done.
func (t *Together[T]) Do(ctx context.Context, what T) error {
	if !t.db.engine.oneWriter() && onWriter() {
		return ErrNested // there it would not wait, and not be part of what it is asked in
	}
	a := &asking[T]{what: what, done: make(chan error, 1)}
	t.mu.Lock()
	t.waiting = append(t.waiting, a)
	lead := !t.led
	t.led = true
	slow := t.slow
	t.mu.Unlock()
	if lead {
		go t.rounds()
	}
	for {
		select {
		case err := <-a.done:
			if !errors.Is(err, errApart) {
				return err
			}
			return t.db.Update(ctx, func(tx *Tx) error { return t.do(ctx, tx, []T{what}) })
		case <-slow:
			if onWriter() {
				return ErrNested
			}
			slow = nil
		case <-ctx.Done():
			return fmt.Errorf("waiting to write: %w", ctx.Err())
		}
	}
}

// rounds goes on until nobody waits.
func (t *Together[T]) rounds() {
	for t.gather(); t.round(); t.gather() {
	}
}

// gather gives those who have just been answered the time to ask again.
func (t *Together[T]) gather() {
	t.mu.Lock()
	now := t.last < many || len(t.waiting) >= togetherMost
	t.mu.Unlock()
	if !now {
		time.Sleep(gather)
	}
}

// round takes everybody who waits by the time the database is ready for it, and
// says whether others wait by then; if not, the next who asks leads.
func (t *Together[T]) round() (more bool) {
	var all []*asking[T]
	end := t.watch()
	err := t.update(&all)
	end()
	if all == nil { // it was not even begun
		all = t.take()
	}
	if err != nil && len(all) > 1 {
		err = errApart
	}
	for _, a := range all {
		a.done <- err
	}
	if !t.inTurns() {
		return false // the next round is on its way
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.led = len(t.waiting) > 0
	return t.led
}

// watch wakes those who wait, again and again for as long as a round takes.
func (t *Together[T]) watch() (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var timer *time.Timer
	ended := false
	timer = time.AfterFunc(nestedAfter, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if ended {
			return
		}
		close(t.slow)
		t.slow = make(chan struct{})
		timer.Reset(nestedAfter)
	})
	return func() {
		timer.Stop()
		t.mu.Lock()
		defer t.mu.Unlock()
		ended = true
	}
}

// inTurns says that one round ends before the next begins: where there is one
// writer. Where there are many they write beside each other.
func (t *Together[T]) inTurns() bool { return t.db.engine.oneWriter() }

func (t *Together[T]) update(all *[]*asking[T]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errApart // alone, whoever it was panics where it asked
		}
	}()
	ctx := context.Background() // of nobody in particular
	return t.db.Update(ctx, func(tx *Tx) error {
		if *all == nil {
			*all = t.take()
		}
		what := make([]T, len(*all))
		for i, a := range *all {
			what[i] = a.what
		}
		return t.do(ctx, tx, what)
	})
}

// take returns those who wait. Unless rounds go in turns the next begins.
func (t *Together[T]) take() []*asking[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := min(len(t.waiting), togetherMost)
	all := t.waiting[:n:n]
	t.waiting = append([]*asking[T](nil), t.waiting[n:]...)
	t.last = n
	if !t.inTurns() {
		if t.led = len(t.waiting) > 0; t.led {
			go t.rounds()
		}
	}
	return all
}
