package notice

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Subscription is a browser that may be sent pushes: where, and the keys that only it can read them with (RFC 8291).
type Subscription struct {
	AccountID string
	SessionID string // of the browser's login; with it the subscription ends
	Endpoint  string // an https address of the browser's maker
	P256dh    string // its public key, and what both sides mix into theirs; in unpadded base64url
	Auth      string
}

const longestEndpoint = 1000

// Check returns what keeps the browser from being sent anything.
func (s Subscription) Check() (p check.Problems) {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s.Endpoint) > longestEndpoint {
		p.Add("endpoint", "check.text")
	}
	key, err := base64.RawURLEncoding.DecodeString(s.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		p.Add("p256dh", "check.text")
	}
	if auth, err := base64.RawURLEncoding.DecodeString(s.Auth); err != nil || len(auth) != 16 {
		p.Add("auth", "check.text")
	}
	return p
}

// Subscribe keeps where the browser of a login session is sent pushes, in place of what it was before.
func Subscribe(ctx context.Context, tx *data.Tx, s Subscription) error {
	hash, err := hex.DecodeString(s.SessionID)
	if err != nil {
		return data.ErrNotFound
	}
	if _, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint = ? OR session_hash = ?`, s.Endpoint, hash); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO push_subscriptions (session_hash, account_id, endpoint, p256dh, auth, made_at) VALUES (?, ?, ?, ?, ?, ?)`,
		hash, s.AccountID, s.Endpoint, s.P256dh, s.Auth, tx.Now())
	return err
}

// Unsubscribe ends the pushes to the browser of a login session.
func Unsubscribe(ctx context.Context, tx *data.Tx, sessionID string) error {
	hash, err := hex.DecodeString(sessionID)
	if err != nil {
		return data.ErrNotFound
	}
	_, err = tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE session_hash = ?`, hash)
	return err
}

// Gone ends a subscription that its endpoint does not know any more.
func Gone(ctx context.Context, tx *data.Tx, endpoint string) error {
	_, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint = ?`, endpoint)
	return err
}

// SubscriptionsOf returns those of an account.
func SubscriptionsOf(ctx context.Context, tx *data.Tx, accountID string) ([]Subscription, error) {
	return data.All(ctx, tx, func(row data.Row) (s Subscription, err error) {
		var hash []byte
		err = row.Scan(&hash, &s.AccountID, &s.Endpoint, &s.P256dh, &s.Auth)
		s.SessionID = hex.EncodeToString(hash)
		return s, err
	}, `SELECT session_hash, account_id, endpoint, p256dh, auth FROM push_subscriptions WHERE account_id = ? ORDER BY made_at, endpoint`, accountID)
}

// claimTime is how long one server has to send a push. When it is not heard of again the push is sent once more:
// browsers show two with the same tag as one. Each time that nobody takes it the pause
// is twice as long, up to longestClaim.
const (
	claimTime    = 2 * time.Minute
	longestClaim = 6 * time.Hour
)

// Pushes returns those that seem due, one a person, and what cannot be sent to anybody. zone is the
// brand's. Like Due it only reads.
func Pushes(ctx context.Context, tx *data.Tx, zone *time.Location) (due, unwanted []Notice, err error) {
	waiting, err := data.All(ctx, tx, scan, `SELECT `+columns+` FROM notices n JOIN accounts a ON a.id = n.account_id
		WHERE n.push_done = 0 AND n.happened_at > ? AND a.suspended_at IS NULL AND (n.claimed_until IS NULL OR n.claimed_until <= ?)
		ORDER BY a.id, `+order, tx.Now().Add(-fresh), tx.Now())
	if err != nil {
		return nil, nil, err
	}
	var wishes Wishes
	var browsers []Subscription
	var place *time.Location
	of := ""
	for _, n := range waiting {
		if n.AccountID != of {
			if wishes, err = WishesOf(ctx, tx, n.AccountID); err != nil {
				return nil, nil, err
			}
			if browsers, err = SubscriptionsOf(ctx, tx, n.AccountID); err != nil {
				return nil, nil, err
			}
			place, of = account.Zone(wishes.TimeZone, zone), n.AccountID
		}
		if len(browsers) == 0 || !wishes.Wants[n.Kind][Push] {
			unwanted = append(unwanted, n)
			continue
		}
		if gathers(due, n) || n.settles(tx.Now()) || len(due) > 0 && due[len(due)-1].AccountID == n.AccountID || wishes.Quiet(tx.Now().In(place)) {
			continue
		}
		may, err := n.May(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		tired, err := tired(ctx, tx, n, wishes, place)
		if err != nil {
			return nil, nil, err
		}
		if may && !tired {
			due = append(due, n)
		}
	}
	return due, unwanted, nil
}

// tired says whether somebody has had their push of their day. Who asked for more never is.
func tired(ctx context.Context, tx *data.Tx, n Notice, w Wishes, zone *time.Location) (bool, error) {
	if w.Often {
		return false, nil
	}
	now := tx.Now().In(zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	sent, err := data.Int(ctx, tx, `SELECT count(*) FROM notices WHERE account_id = ? AND (pushed_at >= ? OR claimed_until > ?)`, n.AccountID, today, tx.Now())
	return sent > 0, err
}

// Claim keeps other servers from sending a push meanwhile, and says whether it is still due. Only one server at a time
// may claim: two would each send a person another one.
func Claim(ctx context.Context, tx *data.Tx, n Notice, zone *time.Location) (bool, error) {
	if may, err := n.May(ctx, tx); err != nil || !may {
		return false, err
	}
	wishes, err := WishesOf(ctx, tx, n.AccountID)
	if err != nil {
		return false, err
	}
	if tired, err := tired(ctx, tx, n, wishes, account.Zone(wishes.TimeZone, zone)); err != nil || tired {
		return false, err
	}
	tries, err := data.Int(ctx, tx, `SELECT push_tries FROM notices WHERE account_id = ? AND kind = ? AND about = ?`, n.AccountID, string(n.Kind), n.About)
	if err != nil {
		return false, err
	}
	until := tx.Now().Add(min(claimTime<<min(tries, 10), longestClaim))
	rows, err := tx.Exec(ctx, `UPDATE notices SET claimed_until = ?, push_tries = push_tries + 1 WHERE account_id = ? AND kind = ? AND about = ? AND push_done = 0
		AND (claimed_until IS NULL OR claimed_until <= ?)`, until, n.AccountID, string(n.Kind), n.About, tx.Now())
	return rows > 0, err
}

// Unpushed notes that a push can be sent to nobody.
func Unpushed(ctx context.Context, tx *data.Tx, n Notice) error {
	_, err := tx.Exec(ctx, `UPDATE notices SET push_done = 1 WHERE account_id = ? AND kind = ? AND about = ?`, n.AccountID, string(n.Kind), n.About)
	return err
}

// Pushed notes that a push was sent.
func Pushed(ctx context.Context, tx *data.Tx, n Notice) error {
	for _, about := range append([]string{n.About}, n.Along...) {
		_, err := tx.Exec(ctx, `UPDATE notices SET push_done = 1, pushed_at = ?, claimed_until = NULL WHERE account_id = ? AND kind = ? AND about = ?`,
			tx.Now(), n.AccountID, string(n.Kind), about)
		if err != nil {
			return err
		}
	}
	return nil
}
