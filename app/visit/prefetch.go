package visit

import "strings"

// ahead says whether a browser fetches the page before its person asked for it: speculation rules,
// omnibox, link rel=prefetch, Firefox, Safari's Top Sites, Facebook's feed.
// See https://wicg.github.io/nav-speculation/prefetch.html for Sec-Purpose.
func ahead(h Header) bool {
	if _, tagged := h["Sec-Speculation-Tags"]; tagged {
		return true
	}
	return says(h["Sec-Purpose"]) || says(h["Purpose"]) || says(h["X-Purpose"]) || says(h["X-Moz"])
}

// says looks for a purpose among the items of a structured list, whatever its parameters, case,
// quotes and spacing.
func says(values []string) bool {
	for _, v := range values {
		for v != "" {
			item := v
			if i := strings.IndexAny(v, ",;"); i >= 0 {
				item, v = v[:i], v[i+1:]
			} else {
				v = ""
			}
			item = strings.Trim(item, " \t\"")
			if is(item, "prefetch") || is(item, "prerender") || is(item, "preview") {
				return true
			}
		}
	}
	return false
}

// preloads says whether the User-Agent is that of an app's preloader, which otherwise looks like
// the app's own browser (TikTok).
func preloads(ua string) bool {
	return strings.Contains(ua, "thirdLandingPageFeInfra")
}
