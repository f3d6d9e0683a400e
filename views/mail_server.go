package views

import (
	"context"
	"strconv"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/message"
	"ricochet.example/views/ui"
)

// MailServerPath is where the owner says how mails leave.
const MailServerPath = "/settings/mail"

// MailServerForm is a mail server as it was typed. A password that is kept is never shown.
type MailServerForm struct {
	Host          string `form:"host"`
	Port          string `form:"port"`
	Security      string `form:"security"`
	User          string `form:"user"`
	Password      string `form:"password"`
	SenderName    string `form:"sender_name"`
	SenderAddress string `form:"sender_address"`
	Do            string `form:"do"` // "test": and send a mail to see

	Problems check.Problems `form:"-"`
}

// MailServerPage is how mails leave.
type MailServerPage struct {
	Form    MailServerForm
	InUse   bool             // there is a mail server
	Secret  bool             // and a password for it
	Problem *message.Problem // what a test showed
	Email   string           // where a test goes
}

// MailServerAs is the form of a mail server as it is.
func MailServerAs(s message.Server) MailServerForm {
	return MailServerForm{
		Host: s.Host, Port: strconv.Itoa(s.Port), Security: string(s.Security), User: s.User,
		SenderName: s.SenderName, SenderAddress: s.SenderAddress,
	}
}

// Server is what was typed, and what is wrong with it; kept is the mail server so far, whose password stays
// when none is typed and it is the same account.
func (f MailServerForm) Server(kept message.Server) (s message.Server, p check.Problems) {
	s = message.Server{
		Host: strings.ToLower(strings.TrimSpace(f.Host)), Security: message.Security(f.Security), User: strings.TrimSpace(f.User),
		Password: f.Password, SenderName: strings.TrimSpace(f.SenderName), SenderAddress: strings.TrimSpace(f.SenderAddress),
	}
	s.Port = whole(&p, "port", f.Port)
	switch {
	case s.User == "":
		s.Password = ""
	case s.Password == "" && kept.Password != "" && s.SameAccount(kept):
		s.Password = kept.Password
	case s.Password == "" && kept.Password != "":
		// Or whoever may change the host could have the password sent to themselves.
		p.Add("password", "mail_server.password_again")
	}
	for field, problem := range s.Check() {
		p.Add(field, problem.Key, problem.Args...)
	}
	return s, p
}

func securities(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(message.StartTLS), Label: lang.T(ctx, "mail_server.starttls"), Hint: lang.T(ctx, "mail_server.starttls_hint")},
		{Value: string(message.TLS), Label: lang.T(ctx, "mail_server.tls"), Hint: lang.T(ctx, "mail_server.tls_hint")},
		{Value: string(message.Plain), Label: lang.T(ctx, "mail_server.plain"), Hint: lang.T(ctx, "mail_server.plain_hint")},
	}
}

func (s MailServerPage) passwordHint(ctx context.Context) string {
	if s.Secret {
		return lang.T(ctx, "mail_server.password_kept")
	}
	return lang.T(ctx, "mail_server.password_hint")
}

func (f MailServerForm) labels(ctx context.Context) []string {
	return []string{
		"host", lang.T(ctx, "mail_server.host"), "port", lang.T(ctx, "mail_server.port"), "security", lang.T(ctx, "mail_server.security"),
		"user", lang.T(ctx, "mail_server.user"), "password", lang.T(ctx, "mail_server.password"),
		"sender_name", lang.T(ctx, "mail_server.sender_name"), "sender_address", lang.T(ctx, "mail_server.sender_address"),
	}
}
