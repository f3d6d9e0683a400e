package views

import (
	"context"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
)

// AboutPath is where a reader is told what we count.
func AboutPath(token string) string { return "/s/" + token + "/about" }

// PlainPath is where a reader reads without being counted.
func PlainPath(token string) string { return "/s/" + token + "/plain" }

// AboutPage is what a reader is told of what we count, and of their own visit.
type AboutPage struct {
	Token     string
	Brand     string
	Verdict   string // on this request
	Rule      string // that decided
	Untracked bool   // it asks not to be tracked
	SignedIn  bool
	Rehearsal bool
	Stopped   bool
	Shared    bool  // there is a drop to read
	Mine      int64 // the open that was made in this browser, 0 if none is known
	Claim     bool  // the token is an open's, which may be theirs
	Alike     bool  // several phones that are alike scanned the link in a moment
	Forgotten bool  // it was forgotten
	Problems  check.Problems
}

// rule says in words which rule decided.
func (v AboutPage) rule(ctx context.Context) string {
	name := v.Rule
	if strings.HasPrefix(name, "unfurl-") {
		name = "unfurl"
	}
	return lang.T(ctx, "rule."+strings.ReplaceAll(name, "-", "_"))
}
