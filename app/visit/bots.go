package visit

import "strings"

// botWords are the words by which programs name themselves: crawlers, libraries, feed readers,
// monitors, test drivers, archives, assistants. All lower case. Public lists of bots are not asked
// behind them: what they still find is a handful of dead names, at the price of calling phones bots
// and of milliseconds at each start.
var botWords = newLexicon(
	"crawl", "spider", "slurp", "robot", "scrap", "headless", "phantomjs", "slimerjs", "lighthouse",
	"python", "curl/", "libcurl", "wget", "go-http", "okhttp", "axios", "java/", "libwww",
	"httpclient", "http-client", "http_client", "http client", "httpx", "aiohttp", "urllib",
	"node-fetch", "undici", "guzzle", "mechanize", "winhttp", "ruby/", "perl/", "pycurl",
	"webkit2png", "wkhtml", "electron-screenshot", "screenshot", "thumbnail",
	"selenium", "puppeteer", "playwright", "webdriver", "cypress", "nightmare", "testcafe",
	"browserless", "katalon", "automation", "automated",
	"pingdom", "uptime", "statuscake", "site24x7", "nagios", "checkly", "thousandeyes",
	"catchpoint", "gtmetrix", "pagespeed", "page speed", "webpagetest", "ptst",
	"speedcurve", "newrelic", "dynatrace", "datadog", "synthetic", "appinsights", "monitor",
	"healthcheck", "health-check", "check_http", "watchdog", "alertsite", "gomez", "keynote",
	"validator", "checker", "verifier", "linkcheck", "indexer", "harvest", "fetcher", "fetch/",
	"feedfetch", "grabber", "extractor", "analyzer", "analyser", "downloader", "aggregator",
	"archiv", "heritrix", "httrack", "feedburner", "feedparser", "feedly", "rss/", "rssreader",
	"simplepie", "miniflux", "newsblur", "inoreader", "netvibes", "magpierss",
	"mediapartners", "adsbot", "adsense", "google-", "-google", "googleother", "google web preview",
	"google favicon", "bytespider", "meta-externalagent", "meta-externalads", "meta-webindexer",
	"facebookcatalog", "applebot", "gptbot", "claude-", "anthropic", "openai", "chatgpt-user",
	"perplexity-user", "mistralai-user", "cohere-", "diffbot", "optimizer",
	"prerender", "rendertron", "transcoder", "semrush", "ahrefs", "majestic", "screaming frog",
	"sitebulb", "deepcrawl", "lumar", "botify", "oncrawl", "siteimprove",
	"ssllabs", "internetvista", "jetbrains-", "postman",
	"insomnia/", "apachebench", "jmeter", "gatling", "k6/", "locust", "loadrunner", "siege/",
	"outbrain", "taboola", "integralads",
	"doubleverify", "moatbot", "peer39", "comscore", "quantcast", "nutch", "yacy", "larbin",
	"ia_archiver", "sogou web", "yahoo! slurp", "yandexbot", "yandeximages", "baiduspider",
)

// botEnds are words that name a program only at the end of a word: "Googlebot", "Manus-User".
var botEnds = []string{"bot", "-user", "-agent", " agent", "httpagent", "agentcore", "agentcore-browser"}

// saysBot says whether a browser-like User-Agent names a program. The model in an Android platform
// is not read for "bot", for there are phones called CUBOT, ID bot, M bot and POWER BOT.
func saysBot(p parts, lower string) bool {
	if botWords.in(lower) {
		return true
	}
	if kept, cut := cutModel(p, lower); cut {
		lower = kept
	}
	for _, word := range botEnds {
		if ends(lower, word) {
			return true
		}
	}
	return p.compatible()
}

// ends says whether a word ends at a word's end: what follows is no letter.
func ends(lower, word string) bool {
	for at := 0; ; {
		i := strings.Index(lower[at:], word)
		if i < 0 {
			return false
		}
		at += i + len(word)
		if at == len(lower) || !isLetter(lower[at]) {
			if word != "bot" || !strings.HasSuffix(lower[:at], "cubot") {
				return true
			}
		}
	}
}

// cutModel takes what follows the version out of an Android platform, where the model stands. A
// segment with a web address in it is no model.
func cutModel(p parts, lower string) (kept string, cut bool) {
	at := strings.Index(p.platform, "Android")
	if at < 0 || has(p.platform, "http") || has(p.platform, "compatible") {
		return "", false
	}
	i := strings.Index(lower, "android")
	semicolon := strings.IndexAny(lower[i:], ";,)")
	end := strings.Index(lower, strings.ToLower(p.platform)) + len(p.platform)
	if semicolon < 0 || i+semicolon >= end {
		return "", false
	}
	return lower[:i+semicolon] + lower[min(end, len(lower)):], true
}

// compatible says whether a comment reads "compatible; name", by which programs say what they are
// behind a browser's mask. Of browsers only Internet Explorer and Konqueror write it, in the
// platform.
func (p parts) compatible() bool {
	if has(p.rest, "compatible;") {
		return true
	}
	if !has(p.platform, "compatible") {
		return false
	}
	return !has(p.platform, "MSIE ") && !has(p.platform, "Konqueror") && !has(p.platform, "IEMobile")
}

// signs says whether a lower-case User-Agent gives a contact, as only programs do: a web address
// or an e-mail address. Ecosia writes "ios@10.3", which is none.
func signs(lower string) bool {
	if has(lower, "://") || has(lower, "+http") || has(lower, "www.") {
		return true
	}
	for at := 0; ; {
		i := strings.IndexByte(lower[at:], '@')
		if i < 0 {
			return false
		}
		at += i + 1
		if at >= 2 && (isLetter(lower[at-2]) || isDigit(lower[at-2])) && domain(lower[at:]) {
			return true
		}
	}
}

// domain says whether a text begins with a domain name: the e-mail addresses of "en_SA@calendar"
// (a locale) and "ios@10.3" (a version) are none.
func domain(s string) bool {
	end := 0
	for end < len(s) && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '.' || s[end] == '-') {
		end++
	}
	s = strings.Trim(s[:end], ".-")
	i := strings.LastIndexByte(s, '.')
	return i > 0 && len(s) > i+2 && isLetter(s[i+1]) && isLetter(s[i+2])
}
