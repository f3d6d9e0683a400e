package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/data"
	"ricochet.example/views"
)

// ladder has two levels: for whoever is a member, and for whoever reached two people.
func (l *launch) ladder() {
	l.t.Helper()
	l.manager.get(views.LevelsPath).form(views.LevelsPath).
		send("levels.0.name", "Pebble", "levels.1.name", "Stone", "levels.1.score", "2", "levels.1.people", "2").
		to(views.RewardsPath).wants(http.StatusOK).says("Pebble", "Stone", "2 points · 2 people reached")
}

// offers makes a reward, and returns its id.
func (l *launch) offers(name, level string, fields ...string) string {
	l.t.Helper()
	form := l.manager.get(views.RewardsPath + "/new").form(views.RewardsPath)
	if level != "" {
		l.view(func(ctx context.Context, tx *data.Tx) error {
			ladder, err := reward.Levels(ctx, tx)
			for _, one := range ladder {
				if one.Name == level {
					fields = append(fields, "level", one.ID)
				}
			}
			return err
		})
	}
	form.send(append([]string{"name", name}, fields...)...).follow().wants(http.StatusOK).says("The reward is there")
	var id string
	l.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := reward.All(ctx, tx)
		for _, r := range all {
			if r.Name == name {
				id = r.ID
			}
		}
		return err
	})
	return id
}

// acts are the kinds of what was done, the last first.
func (h *house) acts() (kinds []audit.Kind) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := audit.Latest(ctx, tx, "", 100, 0)
		for _, a := range all {
			kinds = append(kinds, a.Kind)
		}
		return err
	})
	return kinds
}

// Amina sees what is missing to the next level, reaches it, asks for a cap in her size, and hears what becomes of it:
// Manel approves and sends. Thirty days later nobody knows her address any more.
func TestAMemberClimbsAsksAndGets(t *testing.T) {
	l := sharing(t)
	l.ladder()
	tee := l.offers("A cap", "Stone", "stock", "1", "sizes", "S\nL", "address", "yes")
	l.amina.get("/").says("Your level", "Pebble", "Next: Stone")
	own := l.amina.get(views.OwnRewardsPath).wants(http.StatusOK).says("Pebble", "To Stone:", "0 of 2 points", "0 of 2 people reached", "From the level Stone on")
	if got := own.data("level"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("she is at level %q", got)
	}
	// She cannot ask for it by another way either.
	l.amina.get(views.OwnRewardPath(tee)).says("From the level Stone on")
	l.amina.post(views.OwnRewardPath(tee), "size", "S", "address", "3 quai Rambaud").to(views.OwnRewardPath(tee))
	if n := l.count(`SELECT count(*) FROM claims`); n != 0 {
		t.Fatalf("%d things were earned without the level", n)
	}

	rosa, sam := l.reader("User-Agent", iphone), l.reader("User-Agent", android)
	passed := rosa.opens(l.link)
	l.work()
	l.amina.get(views.OwnRewardsPath).says("1 of 2 points", "1 of 2 people reached")
	sam.opens(passed)
	l.work()
	l.amina.get("/").says("Stone", "1 reward to ask for").lacks("Next: Stone")
	l.amina.get(views.OwnRewardsPath).says("The highest", "1 left")
	form := l.amina.get(views.OwnRewardPath(tee)).form(views.OwnRewardPath(tee))
	wrong := form.send("size", "S", "address", " ").wants(http.StatusUnprocessableEntity).form(views.OwnRewardPath(tee))
	if wrong.value("size") != "S" || wrong.problem("address") == "" {
		t.Errorf("the size is %q, the address has the problem %q", wrong.value("size"), wrong.problem("address"))
	}
	wrong.send("address", "3 quai Rambaud\n69002 Lyon").to(views.OwnRewardsPath).says("A cap", "Earned", "Size S", "3 quai Rambaud")
	l.amina.get(views.OwnRewardsPath).says("You have asked for as many as one person can get")
	l.amina.post(views.OwnRewardPath(tee), "size", "S", "address", "Elsewhere").to(views.OwnRewardPath(tee)).says("as many as one person can get")

	list := l.manager.get(views.RewardsPath).says("To approve (1)", "A cap", "Size S", "0 of 1 left").lacks("Rambaud")
	claim := list.data("claim")[0]
	l.manager.get(views.ClaimPath(claim)).says("3 quai Rambaud")
	list.form(views.HandOutPath).send("claim", claim).to(views.RewardsPath).says("1 approved", "To send (1)")
	l.amina.get(views.OwnRewardsPath).says("Approved", "It will be sent")
	sending := l.manager.get(views.RewardsPath + "?state=approved").form(views.HandOutPath)
	sending.values.Set("one", claim)
	sending.send().follow().says("1 sent")
	sending.send().follow().says("0 sent") // twice is once
	l.amina.get(views.OwnRewardsPath).says("Sent", "This address is erased on")
	if got := l.acts()[:4]; !slices.Equal(got, []audit.Kind{audit.RewardSent, audit.RewardApproved, audit.RewardOffered, audit.LevelsChanged}) {
		t.Errorf("what is written down is %v", got)
	}
	l.manager.get("/decisions").says("Sent a reward", "A cap")

	l.later(reward.AddressKept)
	l.work()
	if n := l.count(`SELECT count(*) FROM claims WHERE address <> ''`); n != 0 {
		t.Error("her address is kept")
	}
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.manager.get(views.ClaimPath(claim)).says("Erased").lacks("Rambaud")
}

// What is declined says why, and is there for others again; what a member takes back too.
func TestADeclinedRewardSaysWhyAndIsThereAgain(t *testing.T) {
	l := sharing(t)
	prize := l.offers("A dinner", "", "stock", "1")
	l.amina.get(views.OwnRewardPath(prize)).form(views.OwnRewardPath(prize)).send().to(views.OwnRewardsPath).says("Earned")
	l.ben.get(views.OwnRewardPath(prize)).says("None is left")
	l.ben.post(views.OwnRewardPath(prize)).to(views.OwnRewardPath(prize))
	claim := l.manager.get(views.RewardsPath).data("claim")[0]
	at := views.ClaimPath(claim)
	l.manager.get(at).form(at+"/decline").send("reason", " ").wants(http.StatusUnprocessableEntity)
	l.manager.get(at).form(at+"/decline").send("reason", "The table is full.").to(views.RewardsPath)
	l.amina.get(views.OwnRewardsPath).says("Declined", "The table is full.")
	l.manager.post(at+"/decline", "reason", "Again").to(at).says("The table is full.").lacks("Again")

	l.ben.get(views.OwnRewardPath(prize)).form(views.OwnRewardPath(prize)).send().to(views.OwnRewardsPath).says("Earned")
	bens := l.ben.get(views.OwnRewardsPath).data("claim")[0]
	l.amina.post(views.WithdrawPath(bens)).wants(http.StatusNotFound)
	l.ben.get(views.OwnRewardsPath).form(views.WithdrawPath(bens)).send().to(views.OwnRewardsPath).says("Withdrawn", "1 left")
	l.manager.send(views.HandOutPath, url.Values{"state": {"earned"}, "claim": {bens, claim, "nothing"}}).follow().says("0 approved")
}

// A wrong batch is seen at once, and taken back but for what a member has been given of it.
func TestCodesThatNobodyWasGivenAreTakenBack(t *testing.T) {
	l := sharing(t)
	voucher := l.offers("A voucher", "", "kind", "code", "at_once", "yes")
	codes := views.CodesPath(voucher)
	at := views.RewardPath(voucher)
	l.manager.get(at).form(codes).send("codes", "Code promo\nA1\nA2\nA3\nA4").to(at).says("4 new codes", "4 left to give", "A1", "A4").lacks("Code promo", "A5")
	l.amina.get(views.OwnRewardPath(voucher)).form(views.OwnRewardPath(voucher)).send().follow().holds(`value="A1"`)
	back := codes + "/back"
	l.manager.get(at).says("3 left to give").form(back).send("codes", "A1\nA3").to(at).says("1 code taken back", "2 left to give")
	l.manager.get(at).form(back).send("codes", " ").wants(http.StatusUnprocessableEntity).says("2 left to give")
	l.manager.post(back, "all", "yes").to(at).says("2 codes taken back", "No code is left to give").lacks("A4")
	l.amina.get(views.OwnRewardsPath).holds(`value="A1"`)
	l.manager.get("/decisions").says("Took back 2 codes")
	l.amina.post(back, "all", "yes").wants(http.StatusNotFound)
}

// A batch of codes that was pasted, and one that was uploaded; each member gets one of their own.
func TestCodesAreHandedOutOneEach(t *testing.T) {
	l := sharing(t)
	voucher := l.offers("A voucher", "", "kind", "code", "at_once", "yes")
	codes := views.CodesPath(voucher)
	l.manager.get(views.RewardPath(voucher)).form(codes).send("codes", "  ").wants(http.StatusUnprocessableEntity)
	l.manager.get(views.RewardPath(voucher)).form(codes).send("codes", "ALPHA\nALPHA").to(views.RewardPath(voucher)).says("1 new code")
	l.manager.upload(codes, "code,for\nALPHA,x\nBETA,y\n").to(views.RewardPath(voucher)).says("2 of 2")
	for _, b := range []*browser{l.amina, l.ben} {
		code := ""
		p := b.get(views.OwnRewardPath(voucher)).form(views.OwnRewardPath(voucher)).send().to(views.OwnRewardsPath).says("Here is your code", "Sent")
		for _, c := range []string{"ALPHA", "BETA"} {
			if strings.Contains(p.body, `value="`+c+`"`) {
				code += c
			}
		}
		if code != "ALPHA" && code != "BETA" {
			t.Errorf("somebody got the codes %q", code)
		}
	}
	if n := l.count(`SELECT count(*) FROM reward_codes WHERE given_at IS NOT NULL`); n != 2 {
		t.Errorf("%d codes were given", n)
	}
	late, who := l.signedIn("late@example.com", account.Ambassador)
	l.joins(who)
	late.get(views.OwnRewardPath(voucher)).says("None is left")
}

// joins puts somebody into the squad.
func (l *launch) joins(who account.Account) {
	l.t.Helper()
	l.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO members (squad_id, account_id, joined_at) VALUES (?, ?, ?)`, l.squad, who.ID, tx.Now())
		return err
	})
}

// Whoever is in no squad gets nothing, even where no level is asked for.
func TestOutsideASquadThereIsNothingToAskFor(t *testing.T) {
	l := sharing(t)
	prize := l.offers("A dinner", "", "stock", "5")
	eve, _ := l.signedIn("eve@example.com", account.Ambassador)
	eve.get(views.OwnRewardPath(prize)).says("For members of a squad")
	eve.post(views.OwnRewardPath(prize)).to(views.OwnRewardPath(prize))
	if n := l.count(`SELECT count(*) FROM claims`); n != 0 {
		t.Error("she got it all the same")
	}
}

// Erasing somebody takes their address along, and what they were sent is not there again.
func TestWhoIsErasedLeavesNoAddress(t *testing.T) {
	l := sharing(t)
	cap := l.offers("A cap", "", "stock", "2", "address", "yes")
	l.amina.get(views.OwnRewardPath(cap)).form(views.OwnRewardPath(cap)).send("address", "3 quai Rambaud").to(views.OwnRewardsPath)
	claim := l.manager.get(views.RewardsPath).data("claim")[0]
	l.manager.post(views.HandOutPath, "state", "earned", "one", claim).follow()
	l.manager.post(views.HandOutPath, "state", "approved", "one", claim).follow().says("1 sent")
	l.amina.get("/me/erase").form("/me/erase").send("email", "amina@example.com")
	if n := l.count(`SELECT count(*) FROM claims WHERE address <> '' OR account_id IS NOT NULL`); n != 0 {
		t.Error("something of her is kept")
	}
	l.manager.get(views.RewardsPath).says("1 of 2 left")
	l.manager.get(views.ClaimPath(claim)).wants(http.StatusOK).lacks("Amina", "Rambaud")
}

func TestALadderThatDoesNotRiseIsNotSet(t *testing.T) {
	l := newLaunch(found(t))
	f := l.manager.get(views.LevelsPath).form(views.LevelsPath).
		send("levels.0.name", "Pebble", "levels.0.score", "10", "levels.1.name", "Stone", "levels.1.score", "many").
		wants(http.StatusUnprocessableEntity).form(views.LevelsPath)
	if f.problem("levels.1.score") == "" || f.value("levels.1.score") != "many" {
		t.Errorf("of the score it says %q, and keeps %q", f.problem("levels.1.score"), f.value("levels.1.score"))
	}
	f.send("levels.1.score", "10").wants(http.StatusUnprocessableEntity).says("the same as the level below")
	f.send("levels.1.score", "20").to(views.RewardsPath).says("Pebble", "Stone", "2 members have none yet")
	// A level from which on there is a reward stays.
	l.offers("A cap", "Stone", "stock", "1")
	l.manager.get(views.LevelsPath).form(views.LevelsPath).send("levels.1.name", "").wants(http.StatusUnprocessableEntity).says("A cap is offered from it on")
	l.manager.get(views.RewardsPath).says("Stone")
}

// Manel thanks Amina. She finds it on her page, from him, puts it away, and still finds it among what she got.
func TestThanksComeFromSomebodyWithAName(t *testing.T) {
	l := newLaunch(found(t))
	l.update(func(ctx context.Context, tx *data.Tx) error {
		m, err := account.ByEmail(ctx, tx, "manel@novaska.example")
		if err != nil {
			return err
		}
		return account.Rename(ctx, tx, m.ID, "Manel Roca", "en")
	})
	at := views.MemberPath(l.squad, l.aminaID)
	l.manager.get(at).form(at+"/thanks").send("words", strings.Repeat("x", 281)).wants(http.StatusUnprocessableEntity).says("At most 280 characters")
	l.manager.get(at).form(at+"/thanks").send("words", "You told the whole club.").to(at).says("Your thanks are on their page")
	home := l.amina.get("/").says("You told the whole club.", "Manel Roca")
	l.ben.get("/").lacks("You told the whole club.")
	thanks := home.data("thanks")[0]
	l.ben.post(views.PutAwayPath(thanks)).wants(http.StatusNotFound)
	home.form(views.PutAwayPath(thanks)).send().to("/").lacks("You told the whole club.")
	l.amina.get(views.OwnRewardsPath).says("You told the whole club.", "Manel Roca")
	if got := l.acts(); got[0] != audit.MemberThanked {
		t.Errorf("what is written down is %v", got)
	}
}

// The first time that somebody passes on what Amina shared, her page says so; she puts that away once in her life.
func TestTheFirstRicochetIsOnceInALife(t *testing.T) {
	l := sharing(t)
	passed := l.reader("User-Agent", iphone).opens(l.link)
	l.work()
	l.amina.get("/").lacks("Your first ricochet")
	l.reader("User-Agent", android).opens(passed)
	l.work()
	l.ben.get("/").lacks("Your first ricochet")
	home := l.amina.get("/").says("Your first ricochet", "It has gone 2 hops")
	home.form(views.RicochetPath).send().to("/").lacks("Your first ricochet")
	l.amina.post(views.RicochetPath).to("/")
	again := l.reader("User-Agent", iphone).opens(l.link)
	l.reader("User-Agent", android).opens(again)
	l.work()
	l.amina.get("/").lacks("Your first ricochet")
}
