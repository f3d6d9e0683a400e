// Package visit knows whether a request is a person, and through which channel it came.
//
// It judges a request by its facts alone: method, headers, and what the link says about itself. It
// keeps nothing but a bounded memory of what a User-Agent string means, reads no clock and no
// database, and is safe for use by many goroutines. What it cannot see (how often, from which
// network, who is signed in) is judged by its callers.
//
// The rules stand in the order of the table in [Judge]; each file holds one family of them.
package visit

import (
	"strings"
	"time"
)

// Verdict says what kind of request this is. The numbers are stored: never renumber, only append.
type Verdict uint8

// The verdicts. Human is a candidate until the page itself has confirmed the open.
const (
	Human      Verdict = 0 // somebody looks
	Preview    Verdict = 1 // an app fetches a card for a link that was pasted
	Prefetch   Verdict = 2 // a browser fetches ahead of its person, who may never come
	Scanner    Verdict = 3 // a mail or security gateway looks whether the link is harmful
	Bot        Verdict = 4 // a program
	Suspicious Verdict = 5 // looks like a browser but not quite: counts after an interaction
	Self       Verdict = 6 // the link's owner, known by their session, never by a request alone
)

var verdictNames = [...]string{
	Human: "human", Preview: "preview", Prefetch: "prefetch", Scanner: "scanner",
	Bot: "bot", Suspicious: "suspicious", Self: "self",
}

// String returns the verdict's name, "unknown" for a number that is none.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "unknown"
}

// Facts is what is known of a request when it is judged.
type Facts struct {
	Method string // empty means GET
	Header Header
	TLS    bool   // came over https, as far as a trusted proxy can tell
	Query  string // the raw query of the address, for click ids

	Link  Channel       // the channel mark in the address, Unknown for none
	Age   time.Duration // since the link was made or its mail was sent, zero when not known
	Owner bool          // the session is the link owner's, or a member's preview of their own link
}

// Judgement is what a request is taken for, and why.
type Judgement struct {
	Verdict Verdict
	// Channel is what the request itself gives away: the unfurling app of a preview, else the app
	// or the site that the visit came from. What the link says is not in it, see Resolve.
	Channel Channel
	// Rule is the short, stable name of the rule that decided.
	Rule string
	// NeedsInteraction says that the visit counts only once the person has touched the page.
	NeedsInteraction bool
}

// fresh is how long after a link was made or mailed an incoherent request is taken for a mail
// scanner: they come within seconds, some take a minute or two.
const fresh = 120 * time.Second

// Judge says what a GET or HEAD of a reader page is. The first rule that matches decides: method,
// owner, preview, prefetch, scanner, HEAD, program, subresource, frame, in-app browser, foreign
// product, incoherent headers. What is left is a human candidate.
func Judge(f Facts) Judgement {
	ua := f.Header.Get("User-Agent")
	a := agentOf(ua)
	from := observe(a, f)

	head := is(f.Method, "HEAD")
	if !head && f.Method != "" && !is(f.Method, "GET") {
		return Judgement{Bot, from, "method", false}
	}
	if f.Owner {
		return Judgement{Self, from, "owner", false}
	}
	if a.preview {
		return Judgement{Preview, a.unfurls, a.rule, false}
	}
	if ahead(f.Header) {
		return Judgement{Prefetch, from, "prefetch-header", false}
	}
	if a.preloads {
		return Judgement{Prefetch, from, "prefetch-agent", false}
	}
	if a.scans {
		return Judgement{Scanner, from, a.rule, false}
	}
	if head {
		return Judgement{Scanner, from, "head", false}
	}
	if a.bot {
		return Judgement{Bot, from, a.rule, false}
	}
	dest := f.Header.Get("Sec-Fetch-Dest")
	frame := is(dest, "iframe") || is(dest, "frame")
	if dest != "" && !is(dest, "document") && !frame {
		return Judgement{Bot, from, "subresource", false}
	}
	if frame {
		return Judgement{Suspicious, from, "frame", true}
	}
	if a.inApp != Unknown && takesHTML(f.Header) {
		return Judgement{Human, from, "in-app", false}
	}
	if packageChannel(f.Header) != Unknown && takesHTML(f.Header) {
		return Judgement{Human, from, "in-app-package", false}
	}
	if a.odd {
		return Judgement{Suspicious, from, a.rule, true}
	}
	if rule := incoherent(a, f); rule != "" {
		if f.Link == Email || f.Age > 0 && f.Age <= fresh {
			return Judgement{Scanner, from, rule, false}
		}
		return Judgement{Suspicious, from, rule, true}
	}
	return Judgement{Human, from, "browser", false}
}

// DoNotTrack says whether the reader asks not to be tracked: Sec-GPC (Global Privacy Control) or
// the older DNT.
func DoNotTrack(h Header) bool {
	return h.Get("Sec-Gpc") == "1" || h.Get("Dnt") == "1"
}

// takesHTML says whether the client asks for a page, as navigations do.
func takesHTML(h Header) bool {
	return containsFold(h.Get("Accept"), "text/html")
}

// incoherent names what a browser's navigation would not do, empty when nothing is amiss.
func incoherent(a agent, f Facts) string {
	accept := f.Header.Get("Accept")
	// Internet Explorer lists pictures and ends in */*; libraries and scripts begin with it.
	if !takesHTML(f.Header) && (strings.HasPrefix(accept, "*/*") || !strings.Contains(accept, "*/*")) {
		return "accept"
	}
	if f.Header.Get("Accept-Language") == "" {
		return "no-language"
	}
	mode := f.Header.Get("Sec-Fetch-Mode")
	if mode == "" && f.TLS && a.metadata {
		return "no-fetch-metadata"
	}
	if mode != "" && !is(mode, "navigate") && !is(mode, "nested-navigate") {
		return "not-navigation"
	}
	return ""
}
