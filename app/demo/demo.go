// Package demo knows a brand that does not exist: Novaska, running shoes from Lyon, with its people, its
// drops, and two weeks of what became of them. What people did is told as acts and visits, for somebody to
// play through the real rules; nothing here writes a number.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// Act is something that the brand's people did on their own pages.
type Act struct {
	At   time.Time
	Name string // for whoever asks what went wrong
	Do   func(ctx context.Context, tx *data.Tx) error
}

// Cast are the people and things of the demo, as far as its acts were played.
type Cast struct {
	Owner    account.Account
	Managers []account.Account
	People   []account.Account // the ambassadors
	Squads   []squad.Squad
	Campaign campaign.Campaign
	Drops    []drop.Drop
	Rewards  []reward.Reward

	now         time.Time
	url         string
	invitations []squad.Invitation // to the squads
}

// Begins is when the first thing happens in the demo.
func Begins(now time.Time) time.Time { return now.AddDate(0, 0, -21) }

// The brand's own dates, days before the demo starts.
const (
	day          = 24 * time.Hour
	campaignDays = 14
)

// Domains of the people's addresses, which nobody can have.
const (
	staffDomain  = "novaska.example"
	memberDomain = "example.com"
)

// LiftsAfter is how long after the start of the demo a drop opens to the squad of Lyon.
const LiftsAfter = 10 * time.Minute

// zone is where the brand is at home.
const zone = "Europe/Paris"

// New is the cast of a demo that starts now, reached at a public address.
func New(now time.Time, url string) *Cast { return &Cast{now: now, url: url} }

// Acts are what the people do, in the order of time.
func (c *Cast) Acts() []Act {
	acts := []Act{
		{c.ago(20 * day), "founding the brand", c.found},
		{c.ago(19 * day), "the captains join", c.joins(func(i int) bool { return c.leads(i) })},
		{c.ago(17 * day), "the first members join", c.joins(func(i int) bool { return i%3 == 0 })},
		{c.ago(16*day - 5*time.Hour), "more members join", c.joins(func(i int) bool { return i%3 == 1 })},
		{c.ago(15*day + 3*time.Hour), "the rest join", c.joins(func(i int) bool { return people[i].name != "Zoe Ahrendt" })},
		{c.ago(26 * time.Hour), "Zoe joins", c.joins(func(int) bool { return true })},
		{c.ago(30 * time.Hour), "rewards are offered", c.offer},
		{c.ago(25 * time.Hour), "squads ask first", c.asks},
		{c.ago(21 * time.Hour), "others would like to join", c.applies},
	}
	for d, release := range c.releases() {
		acts = append(acts, Act{release.made, "a drop: " + texts[d].Title, c.writes(d, release)})
		if read := release.opened().Add(8 * time.Hour); read.Before(c.now) {
			acts = append(acts, Act{read, "members read " + texts[d].Title, c.reads(d)})
		}
	}
	slices.SortStableFunc(acts, func(a, b Act) int { return a.At.Compare(b.At) })
	return acts
}

func (c *Cast) ago(d time.Duration) time.Time { return c.now.Add(-d) }

// found founds the brand, its squads and its campaign.
func (c *Cast) found(ctx context.Context, tx *data.Tx) error {
	token, err := brand.SetUp(ctx, tx)
	if err != nil {
		return err
	}
	b := brand.Brand{Name: "Novaska", Language: "fr", URL: c.url, TimeZone: zone, Label: "Commercial collaboration", LabelFR: "Collaboration commerciale"}
	if err := brand.Found(ctx, tx, token, b); err != nil {
		return err
	}
	if c.Owner, err = c.hire(ctx, tx, "Agathe Lorrain", account.Owner); err != nil {
		return err
	}
	c.Managers = nil
	for _, name := range []string{"Chloé Vernay", "Hugo Sérandon"} {
		m, err := c.hire(ctx, tx, name, account.Manager)
		if err != nil {
			return err
		}
		c.Managers = append(c.Managers, m)
	}
	if err := c.foundSquads(ctx, tx); err != nil {
		return err
	}
	c.Campaign, err = campaign.Create(ctx, tx, campaign.Campaign{
		Name: "Lancement Traboule", Most: campaign.DefaultMost,
		Goal:     "Être lue par 500 personnes avant d’être en boutique, la moitié par l’ami d’un ami. / Read by 500 people before any shop has it, half of them through a friend of a friend.",
		StartsAt: c.now.AddDate(0, 0, -campaignDays).Truncate(day), EndsAt: c.now.AddDate(0, 0, campaignDays).Truncate(day),
	})
	c.People = make([]account.Account, len(people))
	c.Drops = make([]drop.Drop, len(texts))
	return err
}

func (c *Cast) hire(ctx context.Context, tx *data.Tx, name string, role account.Role) (account.Account, error) {
	return account.Create(ctx, tx, account.Account{Email: emailOf(name, staffDomain), Name: name, Role: role, Language: "fr"})
}

// foundSquads founds the squads, each with an invitation for as many as it takes.
func (c *Cast) foundSquads(ctx context.Context, tx *data.Tx) error {
	c.Squads, c.invitations = nil, nil
	for _, s := range squads {
		sq, err := squad.Found(ctx, tx, squad.Squad{Name: s.name, City: s.city, About: s.about, Agenda: s.agenda, Capacity: s.capacity, Gives: gives})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: sq.ID, MadeBy: c.Managers[0].ID, Cap: invited, EndsAt: c.now.AddDate(0, 0, campaignDays)})
		if err != nil {
			return err
		}
		c.Squads, c.invitations = append(c.Squads, sq), append(c.invitations, i)
	}
	return nil
}

// gives is how many invitations each member has to give.
const gives = 5

// leads says whether a person is a captain.
func (c *Cast) leads(i int) bool { return squads[people[i].squad].captain == people[i].name }

// invited is how many can come by the invitation to a squad, more than there are seats.
const invited = 40

// asks has those who would like to join a squad with free seats say something first.
func (c *Cast) asks(ctx context.Context, tx *data.Tx) error {
	for i, s := range squads {
		sq := c.Squads[i]
		if sq.Questions, sq.Approval = s.asks, s.asks != ""; !sq.Approval {
			continue
		}
		if err := squad.Change(ctx, tx, sq); err != nil {
			return err
		}
		c.Squads[i] = sq
	}
	return nil
}

// applies has people apply, where somebody decides or there is no seat.
func (c *Cast) applies(ctx context.Context, tx *data.Tx) error {
	for _, p := range applicants {
		a, err := account.Create(ctx, tx, account.Account{
			Email: emailOf(p.name, memberDomain), Name: p.name, Role: account.Ambassador, Language: squads[p.squad].language,
		})
		if err != nil {
			return err
		}
		var answers []squad.Answer
		if p.says != "" {
			answers = []squad.Answer{{Question: squads[p.squad].asks, Text: p.says}}
		}
		if _, err := squad.Apply(ctx, tx, c.invitations[p.squad].Code, a.ID, answers, false); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// joins lets those join who have not yet, by the invitation to their squad.
func (c *Cast) joins(who func(i int) bool) func(context.Context, *data.Tx) error {
	return func(ctx context.Context, tx *data.Tx) error {
		for i, p := range people {
			if c.People[i].ID != "" || !who(i) {
				continue
			}
			a, err := account.Create(ctx, tx, account.Account{
				Email: emailOf(p.name, memberDomain), Name: p.name, Role: account.Ambassador, Language: squads[p.squad].language,
			})
			if err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, c.invitations[p.squad].Code, a.ID); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			if err := share.Issue(ctx, tx, "", a.ID); err != nil {
				return err
			}
			c.People[i] = a
			if !c.leads(i) {
				continue
			}
			sq := c.Squads[p.squad]
			sq.CaptainID = a.ID
			if err := squad.Change(ctx, tx, sq); err != nil {
				return err
			}
			c.Squads[p.squad] = sq
		}
		return nil
	}
}

// writes has a drop written and released, and the members' links made.
func (c *Cast) writes(d int, release release) func(context.Context, *data.Tx) error {
	return func(ctx context.Context, tx *data.Tx) error {
		text := texts[d]
		text.CampaignID, text.CreatedBy = c.Campaign.ID, c.Managers[0].ID
		images, err := c.illustrate(ctx, tx, d, &text)
		if err != nil {
			return err
		}
		if p := text.Check(images...); !p.OK() {
			return fmt.Errorf("%s has problems: %v", text.Title, p)
		}
		made, err := drop.Create(ctx, tx, text)
		if err != nil {
			return err
		}
		if err := drop.AdoptImages(ctx, tx, made.ID, formOf(d), text.CreatedBy); err != nil {
			return err
		}
		r := drop.Release{PublicAt: release.public}
		for s, step := range release.steps {
			if step.opens.IsZero() {
				continue
			}
			r.Steps = append(r.Steps, drop.Step{SquadID: c.Squads[s].ID, OpensAt: step.opens, ShareableAt: step.shareable})
		}
		if p := r.Check(); !p.OK() {
			return fmt.Errorf("the release of %s has problems: %v", text.Title, p)
		}
		if err := drop.SetRelease(ctx, tx, made.ID, r); err != nil {
			return err
		}
		c.Drops[d] = made
		return share.Issue(ctx, tx, made.ID, "")
	}
}

// formOf names the form that a drop was written in.
func formOf(d int) string { return fmt.Sprintf("demo-%d", d) }

// illustrate uploads a drop's pictures, and puts them where they belong.
func (c *Cast) illustrate(ctx context.Context, tx *data.Tx, d int, text *drop.Drop) (all []drop.Image, err error) {
	made, err := pictures()
	if err != nil {
		return nil, err
	}
	add := func(s shown) (drop.Image, error) {
		i, err := drop.AddImage(ctx, tx, drop.Image{Form: formOf(d), AddedBy: text.CreatedBy, Alt: s.alt}, made[s.name])
		all = append(all, i)
		return i, err
	}
	cover, err := add(covers[d])
	if err != nil {
		return nil, err
	}
	text.Cover, text.CoverAlt = cover.ID, cover.Alt
	if d < len(inside) {
		for _, p := range inside[d] {
			i, err := add(p.shown)
			if err != nil {
				return nil, err
			}
			text.Body = strings.Replace(text.Body, p.before, i.Reference()+"\n\n"+p.before, 1)
		}
	}
	return all, nil
}

// reads has most members who may look at a drop, the captain among them.
func (c *Cast) reads(d int) func(ctx context.Context, tx *data.Tx) error {
	return func(ctx context.Context, tx *data.Tx) error {
		for i, who := range c.People {
			if who.ID == "" || (i+d)%5 == 3 && !c.leads(i) {
				continue // they have not joined, or not looked yet
			}
			if err := drop.NoteRead(ctx, tx, who.ID, c.Drops[d].ID); err != nil && !errors.Is(err, data.ErrNotFound) {
				return err
			}
		}
		return nil
	}
}

// release is when a drop was written, and who gets it when.
type release struct {
	made   time.Time
	steps  [len(squads)]step // one that is zero: that squad does not get it
	public time.Time
}

type step struct{ opens, shareable time.Time }

// opened is from when on every squad that gets the drop can read it.
func (r release) opened() (at time.Time) {
	for _, s := range r.steps {
		if s.opens.After(at) {
			at = s.opens
		}
	}
	return at
}

// releases are those of the drops.
func (c *Cast) releases() [len(texts)]release {
	var r [len(texts)]release
	all := func(opens, shareable time.Time) [len(squads)]step {
		return [...]step{{opens, shareable}, {opens, shareable}, {opens, shareable}}
	}
	r[soles] = release{c.ago(13*day + 6*time.Hour), all(c.ago(13*day), c.ago(12*day+12*time.Hour)), c.ago(12 * day)}
	r[traboule] = release{c.ago(8 * day), all(c.ago(7*day), c.ago(6*day)), c.now.Add(2 * day)}
	// It is in English, for those who read that: Lyon, which reads French, does not get it.
	r[night] = release{c.ago(9 * day), all(c.ago(3*day), c.ago(3*day-2*time.Hour)), c.now.Add(9 * day)}
	r[night].steps[berlin] = step{c.ago(4 * day), c.ago(4*day - 2*time.Hour)}
	r[night].steps[lyon] = step{}
	six, eight := c.tomorrow(18), c.tomorrow(20)
	r[colour] = release{c.ago(4 * time.Hour), all(six, eight), c.now.Add(5 * day)}
	r[colour].steps[lyon] = step{c.now.Add(LiftsAfter), eight}
	return r
}

// tomorrow is an hour of tomorrow, where the brand is at home.
func (c *Cast) tomorrow(hour int) time.Time {
	at := c.now.In(home)
	return time.Date(at.Year(), at.Month(), at.Day()+1, hour, 0, 0, 0, home).UTC()
}

var home = func() *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return l
}()

// The people whom a visitor plays.

// Captain leads the squad of Lyon.
func (c *Cast) Captain() account.Account { return c.People[named("Camille Rouvière")] }

// Ambassador is a member of the squad of Lyon, and climbing.
func (c *Cast) Ambassador() account.Account { return c.People[named("Amina Mansouri")] }

// Early is the drop that can be shared and is not public yet.
func (c *Cast) Early() drop.Drop { return c.Drops[traboule] }

// Embargoed is the drop that opens LiftsAfter the start.
func (c *Cast) Embargoed() drop.Drop { return c.Drops[colour] }

// Find is the cast of a demo whose acts were played, now or in an earlier run.
func Find(ctx context.Context, tx *data.Tx) (*Cast, error) {
	c := &Cast{now: tx.Now()}
	b, err := brand.Of(ctx, tx)
	if err != nil {
		return nil, err
	}
	c.url = b.URL
	if c.Owner, err = account.ByEmail(ctx, tx, emailOf("Agathe Lorrain", staffDomain)); err != nil {
		return nil, err
	}
	for _, p := range people {
		a, err := account.ByEmail(ctx, tx, emailOf(p.name, memberDomain))
		if err != nil && !errors.Is(err, data.ErrNotFound) { // a visitor may have erased them
			return nil, err
		}
		c.People = append(c.People, a)
	}
	campaigns, err := campaign.All(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, found := range campaigns {
		if c.Campaign.ID == "" || found.CreatedAt.Before(c.Campaign.CreatedAt) {
			c.Campaign = found
		}
	}
	drops, err := drop.InCampaign(ctx, tx, c.Campaign.ID)
	if err == nil && len(drops) < len(texts) {
		err = data.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	slices.Reverse(drops) // the oldest first, in the order in which they were written
	c.Drops = make([]drop.Drop, len(texts))
	for i, d := range [...]int{soles, night, traboule, colour} {
		c.Drops[d] = drops[i]
	}
	return c, nil
}

// Link is the id of the ambassador's link to the drop that can be shared and is not public, or what is left of such links.
func (c *Cast) Link(ctx context.Context, tx *data.Tx) (int64, error) {
	l, err := share.Of(ctx, tx, c.Ambassador().ID, c.Early().ID)
	if err == nil || !errors.Is(err, data.ErrNotFound) {
		return l.ID, err
	}
	all, err := share.OfDrop(ctx, tx, c.Early().ID)
	if err == nil && len(all) == 0 {
		err = data.ErrNotFound
	}
	if err != nil {
		return 0, err
	}
	return all[0].ID, nil
}
