package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// reading is a request for a reader page, as far as it was understood.
type reading struct {
	token   string // in its canonical form
	ref     id.Ref
	channel visit.Channel // of the address
	moment  bool          // the address is one that is scanned in a moment
	target  share.Target
	found   bool // the target was looked for
	browser share.Browser
	sure    bool // of the browser's address
	account account.Account
	facts   visit.Facts
}

// read makes out the token, the channel and the visitor of a reader page, and
// finds what the token leads to. late leaves that to whoever writes, unless
// somebody is signed in.
func (s *Server) read(r *request, late bool) (rd reading, err error) {
	var ok bool
	if rd.ref, ok = s.tokens.Parse(r.PathValue("token")); !ok {
		return rd, data.ErrNotFound
	}
	if rd.ref.Kind == id.Link {
		rd.token = s.tokens.Link(rd.ref.ID)
	} else {
		rd.token = s.tokens.Open(rd.ref.ID)
	}
	if name := r.PathValue("channel"); name == share.MomentSuffix {
		rd.channel, rd.moment = visit.QR, true
	} else if name != "" {
		if rd.channel, ok = visit.ParseChannel(name); !ok || !rd.channel.Suffix() {
			return rd, data.ErrNotFound
		}
	}
	addr, sure := s.proxies.client(r.Request)
	rd.sure = sure
	rd.browser = share.Browser{Addr: addr, UserAgent: r.UserAgent(), AcceptLanguage: r.Header.Get("Accept-Language")}
	secret, signedIn := s.cookies.login(r.Request)
	_, plays := playing(r.Context())
	signedIn = signedIn || plays
	if late && !signedIn {
		rd.facts = s.facts(r, &rd)
		return rd, nil
	}
	rd.found = true
	// What stands there is asked without the request's cancellation: it takes
	// microseconds, and watching for the end of a request takes longer.
	ctx := context.WithoutCancel(r.Context())
	err = s.db.Glance(ctx, func(tx *data.Tx) error {
		if rd.target, err = s.opener.Finder.Find(ctx, tx, rd.ref); err != nil || !signedIn {
			return err
		}
		if plays {
			r.who, err = whoPlays(ctx, tx)
		} else {
			r.who, r.session, err = account.BySession(ctx, tx, secret)
		}
		if errors.Is(err, data.ErrNotFound) {
			err = nil
		}
		return err
	})
	if rd.account = r.who; rd.account.ID != "" {
		s.notice(r) // a signed-in browser is its person's own device, wherever it is seen
	}
	rd.facts = s.facts(r, &rd)
	return rd, err
}

// facts are what a request shows to whoever judges it.
func (s *Server) facts(r *request, rd *reading) visit.Facts {
	return visit.Facts{
		Method: r.Method, Header: visit.Header(r.Header), TLS: s.proxies.https(r.Request), Query: r.URL.RawQuery,
		Link: rd.channel, Owner: rd.owns(),
	}
}

// owns says whether the link's owner is signed in in this browser.
func (rd *reading) owns() bool { return rd.account.ID != "" && rd.account.ID == rd.target.Owner }

// readShared answers a share link: one page for everyone, only that a fetch
// ahead of its person is told to come again. Nothing is written that the
// answer waits for.
func (s *Server) readShared(w http.ResponseWriter, r *request) error {
	rd, err := s.read(r, false)
	if err != nil {
		return err
	}
	verdict := visit.Judge(rd.facts)
	now := s.clock.Now()
	untracked := visit.DoNotTrack(visit.Header(r.Header))
	if rd.target.Stopped {
		return s.pageStopped(w, r)
	}
	s.tallyFetch(rd, verdict, untracked, now)
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Accept-Ranges", "none")
	if verdict.Verdict == visit.Prefetch {
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Sec-Purpose, Purpose")
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	}
	page, err := s.readerPage(r.Context(), rd.target)
	if err != nil {
		return err
	}
	s.sendReader(w, r, page, &rd, sending{confirms: rd.target.Shared && (!untracked || rd.target.Rehearsal), what: served{verdict.NeedsInteraction, verdict.Channel}}, now)
	return nil
}

// tallyFetch counts the request by its kind.
func (s *Server) tallyFetch(rd reading, j visit.Judgement, untracked bool, now time.Time) {
	kind := share.KindOf(j.Verdict)
	channel, _ := visit.Resolve(rd.channel, j.Channel)
	if j.Verdict == visit.Preview {
		channel = j.Channel
	}
	if j.Verdict == visit.Human && untracked {
		kind = share.Unconfirmed
	}
	s.tallies.Add(rd.target.LinkID, kind, channel, j.Rule, now)
}

// Places of a reader page where one request differs from the next.
const (
	placeToken   = iota
	placeAddress // the token, and the channel that was asked for
	placeCSP
	placeNonce
	placeFrom // the first name of who shared
	places
)

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 32<<10); return &b }}

// sending is what a page may do once it is there.
type sending struct {
	confirms bool // post its open
	what     served
}

// sendReader puts the page together and sends it.
func (s *Server) sendReader(w http.ResponseWriter, r *request, page *parts, rd *reading, may sending, now time.Time) {
	var csp [24]byte
	base64.StdEncoding.Encode(csp[:], random16())
	var nonce []byte
	if may.confirms {
		nonce = s.nonces.append(make([]byte, 0, nonceSize), []byte(rd.token), rd.browser, may.what, now)
		if rd.moment {
			nonce = base64.RawURLEncoding.AppendEncode(nonce, random16())
		}
	}
	address := []byte(rd.token)
	if rd.channel != visit.Unknown {
		address = append(append(address, '/'), rd.channel.String()...)
	}
	values := [places][]byte{placeToken: []byte(rd.token), placeAddress: address, placeCSP: csp[:], placeNonce: nonce, placeFrom: []byte(html.EscapeString(rd.target.From))}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	body := (*buf)[:0]
	h := w.Header()
	s.secure(h, string(csp[:]))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	if acceptsGzip(r.Request) {
		h.Set("Content-Encoding", "gzip")
		body = page.gzip(body, values[:])
	} else {
		body = page.plain(body, values[:])
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
	*buf = body
}

// random16 are sixteen bytes that nobody can guess.
func random16() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, by its documentation
	return b
}

// acceptsGzip reads Accept-Encoding; a weight of 0 means no (RFC 9110, 12.5.3).
func acceptsGzip(r *http.Request) bool {
	for _, line := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(line, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
			if name != "gzip" && name != "*" {
				continue
			}
			_, q, weighed := strings.Cut(strings.ReplaceAll(weight, " ", ""), "q=")
			if !weighed || strings.Trim(q, "0.") != "" {
				return true
			}
		}
	}
	return false
}

// mostPosted is how long the post of a page may be, in bytes.
const mostPosted = 4 << 10

// confirmation reads what the page's script posts: a form, with the nonce of
// the page, its channel and its report.
func confirmation(r *http.Request) (form url.Values, report visit.Report, ok bool) {
	if r.ContentLength < 1 || r.ContentLength > mostPosted {
		return nil, report, false
	}
	body := buffers.Get().(*[]byte)
	defer buffers.Put(body)
	text := (*body)[:r.ContentLength]
	if _, err := io.ReadFull(r.Body, text); err != nil {
		return nil, report, false
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, report, false
	}
	report, ok = visit.ReadReport(form)
	return form, report, ok
}

// confirmOpen takes the page's word that somebody looked, and answers, once
// the open is on disk, with the reader's own token.
func (s *Server) confirmOpen(w http.ResponseWriter, r *request) error {
	form, report, ok := confirmation(r.Request)
	if !ok {
		return errBadRequest
	}
	rd, err := s.read(r, true)
	if err != nil {
		return err
	}
	if rd.channel, _ = visit.ParseChannel(form.Get("channel")); !rd.channel.Suffix() {
		rd.channel = visit.Unknown
	}
	if rd.moment = form.Get("channel") == share.MomentSuffix; rd.moment {
		rd.channel = visit.QR
	}
	rd.facts.Link = rd.channel
	now := s.clock.Now()
	untracked := visit.DoNotTrack(visit.Header(r.Header))
	nonce := form.Get("nonce")
	signed, lot := nonce, ""
	if rd.moment && len(nonce) > nonceSize { // phones that are alike ask within the same second: each page has a lot of its own
		signed, lot = nonce[:nonceSize], nonce[nonceSize:]
	}
	what, ended, ok := s.nonces.read(signed, []byte(rd.token), rd.browser, now)
	if !ok {
		return errForbidden
	}
	if ended { // the page lay in a tab that nobody looked at until now
		return s.sendJSON(w, http.StatusConflict, answer{Nonce: string(s.nonces.append(nil, []byte(rd.token), rd.browser, what, now)) + lot})
	}
	facts := rd.facts
	if rd.target.Rehearsal {
		facts.Owner = false // trying it out is what it is for
	}
	report.Doubted = what.doubted
	j := visit.JudgeConfirmation(facts, report)
	switch j.Verdict {
	case visit.Suspicious:
		return s.sendJSON(w, http.StatusAccepted, answer{Wait: "interaction"})
	case visit.Self:
		return s.sendJSON(w, http.StatusOK, answer{Token: s.tokens.Link(rd.target.LinkID)})
	case visit.Human:
	default:
		return s.refuse(w, r, &rd, j)
	}
	channel, observed := visit.Resolve(rd.channel, what.observed)
	done, err := s.opener.Open(r.Context(), share.Opening{
		Ref: rd.ref, Browser: rd.browser, Account: rd.account.ID, Nonce: nonce,
		Channel: channel, Observed: observed, Device: visit.DeviceOf(visit.Header(r.Header)),
		Untracked: untracked, NetworkUnknown: !rd.sure, InPerson: rd.moment,
	})
	if errors.Is(err, share.ErrUntracked) {
		return errForbidden // its page was given no nonce
	}
	if err != nil {
		return err
	}
	if done.Repeat && (rd.ref.Kind != id.Open || rd.ref.ID != done.ID) {
		s.tallies.Add(done.LinkID, share.Beside, channel, "", now) // never merged without a word
	}
	token := s.tokens.Link(done.LinkID)
	switch {
	case done.Ends && done.ID != 0:
		// Here it ends: nobody gets a token to pass on. Who has come back to their own page passes on as before.
		return s.sendJSON(w, http.StatusOK, answer{Token: rd.token, Passes: done.Own})
	case done.ID != 0:
		token = s.tokens.Open(done.ID)
	}
	return s.sendToken(w, token)
}

// sendToken is sendJSON of a token, which needs no escaping.
func (s *Server) sendToken(w http.ResponseWriter, token string) error {
	return send(w, http.StatusOK, append(append([]byte(`{"token":"`), token...), `"}`...))
}

// refuse counts what is no person by its kind, and gives it no token of its own.
func (s *Server) refuse(w http.ResponseWriter, r *request, rd *reading, j visit.Judgement) error {
	if !rd.found {
		err := s.db.Glance(r.Context(), func(tx *data.Tx) (err error) {
			rd.target, err = s.opener.Finder.Find(r.Context(), tx, rd.ref)
			return err
		})
		if err != nil {
			return err
		}
	}
	s.tallies.Add(rd.target.LinkID, share.KindOf(j.Verdict), rd.channel, "post-"+j.Rule, s.clock.Now())
	return s.sendJSON(w, http.StatusOK, answer{Token: rd.token})
}

// answer is what the page's script is told: its reader's own token, or what to
// wait for before it posts again, or the nonce to post with instead of one that
// has ended.
type answer struct {
	Token string `json:"token,omitempty"`
	Wait  string `json:"wait,omitempty"`
	Nonce string `json:"nonce,omitempty"`
	// Passes tells a page on which there is nothing to pass on that its reader may all the same.
	Passes bool `json:"passes,omitempty"`
}

func (s *Server) sendJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return send(w, status, body)
}

func send(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}
