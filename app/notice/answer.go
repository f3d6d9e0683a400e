package notice

import (
	"context"
	"errors"
	"time"

	"ricochet.example/app/voice"
	"ricochet.example/data"
)

// lull is how long it is waited after an answer: who answers goes on answering, or mends what they wrote, and all of
// that is told at once.
const lull = 5 * time.Minute

// NoteAnswer notes that something became of what a member said, again where they were told before. What they made of it
// themself is no news; nor is there anybody to tell where a reader said it.
func NoteAnswer(ctx context.Context, tx *data.Tx, voiceID, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO notices (account_id, kind, about, happened_at)
		SELECT v.account_id, 'answered', v.id, CAST(? AS BIGINT) FROM voices v
		JOIN accounts a ON a.id = v.account_id AND a.role = 'ambassador' AND a.suspended_at IS NULL
		WHERE v.id = ? AND v.account_id <> ?
		ON CONFLICT (account_id, kind, about) DO UPDATE SET happened_at = excluded.happened_at, mail_done = 0, push_done = 0, push_tries = 0`,
		tx.Now().UnixMilli(), voiceID, by)
	return err
}

// AnsweredOf returns what the person said, and something became of, that a notice is about; data.ErrNotFound if all of
// it is gone meanwhile.
func AnsweredOf(ctx context.Context, tx *data.Tx, n Notice) (all []voice.Voice, err error) {
	for _, about := range append([]string{n.About}, n.Along...) {
		v, err := voice.ByID(ctx, tx, about)
		if errors.Is(err, data.ErrNotFound) || err == nil && (v.AccountID != n.AccountID || v.State == voice.New) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if len(all) == 0 {
		return nil, data.ErrNotFound
	}
	return all, nil
}

// Since leaves out of what was answered the answers that were told of at a moment or before it, so that what is said now
// is what is new.
func Since(all []voice.Voice, told time.Time) []voice.Voice {
	for i := range all {
		if !all[i].AnsweredAt.After(told) {
			all[i].Answer = ""
		}
	}
	return all
}

// gathers adds a notice to the last of some, if they are told together, and says whether they are.
func gathers(some []Notice, n Notice) bool {
	if len(some) == 0 || n.Kind != Answered {
		return false
	}
	last := &some[len(some)-1]
	if last.AccountID != n.AccountID || last.Kind != Answered {
		return false
	}
	last.Along = append(last.Along, n.About)
	return true
}

// settles says whether there may be more to tell in a moment.
func (n Notice) settles(now time.Time) bool {
	return n.Kind == Answered && now.Sub(n.HappenedAt) < lull
}
