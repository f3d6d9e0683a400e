package web

import (
	"net/http"

	mail "ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) outboxRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/outbox", Answers: ownersOnly, Page: true, handle: s.showOutbox},
	}
}

// mailsShown is how many mails the outbox shows.
const mailsShown = 100

func (s *Server) showOutbox(w http.ResponseWriter, r *request) error {
	var mails []mail.Mail
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		mails, err = mail.Latest(r.Context(), tx, mailsShown)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Outbox(s.frame(r, "/outbox"), mails, s.zone()))
}
