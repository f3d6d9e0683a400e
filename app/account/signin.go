package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// SignInFor is how long a link and a code that were mailed can be used.
const SignInFor = 10 * time.Minute

// How often an e-mail address can be asked for in the window. Anybody can type anybody's address: what
// strangers ask for must not keep its owner out of their own browser, nor fill their mailbox.
const (
	askWindow  = time.Hour
	askMost    = 3  // in one browser
	askMostAll = 20 // in all browsers together
	codeTries  = 5
)

// Asked is a sign-in that was begun.
type Asked struct {
	Email  string
	Link   string // the secret for the address in the mail
	Code   string // six digits, for the browser that asked
	EndsAt time.Time
	// Mail says whether to write the mail. Without an account or an invitation there is nothing to sign
	// in to, and no link or code; the page must say the same, or it would tell who is a member.
	Mail bool
}

// SignedIn is who a sign-in by e-mail is for: whoever holds the mail has the address.
type SignedIn struct {
	Email      string
	Invitation string // the code that it goes on to, or empty
}

// Errors of signing in by e-mail.
var (
	ErrOver         = errors.New("this sign-in was used, or is over")
	ErrOtherBrowser = errors.New("this sign-in was asked for in another browser")
)

// TooManyError says that an address was asked for often enough for now.
type TooManyError struct{ Until time.Time }

// Error implements error.
func (e *TooManyError) Error() string {
	return "too many sign-ins were asked for, until " + e.Until.Format(time.RFC3339)
}

// Ask begins a sign-in of an e-mail address in the browser that holds a secret. invitation is the code that
// the person came with, if it is one that can be used: with it, people without an account get a mail too.
// Known or not, an address can be asked for three times an hour in one browser and twenty times in all
// browsers, then there is a TooManyError.
func Ask(ctx context.Context, tx *data.Tx, email string, browser []byte, invitation string) (Asked, error) {
	email = Address(email)
	if err := data.Lock(ctx, tx, "sign-in "+email); err != nil {
		return Asked{}, err
	}
	if until, err := askedOften(ctx, tx, email, browser); err != nil {
		return Asked{}, err
	} else if !until.IsZero() {
		return Asked{}, &TooManyError{Until: until}
	}
	a, err := ByEmail(ctx, tx, email)
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return Asked{}, err
	}
	known := err == nil
	begun := Asked{
		Email:  email,
		Link:   base64.RawURLEncoding.EncodeToString(id.Secret(24)),
		Code:   id.Digits(6),
		EndsAt: tx.Now().Add(SignInFor),
		Mail:   (known || invitation != "") && !a.Suspended(),
	}
	// A row is kept for unknown addresses too: wrong codes are then answered alike. Nobody has its secrets.
	link, code := id.Hash(begun.Link), codeHash(browser, begun.Code)
	if !begun.Mail {
		link, code = id.Hash(id.Secret(24)), id.Hash(id.Secret(24))
		begun.Link, begun.Code = "", ""
	}
	_, err = tx.Exec(ctx, `INSERT INTO sign_ins
		(link_hash, code_hash, browser_hash, email, invitation, asked_at, ends_at) VALUES (?, ?, ?, ?, NULLIF(?, ''), ?, ?)`,
		link, code, id.Hash(browser), email, invitation, tx.Now(), begun.EndsAt)
	return begun, err
}

// askedOften returns when the address can be asked for again in that browser; zero: now.
func askedOften(ctx context.Context, tx *data.Tx, email string, browser []byte) (until time.Time, err error) {
	since := tx.Now().Add(-askWindow)
	all, err := data.All(ctx, tx, data.Integer, `SELECT asked_at FROM sign_ins
		WHERE email = ? AND asked_at > ? ORDER BY asked_at`, email, since)
	if err != nil {
		return until, err
	}
	here, err := data.All(ctx, tx, data.Integer, `SELECT asked_at FROM sign_ins
		WHERE email = ? AND asked_at > ? AND browser_hash = ? ORDER BY asked_at`, email, since, id.Hash(browser))
	if err != nil {
		return until, err
	}
	for _, limit := range []struct {
		asked []int64
		most  int
	}{{here, askMost}, {all, askMostAll}} {
		if n := len(limit.asked); n >= limit.most {
			if free := time.UnixMilli(limit.asked[n-limit.most]).UTC().Add(askWindow); free.After(until) {
				until = free
			}
		}
	}
	return until, nil
}

// codeHash hashes the code with the secret of the browser that asked. Alone, six digits are found from
// their hash by trying them all.
func codeHash(browser []byte, code string) []byte {
	return id.Hash(slices.Concat(browser, []byte(code)))
}

// signIn is a row of sign_ins, as far as it is needed to judge it.
type signIn struct {
	SignedIn
	link, code, browser []byte
	tries               int
	endsAt, usedAt      time.Time
}

const signInColumns = `link_hash, code_hash, browser_hash, email, invitation, tries, ends_at, used_at`

func scanSignIn(row data.Row) (s signIn, err error) {
	return s, row.Scan(&s.link, &s.code, &s.browser, &s.Email, data.Null(&s.Invitation), &s.tries,
		data.Time(&s.endsAt), data.Time(&s.usedAt))
}

// ByLink returns the sign-in of a mailed link, for the page with the button: ErrOver when it can be used no
// more, ErrOtherBrowser when it was asked for elsewhere, where the code is to be typed; what it is for is told then all the same.
func ByLink(ctx context.Context, tx *data.Tx, link string, browser []byte) (SignedIn, error) {
	s, err := data.One(ctx, tx, scanSignIn, `SELECT `+signInColumns+` FROM sign_ins WHERE link_hash = ?`, id.Hash(link))
	switch {
	case errors.Is(err, data.ErrNotFound):
		return SignedIn{}, ErrOver
	case err != nil:
		return SignedIn{}, err
	case !s.usedAt.IsZero() || !tx.Now().Before(s.endsAt):
		return SignedIn{}, ErrOver
	case subtle.ConstantTimeCompare(s.browser, id.Hash(browser)) != 1:
		return s.SignedIn, ErrOtherBrowser
	}
	return s.SignedIn, nil
}

// UseLink does the sign-in of a mailed link: once, however many try at the same time. Errors as ByLink.
func UseLink(ctx context.Context, tx *data.Tx, link string, browser []byte) (SignedIn, error) {
	s, err := ByLink(ctx, tx, link, browser)
	if err != nil {
		return s, err
	}
	return s, use(ctx, tx, id.Hash(link))
}

// use marks a sign-in as done; of many at once, one gets through and the others get ErrOver.
func use(ctx context.Context, tx *data.Tx, linkHash []byte) error {
	n, err := tx.Exec(ctx, `UPDATE sign_ins SET used_at = ? WHERE link_hash = ? AND used_at IS NULL`, tx.Now(), linkHash)
	if err == nil && n == 0 {
		return ErrOver
	}
	return err
}

// Try is what came of a code that a person typed.
type Try struct {
	SignedIn
	Right bool
	Left  int // tries that are left; 0: another mail is needed
}

// UseCode does the sign-in that a browser asked for last, by the six digits of its mail. If it asked for
// the same address more than once, the digits of any of those mails will do. Five wrong tries, and the
// codes are dead. A wrong code is no error, for the Update must keep that it was tried.
func UseCode(ctx context.Context, tx *data.Tx, browser []byte, code string) (Try, error) {
	hash := id.Hash(browser)
	// The try is counted before it is judged, so that of many at once each one counts.
	open, err := data.All(ctx, tx, scanSignIn, `UPDATE sign_ins SET tries = tries + 1
		WHERE browser_hash = ? AND used_at IS NULL AND ends_at > ? AND tries < ? AND email =
			(SELECT email FROM sign_ins WHERE browser_hash = ? ORDER BY asked_at DESC, link_hash LIMIT 1)
		RETURNING `+signInColumns, hash, tx.Now(), codeTries, hash)
	if err != nil {
		return Try{}, err
	}
	var t Try
	typed := codeHash(browser, strings.Join(strings.Fields(code), ""))
	for _, s := range open {
		t.Left = max(t.Left, codeTries-s.tries)
		if subtle.ConstantTimeCompare(s.code, typed) == 1 && !t.Right {
			t.SignedIn, t.Right = s.SignedIn, true
		}
	}
	if !t.Right {
		return t, nil
	}
	// What else this browser asked for is of no use any more.
	for _, s := range open {
		if err := use(ctx, tx, s.link); err != nil {
			return Try{}, err
		}
	}
	return t, nil
}
