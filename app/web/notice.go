package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/notice"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) noticeRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.NoticesPath, Answers: ambassadors, Page: true, handle: s.showNotices},
		{Method: "POST", Pattern: views.NoticesPath, Answers: ambassadors, handle: s.chooseNotices},
		{Method: "POST", Pattern: views.PushPath, Answers: ambassadors, handle: s.subscribe},
		{Method: "POST", Pattern: views.PushOffPath, Answers: ambassadors, handle: s.unsubscribePush},
		{Method: "GET", Pattern: "/unsubscribe/{notice}", Answers: everyone, Page: true, handle: s.askUnsubscribe},
		{Method: "POST", Pattern: "/unsubscribe/{notice}", Answers: everyone, handle: s.unsubscribe},
	}
}

func (s *Server) showNotices(w http.ResponseWriter, r *request) error {
	var wishes notice.Wishes
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		wishes, err = notice.WishesOf(r.Context(), tx, r.who.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.noticesPage(w, r, http.StatusOK, views.NoticesAs(wishes))
}

func (s *Server) noticesPage(w http.ResponseWriter, r *request, status int, f views.NoticesForm) error {
	v := views.NoticesPage{Form: f, Brands: s.brand.Load().TimeZone}
	if r.session.ID != "" {
		v.Key = s.vapid.public
		err := s.db.View(r.Context(), func(tx *data.Tx) error {
			all, err := notice.SubscriptionsOf(r.Context(), tx, r.who.ID)
			v.Here = slices.ContainsFunc(all, func(b notice.Subscription) bool { return b.SessionID == r.session.ID })
			return err
		})
		if err != nil {
			return err
		}
	}
	p, err := s.framed(w, r, "/me")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Notices(p, v))
}

func (s *Server) chooseNotices(w http.ResponseWriter, r *request) error {
	var f views.NoticesForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	wishes, problems := f.Wishes()
	if f.Problems = problems; !problems.OK() {
		return s.noticesPage(w, r, http.StatusUnprocessableEntity, f)
	}
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return notice.SetWishes(r.Context(), tx, r.who.ID, wishes) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.NoticesPath, "notice.saved")
}

// atOnce is how many notices are written in one transaction: many members are told in many, and between them others
// write what they have to.
const atOnce = 50

// each gives what is to be written to write, a few in a transaction.
func (s *Server) each(ctx context.Context, all []notice.Notice, write func(context.Context, *data.Tx, notice.Notice) error) error {
	for some := range slices.Chunk(all, atOnce) {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			for _, n := range some {
				if err := write(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tellMembers looks once a minute what there is to tell, and writes the mails that are due. What is found is noted first,
// and a mail is on disk together with the note that it was written: nothing is lost when the program ends in between,
// and nothing is written twice.
func (s *Server) tellMembers(ctx context.Context) error {
	minute := s.clock.Now().Unix() / 60
	b := s.brand.Load()
	if b == nil || s.noticed.Load() == minute {
		return nil
	}
	if err := s.tellOf(ctx, b.Zone()); err != nil {
		return fmt.Errorf("telling ambassadors what happened: %w", err)
	}
	s.noticed.Store(minute)
	return nil
}

func (s *Server) tellOf(ctx context.Context, zone *time.Location) error {
	var news, mails, unwanted []notice.Notice
	var waiting bool
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if news, err = notice.News(ctx, tx, zone); err != nil {
			return err
		}
		waiting, err = notice.Waiting(ctx, tx)
		return err
	})
	if err != nil || len(news) == 0 && !waiting {
		return err
	}
	if err := s.each(ctx, news, notice.Note); err != nil {
		return err
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return notice.Expire(ctx, tx) }); err != nil {
		return err
	}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		mails, unwanted, err = notice.Due(ctx, tx, zone)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.each(ctx, mails, s.writeNotice); err != nil {
		return err
	}
	return s.each(ctx, unwanted, notice.Unmailed)
}

// said is what a notice says to somebody who was told of the same at a moment before, and the context in whose language.
func (s *Server) said(ctx context.Context, tx *data.Tx, n notice.Notice, told time.Time) (context.Context, views.Noticed, error) {
	b := s.brand.Load()
	v := views.Noticed{Kind: n.Kind, Name: n.Name, Brand: b.Name, Base: b.URL, Path: "/", Unsubscribe: b.URL + views.UnsubscribePath(s.UnsubscribeCode(n.AccountID, n.Kind))}
	ctx = lang.With(ctx, n.Language)
	switch n.Kind {
	case notice.Reward:
		c, err := notice.ClaimOf(ctx, tx, n)
		v.Title, v.Claim, v.Path = c.Reward, c.State, views.OwnRewardsPath
		return ctx, v, err
	case notice.Level:
		l, err := notice.LevelOf(ctx, tx, n)
		v.Title, v.Path = l.Name, views.OwnRewardsPath
		return ctx, v, err
	case notice.Answered:
		said, err := notice.AnsweredOf(ctx, tx, n)
		if err != nil {
			return ctx, v, err
		}
		newer, err := voice.NewerOfMine(ctx, tx, said[0])
		v.Answered, v.Path = notice.Since(said, told), views.OwnVoicePath(said[0].ID, newer/voicesShown+1)
		return ctx, v, err
	}
	d, link, err := notice.DropOf(ctx, tx, n)
	if err != nil {
		return ctx, v, err
	}
	v.Title = d.Title
	switch {
	case link != 0:
		v.Path = views.LinkPath(s.tokens.Link(link))
	case d.ID != "":
		v.Path = views.DropPath(d.ID)
	default:
		v.Path = "/ripples"
		v.Week, err = notice.WeekOf(ctx, tx, n.AccountID, n.HappenedAt.In(account.Zone(n.TimeZone, b.Zone())))
	}
	return ctx, v, err
}

// writeNotice writes one as a mail, unless the person may not know of it any more, or it was written.
func (s *Server) writeNotice(ctx context.Context, tx *data.Tx, n notice.Notice) error {
	if may, err := n.May(ctx, tx); err != nil || !may {
		return err
	}
	if first, err := notice.Mailed(ctx, tx, n); err != nil || !first {
		return err
	}
	reader, v, err := s.said(ctx, tx, n, n.MailedAt)
	if err != nil {
		return err
	}
	l := views.NoticeMail(reader, v)
	m := mail.Mail{Kind: mail.Notice, To: n.Email, Subject: l.Subject, Body: l.Text(), Unsubscribe: v.Unsubscribe}
	if m.HTML, err = l.HTML(reader); err != nil {
		return err
	}
	if m, err = mail.Write(ctx, tx, m); err != nil {
		return err
	}
	return notice.WrittenAs(ctx, tx, n, m.ID)
}

// UnsubscribeCode is what ends the mails of a kind to an account, whoever has it: nothing else can be done with it,
// and it holds as long as mails are kept.
func (s *Server) UnsubscribeCode(accountID string, k notice.Kind) string {
	said := string(k) + "." + accountID
	return base64.RawURLEncoding.EncodeToString([]byte(said)) + "." + base64.RawURLEncoding.EncodeToString(s.signEnd(said))
}

func (s *Server) signEnd(said string) []byte {
	h := hmac.New(sha256.New, s.ends)
	h.Write([]byte(said))
	return h.Sum(nil)[:16]
}

// readEnd returns whose mails of which kind a code ends, data.ErrNotFound for one that we did not make.
func (s *Server) readEnd(code string) (accountID string, k notice.Kind, err error) {
	head, tail, _ := strings.Cut(code, ".")
	said, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return "", "", data.ErrNotFound
	}
	sum, err := base64.RawURLEncoding.DecodeString(tail)
	if err != nil || !hmac.Equal(sum, s.signEnd(string(said))) {
		return "", "", data.ErrNotFound
	}
	kind, accountID, _ := strings.Cut(string(said), ".")
	return accountID, notice.Kind(kind), nil
}

// askUnsubscribe shows a button: mail programs open links too.
func (s *Server) askUnsubscribe(w http.ResponseWriter, r *request) error {
	_, k, err := s.readEnd(r.PathValue("notice"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Unsubscribe(s.frame(r, ""), k, r.URL.Path, false))
}

// unsubscribe ends the mails of a kind. Mail programs post here by themselves when somebody asks them to (RFC 8058),
// so the answer is no redirection.
func (s *Server) unsubscribe(w http.ResponseWriter, r *request) error {
	accountID, k, err := s.readEnd(r.PathValue("notice"))
	if err != nil {
		return err
	}
	err = s.db.Update(r.Context(), func(tx *data.Tx) error {
		if k == applications {
			return squad.SetNewsOff(r.Context(), tx, accountID, true)
		}
		return notice.Stop(r.Context(), tx, accountID, k)
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Unsubscribe(s.frame(r, ""), k, "", true))
}
