package spread

import "encoding/binary"

// idRow is some ids in ascending order, as they stand in a column: each as the
// varint of how much larger it is than the one before, the first than what the
// row belongs to.
type idRow string

// with is the row with one more id, larger than all in it; from is what it
// belongs to.
func (r idRow) with(from, id int64) idRow {
	for _, from = range r.ids(from) {
	}
	return idRow(binary.AppendUvarint([]byte(r), uint64(id-from))) //nolint:gosec // it is larger
}

// ids are the ids of the row.
func (r idRow) ids(from int64) []int64 {
	if r == "" {
		return nil
	}
	ids, left := make([]int64, 0, r.len()), []byte(r)
	for len(left) > 0 {
		more, n := binary.Uvarint(left)
		if n <= 0 {
			break // a repair by hand: Compare names it
		}
		from += int64(more) //nolint:gosec // as it was put there
		ids, left = append(ids, from), left[n:]
	}
	return ids
}

// len is how many ids there are: each ends with the one byte below 128.
func (r idRow) len() (n int) {
	for i := range len(r) {
		if r[i] < 1<<7 {
			n++
		}
	}
	return n
}
