package web

import (
	"sync"
	"time"

	"ricochet.example/app/clock"
)

// onceFor is how long a form that was sent twice is recognised.
const onceFor = 10 * time.Minute

// once makes the second sending of a form lead to what the first one made. A
// form carries a name of its own, made with it; of each person and name the
// first does the work, and the others wait for its outcome. It is kept in
// memory: what is prevented is a nervous finger, not an attack.
type once struct {
	clock clock.Clock
	mu    sync.Mutex
	by    map[string]*outcome
}

// outcome is what came of a form.
type outcome struct {
	done chan struct{}
	path string // where the person was sent; empty when it came to nothing
	at   time.Time
}

// do returns what make returned for the same person and name before, or calls it.
// A name that is empty is that of no form.
func (o *once) do(account, name string, work func() (path string, err error)) (string, error) {
	if name == "" {
		return work()
	}
	key := account + " " + name
	for {
		mine, first := o.begin(key)
		if first {
			return o.finish(key, mine, work)
		}
		<-mine.done
		if mine.path != "" {
			return mine.path, nil
		}
		// The first came to nothing: it is this one's turn.
	}
}

// begin returns the outcome of a form, and whether it is this caller's to bring about.
func (o *once) begin(key string) (*outcome, bool) {
	now := o.clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for k, old := range o.by {
		if old.path != "" && now.Sub(old.at) > onceFor {
			delete(o.by, k)
		}
	}
	if have := o.by[key]; have != nil {
		return have, false
	}
	if o.by == nil {
		o.by = map[string]*outcome{}
	}
	mine := &outcome{done: make(chan struct{}), at: now}
	o.by[key] = mine
	return mine, true
}

// finish does the work and tells the others, also when it panics.
func (o *once) finish(key string, mine *outcome, work func() (string, error)) (path string, err error) {
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if err == nil {
			mine.path = path
		}
		if mine.path == "" {
			delete(o.by, key)
		}
		close(mine.done)
	}()
	return work()
}
