package visit

import "strings"

// parts are the pieces of a browser's User-Agent: "Mozilla/5.0 (platform) products (comments)".
type parts struct {
	platform string // inside the first parentheses
	rest     string // what stands behind them
}

// partsOf parts a User-Agent string. Parentheses may be nested, and the last one may be missing.
func partsOf(ua string) parts {
	open := strings.IndexByte(ua, '(')
	if open < 0 {
		return parts{rest: ua}
	}
	end := closing(ua, open)
	p := parts{platform: ua[open+1 : end]}
	if end < len(ua) {
		p.rest = ua[end+1:]
	}
	// Some engines have no platform: "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; …)".
	if strings.HasPrefix(p.platform, "KHTML") {
		p.platform, p.rest = "", ua[strings.IndexByte(ua, ' ')+1:]
	}
	return p
}

// closing returns where the parenthesis at open ends, the length of the string when it never does.
func closing(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// android says whether the platform is Android.
func (p parts) android() bool { return has(p.platform, "Android") }

// apple says whether the platform is an iPhone, iPad or iPod.
func (p parts) apple() bool {
	return strings.HasPrefix(p.platform, "iP") || has(p.platform, "; iP") ||
		has(p.platform, "iPhone OS")
}

// webView says whether an app shows the page: Android's mark, or WebKit on iOS without Safari's
// name. Apps add what they like to these strings.
func (p parts) webView() bool {
	if p.android() {
		return strings.HasSuffix(p.platform, "; wv") || strings.HasSuffix(p.platform, ";wv") ||
			has(p.platform, "; wv;")
	}
	return p.apple() && has(p.rest, "Mobile/") && !has(p.rest, "Safari/")
}

// version returns the major and minor version of a product, -1 and 0 when it is not there.
func (p parts) version(product string) (major, minor int) {
	return versionAfter(p.rest, product)
}

// versionAfter reads the number behind a name and one byte: "Chrome/124.0", "OS 16_4".
func versionAfter(s, name string) (major, minor int) {
	i := strings.Index(s, name)
	if i < 0 {
		return -1, 0
	}
	s = s[i+len(name):]
	if s == "" {
		return -1, 0
	}
	major, s = number(s[1:])
	if s != "" && (s[0] == '.' || s[0] == '_') {
		minor, _ = number(s[1:])
	}
	return major, max(minor, 0)
}

// number reads leading digits, -1 when there are none; four digits are enough for any version.
func number(s string) (n int, rest string) {
	i := 0
	for i < len(s) && i < 4 && isDigit(s[i]) {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return -1, s
	}
	return n, s[i:]
}

// sendsMetadata says whether the browser is new enough to send Sec-Fetch-Mode with each navigation
// over https: Chrome 76, Firefox 90, Safari 16.4 (MDN browser-compat-data).
func sendsMetadata(p parts) bool {
	if p.apple() {
		major, minor := versionAfter(p.platform, " OS")
		return major > 16 || major == 16 && minor >= 4
	}
	if major, _ := p.version("Chrome"); major >= 0 {
		return major >= 76
	}
	if major, _ := p.version("Firefox"); major >= 0 {
		return major >= 90
	}
	if strings.HasPrefix(p.platform, "Macintosh; Intel Mac OS X") && has(p.rest, "Safari/") {
		major, minor := p.version("Version")
		return major > 16 || major == 16 && minor >= 4
	}
	return false
}

// engine says whether a lower-case User-Agent names something that could show a page.
func engine(lower string) bool {
	return has(lower, "webkit/") || has(lower, "gecko") || has(lower, "trident/") ||
		has(lower, "msie ") || has(lower, "presto/") || has(lower, "opera") ||
		has(lower, "khtml") || has(lower, "goanna") || has(lower, "servo/") || has(lower, "ladybird/")
}
