package squad

import (
	"context"
	"time"

	"ricochet.example/data"
)

// How long what applicants said is kept after it was decided, and how long a guardian has to answer.
const (
	answersKept   = 90 * 24 * time.Hour
	guardianWaits = 30 * 24 * time.Hour
)

// Forget deletes applications that came to an end some time ago, but for the note that somebody was taken out,
// and invitations for people who never came.
func Forget(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM applications WHERE state IN ('joined', 'declined', 'withdrawn') AND coalesce(decided_at, asked_at) <= ?`,
		tx.Now().Add(-answersKept)); err != nil {
		return err
	}
	return forgetGuests(ctx, tx)
}

// Unanswered returns the applications for which a guardian has not been heard of for a month.
func Unanswered(ctx context.Context, tx *data.Tx) ([]Application, error) {
	return data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.state = 'guardian' AND p.asked_at <= ? ORDER BY p.asked_at, p.id LIMIT 100`,
		tx.Now().Add(-guardianWaits))
}
