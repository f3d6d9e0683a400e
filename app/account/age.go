package account

import (
	"context"
	"encoding/hex"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Age is what a person said of their age: a band, never a date of birth. It is shown to nobody but the person,
// and to those who decide about them.
type Age struct {
	AccountID string
	Band      Band
	Guardian  string // e-mail address of who agrees for a minor, lower case; empty once they must be of age
	Code      string // of the mail to the guardian: known when it is made, and after that only to them
	SaidAt    time.Time
	AgreedAt  time.Time // when the guardian did; zero: not yet
	RefusedAt time.Time // when the guardian said no; zero: they did not. Of them nothing is kept then
	MailID    string    // of the mail to the guardian, as long as it is kept

	WithdrawnAt time.Time // when the guardian took back what they had agreed to; zero: they did not
	GrownAt     time.Time // when they said that they are 18 now, and nobody has decided; zero: nothing waits
	DeclinedAt  time.Time // when that was declined last; zero: never
	Reason      string    // and why
}

// Band is a range of ages.
type Band string

// The bands. Nobody under 16 is taken, so that is said on the spot and never kept.
const (
	Adult Band = "adult" // 18 or older
	Minor Band = "minor" // 16 or 17
	Young Band = "young" // under 16
)

// Check returns what is wrong with what somebody with an e-mail address said. A guardian is somebody else.
func (a Age) Check(email string) (p check.Problems) {
	p.OneOf("band", string(a.Band), string(Adult), string(Minor), string(Young))
	if a.Band == Minor {
		p.Email("guardian", Address(a.Guardian))
		if Address(a.Guardian) == Address(email) {
			p.Add("guardian", "age.own_address")
		}
	}
	return p
}

// Settled says that nobody has to agree any more.
func (a Age) Settled() bool { return a.Band == Adult || a.Band == Minor && !a.AgreedAt.IsZero() }

// Held says that they are a member as long as a guardian agrees, who does.
func (a Age) Held() bool { return a.Band == Minor && !a.AgreedAt.IsZero() }

// OfAgeAt is when they are 18 at the latest, be it only 16 that they were when they said so.
func (a Age) OfAgeAt() time.Time { return a.SaidAt.Add(minorAtMost) }

// againAfter is how long somebody of whom it was declined that they are 18 does not say it again.
const againAfter = 30 * 24 * time.Hour

// MayGrowAt is from when on they may say that they are 18 now; the zero time: at once.
func (a Age) MayGrowAt() time.Time {
	if a.DeclinedAt.IsZero() {
		return time.Time{}
	}
	return a.DeclinedAt.Add(againAfter)
}

func scanAge(row data.Row) (a Age, err error) {
	return a, row.Scan(&a.AccountID, &a.Band, &a.Guardian, data.Time(&a.SaidAt), data.Time(&a.AgreedAt), data.Time(&a.RefusedAt), data.Null(&a.MailID),
		data.Time(&a.WithdrawnAt), data.Time(&a.GrownAt), data.Time(&a.DeclinedAt), &a.Reason)
}

const ageRows = `SELECT account_id, band, guardian, said_at, agreed_at, refused_at, mail_id, withdrawn_at, grown_at, grown_declined_at, grown_reason FROM ages `

// AgeOf returns what a person said of their age, or data.ErrNotFound.
func AgeOf(ctx context.Context, tx *data.Tx, accountID string) (Age, error) {
	return data.One(ctx, tx, scanAge, ageRows+`WHERE account_id = ?`, accountID)
}

// AgeByCode returns what a person said whose guardian got a code, or data.ErrNotFound.
func AgeByCode(ctx context.Context, tx *data.Tx, code string) (Age, error) {
	return data.One(ctx, tx, scanAge, ageRows+`WHERE code IN (?, ?)`, keptAs(code)...)
}

// keptAs are the texts that may be kept of a guardian's code: its hash; and the code itself, which older versions kept
// until forgetAges comes by. A hash is no code.
func keptAs(code string) []any {
	hash, clear := hashed(code), code
	if len(clear) >= len(hash) {
		clear = ""
	}
	return []any{hash, clear}
}

func hashed(code string) string { return hex.EncodeToString(id.Hash(code)) }

// SayAge keeps what a person said, in place of what they said before, and returns it with the code for the
// guardian of a minor. It has passed Check, and is not Young.
func SayAge(ctx context.Context, tx *data.Tx, a Age) (Age, error) {
	a = Age{AccountID: a.AccountID, Band: a.Band, Guardian: a.Guardian, SaidAt: tx.Now()}
	if a.Band == Minor {
		a.Guardian, a.Code = Address(a.Guardian), id.Code()
	} else {
		a.Guardian = ""
	}
	hash := ""
	if a.Code != "" {
		hash = hashed(a.Code)
	}
	_, err := tx.Exec(ctx, `INSERT INTO ages (account_id, band, guardian, code, said_at) VALUES (?, ?, ?, NULLIF(?, ''), ?)
		ON CONFLICT (account_id) DO UPDATE SET band = excluded.band, guardian = excluded.guardian, code = excluded.code,
			said_at = excluded.said_at, agreed_at = NULL, refused_at = NULL, mail_id = NULL,
			withdrawn_at = NULL, grown_at = NULL, grown_declined_at = NULL, grown_reason = ''`, a.AccountID, string(a.Band), a.Guardian, hash, a.SaidAt)
	return a, err
}

// LockAge makes everybody else wait who would decide of a person's age, or whether their guardian agrees.
func LockAge(ctx context.Context, tx *data.Tx, accountID string) error {
	return data.Lock(ctx, tx, "age "+accountID)
}

// GuardianAsked notes the mail that asks the guardian of a minor.
func GuardianAsked(ctx context.Context, tx *data.Tx, accountID, mailID string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET mail_id = ? WHERE account_id = ?`, mailID, accountID))
}

// Agree notes that the guardian with a code agrees, be it again; data.ErrNotFound when they do already, or do not.
func Agree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET agreed_at = ?, withdrawn_at = NULL WHERE code IN (?, ?) AND agreed_at IS NULL`,
		append([]any{tx.Now()}, keptAs(code)...)...))
}

// Disagree notes that the guardian with a code does not agree, and forgets them. The mail to them is the caller's to
// forget. It returns data.ErrNotFound when they have answered already.
func Disagree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET refused_at = ?, guardian = '', code = NULL, mail_id = NULL
		WHERE code IN (?, ?) AND agreed_at IS NULL AND withdrawn_at IS NULL`, append([]any{tx.Now()}, keptAs(code)...)...))
}

// Withdraw notes that the guardian with a code takes back what they agreed to; data.ErrNotFound when they agree to
// nothing. What follows for the person is the caller's to do.
func Withdraw(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET withdrawn_at = ?, agreed_at = NULL, grown_at = NULL WHERE code IN (?, ?) AND agreed_at IS NOT NULL`,
		append([]any{tx.Now()}, keptAs(code)...)...))
}

// SayGrown notes that a member for whom a guardian agrees says that they are 18 now. That they have said so, or that
// it was declined a moment ago, is no error.
func SayGrown(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE ages SET grown_at = ? WHERE account_id = ? AND band = 'minor' AND agreed_at IS NOT NULL AND grown_at IS NULL
		AND (grown_declined_at IS NULL OR grown_declined_at <= ?)`, tx.Now(), accountID, tx.Now().Add(-againAfter))
	return err
}

// DeclineGrown decides that nobody believes yet that a member is 18, and why; data.ErrNotFound when nothing waits.
func DeclineGrown(ctx context.Context, tx *data.Tx, accountID, reason string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET grown_at = NULL, grown_declined_at = ?, grown_reason = ? WHERE account_id = ? AND grown_at IS NOT NULL`,
		tx.Now(), reason, accountID))
}

// GrowUp makes an adult of a minor, and forgets their guardian; data.ErrNotFound when they are none. The mail to the
// guardian is the caller's to forget.
func GrowUp(ctx context.Context, tx *data.Tx, accountID string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET band = 'adult', guardian = '', code = NULL, mail_id = NULL, agreed_at = NULL, refused_at = NULL,
		withdrawn_at = NULL, grown_at = NULL, grown_declined_at = NULL, grown_reason = '' WHERE account_id = ? AND band = 'minor'`, accountID))
}

// grown are the members who say that they are 18 now and of whom nobody has decided.
const grown = ` FROM accounts a JOIN ages g ON g.account_id = a.id WHERE g.grown_at IS NOT NULL AND a.suspended_at IS NULL`

// Grown returns the members who say that they are 18 now and of whom nobody has decided, the first first: limit of them,
// after leaving out some.
func Grown(ctx context.Context, tx *data.Tx, limit, leftOut int) ([]Account, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+grown+` ORDER BY g.grown_at, a.id LIMIT ? OFFSET ?`, limit, leftOut)
}

// CountGrown returns how many there are.
func CountGrown(ctx context.Context, tx *data.Tx) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*)`+grown)
	return int(n), err
}

// Unsay forgets what a person said whose guardian has not answered, so that they can say something else. The mail
// to the guardian is the caller's to forget.
func Unsay(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM ages WHERE account_id = ? AND band = 'minor' AND agreed_at IS NULL AND refused_at IS NULL
		AND withdrawn_at IS NULL`, accountID)
	return err
}

// asksKept is how long it is known who was asked to agree.
const asksKept = 24 * time.Hour

// NoteAsk notes that somebody asked a guardian to agree. Both are hashes that say nothing of them.
func NoteAsk(ctx context.Context, tx *data.Tx, guardian, asker string) error {
	_, err := tx.Exec(ctx, `INSERT INTO guardian_asks (guardian, asker, asked_at) VALUES (?, ?, ?)`, guardian, asker, tx.Now())
	return err
}

// CountAsks returns how often a guardian was asked to agree within a day, and how often somebody asked any.
func CountAsks(ctx context.Context, tx *data.Tx, guardian, asker string) (asked, asks int, err error) {
	_, err = data.One(ctx, tx, func(row data.Row) (struct{}, error) { return struct{}{}, row.Scan(&asked, &asks) },
		`SELECT count(CASE WHEN guardian = ? THEN 1 END), count(CASE WHEN asker = ? THEN 1 END) FROM guardian_asks WHERE asked_at > ?`,
		guardian, asker, tx.Now().Add(-asksKept))
	return asked, asks, err
}

// minorAtMost is how long somebody who is 16 is under 18.
const minorAtMost = 2 * 366 * 24 * time.Hour

// forgetAges forgets what has had its time: who was asked, that a guardian said no of those who are of age now, the
// guardians of all others who must be of age now, and the codes of guardians that are kept in clear.
func forgetAges(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM guardian_asks WHERE asked_at <= ?`, tx.Now().Add(-asksKept)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM ages WHERE refused_at <= ?`, tx.Now().Add(-minorAtMost)); err != nil {
		return err
	}
	// That somebody agreed stays: they are members by it until they say that they are 18.
	if _, err := tx.Exec(ctx, `UPDATE ages SET guardian = '', code = NULL WHERE guardian <> '' AND said_at <= ?`,
		tx.Now().Add(-minorAtMost)); err != nil {
		return err
	}
	clear, err := data.All(ctx, tx, data.Text, `SELECT code FROM ages WHERE code IS NOT NULL AND length(code) < ?`, len(hashed("")))
	if err != nil {
		return err
	}
	for _, code := range clear {
		if _, err := tx.Exec(ctx, `UPDATE ages SET code = ? WHERE code = ?`, hashed(code), code); err != nil {
			return err
		}
	}
	return nil
}
