package views

import (
	"context"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// SettingsPage is what an owner decides for the installation.
type SettingsPage struct {
	Form  BrandForm
	Staff []account.Account
	Team  TeamForm
	Ages  AgesForm
}

// TeamForm is a new member of the brand's staff, as it was typed.
type TeamForm struct {
	Name  string `form:"name"`
	Email string `form:"email"`
	Role  string `form:"role"`

	Problems check.Problems `form:"-"`
}

// roles are what a member of the staff can be.
func roles(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(account.Manager), Label: lang.T(ctx, "role.manager"), Hint: lang.T(ctx, "team.manager_hint")},
		{Value: string(account.Owner), Label: lang.T(ctx, "role.owner"), Hint: lang.T(ctx, "team.owner_hint")},
	}
}
