package views

import (
	"strings"

	"ricochet.example/app/check"
)

// SignInForm asks for a sign-in, as it was typed.
type SignInForm struct {
	Email string `form:"email"`
	Next  string `form:"next"` // the page to go on to

	Problems check.Problems `form:"-"`
}

// CodeForm is the code from a mail, as it was typed.
type CodeForm struct {
	Code string `form:"code"`

	Problems check.Problems `form:"-"`
	Sent     string         `form:"-"` // where the mail went
	Invited  bool           `form:"-"` // it was sent whoever they are: they came by an invitation
	Again    string         `form:"-"` // where to ask for another mail
	Over     bool           `form:"-"` // no code will do any more: another mail is needed
}

// Masked is an e-mail address that its owner recognises and nobody else learns.
func Masked(email string) string {
	local, host, ok := strings.Cut(email, "@")
	if !ok {
		return "…"
	}
	first := []rune(local)
	return string(first[:min(1, len(first))]) + "…@" + host
}
