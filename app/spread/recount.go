package spread

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// recount is a tree that is reckoned as a whole, because that is quicker than
// taking so many decisions one by one.
type recount struct {
	link   int64
	result Reckoning
	before map[int64]Sharer
}

// atOnce is how many decisions are taken in one transaction at most.
const atOnce = 10_000

// decide takes the next decisions that are all on one tree.
func (s *fresh) decide(ctx context.Context, tx *data.Tx, to int64) error {
	link, last, err := s.nextDecisions(ctx, tx, to)
	if err != nil || link == 0 {
		return err
	}
	t, err := s.folder.tree(ctx, tx, link)
	if err != nil {
		return err
	}
	err = s.stepwise(ctx, tx, link, t, last)
	if errors.Is(err, errFar) || errors.Is(err, data.ErrNotFound) {
		return s.reckonAgain(ctx, tx, link, t)
	}
	return err
}

// nextDecisions returns the last word on each open of the tree that is next,
// and moves the mark. The numbers are a function of who counts alone, so what
// was said in between does not matter.
func (s *fresh) nextDecisions(ctx context.Context, tx *data.Tx, to int64) (link int64, last map[int64]share.State, err error) {
	if to == 0 {
		to = 1<<63 - 1
	}
	last = map[int64]share.State{}
	err = data.Each(ctx, tx, func(r data.Row) error {
		var id, open, of int64
		var state share.State
		if err := r.Scan(&id, &open, &of, &state); err != nil {
			return err
		}
		if open > s.mark.Open || (link != 0 && of != link) {
			return errEnough // a decision waits for its open
		}
		link, s.mark.Decision, last[open] = of, id, state
		return nil
	}, `SELECT id, open_id, link_id, state FROM decisions WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, s.mark.Decision, to, atOnce)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return link, last, err
}

// reckonAgain makes all numbers of a tree from its opens.
func (s *fresh) reckonAgain(ctx context.Context, tx *data.Tx, link int64, t tree) error {
	leaves, err := leavesOf(ctx, tx, link, s.mark, t.rehearsal)
	if err != nil {
		return fmt.Errorf("reading the tree of link %d: %w", link, err)
	}
	s.again = &recount{link: link, result: Reckon(leaves, t.most), before: map[int64]Sharer{}}
	parts, err := partsOf(ctx, tx, link)
	if err != nil {
		return err
	}
	for _, p := range parts {
		err := data.Each(ctx, tx, func(r data.Row) error {
			n, err := scanSharer(r)
			s.again.before[n.ID] = n
			return err
		}, `SELECT s.open_id, coalesce(s.parent_id, 0), s.state, s.hop, s.below, s.points, s.kids FROM `+p.table+` JOIN sharers s ON s.open_id = t.open_id
			WHERE `+p.where, p.args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// leavesOf returns the opens of a tree that the fold has come to, in the order
// of their ids, with what was decided up to the mark.
func leavesOf(ctx context.Context, tx *data.Tx, link int64, mark Mark, rehearsal bool) (leaves []Leaf, err error) {
	parts, err := partsOf(ctx, tx, link)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		err := data.Each(ctx, tx, func(r data.Row) error {
			var l Leaf
			err := r.Scan(&l.ID, &l.Parent, &l.Branch, data.Time(&l.OpenedAt), &l.State, &l.Channel, &l.Observed, &l.Device)
			l.Counted = rehearsal || l.State == share.Counted
			leaves = append(leaves, l)
			return err
		}, `SELECT o.id, coalesce(o.parent_id, 0), coalesce(o.branch_id, o.id), o.opened_at,
			coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state),
			o.channel, o.observed, o.device
			FROM `+p.table+` JOIN opens o ON o.id = t.open_id WHERE `+p.where+` AND t.open_id <= ? ORDER BY t.open_id`,
			append([]any{mark.Decision}, p.with(mark.Open)...)...)
		if err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

// write puts what the reckoning says in the place of what stood there.
func (c *recount) write(ctx context.Context, tx *data.Tx) error {
	changed := maps.Clone(c.result.Sharers)
	maps.DeleteFunc(changed, func(id int64, n *Sharer) bool {
		had := c.before[id]
		n.kids = had.kids // no decision moves an open
		return had.State == n.State && had.Hop == n.Hop && had.Below == n.Below && had.Points == n.Points
	})
	if err := writeSharers(ctx, tx, changed); err != nil {
		return err
	}
	for day, d := range c.result.Days {
		if _, err := tx.Exec(ctx, `UPDATE link_days SET people = ?, points = ?, sharers = ?, first_hop = ?, held = ? WHERE day = ? AND link_id = ?`,
			d.People, d.Points, d.Sharers, d.FirstHop, d.Held, day, c.link); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE link_totals SET people = ?, points = ?, sharers = ?, first_hop = ?, held = ?, farthest = ?, squares = ?,
		hop_2 = ?, hop_3 = ?, hop_4 = ?, hop_5 = ?, hop_6 = ?, hop_7 = ?, hop_8 = ?, first_at = ?, last_at = ? WHERE link_id = ?`,
		append(c.result.Totals.values(), c.link)...)
	return err
}
