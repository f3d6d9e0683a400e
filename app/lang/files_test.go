package lang_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"ricochet.example/app/lang"
)

// prefixes are the beginnings of keys that code completes with a value of the field, and from where the
// value comes. A key that begins so is taken to be used; all others must stand in the code as they are.
var prefixes = map[string]string{
	"format.":           "how a language writes numbers and dates; package lang",
	"month.":            "the number of the month; package lang",
	"weekday.":          "the number of the day of the week; package lang",
	"rank.":             "the plural form of an ordinal number; package lang",
	"duration.":         "a unit of time; package lang",
	"timeline.":         "what somebody may do; views/ui",
	"design.kind_":      "how much a button calls for attention; views",
	"design.tone_":      "the tone of a tag or a banner; views",
	"demo.is_":          "whom a visitor of the demo can be; app/web",
	"demo.try_":         "and what there is to try; app/web",
	"board.period_":     "the period of a leaderboard; app/web",
	"channel.":          "the channel of a link or an open; app/visit and app/share",
	"device.":           "the kind of device of an open; app/visit",
	"error.":            "what is said of an HTTP status; views",
	"kind.":             "the kind of a fetch; app/visit",
	"kind.left_out_":    "the kind of a fetch that is never counted; views",
	"order.":            "the order of a tree's table; views",
	"time.by_":          "what the timeline's columns are made of; views",
	"mail_reason.":      "why a mail could not be sent; app/message",
	"odd.":              "what is odd about a run of opens; app/spread",
	"reason.":           "why an open is not counted; app/spread",
	"reason.would_":     "what would become of an open of a rehearsal; app/share",
	"role.":             "the role of an account; app/account",
	"rule.":             "the rule that classified a request; app/visit",
	"state.":            "where something stands in its life: a drop, a campaign, an invitation",
	"about.verdict_":    "what a request is taken for; app/visit",
	"act.":              "what somebody did; app/audit",
	"shown.":            "how other members see somebody; app/account",
	"shown.hint_":       "and what they then read; views",
	"voice.feeling_":    "a reaction; app/voice",
	"voice.kind_":       "what somebody says; app/voice",
	"voice.kinds_":      "and several of these; app/voice",
	"claim.list_":       "what became of a reward that was earned; app/reward",
	"voice.state_":      "what became of it; app/voice",
	"voice.state_hint_": "and what that means; app/voice",
	"solo.state_":       "how far it has come with somebody who is told; app/solo",
	"template.":         "a kind of drop to begin with; app/drop",
	"tool.key_":         "and the keys for it; views",
	"tool.":             "what a button above a text writes; views",
	"erase.":            "what is said to whoever erases themself ends in _self; views",
	"held.":             "why an open is not counted, to managers; app/share",
	"held.none_":        "which of these opens there are none of; app/share",
	"held.show_":        "which of these opens are shown; app/share",
	"judge.scope_":      "what a verdict is about; views",
	"judge.":            "what can be decided about opens; views",
	"guest.":            "what is done with a list of people; views",
	"door.text_":        "where squads talk; views",
	"release.move_":     "what is done with a release that stands; app/drop",
	"release.means_":    "what that means; app/drop",
	"release.done_":     "that it is done; app/drop",
	"release.by_":       "how many hours later; app/drop",
	"release.step_":     "what is done with one step of a release; views",
	"release.hops_":     "how far readers may pass a drop on; app/drop",
	"guest.use_":        "what a column of a list of people is taken for; views",
	"guest.outcome_":    "what becomes of a line of a list of people to invite; app/squad",
	"applicant.":        "what is done with people who applied somewhere else; views",
	"told.":             "those that a member can note having told; app/share",
	"look.as_":          "how the form of a drop shows what would come of it; views",
	"look.for_":         "for whom it shows the page; views",
	"look.page_":        "and which page that is; views",
	"campaign.in_":      "the language of drops; views",
	"mail.grown_":       "whether it is believed that a member is 18; views",
	"mail.withdrawn":    "a guardian does not agree any more; views",
	"mail.returned":     "or does again; views",
	"notice.kind.":      "the kind of a notice; app/notice",
	"notice.line.":      "the kind of a notice; app/notice",
	"notice.text.":      "the kind of a notice; app/notice",
}

// read returns the messages of a language, each as its texts by plural form, and fails where a key is
// there twice, which encoding/json would let pass.
func read(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	b, err := os.ReadFile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	messages := make(map[string]map[string]string)
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			t.Fatal(err)
		}
		key, byForm := token.(string), make(map[string]string)
		if json.Unmarshal(raw, &byForm) != nil {
			var words string
			if err := json.Unmarshal(raw, &words); err != nil {
				t.Fatalf("%s.json: %s: %v", name, key, err)
			}
			byForm = map[string]string{"other": words}
		}
		if _, twice := messages[key]; twice {
			t.Errorf("%s.json has %s twice", name, key)
		}
		messages[key] = byForm
	}
	return messages
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// placeholders returns the names of all placeholders in a message's texts, in order. A singular may do
// without n ("one person"), so n is left out.
func placeholders(message map[string]string) []string {
	names := make(map[string]bool)
	for _, words := range message {
		for _, found := range placeholder.FindAllStringSubmatch(words, -1) {
			if found[1] != "n" && found[1] != "Count" {
				names[found[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func counts(message map[string]string) bool {
	return strings.Contains(message["other"], "{{.n}}") || strings.Contains(message["other"], "{{.Count}}") || len(message) > 1
}

func TestEveryLanguageHasEveryMessageWithTheSamePlaceholders(t *testing.T) {
	reference := read(t, lang.Fallback)
	for _, name := range lang.Supported() {
		messages := read(t, name)
		for key, want := range reference {
			got, ok := messages[key]
			if !ok {
				t.Errorf("%s.json lacks %s", name, key)
				continue
			}
			// How a language writes a date is its own affair.
			if own := strings.HasPrefix(key, "format.") || strings.HasPrefix(key, "rank."); own {
				continue
			}
			if !slices.Equal(placeholders(got), placeholders(want)) {
				t.Errorf("%s.json: %s has the placeholders %q, in %s.json %q", name, key, placeholders(got), lang.Fallback, placeholders(want))
			}
			if counts(got) != counts(want) {
				t.Errorf("%s.json: %s counts something in one language only", name, key)
			}
		}
		for key := range messages {
			if _, ok := reference[key]; !ok {
				t.Errorf("%s.json has %s, which %s.json has not", name, key, lang.Fallback)
			}
		}
	}
}

func TestEveryMessageThatCountsHasItsSingular(t *testing.T) {
	for _, name := range lang.Supported() {
		one := plural.Cardinal.MatchPlural(language.MustParse(name), 1, 0, 0, 0, 0)
		for key, message := range read(t, name) {
			_, has := message["one"]
			if len(message) > 1 && one == plural.One && !has {
				t.Errorf("%s.json: %s has several texts, but none for one", name, key)
			}
			for form, words := range message {
				if strings.TrimSpace(words) == "" && !strings.HasPrefix(key, "format.") {
					t.Errorf("%s.json: %s is empty for %s", name, key, form)
				}
			}
		}
	}
}

// go-i18n would run any template, and takes other words beside the plural forms for messages of their own.
func TestMessagesHoldNothingButPlaceholdersAndPluralForms(t *testing.T) {
	forms := []string{"zero", "one", "two", "few", "many", "other"}
	for _, name := range lang.Supported() {
		for key, message := range read(t, name) {
			if _, has := message["other"]; !has {
				t.Errorf("%s.json: %s has no text for the plural form other", name, key)
			}
			for form, words := range message {
				if !slices.Contains(forms, form) {
					t.Errorf("%s.json: %s has a plural form that there is not: %s", name, key, form)
				}
				if rest := placeholder.ReplaceAllString(words, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
					t.Errorf("%s.json: %s has a placeholder that is not {{.name}}: %s", name, key, words)
				}
			}
		}
	}
}

func TestEveryMessageCanBeSaidOfAnyNumber(t *testing.T) {
	for _, name := range lang.Supported() {
		ctx := lang.With(t.Context(), name)
		for key, message := range read(t, name) {
			for _, n := range []any{0, 1, 1.5, 2, 5, 21, -1, 1_000_000} {
				args := []any{"n", n}
				for _, other := range placeholders(message) {
					args = append(args, other, "it")
				}
				got := lang.T(ctx, key, args...)
				for _, left := range []string{"[" + key + "]", "[n]", "[Count]", "{{", "<no value>"} {
					if strings.Contains(got, left) {
						t.Errorf("%s.json: %s of %v is %q", name, key, n, got)
					}
				}
			}
		}
	}
}

func TestQuotationMarksAndApostrophesAreTypographic(t *testing.T) {
	for _, name := range lang.Supported() {
		for key, message := range read(t, name) {
			for _, words := range message {
				if strings.ContainsAny(words, "'\"") || strings.Contains(words, "...") {
					t.Errorf("%s.json: %s has typewriter marks: %s", name, key, words)
				}
			}
		}
	}
}

// In French a thin no-break space stands before : ; ! ? % » and after «. Not in an address or a time.
func TestFrenchHasThinNoBreakSpacesWhereTheyBelong(t *testing.T) {
	for key, message := range read(t, "fr") {
		for _, words := range message {
			if wrong := misspaced(words); wrong != "" {
				t.Errorf("fr.json: %s: the space at %q in %q", key, wrong, words)
			}
		}
	}
}

func misspaced(words string) string {
	const thin = '\u202f'
	runes := []rune(words)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 0
		}
		return runes[i]
	}
	for i, r := range runes {
		before, after := at(i-1), at(i+1)
		switch r {
		case '!', '?', ';', '%', '»':
			if before != thin && before != 0 && !strings.ContainsRune("!?", before) {
				return string(before) + string(r)
			}
		case ':':
			digits := before >= '0' && before <= '9' && after >= '0' && after <= '9'
			if before != thin && after != '/' && !digits && before != 0 {
				return string(before) + string(r)
			}
		case '«':
			if after != thin {
				return string(r) + string(after)
			}
		}
	}
	return ""
}

func TestTheSearchForFrenchSpacesFindsThem(t *testing.T) {
	for words, wrong := range map[string]bool{
		"Ça a compté\u202f?": false, "Ça a compté ?": true, "Ça a compté?": true, "Quoi\u202f?!": false,
		"«\u202fOui\u202f»": false, "« Oui\u202f»": true, "«\u202fOui »": true, "«\u202fOui\u00a0»": true,
		"Note\u202f: 3": false, "Note : 3": true, "à 14:02": false, "https://example.com": false, "35\u202f%": false, "35 %": true,
	} {
		if got := misspaced(words); (got != "") != wrong {
			t.Errorf("%q: %q", words, got)
		}
	}
}

// asked are the places in the code that name a message: T itself, problems of a form, flashes.
var asked = []*regexp.Regexp{
	regexp.MustCompile(`\blang\.T\(\s*[\w.]+(?:\(\))?,\s*"([^"]+)"`),
	regexp.MustCompile(`\.Add\(\s*"?[\w.]+"?,\s*"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`),
	regexp.MustCompile(`[fF]lash\w*\([^")]*,\s*"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`),
	regexp.MustCompile(`"(check\.[a-z0-9_.]+)"`),
}

var literal = regexp.MustCompile(`"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`)

// TestEveryMessageIsThereAndUsed reads all Go and templ files of the module, tests aside.
func TestEveryMessageIsThereAndUsed(t *testing.T) {
	messages := read(t, lang.Fallback)
	used := make(map[string]bool)
	for file, source := range sources(t) {
		for _, where := range asked {
			for _, found := range where.FindAllStringSubmatch(source, -1) {
				key := found[1]
				if _, ok := messages[key]; !ok && prefixes[key] == "" {
					t.Errorf("%s asks for %s: no such message, and no such prefix in app/lang/files_test.go", file, key)
				}
			}
		}
		for _, found := range literal.FindAllStringSubmatch(source, -1) {
			used[found[1]] = true
		}
	}
	for key := range messages {
		begins := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
		if !used[key] && !slices.ContainsFunc(slices.Collect(maps.Keys(prefixes)), begins) {
			t.Errorf("nobody uses %s", key)
		}
	}
}

func sources(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		code := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go")
		if !code && !strings.HasSuffix(name, ".templ") {
			return nil
		}
		b, err := os.ReadFile(path)
		found[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 3 {
		t.Fatalf("only %d source files under %s", len(found), root)
	}
	return found
}
