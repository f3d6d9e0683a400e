package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"sort"
	"strconv"
	"sync/atomic"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
)

const tokenLength = id.TokenLength

// The shape of the load: where a visitor comes from.
const (
	zipfExponent = 0.9
	belowAnOpen  = 0.4     // of the visitors; the others come by a link
	recentOpens  = 200_000 // that somebody still passes on
)

// zipf draws ranks: rank r comes up in proportion to 1/rˢ.
type zipf struct{ sums []float64 }

func newZipf(n int, s float64) zipf {
	z := zipf{make([]float64, n)}
	total := 0.0
	for i := range z.sums {
		total += 1 / math.Pow(float64(i+1), s)
		z.sums[i] = total
	}
	return z
}

// draw returns a rank, counted from 0.
func (z zipf) draw(r *rand.Rand) int {
	return sort.SearchFloat64s(z.sums, r.Float64()*z.sums[len(z.sums)-1])
}

// field is what there is to visit.
type field struct {
	tokens *id.Tokens
	nonce  func(dst, token []byte, b share.Browser, now time.Time) []byte
	clock  clock.Clock // of the server
	ranks  zipf
	links  []int64      // ids of links, by how popular they are
	top    atomic.Int64 // the newest open that is known
	gaps   bool         // not every id up to that is one of an open
}

// where draws where a visitor comes from: a link, or an open not long ago.
func (f *field) where(r *rand.Rand) (link, open int64) {
	if top := f.top.Load(); top > 0 && r.Float64() < belowAnOpen {
		return 0, top - r.Int64N(min(top, recentOpens))
	}
	return f.links[f.ranks.draw(r)], 0
}

func (f *field) newest(open int64) {
	for have := f.top.Load(); open > have && !f.top.CompareAndSwap(have, open); have = f.top.Load() {
	}
}

// browsers are what the visitors read with.
var browsers = []string{
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Android 15; Mobile; rv:139.0) Gecko/139.0 Firefox/139.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
}

var languages = []string{"en-GB,en;q=0.8", "fr-FR,fr;q=0.9,en;q=0.7", "de-DE,de;q=0.9"}

// crowd makes the requests of visitors who were never there before, each on an
// address of their own. One thread uses it.
type crowd struct {
	*field
	rnd        *rand.Rand
	next, step uint32
	opened     []opened
}

// opened is an acknowledged open.
type opened struct {
	id int64
	at time.Time
}

// crowds makes one crowd a thread. Together they never use an address twice.
func crowds(f *field, seed uint64) []*crowd {
	all := make([]*crowd, threads)
	for i := range all {
		all[i] = &crowd{field: f, rnd: rand.New(rand.NewPCG(seed, uint64(i))), next: uint32(i), step: threads} //nolint:gosec // a load, and small numbers
	}
	return all
}

// addr is the next address, of those that are given out to people.
func (c *crowd) addr() netip.Addr {
	for {
		// Odd, so that no two visitors have the same (Knuth's multiplicative hash).
		a := c.next * 2654435761
		c.next += c.step
		if first := byte(a >> 24); first > 0 && first < 224 && first != 10 && first != 127 {
			return netip.AddrFrom4([4]byte{first, byte(a >> 16), byte(a >> 8), byte(a)})
		}
	}
}

// browser is the next visitor's.
func (c *crowd) browser() share.Browser {
	return share.Browser{
		Addr: c.addr(), UserAgent: browsers[c.rnd.IntN(len(browsers))], AcceptLanguage: languages[c.rnd.IntN(len(languages))],
	}
}

// come sets the token that the next visitor comes by.
func (c *crowd) come(w *wire) {
	link, open := c.where(c.rnd)
	if n := len(c.opened); open != 0 && c.gaps {
		if n == 0 {
			link, open = c.links[c.ranks.draw(c.rnd)], 0
		} else {
			open = c.opened[n-1-c.rnd.IntN(min(n, recentOpens))].id
		}
	}
	if open != 0 {
		c.tokens.AppendOpen(w.token[:0], open)
	} else {
		c.tokens.AppendLink(w.token[:0], link)
	}
}

func appendHead(dst []byte, b share.Browser) []byte {
	dst = append(dst, " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: "...)
	dst = append(dst, b.UserAgent...)
	dst = append(dst, "\r\nAccept-Language: "...)
	dst = append(dst, b.AcceptLanguage...)
	dst = append(dst, "\r\nX-Forwarded-For: "...)
	return b.Addr.AppendTo(dst)
}

// get asks for a reader page.
func (c *crowd) get(w *wire, encoding string) {
	c.come(w)
	b := c.browser()
	w.out = append(w.out, "GET /s/"...)
	w.out = append(w.out, w.token[:]...)
	w.out = appendHead(w.out, b)
	w.out = append(w.out, "\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Encoding: "...)
	w.out = append(w.out, encoding...)
	w.out = append(w.out, "\r\nSec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n"...)
}

// post confirms an open of the next visitor.
func (c *crowd) post(w *wire) {
	c.come(w)
	c.confirm(w)
}

// confirm confirms an open by the token of w, as the page's script does.
func (c *crowd) confirm(w *wire) {
	b := c.browser()
	var space [256]byte
	body := append(space[:0], "nonce="...)
	body = c.nonce(body, w.token[:], b, c.clock.Now())
	body = append(body, "&channel=whatsapp&visible="...)
	body = strconv.AppendInt(body, 1000+c.rnd.Int64N(500), 10)
	w.out = append(w.out, "POST /s/"...)
	w.out = append(w.out, w.token[:]...)
	w.out = append(w.out, "/open"...)
	w.out = appendHead(w.out, b)
	w.out = append(w.out, "\r\nAccept: */*\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nContent-Type: application/x-www-form-urlencoded;charset=UTF-8\r\nContent-Length: "...)
	w.out = strconv.AppendInt(w.out, int64(len(body)), 10)
	w.out = append(w.out, "\r\n\r\n"...)
	w.out = append(w.out, body...)
}

// reading is the load of the reader page. token is what must stand in each
// page; empty, that is the one it was asked by. (In a gzipped page it stands as
// it is, in a stored block.)
func (c *crowd) reading(encoding string, token []byte) traffic {
	return traffic{
		ask: func(w *wire) { c.get(w, encoding) },
		check: func(w *wire, a answer, _ time.Time) error {
			want := token
			if len(want) == 0 {
				want = w.token[:]
			}
			if a.status != 200 || !bytes.Contains(a.body, want) {
				return fmt.Errorf("the page of %s: status %d, %d bytes, its token is missing", want, a.status, len(a.body))
			}
			return nil
		},
	}
}

var tokenField = []byte(`{"token":"`)

// opening is the load of confirmed opens. Each answer must carry the token of
// a new open; they are remembered.
func (c *crowd) opening() traffic {
	return traffic{
		ask:   c.post,
		check: func(_ *wire, a answer, now time.Time) error { return c.note(a, now) },
	}
}

// note remembers what an answer acknowledges.
func (c *crowd) note(a answer, now time.Time) error {
	ref, ok := c.tokenIn(a)
	if !ok || ref.Kind != id.Open {
		return fmt.Errorf("an open: status %d, %.200q", a.status, a.body)
	}
	c.newest(ref.ID)
	c.opened = append(c.opened, opened{ref.ID, now})
	return nil
}

// acknowledged is what all crowds together were answered so far.
func acknowledged(crowds []*crowd) (all []opened) {
	for _, c := range crowds {
		all = append(all, c.opened...)
	}
	return all
}

// pretending is the same for the bare handler, whose answer is always the same.
func (c *crowd) pretending() traffic {
	return traffic{
		ask: c.post,
		check: func(_ *wire, a answer, _ time.Time) error {
			if _, ok := c.tokenIn(a); !ok {
				return fmt.Errorf("the bare handler: status %d, %.200q", a.status, a.body)
			}
			return nil
		},
	}
}

func (c *crowd) tokenIn(a answer) (ref id.Ref, ok bool) {
	rest, found := bytes.CutPrefix(a.body, tokenField)
	if a.status != 200 || !found || len(rest) < tokenLength {
		return ref, false
	}
	return c.tokens.Parse(string(rest[:tokenLength]))
}
