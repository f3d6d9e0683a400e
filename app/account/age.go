package account

import (
	"context"
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
	Guardian  string // e-mail address of who agrees for a minor, lower case
	Code      string // of the mail to the guardian; empty for adults
	SaidAt    time.Time
	AgreedAt  time.Time // when the guardian did; zero: not yet
	RefusedAt time.Time // when the guardian said no; zero: they did not. Of them nothing is kept then
	MailID    string    // of the mail to the guardian, as long as it is kept
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

func scanAge(row data.Row) (a Age, err error) {
	return a, row.Scan(&a.AccountID, &a.Band, &a.Guardian, data.Null(&a.Code), data.Time(&a.SaidAt), data.Time(&a.AgreedAt),
		data.Time(&a.RefusedAt), data.Null(&a.MailID))
}

const ageRows = `SELECT account_id, band, guardian, code, said_at, agreed_at, refused_at, mail_id FROM ages `

// AgeOf returns what a person said of their age, or data.ErrNotFound.
func AgeOf(ctx context.Context, tx *data.Tx, accountID string) (Age, error) {
	return data.One(ctx, tx, scanAge, ageRows+`WHERE account_id = ?`, accountID)
}

// AgeByCode returns what a person said whose guardian got a code, or data.ErrNotFound.
func AgeByCode(ctx context.Context, tx *data.Tx, code string) (Age, error) {
	return data.One(ctx, tx, scanAge, ageRows+`WHERE code = ?`, code)
}

// SayAge keeps what a person said, in place of what they said before, and returns it with the code for the
// guardian of a minor. It has passed Check, and is not Young.
func SayAge(ctx context.Context, tx *data.Tx, a Age) (Age, error) {
	a.SaidAt, a.AgreedAt, a.RefusedAt, a.Code, a.MailID = tx.Now(), time.Time{}, time.Time{}, "", ""
	if a.Band == Minor {
		a.Guardian, a.Code = Address(a.Guardian), id.Code()
	} else {
		a.Guardian = ""
	}
	_, err := tx.Exec(ctx, `INSERT INTO ages (account_id, band, guardian, code, said_at) VALUES (?, ?, ?, NULLIF(?, ''), ?)
		ON CONFLICT (account_id) DO UPDATE SET band = excluded.band, guardian = excluded.guardian, code = excluded.code,
			said_at = excluded.said_at, agreed_at = NULL, refused_at = NULL, mail_id = NULL`, a.AccountID, string(a.Band), a.Guardian, a.Code, a.SaidAt)
	return a, err
}

// GuardianAsked notes the mail that asks the guardian of a minor.
func GuardianAsked(ctx context.Context, tx *data.Tx, accountID, mailID string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET mail_id = ? WHERE account_id = ?`, mailID, accountID))
}

// Agree notes that the guardian with a code agrees; data.ErrNotFound when they have answered already.
func Agree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET agreed_at = ? WHERE code = ? AND agreed_at IS NULL`, tx.Now(), code))
}

// Disagree notes that the guardian with a code does not agree, and forgets them. The mail to them is the caller's to
// forget. It returns data.ErrNotFound when they have answered already.
func Disagree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET refused_at = ?, guardian = '', code = NULL, mail_id = NULL
		WHERE code = ? AND agreed_at IS NULL`, tx.Now(), code))
}

// Unsay forgets what a person said whose guardian has not answered, so that they can say something else. The mail
// to the guardian is the caller's to forget.
func Unsay(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM ages WHERE account_id = ? AND band = 'minor' AND agreed_at IS NULL AND refused_at IS NULL`, accountID)
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

// forgetAges forgets what has had its time: who was asked, and that a guardian said no of those who are of age now.
func forgetAges(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM guardian_asks WHERE asked_at <= ?`, tx.Now().Add(-asksKept)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM ages WHERE refused_at <= ?`, tx.Now().Add(-minorAtMost))
	return err
}
