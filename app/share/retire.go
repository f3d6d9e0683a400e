package share

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/app/voice"
	"ricochet.example/data"
)

// Retention is how long an open keeps its channel, its device and its hour, and what a reader said its open and its hour.
const Retention = 90 * 24 * time.Hour

// Retire cuts opens older than Retention down to what may be kept: which tree,
// below whom, on which day, and whether it counts; and with them what readers
// said. It takes the next few; what is left is taken the next time.
func Retire(ctx context.Context, tx *data.Tx) error {
	if err := voice.Retire(ctx, tx, tx.Now().Add(-Retention)); err != nil {
		return err
	}
	// Opens come in the order of their time, so the first that is too young ends the search.
	last, due := int64(0), tx.Now().Add(-Retention).UnixMilli()
	err := data.Each(ctx, tx, func(r data.Row) error {
		var id, at int64
		if err := r.Scan(&id, &at); err != nil {
			return err
		}
		if at >= due {
			due = 0
		}
		if at < due {
			last = id
		}
		return nil
	}, `SELECT o.id, o.opened_at FROM retirement r JOIN opens o ON o.id > r.open_id WHERE r.id = 1 ORDER BY o.id LIMIT 2000`)
	if err != nil || last == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE opens SET channel = 0, observed = 0, device = 0, opened_at = opened_at - opened_at % 86400000
		WHERE id > (SELECT open_id FROM retirement WHERE id = 1) AND id <= ? AND opened_at < ?`, last, tx.Now().Add(-Retention)); err != nil {
		return fmt.Errorf("retiring old opens: %w", err)
	}
	// Which moment they came by would tell their hour.
	if _, err := tx.Exec(ctx, `DELETE FROM moment_opens WHERE open_id > (SELECT open_id FROM retirement WHERE id = 1) AND open_id <= ?`, last); err != nil {
		return fmt.Errorf("retiring the marks of moments: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE retirement SET open_id = ? WHERE id = 1`, last)
	return err
}
