package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/notice"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// gallery is an installation in which every page has something to show: long
// names, deep trees, drops in every state, and nothing at all where that is possible.
type gallery struct {
	*house
	campaign, quiet           campaign.Campaign
	squads                    []squad.Squad
	shared, coming, read, raw drop.Drop // shared; not yet readable; readable, not shareable; without a release
	codes                     []string
	amina                     account.Account
	link, passed, held, over  string // tokens: of a link, of a reader of it, of one that holds, of a stopped one
	codeCookie                *http.Cookie
	secret                    string // of a mailed link to sign in
	guest                     string // code of somebody invited by mail
	crowd                     string // the network that too many came from
	grown                     string // id of a member who says that they are 18 now
	application, minor        string // ids of somebody who wants into the first squad: their wish, and their guardian's code
}

// names are members' names, of all lengths.
var names = []string{
	"Amina Mansouri", "Naïma Toulane", "Maximilienne-Alexandrine de la Rochefoucauld-Montbazon", "Jules Corbel", "Léo",
	"Élise Montagnon", "Théo Brissard", "Bartholomäus-Christoph von Hohenzollern-Sigmaringen", "Awa Sarré", "Lina Benhadj",
}

// drops of the gallery, in French and English.
var drops = map[string]drop.Drop{
	"shared": {Language: "fr", Version: drop.Version{
		Title: "La Traboule, avant tout le monde", Teaser: "Onze coureuses et coureurs, 387 marches, une semelle qui tient sur la pierre mouillée.",
		Caption: "J’ai lu ça avant tout le monde. Regarde la semelle et dis-moi.", Action: "Être parmi les premiers", ActionURL: "https://novaska.example/traboule",
		Body: `À Lyon, on ne court jamais longtemps à plat. On monte, on coupe par une cour, on ressort une rue plus haut. La **Traboule** vient de là.

## Ce qui change

- une gomme qui tient sur la pierre mouillée ;
- un avant-pied plus large, parce que vos pieds nous l’ont dit ;
- 231 grammes en 42, lacets compris.

> « Au troisième tour, j’ai arrêté de regarder mes pieds. »
> Inès, squad Lyon

| Taille | Poids | Reste |
|---|--:|--:|
| 38 | 205 g | 12 |
| 42 | 231 g | 4 |
| 46 | 262 g | 0 |

Elle sera en boutique dans deux semaines. Si tu connais quelqu’un qui monte les pentes en râlant, [cette page](https://novaska.example) est pour cette personne.

1. Où as-tu glissé ?
2. Où as-tu cessé de penser à tes pieds ?
`,
	}},
	"coming": {Language: "en", Version: drop.Version{
		Title: "The colour that you voted for", Teaser: "Three cities, three shades, 214 votes. We tell you which, and why the other two will be back.", Body: "It was not close.",
	}},
	"read": {Language: "en", Version: drop.Version{
		Title: "The night test: forty pairs, three cities, and whatever the weather makes of the long way home along the canal", Teaser: "Wet stone, no light, three honest lines after each run.", Body: "At ten past eleven the canal path is empty.\n\nhttps://novaska.example/" + strings.Repeat("a-very-long-address-", 6),
		Caption: "They want people who complain well.",
	}},
	"raw": {Language: "en", Version: drop.Version{Title: "A second sole", Body: "Most running shoes die from the bottom up."}},
}

// hang makes the gallery.
func hang(t *testing.T) *gallery {
	t.Helper()
	g := &gallery{house: onPort(t)}
	now := clock.System{}.Now()
	var members []account.Account
	for i, name := range names {
		_, who := g.signedIn(fmt.Sprintf("member.%d@example.com", i), account.Ambassador)
		g.update(func(ctx context.Context, tx *data.Tx) error { return account.Rename(ctx, tx, who.ID, name, "en") })
		members = append(members, who)
	}
	g.amina = members[0]
	made := map[string]*drop.Drop{"shared": &g.shared, "coming": &g.coming, "read": &g.read, "raw": &g.raw}
	g.update(func(ctx context.Context, tx *data.Tx) (err error) {
		g.squads, g.codes = nil, nil
		for _, s := range []squad.Squad{
			{Name: "Lyon", City: "Les pentes, les quais, jamais à plat", About: "Mardi 6 h 30, escaliers Prunelle, café après.", Capacity: len(names), CaptainID: ""},
			{Name: "Runners of the hills, the quays and the long way home", City: "Lisboa", Capacity: 40},
		} {
			if s, err = squad.Found(ctx, tx, s); err != nil {
				return err
			}
			i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.ID, MadeBy: g.amina.ID})
			if err != nil {
				return err
			}
			g.squads, g.codes = append(g.squads, s), append(g.codes, i.Code)
		}
		for _, m := range members {
			if _, err := squad.Join(ctx, tx, g.codes[0], m.ID); err != nil {
				return err
			}
		}
		if g.campaign, err = campaign.Create(ctx, tx, campaign.Campaign{
			Name: "Traboule launch", Goal: "500 people read it before it is in a shop, half of them from a friend’s friend.", StartsAt: now.AddDate(0, 0, -14), EndsAt: now.AddDate(0, 0, 14), Most: 5,
		}); err != nil {
			return err
		}
		guest, err := squad.InviteGuest(ctx, tx, squad.Guest{Invitation: squad.Invitation{SquadID: g.squads[1].ID}, Email: "guest@example.com", Language: "fr"})
		if err != nil {
			return err
		}
		g.guest = guest.Code
		if err := g.applicants(ctx, tx); err != nil {
			return err
		}
		g.quiet, err = campaign.Create(ctx, tx, campaign.Campaign{Name: "Nothing yet", StartsAt: now.AddDate(0, 1, 0), EndsAt: now.AddDate(0, 2, 0), Most: 1})
		return err
	})
	for name, d := range drops {
		d.CampaignID = g.campaign.ID
		if p := d.Check(); !p.OK() {
			t.Fatal(p)
		}
		var release drop.Release
		switch name {
		case "shared":
			release = drop.Release{PublicAt: now.AddDate(0, 0, 2), Steps: []drop.Step{{SquadID: g.squads[0].ID, OpensAt: now.AddDate(0, 0, -2), ShareableAt: now.AddDate(0, 0, -1)}}}
		case "coming":
			release.Steps = []drop.Step{{SquadID: g.squads[0].ID, OpensAt: now.Add(52 * time.Hour), ShareableAt: now.Add(60 * time.Hour)}}
		case "read":
			release.Steps = []drop.Step{{SquadID: g.squads[0].ID, OpensAt: now.Add(-time.Hour), ShareableAt: now.Add(30 * time.Hour)}}
		}
		g.update(func(ctx context.Context, tx *data.Tx) error {
			kept, err := drop.Create(ctx, tx, d)
			if err != nil {
				return err
			}
			*made[name] = kept
			if err := drop.SetRelease(ctx, tx, kept.ID, release); err != nil {
				return err
			}
			return share.Issue(ctx, tx, kept.ID, "")
		})
	}
	g.owner.post("/settings/ages", "ages", string(brand.WithGuardian)).to("/settings")
	g.travel(members)
	asking := g.browser()
	asked := asking.get("/signin").form("/signin").send("email", g.amina.Email)
	for _, c := range (&http.Response{Header: asked.header}).Cookies() {
		g.codeCookie = c
	}
	g.secret = path.Base(g.house.link(g.amina.Email))
	return g
}

// applicants want into the first squad, which asks, and is full: three to decide about, one of them with a
// guardian, and one in the line.
func (g *gallery) applicants(ctx context.Context, tx *data.Tx) error {
	asking := g.squads[0]
	asking.Approval, asking.Agenda = true, "Mardi 6 h 30, escaliers Prunelle, café après"
	asking.Questions = "Where do you run, and with whom?\nWhat was the last thing that you told a friend about, because it was good?"
	if err := squad.Change(ctx, tx, asking); err != nil {
		return err
	}
	for n, name := range []string{"Inès Caradec", "Maximilienne-Alexandrine de la Rochefoucauld", "Théo", "Yann Le Goff"} {
		a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("applicant.%d@example.com", n), Name: name, Role: account.Ambassador, Language: "fr"})
		if err != nil {
			return err
		}
		if n == 2 {
			age, err := account.SayAge(ctx, tx, account.Age{AccountID: a.ID, Band: account.Minor, Guardian: "parent@example.com"})
			if err != nil {
				return err
			}
			g.minor = age.Code
			if g.grown, err = ofAge(ctx, tx); err != nil {
				return err
			}
		}
		wish, err := squad.Apply(ctx, tx, g.codes[0], a.ID, []squad.Answer{
			{Question: "Where do you run, and with whom?", Text: "Sur les quais, le matin, avec deux voisines qui courent mieux que moi."},
			{Question: "What was the last thing that you told a friend about, because it was good?", Text: "La boulangerie de la montée. " + strings.Repeat("Vraiment. ", 12)},
		}, n == 2)
		if err != nil {
			return err
		}
		switch n {
		case 0:
			g.application = wish.ID
		case 3:
			if err := squad.Accept(ctx, tx, asking.ID, wish.ID, g.amina.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// travel lets the shared drop go from hand to hand: the first members' links
// far, others' less, the last ones' not at all.
func (g *gallery) travel(members []account.Account) {
	g.t.Helper()
	for i, m := range members {
		root := g.tokenOf(m.ID, g.shared.ID)
		known, dice := []string{root}, i+1
		for n := range []int{60, 34, 21, 9, 5, 3, 1, 0, 0, 0}[i] {
			// Now the link itself, now somebody who came lately, so that trees are broad and deep.
			dice = (dice*1103 + 12345) % 65536
			from := root
			if n > 2 && dice%10 < 6 {
				from = known[len(known)-1-dice/10%min(n, 14)]
			}
			suffix := []string{"/whatsapp", "", "/copy", "/whatsapp", "/telegram"}[n%5]
			known = append(known, g.reader().get("/s/"+from+suffix).confirms())
		}
		if i == 0 {
			g.link, g.passed = root, known[5]
			beside := g.reader()
			for _, version := range []string{"135", "136", "137", "138", "139", "140", "141"} {
				beside.beside(strings.ReplaceAll(android, "141", version)).opens(root)
			}
			g.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + root + "/whatsapp")
			g.reader("User-Agent", program).get("/s/" + root)
			g.reader("Sec-Gpc", "1").get("/s/" + root)
		}
	}
	g.held = g.tokenOf(g.amina.ID, g.read.ID)
	g.over = g.tokenOf(members[len(members)-1].ID, g.shared.ID)
	g.update(func(ctx context.Context, tx *data.Tx) error {
		return share.Stop(ctx, tx, g.idOf(g.over))
	})
	g.work()
	g.view(func(ctx context.Context, tx *data.Tx) error {
		group, err := data.Int(ctx, tx, `SELECT max(network_group) FROM opens WHERE link_id = ?`, g.idOf(g.link))
		g.crowd = strconv.FormatInt(group, 10)
		return err
	})
}

// idOf is what a token stands for.
func (g *gallery) idOf(token string) int64 {
	ref, _ := g.server.Tokens().Parse(token)
	return ref.ID
}

func (g *gallery) tokenOf(accountID, dropID string) (token string) {
	g.t.Helper()
	g.view(func(ctx context.Context, tx *data.Tx) error {
		l, err := share.Of(ctx, tx, accountID, dropID)
		token = g.server.Tokens().Link(l.ID)
		return err
	})
	return token
}

// guest is one who looks at the gallery's pages.
type guest struct {
	kind     web.Visitor
	language string
	secret   *http.Cookie      // of their login session
	values   map[string]string // what stands for the wildcards of routes
}

// guests are one of every kind for each language. The members are Amina and
// her French cousin, who is her in all but the name.
func (g *gallery) guests() (all []guest) {
	g.t.Helper()
	said, moment, window := "", "", ""
	g.update(func(ctx context.Context, tx *data.Tx) error {
		v := voice.Voice{DropID: g.shared.ID, AccountID: g.amina.ID, Kind: voice.Testimonial, Words: "Au troisième tour, j’ai arrêté de regarder mes pieds.", ConsentAt: tx.Now()}
		if err := errors.Join(voice.Say(ctx, tx, v), voice.React(ctx, tx, g.shared.ID, g.amina.ID, "love")); err != nil {
			return err
		}
		all, err := voice.Mine(ctx, tx, g.amina.ID, "", 1, 0)
		if err != nil {
			return err
		}
		said = all[0].ID
		m, err := share.OpenMoment(ctx, tx, share.Moment{LinkID: g.idOf(g.link), SquadID: g.squads[0].ID, OpenedBy: g.amina.ID, Heads: 12})
		moment = m.ID
		if err != nil {
			return err
		}
		house, err := share.NewHouse(ctx, tx, g.shared.ID, "In the shop window")
		window = g.server.Tokens().Link(house.ID)
		return err
	})
	rewarded := g.rewards()
	for _, language := range []string{"en", "fr"} {
		for _, kind := range web.Visitors {
			if kind == web.Captain && language == "en" {
				continue // there is one captain, who reads French
			}
			v := guest{kind: kind, language: language, values: map[string]string{
				"notice": g.server.UnsubscribeCode(g.amina.ID, notice.Opened),
				"token":  g.link, "channel": "whatsapp", "version": "1", "campaign": g.campaign.ID, "drop": g.shared.ID, "squad": g.squads[0].ID,
				"code": g.codes[1], "secret": g.secret, "guest": g.guest, "member": g.amina.ID,
				"open": strconv.FormatInt(g.idOf(g.passed), 10), "place": g.crowd, "application": g.application, "minor": g.minor, "grown": g.grown,
				"door": path.Base(g.door(g.shared.ID)), "voice": said, "reward": rewarded.RewardID, "claim": rewarded.ID, "thanks": rewarded.ID, "moment": moment, "house": window,
			}}
			if kind != web.Stranger {
				g.signUp(&v)
			}
			all = append(all, v)
		}
	}
	return all
}

// rewards makes a ladder and rewards with long names, one of them asked for and one declined, and thanks.
func (g *gallery) rewards() (waits reward.Claim) {
	g.t.Helper()
	g.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := reward.SetLevels(ctx, tx, reward.Ladder{
			{Name: "Caillou", Score: 5}, {Name: "Pierre qui roule et qui n’amasse rien du tout", Score: 40, People: 10}, {Name: "Ricochet", Score: 4000, People: 1500, Months: 6},
		}); err != nil {
			return err
		}
		ladder, err := reward.Levels(ctx, tx)
		if err != nil {
			return err
		}
		in := reward.Progress{In: true, Score: 50, People: 20}
		for _, r := range []reward.Reward{
			{Name: "La Traboule avant tout le monde, dans ta taille et à ton nom", About: "Une paire, cousue à Romans.", Stock: 12, PerPerson: 2, Sizes: "38\n40\n42", Address: true, LevelID: ladder[0].ID},
			{Name: "Dinner with those who drew the sole", Stock: 6, PerPerson: 1, LevelID: ladder[2].ID},
			{Name: "A code for the shop", Codes: true, PerPerson: 1},
		} {
			if r, err = reward.Offer(ctx, tx, r); err != nil {
				return err
			}
			if !r.Address {
				continue
			}
			for n := range 2 {
				if waits, err = reward.Ask(ctx, tx, r.ID, g.amina.ID, in, reward.Wish{Size: "40", Address: "3 quai Rambaud\n69002 Lyon"}); err != nil {
					return err
				}
				if n == 0 {
					if _, err := reward.Decline(ctx, tx, waits.ID, g.amina.ID, "We have none in this size. Ask for another, and it is yours."); err != nil {
						return err
					}
				}
			}
		}
		return reward.Thank(ctx, tx, g.amina.ID, g.amina.ID, "You brought half of Villeurbanne to the stairs. Thank you.")
	})
	return waits
}

// signUp gives a guest an account and a session, and to a member a link and a rehearsal.
func (g *gallery) signUp(v *guest) {
	g.t.Helper()
	role := map[web.Visitor]account.Role{web.Outsider: account.Ambassador, web.Member: account.Ambassador, web.Captain: account.Ambassador, web.Manager: account.Manager, web.Owner: account.Owner}[v.kind]
	email := v.kind.String() + "." + v.language + "@novaska.example"
	if v.kind == web.Member {
		email = g.amina.Email
		if v.language == "fr" {
			email = "member.1@example.com"
		}
	}
	if v.kind == web.Captain {
		email = "member.3@example.com"
	}
	b, who := g.signedIn(email, role)
	if v.kind != web.Member {
		who.Name = "Chloé Vernay"
	}
	if v.kind == web.Captain {
		who.Name = names[3]
		g.update(func(ctx context.Context, tx *data.Tx) error {
			led, err := squad.ByID(ctx, tx, g.squads[0].ID)
			if err != nil {
				return err
			}
			led.CaptainID = who.ID
			return squad.Change(ctx, tx, led)
		})
	}
	if v.language == "fr" && v.kind == web.Member {
		who.Name = names[1]
	}
	if who.Name == "" || v.kind == web.Member && v.language == "en" {
		who.Name = names[0]
	}
	g.update(func(ctx context.Context, tx *data.Tx) error {
		return account.Rename(ctx, tx, who.ID, who.Name, v.language)
	})
	v.secret = b.jar.Cookies(b.address("/"))[0]
	if v.kind == web.Outsider {
		if v.language == "fr" { // who has applied, and waits
			g.update(func(ctx context.Context, tx *data.Tx) error {
				_, err := squad.Apply(ctx, tx, g.codes[0], who.ID, []squad.Answer{{Question: "Where do you run, and with whom?", Text: "Seule, le long du canal."}}, false)
				return err
			})
		}
		return
	}
	if v.kind == web.Member || v.kind == web.Captain {
		v.values["token"], v.values["member"] = g.tokenOf(who.ID, g.shared.ID), who.ID
	}
	g.update(func(ctx context.Context, tx *data.Tx) error {
		l, err := share.Rehearse(ctx, tx, who.ID, g.shared.ID)
		v.values["rehearsal"] = g.server.Tokens().Link(l.ID)
		return err
	})
	own := b.opens(v.values["rehearsal"])
	g.reader().opens(own)
	g.reader("Sec-Gpc", "1").opens(own)
}

// ofAge makes a member who was 16 or 17 and says that they are 18 now.
func ofAge(ctx context.Context, tx *data.Tx) (string, error) {
	a, err := account.Create(ctx, tx, account.Account{Email: "malo@example.com", Name: "Malo Kervella", Role: account.Ambassador, Language: "fr"})
	if err != nil {
		return "", err
	}
	age, err := account.SayAge(ctx, tx, account.Age{AccountID: a.ID, Band: account.Minor, Guardian: "kervella@example.com"})
	if err != nil {
		return "", err
	}
	if err := account.Agree(ctx, tx, age.Code); err != nil {
		return "", err
	}
	return a.ID, account.SayGrown(ctx, tx, a.ID)
}
