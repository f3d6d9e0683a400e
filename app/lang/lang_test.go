package lang_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/lang"
)

var (
	english = lang.With(context.Background(), "en")
	french  = lang.With(context.Background(), "fr")
)

func TestTheLanguageIsThePersonsChoiceThenTheBrowsersThenTheFallback(t *testing.T) {
	for _, c := range []struct {
		name, accept string
		preferred    []string
		want         string
	}{
		{"nothing is known", "", nil, "en"},
		{"the browser asks for French", "fr", nil, "fr"},
		{"the browser asks for French of Canada", "fr-CA,fr;q=0.9,en;q=0.8", nil, "fr"},
		{"the browser asks in capitals", "FR-ca", nil, "fr"},
		{"French comes second, after one that we have not", "ja,fr;q=0.8,en;q=0.5", nil, "fr"},
		{"French has the larger weight", "en;q=0.3,fr;q=0.9", nil, "fr"},
		{"the browser asks for what we have not", "ja,ko;q=0.5", nil, "en"},
		{"the browser takes anything", "*", nil, "en"},
		{"the browser refuses French", "fr;q=0", nil, "en"},
		{"the header makes no sense", ";;;,q=,-", nil, "en"},
		{"the header is far too long", strings.Repeat("ja-x-a,", 10000) + "fr", nil, "en"},
		{"the header is one long word", strings.Repeat("a-", 100000), nil, "en"},
		{"the person chose French", "en-GB", []string{"fr"}, "fr"},
		{"the person chose nothing, the brand speaks French", "en-GB", []string{"", "fr-FR"}, "fr"},
		{"the person chose what we have not", "fr", []string{"ja"}, "fr"},
	} {
		if got := lang.Match(c.accept, c.preferred...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := lang.MatchOr("fr", "ja"); got != "fr" {
		t.Errorf("where nothing fits the brand's language is %q", got)
	}
	if got := lang.MatchOr("ko", "ja"); got != "en" {
		t.Errorf("where nothing fits at all the language is %q", got)
	}
}

func TestAContextHasOneLanguageAndEnglishUnlessTold(t *testing.T) {
	if got := lang.Of(context.Background()); got != "en" {
		t.Error(got)
	}
	for asked, want := range map[string]string{"fr": "fr", "fr-CH": "fr", "en-US": "en", "xx": "en", "": "en"} {
		if got := lang.Of(lang.With(french, asked)); got != want {
			t.Errorf("%q is %q", asked, got)
		}
	}
	if got := lang.Supported(); got[0] != "en" || !slices.Contains(got, "fr") {
		t.Error(got)
	}
	if lang.Name("fr") != "Français" || lang.Name("en") != "English" {
		t.Error(lang.Name("fr"), lang.Name("en"))
	}
}

func TestAMessageIsInTheLanguageOfTheContext(t *testing.T) {
	for _, c := range []struct {
		name string
		ctx  context.Context
		key  string
		args []any
		want string
	}{
		{"a plain one in English", english, "check.required", nil, "Please fill this in."},
		{"a plain one in French", french, "check.required", nil, "Ce champ est à remplir."},
		{"one of one, in English", english, "check.longest", []any{"n", 1}, "At most 1 character."},
		{"one of none, plural in English", english, "check.longest", []any{"n", 0}, "At most 0 characters."},
		{"one of none, singular in French", french, "check.longest", []any{"n", 0}, "0 caractère au plus."},
		{"one of one and a half, singular in French", french, "check.longest", []any{"n", 1.5}, "1,5 caractère au plus."},
		{"one of two, in French", french, "check.longest", []any{"n", int64(2)}, "2 caractères au plus."},
		{"one of a million, in French", french, "check.longest", []any{"n", 1_000_000}, "1\u202f000\u202f000 caractères au plus."},
		{"one of many, with its separators", english, "check.longest", []any{"n", 12345}, "At most 12,345 characters."},
		{"two arguments", french, "check.between", []any{"lo", 0, "hi", 500}, "Un nombre de 0 à 500."},
		{"arguments in another order", english, "check.between", []any{"hi", "ten", "lo", "one"}, "A number from one to ten."},
		{"an argument is missing", english, "check.between", []any{"lo", 1}, "A number from 1 to [hi]."},
		{"a name without a value", english, "check.between", []any{"lo", 1, "hi"}, "A number from 1 to [hi]."},
		{
			"a length of time as argument", french, "check.between",
			[]any{"lo", time.Hour, "hi", 52 * time.Hour},
			"Un nombre de 1\u00a0h à 2\u00a0j 4\u00a0h.",
		},
		{"a key that there is not", french, "no.such.key", nil, "[no.such.key]"},
	} {
		if got := lang.T(c.ctx, c.key, c.args...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAMessageWithoutPlaceholdersCostsNoAllocation(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { _ = lang.T(french, "check.required") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestManyMaySpeakAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for n := range 500 {
				if lang.T(french, "check.longest", "n", n) == lang.T(english, "check.longest", "n", n) {
					t.Error("French and English are the same")
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkAPlainMessage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = lang.T(french, "check.required")
	}
}

func BenchmarkAMessageWithANumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = lang.T(french, "check.longest", "n", 12345)
	}
}

func BenchmarkMatch(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = lang.Match("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7")
	}
}
