package reward

import (
	"context"
	"fmt"

	"ricochet.example/data"
)

// Reached returns the ids of the levels that each account is known to have reached; the empty one says from when on
// it was looked at.
func Reached(ctx context.Context, tx *data.Tx) (map[string]map[string]bool, error) {
	all := map[string]map[string]bool{}
	return all, data.Each(ctx, tx, func(row data.Row) error {
		var account, level string
		err := row.Scan(&account, &level)
		if all[account] == nil {
			all[account] = map[string]bool{}
		}
		all[account][level] = true
		return err
	}, `SELECT account_id, level_id FROM levels_reached`)
}

// Reach notes that an account has reached a level, or with none that it was looked at. False says that this was known.
func Reach(ctx context.Context, tx *data.Tx, accountID, levelID string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO levels_reached (account_id, level_id, reached_at)
		SELECT id, CAST(? AS TEXT), CAST(? AS BIGINT) FROM accounts WHERE id = ?
		ON CONFLICT (account_id, level_id) DO NOTHING`, levelID, tx.Now(), accountID)
	if err != nil {
		return false, fmt.Errorf("noting that a level was reached: %w", err)
	}
	return n > 0, nil
}
