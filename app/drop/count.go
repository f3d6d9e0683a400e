package drop

import (
	"context"

	"ricochet.example/data"
)

// Count returns how many drops there are.
func Count(ctx context.Context, tx *data.Tx) (int64, error) {
	return data.Int(ctx, tx, `SELECT count(*) FROM drops`)
}

// CountReleased returns how many drops have a release, be it for later.
func CountReleased(ctx context.Context, tx *data.Tx) (int64, error) {
	return data.Int(ctx, tx, `SELECT count(*) FROM drops d
		WHERE d.public_at IS NOT NULL OR EXISTS (SELECT 1 FROM release_steps s WHERE s.drop_id = d.id)`)
}
