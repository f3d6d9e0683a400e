package drop

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/data"
)

// Stop is that the release of a drop was taken back, and stands nowhere.
type Stop struct {
	DropID string
	At     time.Time // zero: nobody wrote it down
	By     string    // name of who did it; empty: nobody wrote it down, or they were erased since
}

// Stops returns the drops that are stopped, by their ids: nothing is planned for them, and they were released once. By
// then members had links, or somebody wrote down that they stopped it.
func Stops(ctx context.Context, tx *data.Tx) (map[string]Stop, error) {
	stops := map[string]Stop{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var s Stop
		err := r.Scan(&s.DropID, data.Time(&s.At), &s.By)
		stops[s.DropID] = s
		return err
	}, `SELECT d.id, a.acted_at, coalesce(w.name, '') FROM drops d
		LEFT JOIN acts a ON a.id = (SELECT max(x.id) FROM acts x WHERE x.drop_id = d.id AND x.kind = 'drop_stopped')
		LEFT JOIN accounts w ON w.id = a.account_id
		WHERE d.public_at IS NULL AND NOT EXISTS (SELECT 1 FROM release_steps step WHERE step.drop_id = d.id)
		AND (a.id IS NOT NULL OR EXISTS (SELECT 1 FROM links l WHERE l.drop_id = d.id AND l.rehearsal = 0 AND l.account_id IS NOT NULL))`)
	if err != nil {
		return nil, fmt.Errorf("reading which drops are stopped: %w", err)
	}
	return stops, nil
}

// IsAway says whether a member who has a link of a drop has lost it for now: they do not see it, and nothing is planned by
// which they will. They have known of it, so they may be told so much.
func IsAway(ctx context.Context, tx *data.Tx, accountID, dropID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM links l JOIN drops d ON d.id = l.drop_id JOIN accounts a ON a.id = l.account_id
		WHERE d.id = ? AND a.id = ? AND l.rehearsal = 0 AND a.suspended_at IS NULL AND NOT `+isVisible+` AND NOT `+IsPlanned,
		dropID, accountID, tx.Now(), tx.Now())
	if err != nil {
		return false, fmt.Errorf("looking whether a drop was taken back: %w", err)
	}
	return n > 0, nil
}
