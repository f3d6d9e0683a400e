package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/message"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// insider is a browser in which somebody is signed in.
type insider struct {
	id     string // of their account
	client http.Client
	cookie string
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// signIn signs somebody in to a database that nobody serves, by mail and code,
// as they would do it themselves.
func signIn(ctx context.Context, db *data.DB, email string) (*insider, error) {
	site, err := web.New(ctx, web.Config{DB: db, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	cookies := map[string]string{}
	post := func(path string, form url.Values) error {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", cookieLine(cookies))
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		res := w.Result()
		defer res.Body.Close()
		for _, c := range res.Cookies() {
			cookies[c.Name] = c.Value
		}
		if res.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("signing in: %s answers %s", path, res.Status)
		}
		return nil
	}
	if err := post("/signin", url.Values{"email": {email}}); err != nil {
		return nil, err
	}
	code := ""
	err = db.View(ctx, func(tx *data.Tx) error {
		mails, err := message.Latest(ctx, tx, 1)
		if len(mails) == 1 && mails[0].To == email {
			code = sixDigits.FindString(mails[0].Body)
		}
		return err
	})
	if err != nil || code == "" {
		return nil, errors.Join(err, fmt.Errorf("no code was mailed to %s", email))
	}
	if err := post("/signin/code", url.Values{"code": {code}}); err != nil {
		return nil, err
	}
	who := ""
	err = db.View(ctx, func(tx *data.Tx) error {
		a, err := account.ByEmail(ctx, tx, email)
		who = a.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	return &insider{id: who, cookie: cookieLine(cookies), client: http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func cookieLine(cookies map[string]string) string {
	var all []string
	for name, value := range cookies {
		all = append(all, name+"="+value)
	}
	return strings.Join(all, "; ")
}

// look asks for a page, which must hold a text, and returns how long it took
// until the last byte was there.
func (i *insider) look(ctx context.Context, addr, path, text string) (took time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Cookie", i.cookie)
	r.Header.Set("Accept", "text/html")
	began := time.Now()
	res, err := i.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("looking at %s: %w", path, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	took = time.Since(began)
	if err == nil && (res.StatusCode != http.StatusOK || !strings.Contains(string(body), text)) {
		err = fmt.Errorf("looking at %s: %s, and %q is not in it", path, res.Status, text)
	}
	return took, err
}
