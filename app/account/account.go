// Package account knows who may sign in, how they do it by e-mail, and which browsers are signed in.
package account

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/data"
)

// Account is a person who can sign in.
type Account struct {
	ID          string
	Email       string // lower case
	Name        string // what others call them
	Role        Role
	Language    string // of the pages and mails they get, one of lang.Supported
	CreatedAt   time.Time
	SuspendedAt time.Time // zero: not suspended
	Named       bool      // readers are told their first name; SetNamed changes it
	Shown       Shown     // how other members see them; SetShown changes it
	TimeZone    string    // by which they live, as in the tz database; empty: the brand's; SetZone changes it
}

// Role is what an account may do.
type Role string

// The roles. A captain is an ambassador who leads a squad.
const (
	Owner      Role = "owner"
	Manager    Role = "manager"
	Ambassador Role = "ambassador"
)

// Staff says whether the account works for the brand, and so sees everything.
func (a Account) Staff() bool { return a.Role.Staff() }

// Staff says whether the role is one of the brand's own people.
func (r Role) Staff() bool { return r == Owner || r == Manager }

// Suspended says whether the account is shut out.
func (a Account) Suspended() bool { return !a.SuspendedAt.IsZero() }

// longestName is the length of a person's name, in characters.
const longestName = 80

// Check returns what keeps the account from being made or changed.
func (a Account) Check() (p check.Problems) {
	p.Email("email", Address(a.Email))
	p.Filled("name", a.Name)
	p.Longest("name", a.Name, longestName)
	p.OneOf("role", string(a.Role), string(Owner), string(Manager), string(Ambassador))
	p.OneOf("language", a.Language, lang.Supported()...)
	return p
}

// Address returns an e-mail address as it is kept and compared: without the spaces that slip in when it is
// copied, and in lower case.
func Address(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

const columns = `a.id, a.email, a.name, a.role, a.language, a.created_at, a.suspended_at, a.named, a.shown, a.time_zone`

func (a *Account) fields() []any {
	return []any{&a.ID, &a.Email, &a.Name, &a.Role, &a.Language, data.Time(&a.CreatedAt), data.Time(&a.SuspendedAt), data.Bool(&a.Named), &a.Shown, &a.TimeZone}
}

func scan(row data.Row) (a Account, err error) { return a, row.Scan(a.fields()...) }

// ByID returns one account, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, accountID string) (Account, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM accounts a WHERE a.id = ?`, accountID)
}

// ByEmail returns the account with an e-mail address, or data.ErrNotFound.
func ByEmail(ctx context.Context, tx *data.Tx, email string) (Account, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM accounts a WHERE a.email = ?`, Address(email))
}

// All returns every account: owners, managers, then ambassadors, each by name.
func All(ctx context.Context, tx *data.Tx) ([]Account, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM accounts a
		ORDER BY CASE a.role WHEN 'owner' THEN 0 WHEN 'manager' THEN 1 ELSE 2 END, lower(a.name), a.id`)
}

// Create makes an account that has passed Check, and returns it with its id. It returns data.ErrTaken when
// the e-mail address has one already.
func Create(ctx context.Context, tx *data.Tx, a Account) (Account, error) {
	a, isNew, err := create(ctx, tx, a)
	if err == nil && !isNew {
		err = data.ErrTaken
	}
	return a, err
}

func create(ctx context.Context, tx *data.Tx, a Account) (_ Account, isNew bool, err error) {
	a.ID, a.Email, a.Name = id.New(), Address(a.Email), strings.TrimSpace(a.Name)
	a.CreatedAt, a.SuspendedAt, a.Shown, a.TimeZone = tx.Now(), time.Time{}, InSquad, ""
	n, err := tx.Exec(ctx, `INSERT INTO accounts (id, email, name, role, language, created_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING`,
		a.ID, a.Email, a.Name, string(a.Role), a.Language, a.CreatedAt)
	return a, n == 1, err
}

// Enrol returns the account with an e-mail address, and makes an ambassador of whoever has none yet, in
// that language. Until they say what they are called, the name is taken from the address.
func Enrol(ctx context.Context, tx *data.Tx, email, language string) (Account, error) {
	a, isNew, err := create(ctx, tx, Account{Email: email, Name: nameFrom(email), Role: Ambassador, Language: language})
	if err != nil || isNew {
		return a, err
	}
	return ByEmail(ctx, tx, email)
}

// nameFrom makes a first name to be called by from an e-mail address: "Ana Silva" of ana.silva@example.com.
func nameFrom(email string) string {
	local, _, _ := strings.Cut(Address(email), "@")
	local, _, _ = strings.Cut(local, "+")
	words := strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune("._-", r) })
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	if len(words) == 0 {
		return local
	}
	return strings.Join(words, " ")
}

// Rename changes what an account is called and the language that it is spoken to in.
func Rename(ctx context.Context, tx *data.Tx, accountID, name, language string) error {
	return found(tx.Exec(ctx, `UPDATE accounts SET name = ?, language = ? WHERE id = ?`,
		strings.TrimSpace(name), language, accountID))
}

// FirstName is what friends call the person: the first word of their name.
func (a Account) FirstName() string {
	first, _, _ := strings.Cut(strings.TrimSpace(a.Name), " ")
	return first
}

// SetNamed says whether readers of what the account shares are told who shared it.
func SetNamed(ctx context.Context, tx *data.Tx, accountID string, named bool) error {
	return found(tx.Exec(ctx, `UPDATE accounts SET named = ? WHERE id = ?`, named, accountID))
}

// ErrLastOwner keeps an installation from being left without anybody who may do everything.
var ErrLastOwner = errors.New("there must be an owner")

// Appoint gives an account another role, and signs it out everywhere: sessions last as the role says.
func Appoint(ctx context.Context, tx *data.Tx, accountID string, role Role) error {
	if role != Owner {
		if err := spare(ctx, tx, accountID); err != nil {
			return err
		}
	}
	if err := found(tx.Exec(ctx, `UPDATE accounts SET role = ? WHERE id = ?`, string(role), accountID)); err != nil {
		return err
	}
	return SignOutAll(ctx, tx, accountID)
}

// Suspend shuts an account out from its next request on. What it shared goes on.
func Suspend(ctx context.Context, tx *data.Tx, accountID string) error {
	if err := spare(ctx, tx, accountID); err != nil {
		return err
	}
	if err := found(tx.Exec(ctx, `UPDATE accounts SET suspended_at = coalesce(suspended_at, ?) WHERE id = ?`,
		tx.Now(), accountID)); err != nil {
		return err
	}
	return SignOutAll(ctx, tx, accountID)
}

// Readmit ends a suspension.
func Readmit(ctx context.Context, tx *data.Tx, accountID string) error {
	return found(tx.Exec(ctx, `UPDATE accounts SET suspended_at = NULL WHERE id = ?`, accountID))
}

// spare refuses to take the last owner away.
func spare(ctx context.Context, tx *data.Tx, accountID string) error {
	if err := data.Lock(ctx, tx, "owners"); err != nil {
		return err
	}
	a, err := ByID(ctx, tx, accountID)
	if err != nil || a.Role != Owner || a.Suspended() {
		return err
	}
	others, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts
		WHERE role = 'owner' AND suspended_at IS NULL AND id <> ?`, accountID)
	if err == nil && others == 0 {
		return ErrLastOwner
	}
	return err
}

// found makes data.ErrNotFound of a statement that touched nothing.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}
