package visit

import (
	"net/url"
	"strconv"
)

// How long a page must have been visible, in milliseconds, before it may confirm an open. Mail
// scanners run scripts, so that a link from an e-mail needs an interaction or a longer look.
const (
	VisibleMS     = 1000
	VisibleMailMS = 3000
)

// Report is what the page says of itself when it confirms an open.
type Report struct {
	VisibleMS    int  // how long it has been visible
	Prerendering bool // it is still being prepared, unseen
	Webdriver    bool // the browser says that a program drives it
	Interaction  bool // a pointer, touch, key or scroll
	// Doubted is what the GET was: judged suspicious. It comes from the signed nonce, not the page.
	Doubted bool
}

// Values is the report as the page posts it, in a form: what is not so is left out.
func (r Report) Values() url.Values {
	v := url.Values{"visible": {strconv.Itoa(r.VisibleMS)}}
	for name, so := range map[string]bool{"prerendering": r.Prerendering, "webdriver": r.Webdriver, "interaction": r.Interaction} {
		if so {
			v.Set(name, "1")
		}
	}
	return v
}

// ReadReport reads what Values wrote; false is that there is no number in it.
func ReadReport(v url.Values) (r Report, ok bool) {
	ms, err := strconv.Atoi(v.Get("visible"))
	return Report{VisibleMS: ms, Prerendering: v.Has("prerendering"), Webdriver: v.Has("webdriver"), Interaction: v.Has("interaction")}, err == nil
}

// JudgeConfirmation says what the POST is by which a page confirms an open. Human counts;
// Suspicious means "not yet": the nonce is not spent and the page posts again, after an interaction
// where NeedsInteraction says so; any other verdict records nothing.
func JudgeConfirmation(f Facts, r Report) Judgement {
	a := agentOf(f.Header.Get("User-Agent"))
	from := observe(a, f)
	switch {
	case f.Owner:
		return Judgement{Self, from, "owner", false}
	case a.preview:
		return Judgement{Preview, a.unfurls, a.rule, false}
	case a.preloads:
		return Judgement{Prefetch, from, "prefetch-agent", false}
	case a.scans:
		return Judgement{Scanner, from, a.rule, false}
	case a.bot:
		return Judgement{Bot, from, a.rule, false}
	case r.Webdriver:
		return Judgement{Bot, from, "webdriver", false}
	case r.Prerendering:
		return Judgement{Prefetch, from, "prerendering", false}
	case r.VisibleMS < VisibleMS:
		return Judgement{Suspicious, from, "too-soon", false}
	case r.Interaction:
		return Judgement{Human, from, "interaction", false}
	case r.Doubted:
		return Judgement{Suspicious, from, "doubted", true}
	case a.odd && packageChannel(f.Header) == Unknown:
		return Judgement{Suspicious, from, a.rule, true}
	case f.Link == Email && r.VisibleMS < VisibleMailMS:
		return Judgement{Suspicious, from, "mail-dwell", false}
	}
	return Judgement{Human, from, "visible", false}
}
