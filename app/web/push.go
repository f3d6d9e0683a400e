package web

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"ricochet.example/app/lang"
	"ricochet.example/app/notice"
	"ricochet.example/data"
)

// vapid is the key by which those who take pushes know us (RFC 8292), in unpadded base64url.
type vapid struct{ private, public string }

func newVAPID(secret []byte) (v vapid, err error) {
	key, err := ecdh.P256().NewPrivateKey(secret)
	if err != nil {
		return v, fmt.Errorf("reading the key of pushes: %w", err)
	}
	enc := base64.RawURLEncoding
	return vapid{enc.EncodeToString(secret), enc.EncodeToString(key.PublicKey().Bytes())}, nil
}

// pusher takes pushes to where browsers said, which may be none of our networks: like the one that looks where links
// lead, and it is sent on nowhere.
func pusher(reach *http.Client, roots *x509.CertPool) *http.Client {
	c := *reach
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if t, ok := c.Transport.(*http.Transport); ok && roots != nil {
		t = t.Clone()
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		c.Transport = t
	}
	return &c
}

// subscription is what a browser says of where it is sent pushes.
type subscription struct {
	Endpoint string `form:"endpoint"`
	P256dh   string `form:"p256dh"`
	Auth     string `form:"auth"`
}

// subscribe takes in where the browser that asks is sent pushes. Its script reads the answer.
func (s *Server) subscribe(w http.ResponseWriter, r *request) error {
	var f subscription
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	to := notice.Subscription{AccountID: r.who.ID, SessionID: r.session.ID, Endpoint: f.Endpoint, P256dh: f.P256dh, Auth: f.Auth}
	if p := to.Check(); !p.OK() || to.SessionID == "" {
		return errBadRequest
	}
	if err := s.db.Update(r.Context(), func(tx *data.Tx) error { return notice.Subscribe(r.Context(), tx, to) }); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) unsubscribePush(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return notice.Unsubscribe(r.Context(), tx, r.session.ID) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/me/notices", "notice.saved")
}

// What is sent at once, and how long it waits for a phone that is off.
const (
	pushesAtOnce = 8
	pushLife     = 24 * time.Hour
)

// pushed is a push on its way.
type pushed struct {
	notice   notice.Notice
	browsers []notice.Subscription
	text     []byte
	topic    string
}

// push looks once a minute for pushes that are due, and sends them a few at a time.
func (s *Server) push(ctx context.Context) error {
	minute := s.clock.Now().Unix() / 60
	b := s.brand.Load()
	if b == nil || s.pushed.Load() == minute {
		return nil
	}
	var due, unwanted []notice.Notice
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		due, unwanted, err = notice.Pushes(ctx, tx, b.Zone())
		return err
	})
	if err == nil {
		err = s.each(ctx, unwanted, notice.Unpushed)
	}
	if err != nil {
		return fmt.Errorf("looking for pushes: %w", err)
	}
	s.pushed.Store(minute)
	for some := range slices.Chunk(due, atOnce) {
		if err := s.pushSome(ctx, some, b.Zone()); err != nil {
			return err
		}
	}
	return nil
}

// pushSome sends those that are still due.
func (s *Server) pushSome(ctx context.Context, due []notice.Notice, zone *time.Location) error {
	var all []pushed
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		all = nil // it may run twice
		if err := data.Lock(ctx, tx, "pushes"); err != nil {
			return err
		}
		for _, n := range due {
			ours, err := notice.Claim(ctx, tx, n, zone)
			if err != nil {
				return err
			}
			if !ours {
				continue
			}
			p, err := s.pushOf(ctx, tx, n)
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("claiming pushes: %w", err)
	}
	var sending sync.WaitGroup
	turns := make(chan struct{}, pushesAtOnce)
	errs := make([]error, len(all))
	for i, p := range all {
		turns <- struct{}{}
		sending.Go(func() {
			errs[i] = s.pushOne(ctx, p)
			<-turns
		})
	}
	sending.Wait()
	return errors.Join(errs...)
}

// pushOf is what is sent of a notice, and to which browsers.
func (s *Server) pushOf(ctx context.Context, tx *data.Tx, n notice.Notice) (p pushed, err error) {
	reader, v, err := s.said(ctx, tx, n, n.PushedAt)
	if err != nil {
		return p, err
	}
	p.notice = n
	sum := sha256.Sum256([]byte(string(n.Kind) + "\x00" + n.About))
	p.topic = base64.RawURLEncoding.EncodeToString(sum[:18]) // 24 characters; RFC 8030 allows 32
	if p.text, err = json.Marshal(map[string]string{
		"title": v.Line(reader), "text": v.Text(reader), "path": v.Path, "tag": p.topic, "language": lang.Of(reader),
	}); err != nil {
		return p, err
	}
	p.browsers, err = notice.SubscriptionsOf(ctx, tx, n.AccountID)
	return p, err
}

// pushOne sends a push to all browsers of a person. Those that are gone are forgotten; when nobody took it, it is sent
// again when its claim is over.
func (s *Server) pushOne(ctx context.Context, p pushed) error {
	var gone []string
	taken := false
	for _, to := range p.browsers {
		status, err := s.hand(ctx, p, to)
		switch {
		case err != nil:
			s.log.Info("a push was not taken", slog.String("to", hostOf(to.Endpoint)), slog.Any("error", err))
		case status == http.StatusNotFound || status == http.StatusGone:
			gone = append(gone, to.Endpoint)
		case status/100 == 2:
			taken = true
		default:
			s.log.Info("a push was not taken", slog.String("status", strconv.Itoa(status)))
		}
	}
	if !taken && len(gone) == 0 {
		return nil
	}
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		for _, endpoint := range gone {
			if err := notice.Gone(ctx, tx, endpoint); err != nil {
				return err
			}
		}
		if !taken {
			return nil
		}
		return notice.Pushed(ctx, tx, p.notice)
	})
	if err != nil {
		return fmt.Errorf("noting what became of a push: %w", err)
	}
	return nil
}

// hostOf is the host of where a browser takes pushes, which says nothing of the browser.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Host
}

// hand gives a push to where a browser takes it, and returns the status of the answer.
func (s *Server) hand(ctx context.Context, p pushed, to notice.Subscription) (int, error) {
	_, host, _ := strings.Cut(s.brand.Load().URL, "://")
	answer, err := webpush.SendNotificationWithContext(ctx, p.text, &webpush.Subscription{
		Endpoint: to.Endpoint, Keys: webpush.Keys{Auth: to.Auth, P256dh: to.P256dh},
	}, &webpush.Options{
		HTTPClient: s.pusher, Subscriber: "https://" + host, TTL: int(pushLife.Seconds()), Topic: p.topic,
		VAPIDPublicKey: s.vapid.public, VAPIDPrivateKey: s.vapid.private,
	})
	if err != nil {
		// Its text has the whole address, by which anybody could send to that browser.
		if with := new(url.Error); errors.As(err, &with) {
			err = with.Err
		}
		return 0, fmt.Errorf("sending a push: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	return answer.StatusCode, nil
}
