package drop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// house is an installation with a campaign and a clock that the test moves.
type house struct {
	*testing.T
	db       *data.DB
	clock    *clock.Manual
	campaign string
}

func open(t *testing.T) house {
	hands := clock.At(datatest.Noon)
	h := house{T: t, db: datatest.New(t, hands.Now), clock: hands}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Spring", StartsAt: datatest.Noon, EndsAt: datatest.Noon.Add(time.Hour), Most: 5})
		h.campaign = c.ID
		return err
	})
	return h
}

func (h house) update(fn func(ctx context.Context, tx *data.Tx) error) error {
	return h.db.Update(context.Background(), func(tx *data.Tx) error { return fn(context.Background(), tx) })
}

func (h house) must(fn func(ctx context.Context, tx *data.Tx) error) {
	h.Helper()
	if err := h.update(fn); err != nil {
		h.Fatal(err)
	}
}

func (h house) person(email string, role account.Role) (a account.Account) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		a, err = account.Create(ctx, tx, account.Account{Email: email, Name: email, Role: role, Language: "en"})
		return err
	})
	return a
}

// squad founds a squad with members.
func (h house) squad(name string, members ...account.Account) (s squad.Squad) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		if s, err = squad.Found(ctx, tx, squad.Squad{Name: name}); err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.ID})
		for _, m := range members {
			if err == nil {
				_, err = squad.Join(ctx, tx, i.Code, m.ID)
			}
		}
		return err
	})
	return s
}

// draft is a drop that passes Check.
func (h house) draft(title string) drop.Drop {
	return drop.Drop{CampaignID: h.campaign, Language: "en", Version: drop.Version{Title: title, Teaser: "Soon: " + title, Body: "Some *news*."}}
}

func (h house) creates(d drop.Drop) (made drop.Drop) {
	h.Helper()
	if p := d.Check(); !p.OK() {
		h.Fatalf("the drop has problems with %q", p.Fields())
	}
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		made, err = drop.Create(ctx, tx, d)
		return err
	})
	return made
}

func (h house) saves(d drop.Drop) (saved drop.Drop) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		saved, err = drop.Save(ctx, tx, d)
		return err
	})
	return saved
}

func (h house) releases(dropID string, r drop.Release) {
	h.Helper()
	if p := r.Check(); !p.OK() {
		h.Fatalf("the release has problems with %q", p.Fields())
	}
	h.must(func(ctx context.Context, tx *data.Tx) error { return drop.SetRelease(ctx, tx, dropID, r) })
}

func TestEveryFieldOfADropIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*drop.Drop)
		fields []string
	}{
		"all is well":                        {func(*drop.Drop) {}, nil},
		"a language we lack":                 {func(d *drop.Drop) { d.Language = "xx" }, []string{"language"}},
		"no title":                           {func(d *drop.Drop) { d.Title = " " }, []string{"title"}},
		"a title longer than advised":        {func(d *drop.Drop) { d.Title = strings.Repeat("é", 120) }, nil},
		"a title longer than a card shows":   {func(d *drop.Drop) { d.Title = strings.Repeat("é", 121) }, []string{"title"}},
		"a teaser without end":               {func(d *drop.Drop) { d.Teaser = strings.Repeat("a", 301) }, []string{"teaser"}},
		"no body":                            {func(d *drop.Drop) { d.Body = "\n\n" }, []string{"body"}},
		"a body beyond the bounds":           {func(d *drop.Drop) { d.Body = strings.Repeat("a\n\n", 65_536/3+1) }, []string{"body"}},
		"a body that no database can hold":   {func(d *drop.Drop) { d.Body = "a\x00b" }, []string{"body"}},
		"a message without end":              {func(d *drop.Drop) { d.Caption = strings.Repeat("a", 1001) }, []string{"caption"}},
		"a call to action":                   {func(d *drop.Drop) { d.Action, d.ActionURL = "Buy", "https://example.com/shop?a=1" }, nil},
		"a call to action to nowhere":        {func(d *drop.Drop) { d.Action = "Buy" }, []string{"action_url"}},
		"a call to no action":                {func(d *drop.Drop) { d.ActionURL = "https://example.com" }, []string{"action"}},
		"a call to action that runs scripts": {func(d *drop.Drop) { d.Action, d.ActionURL = "Buy", "javascript:alert(1)" }, []string{"action_url"}},
		"a call to action as a speech":       {func(d *drop.Drop) { d.Action, d.ActionURL = strings.Repeat("a", 41), "https://example.com" }, []string{"action"}},
	} {
		d := drop.Drop{Language: "en", Version: drop.Version{Title: "News", Body: "Some *news*."}}
		c.change(&d)
		if got := d.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

func TestABodyBeyondABoundSaysWhich(t *testing.T) {
	d := drop.Drop{Language: "en", Version: drop.Version{Title: "News", Body: strings.Repeat("a\n\n", 65_536/3+1)}}
	problem := d.Check()["body"]
	if !strings.HasPrefix(problem.Key, "markdown.") || len(problem.Args) != 2 {
		t.Errorf("the problem is %+v", problem)
	}
}

// The manager corrects the price, then takes the correction back. Both versions can be read.
func TestACorrectionShowsAndWhatWasSaidBeforeIsKept(t *testing.T) {
	h := open(t)
	ana, ben := h.person("ana@example.com", account.Manager), h.person("ben@example.com", account.Manager)
	d := h.draft("Shoes")
	d.Body, d.CreatedBy = "They cost **100 €**.\r\n", ana.ID
	made := h.creates(d)
	if made.Number != 1 || made.SavedBy != ana.ID || !made.SavedAt.Equal(datatest.Noon) || made.HTML != "<p>They cost <strong>100 €</strong>.</p>\n" {
		t.Fatalf("made %+v", made)
	}

	h.clock.Advance(time.Minute)
	corrected := made
	corrected.Body, corrected.SavedBy = "They cost **90 €**.", ben.ID
	saved := h.saves(corrected)
	if saved.Number != 2 || saved.SavedBy != ben.ID || saved.CreatedBy != ana.ID || saved.HTML != "<p>They cost <strong>90 €</strong>.</p>\n" {
		t.Errorf("saved %+v", saved)
	}
	if again := h.saves(saved); again.Number != 2 {
		t.Errorf("saying the same again made version %d", again.Number)
	}

	h.must(func(ctx context.Context, tx *data.Tx) error {
		if got, err := drop.ByID(ctx, tx, made.ID); err != nil || got != saved {
			t.Errorf("it says %+v, want %+v (%v)", got, saved, err)
		}
		if all, err := drop.InCampaign(ctx, tx, h.campaign); err != nil || !slices.Equal(all, []drop.Drop{saved}) {
			t.Errorf("the campaign has %+v (%v)", all, err)
		}
		if before, err := drop.VersionByNumber(ctx, tx, made.ID, 1); err != nil || before.Version != made.Version {
			t.Errorf("it said %+v, want %+v (%v)", before, made, err)
		}
		if _, err := drop.VersionByNumber(ctx, tx, made.ID, 3); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("there is a version 3: %v", err)
		}
		return nil
	})
	h.clock.Advance(time.Minute)
	if err := h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := drop.Save(ctx, tx, made)
		return err
	}); !errors.Is(err, drop.ErrNewer) {
		t.Errorf("what was written on an old version was saved: %v", err)
	}
	made.Number = 0 // on purpose
	if back := h.saves(made); back.Number != 3 || back.HTML != made.HTML {
		t.Errorf("taken back: %+v", back)
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		var numbers []int
		all, err := drop.Versions(ctx, tx, made.ID, 9, 0)
		for _, d := range all {
			numbers = append(numbers, d.Number)
		}
		if !slices.Equal(numbers, []int{3, 2, 1}) {
			t.Errorf("the versions are %v", numbers)
		}
		return err
	})
	made.ID = "none"
	if err := h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := drop.Save(ctx, tx, made)
		return err
	}); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("no drop was corrected: %v", err)
	}
}

func TestTheBodyIsRenderedInTheLanguageOfTheDrop(t *testing.T) {
	h := open(t)
	d := h.draft("Chaussures")
	d.Body = `"Oui"`
	made := h.creates(d)
	made.Language = "fr"
	if saved := h.saves(made); saved.HTML == made.HTML || !strings.Contains(saved.HTML, "«") || saved.Language != "fr" || saved.Number != 2 {
		t.Errorf("saved %+v", saved)
	}
}

// Whoever forgets Check still cannot save HTML that is not that of the body.
func TestTheHTMLIsAlwaysThatOfTheBody(t *testing.T) {
	h := open(t)
	d := h.draft("Shoes")
	d.HTML = "<script>alert(1)</script>"
	var made drop.Drop
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		made, err = drop.Create(ctx, tx, d)
		return err
	})
	if made.HTML != "<p>Some <em>news</em>.</p>\n" {
		t.Errorf("created with %q", made.HTML)
	}
	made.Body = "Other news."
	if saved := h.saves(made); saved.HTML != "<p>Other news.</p>\n" {
		t.Errorf("saved with %q", saved.HTML)
	}
}
