package lang

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// placeholder is all that a text may hold besides words, though go-i18n would run a whole template.
var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// learn prepares a message for say: its text where there is nothing to fill in or to choose from, else
// the names of its placeholders.
func (t *tongue) learn(m *i18n.Message) {
	forms := m.Zero + m.One + m.Two + m.Few + m.Many
	if forms == "" && !strings.Contains(m.Other, "{{") {
		t.plain[m.ID] = m.Other
		return
	}
	names := []string{}
	for _, found := range placeholder.FindAllStringSubmatch(forms+m.Other, -1) {
		names = append(names, found[1])
	}
	t.filled[m.ID] = names
}

// T returns the message under a key in the language of the context. The arguments are names and values
// in turn; a value called n chooses the plural form and may also be written {{.Count}}. Numbers and
// durations are written as the language writes them. What is missing shows in brackets, key or name.
func T(ctx context.Context, key string, args ...any) string { return of(ctx).say(key, args) }

func (t *tongue) say(key string, args []any) string {
	if words, ok := t.plain[key]; ok {
		return words
	}
	names, ok := t.filled[key]
	if !ok {
		return "[" + key + "]"
	}
	data := make(map[string]string, len(names)+1)
	for _, name := range names {
		data[name] = "[" + name + "]"
	}
	var n any
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		data[name] = t.show(args[i+1])
		if name == "n" {
			n, data["Count"] = count(args[i+1]), data[name]
		}
	}
	// There is an error, and the text of the form other with it, where a language has more forms than
	// the message: French has one for whole millions.
	words, err := t.words.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: n})
	if err != nil && words == "" {
		return "[" + key + "]"
	}
	return words
}

// show writes an argument as the language writes such a thing.
func (t *tongue) show(v any) string {
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

// count returns a number as go-i18n chooses the plural form by it, of its size alone: −1 is as singular
// as 1 is. It is nil, for the form other, where there is no number, or none that could be singular.
func count(v any) any {
	if f, ok := v.(float64); ok {
		if f = math.Abs(math.Round(f*10) / 10); f < 1e15 { // with one decimal, as it is shown
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return nil
	}
	if n, ok := whole(v); ok {
		return n
	}
	return nil
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
