package data_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// note is something that is to be written down with others.
type note struct {
	id int64
	fn func() error // runs in the transaction
}

// notebook writes notes down together.
type notebook struct {
	*data.Together[*note]
	db     *data.DB
	rounds atomic.Int64
}

const insertNotes = `INSERT INTO opens (link_id, opened_at, state, channel, observed, device)`

func newNotebook(t *testing.T) *notebook {
	t.Helper()
	b := &notebook{db: datatest.New(t)}
	b.Together = data.NewTogether(b.db, func(ctx context.Context, tx *data.Tx, all []*note) error {
		b.rounds.Add(1)
		rows := []any{}
		for _, n := range all {
			if n.fn != nil {
				if err := n.fn(); err != nil {
					return err
				}
			}
			rows = append(rows, int64(1), int64(0), int64(0), int64(0), int64(0), int64(0))
		}
		ids, err := data.InsertNumbered(ctx, tx, insertNotes, 6, rows)
		for i, id := range ids {
			all[i].id = id
		}
		return err
	})
	return b
}

// written are the ids of the notes.
func (b *notebook) written(t *testing.T) []int64 {
	t.Helper()
	var ids []int64
	err := b.db.View(t.Context(), func(tx *data.Tx) (err error) {
		ids, err = data.All(t.Context(), tx, data.Integer, `SELECT id FROM opens ORDER BY id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// meanwhile lets a first note hold up the database while others are asked for.
func (b *notebook) meanwhile(t *testing.T, n int, ask func(i int)) {
	t.Helper()
	held := make(chan struct{})
	var wg sync.WaitGroup
	for range 8 { // as many write at the same time on PostgreSQL
		before := b.rounds.Load()
		wg.Go(func() {
			if err := b.Do(t.Context(), &note{fn: func() error { <-held; return nil }}); err != nil {
				t.Error(err)
			}
		})
		for b.rounds.Load() == before {
			time.Sleep(time.Millisecond)
		}
		if !datatest.Postgres() {
			break // there is one writer
		}
	}
	for i := range n {
		wg.Go(func() { ask(i) })
	}
	time.Sleep(100 * time.Millisecond) // they all wait by now
	close(held)
	wg.Wait()
}

func TestWhatManyAskForIsDoneInFewerUpdatesAndAllOfItIsThere(t *testing.T) {
	b := newNotebook(t)
	notes := make([]note, 100)
	b.meanwhile(t, len(notes), func(i int) {
		if err := b.Do(t.Context(), &notes[i]); err != nil {
			t.Error(err)
		}
	})
	ids := b.written(t)
	for i := range notes {
		if _, there := slices.BinarySearch(ids, notes[i].id); !there {
			t.Errorf("note %d has the id %d, which is not there", i, notes[i].id)
		}
	}
	if len(slices.Compact(ids)) < len(notes)+1 {
		t.Errorf("%d ids for %d notes and those before them", len(ids), len(notes))
	}
	if got := b.rounds.Load(); got > int64(len(notes))/2 {
		t.Errorf("%d notes took %d rounds", len(notes), got)
	}
}

func TestOneThatFailsDoesNotFailTheOthersThatAreDoneTogether(t *testing.T) {
	b := newNotebook(t)
	wrong, panicked := errors.New("this one is wrong"), errors.New("it panicked")
	errs := make([]error, 9)
	notes := make([]note, len(errs))
	notes[3].fn = func() error { return wrong }
	notes[6].fn = func() error { panic("this one panics") }
	b.meanwhile(t, len(errs), func(i int) {
		defer func() {
			if recover() != nil {
				errs[i] = panicked
			}
		}()
		errs[i] = b.Do(t.Context(), &notes[i])
	})
	ids := b.written(t)
	for i, err := range errs {
		want := map[int]error{3: wrong, 6: panicked}[i]
		if !errors.Is(err, want) {
			t.Errorf("note %d: %v, not %v", i, err, want)
		}
		if _, there := slices.BinarySearch(ids, notes[i].id); want == nil && !there {
			t.Errorf("note %d is not there", i)
		}
	}
}

func TestWhoeverAsksInsideAnUpdateIsToldSo(t *testing.T) {
	b := newNotebook(t)
	err := b.db.Update(t.Context(), func(*data.Tx) error { return b.Do(t.Context(), &note{}) })
	if !errors.Is(err, data.ErrNested) {
		t.Errorf("asking inside an update: %v", err)
	}
}

func TestNothingIsDoneTogetherOnceTheDatabaseIsClosed(t *testing.T) {
	b := newNotebook(t)
	if err := b.db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Do(t.Context(), &note{}); !errors.Is(err, data.ErrClosed) {
		t.Errorf("writing into a closed database: %v", err)
	}
}

func TestManyRowsAreInsertedInTheirOrder(t *testing.T) {
	db := datatest.New(t)
	ctx := t.Context()
	err := db.Update(ctx, func(tx *data.Tx) error {
		for _, n := range []int{0, 1, 7, 64, 130} {
			rows := []any{}
			for i := range n {
				rows = append(rows, int64(n), int64(i), int64(0), int64(0), int64(0), int64(0))
			}
			ids, err := data.InsertNumbered(ctx, tx, insertNotes, 6, rows)
			if err != nil {
				return err
			}
			if len(ids) != n {
				t.Errorf("%d rows got %d ids", n, len(ids))
			}
			for i, id := range ids {
				at, err := data.Int(ctx, tx, `SELECT opened_at FROM opens WHERE id = ? AND link_id = ?`, id, int64(n))
				if err != nil || at != int64(i) {
					t.Errorf("row %d of %d has the id of row %d (%v)", i, n, at, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
