package id_test

import (
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"ricochet.example/app/id"
)

var key = []byte("a key for tests, 32 bytes long..")

func tokens(t testing.TB, key []byte) *id.Tokens {
	t.Helper()
	tokens, err := id.NewTokens(key)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestEveryTokenComesBackAsWhatItStandsFor(t *testing.T) {
	tokens := tokens(t, key)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, id.Largest).Draw(t, "id")
		link, open := tokens.Link(n), tokens.Open(n)
		if got, ok := tokens.Parse(link); !ok || got != (id.Ref{Kind: id.Link, ID: n}) {
			t.Errorf("link %d, %s: %v, %v", n, link, got, ok)
		}
		if got, ok := tokens.Parse(open); !ok || got != (id.Ref{Kind: id.Open, ID: n}) {
			t.Errorf("open %d, %s: %v, %v", n, open, got, ok)
		}
		for _, token := range []string{link, open} {
			if len(token) != id.TokenLength || token != strings.ToLower(token) {
				t.Errorf("%q is not 13 lower-case characters", token)
			}
			for end := range token {
				if ref, ok := tokens.Parse(token[:end]); ok {
					t.Errorf("the beginning %q of %q stands for %v", token[:end], token, ref)
				}
			}
		}
		if string(tokens.AppendOpen([]byte("/s/"), n)) != "/s/"+open ||
			string(tokens.AppendLink([]byte("/s/"), n)) != "/s/"+link {
			t.Errorf("appended, %d has another token", n)
		}
	})
}

func TestTokensOfNeighboursHaveNothingInCommon(t *testing.T) {
	tokens := tokens(t, key)
	const n = 5000
	seen, same := make(map[string]bool), 0
	for i := int64(1); i <= n; i++ {
		a, b := tokens.Link(i), tokens.Link(i+1)
		seen[a], seen[tokens.Open(i)] = true, true
		for j := range a {
			if a[j] == b[j] {
				same++
			}
		}
	}
	if len(seen) != 2*n {
		t.Errorf("%d different tokens of %d", len(seen), 2*n)
	}
	// By chance the first character is the same once in 16, each of the others once in 32.
	if want := n*12/32 + n/16; same < want*9/10 || same > want*11/10 {
		t.Errorf("neighbours share %d characters, chance alone gives %d", same, want)
	}
}

func TestATokenIsReadAsItComesBackFromMessages(t *testing.T) {
	tokens := tokens(t, key)
	var token string // one that has a 0 and a 1, for the look-alikes
	for n := int64(1); !strings.Contains(token, "0") || !strings.Contains(token, "1"); n++ {
		token = tokens.Open(n)
	}
	want, _ := tokens.Parse(token)
	for name, s := range map[string]string{
		"in capitals":                       strings.ToUpper(token),
		"with I for 1":                      strings.ReplaceAll(token, "1", "I"),
		"with l for 1":                      strings.ReplaceAll(token, "1", "l"),
		"with O for 0":                      strings.ReplaceAll(token, "0", "O"),
		"with o for 0":                      strings.ReplaceAll(token, "0", "o"),
		"at the end of a sentence":          token + ".",
		"in brackets":                       token + ")",
		"in brackets ending a sentence":     token + ").",
		"in French quotation marks":         token + "»",
		"in English quotation marks":        token + `,"`,
		"in typographic quotation marks":    token + "”",
		"before an ellipsis":                token + "…",
		"before three dots":                 token + "...",
		"asked with excitement":             token + "?!",
		"in single quotation marks":         token + "'",
		"with zero-width spaces around it":  "\u200b" + token + "\u200b\ufeff",
		"with a zero-width space within it": token[:5] + "\u200b" + token[5:],
		"with both at the end":              token + "\u200d.\u2060",
	} {
		if got, ok := tokens.Parse(s); !ok || got != want {
			t.Errorf("%s: %q is read as %v, %v", name, s, got, ok)
		}
	}
}

func TestWhatIsNotATokenIsRefused(t *testing.T) {
	tokens := tokens(t, key)
	token := tokens.Link(42)
	first := strings.IndexByte("0123456789abcdefghjkmnpqrstvwxyz", token[0])
	for name, s := range map[string]string{
		"nothing":                         "",
		"only punctuation":                "...",
		"a character more":                token + "0",
		"a space before":                  " " + token,
		"a space after":                   token + " ",
		"punctuation before":              "." + token,
		"punctuation within":              token[:5] + "." + token[5:],
		"a hyphen within":                 token[:5] + "-" + token[5:],
		"u, which is not in base32":       "u" + token[1:],
		"other trailing punctuation":      token + ";",
		"a character beyond ASCII":        "é" + token[1:],
		"a byte that is not UTF-8":        "\xff" + token[1:],
		"the 65th bit set":                string("ghjkmnpqrstvwxyz"[first]) + token[1:],
		"the token of 0":                  tokens.Link(0),
		"the token of an open numbered 0": tokens.Open(0),
		"the token of a negative number":  tokens.Link(-1),
		"the token of too large a number": tokens.Link(id.Largest + 1),
		"a half-typed token":              token[:12],
	} {
		if got, ok := tokens.Parse(s); ok || got != (id.Ref{}) {
			t.Errorf("%s: %q is read as %v", name, s, got)
		}
	}
}

func TestAMadeUpTokenIsRefused1023TimesIn1024(t *testing.T) {
	tokens := tokens(t, key)
	taken := 0
	const n = 1 << 16
	for range n {
		code := id.Code()
		s := string("0123456789abcdef"[code[0]&15]) + code[1:id.TokenLength]
		if _, ok := tokens.Parse(s); ok {
			taken++
		}
	}
	// 64 expected, with a standard deviation of 8.
	if taken > 144 {
		t.Errorf("%d of %d made-up tokens were taken", taken, n)
	}
}

func TestAnotherKeyGivesOtherTokens(t *testing.T) {
	a, b := tokens(t, key), tokens(t, []byte("another key of more than 16 bytes"))
	if a.Link(1) == b.Link(1) {
		t.Error("two keys give one token")
	}
	// Tokens already in the wild depend on this value: a change breaks every link ever shared.
	if got, want := a.Link(1)+" "+a.Open(1), "9f82detq981kz 0neqbe86tz1h9"; got != want {
		t.Errorf("the tokens of 1 are %s, once were %s", got, want)
	}
	for _, n := range []int{0, 8, 15, 57} {
		if _, err := id.NewTokens(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes is taken", n)
		}
	}
}

func TestTokensMayBeMadeAndReadByManyAtOnce(t *testing.T) {
	tokens := tokens(t, key)
	var all sync.WaitGroup
	for start := range int64(8) {
		all.Go(func() {
			for n := start*1000 + 1; n <= start*1000+1000; n++ {
				if ref, ok := tokens.Parse(tokens.Open(n)); !ok || ref.ID != n {
					t.Errorf("%d came back as %v", n, ref)
				}
			}
		})
	}
	all.Wait()
}

func TestTheHotPathDoesNotAllocate(t *testing.T) {
	tokens := tokens(t, key)
	token, buffer := tokens.Open(123456789), make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { buffer = tokens.AppendOpen(buffer[:0], 123456789) }); n != 0 {
		t.Errorf("appending a token allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = tokens.Parse(token) }); n != 0 {
		t.Errorf("reading a token allocates %v times", n)
	}
}

// Whatever is accepted is the spelling of exactly one token that we could have given out.
func FuzzParse(f *testing.F) {
	tokens := tokens(f, key)
	for _, s := range []string{"", tokens.Link(1), tokens.Open(id.Largest), tokens.Link(7) + ").", "zzzzzzzzzzzzz", "\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, ok := tokens.Parse(s)
		if !ok {
			return
		}
		token := tokens.Link(ref.ID)
		if ref.Kind == id.Open {
			token = tokens.Open(ref.ID)
		}
		if again, ok := tokens.Parse(token); !ok || again != ref {
			t.Fatalf("%q stands for %v, whose token %q stands for %v", s, ref, token, again)
		}
		if len(s) == id.TokenLength && !strings.EqualFold(strings.NewReplacer("i", "1", "I", "1", "l", "1", "L", "1",
			"o", "0", "O", "0").Replace(s), token) {
			t.Fatalf("%q is a second spelling of %q", s, token)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	tokens := tokens(b, key)
	token := tokens.Open(123456789)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = tokens.Parse(token)
	}
}

func BenchmarkAppendOpen(b *testing.B) {
	tokens := tokens(b, key)
	buffer := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		buffer = tokens.AppendOpen(buffer[:0], 123456789)
	}
}
