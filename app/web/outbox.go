package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	mail "ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) outboxRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/outbox", Answers: ownersOnly, Page: true, handle: s.showOutbox},
		{Method: "POST", Pattern: "/outbox/again", Answers: ownersOnly, handle: s.tryAllMails},
		{Method: "POST", Pattern: "/outbox/{mail}/again", Answers: ownersOnly, handle: s.tryMail},
		{Method: "POST", Pattern: "/outbox/{mail}/give-up", Answers: ownersOnly, handle: s.giveUpMail},
	}
}

// furthestPage is the last page of a list that can be asked for.
const furthestPage = 10_000

func (s *Server) showOutbox(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	o := views.Outbox{State: mail.State(r.URL.Query().Get("state")), Zone: s.zone()}
	if !slices.Contains(mail.States, o.State) {
		o.State = ""
	}
	o.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
	o.Page = min(max(1, o.Page), furthestPage)
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if o.Server, err = hasMailServer(ctx, tx); err != nil {
			return err
		}
		if o.Counts, err = mail.Counts(ctx, tx); err != nil {
			return err
		}
		o.Mails, err = mail.Find(ctx, tx, o.State, views.MailsAPage+1, (o.Page-1)*views.MailsAPage)
		return err
	})
	if err != nil {
		return err
	}
	if o.More = len(o.Mails) > views.MailsAPage; o.More {
		o.Mails = o.Mails[:views.MailsAPage]
	}
	p, err := s.framed(w, r, "/outbox")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, o.View(p))
}

// hasMailServer says whether mails leave by themselves.
func hasMailServer(ctx context.Context, tx *data.Tx) (bool, error) {
	_, err := mail.ServerOf(ctx, tx)
	if errors.Is(err, data.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *Server) tryMail(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return mail.TryAgain(r.Context(), tx, r.PathValue("mail")) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/outbox", "outbox.again_done")
}

func (s *Server) tryAllMails(w http.ResponseWriter, r *request) error {
	var n int
	err := s.db.Update(r.Context(), func(tx *data.Tx) (err error) {
		n, err = mail.TryAllAgain(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/outbox", "outbox.all_again_done", "n", n)
}

func (s *Server) giveUpMail(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return mail.GiveUp(r.Context(), tx, r.PathValue("mail")) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/outbox", "outbox.given_up")
}
