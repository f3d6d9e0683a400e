package ui_test

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/static"
	"ricochet.example/views/ui"
)

// evil is what somebody could type to break out of text or an attribute.
const evil = `"><script>alert('x')</script>&`

// shown renders a component with words inside it, in a language.
func shown(t *testing.T, c templ.Component, language string) string {
	t.Helper()
	var b strings.Builder
	ctx := templ.WithNonce(lang.With(t.Context(), language), "n0nce")
	ctx = templ.WithChildren(ctx, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>inside</p>")
		return err
	}))
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// says demands that HTML contains each of the texts.
func says(t *testing.T, html string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(html, text) {
			t.Errorf("%q is not in\n%s", text, html)
		}
	}
}

// never demands that HTML contains none of the texts.
func never(t *testing.T, html string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(html, text) {
			t.Errorf("%q is in\n%s", text, html)
		}
	}
}

func page() ui.Page {
	return ui.Page{
		Title: evil, Brand: evil, Who: "Ana " + evil, Role: evil, WhoPath: "/me", Flash: evil, Warning: evil, SignOut: true,
		Scripts: []string{"js/copy.js"}, Description: evil,
		Nav: []ui.NavItem{{Label: evil, Path: "/drops", Icon: "file-text", Current: true}, {Label: "Squads", Path: "/squads", Count: 3}},
	}
}

// everything is one of each component, with what could break it.
func everything() map[string]templ.Component {
	field := ui.Field{Label: evil, Name: "name", Value: evil, Hint: evil, Problem: evil, Placeholder: evil, Unit: evil, Required: true}
	of := func(kind string) templ.Component {
		f := field
		f.Type, f.Options = kind, []ui.Option{{Value: evil, Label: evil, Hint: evil}, {Value: "b", Label: "B"}}
		return f.View()
	}
	action := ui.Action{Label: evil, About: evil, Path: "/x?" + evil, Icon: "plus", Name: evil, Value: evil, Wide: true}
	all := map[string]templ.Component{
		"staff": ui.Staff(page()), "member": ui.Member(page()), "plain": ui.Plain(page()),
		"errors": ui.FormErrors(check.Problems{"name": {Key: "check.required"}, "": {Key: "check.email"}}, "name", evil),
		"button": ui.Button(action), "link": ui.LinkButton(action), "post": ui.PostButton(action),
		"actions": ui.Actions(), "heading": ui.Heading(evil, evil), "card": ui.Card(evil),
		"card with": ui.CardWith(evil, evil, ui.Tag(evil, "clock", ui.Hot)), "stats": ui.Stats(), "stat": ui.Stat(evil, evil, evil),
		"empty": ui.Empty("inbox", evil, evil), "table": ui.Table(evil, ui.Head{Label: evil, Num: true}, ui.Head{Label: evil, Heard: true}),
		"avatar": ui.Avatar(evil), "copy": ui.CopyField("own", evil, evil), "banner": ui.Banner(ui.Bad, evil),
		"code": ui.Code(field), "meter": ui.Meter(3, 0, evil), "bars": ui.Bars(), "bar": ui.Bar(evil, 2, evil),
		"pills": ui.Pills(evil, []ui.NavItem{{Label: evil, Path: "/", Current: true}}), "more": ui.More(evil), "back": ui.Back("/", evil),
		"pager": ui.Pager(ui.Pages{At: 2, Of: 3, Path: func(n int) string { return "/x?" + evil }}),
		"glyph": ui.Glyph([]int{1, 2}, evil), "large glyph": ui.GlyphLarge(nil, ""),
		"chart": ui.Chart{Label: evil, First: []int{1, 3}, Second: []int{1}, From: evil, To: evil}.View(),
	}
	for _, kind := range []string{"", "email", "textarea", "markdown", "select", "checkbox", "radios", "checks", "hidden", "datetime-local", "password", "file"} {
		all["field "+kind] = of(kind)
	}
	return all
}

func TestComponentsLetNothingOutOfItsPlace(t *testing.T) {
	for name, c := range everything() {
		for _, language := range lang.Supported() {
			html := shown(t, c, language)
			for _, wrong := range []string{"<script>", `alert('x')`, ` style="`, " onclick", "<style", "[ui."} {
				if strings.Contains(html, wrong) {
					t.Errorf("%s in %s: %s in\n%s", name, language, wrong, html)
				}
			}
		}
	}
}

func TestEveryElementIsClosedAndNoNameIsThereTwice(t *testing.T) {
	id := regexp.MustCompile(` id="([^"]*)"`)
	refers := regexp.MustCompile(` (?:for|aria-describedby|aria-labelledby|popovertarget|data-copy)="([^"]*)"`)
	for name, c := range everything() {
		html := shown(t, c, "en")
		d := xml.NewDecoder(strings.NewReader("<div>" + html + "</div>"))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		var open []string
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v in\n%s", name, err, html)
			}
			switch e := token.(type) {
			case xml.StartElement:
				open = append(open, e.Name.Local)
			case xml.EndElement:
				if len(open) == 0 || open[len(open)-1] != e.Name.Local {
					t.Fatalf("%s: </%s> closes %v", name, e.Name.Local, open)
				}
				open = open[:len(open)-1]
			}
		}
		var ids []string
		for _, m := range id.FindAllStringSubmatch(html, -1) {
			if slices.Contains(ids, m[1]) {
				t.Errorf("%s has two of %s", name, m[1])
			}
			ids = append(ids, m[1])
		}
		for _, m := range refers.FindAllStringSubmatch(html, -1) {
			for _, one := range strings.Fields(m[1]) {
				if !slices.Contains(ids, one) {
					t.Errorf("%s refers to %s, which is not there", name, one)
				}
			}
		}
	}
}

func TestShellsSayWhereOneIsAndWhoOneIs(t *testing.T) {
	p := ui.Page{
		Title: "Drops", Brand: "Novaska", Who: "Ana Lima", Role: "Owner", SignOut: true, Scripts: []string{"js/copy.js"},
		Nav: []ui.NavItem{{Label: "Start", Path: "/"}, {Label: "Drops", Path: "/drops", Icon: "file-text", Current: true, Count: 2}},
	}
	for name, shell := range map[string]templ.Component{"staff": ui.Staff(p), "member": ui.Member(p)} {
		html := shown(t, shell, "en")
		says(t, html,
			`<title>Drops · Novaska</title>`, `<html lang="en">`, `<body class="`+name+`">`, `href="#main"`, `<main id="main" tabindex="-1">`,
			`<a href="/drops" aria-current="page">`, `<p>inside</p>`, static.Path("app.css"),
			`<script nonce="n0nce" src="`+static.Path("copy.js")+`" defer></script>`)
		if n := strings.Count(html, "aria-current"); n != 1 {
			t.Errorf("%s: %d entries are the current one", name, n)
		}
	}
	says(t, shown(t, ui.Staff(p), "en"), "Ana Lima", "Owner", `<form class="one" method="post" action="`+ui.SignOutPath+`">`)
	if n := strings.Count(shown(t, ui.Plain(p), "en"), static.Path("copy.js")); n != 1 {
		t.Errorf("the script is there %d times", n)
	}
	p.Lang = "fr"
	says(t, shown(t, ui.Plain(p), "en"), `<html lang="fr">`)
	says(t, shown(t, ui.Plain(ui.Page{Title: "Set up"}), "en"), "<title>Set up</title>", "<span>Ricochet</span>")
}

func TestAFlashIsSaidAsWhatItIs(t *testing.T) {
	p := ui.Page{Flash: "Saved."}
	says(t, shown(t, ui.Plain(p), "en"), `role="status"`, `data-flash="good"`, "Saved.")
	p.FlashBad = true
	says(t, shown(t, ui.Plain(p), "en"), `role="alert"`, `data-flash="bad"`, "Not done:")
	never(t, shown(t, ui.Plain(ui.Page{}), "en"), "data-flash", "banner")
}

func TestAFieldSaysWhatIsWrongToEverybody(t *testing.T) {
	f := ui.Field{Label: "Name", Name: "name", Value: "x", Hint: "As people say it.", Problem: "Too short.", Required: true}
	says(t, shown(t, f.View(), "en"),
		`<label for="name">`, `id="name"`, `name="name"`, `value="x"`, ` required`, `aria-invalid="true"`,
		`aria-describedby="name-problem name-hint"`, `id="name-hint"`, `id="name-problem"`, "To fix:", "Too short.", "<svg")
	never(t, shown(t, f.View(), "en"), "optional")
	f.Problem, f.Required = "", false
	html := shown(t, f.View(), "en")
	says(t, html, `aria-describedby="name-hint"`, "optional")
	never(t, html, "aria-invalid", "name-problem", " required")
}

func TestFieldsKeepWhatWasTyped(t *testing.T) {
	text := "\n<b>one</b>\n  two"
	says(t, shown(t, ui.Field{Label: "Text", Name: "t", Type: "textarea", Value: text}.View(), "en"),
		">\n\n&lt;b&gt;one&lt;/b&gt;\n  two</textarea>") // the first line break is HTML's own
	options := []ui.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	says(t, shown(t, ui.Field{Label: "L", Name: "l", Type: "select", Value: "b", Options: options}.View(), "en"), `<option value="b" selected>`)
	says(t, shown(t, ui.Field{Label: "L", Name: "l", Type: "radios", Value: "b", Options: options}.View(), "en"),
		`type="radio" id="l-1" name="l" value="b" checked`)
	says(t, shown(t, ui.Field{Label: "L", Name: "l", Type: "checkbox", Checked: true}.View(), "en"), `value="true" checked`)
	never(t, shown(t, ui.Field{Label: "P", Name: "p", Type: "password", Value: "secret"}.View(), "en"), "secret")
}

func TestTheSummaryLeadsToEachFieldInTheFormsOrder(t *testing.T) {
	problems := check.Problems{"city": {Key: "check.required"}, "name": {Key: "check.required"}, "seats": {Key: "check.email"}}
	html := shown(t, ui.FormErrors(problems, "name", "Name", "city", "City"), "en")
	says(t, html, `role="alert"`, " autofocus", `<a href="#name">Name</a>`, `<a href="#city">City</a>`, "3 things", "not an e-mail address")
	if strings.Index(html, "#name") > strings.Index(html, "#city") {
		t.Error("the city comes before the name")
	}
	if html := shown(t, ui.FormErrors(nil, "name", "Name"), "en"); html != "" {
		t.Errorf("a good form has a summary: %s", html)
	}
}

func TestWhatIsWrongIsSaidInThePersonsLanguage(t *testing.T) {
	problems := check.Problems{"n": {Key: "check.between", Args: []any{"lo", 1, "hi", 10}}}
	ctx := lang.With(t.Context(), "fr")
	if got, want := ui.Says(ctx, problems, "n"), lang.T(ctx, "check.between", "lo", 1, "hi", 10); got != want || got == "" {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := ui.Says(ctx, problems, "other"); got != "" {
		t.Errorf("a field without a problem says %q", got)
	}
}

func TestABannerSaysMoreThanItsColour(t *testing.T) {
	for tone, word := range map[string]string{ui.Bad: "Problem:", ui.Warn: "Please note:"} {
		says(t, shown(t, ui.Banner(tone, "The disk is full."), "en"), word, "<svg", "The disk is full.")
	}
}

func TestACopyFieldCanBeCopiedFromWithoutAScript(t *testing.T) {
	html := shown(t, ui.CopyField("own", "Your link", "https://x.example/s/1"), "en")
	says(t, html, `<label for="own">Your link</label>`, `value="https://x.example/s/1" readonly`, `data-copy="own"`, `data-copied="Copied"`, `role="status"`)
	if !regexp.MustCompile(`<button type="button"[^>]* hidden`).MatchString(html) {
		t.Errorf("the button shows before its script runs:\n%s", html)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Amina Mansouri": "AM", "Léo Paul Kessler": "LK", "zoé": "Z", "Élodie d’Arc": "ÉD", "  ": "?", "": "?", "Jean-Luc": "JL", "(Bea) 2": "B2",
	} {
		if got := ui.Initials(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

func TestAnIconThatIsNotThereIsAMistake(t *testing.T) {
	if err := ui.Icon("no-such-icon").Render(t.Context(), io.Discard); err == nil {
		t.Error("an icon that is not there was drawn")
	}
	for _, name := range ui.Icons() {
		html := shown(t, ui.Icon(name), "en")
		if err := xml.Unmarshal([]byte(html), new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		says(t, html, `aria-hidden="true"`)
	}
}

// A page that names an icon nobody brought cannot be shown; better to know now.
func TestEveryIconThatPagesNameIsThere(t *testing.T) {
	named := regexp.MustCompile(`(?:Icon: |ui\.Icon\(|@Icon\(|ui\.Empty\()"([^"]+)"|ui\.Tag\((?:[^()]|\([^()]*\))*, "([^"]+)", `)
	found := 0
	for _, pattern := range []string{"../*.templ", "../*.go", "*.templ", "../../app/web/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_templ.go") || strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllStringSubmatch(string(b), -1) {
				found++
				if name := m[1] + m[2]; !slices.Contains(ui.Icons(), name) {
					t.Errorf("%s: there is no icon %q", filepath.Base(f), name)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d names of icons were found", found)
	}
}
