package squad

import (
	"context"

	"ricochet.example/data"
)

// CountMembers returns how many people are in squads; who is in two counts once.
func CountMembers(ctx context.Context, tx *data.Tx) (int64, error) {
	return data.Int(ctx, tx, `SELECT count(DISTINCT account_id) FROM members`)
}
