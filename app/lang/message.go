package lang

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// message is what stands under one key: a text for each plural form, or for plural.Other alone.
type message map[plural.Form]text

// formNames are the plural forms' names in the language files, as Unicode's CLDR has them.
var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// text is a text cut at its placeholders, once, when the program starts.
type text struct {
	plain string // when there is no placeholder, which is most texts
	parts []part
}

// part is a stretch of text and the placeholder after it, if any.
type part struct{ before, name string }

// placeholder is all that a text can hold besides words. It looks as in go-i18n and many translation
// tools, but nothing of a template language is behind it.
var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

func readMessage(raw json.RawMessage) (message, error) {
	var words string
	if err := json.Unmarshal(raw, &words); err == nil {
		t, err := readText(words)
		return message{plural.Other: t}, err
	}
	var byForm map[string]string
	if err := json.Unmarshal(raw, &byForm); err != nil {
		return nil, errors.New("neither a text nor texts by plural form")
	}
	m := make(message, len(byForm))
	for form, name := range formNames {
		if words, ok := byForm[name]; ok {
			t, err := readText(words)
			if err != nil {
				return nil, err
			}
			m[form] = t
		}
	}
	if len(m) != len(byForm) {
		return nil, errors.New("a plural form that there is not")
	}
	if _, ok := m[plural.Other]; !ok {
		return nil, errors.New("no text for the plural form other")
	}
	return m, nil
}

func readText(words string) (text, error) {
	var t text
	rest := words
	for at := placeholder.FindStringSubmatchIndex(rest); at != nil; at = placeholder.FindStringSubmatchIndex(rest) {
		t.parts = append(t.parts, part{rest[:at[0]], rest[at[2]:at[3]]})
		rest = rest[at[1]:]
	}
	for _, p := range append(t.parts, part{before: rest}) {
		if strings.Contains(p.before, "{{") || strings.Contains(p.before, "}}") {
			return t, fmt.Errorf("a placeholder that is not {{.name}}: %s", words)
		}
	}
	if t.parts == nil {
		t.plain = words
	} else {
		t.parts = append(t.parts, part{before: rest})
	}
	return t, nil
}

// T returns the message under a key in the language of the context. The arguments are names and values
// in turn; a value called n chooses the plural form and may also be written {{.Count}}. Numbers and
// durations are written as the language writes them. What is missing shows in brackets, key or name.
func T(ctx context.Context, key string, args ...any) string { return of(ctx).say(key, args) }

func (t *tongue) say(key string, args []any) string {
	m, ok := t.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	words := m[plural.Other]
	if len(m) > 1 {
		if n, ok := value(args, "n"); ok {
			if w, ok := m[form(plural.Cardinal, t.tag, n)]; ok {
				words = w
			}
		}
	}
	if words.parts == nil {
		return words.plain
	}
	var b strings.Builder
	for _, p := range words.parts {
		b.WriteString(p.before)
		if p.name != "" {
			b.WriteString(t.show(args, p.name))
		}
	}
	return b.String()
}

// value finds the argument of a name.
func value(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	if name == "Count" {
		return value(args, "n")
	}
	return nil, false
}

// show writes an argument as the language writes such a thing.
func (t *tongue) show(args []any, name string) string {
	v, ok := value(args, name)
	if !ok {
		return "[" + name + "]"
	}
	switch v := v.(type) {
	case string:
		return v
	case time.Duration:
		return t.duration(v)
	case float64:
		return t.float(v)
	}
	if n, ok := whole(v); ok {
		return t.number(n)
	}
	return fmt.Sprint(v)
}

// whole returns a value of an integer type.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case int16:
		return int64(v), true
	case int8:
		return int64(v), true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	}
	return 0, false
}

// form returns the plural form that a number takes, of its size alone: −1 is as singular as 1 is.
func form(rules *plural.Rules, tag language.Tag, n any) plural.Form {
	if f, ok := n.(float64); ok {
		if f = math.Abs(math.Round(f*10) / 10); f != math.Trunc(f) { // with one decimal, as it is shown
			tenths := int(math.Round(f*10)) % 10
			return rules.MatchPlural(tag, int(min(f, 1e15)), 1, 1, tenths, tenths)
		}
		n = int64(min(f, 1e15))
	}
	i, ok := whole(n)
	if !ok {
		return plural.Other
	}
	if i < 0 {
		i = -i
	}
	return rules.MatchPlural(tag, int(i), 0, 0, 0, 0)
}
