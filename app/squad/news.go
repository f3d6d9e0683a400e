package squad

import (
	"context"
	"time"

	"ricochet.example/data"
)

// News is that people want into squads, for somebody who may decide about them.
type News struct {
	AccountID string
	Email     string
	Name      string
	Language  string
	Of        []NewsOf
}

// NewsOf is how many have applied to one squad since the last news.
type NewsOf struct {
	SquadID string
	Squad   string // its name
	New     int
}

// newsEvery is how long somebody hears of no further applications after they were told of some.
const newsEvery = time.Hour

// Untold returns who is to be told of applications that wait for somebody to decide: staff, and the captains, unless
// they want no such mails or were told less than an hour ago.
func Untold(ctx context.Context, tx *data.Tx) (all []News, err error) {
	err = data.Each(ctx, tx, func(row data.Row) error {
		var n News
		var of NewsOf
		if err := row.Scan(&n.AccountID, &n.Email, &n.Name, &n.Language, &of.SquadID, &of.Squad, &of.New); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].AccountID != n.AccountID {
			all = append(all, n)
		}
		last := &all[len(all)-1]
		last.Of = append(last.Of, of)
		return nil
	}, `SELECT a.id, a.email, a.name, a.language, s.id, s.name, count(*)
		FROM applications p JOIN squads s ON s.id = p.squad_id LEFT JOIN ages g ON g.account_id = p.account_id
		JOIN (SELECT x.id AS squad_id, y.id AS account_id FROM accounts y CROSS JOIN squads x WHERE y.role <> 'ambassador'
			UNION SELECT x.id, x.captain_id FROM squads x JOIN members m ON m.squad_id = x.id AND m.account_id = x.captain_id AND m.paused_at IS NULL
		) decides ON decides.squad_id = p.squad_id
		JOIN accounts a ON a.id = decides.account_id
		WHERE p.state = 'asked' AND a.suspended_at IS NULL AND a.news_off = 0
		AND (a.news_at IS NULL OR a.news_at <= ? AND (p.asked_at > a.news_at OR g.agreed_at > a.news_at))
		GROUP BY a.id, a.email, a.name, a.language, s.id, s.name ORDER BY a.id, lower(s.name), s.id`, tx.Now().Add(-newsEvery))
	return all, err
}

// Told notes that somebody was told of all applications that there are.
func Told(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE accounts SET news_at = ? WHERE id = ?`, tx.Now(), accountID)
	return err
}

// NewsOff says whether an account wants no mails about applications.
func NewsOff(ctx context.Context, tx *data.Tx, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT news_off FROM accounts WHERE id = ?`, accountID)
	return n != 0, err
}

// SetNewsOff decides whether an account wants no mails about applications from now on.
func SetNewsOff(ctx context.Context, tx *data.Tx, accountID string, off bool) error {
	_, err := tx.Exec(ctx, `UPDATE accounts SET news_off = ? WHERE id = ?`, off, accountID)
	return err
}

// Decides says whether an account is one that decides about applications: staff, or the captain of a squad.
func Decides(ctx context.Context, tx *data.Tx, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts a WHERE a.id = ? AND (a.role <> 'ambassador' OR EXISTS (
		SELECT 1 FROM squads s JOIN members m ON m.squad_id = s.id AND m.account_id = a.id AND m.paused_at IS NULL WHERE s.captain_id = a.id))`, accountID)
	return n > 0, err
}
