package squad

import (
	"context"
	"time"

	"ricochet.example/data"
)

// CountMembers returns how many people are in squads; who is in two counts once.
func CountMembers(ctx context.Context, tx *data.Tx) (int64, error) {
	return data.Int(ctx, tx, `SELECT count(DISTINCT account_id) FROM members`)
}

// Seated is an ambassador who is in a squad.
type Seated struct {
	AccountID string
	Name      string
	Since     time.Time // when they first came into a squad, of those that they are in
}

// AllSeated returns the ambassadors who are in a squad and may sign in.
func AllSeated(ctx context.Context, tx *data.Tx) ([]Seated, error) {
	return data.All(ctx, tx, func(row data.Row) (s Seated, err error) {
		return s, row.Scan(&s.AccountID, &s.Name, data.Time(&s.Since))
	}, `SELECT a.id, a.name, min(m.joined_at) FROM accounts a JOIN members m ON m.account_id = a.id
		WHERE a.role = 'ambassador' AND a.suspended_at IS NULL GROUP BY a.id, a.name ORDER BY lower(a.name), a.id`)
}
