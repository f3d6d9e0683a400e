package drop_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// The times of the releases here.
var (
	opens     = datatest.Noon.Add(1 * time.Hour)
	shareable = datatest.Noon.Add(2 * time.Hour)
	public    = datatest.Noon.Add(3 * time.Hour)
)

// around are the times at which a judge must not have changed its mind yet, and must have.
func around(t time.Time) []time.Time {
	return []time.Time{t.Add(-time.Millisecond), t, t.Add(time.Millisecond)}
}

func TestEveryFieldOfAReleaseIsChecked(t *testing.T) {
	step := drop.Step{SquadID: "lyon", OpensAt: opens, ShareableAt: shareable}
	late := drop.Step{SquadID: "nice", OpensAt: shareable, ShareableAt: public}
	for name, c := range map[string]struct {
		release drop.Release
		fields  []string
	}{
		"to nobody":                    {drop.Release{}, nil},
		"to everybody":                 {drop.Release{PublicAt: public}, nil},
		"to a squad":                   {drop.Release{Steps: []drop.Step{step}}, nil},
		"to two squads, then all":      {drop.Release{Steps: []drop.Step{step, late}, PublicAt: public}, nil},
		"all at once":                  {drop.Release{Steps: []drop.Step{{"lyon", opens, opens}}, PublicAt: opens}, nil},
		"to no squad":                  {drop.Release{Steps: []drop.Step{{"", opens, shareable}}}, []string{"squad"}},
		"no times":                     {drop.Release{Steps: []drop.Step{{SquadID: "lyon"}}}, []string{"opens_at", "shareable_at"}},
		"never shareable":              {drop.Release{Steps: []drop.Step{{SquadID: "lyon", OpensAt: opens}}}, []string{"shareable_at"}},
		"shareable before it opens":    {drop.Release{Steps: []drop.Step{{"lyon", shareable, opens}}}, []string{"shareable_at"}},
		"public before it opens":       {drop.Release{Steps: []drop.Step{step}, PublicAt: datatest.Noon}, []string{"public_at"}},
		"public before it is shared":   {drop.Release{Steps: []drop.Step{step}, PublicAt: opens}, []string{"public_at"}},
		"public before the second":     {drop.Release{Steps: []drop.Step{step, late}, PublicAt: shareable}, []string{"public_at"}},
		"twice to a squad":             {drop.Release{Steps: []drop.Step{step, step}}, []string{"squad.1"}},
		"the second before it opens":   {drop.Release{Steps: []drop.Step{step, {"nice", public, opens}}}, []string{"shareable_at.1"}},
		"the second without its start": {drop.Release{Steps: []drop.Step{step, {SquadID: "nice", ShareableAt: public}}}, []string{"opens_at.1"}},
	} {
		if got := c.release.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

func TestAReleaseIsReplacedAsAWhole(t *testing.T) {
	h := open(t)
	ana := h.person("ana@example.com", account.Ambassador)
	lyon, nice := h.squad("Lyon", ana), h.squad("Nice", ana)
	d := h.creates(h.draft("Shoes"))
	first := drop.Release{PublicAt: public, Steps: []drop.Step{{lyon.ID, opens, shareable}, {nice.ID, opens.Add(time.Minute), opens.Add(time.Minute)}}}
	for _, r := range []drop.Release{first, {Steps: []drop.Step{{nice.ID, shareable, public}}}, {}} {
		h.releases(d.ID, r)
		h.must(func(ctx context.Context, tx *data.Tx) error {
			got, err := drop.ReleaseOf(ctx, tx, d.ID)
			if !slices.Equal(got.Steps, r.Steps) || !got.PublicAt.Equal(r.PublicAt) {
				t.Errorf("released as %+v, want %+v", got, r)
			}
			return err
		})
	}
	h.releases(d.ID, first)
	wrong := drop.Release{Steps: []drop.Step{{"no squad", opens, shareable}}}
	for id, r := range map[string]drop.Release{d.ID: wrong, "no drop": first} {
		if err := h.update(func(ctx context.Context, tx *data.Tx) error { return drop.SetRelease(ctx, tx, id, r) }); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("released %s as %+v: %v", id, r, err)
		}
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		got, err := drop.ReleaseOf(ctx, tx, d.ID)
		if !slices.Equal(got.Steps, first.Steps) {
			t.Errorf("a refused release left %+v", got)
		}
		if _, err := drop.ReleaseOf(ctx, tx, "no drop"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("no drop has a release: %v", err)
		}
		// Ana shares from the squad that may do so first.
		steps, err2 := drop.StepsFor(ctx, tx, ana.ID, d.ID)
		if !slices.Equal(steps, []drop.Step{first.Steps[1], first.Steps[0]}) {
			t.Errorf("Ana's steps are %+v", steps)
		}
		return errors.Join(err, err2)
	})
}

// A drop opens to Lyon, then to everyone. Ana is in Lyon, Ben in Nice; Cleo was in Lyon and is suspended,
// Dora left Lyon. The manager and the owner see it always.
func TestWhoSeesADropAndFromWhenOn(t *testing.T) {
	h := open(t)
	ana, ben := h.person("ana@example.com", account.Ambassador), h.person("ben@example.com", account.Ambassador)
	cleo, dora := h.person("cleo@example.com", account.Ambassador), h.person("dora@example.com", account.Ambassador)
	manager, owner := h.person("manager@example.com", account.Manager), h.person("owner@example.com", account.Owner)
	gone := h.person("gone@example.com", account.Manager)
	lyon := h.squad("Lyon", ana, cleo, dora)
	h.squad("Nice", ben)
	d := h.creates(h.draft("Shoes"))
	unreleased := h.creates(h.draft("Secret"))
	h.releases(d.ID, drop.Release{Steps: []drop.Step{{lyon.ID, opens, shareable}}, PublicAt: public})
	h.must(func(ctx context.Context, tx *data.Tx) error {
		return errors.Join(account.Suspend(ctx, tx, cleo.ID), account.Suspend(ctx, tx, gone.ID), squad.Leave(ctx, tx, lyon.ID, dora.ID))
	})

	never, always := time.Time{}, time.UnixMilli(0)
	for _, c := range []struct {
		who  account.Account
		from time.Time
	}{{ana, opens}, {ben, public}, {cleo, never}, {dora, public}, {manager, always}, {owner, always}, {gone, never}} {
		for _, now := range slices.Concat(around(opens), around(shareable), around(public)) {
			h.clock.Set(now)
			want := !c.from.IsZero() && !now.Before(c.from)
			h.must(func(ctx context.Context, tx *data.Tx) error {
				_, err := drop.VisibleByID(ctx, tx, c.who.ID, d.ID)
				if err != nil && !errors.Is(err, data.ErrNotFound) {
					return err
				}
				all, err2 := drop.Visible(ctx, tx, c.who.ID)
				listed := slices.ContainsFunc(all, func(o drop.Drop) bool { return o.ID == d.ID })
				if (err == nil) != want || listed != want {
					t.Errorf("%s sees the drop at %v: %v, in the list %v, want %v", c.who.Email, now, err == nil, listed, want)
				}
				if _, err := drop.VisibleByID(ctx, tx, c.who.ID, unreleased.ID); (err == nil) != c.from.Equal(always) {
					t.Errorf("%s and the drop that was released to nobody: %v", c.who.Email, err)
				}
				return err2
			})
		}
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if all, err := drop.Visible(ctx, tx, "no account"); err != nil || len(all) != 0 {
			t.Errorf("nobody sees %+v (%v)", all, err)
		}
		return nil
	})
}

// Before a step opens, its squad learns of it by the teaser, and nobody else does.
func TestAnAudienceSeesTheTeaserUntilItsStepOpens(t *testing.T) {
	h := open(t)
	ana, ben := h.person("ana@example.com", account.Ambassador), h.person("ben@example.com", account.Ambassador)
	manager := h.person("manager@example.com", account.Manager)
	lyon, nice := h.squad("Lyon", ana, manager), h.squad("Nice", ana, ben)
	first, second := h.creates(h.draft("Shoes")), h.creates(h.draft("Socks"))
	h.releases(first.ID, drop.Release{PublicAt: public, Steps: []drop.Step{
		{nice.ID, shareable, shareable}, {lyon.ID, opens, opens},
	}})
	h.releases(second.ID, drop.Release{Steps: []drop.Step{{lyon.ID, shareable, shareable}}})
	h.creates(h.draft("Released to nobody"))

	shoes := func(at time.Time) drop.Coming { return drop.Coming{first.ID, "en", "Soon: Shoes", at} }
	socks := drop.Coming{second.ID, "en", "Soon: Socks", shareable}
	for now, want := range map[time.Time]map[string][]drop.Coming{
		opens.Add(-time.Millisecond):     {ana.ID: {shoes(opens), socks}, ben.ID: {shoes(shareable)}, manager.ID: nil},
		opens:                            {ana.ID: {socks}, ben.ID: {shoes(shareable)}, manager.ID: nil},
		shareable.Add(-time.Millisecond): {ana.ID: {socks}, ben.ID: {shoes(shareable)}},
		shareable:                        {ana.ID: nil, ben.ID: nil},
	} {
		h.clock.Set(now)
		for who, want := range want {
			h.must(func(ctx context.Context, tx *data.Tx) error {
				got, err := drop.Upcoming(ctx, tx, who)
				if !slices.Equal(got, want) {
					t.Errorf("at %v there comes %+v, want %+v", now, got, want)
				}
				return err
			})
		}
	}
	h.clock.Set(datatest.Noon)
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if err := account.Suspend(ctx, tx, ana.ID); err != nil {
			return err
		}
		got, err := drop.Upcoming(ctx, tx, ana.ID)
		if len(got) != 0 {
			t.Errorf("a suspended account learns of %+v", got)
		}
		return err
	})
}

// Links of three squads and of none: Lyon may share first, Nice later, Metz is not in the release.
func TestALinkShowsItsDropFromTheShareableTimeOfItsSquadOn(t *testing.T) {
	h := open(t)
	lyon, nice, metz := h.squad("Lyon"), h.squad("Nice"), h.squad("Metz")
	d := h.creates(h.draft("Shoes"))
	other := h.creates(h.draft("Socks"))
	later := shareable.Add(30 * time.Minute)
	h.releases(d.ID, drop.Release{PublicAt: public, Steps: []drop.Step{{lyon.ID, opens, shareable}, {nice.ID, shareable, later}}})
	h.releases(other.ID, drop.Release{Steps: []drop.Step{{metz.ID, opens, opens}}})
	link := func(dropID, squadID string) (id int64) {
		h.must(func(ctx context.Context, tx *data.Tx) (err error) {
			id, err = data.Int(ctx, tx, `INSERT INTO links (drop_id, campaign_id, squad_id, rehearsal, made_at)
				VALUES (?, ?, NULLIF(?, ''), 0, ?) RETURNING id`, dropID, h.campaign, squadID, tx.Now())
			return err
		})
		return id
	}
	never := time.Time{}
	for _, c := range []struct {
		name string
		link int64
		from time.Time
	}{
		{"Lyon's", link(d.ID, lyon.ID), shareable},
		{"Nice's", link(d.ID, nice.ID), later},
		{"Metz's", link(d.ID, metz.ID), public},
		{"one without a squad", link(d.ID, ""), public},
		{"Metz's of the other drop", link(other.ID, metz.ID), opens},
		{"Lyon's of a drop that is not public", link(other.ID, lyon.ID), never},
		{"one that is not there", 12345, never},
	} {
		for _, now := range slices.Concat(around(opens), around(shareable), around(later), around(public)) {
			h.clock.Set(now)
			h.must(func(ctx context.Context, tx *data.Tx) error {
				want := !c.from.IsZero() && !now.Before(c.from)
				shared, err := drop.Shared(ctx, tx, c.link)
				if shared != want {
					t.Errorf("the link, %s, at %v: shared %v, want %v", c.name, now, shared, want)
				}
				// As other rooms ask, also for what is not shared.
				n, err2 := data.Int(ctx, tx, `SELECT count(*) FROM links l JOIN drops d ON d.id = l.drop_id
					WHERE l.id = ? AND NOT `+drop.IsShared, c.link, tx.Now(), tx.Now())
				if (n == 1) == want && c.link != 12345 {
					t.Errorf("the link, %s, at %v: not shared %d", c.name, now, n)
				}
				return errors.Join(err, err2)
			})
		}
	}
	// Postponing takes effect at once, and so does releasing it now.
	h.clock.Set(shareable)
	lyons := link(d.ID, lyon.ID)
	for _, c := range []struct {
		at   time.Time
		want bool
	}{{later, false}, {shareable, true}} {
		h.releases(d.ID, drop.Release{Steps: []drop.Step{{lyon.ID, opens, c.at}}})
		h.must(func(ctx context.Context, tx *data.Tx) error {
			shared, err := drop.Shared(ctx, tx, lyons)
			if shared != c.want {
				t.Errorf("with a step that is shareable at %v: %v", c.at, shared)
			}
			return err
		})
	}
}

// Servers remember what they show while the edition stays the same.
func TestWhatReadersSeeChangesWithANewEdition(t *testing.T) {
	h := open(t)
	lyon := h.squad("Lyon")
	d := h.creates(h.draft("Shoes"))
	edition := func() (n int64) {
		h.must(func(ctx context.Context, tx *data.Tx) (err error) {
			n, err = brand.Edition(ctx, tx)
			return err
		})
		return n
	}
	before := edition()
	h.releases(d.ID, drop.Release{Steps: []drop.Step{{lyon.ID, opens, shareable}}})
	released := edition()
	d.Body = "Other news."
	d = h.saves(d)
	corrected := edition()
	h.saves(d)
	if released <= before || corrected <= released || edition() != corrected {
		t.Errorf("the editions are %d, released %d, corrected %d, saved unchanged %d", before, released, corrected, edition())
	}
}
