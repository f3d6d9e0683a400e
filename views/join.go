package views

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// Invited is what an invitation says before it is taken.
type Invited struct {
	Brand     string
	From      string // who made the invitation, empty when they are gone
	Squad     string
	City      string
	About     string
	Agenda    string
	Path      string   // of the invitation
	Full      bool     // there is no seat, but a line for one
	Asks      bool     // somebody decides who joins
	Questions []string // that are asked then
	Ages      brand.Ages
	// SignedIn says that the bearer is known: a button, or what is asked, will do.
	SignedIn bool
	AskAge   bool // they have to say their age
	Held     bool // a guardian has to agree

	Application squad.Application // theirs, if there is one
	Place       int               // in the line, from 1
	Zone        *time.Location

	Email    string
	Form     JoinForm
	Problems check.Problems
}

// JoinForm is what the bearer of an invitation says: a stranger their e-mail address, others what is asked.
type JoinForm struct {
	Email    string `form:"email"`
	Age      string `form:"age"`
	Guardian string `form:"guardian"`
	Answer1  string `form:"answer1"`
	Answer2  string `form:"answer2"`
	Answer3  string `form:"answer3"`
	Answer4  string `form:"answer4"`
	Answer5  string `form:"answer5"`
}

// Answer is what was answered to the nth question, from 0.
func (f JoinForm) Answer(n int) string {
	return [squad.MostQuestions]string{f.Answer1, f.Answer2, f.Answer3, f.Answer4, f.Answer5}[n]
}

// Answered says whether any question was answered.
func (f JoinForm) Answered() bool {
	return f.Answer1+f.Answer2+f.Answer3+f.Answer4+f.Answer5 != ""
}

// over is the line above the title: by whose invitation.
func (i Invited) over(ctx context.Context) string {
	if i.From == "" {
		return i.Brand
	}
	return lang.T(ctx, "join.from", "name", i.From, "brand", i.Brand)
}

// asks says whether there is anything to fill in.
func (i Invited) asks() bool { return i.AskAge || len(i.Questions) > 0 }

// title says what the bearer can do.
func (i Invited) title(ctx context.Context) string {
	if i.Asks {
		return lang.T(ctx, "join.apply_title", "squad", i.Squad)
	}
	return lang.T(ctx, "join.title", "squad", i.Squad)
}

// button is what they press.
func (i Invited) button(ctx context.Context) string {
	switch {
	case i.Asks && !i.SignedIn: // an address is no application yet
		return lang.T(ctx, "join.next")
	case i.Asks:
		return lang.T(ctx, "join.apply")
	case i.Full:
		return lang.T(ctx, "join.wait")
	}
	return lang.T(ctx, "join.button")
}

// labels are the fields of what is asked, with their labels.
func (i Invited) labels(ctx context.Context) []string {
	all := []string{"band", lang.T(ctx, "age.label"), "guardian", lang.T(ctx, "age.guardian")}
	for n, q := range i.Questions {
		all = append(all, answerField(n), q)
	}
	return all
}

func answerField(n int) string { return fmt.Sprintf("answer%d", n+1) }

// bands are the ages to choose from. That of those who are too young is among them: else all would be old enough.
func (i Invited) bands(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: string(account.Adult), Label: lang.T(ctx, "age.adult")}}
	if i.Ages == brand.WithGuardian {
		return append(all,
			ui.Option{Value: string(account.Minor), Label: lang.T(ctx, "age.minor"), Hint: lang.T(ctx, "age.minor_hint")},
			ui.Option{Value: string(account.Young), Label: lang.T(ctx, "age.young")})
	}
	return append(all, ui.Option{Value: string(account.Young), Label: lang.T(ctx, "age.under_age")})
}
