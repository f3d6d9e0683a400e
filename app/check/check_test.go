package check_test

import (
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/check"
)

type squad struct {
	name     string
	capacity int
}

func (s squad) Check() (p check.Problems) {
	p.Filled("name", s.name)
	p.Longest("name", s.name, 10)
	p.Between("capacity", s.capacity, 0, 500)
	return p
}

func TestAFormWithoutMistakesHasNoProblems(t *testing.T) {
	if p := (squad{"Lyon", 16}).Check(); !p.OK() || p != nil || len(p.Fields()) != 0 {
		t.Error(p)
	}
}

func TestEveryWrongFieldIsNamedInOrder(t *testing.T) {
	p := squad{"", 501}.Check()
	if p.OK() || !slices.Equal(p.Fields(), []string{"capacity", "name"}) {
		t.Fatal(p)
	}
	if got := p["name"]; got.Key != "check.required" || len(got.Args) != 0 {
		t.Error(got)
	}
	if got := p["capacity"]; got.Key != "check.between" || !slices.Equal(got.Args, []any{"lo", 0, "hi", 500}) {
		t.Error(got)
	}
}

func TestAFieldKeepsItsFirstProblem(t *testing.T) {
	var p check.Problems
	p.Add("email", "account.taken", "email", "ana@example.com")
	p.Email("email", "")
	if got := p["email"]; got.Key != "account.taken" || !slices.Equal(got.Args, []any{"email", "ana@example.com"}) {
		t.Error(got)
	}
}

func TestWhatCountsAsAProblem(t *testing.T) {
	const none = ""
	filled := func(v string) (p check.Problems) { p.Filled("f", v); return p }
	longest := func(v string) (p check.Problems) { p.Longest("f", v, 5); return p }
	shortest := func(v string) (p check.Problems) { p.Shortest("f", v, 3); return p }
	email := func(v string) (p check.Problems) { p.Email("f", v); return p }
	web := func(v string) (p check.Problems) { p.URL("f", v); return p }
	https := func(v string) (p check.Problems) { p.URL("f", v, "https"); return p }
	choice := func(v string) (p check.Problems) { p.OneOf("f", v, "owner", "manager"); return p }
	for _, c := range []struct {
		name  string
		check func(string) check.Problems
		value string
		want  string
	}{
		{"a word is filled", filled, "Lyon", none},
		{"nothing is not filled", filled, "", "check.required"},
		{"spaces are not filled", filled, " \t\u202f\n", "check.required"},
		{"invisible characters are not filled", filled, "\u200b\u2060", "check.required"},
		{"broken UTF-8 cannot be kept", filled, "a\xff", "check.text"},
		{"NUL cannot be kept", filled, "a\x00b", "check.text"},
		{"five accented letters are five", longest, "éèàùç", none},
		{"six letters are one too many", longest, "abcdef", "check.longest"},
		{"nothing is not too long", longest, "", none},
		{"NUL cannot be kept in a text that may be empty", longest, "\x00", "check.text"},
		{"three accented letters are three", shortest, "éèà", none},
		{"two letters are one too few", shortest, "ab", "check.shortest"},
		{"a plain address", email, "ana@example.com", none},
		{"an address with a tag", email, "ana+squad@example.com", none},
		{"an address with an accent", email, "zoé@example.com", none},
		{"no address", email, "", "check.email"},
		{"an address without a domain", email, "ana", "check.email"},
		{"an address with a name", email, "Ana <ana@example.com>", "check.email"},
		{"an address in brackets", email, "<ana@example.com>", "check.email"},
		{"an address with a comment", email, "ana@example.com (Ana)", "check.email"},
		{"two addresses", email, "ana@example.com, ben@example.com", "check.email"},
		{"an address with another head line", email, "ana@example.com\r\nBcc: ben@example.com", "check.email"},
		{"an address with a line end", email, "ana@example.com\n", "check.email"},
		{"an address with a space before", email, " ana@example.com", "check.email"},
		{"a quoted address", email, `"a b"@example.com`, "check.email"},
		{"an address at a number", email, "ana@[127.0.0.1]", "check.email"},
		{"an address of 254 bytes", email, strings.Repeat("a", 242) + "@example.com", none},
		{"an address of 255 bytes", email, strings.Repeat("a", 243) + "@example.com", "check.email"},
		{"a web address", web, "https://example.com/a?b=c#d", none},
		{"a web address without TLS", web, "http://example.com:8080", none},
		{"a web address in capitals", web, "HTTPS://example.com", none},
		{"no web address", web, "", "check.url"},
		{"a web address without a scheme", web, "example.com", "check.url"},
		{"a relative web address", web, "/a", "check.url"},
		{"a web address with only two slashes", web, "//example.com", "check.url"},
		{"a web address without a host", web, "https:///a", "check.url"},
		{"a web address with only a port", web, "https://:80/a", "check.url"},
		{"a script", web, "javascript:alert(1)", "check.url"},
		{"data", web, "data:text/html,x", "check.url"},
		{"a web address with a password", web, "https://bank.example@evil.example", "check.url"},
		{"a web address with a space", web, "https://example.com/a b", "check.url"},
		{"a web address with a line end", web, "https://example.com/\n", "check.url"},
		{"a web address with a backslash", web, `https://example.com\@evil.example`, "check.url"},
		{"a web address with a hidden character", web, "https://example.com/\u202e", "check.url"},
		{"a web address of 2049 bytes", web, "https://example.com/" + strings.Repeat("a", 2029), "check.url"},
		{"a web address that must have TLS and has", https, "https://example.com", none},
		{"a web address that must have TLS and has not", https, "http://example.com", "check.url"},
		{"a choice", choice, "owner", none},
		{"a choice that is not offered", choice, "Owner", "check.choice"},
		{"no choice", choice, "", "check.choice"},
	} {
		if got := c.check(c.value)["f"].Key; got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.name, c.value, got, c.want)
		}
	}
	if p := longest("abcdef"); !slices.Equal(p["f"].Args, []any{"n", 5}) {
		t.Errorf("the limit is not told: %v", p)
	}
}

// No accepted e-mail address can add a line to a message.
func FuzzEmail(f *testing.F) {
	for _, s := range []string{"ana@example.com", "a\r\nb@c", "<a@b>", `"a"@b`, "a@b\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var p check.Problems
		if p.Email("email", s); p.OK() && (strings.ContainsAny(s, "\r\n\x00<> ,;") || strings.Count(s, "@") < 1) {
			t.Errorf("%q is taken", s)
		}
	})
}
