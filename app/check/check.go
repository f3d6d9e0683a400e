// Package check knows what is wrong in a form: which field, and the key of the sentence in package lang
// that says so to the person.
package check

import (
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is what is wrong with one field: the key of a message and its arguments, name and value in
// turn, as lang.T takes them.
type Problem struct {
	Key  string
	Args []any
}

// Problems are what is wrong in a form, by the field's name. The zero value is ready to use and means
// that all is well. A field keeps the first problem that is found with it, so checks go from the plain
// to the particular.
type Problems map[string]Problem

// The lengths at which an address is refused, in bytes.
const (
	longestEmail = 254 // RFC 5321, as corrected by erratum 1690 of RFC 3696
	longestURL   = 2048
)

// Add notes a problem with a field, unless one is noted already.
func (p *Problems) Add(field, key string, args ...any) {
	if *p == nil {
		*p = make(Problems)
	}
	if _, noted := (*p)[field]; !noted {
		(*p)[field] = Problem{Key: key, Args: args}
	}
}

// OK says that nothing is wrong.
func (p Problems) OK() bool { return len(p) == 0 }

// Fields returns the fields that have a problem, in alphabetical order.
func (p Problems) Fields() []string { return slices.Sorted(maps.Keys(p)) }

// Filled demands something that can be seen, and text that the database can hold.
func (p *Problems) Filled(field, value string) {
	if strings.TrimFunc(value, blank) == "" {
		p.Add(field, "check.required")
	}
	p.text(field, value)
}

// Longest demands at most limit characters.
func (p *Problems) Longest(field, value string, limit int) {
	p.text(field, value)
	if utf8.RuneCountInString(value) > limit {
		p.Add(field, "check.longest", "n", limit)
	}
}

// Shortest demands at least limit characters.
func (p *Problems) Shortest(field, value string, limit int) {
	p.text(field, value)
	if utf8.RuneCountInString(value) < limit {
		p.Add(field, "check.shortest", "n", limit)
	}
}

// Between demands a number from lo to hi, both included.
func (p *Problems) Between(field string, n, lo, hi int) {
	if n < lo || n > hi {
		p.Add(field, "check.between", "lo", lo, "hi", hi)
	}
}

// Email demands one plain e-mail address, without a name, brackets or comments: only that may go into
// the head of a message. An empty value is a problem too.
func (p *Problems) Email(field, value string) {
	address, err := mail.ParseAddress(value)
	if err != nil || address.Address != value || address.Name != "" || len(value) > longestEmail ||
		strings.ContainsFunc(value, unsafe) || strings.HasSuffix(value, "]") {
		p.Add(field, "check.email")
	}
}

// URL demands an absolute address with a host and one of the schemes; without any named, http or https.
// A name or password in it is refused, for it only serves to deceive. An empty value is a problem too.
func (p *Problems) URL(field, value string, schemes ...string) {
	if len(schemes) == 0 {
		schemes = []string{"http", "https"}
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || u.User != nil || len(value) > longestURL ||
		strings.ContainsFunc(value, unsafe) || !slices.Contains(schemes, u.Scheme) {
		p.Add(field, "check.url")
	}
}

// OneOf demands one of the allowed values.
func (p *Problems) OneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.Add(field, "check.choice")
	}
}

// text demands UTF-8 without NUL, which is what both databases can hold.
func (p *Problems) text(field, value string) {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		p.Add(field, "check.text")
	}
}

// blank says whether a character shows nothing.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}

// unsafe says whether a character has no place in an address.
func unsafe(r rune) bool { return blank(r) || r == utf8.RuneError || r == '\\' }
