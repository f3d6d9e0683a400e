package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/data"
)

// writes makes a drop and returns its path.
func (s *studio) writes(fields ...string) string {
	s.t.Helper()
	return strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send(fields...).follow().path, "/release")
}

// marked are the texts of the nodes that carry an attribute.
func (p *page) marked(name string) (texts []string) {
	for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, name) }) {
		texts = append(texts, strings.Join(strings.Fields(textOf(n)), " "))
	}
	return texts
}

// Max corrects a drop, Olga corrects it again, and Max brings the first back. Every version says who saved it, when
// and what they changed; what differs is told by words; and what came back is what readers see.
func TestEveryVersionIsListedComparedAndCanBeBroughtBack(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "We drew the sole in Lyon.\n\nIt holds.", "tags", "Trail, #wet stone")
	s.later(time.Hour)
	s.manager.get(path+"/edit").form(path).send("body", "We drew the upper in Lyon.\n\nIt holds.").to(path)
	s.later(time.Hour)
	s.owner.get(path+"/edit").form(path).send("title", "The Halo", "teaser", "Soon").to(path)

	list := s.manager.get(path + "/versions").wants(http.StatusOK)
	if got := list.marked("data-changed"); strings.Join(got, " | ") != "Title, Teaser | Text | The first version" {
		t.Errorf("what changed: %q", got)
	}
	list.says("Olga, 3 March 2025, 14:00", "max, 3 March 2025, 13:00", "Shown now")
	second := s.manager.get(path + "/versions/2").wants(http.StatusOK).says("From version 1 to 2")
	for element, word := range map[string]string{"del": "sole", "ins": "upper"} {
		if n := all(second.doc, func(n *html.Node) bool { return n.Data == element }); len(n) != 1 || textOf(n[0]) != word {
			t.Errorf("%s is %d", element, len(n))
		}
	}
	if got := second.marked("data-change"); len(got) != 1 || !strings.Contains(got[0], "Removed: We drew the sole in Lyon.") || !strings.Contains(got[0], "Added: We drew the upper") {
		t.Errorf("the difference is heard as %q", got)
	}
	if got := s.manager.get(path + "/versions/3?from=1").says("From version 1 to 3").marked("data-change"); len(got) != 3 {
		t.Errorf("between the first and the last differ %q", got)
	}
	s.manager.get(path + "/versions/3?from=3").wants(http.StatusOK).says("Nothing differs.")
	s.manager.get(path + "/versions/4").wants(http.StatusNotFound)
	s.manager.get(path + "/versions/x").wants(http.StatusNotFound)

	s.manager.get(path + "/versions/1").form(path + "/versions/1/restore").send().to(path + "/versions").says("Version 1 is back")
	s.manager.get(path).says("Halo", "We drew the sole in Lyon.", "trail", "wet stone").lacks("upper")
	s.manager.get(path+"/versions").says("Version 1 again", "Version 4")
	// Once more: it says that already.
	s.manager.post(path + "/versions/1/restore").to(path + "/versions")
	s.manager.get(path + "/versions").lacks("Version 5")
	acts := s.manager.get("/decisions").says("Brought back version 1 of a drop", "Halo")
	if n := strings.Count(acts.text(), "Brought back"); n != 1 {
		t.Errorf("%d acts", n)
	}
}

// Max and Olga write at the same time. Each is told of the other; Olga saves first, and Max, who saves on what is
// old by then, finds both texts.
func TestTwoPeopleWriteAndNeitherLosesAWord(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "teaser", "Soon", "body", "One.\n\nTwo.")
	max, olga := s.manager.get(path+"/edit").form(path), s.owner.get(path+"/edit").form(path)
	s.owner.send(path+"/editing", olga.values).wants(http.StatusOK).lacks("has had this drop open")
	if p := s.manager.send(path+"/editing", max.values).wants(http.StatusOK); !strings.Contains(p.body, "Olga has had this drop open to edit since 12:00") {
		t.Errorf("Max hears %s", p.body)
	}
	s.later(30 * time.Second)
	s.owner.send(path+"/editing", olga.values).wants(http.StatusOK)
	s.later(40 * time.Second) // Max closed it without a word
	s.manager.get(path + "/edit").says("Olga has had this drop open to edit since 12:00")
	s.owner.get(path + "/edit").lacks("has had this drop open")

	olga.send("title", "The Halo", "body", "One, by Olga.\n\nTwo.").to(path)
	if p := s.manager.send(path+"/editing", max.values); !strings.Contains(p.body, "Olga saved version 2 at 12:01") || strings.Contains(p.body, "open to edit") {
		t.Errorf("then Max hears %s", p.body)
	}
	clash := max.send("teaser", "Very soon", "body", "One.\n\nTwo, by Max.").wants(http.StatusConflict)
	clash.says("You both changed: Text.", "What Olga changed", "One, by Olga", "Two, by Max", "both texts are kept")
	again := clash.form(path)
	if again.value("title") != "The Halo" || again.value("teaser") != "Very soon" || again.value("body") != "One.\n\nTwo, by Max." || again.value("base") != "2" {
		t.Errorf("put together: %q, %q, %q on %s", again.value("title"), again.value("teaser"), again.value("body"), again.value("base"))
	}
	s.manager.get(path).says("One, by Olga.").lacks("Max.") // nothing was saved by that
	s.manager.get(path + "/edit").says("You wrote this and did not save it")
	again.send().to(path)
	s.manager.get(path).says("The Halo", "Two, by Max.")
	s.manager.get(path + "/versions/2").says("One, by Olga.")
	s.manager.get(path + "/edit").lacks("You wrote this and did not save it")

	// What differs only in what one of them changed is no clash of words.
	max, olga = s.manager.get(path+"/edit").form(path), s.owner.get(path+"/edit").form(path)
	olga.send("teaser", "Now").to(path)
	p := max.send("title", "Halo!").wants(http.StatusConflict).says("You changed different things.")
	if f := p.form(path); f.value("teaser") != "Now" || f.value("title") != "Halo!" {
		t.Errorf("put together: %q, %q", f.value("title"), f.value("teaser"))
	}
	// The same twice, as a nervous finger sends it, is no clash at all.
	olga = s.owner.get(path + "/edit").form(path)
	olga.send("teaser", "At last").to(path)
	olga.send("teaser", "At last").to(path)
	s.owner.get(path + "/versions").says("Version 5").lacks("Version 6")
}

// Olga says that the drop is in French while Max corrects its text: his page says so, and his text does not make it
// English again. When he chose a language himself, his stands, and he is told of both.
func TestAChangeOfLanguageIsNotLostWhenTwoWrite(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "One.", "language", "en")
	max, olga := s.manager.get(path+"/edit").form(path), s.owner.get(path+"/edit").form(path)
	olga.send("language", "fr", "title", "Le Halo").to(path)
	clash := max.send("body", "Un.").wants(http.StatusConflict).says("You changed different things.")
	if got := clash.data("change"); !slices.Contains(got, "language") {
		t.Errorf("of the changes he is told %q", got)
	}
	again := clash.form(path)
	if again.value("language") != "fr" {
		t.Errorf("put together it is in %q", again.value("language"))
	}
	again.send().to(path)
	if got := s.manager.get(path + "/edit").form(path).value("language"); got != "fr" {
		t.Errorf("saved it is in %q", got)
	}
	max, olga = s.manager.get(path+"/edit").form(path), s.owner.get(path+"/edit").form(path)
	olga.send("body", "Deux.").to(path)
	clash = max.send("language", "en").wants(http.StatusConflict).says("You changed different things.")
	again = clash.form(path)
	if got := again.value("language"); got != "en" || !slices.Contains(clash.data("change"), "language") {
		t.Errorf("his own choice became %q, and the changes are %q", got, clash.data("change"))
	}
	// What is wrong in between makes nobody forget which language it was in.
	if again.send("title", "").wants(http.StatusUnprocessableEntity).form(path).value("base_language") != "fr" {
		t.Error("the form forgets in which language it was written")
	}
	again.send("title", "Halo").to(path)
	if got := s.manager.get(path + "/edit").form(path).value("language"); got != "en" {
		t.Errorf("his own choice is saved as %q", got)
	}
}

// What Max types is kept while he types, offered when he comes back, and nobody else's business.
func TestWhatWasTypedIsOfferedAgain(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "One.")
	f := s.manager.get(path + "/edit").form(path)
	f.values.Set("body", "One and a half.")
	if p := s.manager.send(path+"/draft", f.values).wants(http.StatusOK); !strings.Contains(p.body, "Draft kept at 12:00") {
		t.Errorf("kept: %s", p.body)
	}
	s.manager.get(path + "/versions").lacks("Version 2")
	s.manager.get(path).lacks("half")
	s.owner.get(path+"/edit").lacks("half", "did not save")
	back := s.manager.get(path+"/edit").says("You wrote this and did not save it", "Differs from what is saved: Text.", "and a half")
	if got := back.form(path).value("body"); got != "One." {
		t.Errorf("unasked, the form says %q", got)
	}
	take := path + "/edit?draft=" + f.value("once")
	taken := s.manager.get(take).wants(http.StatusOK).lacks("You wrote this").form(path)
	if taken.value("body") != "One and a half." || taken.value("once") != f.value("once") {
		t.Errorf("taken: %q", taken.value("body"))
	}
	if got := s.owner.get(take).form(path).value("body"); got != "One." {
		t.Errorf("Olga takes %q", got)
	}
	taken.send().to(path)
	s.manager.get(path + "/edit").lacks("did not save")
	s.manager.get(take).wants(http.StatusOK).says("One and a half.")

	// Undone to what is saved, it is no draft; thrown away, it is gone, twice too.
	f = s.manager.get(path + "/edit").form(path)
	saved := f.value("title")
	f.values.Set("title", "Other")
	s.manager.send(path+"/draft", f.values)
	f.values.Set("title", saved)
	s.manager.send(path+"/draft", f.values)
	s.manager.get(path + "/edit").lacks("did not save")
	f.values.Set("title", "Other")
	s.manager.send(path+"/draft", f.values)
	throw := "/drafts/" + f.value("once") + "/remove"
	s.owner.post(throw).wants(http.StatusSeeOther)
	s.manager.get(path + "/edit").form(throw).send().to(path + "/edit")
	s.manager.post(throw).wants(http.StatusSeeOther)
	s.manager.get(path + "/edit").lacks("did not save")

	// A new drop, with bytes that are no text; it becomes a drop once, and the draft is gone with that.
	f = s.manager.get("/drops/new").form("/drops")
	f.values.Set("title", "Zephyr \xff\x00")
	f.values.Set("body", "Not yet")
	s.manager.send("/drops/draft", f.values).wants(http.StatusOK)
	s.manager.get("/drops/new").says("Zephyr")
	s.owner.get("/drops/new").lacks("Zephyr")
	f = s.manager.get("/drops/new?draft=" + f.value("once")).form("/drops")
	if f.value("body") != "Not yet" {
		t.Errorf("the new one says %q", f.value("body"))
	}
	made := f.send("title", "Zephyr").follow().path
	s.manager.get("/drops/new").lacks("Zephyr")
	// The back button brings the form as it was; what is typed then is a correction of the drop, not lost.
	f.send("title", "Zephyr").to(made)
	f.send("title", "Zephyr, better").to(strings.TrimSuffix(made, "/release"))
	s.manager.get(strings.TrimSuffix(made, "/release")).says("Zephyr, better")
	s.manager.get("/drops").wants(http.StatusOK)

	// After a month nothing of it is kept.
	f = s.manager.get(path + "/edit").form(path)
	f.values.Set("title", "Old")
	s.manager.send(path+"/draft", f.values)
	s.later(31 * 24 * time.Hour)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		who, err := account.ByEmail(ctx, tx, "max@novaska.example")
		if err == nil {
			var secret []byte
			secret, err = account.SignIn(ctx, tx, who.ID, "")
			s.manager.hold(secret)
		}
		return err
	})
	g := s.manager.get(path + "/edit").form(path)
	g.values.Set("title", "Newer")
	s.manager.send(path+"/draft", g.values).wants(http.StatusOK)
	s.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM drafts WHERE id = ?`, f.value("once"))
		if n != 0 {
			t.Error("an old draft is kept")
		}
		return err
	})
}

// Max's login session ends while he writes. What he sends then is handed back to him, to send again.
func TestWhoSavesAfterTheirSignInEndedIsHandedBackEveryWord(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "One.")
	for _, c := range []struct{ page, action string }{{path + "/edit", path}, {"/drops/new", "/drops"}} {
		f := s.manager.get(c.page).form(c.action)
		f.values.Set("body", "A long <text> & \"quotes\".\n\nOf his.")
		f.values.Set("title", "Long")
		out := s.browser()
		p := out.send(c.action, f.values).wants(http.StatusUnauthorized).says("Nothing is lost", "Sign in in another tab", "A long <text>", "send it")
		p.safe("handed back")
		again := p.form(c.action)
		for name := range f.values {
			if got, want := strings.ReplaceAll(again.value(name), "\r\n", "\n"), f.values.Get(name); got != want {
				t.Errorf("%s is handed back as %q, not %q", name, got, want)
			}
		}
		again.browser = s.manager
		again.send().wants(http.StatusSeeOther)
	}
	s.browser().post(path).wants(http.StatusSeeOther) // nothing to hand back
	s.outsider.post(path, "title", "Mine").wants(http.StatusNotFound)
}

// The address of the button carries what the brand's statistics ask for, whatever stood in it before.
func TestTheButtonsAddressCarriesItsParameters(t *testing.T) {
	s := openStudio(t)
	path := s.writes("title", "Halo", "body", "One.", "action", "Look", "action_url", "https://novaska.example/halo?size=42&utm_medium=mail#top",
		"utm_source", "ricochet & co", "utm_campaign", "été")
	f := s.manager.get(path + "/edit").form(path)
	for name, want := range map[string]string{"action_url": "https://novaska.example/halo?size=42#top", "utm_source": "ricochet & co", "utm_medium": "mail", "utm_campaign": "été"} {
		if got := f.value(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	s.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM drop_versions WHERE action_url = ?`,
			"https://novaska.example/halo?size=42&utm_source=ricochet+%26+co&utm_medium=mail&utm_campaign=%C3%A9t%C3%A9#top")
		if n != 1 {
			t.Error("the address was put together otherwise")
		}
		return err
	})
	if got := f.send("utm_source", "").wants(http.StatusUnprocessableEntity).form(path).problem("utm_source"); !strings.HasSuffix(got, "Please fill this in.") {
		t.Errorf("without a source: %q", got)
	}
	if got := f.send("action", "", "action_url", "").wants(http.StatusUnprocessableEntity).form(path).problem("action_url"); got == "" {
		t.Error("parameters of no address are taken")
	}
	f.send("utm_source", "", "utm_medium", "", "utm_campaign", "").to(path)
	if got := s.manager.get(path + "/edit").form(path).value("utm_medium"); got != "" {
		t.Errorf("taken away, it is %q", got)
	}
	long := s.manager.get(path+"/edit").form(path).send("tags", "a,b,c,d,e,f,g,h,i").wants(http.StatusUnprocessableEntity).form(path)
	if got := long.problem("tags"); !strings.HasSuffix(got, "At most 8 tags.") || long.value("tags") != "a,b,c,d,e,f,g,h,i" {
		t.Errorf("nine tags: %q", got)
	}
}

// Who does not know how to begin is given a page that says what belongs where, in the drop's language.
func TestANewDropMayBeginWithATemplate(t *testing.T) {
	s := openStudio(t)
	s.manager.get("/drops/new").says("Empty page", "White paper")
	f := s.manager.get("/drops/new?template=beta&language=fr").wants(http.StatusOK).form("/drops")
	if f.value("language") != "fr" || !strings.Contains(f.value("body"), "## Pour commencer") || f.value("title") == "" || f.value("campaign") != s.campaign {
		t.Errorf("it begins with %q in %s", f.value("title"), f.value("language"))
	}
	made := f.send("title", "La bêta", "action_url", "https://novaska.example/beta").follow()
	s.manager.get(strings.TrimSuffix(made.path, "/release")).says("La bêta", "Pour commencer")
	if f := s.manager.get("/drops/new?template=none&language=xx").wants(http.StatusOK).form("/drops"); f.value("body") != "" {
		t.Errorf("of nothing comes %q", f.value("body"))
	}
}
