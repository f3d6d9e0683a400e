package views

import (
	"context"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// MeForm is what a person says of themself, as it was typed.
type MeForm struct {
	Name     string `form:"name"`
	Language string `form:"language"`
	Next     string `form:"next"`      // the page to go on to
	News     string `form:"news"`      // filled: they want mails about applications
	HasNews  string `form:"has_news"`  // filled: they were asked
	Named    bool   `form:"named"`     // readers are told their first name
	Shown    string `form:"shown"`     // how other members see them; empty where that was not asked
	TimeZone string `form:"time_zone"` // the browser's, of who has just come; empty: it did not say

	Problems check.Problems `form:"-"`
}

// MePage is a person's own page.
type MePage struct {
	Form     MeForm
	Email    string
	Shares   bool // they can be named to readers: an ambassador of age
	Fellows  bool // other members see them: an ambassador
	First    bool // they have just come, and have not said yet what they are called
	Leads    bool // they decide about applications
	Sessions []account.Session
	Age      account.Age
	Now      time.Time
	Current  string // the session of the browser that asks
}

// shown are the ways in which other members can see somebody, each with what they then read.
func (m MePage) shown(ctx context.Context) (all []ui.Option) {
	for _, s := range account.AllShown {
		reads := s.Name(m.Form.Name, false)
		if reads == "" {
			reads = lang.T(ctx, "shown.somebody")
		}
		all = append(all, ui.Option{Value: string(s), Label: lang.T(ctx, "shown."+string(s)), Hint: lang.T(ctx, "shown.hint_"+string(s), "reads", reads)})
	}
	return all
}
