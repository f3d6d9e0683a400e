package web

import (
	"errors"
	"net/http"

	mail "ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) mailServerRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/settings/mail", Answers: ownersOnly, Page: true, handle: s.showMailServer},
		{Method: "POST", Pattern: "/settings/mail", Answers: ownersOnly, handle: s.useMailServer},
		{Method: "POST", Pattern: "/settings/mail/remove", Answers: ownersOnly, handle: s.removeMailServer},
	}
}

// Post sends the mails of the outbox.
func (s *Server) Post() *mail.Sender { return s.post }

// mailServer is the mail server that is used, if any.
func (s *Server) mailServer(r *request) (kept mail.Server, inUse bool, err error) {
	err = s.db.View(r.Context(), func(tx *data.Tx) error {
		kept, err = mail.ServerOf(r.Context(), tx)
		return err
	})
	if errors.Is(err, data.ErrNotFound) {
		return kept, false, nil
	}
	return kept, err == nil, err
}

func (s *Server) showMailServer(w http.ResponseWriter, r *request) error {
	kept, inUse, err := s.mailServer(r)
	if err != nil {
		return err
	}
	if !inUse {
		// What most providers want; the sender is who founds the brand, until they say otherwise.
		kept = mail.Server{Port: 587, Security: mail.StartTLS, SenderName: s.brand.Load().Name, SenderAddress: r.who.Email}
	}
	return s.mailServerPage(w, r, http.StatusOK, views.MailServerPage{
		Form: views.MailServerAs(kept), InUse: inUse, Secret: kept.Password != "",
	})
}

func (s *Server) mailServerPage(w http.ResponseWriter, r *request, status int, shown views.MailServerPage) error {
	shown.Email = r.who.Email
	p, err := s.framed(w, r, "/settings")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.MailServer(p, shown))
}

// useMailServer keeps how mails leave, and if asked to, sends one to whoever asks.
func (s *Server) useMailServer(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.MailServerForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	kept, inUse, err := s.mailServer(r)
	if err != nil {
		return err
	}
	typed, problems := f.Server(kept)
	if f.Problems = problems; !problems.OK() {
		f.Password = ""
		return s.mailServerPage(w, r, http.StatusUnprocessableEntity, views.MailServerPage{Form: f, InUse: inUse, Secret: kept.Password != ""})
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return mail.UseServer(ctx, tx, typed) }); err != nil {
		return err
	}
	if f.Do != "test" {
		return s.goWith(w, r, views.MailServerPath, "mail_server.saved")
	}
	m, err := s.letter(r, views.TestMail(ctx, s.brand.Load().Name, s.brand.Load().URL))
	if err != nil {
		return err
	}
	err = s.post.Try(ctx, typed, m)
	var p *mail.Problem
	switch {
	case errors.As(err, &p):
		return s.mailServerPage(w, r, http.StatusUnprocessableEntity, views.MailServerPage{
			Form: views.MailServerAs(typed), InUse: true, Secret: typed.Password != "", Problem: p,
		})
	case err != nil:
		return err
	}
	return s.goWith(w, r, views.MailServerPath, "mail_server.tested", "email", r.who.Email)
}

// letter is a mail to whoever asks.
func (s *Server) letter(r *request, l views.Letter) (m mail.Mail, err error) {
	m = mail.Mail{Kind: mail.Test, To: r.who.Email, Subject: l.Subject, Body: l.Text()}
	m.HTML, err = l.HTML(r.Context())
	return m, err
}

func (s *Server) removeMailServer(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return mail.NoServer(r.Context(), tx) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.MailServerPath, "mail_server.removed")
}
