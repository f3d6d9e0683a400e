package lang

import (
	"math"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// spoken returns languages of small files.
func spoken() (french, english *tongue) {
	all := load(fstest.MapFS{
		"fr.json": {Data: []byte(`{
			"plain": "Rien à dire",
			"opens": {"one": "{{.n}} ouverture de {{.name}}", "other": "{{ .n }} ouvertures de {{.name}}"},
			"bare": {"one": "une seule", "other": "plusieurs"},
			"counted": "{{.Count}} fois"
		}`)},
		"en.json": {Data: []byte(`{
			"opens": {"one": "{{.n}} open of {{.name}}", "other": "{{.n}} opens of {{.name}}"},
			"counted": {"one": "once", "other": "{{.Count}} times"},
			"only": "in English"
		}`)},
		"de.json": {Data: []byte(`{}`)},
	})
	return all[2], all[0]
}

func TestTheFallbackIsTheFirstOfTheLanguages(t *testing.T) {
	french, english := spoken()
	if french.name != "fr" || english.name != Fallback {
		t.Errorf("the first is %s, the last is %s", english.name, french.name)
	}
}

func TestTheNumberChoosesTheFormByTheRulesOfTheLanguage(t *testing.T) {
	french, english := spoken()
	for _, c := range []struct {
		name  string
		in    *tongue
		key   string
		args  []any
		wants string
	}{
		{"none is singular in French", french, "bare", []any{"n", 0}, "une seule"},
		{"less than two is singular in French", french, "bare", []any{"n", 1.96}, "plusieurs"},
		{"as shown with one decimal", french, "bare", []any{"n", 1.94}, "une seule"},
		{"minus one is singular", english, "counted", []any{"n", -1}, "once"},
		{"one and a half is plural in English", english, "counted", []any{"n", 1.5}, "1.5 times"},
		{"a float that is one is one", english, "counted", []any{"n", 1.0}, "once"},
		{"a small unsigned one", english, "counted", []any{"n", uint8(1)}, "once"},
		{"a million, for which French has a form that the message has not", french, "bare", []any{"n", 1_000_000}, "plusieurs"},
		{"not a number", english, "counted", []any{"n", math.NaN()}, "– times"},
		{"more than can be counted", french, "counted", []any{"n", math.Inf(1)}, "– fois"},
		{"the smallest of all", english, "counted", []any{"n", int64(math.MinInt64)}, "−9,223,372,036,854,775,808 times"},
		{"words, not a number", english, "counted", []any{"n", "1"}, "1 times"},
		{"no number at all", english, "counted", nil, "[Count] times"},
		{"Count is n, as the language writes it", french, "counted", []any{"n", 12}, "12 fois"},
		{"what people wrote is not run", french, "opens", []any{"n", 2, "name", "{{.n}} <b>"}, "2 ouvertures de {{.n}} <b>"},
		{"what the message does not ask for", french, "plain", []any{"n", 2}, "Rien à dire"},
		{"a message of another language", french, "only", nil, "[only]"},
	} {
		c.in.thousands, c.in.decimal = ",", "."
		if got := c.in.say(c.key, c.args); got != c.wants {
			t.Errorf("%s: %q, want %q", c.name, got, c.wants)
		}
	}
}

func TestManyMaySpeakForTheFirstTimeAtOnce(t *testing.T) {
	french, _ := spoken()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := french.say("opens", []any{"n", 0, "name", "Anna"}); got != "0 ouverture de Anna" {
				t.Error(got)
			}
		})
	}
	all.Wait()
}

func TestAFileThatCannotBeReadStopsTheProgram(t *testing.T) {
	for name, c := range map[string]struct{ file, words, says string }{
		"no language":         {"not a language.json", `{}`, "its name"},
		"no JSON":             {"fr.json", `{"a": `, "unexpected end"},
		"no texts":            {"fr.json", `["a", 1]`, "fr.json"},
		"a form and another":  {"fr.json", `{"a": {"one": "un", "others": "autres"}}`, "others"},
		"a number for a text": {"fr.json", `{"a": 1}`, "fr.json"},
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s: %v", name, err)
				}
			}()
			load(fstest.MapFS{c.file: {Data: []byte(c.words)}})
		}()
	}
}
