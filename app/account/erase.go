package account

import (
	"context"
	"fmt"

	"ricochet.example/data"
)

// Erase forgets a person: the account, where it was signed in, the sign-ins that
// were asked for with its address, and its seats. What it shared is no longer
// under its name. It refuses the last owner.
func Erase(ctx context.Context, tx *data.Tx, accountID string) error {
	if err := spare(ctx, tx, accountID); err != nil {
		return err
	}
	a, err := ByID(ctx, tx, accountID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE email = ?`, a.Email); err != nil {
		return fmt.Errorf("forgetting sign-ins: %w", err)
	}
	return found(tx.Exec(ctx, `DELETE FROM accounts WHERE id = ?`, a.ID))
}
