package spread

import (
	"context"
	"strings"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// askedAtOnce is how many rows are asked for by one statement: for sixteen it
// does hardly more than for one.
const askedAtOnce = 16

// many asks for rows by their ids, some together. The last statement asks for an
// id more than once, so that few statements are prepared.
func many(ids []int64, ask func(among string, some []any) error) error {
	among := ` IN (?` + strings.Repeat(`, ?`, askedAtOnce-1) + `)`
	for len(ids) > 0 {
		some := make([]any, askedAtOnce)
		for i := range some {
			some[i] = ids[min(i, len(ids)-1)]
		}
		if err := ask(among, some); err != nil {
			return err
		}
		ids = ids[min(askedAtOnce, len(ids)):]
	}
	return nil
}

// ahead reads together what counting the opens would ask for one by one: the
// youngest opens of their links, and the opens above them. Of these it leaves
// some out, which are found then.
func (s *fresh) ahead(ctx context.Context, tx *data.Tx, opens []entry) error {
	trees := map[int64]tree{} // of the opens to be looked for
	var links []int64
	for i := range opens {
		e := &opens[i]
		if _, had := s.twigs[e.link]; !had {
			row, known := s.folder.twigs.Get(e.link, twigsKept)
			if s.twigs[e.link] = row; !known {
				links = append(links, e.link)
			}
		}
		for _, id := range [2]int64{e.Parent, e.Branch} {
			if id == 0 || id > s.mark.Open || s.knows(id) {
				continue
			}
			if t, err := s.folder.tree(ctx, tx, e.link); err == nil { // else counting it says so
				trees[id] = t
			}
		}
	}
	err := many(links, func(among string, some []any) error {
		return data.Each(ctx, tx, func(r data.Row) error {
			var link int64
			var twigs []byte
			err := r.Scan(&link, &twigs)
			s.twigs[link] = idRow(twigs)
			return err
		}, `SELECT link_id, twigs FROM link_totals WHERE link_id`+among, some...)
	})
	if err != nil {
		return err
	}
	return s.above(ctx, tx, trees)
}

// knows says whether an open need not be read, and has it at hand then.
func (s *fresh) knows(id int64) bool {
	if s.nodes[id] != nil {
		return true
	}
	n, ok := s.folder.recent.Get(id, recentKept)
	if ok {
		s.nodes[id] = &n
	}
	return ok
}

// above reads opens of some trees. Those that nobody was below so far are left to
// be worked out, but for those by a link: these are known by themselves.
func (s *fresh) above(ctx context.Context, tx *data.Tx, trees map[int64]tree) error {
	ids := make([]int64, 0, len(trees))
	for id := range trees {
		ids = append(ids, id)
	}
	return many(ids, func(among string, some []any) error {
		return data.Each(ctx, tx, func(r data.Row) error {
			var n Sharer
			var row int64
			var kids []byte
			if err := r.Scan(&n.ID, &n.Parent, &n.State, &row, &n.Hop, &n.Below, &n.Points, &kids); err != nil {
				return err
			}
			n.kids, n.counted = idRow(kids), trees[n.ID].rehearsal || n.State == share.Counted
			switch {
			case row != 0:
			case n.Parent != 0:
				return nil
			case n.counted:
				n.Hop, n.Points = 1, 1
			}
			s.nodes[n.ID] = &n
			return nil
		}, `SELECT o.id, coalesce(o.parent_id, 0), coalesce(s.state, (SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state),
				coalesce(s.open_id, 0), coalesce(s.hop, 0), coalesce(s.below, 0), coalesce(s.points, 0), s.kids
			FROM opens o LEFT JOIN sharers s ON s.open_id = o.id WHERE o.id`+among, append([]any{s.mark.Decision}, some...)...)
	})
}
