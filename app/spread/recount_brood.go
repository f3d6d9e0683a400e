package spread

import (
	"context"
	"slices"
	"strings"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// brood is the children of one open, of which some are fetched.
type brood struct {
	of   *limb
	kids []int64
}

// next returns the first that is left, or 0.
func (b *brood) next(ctx context.Context, tx *data.Tx, s *steps, after int64) (id int64, err error) {
	if len(b.kids) == 0 {
		if b.kids, err = s.kids(ctx, tx, b.of, after); err != nil || len(b.kids) == 0 {
			return 0, err
		}
	}
	id, b.kids = b.kids[0], b.kids[1:]
	return id, nil
}

// first returns the first counted opens below v, in the order of ids: it goes
// on from the smallest id, and only where somebody counts.
func (s *steps) first(ctx context.Context, tx *data.Tx, v *limb, most int) (found []*limb, err error) {
	type candidate struct {
		id int64
		in *brood
	}
	var open []candidate // the next of each brood, smallest first
	add := func(in *brood, after int64) error {
		id, err := in.next(ctx, tx, s, after)
		if err != nil || id == 0 {
			return err
		}
		at, _ := slices.BinarySearchFunc(open, id, func(c candidate, id int64) int { return int(c.id - id) })
		open = slices.Insert(open, at, candidate{id, in})
		return nil
	}
	if v.Below > 0 {
		if err := add(&brood{of: v}, v.ID); err != nil {
			return nil, err
		}
	}
	for len(open) > 0 && len(found) < most {
		next := open[0]
		open = slices.Delete(open, 0, 1)
		w, err := s.node(ctx, tx, next.id)
		if err != nil {
			return nil, err
		}
		if err := add(next.in, w.ID); err != nil {
			return nil, err
		}
		if w.Below > 0 {
			if err := add(&brood{of: w}, w.ID); err != nil {
				return nil, err
			}
		}
		if w.counted {
			found = append(found, w)
		}
	}
	return found, nil
}

func (s *steps) eachKid(ctx context.Context, tx *data.Tx, v *limb, do func(*limb)) error {
	for after := v.ID; ; {
		ids, err := s.kids(ctx, tx, v, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.load(ctx, tx, ids); err != nil {
			return err
		}
		for _, id := range ids {
			n, err := s.node(ctx, tx, id)
			if err != nil {
				return err
			}
			do(n)
		}
		after = ids[len(ids)-1]
	}
}

// kids are the next children of v, of which there are more after them.
func (s *steps) kids(ctx context.Context, tx *data.Tx, v *limb, after int64) ([]int64, error) {
	if !v.kept {
		return nil, nil
	}
	return kidsAfter(ctx, tx, &v.Sharer, after)
}

// node returns an open of the tree.
func (s *steps) node(ctx context.Context, tx *data.Tx, id int64) (*limb, error) {
	if n := s.nodes[id]; n != nil {
		return n, nil
	}
	if err := s.load(ctx, tx, []int64{id}); err != nil {
		return nil, err
	}
	if n := s.nodes[id]; n != nil {
		return n, nil
	}
	return nil, data.ErrNotFound
}

// loads are how many opens one query fetches: few texts, so that they are
// prepared once. What is too many is asked for twice.
var loads = []int{1, 8, 32}

// load fetches opens of the tree, as they were before these decisions.
func (s *steps) load(ctx context.Context, tx *data.Tx, ids []int64) error {
	missing := make([]any, 0, len(ids)+1)
	missing = append(missing, s.before.Decision)
	for _, id := range ids {
		if s.nodes[id] == nil {
			missing = append(missing, id)
		}
	}
	for len(missing) > 1 {
		if s.left -= min(len(missing)-1, loads[len(loads)-1]); s.left < 0 {
			return errFar
		}
		i, _ := slices.BinarySearch(loads, len(missing)-1)
		n := loads[min(i, len(loads)-1)]
		asked := slices.Clone(missing[:min(n, len(missing)-1)+1])
		for len(asked) < n+1 {
			asked = append(asked, asked[1])
		}
		if err := s.fetch(ctx, tx, n, asked); err != nil {
			return err
		}
		missing = append(missing[:1], missing[min(n, len(missing)-1)+1:]...)
	}
	return nil
}

func (s *steps) fetch(ctx context.Context, tx *data.Tx, n int, asked []any) error {
	return data.Each(ctx, tx, func(r data.Row) error {
		var l limb
		var row int64
		var kids []byte
		if err := r.Scan(&l.ID, &l.Parent, &l.branch, data.Time(&l.at), &l.State, &row, &l.Hop, &l.Below, &l.Points, &kids); err != nil {
			return err
		}
		l.kept, l.kids = row != 0, idRow(kids)
		l.counted = s.tree.rehearsal || l.State == share.Counted
		if l.kept {
			s.stood[l.ID] = l.Sharer
		} else if l.Parent == 0 {
			l.Points = truthAsOne(l.counted)
		}
		s.nodes[l.ID] = &l
		return nil
	}, `SELECT o.id, coalesce(o.parent_id, 0), coalesce(o.branch_id, o.id), o.opened_at,
			coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state),
			coalesce(s.open_id, 0), coalesce(s.hop, 0), coalesce(s.below, 0), coalesce(s.points, 0), s.kids
		FROM opens o LEFT JOIN sharers s ON s.open_id = o.id WHERE o.id IN (?`+strings.Repeat(", ?", n-1)+`)`, asked...)
}
