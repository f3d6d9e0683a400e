package share

import (
	"context"
	"strings"
	"sync"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/recent"
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
	Label     string // the disclosure of its campaign; empty: the brand's
	Owner     string // account id; empty once the ambassador was erased; of a link of the house what stands for the brand there
	House     bool   // the brand itself shares it
	Hops      int64  // how far readers may pass it on; -1: as far as it gets
	From      string // the ambassador's first name or initials, if readers may be told; never a minor's
	Rehearsal bool
	Stopped   bool
	Shared    bool // the judge's word: the content may be shown
	Public    bool // to everyone, not only by link
	Planned   bool // something says when it is shared
	Asks      bool // the squad that it was shared from takes applications

	edition int64     // in which all this was so
	until   time.Time // when time alone changes it; zero is never
}

// hop is how far from the root whoever opens this is, up to the third; from there on it is all the same.
func (t Target) hop() int64 {
	switch t.OpenID {
	case 0:
		return 1
	case t.BranchID:
		return 2
	}
	return 3
}

// PassesOn says whether whoever opens this may pass it on.
func (t Target) PassesOn() bool { return t.Hops < 0 || t.hop() <= t.Hops }

// MayBeOwn says whether whoever opens this may not pass it on unless it is their own open, to which they have come
// back.
func (t Target) MayBeOwn() bool { return !t.PassesOn() && t.OpenID != 0 && t.hop()-1 <= t.Hops }

// Finder finds targets, and remembers those that are shared for as long as the
// edition stays the same. It asks for the edition each time, so that a
// correction shows at once on every server.
type Finder struct {
	mu      sync.Mutex
	edition int64
	links   recent.Map[Target]
	opens   recent.Map[place]
}

// place is where an open hangs; that never changes.
type place struct{ link, branch int64 }

// How many links and opens of each generation a Finder remembers.
const (
	linksKept = 1 << 15
	opensKept = 1 << 18
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
		found, err := linksAround(ctx, tx, at.link)
		if err != nil {
			return t, err
		}
		if t, ok = found[at.link]; !ok {
			return t, data.ErrNotFound
		}
		f.learn(edition, found)
	}
	if ref.Kind == id.Open {
		t.OpenID, t.BranchID = ref.ID, at.branch
	}
	return t, nil
}

// foresee is recall, after looking the target up if it has to.
func (f *Finder) foresee(ctx context.Context, db *data.DB, ref id.Ref) (t Target, ok bool) {
	if t, ok = f.recall(ref); ok {
		return t, true
	}
	err := db.Glance(ctx, func(tx *data.Tx) error {
		_, err := f.Find(ctx, tx, ref)
		return err
	})
	if err != nil {
		return t, false // whoever writes asks again, and is told
	}
	return f.recall(ref)
}

// recall is what a token leads to, from memory alone: the word of the edition
// that stands in it, and good for as long as that is the last.
func (f *Finder) recall(ref id.Ref) (t Target, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := place{link: ref.ID}
	if ref.Kind == id.Open {
		if at, ok = f.opens.Get(ref.ID, opensKept); !ok {
			return t, false
		}
	}
	if t, ok = f.links.Get(at.link, linksKept); !ok {
		return t, false
	}
	t.edition = f.edition
	if ref.Kind == id.Open {
		t.OpenID, t.BranchID = ref.ID, at.branch
	}
	return t, true
}

// holds says whether what was recalled of a target is so now.
func (t Target) holds(edition int64, now time.Time) bool {
	return t.edition == edition && (t.until.IsZero() || now.Before(t.until))
}

// look finds a target inside a writing transaction. It learns nothing there:
// what it reads may yet be taken back. remember does, once it stands.
func (f *Finder) look(ctx context.Context, tx *data.Tx, ref id.Ref) (t Target, err error) {
	edition, err := brand.Edition(ctx, tx)
	if err != nil {
		return t, err
	}
	at := place{link: ref.ID}
	if ref.Kind == id.Open {
		var ok bool
		if at, ok = f.placed(edition, ref.ID); !ok {
			if at, err = placeOf(ctx, tx, ref.ID); err != nil {
				return t, err
			}
		}
	}
	t, ok := f.known(edition, at.link, tx.Now())
	if !ok {
		if t, err = link(ctx, tx, at.link); err != nil {
			return t, err
		}
	}
	t.edition = edition
	if ref.Kind == id.Open {
		t.OpenID, t.BranchID = ref.ID, at.branch
	}
	return t, nil
}

// remember takes in what look has found, and the open that was written below
// it: its page is the next to be asked for.
func (f *Finder) remember(t Target, open int64) {
	at := place{link: t.LinkID, branch: t.BranchID}
	if at.branch == 0 {
		at.branch = open
	}
	own := t.OpenID
	t.OpenID, t.BranchID = 0, 0
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turnTo(t.edition)
	if f.edition != t.edition {
		return
	}
	f.opens.Put(open, at, opensKept)
	if _, known := f.links.Get(t.LinkID, linksKept); !known {
		f.links.Put(t.LinkID, t, linksKept)
	}
	if _, known := f.opens.Get(own, opensKept); !known && own != 0 {
		f.opens.Put(own, at, opensKept)
	}
}

// turn forgets everything when there is a newer edition.
func (f *Finder) turn(edition int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turnTo(edition)
}

func (f *Finder) turnTo(edition int64) {
	if edition > f.edition {
		f.edition, f.links, f.opens = edition, recent.Map[Target]{}, recent.Map[place]{}
	}
}

func (f *Finder) place(ctx context.Context, tx *data.Tx, edition, open int64) (place, error) {
	at, ok := f.placed(edition, open)
	if ok {
		return at, nil
	}
	found, err := placesAround(ctx, tx, open)
	if err != nil {
		return at, err
	}
	if at, ok = found[open]; !ok {
		return at, data.ErrNotFound
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition == edition {
		for id, at := range found {
			f.opens.Put(id, at, opensKept)
		}
	}
	return at, nil
}

// around is how many opens are read at once: whoever passes on a drop does it
// about when others do, and their opens lie on the same pages.
const around = 64

func placesAround(ctx context.Context, tx *data.Tx, open int64) (map[int64]place, error) {
	first := open - open%around
	found := make(map[int64]place, around)
	return found, data.Each(ctx, tx, func(r data.Row) error {
		var id int64
		var at place
		err := r.Scan(&id, &at.link, &at.branch)
		found[id] = at
		return err
	}, `SELECT id, link_id, coalesce(branch_id, id) FROM opens WHERE id >= ? AND id < ?`, first, first+around)
}

// placed is where an open hangs, if that is remembered.
func (f *Finder) placed(edition, open int64) (at place, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return at, false
	}
	return f.opens.Get(open, opensKept)
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
	t, ok := f.links.Get(link, linksKept)
	t.edition = edition
	return t, ok && t.holds(edition, now)
}

// learn remembers links. What is not shared yet is asked for each time.
func (f *Finder) learn(edition int64, links map[int64]Target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.edition != edition {
		return // somebody has turned the page meanwhile
	}
	for id, t := range links {
		if t.Shared && !t.Stopped {
			f.links.Put(id, t, linksKept)
		}
	}
}

// linksAround asks for a link, and for those beside it: they were made together,
// for one drop, and are opened together.
func linksAround(ctx context.Context, tx *data.Tx, id int64) (map[int64]Target, error) {
	first := id - id%around
	return links(ctx, tx, first, first+around)
}

func link(ctx context.Context, tx *data.Tx, id int64) (Target, error) {
	found, err := links(ctx, tx, id, id+1)
	if err != nil {
		return Target{}, err
	}
	t, ok := found[id]
	if !ok {
		return t, data.ErrNotFound
	}
	return t, nil
}

// fromName is what readers are told of somebody who wants them to know: the first name, and of those who go by their
// initials everywhere these.
func fromName(name string, shown account.Shown) string {
	if shown == account.ByInitials {
		return shown.Name(name, false)
	}
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// links asks for the links from first to before end. The CASTs keep SQLite from
// preparing the statement anew each time: in a join it takes a bound row id for
// a reason to plan again.
func links(ctx context.Context, tx *data.Tx, first, end int64) (map[int64]Target, error) {
	now := tx.Now().UnixMilli()
	found := make(map[int64]Target)
	return found, data.Each(ctx, tx, func(r data.Row) error {
		var t Target
		var shown account.Shown
		err := r.Scan(&t.LinkID, &t.DropID, &t.Version, &t.Owner, data.Bool(&t.House), &t.Hops, data.Bool(&t.Rehearsal), data.Bool(&t.Stopped), data.Bool(&t.Shared), data.Bool(&t.Public), data.Bool(&t.Planned), data.Bool(&t.Asks), data.Time(&t.until), &t.From, &shown, &t.Label)
		t.From = fromName(t.From, shown)
		found[t.LinkID] = t
		return err
	}, `SELECT l.id, l.drop_id, d.version, coalesce(l.account_id, CASE WHEN l.house <> '' THEN 'house ' || CAST(l.id AS TEXT) ELSE '' END),
		CASE WHEN l.house <> '' THEN 1 ELSE 0 END, coalesce(d.hops, -1), l.rehearsal,
		CASE WHEN l.stopped_at IS NULL THEN 0 ELSE 1 END, CASE WHEN `+drop.IsShared+` THEN 1 ELSE 0 END,
		CASE WHEN d.public_at <= ? THEN 1 ELSE 0 END, CASE WHEN `+drop.IsPlanned+` THEN 1 ELSE 0 END,
		CASE WHEN l.rehearsal = 0 AND EXISTS (SELECT 1 FROM squads q WHERE q.id = l.squad_id AND q.approval = 1) THEN 1 ELSE 0 END,
		CASE WHEN d.public_at > ? THEN d.public_at END,
		CASE WHEN a.named = 1 AND NOT EXISTS (SELECT 1 FROM ages g WHERE g.account_id = a.id AND g.band = 'minor') THEN a.name ELSE '' END,
		coalesce(a.shown, ''), coalesce((SELECT x.label FROM campaign_labels x WHERE x.campaign_id = d.campaign_id AND x.language = d.language), '')
		FROM links l JOIN drops d ON d.id = l.drop_id LEFT JOIN accounts a ON a.id = l.account_id WHERE l.id >= CAST(? AS BIGINT) AND l.id < CAST(? AS BIGINT)`, now, now, now, now, first, end)
}
