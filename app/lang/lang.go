// Package lang knows the product's words in people's languages, and how each language writes numbers,
// dates and ranks. A language is one JSON file beside this one; nothing else needs to know about it.
package lang

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Fallback is the language of those who asked for none that we have.
const Fallback = "en"

//go:embed *.json
var files embed.FS

// tongue is one language with all its messages.
type tongue struct {
	name   string // as in the file's name and in HTML's lang attribute
	tag    language.Tag
	words  *i18n.Localizer
	plain  map[string]string   // the texts that are always the same, which is most of them, by key
	filled map[string][]string // the names of the placeholders in all others, by key

	thousands, decimal string // what stands between groups of digits, and before decimals
}

// tongues are the languages that we have, the fallback first, then by name. They are never changed, so
// that everything here is safe for concurrent use.
var tongues = load(files)

// matcher finds the nearest of the tongues for what a browser asks for.
var matcher = language.NewMatcher(tags())

func tags() []language.Tag {
	var all []language.Tag
	for _, t := range tongues {
		all = append(all, t.tag)
	}
	return all
}

// load reads the language files. They are part of the program, so a file that cannot be read is a mistake
// in the program and stops it at once.
func load(files fs.FS) []*tongue {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err)
	}
	bundle := i18n.NewBundle(language.MustParse(Fallback))
	var all []*tongue
	for _, name := range names {
		t, err := read(bundle, files, name)
		if err != nil {
			panic(fmt.Errorf("app/lang/%s: %w", name, err))
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *tongue) int {
		if (a.name == Fallback) != (b.name == Fallback) {
			if a.name == Fallback {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.name, b.name)
	})
	return all
}

// read makes a language of its file, in go-i18n's format: an object of messages by key, each a text or an
// object of texts by plural form.
func read(bundle *i18n.Bundle, files fs.FS, file string) (*tongue, error) {
	name := strings.TrimSuffix(file, path.Ext(file))
	tag, err := language.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("its name: %w", err)
	}
	messages, err := bundle.LoadMessageFileFS(files, file)
	if err != nil {
		return nil, err
	}
	t := &tongue{
		name: name, tag: tag, words: i18n.NewLocalizer(bundle, name),
		plain: make(map[string]string), filled: make(map[string][]string),
	}
	for _, m := range messages.Messages {
		t.learn(m)
	}
	t.thousands, t.decimal = t.say("format.thousands", nil), t.say("format.decimal", nil)
	return t, nil
}

type contextKey struct{}

// With returns a context in which words are in a language: one of Supported, or the nearest to it.
func With(ctx context.Context, language string) context.Context {
	return context.WithValue(ctx, contextKey{}, named(Match("", language)))
}

// Of returns the language of a context, the fallback if none was chosen.
func Of(ctx context.Context) string { return of(ctx).name }

func of(ctx context.Context) *tongue {
	if t, ok := ctx.Value(contextKey{}).(*tongue); ok {
		return t
	}
	return tongues[0]
}

func named(name string) *tongue {
	for _, t := range tongues {
		if t.name == name {
			return t
		}
	}
	return nil
}

// Supported returns the languages that we have, the fallback first.
func Supported() []string {
	var names []string
	for _, t := range tongues {
		names = append(names, t.name)
	}
	return names
}

// Name returns what a language calls itself, for the list that people choose from.
func Name(language string) string { return named(Match("", language)).say("format.language", nil) }

// Match returns the language to speak to a person: the first of those preferred that we have (their own
// choice, say; empty ones are passed over), else the best for their browser's Accept-Language, else the
// fallback.
func Match(acceptLanguage string, preferred ...string) string {
	return MatchOr(Fallback, acceptLanguage, preferred...)
}

// MatchOr is Match with another last resort: the brand's language, or that of what is being read.
func MatchOr(last, acceptLanguage string, preferred ...string) string {
	for _, p := range preferred {
		if t := nearest(p); t != nil {
			return t.name
		}
	}
	// Most browsers put the person's language first and without a weight, which decides it.
	first, _, _ := strings.Cut(acceptLanguage, ",")
	if t := named(first); t != nil {
		return t.name
	}
	if base, _, _ := strings.Cut(first, "-"); named(base) != nil && !strings.Contains(first, ";") {
		return base
	}
	if t := nearest(acceptLanguage); t != nil {
		return t.name
	}
	if t := nearest(last); t != nil {
		return t.name
	}
	return Fallback
}

// longestAccept is where an Accept-Language is cut, in bytes: browsers send less, and parsing is not free.
const longestAccept = 200

// nearest returns the language that suits an Accept-Language header or a single tag, nil if none does.
func nearest(accept string) *tongue {
	if accept == "" {
		return nil
	}
	if t := named(accept); t != nil {
		return t
	}
	if len(accept) > longestAccept {
		accept = accept[:longestAccept]
		accept = accept[:max(strings.LastIndexByte(accept, ','), 0)]
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return nil
	}
	if _, i, confidence := matcher.Match(wanted...); confidence > language.No {
		return tongues[i]
	}
	return nil
}
