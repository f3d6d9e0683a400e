package web

import (
	"context"
	"sync"

	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// traces are trees that were looked at not long ago. A tree only grows, and who
// looks at one looks again: at a branch, at the next page, at the picture. What
// is new is read at each look, and so is what was decided.
type traces struct {
	mu    sync.Mutex
	all   map[int64]*spread.Trace
	order []int64 // the last looked at last
	opens int
}

// tracesKept is how many opens are kept, of all trees together: some 40 bytes each.
const tracesKept = 400_000

// look returns the tree of a link as far as the fold has come.
func (t *traces) look(ctx context.Context, tx *data.Tx, linkID int64) (*spread.Trace, error) {
	t.mu.Lock()
	had := t.all[linkID]
	t.mu.Unlock()
	tree, err := spread.ReadTrace(ctx, tx, linkID, had)
	if err == nil && !tree.Rehearsal {
		t.keep(linkID, tree)
	}
	return tree, err
}

func (t *traces) keep(linkID int64, tree *spread.Trace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[int64]*spread.Trace{}
	}
	t.forget(linkID)
	t.all[linkID], t.order, t.opens = tree, append(t.order, linkID), t.opens+tree.Len()
	for t.opens > tracesKept && len(t.order) > 1 {
		t.forget(t.order[0])
	}
}

func (t *traces) forget(linkID int64) {
	had := t.all[linkID]
	if had == nil {
		return
	}
	t.opens -= had.Len()
	delete(t.all, linkID)
	for i, id := range t.order {
		if id == linkID {
			t.order = append(t.order[:i:i], t.order[i+1:]...)
			return
		}
	}
}

// drawing lets few at a time draw what takes long, so that others still get
// their pages meanwhile.
type drawing chan struct{}

// drawAtOnce is how many pictures are drawn at the same time.
const drawAtOnce = 2

// begin waits for a turn, unless whoever asked has gone. The answer ends the turn.
func (d drawing) begin(ctx context.Context) (end func(), err error) {
	select {
	case d <- struct{}{}:
		return func() { <-d }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// turn waits for a turn to draw what answers a request. It ends as soon as the answer is there to be sent, which
// can take somebody far away long.
func (s *Server) turn(r *request) (end func(), err error) {
	if end, err = s.drawing.begin(r.Context()); err != nil {
		return nil, err
	}
	r.drawn = sync.OnceFunc(end)
	return r.drawn, nil
}

// isDrawn ends the turn of a request, if it has one.
func (r *request) isDrawn() {
	if r.drawn != nil {
		r.drawn()
	}
}
