package drop

import (
	"context"

	"ricochet.example/data"
)

// VisibleIDs returns which drops an account may see, by their ids. It is never nil.
func VisibleIDs(ctx context.Context, tx *data.Tx, accountID string) ([]string, error) {
	all, err := data.All(ctx, tx, data.Text, `SELECT d.id FROM drops d CROSS JOIN accounts a WHERE a.id = ? AND `+isVisible, accountID, tx.Now(), tx.Now())
	return append([]string{}, all...), err
}
