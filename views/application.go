package views

import (
	"context"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// ApplicationsPath is who wants into a squad.
func ApplicationsPath(squadID string) string { return SquadPath(squadID) + "/applications" }

// ApplicationPath is one of them.
func ApplicationPath(squadID, applicationID string) string {
	return ApplicationsPath(squadID) + "/" + applicationID
}

// ApplicationsPage is who wants into a squad.
type ApplicationsPage struct {
	Squad      squad.Squad
	Asked      []squad.Application
	InLine     []squad.Application
	AtGuardian []squad.Application
	Decided    []squad.Application  // lately
	Stage      squad.Stage          // the one that is shown; empty: the beginnings of all
	Page       int                  // of that stage
	Skipped    int                  // how many stand on the pages before
	Pages      map[squad.Stage]bool // of which stages there are more
	Zone       *time.Location
}

// ApplicationStages are the stages that can be shown alone; Declined stands for all that was decided lately.
var ApplicationStages = []squad.Stage{squad.Asked, squad.InLine, squad.AtGuardian, squad.Declined}

// at is a page of one stage.
func (v ApplicationsPage) at(stage squad.Stage, n int) string {
	return page(ApplicationsPath(v.Squad.ID)+"?stage="+string(stage), n)
}

// shows says that a list is shown it was asked for, or something is in it and nothing else was.
func (v ApplicationsPage) shows(stage squad.Stage, list []squad.Application) bool {
	return v.Stage == stage || v.Stage == "" && len(list) > 0
}

// ApplicationPage is one who wants into a squad.
type ApplicationPage struct {
	Squad       squad.Squad
	Application squad.Application
	Place       int // in the line, from 1
	Form        DeclineForm
	Zone        *time.Location
}

// DeclineForm is why somebody gets no seat, as it was typed.
type DeclineForm struct {
	Reason string `form:"reason"`

	Problems check.Problems `form:"-"`
}

// applicationTag is where an application stands, with a tone.
func applicationTag(ctx context.Context, a squad.Application) (label, tone string) {
	switch a.State {
	case squad.Joined:
		return lang.T(ctx, "state.application_joined"), ui.Good
	case squad.Declined:
		return lang.T(ctx, "state.application_declined"), ""
	case squad.InLine:
		return lang.T(ctx, "state.application_waiting"), ui.Warn
	case squad.AtGuardian:
		return lang.T(ctx, "state.application_guardian"), ui.Warn
	case squad.Asked:
		return lang.T(ctx, "state.application_asked"), ui.Hot
	}
	return lang.T(ctx, "state.application_withdrawn"), ""
}

// ApplicationMail tells an applicant, in the language of the context, where their application stands now.
func ApplicationMail(ctx context.Context, brand, base string, a squad.Application) Letter {
	l := Letter{brand: brand, base: base}
	hello := LetterPart{Words: lang.T(ctx, "mail.hello_name", "name", firstName(a.Name))}
	button := func(words, label, path string) LetterPart {
		return LetterPart{Words: lang.T(ctx, words), Button: lang.T(ctx, label), URL: base + path}
	}
	switch a.State {
	case squad.Joined:
		l.Subject = lang.T(ctx, "mail.joined_subject", "squad", a.Squad, "brand", brand)
		l.Parts = []LetterPart{
			hello,
			{Words: lang.T(ctx, "mail.joined_text", "squad", a.Squad, "brand", brand)},
			button("mail.joined_link", "mail.joined_button", SquadPath(a.SquadID)),
		}
	case squad.InLine:
		l.Subject = lang.T(ctx, "mail.in_line_subject", "squad", a.Squad, "brand", brand)
		l.Parts = []LetterPart{
			hello,
			{Words: lang.T(ctx, "mail.in_line_text", "squad", a.Squad)},
			button("mail.in_line_link", "mail.in_line_button", joinOrHome(a.Code)),
		}
	default:
		l.Subject = lang.T(ctx, "mail.declined_subject", "squad", a.Squad, "brand", brand)
		why := LetterPart{Words: a.Reason}
		if a.Reason == "" {
			why.Words = lang.T(ctx, "mail.declined_guardian")
		}
		l.Parts = []LetterPart{hello, {Words: lang.T(ctx, "mail.declined_text", "squad", a.Squad)}, why, {Words: lang.T(ctx, "mail.declined_thanks")}}
	}
	l.Subject = oneLine(l.Subject)
	return l
}

// joinOrHome is where an applicant sees where they stand: the page of their invitation, or their home where they
// applied somewhere else.
func joinOrHome(code string) string {
	if code == "" {
		return "/"
	}
	return JoinPath(code)
}

// applicationState is where the reader's own application stands, in words.
func applicationState(ctx context.Context, a squad.Application) string {
	switch a.State {
	case squad.AtGuardian:
		return lang.T(ctx, "join.at_guardian")
	case squad.InLine:
		return lang.T(ctx, "application.in_line")
	}
	return lang.T(ctx, "join.asked")
}

// NewsMail tells somebody who may decide, in the language of the context, that people want into squads. At end they
// have no more of them.
func NewsMail(ctx context.Context, brand, base, end string, n squad.News) Letter {
	l := Letter{brand: brand, base: base}
	sum := 0
	for _, of := range n.Of {
		sum += of.New
	}
	l.Subject = oneLine(lang.T(ctx, "mail.news_subject", "n", sum, "brand", brand))
	l.Parts = []LetterPart{{Words: lang.T(ctx, "mail.hello_name", "name", firstName(n.Name))}}
	for _, of := range n.Of {
		l.Parts = append(l.Parts, LetterPart{
			Words:  lang.T(ctx, "mail.news_of", "n", of.New, "squad", of.Squad),
			Button: lang.T(ctx, "application.open"), URL: base + ApplicationsPath(of.SquadID),
		})
	}
	l.Foot = []string{lang.T(ctx, "mail.news_foot", "url", base+"/me"), lang.T(ctx, "notice.stop") + " " + end}
	return l
}
