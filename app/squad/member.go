package squad

import (
	"context"
	"time"

	"ricochet.example/data"
)

// Member is an account that is in a squad.
type Member struct {
	AccountID string
	Name      string
	Email     string // for staff and captains; other members do not see it
	JoinedAt  time.Time
	Captain   bool
	Suspended bool
	Staff     bool // works for the brand
}

func scanMember(row data.Row) (m Member, err error) {
	return m, row.Scan(&m.AccountID, &m.Name, &m.Email, data.Time(&m.JoinedAt), data.Bool(&m.Captain), data.Bool(&m.Suspended), data.Bool(&m.Staff))
}

// MembersOf returns who is in a squad, the captain first, then by name.
func MembersOf(ctx context.Context, tx *data.Tx, squadID string) ([]Member, error) {
	const captain = `CASE WHEN s.captain_id = a.id THEN 1 ELSE 0 END`
	return data.All(ctx, tx, scanMember, `SELECT a.id, a.name, a.email, m.joined_at, `+captain+`,
			CASE WHEN a.suspended_at IS NULL THEN 0 ELSE 1 END, CASE WHEN a.role = 'ambassador' THEN 0 ELSE 1 END
		FROM members m JOIN accounts a ON a.id = m.account_id JOIN squads s ON s.id = m.squad_id
		WHERE m.squad_id = ? ORDER BY `+captain+` DESC, lower(a.name), a.id`, squadID)
}

// IsMember says whether an account is in a squad.
func IsMember(ctx context.Context, tx *data.Tx, squadID, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM members WHERE squad_id = ? AND account_id = ?`, squadID, accountID)
	return n > 0, err
}

// Leave takes an account out of a squad, on its own wish or a manager's, and frees the seat; the captain
// stops leading it. That it is no member is no error.
func Leave(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	if _, err := tx.Exec(ctx, `UPDATE squads SET captain_id = NULL WHERE id = ? AND captain_id = ?`, squadID, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM members WHERE squad_id = ? AND account_id = ?`, squadID, accountID)
	return err
}
