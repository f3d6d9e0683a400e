package drop

import (
	"context"
	"fmt"

	"ricochet.example/data"
)

// NoteRead notes that a member looks at a drop. The first time stays; data.ErrNotFound if it is none that they may see.
func NoteRead(ctx context.Context, tx *data.Tx, accountID, dropID string) error {
	if _, err := VisibleByID(ctx, tx, accountID, dropID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO reads (account_id, drop_id, read_at) VALUES (?, ?, ?) ON CONFLICT (account_id, drop_id) DO NOTHING`,
		accountID, dropID, tx.Now())
	if err != nil {
		return fmt.Errorf("noting that a drop was read: %w", err)
	}
	return nil
}

// ReadBy returns the drops that a member has looked at.
func ReadBy(ctx context.Context, tx *data.Tx, accountID string) (map[string]bool, error) {
	return ids(ctx, tx, `SELECT drop_id FROM reads WHERE account_id = ?`, accountID)
}

// ReadersIn returns the members of a squad who have looked at a drop.
func ReadersIn(ctx context.Context, tx *data.Tx, squadID, dropID string) (map[string]bool, error) {
	return ids(ctx, tx, `SELECT r.account_id FROM members m JOIN reads r ON r.account_id = m.account_id WHERE m.squad_id = ? AND r.drop_id = ?`, squadID, dropID)
}

// ids are those that a query finds, as a set.
func ids(ctx context.Context, tx *data.Tx, query string, args ...any) (map[string]bool, error) {
	all, err := data.All(ctx, tx, data.Text, query, args...)
	in := make(map[string]bool, len(all))
	for _, id := range all {
		in[id] = true
	}
	return in, err
}
