package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/views"
)

// wrongForm is a form that was filled in wrongly.
type wrongForm struct {
	name   string
	page   string
	action string
	typed  []string          // fields and values in turn
	en, fr map[string]string // what stands at each wrong field
}

// What is wrong is said at the field, in the person's language, and what was
// typed is still there.
func TestEveryWrongFieldIsNamedAndNothingIsTypedTwice(t *testing.T) {
	l := launched(t)
	long := strings.Repeat("x", 121)
	forms := []wrongForm{
		{
			"a campaign without a name that ends before it starts", "/campaigns/new", "/campaigns",
			[]string{"name", " ", "goal", "All of Lyon", "starts_at", "2025-04-01T10:00", "ends_at", "2025-03-01T10:00", "most", "11"},
			map[string]string{"name": "Please fill this in.", "ends_at": "A campaign ends after it has started.", "most": "A number from 1 to 10."},
			map[string]string{"name": "Ce champ est à remplir.", "ends_at": "Une campagne finit après avoir commencé.", "most": "Un nombre de 1 à 10."},
		},
		{
			"a campaign with dates and numbers that are none", "/campaigns/" + l.campaign + "/edit", "/campaigns/" + l.campaign,
			[]string{"name", "Halo", "starts_at", "tomorrow", "ends_at", "2025-13-01T10:00"},
			map[string]string{"starts_at": "Please choose a date and a time.", "ends_at": "Please choose a date and a time."},
			map[string]string{"starts_at": "Choisissez une date et une heure.", "ends_at": "Choisissez une date et une heure."},
		},
		{
			"an empty drop", "/drops/new", "/drops",
			[]string{"campaign", l.campaign, "title", "", "teaser", "soon", "body", "", "action", "Look", "action_url", ""},
			map[string]string{"title": "Please fill this in.", "body": "Please fill this in.", "action_url": "Please fill this in."},
			map[string]string{"title": "Ce champ est à remplir.", "body": "Ce champ est à remplir.", "action_url": "Ce champ est à remplir."},
		},
		{
			"a correction that is too long", "/drops/" + l.drop + "/edit", "/drops/" + l.drop,
			[]string{"title", long, "action", "Look", "action_url", "novaska"},
			map[string]string{"title": "At most 120 characters.", "action_url": "This is not a complete web address, such as https://example.com."},
			map[string]string{"title": "120 caractères au plus.", "action_url": "Ce n’est pas une adresse web complète, comme https://example.com."},
		},
		{
			"a release that is shared before it is read", views.ReleasePath(l.drop), views.ReleasePath(l.drop),
			[]string{"opens_at", "2025-03-05T10:00", "shareable_at", "2025-03-04T10:00", "public_at", "2025-03-03T10:00"},
			map[string]string{"shareable_at": "It can be shared from when it is readable, not before.", "public_at": "It is public once every squad may share it, not before."},
			map[string]string{"shareable_at": "On peut partager dès qu’on peut lire, pas avant.", "public_at": "Il devient public quand toutes les squads peuvent le partager, pas avant."},
		},
		{
			"a release without times", views.ReleasePath(l.drop), views.ReleasePath(l.drop),
			[]string{"opens_at", "", "shareable_at", "later", "public_at", "never"},
			map[string]string{"opens_at": "Please fill this in.", "shareable_at": "Please choose a date and a time.", "public_at": "Please choose a date and a time."},
			map[string]string{"opens_at": "Ce champ est à remplir.", "shareable_at": "Choisissez une date et une heure.", "public_at": "Choisissez une date et une heure."},
		},
	}
	french, _ := l.signedIn("fanny@novaska.example", account.Manager)
	french.get("/me").form("/me").send("language", "fr").follow()
	for _, c := range forms {
		for _, who := range []struct {
			*browser
			says map[string]string
		}{{l.manager, c.en}, {french, c.fr}} {
			answer := who.get(c.page).wants(http.StatusOK).form(c.action).send(c.typed...)
			if answer.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d", c.name, answer.status)
				continue
			}
			again := answer.form(c.action)
			for i := 0; i < len(c.typed); i += 2 {
				field, typed := c.typed[i], c.typed[i+1]
				if got := again.value(field); got != typed {
					t.Errorf("%s: %s holds %q after it was typed %q", c.name, field, got, typed)
				}
				if got := again.problem(field); !strings.HasSuffix(got, who.says[field]) || (got == "") != (who.says[field] == "") {
					t.Errorf("%s: at %s stands %q, not %q", c.name, field, got, who.says[field])
				}
			}
		}
	}
	// And nothing of it was kept.
	l.manager.get("/campaigns/"+l.campaign).says("Halo launch", "A thousand people know the Halo")
	l.clock.Set(l.shares)
	l.reader().get("/s/" + l.link).says("The Halo trail shoe")
}

func TestAFormThatNobodyOfOursWroteIsRefused(t *testing.T) {
	l := launched(t)
	l.manager.post("/drops/"+l.drop+"/release", "squad", l.squad, "opens_at", "2025-03-04T10:00").wants(http.StatusBadRequest)
	l.manager.post("/drops/"+l.drop+"/release", "squad", "no-squad", "chosen", "no-squad",
		"opens_at", written(l.opens), "shareable_at", written(l.shares)).wants(http.StatusNotFound)
	l.manager.post("/drops", "campaign", "no-campaign", "language", "en", "title", "T", "body", "B").wants(http.StatusUnprocessableEntity).
		says("Please choose one of the options.")
	l.manager.post("/campaigns", "name", strings.Repeat("x", 300<<10)).wants(http.StatusRequestEntityTooLarge).says("256 KB")
}

// Manel pastes a whole book into a drop. As long as it can be taken in at all,
// the page says which field is too long and gives everything back to him.
func TestADropThatIsMuchTooLongIsGivenBackWithTheFieldNamed(t *testing.T) {
	l := launched(t)
	book := strings.Repeat("A line of a book.\n\n", 50<<10) // 1000 KB, 1200 KB as it is sent
	part := book[:600<<10]
	for page, action := range map[string]string{"/drops/new": "/drops", "/drops/" + l.drop + "/edit": "/drops/" + l.drop} {
		form := func() *form { return l.manager.get(page).form(action) }
		typed := []string{"title", "Halo, the book", "teaser", "soon", "body"}
		again := form().send(append(typed, part)...).wants(http.StatusUnprocessableEntity).form(action)
		if got := again.problem("body"); !strings.HasSuffix(got, "The text is too long: at most 64 KB.") {
			t.Errorf("%s: at the text stands %q", action, got)
		}
		if again.value("title") != "Halo, the book" || again.value("teaser") != "soon" || again.value("body") != part {
			t.Errorf("%s: what was typed is gone: %q, %q, %d bytes of text", action, again.value("title"), again.value("teaser"), len(again.value("body")))
		}
		// Bytes that are no text, as a paste from a broken program brings them.
		again = form().send("title", "Halo \xff", "body", "Run \xff\xfe up").wants(http.StatusUnprocessableEntity).form(action)
		for _, field := range []string{"title", "body"} {
			if got := again.problem(field); !strings.HasSuffix(got, "This contains characters that cannot be stored.") {
				t.Errorf("%s: at %s stands %q", action, field, got)
			}
		}
		if got := shown(again.value("body")); got != shown("Run \xff\xfe up") {
			t.Errorf("%s: of the broken text %q is left", action, got)
		}
		form().send(append(typed, book)...).wants(http.StatusRequestEntityTooLarge).says("too much at once", "1 MB")
	}
	l.manager.get("/me").form("/me").send("language", "fr").follow()
	l.manager.post("/drops", "body", book).wants(http.StatusRequestEntityTooLarge).says("trop à la fois", "1 Mo")
}

// Manel writes in the brand's time zone, whatever his machine says.
func TestTimesAreTypedAndShownInTheZoneOfTheBrand(t *testing.T) {
	l := launched(t)
	l.owner.get("/settings").form("/settings").send("time_zone", "Europe/Paris").follow()
	plan := l.manager.get(views.ReleasePath(l.drop)).says("Europe/Paris").form(views.ReleasePath(l.drop))
	if got, want := plan.value("opens_at"), written(l.opens.Add(time.Hour)); got != want {
		t.Errorf("it opens at %s, not %s", got, want)
	}
	plan.send("opens_at", "2025-03-03T15:30", "shareable_at", "2025-03-03T15:30").follow().says("reads from 3 March 2025, 15:30")
	l.clock.Set(time.Date(2025, 3, 3, 14, 29, 0, 0, time.UTC))
	l.neutral(l.reader().get("/s/" + l.link))
	l.clock.Set(time.Date(2025, 3, 3, 14, 30, 0, 0, time.UTC))
	l.reader().get("/s/" + l.link).says("Halo")
}
