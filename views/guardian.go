package views

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// GuardianPath is where the guardian of a minor says whether they agree.
func GuardianPath(code string) string { return "/guardian/" + code }

// GuardianBackPath is where they take back what they agreed to.
func GuardianBackPath(code string) string { return GuardianPath(code) + "/back" }

// What a guardian can say.
const (
	Agrees    = "yes"
	Disagrees = "no"
)

// GuardianForm is what a guardian says.
type GuardianForm struct {
	Agree string `form:"agree"`

	Problems check.Problems `form:"-"`
}

// Check returns what is wrong with what was chosen.
func (f GuardianForm) Check() (p check.Problems) {
	p.OneOf("agree", f.Agree, Agrees, Disagrees)
	return p
}

// GuardianPage is what a guardian is asked.
type GuardianPage struct {
	Brand, Path     string
	Name            string // of the minor
	Agreed, Refused bool
	Withdrawn       bool // they agreed, and took it back
	Sure            bool // they are asked whether they want to
	At              time.Time
	Squads          []string // in which the minor has a seat
	Zone            *time.Location
	Form            GuardianForm
}

// squads are the names of those in which the minor takes part.
func (v GuardianPage) squads() string { return strings.Join(v.Squads, ", ") }

// Minding is what the mail to a guardian says.
type Minding struct {
	Brand, Base string
	Name        string // of the minor
	Squad       string
	Code        string
}

// GuardianMail asks the guardian of a minor, in the language of the context.
func GuardianMail(ctx context.Context, m Minding) Letter {
	return Letter{
		Subject: oneLine(lang.T(ctx, "mail.guardian_subject", "name", m.Name, "brand", m.Brand)), brand: m.Brand, base: m.Base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.hello")},
			{Words: lang.T(ctx, "mail.guardian_text", "name", m.Name, "squad", m.Squad, "brand", m.Brand)},
			{Words: lang.T(ctx, "mail.guardian_link"), Button: lang.T(ctx, "mail.guardian_button"), URL: m.Base + GuardianPath(m.Code)},
			{Words: lang.T(ctx, "mail.guardian_keep")},
			{Words: lang.T(ctx, "mail.guardian_ignore")},
		},
	}
}

// AgesForm is who may join, as it was chosen.
type AgesForm struct {
	Ages string `form:"ages"`

	Problems check.Problems `form:"-"`
}

// Check returns what is wrong with what was chosen.
func (f AgesForm) Check() (p check.Problems) {
	p.OneOf("ages", f.Ages, string(brand.AnyAge), string(brand.AdultsOnly), string(brand.WithGuardian))
	return p
}

// options are who may join.
func (f AgesForm) options(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(brand.AnyAge), Label: lang.T(ctx, "ages.any")},
		{Value: string(brand.AdultsOnly), Label: lang.T(ctx, "ages.adults"), Hint: lang.T(ctx, "ages.adults_hint")},
		{Value: string(brand.WithGuardian), Label: lang.T(ctx, "ages.guardian"), Hint: lang.T(ctx, "ages.guardian_hint")},
	}
}
