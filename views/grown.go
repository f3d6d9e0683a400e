package views

import (
	"context"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
)

// SayGrownPath is where a member says that they are 18 now.
const SayGrownPath = "/me/grown"

// AllGrownPath is the list of all who say so and of whom nobody has decided.
const AllGrownPath = "/people/grown"

// GrownPath is where somebody at the brand decides about that.
func GrownPath(accountID string) string { return "/people/" + accountID + "/grown" }

// GrownPage is a member who says that they are 18 now.
type GrownPage struct {
	Who  account.Account
	Age  account.Age
	Zone *time.Location

	Form DeclineForm
}

// AllGrownPage is that list.
type AllGrownPage struct {
	All  []account.Account
	Page int // from 1
	More bool
}

// GrownMail tells a member, in the language of the context, that it is believed that they are 18 now, or why not yet.
func GrownMail(ctx context.Context, brand, base, name, reason string) Letter {
	key := "mail.grown_yes"
	if reason != "" {
		key = "mail.grown_no"
	}
	l := Letter{
		Subject: oneLine(lang.T(ctx, key+"_subject", "brand", brand)), brand: brand, base: base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.hello_name", "name", firstName(name))},
			{Words: lang.T(ctx, key+"_text", "brand", brand)},
		},
	}
	if reason != "" {
		l.Parts = append(l.Parts, LetterPart{Words: reason})
	}
	return l
}

// WithdrawnMail tells a member, in the language of the context, that their guardian does not agree any more, or does
// again.
func WithdrawnMail(ctx context.Context, brand, base, name string, again bool) Letter {
	key := "mail.withdrawn"
	if again {
		key = "mail.returned"
	}
	return Letter{
		Subject: oneLine(lang.T(ctx, key+"_subject", "brand", brand)), brand: brand, base: base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.hello_name", "name", firstName(name))},
			{Words: lang.T(ctx, key+"_text", "brand", brand)},
		},
	}
}

// WithdrewMail tells staff, in the language of the context, that a guardian took back what they agreed to. Whom that is
// about stands on the page alone.
func WithdrewMail(ctx context.Context, brand, base, accountID string) Letter {
	return Letter{
		Subject: oneLine(lang.T(ctx, "mail.withdrew_subject", "brand", brand)), brand: brand, base: base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.hello")},
			{Words: lang.T(ctx, "mail.withdrew_text"), Button: lang.T(ctx, "mail.withdrew_button"), URL: base + SuspendPath(accountID)},
		},
	}
}
