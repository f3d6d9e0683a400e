package share

import (
	"context"
	"sync"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Target is what a share token leads to: the link at the root of its tree, the
// open it belongs to, and what a reader may see there now.
type Target struct {
	LinkID    int64
	OpenID    int64 // 0: the link's own token
	BranchID  int64 // the first-hop open above or at OpenID; 0 for the link's own token
	DropID    string
	Version   int64  // of the drop, as shown now
	Owner     string // account id; empty once the ambassador was erased
	Rehearsal bool
	Stopped   bool
	Shared    bool // the judge's word: the content may be shown
	Public    bool // to everyone, not only by link

	edition int64     // in which all this was so
	until   time.Time // when time alone changes it; zero is never
}

// Finder finds targets, and remembers those that are shared for as long as the
// edition stays the same. It asks for the edition each time, so that a
// correction shows at once on every server.
type Finder struct {
	mu      sync.Mutex
	edition int64
	links   generations[Target]
	opens   generations[place]
}

// place is where an open hangs; that never changes.
type place struct{ link, branch int64 }

// How many links and opens of each generation a Finder remembers.
const (
	linksKept = 1 << 15
	opensKept = 1 << 17
)

// Find returns what a token leads to, or data.ErrNotFound. What it remembers
// is never older than the edition it has just read, so it needs no snapshot.
func (f *Finder) Find(ctx context.Context, tx *data.Tx, ref id.Ref) (t Target, err error) {
	edition, err := brand.Edition(ctx, tx)
	if err != nil {
		return t, err
	}
	f.turn(edition)
	at := place{link: ref.ID}
	if ref.Kind == id.Open {
		if at, err = f.place(ctx, tx, edition, ref.ID); err != nil {
			return t, err
		}
	}
	t, ok := f.known(edition, at.link, tx.Now())
	if !ok {
		if t, err = link(ctx, tx, at.link); err != nil {
			return t, err
		}
		if t.Shared && !t.Stopped { // what is not shared yet is asked for each time
			f.learn(edition, at.link, t)
		}
	}
	if ref.Kind == id.Open {
		t.OpenID, t.BranchID = ref.ID, at.branch
	}
	return t, nil
}

// look finds a target inside a writing transaction. It learns nothing there:
// what it reads may yet be taken back. remember does, once it stands.
func (f *Finder) look(ctx context.Context, tx *data.Tx, ref id.Ref) (t Target, edition int64, err error) {
	if edition, err = brand.Edition(ctx, tx); err != nil {
		return t, 0, err
	}
	at := place{link: ref.ID}
	if ref.Kind == id.Open {
		var ok bool
		if at, ok = f.placed(edition, ref.ID); !ok {
			if at, err = placeOf(ctx, tx, ref.ID); err != nil {
				return t, 0, err
			}
		}
	}
	t, ok := f.known(edition, at.link, tx.Now())
	if !ok {
		if t, err = link(ctx, tx, at.link); err != nil {
			return t, 0, err
		}
	}
	t.edition = edition
	if ref.Kind == id.Open {
		t.OpenID, t.BranchID = ref.ID, at.branch
	}
	return t, edition, nil
}

// remember takes in what look has found, and the open that was written below
// it: its page is the next to be asked for.
func (f *Finder) remember(edition int64, t Target, open int64) {
	f.turn(edition)
	at := place{link: t.LinkID, branch: t.BranchID}
	if at.branch == 0 {
		at.branch = open
	}
	own := t.OpenID
	t.OpenID, t.BranchID = 0, 0
	f.learn(edition, t.LinkID, t)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return
	}
	f.opens.put(open, at, opensKept)
	if own != 0 {
		f.opens.put(own, at, opensKept)
	}
}

// turn forgets everything when there is a newer edition.
func (f *Finder) turn(edition int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if edition > f.edition {
		f.edition, f.links, f.opens = edition, generations[Target]{}, generations[place]{}
	}
}

func (f *Finder) place(ctx context.Context, tx *data.Tx, edition, open int64) (place, error) {
	at, ok := f.placed(edition, open)
	if ok {
		return at, nil
	}
	at, err := placeOf(ctx, tx, open)
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.edition == edition {
			f.opens.put(open, at, opensKept)
		}
	}
	return at, err
}

// placed is where an open hangs, if that is remembered.
func (f *Finder) placed(edition, open int64) (at place, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return at, false
	}
	return f.opens.get(open, opensKept)
}

func placeOf(ctx context.Context, tx *data.Tx, open int64) (place, error) {
	return data.One(ctx, tx, func(r data.Row) (p place, err error) { return p, r.Scan(&p.link, &p.branch) },
		`SELECT link_id, coalesce(branch_id, id) FROM opens WHERE id = ?`, open)
}

func (f *Finder) known(edition, link int64, now time.Time) (Target, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return Target{}, false
	}
	t, ok := f.links.get(link, linksKept)
	return t, ok && (t.until.IsZero() || now.Before(t.until))
}

func (f *Finder) learn(edition, link int64, t Target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return // somebody has turned the page meanwhile
	}
	f.links.put(link, t, linksKept)
}

// link asks for a link. The CAST keeps SQLite from preparing the statement
// anew each time: in a join it takes a bound row id for a reason to plan again.
func link(ctx context.Context, tx *data.Tx, id int64) (Target, error) {
	now := tx.Now().UnixMilli()
	return data.One(ctx, tx, func(r data.Row) (t Target, err error) {
		return t, r.Scan(&t.LinkID, &t.DropID, &t.Version, &t.Owner, data.Bool(&t.Rehearsal), data.Bool(&t.Stopped), data.Bool(&t.Shared), data.Bool(&t.Public), data.Time(&t.until))
	}, `SELECT l.id, l.drop_id, d.version, coalesce(l.account_id, ''), l.rehearsal,
		CASE WHEN l.stopped_at IS NULL THEN 0 ELSE 1 END, CASE WHEN `+drop.IsShared+` THEN 1 ELSE 0 END,
		CASE WHEN d.public_at <= ? THEN 1 ELSE 0 END,
		CASE WHEN d.public_at > ? THEN d.public_at END
		FROM links l JOIN drops d ON d.id = l.drop_id WHERE l.id = CAST(? AS BIGINT)`, now, now, now, now, id)
}

// generations is a bounded memory: when the young one is full, it becomes the
// old one, and what the old one held and nobody asked for is gone.
type generations[V any] struct{ young, old map[int64]V }

func (g *generations[V]) get(key int64, most int) (v V, ok bool) {
	if v, ok = g.young[key]; ok {
		return v, true
	}
	if v, ok = g.old[key]; ok {
		g.put(key, v, most)
	}
	return v, ok
}

func (g *generations[V]) put(key int64, v V, most int) {
	if len(g.young) >= most || g.young == nil {
		g.young, g.old = make(map[int64]V), g.young
	}
	g.young[key] = v
}
