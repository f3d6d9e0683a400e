package demo_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/app/demo"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// played is a demo that starts at noon, when its acts were played.
func played(t *testing.T) (*data.DB, *demo.Cast) {
	t.Helper()
	c := clock.At(demo.Begins(datatest.Noon))
	db := datatest.New(t, c.Now)
	cast := demo.New(datatest.Noon, "http://127.0.0.1:8080")
	for _, a := range cast.Acts() {
		if a.At.Before(c.Now()) {
			t.Errorf("%s at %s, before what came before", a.Name, a.At)
		}
		c.Set(a.At)
		if err := db.Update(t.Context(), func(tx *data.Tx) error { return a.Do(t.Context(), tx) }); err != nil {
			t.Fatalf("%s: %v", a.Name, err)
		}
	}
	c.Set(datatest.Noon)
	return db, cast
}

func TestTheBrandHasThreeSquadsFortyTwoMembersAndFourDrops(t *testing.T) {
	db, cast := played(t)
	err := db.View(t.Context(), func(tx *data.Tx) error {
		all, err := squad.All(t.Context(), tx)
		if err != nil {
			return err
		}
		members, full := 0, 0
		for _, s := range all {
			members += s.Members
			if s.Full() {
				full++
			}
			asked, inLine, err := squad.CountOpen(t.Context(), tx, s.ID)
			if err != nil {
				return err
			}
			if want := map[string][2]int{"Lyon": {2, 0}, "Berlin": {1, 0}, "Lisboa": {0, 3}}[s.Name]; want != [2]int{asked, inLine} {
				t.Errorf("%s: %d people have asked, %d wait for a seat", s.Name, asked, inLine)
			}
			if s.CaptainID == "" {
				t.Errorf("nobody leads %s", s.Name)
			}
		}
		if len(all) != 3 || members != 42 || full != 1 {
			t.Errorf("%d squads, %d of them full, with %d members", len(all), full, members)
		}
		for _, d := range cast.Drops {
			links, err := share.OfDrop(t.Context(), tx, d.ID)
			if err != nil {
				return err
			}
			want := 42
			if d.Language == "en" {
				want = 28 // not those of Lyon
			}
			if len(links) != want {
				t.Errorf("%d members have a link to %s", len(links), d.Title)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneDropIsPublicAndOneOpensTenMinutesAfterTheStart(t *testing.T) {
	db, cast := played(t)
	err := db.View(t.Context(), func(tx *data.Tx) error {
		public := 0
		for _, d := range cast.Drops {
			r, err := drop.ReleaseOf(t.Context(), tx, d.ID)
			if err != nil {
				return err
			}
			if !r.PublicAt.IsZero() && !r.PublicAt.After(datatest.Noon) {
				public++
			}
			_, err = drop.VisibleByID(t.Context(), tx, cast.Ambassador().ID, d.ID)
			if hidden := d.ID == cast.Embargoed().ID || d.Language == "en"; hidden != (err != nil) {
				t.Errorf("the ambassador asks for %s: %v", d.Title, err)
			}
		}
		if public != 1 {
			t.Errorf("%d drops are public", public)
		}
		steps, err := drop.StepsFor(t.Context(), tx, cast.Ambassador().ID, cast.Embargoed().ID)
		if err != nil {
			return err
		}
		if len(steps) != 1 || !steps[0].OpensAt.Equal(datatest.Noon.Add(10*time.Minute)) {
			t.Errorf("the embargo lifts as %v", steps)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACastIsFoundAgainInItsDatabase(t *testing.T) {
	db, cast := played(t)
	var again *demo.Cast
	err := db.View(t.Context(), func(tx *data.Tx) (err error) {
		again, err = demo.Find(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, same := range map[string]bool{
		"owner":      again.Owner.ID == cast.Owner.ID,
		"captain":    again.Captain().ID == cast.Captain().ID && again.Captain().ID != "",
		"ambassador": again.Ambassador().ID == cast.Ambassador().ID && again.Ambassador().ID != "",
		"campaign":   again.Campaign.ID == cast.Campaign.ID,
		"early":      again.Early().ID == cast.Early().ID,
		"embargoed":  again.Embargoed().ID == cast.Embargoed().ID,
	} {
		if !same {
			t.Errorf("another %s was found", name)
		}
	}
}

func TestWhatIsNoDemoHasNoCast(t *testing.T) {
	db := datatest.New(t, func() time.Time { return datatest.Noon })
	err := db.View(t.Context(), func(tx *data.Tx) error {
		_, err := demo.Find(context.Background(), tx)
		return err
	})
	if err == nil {
		t.Error("a cast was found where nobody is")
	}
}

// Every visit comes after what it opens, from a network of its own; only the
// clubhouse has many on one.
func TestVisitsAreInOrderAndEachFromANetworkOfItsOwn(t *testing.T) {
	visits := demo.New(datatest.Noon, "http://127.0.0.1:8080").Visits()
	looked, times, networks := map[int]bool{}, time.Time{}, map[string]int{}
	for _, v := range visits {
		if v.At.Before(times) || v.At.After(datatest.Noon) {
			t.Fatalf("visit %d at %s, after %s", v.ID, v.At, times)
		}
		if v.From >= 0 && !looked[v.From] {
			t.Fatalf("visit %d opens what visit %d was not given yet", v.ID, v.From)
		}
		times = v.At
		if v.Looks {
			looked[v.ID] = true
		}
		networks[v.IP]++
	}
	crowds := 0
	for ip, n := range networks {
		if !strings.HasPrefix(ip, "2001:db8:") {
			t.Errorf("%s may be somebody's", ip)
		}
		if n > 1 {
			crowds += n
		}
	}
	if crowds != 12 {
		t.Errorf("%d visits share a network", crowds)
	}
	if len(looked) < 600 {
		t.Errorf("only %d people looked", len(looked))
	}
}

func TestFriendsHaveNetworksOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range []demo.Browser{demo.Friend(0), demo.Friend(1), demo.Friend(65536), demo.Played(0, "fr"), demo.Played(1, "en")} {
		if seen[b.IP] || b.UserAgent == "" || b.AcceptLanguage == "" {
			t.Errorf("%+v", b)
		}
		seen[b.IP] = true
	}
	if first, again := demo.Friend(7), demo.Friend(7); first != again {
		t.Error("a friend comes with another browser each time")
	}
}

func TestEveryDropHasAPictureOverItAndWordsForIt(t *testing.T) {
	db, cast := played(t)
	err := db.View(t.Context(), func(tx *data.Tx) error {
		for _, made := range cast.Drops {
			d, err := drop.ByID(t.Context(), tx, made.ID)
			if err != nil {
				return err
			}
			images, err := drop.Images(t.Context(), tx, d.ID)
			if err != nil {
				return err
			}
			if d.Cover == "" || d.CoverAlt == "" || len(images) == 0 {
				t.Errorf("%s has the cover %q with the words %q, and %d pictures", d.Title, d.Cover, d.CoverAlt, len(images))
			}
			for _, i := range images {
				if shown := i.ID == d.Cover || strings.Contains(d.HTML, i.ID); !shown || i.Alt == "" {
					t.Errorf("%s does not show its picture %q", d.Title, i.Alt)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The squad of Lyon has drops in French alone, the one that is to come among them; the others have one in English
// besides.
func TestASquadThatReadsFrenchHasDropsInFrench(t *testing.T) {
	db, cast := played(t)
	err := db.View(t.Context(), func(tx *data.Tx) error {
		for _, who := range cast.People {
			drops, err := drop.Visible(t.Context(), tx, who.ID)
			if err != nil {
				return err
			}
			coming, err := drop.Upcoming(t.Context(), tx, who.ID)
			if err != nil {
				return err
			}
			english := 0
			for _, d := range drops {
				if d.Language == "en" {
					english++
				}
			}
			for _, d := range coming {
				if d.Language == "en" {
					english++
				}
			}
			if who.Language == "fr" && english > 0 || who.Language == "en" && english != 1 || len(drops) < 2 || len(coming) != 1 {
				t.Errorf("%s, who reads %q, has %d drops and %d to come, %d of them in English", who.Name, who.Language, len(drops), len(coming), english)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
