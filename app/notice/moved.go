package notice

import (
	"context"
	"fmt"

	"ricochet.example/app/message"
	"ricochet.example/data"
)

// Moved takes back the mails about a drop that nobody has been handed and whose readers may not know of it any more,
// because its release was changed: they are told again when its time comes.
func Moved(ctx context.Context, tx *data.Tx, dropID string) error {
	type waiting struct {
		Notice
		mailID string
	}
	all, err := data.All(ctx, tx, func(row data.Row) (w waiting, err error) {
		return w, row.Scan(&w.AccountID, &w.Kind, &w.About, &w.mailID)
	}, `SELECT account_id, kind, about, mail_id FROM notices WHERE about = ? AND kind IN ('opened', 'shareable') AND mail_id IS NOT NULL
		ORDER BY account_id, kind`, dropID)
	if err != nil {
		return err
	}
	for _, w := range all {
		if may, err := w.May(ctx, tx); err != nil || may {
			if err != nil {
				return err
			}
			continue
		}
		gone, err := message.Recall(ctx, tx, w.mailID)
		if err != nil {
			return fmt.Errorf("taking a mail back: %w", err)
		}
		if !gone {
			continue // it went out, or may have
		}
		_, err = tx.Exec(ctx, `UPDATE notices SET mail_done = 0, mailed_at = NULL, mail_id = NULL WHERE account_id = ? AND kind = ? AND about = ?`,
			w.AccountID, string(w.Kind), w.About)
		if err != nil {
			return err
		}
	}
	return nil
}

// WrittenAs notes which mail tells of a notice.
func WrittenAs(ctx context.Context, tx *data.Tx, n Notice, mailID string) error {
	_, err := tx.Exec(ctx, `UPDATE notices SET mail_id = ? WHERE account_id = ? AND kind = ? AND about = ?`, mailID, n.AccountID, string(n.Kind), n.About)
	return err
}
