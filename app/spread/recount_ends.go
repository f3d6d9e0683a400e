package spread

import (
	"context"
	"slices"
	"time"

	"ricochet.example/data"
)

// findEnds finds what of a tree's totals is no sum: how far the farthest is,
// and when the first and the last came.
func (s *steps) findEnds(ctx context.Context, tx *data.Tx, had Totals) error {
	people := had.People + s.total.People
	farthest := s.farthest
	hops := had
	hops.Join(s.total)
	switch near := hops.PerHop(); {
	case len(near) <= len(hops.Further):
		farthest = int64(len(near))
	case s.lost:
		var err error
		if farthest, err = s.findFarthest(ctx, tx); err != nil {
			return err
		}
	}
	first, last := had.FirstAt, had.LastAt
	if people == 0 {
		first, last = time.Time{}, time.Time{}
	} else {
		// Only if another one is the first now: of an old open the log knows just the day.
		n, err := s.outermost(ctx, tx, true)
		if err != nil {
			return err
		}
		if slices.Min(s.flipped) <= n.ID {
			first = n.at
		}
		n, err = s.outermost(ctx, tx, false)
		if err != nil {
			return err
		}
		if slices.Max(s.flipped) >= n.ID {
			last = n.at
		}
	}
	s.ends = []any{farthest, first, last, s.link}
	return nil
}

// outermost is the counted open that comes first, or last.
func (s *steps) outermost(ctx context.Context, tx *data.Tx, first bool) (*limb, error) {
	parts, err := partsOf(ctx, tx, s.link)
	if err != nil {
		return nil, err
	}
	beyond, further := int64(0), ` AND t.open_id > ? ORDER BY t.open_id LIMIT 16`
	if !first {
		beyond, further = 1<<63-1, ` AND t.open_id < ? ORDER BY t.open_id DESC LIMIT 16`
		slices.Reverse(parts)
	}
	for _, p := range parts {
		for {
			ids, err := data.All(ctx, tx, data.Integer, `SELECT t.open_id FROM `+p.table+` WHERE `+p.where+further, p.with(beyond)...)
			if err != nil {
				return nil, err
			}
			if len(ids) == 0 {
				break
			}
			if err := s.load(ctx, tx, ids); err != nil {
				return nil, err
			}
			for _, id := range ids {
				if n := s.nodes[id]; n != nil && n.counted {
					return n, nil
				}
			}
			beyond = ids[len(ids)-1]
		}
	}
	return nil, data.ErrNotFound
}

// findFarthest looks through everybody who shared, in a tree that is too deep
// for its hops to tell: the farthest open hangs on the farthest of those who
// have somebody counted below them.
func (s *steps) findFarthest(ctx context.Context, tx *data.Tx) (farthest int64, err error) {
	at := map[int64]int64{}
	parts, err := partsOf(ctx, tx, s.link)
	if err != nil {
		return 0, err
	}
	for _, p := range parts {
		err := data.Each(ctx, tx, func(r data.Row) error {
			var hop, n int64
			err := r.Scan(&hop, &n)
			at[hop] += n
			return err
		}, `SELECT s.hop, count(*) FROM `+p.table+` JOIN sharers s ON s.open_id = t.open_id WHERE `+p.where+` AND s.below > 0 GROUP BY s.hop`, p.args...)
		if err != nil {
			return 0, err
		}
	}
	for id, n := range s.changed {
		if had := s.stood[id]; had.Below > 0 {
			at[had.Hop]--
		}
		if n.Below > 0 {
			at[n.Hop]++
		}
	}
	for hop, n := range at {
		if n > 0 {
			farthest = max(farthest, hop+1)
		}
	}
	return farthest, nil
}

func (s *steps) writeEnds(ctx context.Context, tx *data.Tx) error {
	if s.ends == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE link_totals SET farthest = ?, first_at = ?, last_at = ? WHERE link_id = ?`, s.ends...)
	return err
}
