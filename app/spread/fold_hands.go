package spread

import (
	"context"

	"ricochet.example/data"
)

// kidsInRow is how many children stand in the row of a sharer itself: nearly
// everybody has fewer, and the row is written anyway when a child comes. The
// rest stand in hands.
const kidsInRow = 16

// adopt takes in a child, and says whether there was room for it.
func (s *Sharer) adopt(child int64) bool {
	if s.kids.len() >= kidsInRow {
		return false
	}
	s.kids = s.kids.with(s.ID, child)
	return true
}

// inRow are the children that stand in the row, in the order of their ids.
func (s *Sharer) inRow() []int64 {
	return s.kids.ids(s.ID)
}

// kidsAfter returns the next children of an open behind one of them, in the
// order of their ids; there are no more if there are none.
func kidsAfter(ctx context.Context, tx *data.Tx, s *Sharer, after int64) ([]int64, error) {
	row := s.inRow()
	for i, id := range row {
		if id > after {
			return row[i:], nil
		}
	}
	if len(row) < kidsInRow {
		return nil, nil
	}
	return data.All(ctx, tx, data.Integer, `SELECT open_id FROM hands WHERE parent_id = ? AND open_id > ? ORDER BY open_id LIMIT 100`, s.ID, after)
}

// writeHands notes the children for which there was no room.
func (s *fresh) writeHands(ctx context.Context, tx *data.Tx) error {
	return data.InsertRows(ctx, tx, `INSERT INTO hands (parent_id, open_id)`, 2, s.hands, ``)
}
