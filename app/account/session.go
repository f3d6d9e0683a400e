package account

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Session is a signed-in browser. The browser holds 32 random bytes, the database their hash.
type Session struct {
	ID        string // the hash in hexadecimal: names the session in its owner's list, and opens nothing
	AccountID string
	Device    string // as Device put it, to tell one browser from another
	CreatedAt time.Time
	SeenAt    time.Time // to within five minutes
	EndsAt    time.Time // at the latest
}

// How long a browser stays signed in: without being used, and at most. The brand's own people see what is
// secret, so they sign in more often.
const (
	idle       = 14 * 24 * time.Hour
	longest    = 90 * 24 * time.Hour
	idleStaff  = 12 * time.Hour
	mostStaff  = 7 * 24 * time.Hour
	seenEvery  = 5 * time.Minute
	most       = 10 // browsers of one account at a time
	secretSize = 32 // bytes
)

// ErrSuspended is what a suspended account gets instead of a session.
var ErrSuspended = errors.New("the account is suspended")

const sessionColumns = `s.id_hash, s.account_id, s.device, s.created_at, s.seen_at, s.ends_at`

func (s *Session) fields(hash *[]byte) []any {
	return []any{hash, &s.AccountID, &s.Device, data.Time(&s.CreatedAt), data.Time(&s.SeenAt), data.Time(&s.EndsAt)}
}

// Stale says whether it is time to note, with Seen, that the session is in use.
func (s Session) Stale(now time.Time) bool { return now.Sub(s.SeenAt) >= seenEvery }

// over says whether the session of an account has ended.
func (s Session) over(a Account, now time.Time) bool {
	limit := idle
	if a.Staff() {
		limit = idleStaff
	}
	return !now.Before(s.EndsAt) || now.Sub(s.SeenAt) >= limit
}

// SignIn opens a session for an account and returns the secret for the browser's cookie. The eleventh
// session ends the one that was not used for longest. A suspended account gets ErrSuspended.
func SignIn(ctx context.Context, tx *data.Tx, accountID, device string) (secret []byte, err error) {
	if err := data.Lock(ctx, tx, "sessions "+accountID); err != nil {
		return nil, err
	}
	a, err := ByID(ctx, tx, accountID)
	if err != nil {
		return nil, err
	}
	if a.Suspended() {
		return nil, ErrSuspended
	}
	if _, err := tx.Exec(ctx, `DELETE FROM login_sessions WHERE account_id = ? AND (ends_at <= ? OR id_hash NOT IN
			(SELECT id_hash FROM login_sessions WHERE account_id = ? AND ends_at > ?
			ORDER BY seen_at DESC, created_at DESC, id_hash LIMIT ?))`,
		accountID, tx.Now(), accountID, tx.Now(), most-1); err != nil {
		return nil, err
	}
	ends := tx.Now().Add(longest)
	if a.Staff() {
		ends = tx.Now().Add(mostStaff)
	}
	secret = id.Secret(secretSize)
	_, err = tx.Exec(ctx, `INSERT INTO login_sessions (id_hash, account_id, device, created_at, seen_at, ends_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id.Hash(secret), accountID, device, tx.Now(), tx.Now(), ends)
	return secret, err
}

// BySession returns who is signed in on the browser that holds the secret. It returns data.ErrNotFound when
// nobody is, when the session has ended, and when the account is suspended. It only reads: see Stale.
func BySession(ctx context.Context, tx *data.Tx, secret []byte) (a Account, s Session, err error) {
	hash := id.Hash(secret)
	_, err = data.One(ctx, tx, func(row data.Row) (struct{}, error) {
		return struct{}{}, row.Scan(append(a.fields(), s.fields(&hash)...)...)
	}, `SELECT `+columns+`, `+sessionColumns+` FROM login_sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.id_hash = ? AND a.suspended_at IS NULL`, hash)
	s.ID = hex.EncodeToString(hash)
	if err == nil && s.over(a, tx.Now()) {
		err = data.ErrNotFound
	}
	if err != nil {
		return Account{}, Session{}, err
	}
	return a, s, nil
}

// Seen notes that a session is in use.
func Seen(ctx context.Context, tx *data.Tx, s Session) error {
	hash, err := s.hash()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE login_sessions SET seen_at = ? WHERE id_hash = ? AND seen_at < ?`,
		tx.Now(), hash, tx.Now())
	return err
}

func (s Session) hash() ([]byte, error) {
	hash, err := hex.DecodeString(s.ID)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is no session", data.ErrNotFound, s.ID)
	}
	return hash, nil
}

// SessionsOf returns the browsers that an account is signed in on, the one used last first.
func SessionsOf(ctx context.Context, tx *data.Tx, a Account) ([]Session, error) {
	all, err := data.All(ctx, tx, func(row data.Row) (s Session, err error) {
		var hash []byte
		err = row.Scan(s.fields(&hash)...)
		s.ID = hex.EncodeToString(hash)
		return s, err
	}, `SELECT `+sessionColumns+` FROM login_sessions s WHERE s.account_id = ?
		ORDER BY s.seen_at DESC, s.created_at DESC, s.id_hash`, a.ID)
	var live []Session
	for _, s := range all {
		if !s.over(a, tx.Now()) {
			live = append(live, s)
		}
	}
	return live, err
}

// SignOut ends one session of an account; that there is no such session is no error.
func SignOut(ctx context.Context, tx *data.Tx, s Session) error {
	hash, err := s.hash()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM login_sessions WHERE id_hash = ? AND account_id = ?`, hash, s.AccountID)
	return err
}

// SignOutAll ends every session of an account.
func SignOutAll(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM login_sessions WHERE account_id = ?`, accountID)
	return err
}

// Forget deletes sessions that have ended and sign-ins that nothing depends on any more.
func Forget(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM login_sessions WHERE ends_at <= ? OR seen_at <= ?`,
		tx.Now(), tx.Now().Add(-idle)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE asked_at <= ?`, tx.Now().Add(-askWindow)); err != nil {
		return err
	}
	return forgetAges(ctx, tx)
}
