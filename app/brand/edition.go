package brand

import (
	"context"

	"ricochet.example/data"
)

// Edition is the number of what readers are shown. While it stays the same,
// what a server remembers of drops, releases and links holds.
func Edition(ctx context.Context, tx *data.Tx) (int64, error) {
	return data.Int(ctx, tx, `SELECT number FROM editions WHERE id = 1`)
}

// NewEdition says that what readers are shown has changed. Whatever changes a
// drop, its release, or whether a link is followed, ends with it.
func NewEdition(ctx context.Context, tx *data.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE editions SET number = number + 1 WHERE id = 1`)
	return err
}
