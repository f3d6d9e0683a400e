package views

import (
	"context"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
)

// Invited is what an invitation says before it is taken.
type Invited struct {
	Brand string
	From  string // who made the invitation, empty when they are gone
	Squad string
	City  string
	About string
	Path  string // of the invitation
	// SignedIn says that the bearer is known: one button will do.
	SignedIn bool

	Email    string
	Problems check.Problems
}

// JoinForm is the e-mail address of whoever bears an invitation, as it was typed.
type JoinForm struct {
	Email string `form:"email"`
}

// over is the line above the title: by whose invitation.
func (i Invited) over(ctx context.Context) string {
	if i.From == "" {
		return i.Brand
	}
	return lang.T(ctx, "join.from", "name", i.From, "brand", i.Brand)
}
