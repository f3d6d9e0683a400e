package visit

import "strings"

// agent is what a User-Agent string alone says of a request.
type agent struct {
	rule string // of the first of preview, scans, bot, odd that is true

	preview  bool    // an app's preview fetcher,
	unfurls  Channel // that of this app
	preloads bool    // an app fetching ahead
	scans    bool
	bot      bool
	odd      bool // a browser with something in it that no browser has

	inApp    Channel // the app whose in-app browser it is
	metadata bool    // new enough to send Sec-Fetch-* over https
	device   Device
}

// tooLong is more than any browser says of itself, in bytes. Longer strings are not even read.
const tooLong = 4096

// readAgent works out what a User-Agent string says, in the order of Judge.
func readAgent(ua string) agent {
	ua = strings.TrimSpace(ua)
	if len(ua) > tooLong {
		return agent{bot: true, rule: "agent-length"}
	}
	lower := strings.ToLower(ua)
	if c, ok := unfurls(ua, lower); ok {
		return agent{preview: true, unfurls: c, rule: "unfurl-" + c.String()}
	}
	a := agent{inApp: inApp(ua), preloads: preloads(ua)}
	p := partsOf(ua)
	embedded := a.inApp != Unknown || p.webView()
	a.device = deviceOf(p, lower, embedded)
	a.metadata = sendsMetadata(p)
	if a.inApp != Unknown {
		// Carriers, models and languages stand in these strings: no hunting for words.
		a.bot, a.rule = signs(lower), "bot-contact"
		return a
	}
	switch {
	case scanners.in(lower):
		a.scans, a.rule = true, "scanner-agent"
	case len(ua) == 0:
		a.bot, a.rule = true, "no-agent"
	case len(ua) < 10:
		a.bot, a.rule = true, "short-agent"
	case !strings.HasPrefix(ua, "Mozilla/") && !strings.HasPrefix(ua, "Opera/"):
		a.bot, a.rule = true, "not-a-browser"
	case signs(lower):
		a.bot, a.rule = true, "bot-contact"
	case saysBot(p, lower):
		a.bot, a.rule = true, "bot-word"
	case !engine(lower):
		a.rule = "no-engine"
		a.odd = has(ua, "Chrome/") || has(ua, "Safari/") // a real one cut short, or a poor disguise
		a.bot = !a.odd
	case p.disguised():
		a.odd, a.rule = true, "disguise"
	case !embedded && p.foreign() != "":
		a.odd, a.rule = true, "foreign-product"
	}
	return a
}
