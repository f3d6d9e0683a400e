package views

import (
	"ricochet.example/app/account"
	"ricochet.example/app/check"
)

// MeForm is what a person says of themself, as it was typed.
type MeForm struct {
	Name     string `form:"name"`
	Language string `form:"language"`
	Next     string `form:"next"`     // the page to go on to
	News     string `form:"news"`     // filled: they want mails about applications
	HasNews  string `form:"has_news"` // filled: they were asked
	Named    bool   `form:"named"`    // readers are told their first name

	Problems check.Problems `form:"-"`
}

// MePage is a person's own page.
type MePage struct {
	Form     MeForm
	Email    string
	Shares   bool // they can be named to readers: an ambassador of age
	First    bool // they have just come, and have not said yet what they are called
	Leads    bool // they decide about applications
	Sessions []account.Session
	Current  string // the session of the browser that asks
}
