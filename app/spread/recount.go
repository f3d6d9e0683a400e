package spread

import (
	"context"
	"fmt"
	"maps"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// recount is a tree whose opens were decided about.
type recount struct {
	link   int64
	result Reckoning
	before map[int64]Sharer
}

// decide takes the next decisions that are all on one tree, and reckons it.
func (s *fresh) decide(ctx context.Context, tx *data.Tx, to int64) error {
	type decision struct{ id, open, link int64 }
	if to == 0 {
		to = 1<<63 - 1
	}
	next, err := data.All(ctx, tx, func(r data.Row) (d decision, err error) { return d, r.Scan(&d.id, &d.open, &d.link) },
		`SELECT id, open_id, link_id FROM decisions WHERE id > ? AND id <= ? ORDER BY id LIMIT 500`, s.mark.Decision, to)
	if err != nil {
		return err
	}
	var link int64
	for _, d := range next {
		if d.open > s.mark.Open || (link != 0 && d.link != link) {
			break // a decision waits for its open
		}
		link, s.mark.Decision = d.link, d.id
	}
	if link == 0 {
		return nil
	}
	t, err := s.folder.tree(ctx, tx, link)
	if err != nil {
		return err
	}
	leaves, err := leavesOf(ctx, tx, link, s.mark, t.rehearsal)
	if err != nil {
		return fmt.Errorf("reading the tree of link %d: %w", link, err)
	}
	s.again = &recount{link: link, result: Reckon(leaves, t.most), before: map[int64]Sharer{}}
	return data.Each(ctx, tx, func(r data.Row) error {
		n, err := scanSharer(r)
		s.again.before[n.ID] = n
		return err
	}, `SELECT s.open_id, coalesce(s.parent_id, 0), s.state, s.hop, s.below, s.points FROM trees t JOIN sharers s ON s.open_id = t.open_id
		WHERE t.link_id = ?`, link)
}

// leavesOf returns the opens of a tree that the fold has come to, in the order
// of their ids, with what was decided up to the mark.
func leavesOf(ctx context.Context, tx *data.Tx, link int64, mark Mark, rehearsal bool) ([]Leaf, error) {
	return data.All(ctx, tx, func(r data.Row) (l Leaf, err error) {
		err = r.Scan(&l.ID, &l.Parent, &l.Branch, data.Time(&l.OpenedAt), &l.State, &l.Channel, &l.Observed, &l.Device)
		l.Counted = rehearsal || l.State == share.Counted
		return l, err
	}, `SELECT o.id, coalesce(o.parent_id, 0), coalesce(o.branch_id, o.id), o.opened_at,
			coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state),
			o.channel, o.observed, o.device
		FROM trees t JOIN opens o ON o.id = t.open_id WHERE t.link_id = ? AND t.open_id <= ? ORDER BY t.open_id`,
		mark.Decision, link, mark.Open)
}

// write puts what the reckoning says in the place of what stood there.
func (c *recount) write(ctx context.Context, tx *data.Tx) error {
	changed := maps.Clone(c.result.Sharers)
	maps.DeleteFunc(changed, func(id int64, n *Sharer) bool {
		had := c.before[id]
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
