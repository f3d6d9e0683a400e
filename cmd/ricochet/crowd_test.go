package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// field is an installation with links, and what it takes to open them as a
// reader's page would.
type field struct {
	t     *testing.T
	cfg   data.Config
	args  []string // that name the installation on the command line
	site  *web.Server
	links []string // tokens
}

// founded makes an installation with a public drop and the links of four
// ambassadors.
func founded(t *testing.T, cfg data.Config) *field {
	t.Helper()
	f := &field{t: t, cfg: cfg, args: []string{"--dir", cfg.Dir}}
	if cfg.URL != "" {
		f.args = []string{"--database", cfg.URL}
	}
	f.cfg.Now = clock.System{}.Now
	f.open(func(ctx context.Context, db *data.DB) (err error) {
		var ids []int64
		err = db.Update(ctx, func(tx *data.Tx) (err error) {
			ids, err = foundWith(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		if f.site, err = web.New(ctx, web.Config{DB: db, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)}); err != nil {
			return err
		}
		for _, l := range ids {
			f.links = append(f.links, f.site.Tokens().Link(l))
		}
		return nil
	})
	return f
}

// open does something in the installation while nobody serves it.
func (f *field) open(do func(context.Context, *data.DB) error) {
	f.t.Helper()
	ctx := context.Background()
	db, err := data.Open(ctx, f.cfg)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := errors.Join(do(ctx, db), db.Close()); err != nil {
		f.t.Fatal(err)
	}
}

func foundWith(ctx context.Context, tx *data.Tx) (links []int64, err error) {
	token, err := brand.SetUp(ctx, tx)
	if err != nil {
		return nil, err
	}
	err = brand.Found(ctx, tx, token, brand.Brand{Name: "Lyon Running", Language: "fr", URL: "http://127.0.0.1:8080", TimeZone: "Europe/Paris", Label: "Publicité"})
	if err != nil {
		return nil, err
	}
	c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Spring", StartsAt: tx.Now().AddDate(0, -1, 0), EndsAt: tx.Now().AddDate(0, 1, 0), Most: campaign.DefaultMost})
	if err != nil {
		return nil, err
	}
	d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "Shoes", Body: "New ones."}})
	if err != nil {
		return nil, err
	}
	if err := drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: tx.Now().Add(-time.Hour)}); err != nil {
		return nil, err
	}
	for i := range 4 {
		a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("%d@example.com", i), Name: "Ana", Role: account.Ambassador, Language: "en"})
		if err != nil {
			return nil, err
		}
		l, err := share.Take(ctx, tx, a.ID, d.ID)
		if err != nil {
			return nil, err
		}
		links = append(links, l.ID)
	}
	return links, nil
}

// serve starts a server for the installation and returns it with the time from
// its start to its first answer.
func (f *field) serve(env ...string) (s *served, took time.Duration) {
	f.t.Helper()
	began := time.Now()
	s = serveWith(f.t, env, append([]string{"--trusted-proxy", "127.0.0.1"}, f.args...)...)
	if status, _ := get(f.t, s.address+"/s/"+f.links[0]); status != http.StatusOK {
		f.t.Fatalf("the page of a link answers %d", status)
	}
	return s, time.Since(began)
}

// visitor is a person on a network of their own.
type visitor struct {
	by   string // the token that brought them
	addr netip.Addr
	own  string // the token that they were given, once they were
}

// crowd opens links, over so many connections at once, and remembers every
// answer.
type crowd struct {
	f    *field
	seed uint64

	mu    sync.Mutex
	next  uint32
	rnd   *rand.Rand
	held  []*visitor // acknowledged
	again []*visitor // to be posted once more: their answer never came, or is to be the same
	known map[string]*visitor

	wrong []string    // answers that must not be
	dark  atomic.Bool // the power is gone: nobody hears an answer any more
}

func newCrowd(f *field) *crowd {
	c := &crowd{f: f, seed: rand.Uint64(), known: map[string]*visitor{}}
	c.rnd = rand.New(rand.NewPCG(c.seed, 1))
	f.t.Logf("seed %d", c.seed)
	return c
}

// visit is the next visitor: one who was cut off, if there is any, or somebody new.
func (c *crowd) visit() *visitor {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.again); n > 0 {
		v := c.again[n-1]
		c.again = c.again[:n-1]
		return v
	}
	v := &visitor{by: c.f.links[c.rnd.IntN(len(c.f.links))]}
	if n := len(c.held); n > 0 && c.rnd.IntN(10) < 6 {
		v.by = c.held[n-1-c.rnd.IntN(min(n, 1000))].own
	}
	for {
		var a [4]byte
		c.next++
		binary.BigEndian.PutUint32(a[:], c.next*2654435761) // odd: nobody has the same
		if v.addr = netip.AddrFrom4(a); a[0] > 0 && a[0] < 224 && a[0] != 10 && a[0] != 127 {
			return v
		}
	}
}

// repost makes n of those who have their token come again.
func (c *crowd) repost(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range min(n, len(c.held)) {
		c.again = append(c.again, c.held[len(c.held)-1-c.rnd.IntN(min(len(c.held), 4*n))])
	}
}

// answered takes an acknowledgement in. It says whether it is the visitor's first.
func (c *crowd) answered(v *visitor, token string) (first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch who := c.known[token]; {
	case v.own != "" && v.own != token:
		c.wrong = append(c.wrong, fmt.Sprintf("a visitor was given %s, and %s later", v.own, token))
	case who != nil && who != v:
		c.wrong = append(c.wrong, fmt.Sprintf("two visitors were given %s", token))
	case who == nil:
		v.own = token
		c.known[token] = v
		c.held = append(c.held, v)
		return true
	}
	return false
}

// cut takes back a visitor whose answer did not come.
func (c *crowd) cut(v *visitor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.again = append(c.again, v)
}

const (
	crowdAgent    = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	crowdLanguage = "fr-FR,fr;q=0.9"
)

// post is what the visitor's page sends.
func (c *crowd) post(v *visitor) string {
	browser := share.Browser{Addr: v.addr, UserAgent: crowdAgent, AcceptLanguage: crowdLanguage}
	body := "nonce=" + string(c.f.site.Nonce(nil, []byte(v.by), browser, time.Now())) + "&channel=whatsapp&visible=1200"
	return fmt.Sprintf("POST /s/%s/open HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: %s\r\nAccept-Language: %s\r\nX-Forwarded-For: %s\r\nAccept: */*\r\n"+
		"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"+
		"Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\nContent-Length: %d\r\n\r\n%s",
		v.by, crowdAgent, crowdLanguage, v.addr, len(body), body)
}

// surge is what happens between a server and its crowd until one of them ends.
type surge struct {
	acknowledged atomic.Int64 // first answers to new visitors
	refused      atomic.Int64 // 503
	inFlight     atomic.Int64 // sent, not answered
	cut          atomic.Int64 // sent before the server was killed, and never answered
	killed       atomic.Bool
	stop         atomic.Bool
	all          sync.WaitGroup
}

// opens has so many visitors at once open links on a server until it goes away
// or the surge is stopped.
func (c *crowd) opens(address string, connections int) *surge {
	s := &surge{}
	for range connections {
		s.all.Go(func() { c.connection(s, strings.TrimPrefix(address, "http://")) })
	}
	return s
}

// end lets every visitor have their answer, and no more come.
func (s *surge) end() {
	s.stop.Store(true)
	s.all.Wait()
}

// until waits until so much is so.
func (s *surge) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("after a minute there is no %s: %d acknowledged, %d refused, %d in flight",
				what, s.acknowledged.Load(), s.refused.Load(), s.inFlight.Load())
		}
	}
}

func (c *crowd) connection(s *surge, address string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return // it is gone already
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for !s.stop.Load() {
		v := c.visit()
		s.inFlight.Add(1)
		_, err := io.WriteString(conn, c.post(v))
		if err != nil {
			s.inFlight.Add(-1)
			c.cut(v)
			return
		}
		late := s.killed.Load()
		status, body, err := answerOf(in)
		s.inFlight.Add(-1)
		if err != nil {
			if !late {
				s.cut.Add(1)
			}
			c.cut(v)
			return
		}
		c.take(s, v, status, body)
	}
}

func answerOf(in *bufio.Reader) (status int, body []byte, err error) {
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, body, err
}

// take judges an answer: the token of an open, or that nothing can be written.
func (c *crowd) take(s *surge, v *visitor, status int, body []byte) {
	var is struct{ Token string }
	// While the file system is being shut down the process still lives, and the
	// kernel may tell it that something is synced whose blocks are not: what it
	// answers then no machine without power could have sent.
	if status == http.StatusServiceUnavailable || c.dark.Load() {
		s.refused.Add(1)
		c.cut(v)
		return
	}
	err := json.Unmarshal(body, &is)
	ref, ok := c.f.site.Tokens().Parse(is.Token)
	if status != http.StatusOK || err != nil || !ok || ref.Kind != id.Open {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.wrong = append(c.wrong, fmt.Sprintf("a post was answered with %d %.200q", status, body))
		return
	}
	if c.answered(v, is.Token) {
		s.acknowledged.Add(1)
	}
}

// settle posts once more for everybody whose answer never came.
func (c *crowd) settle(address string) {
	c.f.t.Helper()
	for tries := 0; len(c.again) > 0; tries++ {
		if tries > 20*len(c.known)+10_000 {
			c.f.t.Fatalf("%d visitors are not answered", len(c.again))
		}
		var s surge
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			c.f.t.Fatal(err)
		}
		in := bufio.NewReader(conn)
		for len(c.again) > 0 && s.refused.Load() == 0 {
			v := c.visit()
			if _, err := io.WriteString(conn, c.post(v)); err != nil {
				c.f.t.Fatal(err)
			}
			status, body, err := answerOf(in)
			if err != nil {
				c.f.t.Fatal(err)
			}
			c.take(&s, v, status, body)
		}
		_ = conn.Close()
	}
}

// right demands that no answer was wrong.
func (c *crowd) right() {
	c.f.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.wrong[:min(len(c.wrong), 5)] {
		c.f.t.Error(w)
	}
	if len(c.wrong) > 5 {
		c.f.t.Errorf("and %d more", len(c.wrong)-5)
	}
	c.wrong = nil
}

// stands demands that what was acknowledged is in the log, each open once and
// nothing else; and that the numbers are those of the log. Nobody serves, and
// nobody is left unanswered.
func (c *crowd) stands() {
	c.f.t.Helper()
	c.right()
	c.logged(true)
	ricochet(c.f.t, append([]string{"check"}, c.f.args...)...).wants(0, "All is well")
}

// logged demands that what was acknowledged is in the log. whole says that
// nobody is left whose post may stand there unanswered.
func (c *crowd) logged(whole bool) {
	c.f.t.Helper()
	lost, extra := c.compared()
	if lost > 0 {
		c.f.t.Errorf("%d of %d acknowledged opens are lost", lost, len(c.known))
	}
	if whole && extra != 0 {
		c.f.t.Errorf("%d opens are in the log that nobody was told of", extra)
	}
}

// compared counts the acknowledged opens that are not in the log, and those of
// the log that nobody was told of. The database must be whole, and the numbers
// those of the opens that are folded.
func (c *crowd) compared() (lost, extra int) {
	c.f.t.Helper()
	var rows []int64
	var people, folded int64
	c.f.open(func(ctx context.Context, db *data.DB) error {
		if err := db.Verify(ctx); err != nil {
			return err
		}
		return db.View(ctx, func(tx *data.Tx) (err error) {
			if rows, err = data.All(ctx, tx, data.Integer, `SELECT id FROM opens`); err != nil {
				return err
			}
			if people, err = data.Int(ctx, tx, `SELECT sum(people) FROM link_totals`); err != nil {
				return err
			}
			folded, err = data.Int(ctx, tx, `SELECT count(*) FROM opens WHERE id <= (SELECT open_id FROM fold)`)
			return err
		})
	})
	if people != folded {
		c.f.t.Errorf("%d people are counted, of %d opens that are folded", people, folded)
	}
	told := map[int64]bool{}
	for token := range c.known {
		ref, _ := c.f.site.Tokens().Parse(token)
		told[ref.ID] = true
	}
	for _, row := range rows {
		if told[row] {
			delete(told, row)
		} else {
			extra++
		}
	}
	return len(told), extra
}
