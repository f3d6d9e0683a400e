package spread

import (
	"context"

	"ricochet.example/data"
)

// Look is one tree, as far as the fold has come.
type Look struct {
	Leaves    []Leaf
	Reckoning Reckoning
	Mark      Mark
	Most      int64
	Rehearsal bool
}

// LookAt reads and reckons the tree of a link.
func LookAt(ctx context.Context, tx *data.Tx, linkID int64) (l Look, err error) {
	var f Folder
	t, err := f.tree(ctx, tx, linkID)
	if err != nil {
		return l, err
	}
	if l.Mark, err = MarkOf(ctx, tx); err != nil {
		return l, err
	}
	l.Most, l.Rehearsal = t.most, t.rehearsal
	if l.Leaves, err = leavesOf(ctx, tx, linkID, l.Mark, t.rehearsal); err != nil {
		return l, err
	}
	l.Reckoning = Reckon(l.Leaves, t.most)
	return l, nil
}
