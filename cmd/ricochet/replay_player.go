package main

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/id"
	"ricochet.example/app/visit"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// stage is an installation that a recording can be played on: its brand is
// founded, its drop is public, and every ambassador has a link.
type stage struct {
	db      *data.DB
	server  *web.Server
	clock   *clock.Manual // also the database's and the server's
	start   time.Time     // when the recording begins
	url     string        // of the brand
	members map[int]member
}

// member is an ambassador of the recording as an account of the installation.
type member struct {
	account string
	link    int64
}

// player plays a recording, one request after the other.
type player struct {
	stage
	jars   map[string]*jar
	later  agenda
	acts   int              // arranged so far
	due    time.Time        // when the work behind the requests is to be done; zero: there is none
	opened map[int64]string // the event whose page posted the open
}

// jar is one browser.
type jar struct {
	first  string // the token that it opened first, as recorded
	given  string // the token that it was given first
	of     int    // the ambassador in whose tree that is
	login  int
	secret []byte       // of its login session; nil: nobody is signed in
	cookie *http.Cookie // which holds the secret
}

// act is something that happens at a time because of an event.
type act struct {
	at  time.Time
	n   int // of acts at one time, the one that was arranged first comes first
	run func() error
}

// agenda is what is still to come, the next first.
type agenda []act

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].n < a[j].n
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is for package heap.
func (a *agenda) Push(x any) { *a = append(*a, x.(act)) }

// Pop is for package heap.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// play plays a recording and does all the work that follows from it. played is
// called after each event. It returns which event each open came from.
func (s stage) play(ctx context.Context, rec *recording, played func()) (map[int64]string, error) {
	p := s.player()
	return p.opened, p.play(ctx, rec, played)
}

func (s stage) player() *player {
	return &player{stage: s, jars: map[string]*jar{}, opened: map[int64]string{}}
}

// play plays a recording, and whatever else is on the agenda.
func (p *player) play(ctx context.Context, rec *recording, played func()) error {
	for i := range rec.events {
		e := &rec.events[i]
		if err := p.until(ctx, p.start.Add(e.at)); err != nil {
			return err
		}
		if err := p.event(ctx, e); err != nil {
			return fmt.Errorf("event %s: %w", e.id, err)
		}
		played()
	}
	if err := p.until(ctx, time.Time{}); err != nil {
		return err
	}
	return p.work(ctx)
}

// until does what comes before an event, or everything when there is none, and
// moves the clock there.
func (p *player) until(ctx context.Context, event time.Time) error {
	for len(p.later) > 0 && (event.IsZero() || !p.later[0].at.After(event)) {
		next := heap.Pop(&p.later).(act)
		if err := p.advance(ctx, next.at); err != nil {
			return err
		}
		if err := next.run(); err != nil {
			return err
		}
	}
	if event.IsZero() {
		return nil
	}
	return p.advance(ctx, event)
}

// advance moves the clock to a time at which something happens. Behind the
// requests a server works every second; only a second in which something
// happened gives it anything to do.
func (p *player) advance(ctx context.Context, to time.Time) error {
	if !p.due.IsZero() && !to.Before(p.due) {
		if err := p.work(ctx); err != nil {
			return err
		}
	}
	p.clock.Set(to)
	if p.due.IsZero() {
		p.due = to.Truncate(time.Second).Add(time.Second)
	}
	return ctx.Err()
}

func (p *player) work(ctx context.Context) error {
	if p.due.IsZero() {
		return nil
	}
	p.clock.Set(p.due)
	p.due = time.Time{}
	if err := p.server.Work(ctx); err != nil {
		return fmt.Errorf("working behind the requests: %w", err)
	}
	return nil
}

// arrange puts something on the agenda, never before now.
func (p *player) arrange(at time.Time, what string, run func() error) {
	if now := p.clock.Now(); at.Before(now) {
		at = now
	}
	p.acts++
	heap.Push(&p.later, act{at, p.acts, func() error {
		if err := run(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	}})
}

// event plays one event.
func (p *player) event(ctx context.Context, e *recorded) error {
	if e.Login != nil && e.Jar != "" {
		if err := p.signIn(ctx, e); err != nil {
			return err
		}
	}
	token, of, ok := p.resolve(e.Token)
	if e.Jar != "" && e.Method == http.MethodGet && e.Token != "J:"+e.Jar {
		if j := p.jar(e.Jar); j.first == "" {
			j.first = e.Token
		}
	}
	if !ok {
		return nil // of a browser that was never seen: there is no address to ask for
	}
	got, err := p.get(ctx, e, token, false)
	if err != nil || !e.Beacon.shown() {
		return err
	}
	posts := p.clock.Now().Add(e.Beacon.after())
	if got.status != http.StatusServiceUnavailable {
		p.arrangePost(ctx, e, got, of, posts)
		return nil
	}
	// The page was to be prepared ahead and was not; now somebody comes.
	p.arrange(posts.Add(-time.Second), "event "+e.id, func() error {
		got, err := p.get(ctx, e, token, true)
		if err == nil {
			p.arrangePost(ctx, e, got, of, posts)
		}
		return err
	})
	return nil
}

func (p *player) jar(name string) *jar {
	j := p.jars[name]
	if j == nil {
		j = &jar{}
		p.jars[name] = j
	}
	return j
}

// resolve turns a recorded token into a real one, and says in whose tree it
// is. A browser that was given none hands on what it opened first.
func (p *player) resolve(token string) (real string, of int, ok bool) {
	for range len(p.jars) + 1 {
		if of, ok = ambassadorOf(token); ok {
			return p.link(of), of, true
		}
		j := p.jars[strings.TrimPrefix(token, "J:")]
		switch {
		case j == nil:
			return "", 0, false
		case j.given != "" && j.secret != nil && j.of == j.login:
			return p.link(j.login), j.login, true // the owner's own browser has the link itself
		case j.given != "":
			return j.given, j.of, true
		case j.first != "":
			token = j.first
		case j.secret != nil:
			return p.link(j.login), j.login, true
		default:
			return "", 0, false
		}
	}
	return "", 0, false
}

func (p *player) link(ambassador int) string {
	return p.server.Tokens().Link(p.members[ambassador].link)
}

// signIn makes a browser one in which an ambassador is signed in, unless it is
// one already.
func (p *player) signIn(ctx context.Context, e *recorded) error {
	j := p.jar(e.Jar)
	if j.secret != nil && j.login == *e.Login {
		err := p.db.View(ctx, func(tx *data.Tx) error {
			_, _, err := account.BySession(ctx, tx, j.secret)
			return err
		})
		if !errors.Is(err, data.ErrNotFound) {
			return err
		}
	}
	err := p.db.Update(ctx, func(tx *data.Tx) (err error) {
		j.secret, err = account.SignIn(ctx, tx, p.members[*e.Login].account, account.Device(e.UA))
		return err
	})
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	j.login = *e.Login
	j.cookie, err = p.server.LoginCookie(j.secret)
	return err
}

// purposes are the headers by which a browser says that it asks ahead of its person.
var purposes = []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "Sec-Speculation-Tags"}

// get asks for the page, again when the person came after all.
func (p *player) get(ctx context.Context, e *recorded, token string, again bool) (*response, error) {
	path := "/s/" + token
	if e.channel != "" {
		path += "/" + e.channel
	}
	r := p.request(ctx, e, e.Method, path, nil)
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	if e.Referer != "" {
		r.Header.Set("Referer", e.Referer)
	}
	for name, value := range e.Header {
		r.Header.Set(name, value)
	}
	if again {
		for _, name := range purposes {
			r.Header.Del(name)
		}
	}
	return p.ask(r)
}

// What a page tells its script: the token it was served for, and the nonce to
// post with.
var (
	servedToken = regexp.MustCompile(`\sdata-token="?([0-9a-z]+)`)
	servedNonce = regexp.MustCompile(`\sdata-open="?([0-9A-Za-z_-]+)`)
)

// arrangePost lets the page's script post, if the page has one that would.
func (p *player) arrangePost(ctx context.Context, e *recorded, page *response, of int, at time.Time) {
	token, nonce := servedToken.FindSubmatch(page.body.Bytes()), servedNonce.FindSubmatch(page.body.Bytes())
	if page.status != http.StatusOK || token == nil || nonce == nil {
		return
	}
	p.arrange(at, "event "+e.id, func() error { return p.post(ctx, e, string(token[1]), string(nonce[1]), of) })
}

// post is what the page's script does once its page has been visible.
func (p *player) post(ctx context.Context, e *recorded, token, nonce string, of int) error {
	form := visit.Report{VisibleMS: e.Beacon.VisibleMS}.Values()
	form.Set("nonce", nonce)
	if e.channel != "" {
		form.Set("channel", e.channel)
	}
	r := p.request(ctx, e, http.MethodPost, "/s/"+token+"/open", []byte(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	r.Header.Set("Accept", "*/*")
	r.Header.Set("Origin", p.url)
	r.Header.Set("Referer", p.url+"/s/"+token)
	for name, value := range e.Header {
		if http.CanonicalHeaderKey(name) == "Accept-Language" {
			r.Header.Set(name, value)
		}
	}
	answer, err := p.ask(r)
	if err != nil || answer.status != http.StatusOK {
		return err
	}
	var own struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer.body.Bytes(), &own); err != nil {
		return fmt.Errorf("reading the answer to a confirmed open: %w", err)
	}
	ref, ok := p.server.Tokens().Parse(own.Token)
	if !ok {
		return fmt.Errorf("a confirmed open was answered with the token %q", own.Token)
	}
	if ref.Kind == id.Open && p.opened[ref.ID] == "" {
		p.opened[ref.ID] = e.id
	}
	if e.Jar != "" {
		if j := p.jar(e.Jar); j.given == "" {
			j.given, j.of = own.Token, of
		}
	}
	return nil
}

// request is a request of an event's browser.
func (p *player) request(ctx context.Context, e *recorded, method, path string, body []byte) *http.Request {
	host := strings.TrimPrefix(strings.TrimPrefix(p.url, "http://"), "https://")
	r := &http.Request{
		Method: method, URL: &url.URL{Path: path}, RequestURI: path, Host: host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {e.UA}}, RemoteAddr: net.JoinHostPort(e.IP, "50000"),
		Body: http.NoBody, ContentLength: int64(len(body)),
	}
	if body != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if j := p.jars[e.Jar]; j != nil && j.cookie != nil {
		r.AddCookie(j.cookie)
	}
	return r.WithContext(ctx)
}

// ask has a request answered. That the server fails is an error; a 503 to a
// fetch is its word to those who ask ahead.
func (p *player) ask(r *http.Request) (*response, error) {
	w := &response{header: http.Header{}}
	p.server.ServeHTTP(w, r)
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.status >= http.StatusInternalServerError && (r.Method == http.MethodPost || w.status != http.StatusServiceUnavailable) {
		return nil, fmt.Errorf("%s %s was answered %d", r.Method, r.URL.Path, w.status)
	}
	return w, nil
}

// response takes an answer in.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter: the first status stands.
func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write implements http.ResponseWriter.
func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
