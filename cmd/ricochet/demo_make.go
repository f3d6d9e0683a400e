package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/demo"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// maker plays the demo's acts and visits.
type maker struct {
	*player
	cast *demo.Cast
	now  time.Time
}

// perDrop is how many numbers of the player's members each drop has.
const perDrop = 1000

// makeDemo makes a demo that starts now, as the clock says, in an empty
// database that goes by the same clock. Every visit is answered by the same
// handlers as a real one.
func makeDemo(ctx context.Context, cfg data.Config, c *clock.Manual, address string, std *streams) (_ *show, err error) {
	now := c.Now()
	begins := demo.Begins(now)
	c.Set(begins)
	s := stage{clock: c, start: begins, url: address, members: map[int]member{}}
	if s.db, err = data.Open(ctx, cfg); err != nil {
		return nil, unusable(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.db.Close())
		}
	}()
	if s.server, err = web.New(ctx, web.Config{DB: s.db, Clock: c, Log: discard()}); err != nil {
		return nil, err
	}
	m := &maker{player: s.player(), cast: demo.New(now, address), now: now}
	for _, a := range m.cast.Acts() {
		m.arrange(a.At, a.Name, func() error { return m.act(ctx, a) })
	}
	m.arrange(now.Add(-50*time.Hour), "inviting by mail", func() error { return m.invite(ctx) })
	m.arrange(now.Add(-5*time.Hour), "rewards", func() error { return m.reward(ctx) })
	rec := recordingOf(m.cast.Visits(), begins)
	bar := std.progress("Making two weeks of traffic", int64(len(rec.events)))
	err = m.play(ctx, rec, func() { bar.add(1) })
	bar.end()
	if err != nil {
		return nil, err
	}
	c.Set(now)
	made := &show{db: s.db, clock: c}
	return made, made.learn(ctx)
}

// recordingOf is the visits as a recording.
func recordingOf(visits []demo.Visit, begins time.Time) *recording {
	rec := &recording{}
	for _, v := range visits {
		e := recorded{
			IP: v.IP, UA: v.UserAgent, Method: http.MethodGet, Token: tokenOf(v), Header: map[string]string{},
			id: "v" + strconv.Itoa(v.ID), at: v.At.Sub(begins), channel: v.Channel,
		}
		if v.AcceptLanguage != "" {
			e.Header["Accept-Language"] = v.AcceptLanguage
		}
		if v.Looks {
			e.Jar, e.Beacon = e.id, &beacon{DT: 4, VisibleMS: 4000}
		}
		if v.SignedIn >= 0 {
			who := v.Drop*perDrop + v.SignedIn
			e.Login = &who
		}
		rec.events = append(rec.events, e)
	}
	return rec
}

// tokenOf is what a visit opens, as recordings name it.
func tokenOf(v demo.Visit) string {
	if v.From >= 0 {
		return "J:v" + strconv.Itoa(v.From)
	}
	return "A:" + strconv.Itoa(v.Drop*perDrop+v.Member)
}

// act plays one act, and takes note of the links that there are then.
func (m *maker) act(ctx context.Context, a demo.Act) error {
	return m.db.Update(ctx, func(tx *data.Tx) error {
		if err := a.Do(ctx, tx); err != nil {
			return err
		}
		numbers := map[string]int{}
		for i, p := range m.cast.People {
			numbers[p.ID] = i
		}
		for d, made := range m.cast.Drops {
			if made.ID == "" {
				continue
			}
			links, err := share.OfDrop(ctx, tx, made.ID)
			if err != nil {
				return err
			}
			for _, l := range links {
				m.members[d*perDrop+numbers[l.AccountID]] = member{l.AccountID, l.ID}
			}
		}
		return nil
	})
}

// invite has a manager invite friends of the squads by mail.
func (m *maker) invite(ctx context.Context) error {
	manager := m.cast.Managers[0]
	for i, list := range demo.Guests {
		err := m.submit(ctx, manager, "/squads/"+m.cast.Squads[i].ID+"/invite/send", url.Values{
			"once": {id.New()}, "list": {list.Lines}, "language": {list.Language}, "ends_at": {m.now.AddDate(0, 0, 12).Format(time.DateOnly)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// submit sends a form as somebody who is signed in for just that.
func (m *maker) submit(ctx context.Context, who account.Account, path string, form url.Values) error {
	var secret []byte
	err := m.db.Update(ctx, func(tx *data.Tx) (err error) {
		secret, err = account.SignIn(ctx, tx, who.ID, "Firefox")
		return err
	})
	if err != nil {
		return err
	}
	cookie, err := m.server.LoginCookie(secret)
	if err != nil {
		return err
	}
	desk := demo.Played(100, "fr")
	r := m.request(ctx, &recorded{IP: desk.IP, UA: desk.UserAgent}, http.MethodPost, path, []byte(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", m.url)
	r.AddCookie(cookie)
	answer, err := m.ask(r)
	if err != nil {
		return err
	}
	if answer.status != http.StatusSeeOther || strings.HasPrefix(answer.header.Get("Location"), "/signin") {
		return fmt.Errorf("POST %s was answered %d", path, answer.status)
	}
	return m.db.Update(ctx, func(tx *data.Tx) error { return account.SignOutAll(ctx, tx, who.ID) })
}
