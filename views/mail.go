package views

import (
	"context"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
)

// SignInMail is the mail with the link and the code of a sign-in, in the
// language of the context. squad is what the person was invited into, if they
// were; base is the public address of the installation.
func SignInMail(ctx context.Context, brand, base, squad string, begun account.Asked) (subject, body string) {
	// The code is in the body alone: that is what is blanked when its time is over.
	subject = lang.T(ctx, "mail.signin_subject", "brand", brand)
	first := lang.T(ctx, "mail.signin_text", "brand", brand)
	if squad != "" {
		subject = lang.T(ctx, "mail.join_subject", "squad", squad, "brand", brand)
		first = lang.T(ctx, "mail.join_text", "squad", squad, "brand", brand)
	}
	return oneLine(subject), strings.Join([]string{
		first,
		lang.T(ctx, "mail.signin_code", "code", begun.Code),
		lang.T(ctx, "mail.signin_link") + "\n" + base + SignInPath(begun.Link),
		lang.T(ctx, "mail.signin_time", "for", account.SignInFor) + " " + lang.T(ctx, "mail.signin_ignore"),
	}, "\n\n") + "\n"
}

// SignInPath is where the secret of a mailed link leads.
func SignInPath(link string) string { return "/signin/" + link }

// oneLine makes a line that can be a mail's subject of what people called things.
func oneLine(s string) string {
	const longest = 200 // as package message demands
	line := []rune(strings.Join(strings.Fields(s), " "))
	return string(line[:min(len(line), longest)])
}
