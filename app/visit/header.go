package visit

import (
	"net/textproto"
	"strings"
)

// Header holds a request's headers under their canonical names ("User-Agent"). The standard
// library's http.Header converts to it without copying.
type Header map[string][]string

// Get returns the first value under a canonical name, without surrounding blanks.
func (h Header) Get(name string) string {
	if v := h[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// Add appends a value under a name in any case.
func (h Header) Add(name, value string) {
	name = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
	h[name] = append(h[name], value)
}

// is compares ASCII words without regard to case.
func is(got, want string) bool { return strings.EqualFold(got, want) }

// containsFold says whether s contains the lower-case ASCII word, in any case. Accept headers come
// in lower case, so the allocation is rare.
func containsFold(s, word string) bool {
	return strings.Contains(s, word) || strings.Contains(strings.ToLower(s), word)
}
