package notice

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/reward"
	"ricochet.example/data"
)

// aboutClaim is what a notice of a reward is about: the claim, and what became of it.
func aboutClaim(claimID string, s reward.State) string { return claimID + ":" + string(s) }

// claimSince returns what became of claims since a moment. What somebody was given while they asked is no news.
func claimsSince(ctx context.Context, tx *data.Tx, since time.Time) (all []Notice, err error) {
	err = data.Each(ctx, tx, func(row data.Row) error {
		n := Notice{Kind: Reward}
		var claimID string
		var s reward.State
		err := row.Scan(&n.AccountID, &claimID, &s, data.Time(&n.HappenedAt))
		n.About = aboutClaim(claimID, s)
		all = append(all, n)
		return err
	}, `SELECT c.account_id, c.id, c.state, CASE WHEN c.state = 'sent' THEN c.sent_at ELSE c.decided_at END
		FROM claims c JOIN accounts a ON a.id = c.account_id AND a.role = 'ambassador' AND a.suspended_at IS NULL
		WHERE c.state IN ('approved', 'declined') AND c.decided_at > ? OR c.state = 'sent' AND c.sent_at > ? AND c.sent_at > c.asked_at
		ORDER BY c.id`, since, since)
	return all, err
}

// ClaimOf returns the claim that a notice is about; data.ErrNotFound if something else became of it meanwhile.
func ClaimOf(ctx context.Context, tx *data.Tx, n Notice) (reward.Claim, error) {
	claimID, state, _ := strings.Cut(n.About, ":")
	c, err := reward.ClaimByID(ctx, tx, claimID)
	if err == nil && (string(c.State) != state || c.AccountID != n.AccountID) {
		err = data.ErrNotFound
	}
	return c, err
}

// LevelOf returns the level that a notice is about, if the ladder still has it.
func LevelOf(ctx context.Context, tx *data.Tx, n Notice) (reward.Level, error) {
	ladder, err := reward.Levels(ctx, tx)
	if err != nil {
		return reward.Level{}, err
	}
	if at := ladder.Place(n.About); at > 0 {
		return ladder[at-1], nil
	}
	return reward.Level{}, data.ErrNotFound
}
