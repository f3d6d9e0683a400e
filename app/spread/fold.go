// Package spread knows how far private shares went: it folds the log of opens
// into the numbers that are ranked and shown, measures trees, and lays them out.
package spread

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"ricochet.example/app/recent"
	"ricochet.example/app/share"
	"ricochet.example/data"
)

// sliceSize is how many opens are folded in one transaction: everybody else's
// writes wait for it.
const sliceSize = 800

// Mark says how far the fold has come: everything shown is exact up to it.
type Mark struct {
	Open     int64 // the last open that is in the numbers
	Decision int64
	At       time.Time
}

// Folder turns the log of opens and decisions into the numbers that are shown.
// Several servers may fold one database: whoever finds that another was
// quicker lets it be.
type Folder struct {
	// Lost, if there is one, is told of an open that hangs on nothing: after a
	// repair by hand, say. It is left out, so that one such never stops the fold.
	Lost func(open int64, err error)

	mu     sync.Mutex // one fold at a time
	trees  map[int64]tree
	recent recent.Map[Sharer] // as this Folder left them at mark
	twigs  recent.Map[idRow]  // of links, likewise
	mark   Mark
}

// recentKept is how many opens of each generation a Folder remembers: people
// are brought mostly by those who came not long before them.
const recentKept = 1 << 17

// tree is what of a link never changes.
type tree struct {
	most      int64
	rehearsal bool
}

// errQuicker says that another server folded the same slice first.
var errQuicker = errors.New("another server was quicker")

// Fold brings the numbers up to what the log holds now.
func (f *Folder) Fold(ctx context.Context, db *data.DB) error {
	if news, err := f.news(ctx, db); err != nil || !news {
		return err
	}
	var to int64
	err := db.Update(ctx, func(tx *data.Tx) (err error) {
		to, err = share.Settled(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("folding: %w", err)
	}
	return f.FoldTo(ctx, db, to, 0)
}

// news says whether the log holds anything that is not in the numbers.
func (f *Folder) news(ctx context.Context, db *data.DB) (bool, error) {
	var news int64
	err := db.Glance(ctx, func(tx *data.Tx) (err error) {
		// More only: what was wiped may leave the last ids below the marks.
		news, err = data.Int(ctx, tx, `SELECT CASE WHEN (SELECT max(id) FROM opens) > open_id OR (SELECT max(id) FROM decisions) > decision_id THEN 1 ELSE 0 END
			FROM fold WHERE id = 1`)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("looking for what is to be folded: %w", err)
	}
	return news == 1, nil
}

// FoldTo folds up to an open and, unless it is 0, a decision.
func (f *Folder) FoldTo(ctx context.Context, db *data.DB, open, decision int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		more, err := f.slice(ctx, db, open, decision)
		if errors.Is(err, errQuicker) {
			continue
		}
		if err != nil {
			return fmt.Errorf("folding: %w", err)
		}
		if !more {
			return nil
		}
	}
}

// slice folds some opens, or when there are none left the decisions on one
// tree, and says whether there may be more to do. What it reads only a fold
// writes, so it reads and reckons beside the writers and joins them for the
// result alone.
func (f *Folder) slice(ctx context.Context, db *data.DB, to, decision int64) (more bool, err error) {
	s := fresh{
		folder: f, nodes: map[int64]*Sharer{}, days: map[dayLink]*Sums{}, totals: map[int64]*Totals{}, twigs: map[int64]idRow{},
	}
	err = db.View(ctx, func(tx *data.Tx) error {
		if s.mark, err = MarkOf(ctx, tx); err != nil {
			return err
		}
		s.before = s.mark
		f.recall(s.mark)
		if err = s.read(ctx, tx, to); err != nil || s.mark != s.before {
			return err
		}
		return s.decide(ctx, tx, decision)
	})
	if err != nil || s.mark == s.before {
		return false, err
	}
	if err := db.Update(ctx, func(tx *data.Tx) error { return s.write(ctx, tx) }); err != nil {
		return false, err
	}
	f.remember(&s)
	return true, nil
}

// recall forgets everything, if what is remembered is not of this mark: another
// server has folded, something was wiped, or everything is folded again.
func (f *Folder) recall(at Mark) {
	if f.mark.Open != at.Open || f.mark.Decision != at.Decision || !f.mark.At.Equal(at.At) {
		f.recent, f.twigs = recent.Map[Sharer]{}, recent.Map[idRow]{}
	}
}

// remember takes in what a slice has written.
func (f *Folder) remember(s *fresh) {
	f.mark = s.mark
	if s.again != nil || (s.steps != nil && s.steps.shifted) {
		f.recent = recent.Map[Sharer]{} // much of a tree is another now
	}
	for id, n := range s.nodes {
		f.recent.Put(id, *n, recentKept)
	}
	for link, row := range s.twigs {
		f.twigs.Put(link, row, twigsKept)
	}
}

// MarkOf returns how far the fold has come.
func MarkOf(ctx context.Context, tx *data.Tx) (Mark, error) {
	return data.One(ctx, tx, func(r data.Row) (m Mark, err error) {
		return m, r.Scan(&m.Open, &m.Decision, data.Time(&m.At))
	}, `SELECT open_id, decision_id, folded_at FROM fold WHERE id = 1`)
}

type dayLink struct{ day, link int64 }

// fresh is a slice on its way into the numbers.
type fresh struct {
	folder       *Folder
	before, mark Mark
	nodes        map[int64]*Sharer // known ones, by id
	changed      map[int64]*Sharer // to be written
	hands        []any             // parents and their children, likewise
	days         map[dayLink]*Sums
	totals       map[int64]*Totals
	twigs        map[int64]idRow // of the links that opens came for
	grown        []any           // links and opens that go to trees
	again        *recount        // decisions, by reckoning a tree
	steps        *steps          // decisions, one by one
}

type entry struct {
	Leaf
	link int64
}

// read reckons the next opens.
func (s *fresh) read(ctx context.Context, tx *data.Tx, to int64) error {
	opens, err := data.All(ctx, tx, func(r data.Row) (e entry, err error) {
		return e, r.Scan(&e.ID, &e.link, data.Null(&e.Parent), data.Null(&e.Branch), data.Time(&e.OpenedAt), &e.State)
	}, `SELECT id, link_id, parent_id, branch_id, opened_at, state FROM opens
		WHERE id > ? AND id <= ? ORDER BY id LIMIT 800`, s.mark.Open, to)
	if err != nil || len(opens) == 0 {
		return err
	}
	s.changed = map[int64]*Sharer{}
	if err := s.ahead(ctx, tx, opens); err != nil {
		return err
	}
	for i := range opens {
		switch err := s.count(ctx, tx, &opens[i]); {
		case errors.Is(err, data.ErrNotFound):
			if s.folder.Lost != nil {
				s.folder.Lost(opens[i].ID, err)
			}
			continue
		case err != nil:
			return fmt.Errorf("open %d: %w", opens[i].ID, err)
		}
		s.sprout(opens[i].link, opens[i].ID)
	}
	s.mark.Open = opens[len(opens)-1].ID
	return nil
}

// count takes one open into the sums.
func (s *fresh) count(ctx context.Context, tx *data.Tx, e *entry) error {
	t, err := s.folder.tree(ctx, tx, e.link)
	if err != nil {
		return err
	}
	if e.Branch == 0 {
		e.Branch = e.ID
	}
	e.Counted = t.rehearsal || e.State == share.Counted
	var hop int64
	if e.Parent != 0 {
		up, err := s.node(ctx, tx, e.Parent, t)
		if err != nil {
			return err
		}
		hop = up.Hop
		if !up.adopt(e.ID) {
			s.hands = append(s.hands, up.ID, e.ID)
		}
		s.changed[up.ID] = up
	}
	day, total := s.sums(e)
	if !e.Counted {
		day.Held++
		total.Held++
		s.nodes[e.ID] = &Sharer{ID: e.ID, Parent: e.Parent, State: e.State, Hop: hop}
		return nil
	}
	points, sharers, err := s.earn(ctx, tx, e, t)
	if err != nil {
		return err
	}
	one := Sums{People: 1, Points: points, Sharers: sharers}
	if hop == 0 {
		one.FirstHop = 1
	}
	day.Add(one)
	total.Add(one)
	total.extend(hop+1, e.OpenedAt)
	s.nodes[e.ID] = &Sharer{ID: e.ID, Parent: e.Parent, State: e.State, Hop: hop + 1, counted: true}
	branch, err := s.node(ctx, tx, e.Branch, t)
	if err != nil {
		return err
	}
	total.grow(branch.Points, points)
	branch.Points += points
	if branch.ID != e.ID {
		s.changed[branch.ID] = branch
	}
	return nil
}

// earn counts one more person for the opens above e.
func (s *fresh) earn(ctx context.Context, tx *data.Tx, e *entry, t tree) (points, sharers int64, err error) {
	points = 1
	for up := e.Parent; up != 0; {
		n, err := s.node(ctx, tx, up, t)
		if err != nil {
			return 0, 0, err
		}
		up = n.Parent
		if n.Below >= keep(t.most) {
			break // whoever stands above has as many below them
		}
		n.Below++
		s.changed[n.ID] = n
		if !n.counted {
			continue
		}
		if n.Below == 1 {
			sharers++
		}
		if n.Below < t.most {
			points++
		}
	}
	return points, sharers, nil
}

func (s *fresh) sums(e *entry) (*Sums, *Totals) {
	at := dayLink{share.Day(e.OpenedAt), e.link}
	day, total := s.days[at], s.totals[e.link]
	if day == nil {
		day = &Sums{}
		s.days[at] = day
	}
	if total == nil {
		total = &Totals{}
		s.totals[e.link] = total
	}
	return day, total
}

// node returns what is kept of an open, or what there is to keep once it has
// somebody below it.
func (s *fresh) node(ctx context.Context, tx *data.Tx, id int64, t tree) (*Sharer, error) {
	if n := s.nodes[id]; n != nil {
		return n, nil
	}
	if n, ok := s.folder.recent.Get(id, recentKept); ok {
		s.nodes[id] = &n
		return &n, nil
	}
	n, err := data.One(ctx, tx, scanSharer, `SELECT open_id, coalesce(parent_id, 0), state, hop, below, points, kids FROM sharers WHERE open_id = ?`, id)
	if errors.Is(err, data.ErrNotFound) {
		n, err = s.childless(ctx, tx, id, t)
	}
	if err != nil {
		return nil, err
	}
	n.counted = t.rehearsal || n.State == share.Counted
	s.nodes[id] = &n
	return &n, nil
}

func scanSharer(r data.Row) (n Sharer, err error) {
	var kids []byte
	err = r.Scan(&n.ID, &n.Parent, &n.State, &n.Hop, &n.Below, &n.Points, &kids)
	n.kids = idRow(kids)
	return n, err
}

// childless makes the first note of an open that nobody was below so far.
func (s *fresh) childless(ctx context.Context, tx *data.Tx, id int64, t tree) (Sharer, error) {
	n, err := data.One(ctx, tx, func(r data.Row) (n Sharer, err error) {
		n.ID = id
		return n, r.Scan(data.Null(&n.Parent), &n.State)
	}, `SELECT o.parent_id, coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state)
		FROM opens o WHERE o.id = ?`, s.mark.Decision, id)
	if err != nil {
		return n, err
	}
	if n.Parent != 0 {
		up, err := s.node(ctx, tx, n.Parent, t)
		if err != nil {
			return n, err
		}
		n.Hop = up.Hop
	}
	if t.rehearsal || n.State == share.Counted {
		n.Hop++
		if n.Parent == 0 {
			n.Points = 1
		}
	}
	return n, nil
}

func (f *Folder) tree(ctx context.Context, tx *data.Tx, link int64) (tree, error) {
	if t, ok := f.trees[link]; ok {
		return t, nil
	}
	if len(f.trees) > 1<<16 {
		f.trees = nil
	}
	if f.trees == nil {
		f.trees = map[int64]tree{}
	}
	// Links were made one beside the other for a drop, and are opened together.
	first := link - link%treesAround
	err := data.Each(ctx, tx, func(r data.Row) error {
		var id int64
		var t tree
		err := r.Scan(&id, &t.most, data.Bool(&t.rehearsal))
		f.trees[id] = t
		return err
	}, `SELECT l.id, c.most, l.rehearsal FROM links l JOIN campaigns c ON c.id = l.campaign_id
		WHERE l.id >= CAST(? AS BIGINT) AND l.id < CAST(? AS BIGINT)`, first, first+treesAround)
	if err != nil {
		return tree{}, fmt.Errorf("link %d: %w", link, err)
	}
	t, ok := f.trees[link]
	if !ok {
		return t, fmt.Errorf("link %d: %w", link, data.ErrNotFound)
	}
	return t, nil
}

const treesAround = 64

// write adds the slice to the numbers and moves the mark, all or nothing.
func (s *fresh) write(ctx context.Context, tx *data.Tx) error {
	if err := data.Lock(ctx, tx, "fold"); err != nil {
		return err
	}
	if now, err := MarkOf(ctx, tx); err != nil {
		return err
	} else if now != s.before {
		return errQuicker
	}
	if err := s.writeTrees(ctx, tx); err != nil {
		return err
	}
	if err := writeSharers(ctx, tx, s.changed); err != nil {
		return err
	}
	if err := s.writeHands(ctx, tx); err != nil {
		return err
	}
	if err := s.writeDays(ctx, tx); err != nil {
		return err
	}
	if err := s.addTotals(ctx, tx); err != nil {
		return err
	}
	if s.again != nil {
		if err := s.again.write(ctx, tx); err != nil {
			return err
		}
	}
	if s.steps != nil {
		if err := s.steps.writeEnds(ctx, tx); err != nil {
			return err
		}
	}
	s.mark.At = tx.Now()
	_, err := tx.Exec(ctx, `UPDATE fold SET open_id = ?, decision_id = ?, folded_at = ? WHERE id = 1`, s.mark.Open, s.mark.Decision, s.mark.At)
	return err
}

func writeSharers(ctx context.Context, tx *data.Tx, all map[int64]*Sharer) error {
	rows := make([]any, 0, 7*len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		n := all[id]
		rows = append(rows, n.ID, orNull(n.Parent), int64(n.State), n.Hop, n.Below, n.Points, []byte(n.kids))
	}
	return data.InsertRows(ctx, tx, `INSERT INTO sharers (open_id, parent_id, state, hop, below, points, kids)`, 7, rows,
		`ON CONFLICT (open_id) DO UPDATE SET state = excluded.state, hop = excluded.hop, below = excluded.below, points = excluded.points, kids = excluded.kids`)
}

func (s *fresh) writeDays(ctx context.Context, tx *data.Tx) error {
	keys := slices.SortedFunc(maps.Keys(s.days), func(a, b dayLink) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.link, b.link))
	})
	rows := make([]any, 0, 7*len(keys))
	for _, k := range keys {
		d := s.days[k]
		rows = append(rows, k.day, k.link, d.People, d.Points, d.Sharers, d.FirstHop, d.Held)
	}
	return data.InsertRows(ctx, tx, `INSERT INTO link_days (day, link_id, people, points, sharers, first_hop, held)`, 7, rows,
		`ON CONFLICT (day, link_id) DO UPDATE SET people = link_days.people + excluded.people, points = link_days.points + excluded.points,
		sharers = link_days.sharers + excluded.sharers, first_hop = link_days.first_hop + excluded.first_hop, held = link_days.held + excluded.held`)
}

func (s *fresh) addTotals(ctx context.Context, tx *data.Tx) error {
	rows := make([]any, 0, 18*len(s.totals))
	for _, link := range slices.Sorted(maps.Keys(s.totals)) {
		rows = append(append(rows, link, s.twigsNow(link)), s.totals[link].values()...)
	}
	return data.InsertRows(ctx, tx, `INSERT INTO link_totals (link_id, twigs, `+totalsColumns+`)`, 18, rows,
		`ON CONFLICT (link_id) DO UPDATE SET people = link_totals.people + excluded.people, points = link_totals.points + excluded.points,
		sharers = link_totals.sharers + excluded.sharers, first_hop = link_totals.first_hop + excluded.first_hop,
		hop_2 = link_totals.hop_2 + excluded.hop_2, hop_3 = link_totals.hop_3 + excluded.hop_3, hop_4 = link_totals.hop_4 + excluded.hop_4,
		hop_5 = link_totals.hop_5 + excluded.hop_5, hop_6 = link_totals.hop_6 + excluded.hop_6, hop_7 = link_totals.hop_7 + excluded.hop_7,
		hop_8 = link_totals.hop_8 + excluded.hop_8,
		held = link_totals.held + excluded.held, twigs = coalesce(excluded.twigs, link_totals.twigs), squares = link_totals.squares + excluded.squares,
		farthest = CASE WHEN excluded.farthest > link_totals.farthest THEN excluded.farthest ELSE link_totals.farthest END,
		first_at = coalesce(link_totals.first_at, excluded.first_at), last_at = coalesce(excluded.last_at, link_totals.last_at)`)
}

// orNull is nil for 0, which no row has as its id.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
