package account

import "strings"

// token is a word in a User-Agent and what it means.
type token struct{ word, means string }

// Most browsers claim to be others too, so the more particular stand first.
var (
	browsers = []token{
		{"EdgiOS/", "Edge"},
		{"EdgA/", "Edge"},
		{"Edg/", "Edge"},
		{"OPR/", "Opera"},
		{"OPT/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Vivaldi/", "Vivaldi"},
		{"FxiOS/", "Firefox"},
		{"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = []token{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"},
		{"Linux", "Linux"},
	}
)

// Device names a browser by its User-Agent, for its owner to recognise it: "Firefox · Linux". It has no
// words in it that would need to be translated, and is empty for a browser that tells nothing.
func Device(userAgent string) string {
	var parts []string
	for _, list := range [][]token{browsers, systems} {
		for _, t := range list {
			if strings.Contains(userAgent, t.word) {
				parts = append(parts, t.means)
				break
			}
		}
	}
	return strings.Join(parts, " · ")
}
