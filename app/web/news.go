package web

import (
	"context"
	"fmt"

	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/notice"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// tellLeaders writes to those who may decide that people want into their squads: gathered, at most once an hour a
// person. It looks once a minute.
func (s *Server) tellLeaders(ctx context.Context) error {
	minute := s.clock.Now().Unix() / 60
	b := s.brand.Load()
	if b == nil || s.told.Load() == minute {
		return nil
	}
	var news []squad.News
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		news, err = squad.Untold(ctx, tx)
		return err
	})
	if err == nil && len(news) > 0 {
		err = s.db.Update(ctx, func(tx *data.Tx) error {
			if err := data.Lock(ctx, tx, "news"); err != nil {
				return err // of several servers one writes
			}
			news, err := squad.Untold(ctx, tx)
			if err != nil {
				return err
			}
			for _, n := range news {
				if err := s.tell(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("telling who leads squads of applications: %w", err)
	}
	s.told.Store(minute)
	return nil
}

// applications is the kind of mails by which those who decide hear that people want in, as codes that end them say it.
const applications notice.Kind = "applications"

func (s *Server) tell(ctx context.Context, tx *data.Tx, n squad.News) error {
	reader, b := lang.With(ctx, n.Language), s.brand.Load()
	end := b.URL + views.UnsubscribePath(s.UnsubscribeCode(n.AccountID, applications))
	l := views.NewsMail(reader, b.Name, b.URL, end, n)
	m := mail.Mail{Kind: mail.News, To: n.Email, Subject: l.Subject, Body: l.Text(), Unsubscribe: end}
	var err error
	if m.HTML, err = l.HTML(reader); err != nil {
		return err
	}
	if _, err := mail.Write(ctx, tx, m); err != nil {
		return err
	}
	return squad.Told(ctx, tx, n.AccountID)
}
