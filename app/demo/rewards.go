package demo

import (
	"context"
	"fmt"

	"ricochet.example/app/account"
	"ricochet.example/app/reward"
	"ricochet.example/data"
)

// ladder are the brand's levels.
var ladder = reward.Ladder{
	{Name: "Relais", Score: 5, People: 3},
	{Name: "Passe-muraille", Score: 20, People: 10},
	{Name: "Traboule", Score: 110, People: 60},
}

// The rewards, by their place in offers.
const (
	shirt = iota
	code
	pair
)

// offers are the rewards; level is the place of theirs on the ladder.
var offers = [...]struct {
	reward.Reward
	level int
	codes []string
}{
	shirt: {reward.Reward{
		Name: "T-shirt des pentes", About: "Coton épais, encre bleue, le plan des traboules dans le dos. / Heavy cotton, blue ink, the map of the passages on its back.",
		Stock: 12, PerPerson: 1, Sizes: "S\nM\nL\nXL", Address: true,
	}, 1, nil},
	code: {reward.Reward{
		Name: "−20 % en boutique", About: "Un code, une fois, à la boutique ou en ligne. / One code, once, in the shop or online.", PerPerson: 1, Codes: true, AtOnce: true,
	}, 0, []string{"PENTES-4K7Q", "PENTES-9MXD", "PENTES-2RTW", "PENTES-8HVB", "PENTES-6YNF", "PENTES-3CZP"}},
	pair: {reward.Reward{
		Name: "La Traboule, avant la boutique", About: "Une paire à ta taille, deux semaines avant tout le monde. / A pair in your size, two weeks before anybody else.",
		Stock: 3, PerPerson: 1, Sizes: "36–38\n39–41\n42–44\n45–47", Address: true,
	}, 2, nil},
}

// offer sets the levels, and offers the rewards.
func (c *Cast) offer(ctx context.Context, tx *data.Tx) error {
	if p := ladder.Check(); !p.OK() {
		return fmt.Errorf("the levels have problems: %v", p)
	}
	if _, err := reward.SetLevels(ctx, tx, ladder); err != nil {
		return err
	}
	levels, err := reward.Levels(ctx, tx)
	if err != nil {
		return err
	}
	c.Rewards = nil
	for _, o := range offers {
		r := o.Reward
		r.LevelID = levels[o.level].ID
		if p := r.Check(); !p.OK() {
			return fmt.Errorf("the reward %s has problems: %v", r.Name, p)
		}
		if r, err = reward.Offer(ctx, tx, r); err != nil {
			return err
		}
		if _, err := reward.AddCodes(ctx, tx, r.ID, o.codes); len(o.codes) > 0 && err != nil {
			return err
		}
		c.Rewards = append(c.Rewards, r)
	}
	return nil
}

// Claim is somebody who asks for a reward, and what becomes of it.
type Claim struct {
	Who           account.Account
	RewardID      string
	Size, Address string
	To            reward.State
	Reason        string // why it is declined
}

// Claims are what members ask for: one for each state that there is.
func (c *Cast) Claims() []Claim {
	who := func(name string) account.Account { return c.People[named(name)] }
	return []Claim{
		{Who: who("Camille Rouvière"), RewardID: c.Rewards[shirt].ID, Size: "M", Address: "Camille Rouvière\n12 rue des Tables-Claudiennes\n69001 Lyon", To: reward.Sent},
		{Who: who("Amina Mansouri"), RewardID: c.Rewards[shirt].ID, Size: "S", Address: "Amina Mansouri\n4 montée de la Grande-Côte\n69001 Lyon", To: reward.Approved},
		{Who: who("Jonas Wendrich"), RewardID: c.Rewards[shirt].ID, Size: "L", Address: "Jonas Wendrich\nManteuffelstraße 9\n10997 Berlin", To: reward.Earned},
		{Who: who("Leonie Kessler"), RewardID: c.Rewards[shirt].ID, Size: "M", Address: "Leonie Kessler\nPostfach 12\n10997 Berlin", To: reward.Declined, Reason: "We cannot send parcels to a post office box. Ask again with a street, and it is yours."},
		{Who: who("Frieda Masloh"), RewardID: c.Rewards[shirt].ID, Size: "XL", Address: "Frieda Masloh\nReichenberger Straße 30\n10999 Berlin", To: reward.Withdrawn},
		{Who: who("Inès Valcourt"), RewardID: c.Rewards[code].ID, To: reward.Sent},
	}
}

// Thanks are what people of the brand say to members.
type Thanks struct {
	From, To account.Account
	SquadID  string
	Words    string
}

// Thanked are who is thanked, and by whom.
func (c *Cast) Thanked() []Thanks {
	return []Thanks{
		{c.Managers[0], c.People[named("Amina Mansouri")], c.Squads[lyon].ID, "Ta photo de l’escalier a voyagé plus loin que notre affiche. Merci, Amina."},
		{c.Managers[1], c.People[named("Jonas Wendrich")], c.Squads[berlin].ID, "Half of Berlin read it because you ran late with them. Thank you."},
		{c.Captain(), c.People[named("Awa Sarré")], c.Squads[lyon].ID, "Merci d’avoir attendu les derniers mardi."},
	}
}
