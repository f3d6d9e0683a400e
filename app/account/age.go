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
	return a, row.Scan(&a.AccountID, &a.Band, &a.Guardian, data.Null(&a.Code), data.Time(&a.SaidAt), data.Time(&a.AgreedAt))
}

const ageRows = `SELECT account_id, band, guardian, code, said_at, agreed_at FROM ages `

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
	a.SaidAt, a.AgreedAt, a.Code = tx.Now(), time.Time{}, ""
	if a.Band == Minor {
		a.Guardian, a.Code = Address(a.Guardian), id.Code()
	} else {
		a.Guardian = ""
	}
	_, err := tx.Exec(ctx, `INSERT INTO ages (account_id, band, guardian, code, said_at) VALUES (?, ?, ?, NULLIF(?, ''), ?)
		ON CONFLICT (account_id) DO UPDATE SET band = excluded.band, guardian = excluded.guardian, code = excluded.code,
			said_at = excluded.said_at, agreed_at = NULL`, a.AccountID, string(a.Band), a.Guardian, a.Code, a.SaidAt)
	return a, err
}

// Agree notes that the guardian with a code agrees.
func Agree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `UPDATE ages SET agreed_at = coalesce(agreed_at, ?) WHERE code = ?`, tx.Now(), code))
}

// Disagree forgets what a person said whose guardian does not agree.
func Disagree(ctx context.Context, tx *data.Tx, code string) error {
	return found(tx.Exec(ctx, `DELETE FROM ages WHERE code = ?`, code))
}

// Unsay forgets what a person said whose guardian has not agreed, so that they can say something else.
func Unsay(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM ages WHERE account_id = ? AND band = 'minor' AND agreed_at IS NULL`, accountID)
	return err
}
