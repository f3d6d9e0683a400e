package views

import (
	"context"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
)

// Letter is a mail in words; its text part and its HTML part are made of the same.
type Letter struct {
	Subject string
	Title   string // over the HTML part; the subject if empty
	Parts   []LetterPart
	Foot    []string // in small print: who writes, and why

	brand string
	base  string
}

// LetterPart is one piece of a letter: words, a code to read, or an address to go to with the words before it.
type LetterPart struct {
	Words  string
	Code   string // stands in the words too
	Button string // on it; Words lead there in the text part
	URL    string
}

// Text is the letter as plain text.
func (l Letter) Text() string {
	var parts []string
	for _, p := range l.Parts {
		words := p.Words
		if p.URL != "" {
			words += "\n" + p.URL
		}
		parts = append(parts, words)
	}
	text := strings.Join(parts, "\n\n") + "\n"
	if len(l.Foot) > 0 {
		text += "\n-- \n" + strings.Join(l.Foot, "\n") + "\n"
	}
	return text
}

// HTML is the letter as a page of its own, without anything that would be fetched from anywhere.
func (l Letter) HTML(ctx context.Context) (string, error) {
	if l.Title == "" {
		l.Title = l.Subject
	}
	var page strings.Builder
	err := l.page().Render(ctx, &page)
	return page.String(), err
}

// SignInMail is the mail with the link and the code of a sign-in, in the
// language of the context. squad is what the person was invited into, if they
// were; base is the public address of the installation.
func SignInMail(ctx context.Context, brand, base, squad string, begun account.Asked) Letter {
	// The code is in the body alone: that is what is blanked when its time is over.
	l := Letter{Subject: lang.T(ctx, "mail.signin_subject", "brand", brand), brand: brand, base: base}
	first := lang.T(ctx, "mail.signin_text", "brand", brand)
	if squad != "" {
		l.Subject = lang.T(ctx, "mail.join_subject", "squad", squad, "brand", brand)
		first = lang.T(ctx, "mail.join_text", "squad", squad, "brand", brand)
	}
	l.Subject = oneLine(l.Subject)
	l.Parts = []LetterPart{
		{Words: first},
		{Words: lang.T(ctx, "mail.signin_code", "code", begun.Code), Code: begun.Code},
		{Words: lang.T(ctx, "mail.signin_link"), Button: lang.T(ctx, "mail.signin_button"), URL: base + SignInPath(begun.Link)},
		{Words: lang.T(ctx, "mail.signin_time", "for", account.SignInFor) + " " + lang.T(ctx, "mail.signin_ignore")},
	}
	return l
}

// TestMail is what the owner gets to see that the mail server can be used.
func TestMail(ctx context.Context, brand, base string) Letter {
	return Letter{
		Subject: oneLine(lang.T(ctx, "mail.test_subject", "brand", brand)), brand: brand, base: base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.test_text", "brand", brand)},
			{Words: lang.T(ctx, "mail.test_link"), Button: lang.T(ctx, "outbox.title"), URL: base + "/outbox"},
		},
	}
}

// SignInPath is where the secret of a mailed link leads.
func SignInPath(link string) string { return "/signin/" + link }

// oneLine makes a line that can be a mail's subject of what people called things.
func oneLine(s string) string {
	const longest = 200 // as package message demands
	line := []rune(strings.Join(strings.Fields(s), " "))
	return string(line[:min(len(line), longest)])
}

// Inviting is what the mail with a personal invitation says.
type Inviting struct {
	Brand, Base string
	From        string // who invites; empty when they are gone
	Squad       string
	City        string
	About       string
	Name        string // of whom it is for; may be empty
	Code        string
	Until       string // the last day, in words; empty: no end
}

// InvitationMail is the mail with a personal invitation, in the language of the context.
func InvitationMail(ctx context.Context, i Inviting) Letter {
	from := i.From
	if from == "" {
		from = i.Brand
	}
	l := Letter{
		Subject: oneLine(lang.T(ctx, "mail.invite_subject", "from", from, "squad", i.Squad, "brand", i.Brand)),
		Title:   lang.T(ctx, "mail.invite_title", "squad", i.Squad),
		brand:   i.Brand, base: i.Base,
	}
	hello := lang.T(ctx, "mail.hello")
	if i.Name != "" {
		hello = lang.T(ctx, "mail.hello_name", "name", i.Name)
	}
	l.Parts = []LetterPart{
		{Words: hello},
		{Words: lang.T(ctx, "mail.invite_text", "from", from, "squad", i.Squad, "brand", i.Brand)},
	}
	if about := strings.TrimSpace(i.About); about != "" {
		l.Parts = append(l.Parts, LetterPart{Words: about})
	}
	l.Parts = append(l.Parts, LetterPart{
		Words: lang.T(ctx, "mail.invite_link"), Button: lang.T(ctx, "mail.invite_button"), URL: i.Base + JoinPath(i.Code),
	})
	if i.Until != "" {
		l.Parts = append(l.Parts, LetterPart{Words: lang.T(ctx, "mail.invite_until", "at", i.Until)})
	}
	l.Parts = append(l.Parts, LetterPart{
		Words: lang.T(ctx, "mail.invite_stop", "from", from, "brand", i.Brand), URL: i.Base + UnwantedPath(i.Code),
	})
	return l
}
