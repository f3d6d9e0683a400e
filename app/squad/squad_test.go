package squad_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/clock"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// house is an installation with a clock that the test moves.
type house struct {
	*testing.T
	db    *data.DB
	clock *clock.Manual
}

func open(t *testing.T) house {
	hands := clock.At(datatest.Noon)
	return house{t, datatest.New(t, hands.Now), hands}
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

// person is the id of an account named after its address.
func (h house) person(email string) (accountID string) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) error {
		a, err := account.Enrol(ctx, tx, email, "en")
		accountID = a.ID
		return err
	})
	return accountID
}

func (h house) people(n int) (ids []string) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) error {
		ids = nil
		for i := range n {
			a, err := account.Enrol(ctx, tx, fmt.Sprintf("person%d@example.com", i), "en")
			if err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		return nil
	})
	return ids
}

func (h house) founds(s squad.Squad) (founded squad.Squad) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		founded, err = squad.Found(ctx, tx, s)
		return err
	})
	return founded
}

func (h house) invites(i squad.Invitation) (made squad.Invitation) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		made, err = squad.Invite(ctx, tx, i)
		return err
	})
	return made
}

func (h house) join(code, accountID string) (s squad.Squad, err error) {
	err = h.update(func(ctx context.Context, tx *data.Tx) (err error) {
		s, err = squad.Join(ctx, tx, code, accountID)
		return err
	})
	return s, err
}

// seats returns how many members a squad has and how often an invitation was used.
func (h house) seats(code string) (members, used int) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) error {
		i, s, err := squad.ByInvitation(ctx, tx, code)
		members, used = s.Members, i.Used
		return err
	})
	return members, used
}

func TestEveryFieldOfASquadIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		squad  squad.Squad
		fields []string
	}{
		"all is well":                     {squad.Squad{Name: "Lyon"}, nil},
		"no name":                         {squad.Squad{}, []string{"name"}},
		"a name without end":              {squad.Squad{Name: strings.Repeat("a", 61)}, []string{"name"}},
		"a city without end":              {squad.Squad{Name: "Lyon", City: strings.Repeat("a", 61)}, []string{"city"}},
		"a story instead of a sentence":   {squad.Squad{Name: "Lyon", About: strings.Repeat("a", 501)}, []string{"about"}},
		"less than no seats":              {squad.Squad{Name: "Lyon", Capacity: -1}, []string{"capacity"}},
		"more seats than people to count": {squad.Squad{Name: "Lyon", Capacity: 10_001}, []string{"capacity"}},
		"fewer seats than members":        {squad.Squad{Name: "Lyon", Capacity: 6, Members: 7}, []string{"capacity"}},
		"as many seats as members":        {squad.Squad{Name: "Lyon", Capacity: 7, Members: 7}, nil},
	} {
		if got := c.squad.Check().Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

func TestEveryFieldOfAnInvitationIsChecked(t *testing.T) {
	now := datatest.Noon
	for name, c := range map[string]struct {
		invitation squad.Invitation
		fields     []string
	}{
		"for anybody, for ever": {squad.Invitation{}, nil},
		"for a thousand":        {squad.Invitation{Cap: 1000, EndsAt: now.Add(time.Millisecond)}, nil},
		"for more":              {squad.Invitation{Cap: 1001}, []string{"cap"}},
		"for less than nobody":  {squad.Invitation{Cap: -1}, []string{"cap"}},
		"over as it is made":    {squad.Invitation{EndsAt: now}, []string{"ends_at"}},
	} {
		if got := c.invitation.Check(now).Fields(); !slices.Equal(got, c.fields) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.fields)
		}
	}
}

// A manager founds two squads, Ana and Ben join one, Ana leads it, Ben leaves.
func TestASquadFromItsFoundingToItsFirstFarewell(t *testing.T) {
	h := open(t)
	lyon, nice := h.founds(squad.Squad{Name: " lyon ", City: "Lyon", Capacity: 2}), h.founds(squad.Squad{Name: "Azur"})
	ana, ben := h.person("ana@example.com"), h.person("ben@example.com")
	code := h.invites(squad.Invitation{SquadID: lyon.ID}).Code
	for _, who := range []string{ana, ben} {
		if _, err := h.join(code, who); err != nil {
			t.Fatal(err)
		}
	}
	lyon.CaptainID, lyon.About = ben, "On the Rhône"
	h.must(func(ctx context.Context, tx *data.Tx) error { return squad.Change(ctx, tx, lyon) })

	lyon.Members = 2
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if got, err := squad.ByID(ctx, tx, lyon.ID); err != nil || got != lyon || !got.Full() || got.Name != "lyon" || !got.FoundedAt.Equal(datatest.Noon) {
			t.Errorf("the squad is %+v, want %+v (%v)", got, lyon, err)
		}
		if all, err := squad.All(ctx, tx); err != nil || !slices.Equal(all, []squad.Squad{nice, lyon}) {
			t.Errorf("all are %+v (%v)", all, err)
		}
		if hers, err := squad.JoinedBy(ctx, tx, ana); err != nil || !slices.Equal(hers, []squad.Squad{lyon}) {
			t.Errorf("Ana is in %+v (%v)", hers, err)
		}
		members, err := squad.MembersOf(ctx, tx, lyon.ID)
		want := []squad.Member{
			{AccountID: ben, Name: "Ben", Email: "ben@example.com", Language: "en", JoinedAt: datatest.Noon, Captain: true, Shown: account.InSquad},
			{AccountID: ana, Name: "Ana", Email: "ana@example.com", Language: "en", JoinedAt: datatest.Noon, Shown: account.InSquad},
		}
		if err != nil || !slices.Equal(members, want) {
			t.Errorf("the members are %+v (%v)", members, err)
		}
		for id, want := range map[string]bool{lyon.ID: true, nice.ID: false} {
			if got, err := squad.IsMember(ctx, tx, id, ana); err != nil || got != want {
				t.Errorf("Ana is a member: %v (%v)", got, err)
			}
		}
		return errors.Join(squad.Leave(ctx, tx, lyon.ID, ben), squad.Leave(ctx, tx, lyon.ID, ben))
	})
	h.must(func(ctx context.Context, tx *data.Tx) error {
		got, err := squad.ByID(ctx, tx, lyon.ID)
		if got.Members != 1 || got.CaptainID != "" || got.Full() {
			t.Errorf("after the captain left: %+v", got)
		}
		if err := squad.Change(ctx, tx, squad.Squad{ID: "none", Name: "x"}); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("no squad was changed: %v", err)
		}
		return err
	})
}

// Ana's squad has one seat. Ben takes it, Cleo comes too late.
func TestTheLastSeat(t *testing.T) {
	h := open(t)
	s := h.founds(squad.Squad{Name: "Lyon", Capacity: 1})
	code := h.invites(squad.Invitation{SquadID: s.ID, Cap: 10}).Code
	ben, cleo := h.person("ben@example.com"), h.person("cleo@example.com")
	if joined, err := h.join(code, ben); err != nil || joined.ID != s.ID || joined.Members != 1 {
		t.Errorf("Ben joined %+v (%v)", joined, err)
	}
	if _, err := h.join(code, cleo); !errors.Is(err, squad.ErrFull) {
		t.Errorf("Cleo joined: %v", err)
	}
	if members, used := h.seats(code); members != 1 || used != 1 {
		t.Errorf("%d members, used %d times", members, used)
	}
}

func TestOfFiftyWhoWantTheLastSeatOneGetsIt(t *testing.T) {
	h := open(t)
	people := h.people(53)
	s := h.founds(squad.Squad{Name: "Lyon", Capacity: 4})
	one, two := h.invites(squad.Invitation{SquadID: s.ID}).Code, h.invites(squad.Invitation{SquadID: s.ID}).Code
	for _, who := range people[50:] {
		if _, err := h.join(one, who); err != nil {
			t.Fatal(err)
		}
	}
	in, out := h.race(people[:50], func(i int) string { return []string{one, two}[i%2] }, squad.ErrFull)
	members, usedOne := h.seats(one)
	_, usedTwo := h.seats(two)
	if in != 1 || out != 49 || members != 4 || usedOne+usedTwo != 4 {
		t.Errorf("%d got in and %d did not: %d members, used %d and %d times", in, out, members, usedOne, usedTwo)
	}
}

func TestOfFiftyWhoHoldAnInvitationForSevenSevenGetIn(t *testing.T) {
	h := open(t)
	s := h.founds(squad.Squad{Name: "Lyon"})
	code := h.invites(squad.Invitation{SquadID: s.ID, Cap: 7}).Code
	in, out := h.race(h.people(50), func(int) string { return code }, squad.ErrUsedUp)
	if members, used := h.seats(code); in != 7 || out != 43 || members != 7 || used != 7 {
		t.Errorf("%d got in and %d did not: %d members, used %d times", in, out, members, used)
	}
}

// race lets everybody join at once and counts who does and who gets the error.
func (h house) race(people []string, code func(i int) string, want error) (in, out int32) {
	h.Helper()
	var ins, outs atomic.Int32
	var all sync.WaitGroup
	for i, who := range people {
		all.Go(func() {
			switch _, err := h.join(code(i), who); {
			case err == nil:
				ins.Add(1)
			case errors.Is(err, want):
				outs.Add(1)
			default:
				h.Error(err)
			}
		})
	}
	all.Wait()
	return ins.Load(), outs.Load()
}

// Ana taps the button again and again, later too, when the invitation has long ended.
func TestWhoIsAMemberAlreadyTakesNoSecondSeat(t *testing.T) {
	h := open(t)
	s := h.founds(squad.Squad{Name: "Lyon", Capacity: 1})
	i := h.invites(squad.Invitation{SquadID: s.ID, Cap: 1, EndsAt: datatest.Noon.Add(time.Hour)})
	ana := h.person("ana@example.com")
	in, _ := h.race(slices.Repeat([]string{ana}, 20), func(int) string { return i.Code }, nil)
	h.clock.Advance(2 * time.Hour)
	h.must(func(ctx context.Context, tx *data.Tx) error { return squad.Revoke(ctx, tx, s.ID, i.Code) })
	if _, err := h.join(i.Code, ana); err != nil || in != 20 {
		t.Errorf("a member was turned away: %v, %d", err, in)
	}
	if members, used := h.seats(i.Code); members != 1 || used != 1 {
		t.Errorf("%d members, used %d times", members, used)
	}
}

func TestAnInvitationSaysWhyItTakesNobody(t *testing.T) {
	h := open(t)
	s, other := h.founds(squad.Squad{Name: "Lyon"}), h.founds(squad.Squad{Name: "Nice"})
	ana, ben := h.person("ana@example.com"), h.person("ben@example.com")
	ends := datatest.Noon.Add(time.Hour)
	capped := h.invites(squad.Invitation{SquadID: s.ID, Cap: 1})
	ending := h.invites(squad.Invitation{SquadID: s.ID, MadeBy: ana, EndsAt: ends})
	revoked := h.invites(squad.Invitation{SquadID: s.ID})
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if err := squad.Revoke(ctx, tx, other.ID, ending.Code); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("revoked in the name of another squad: %v", err)
		}
		return errors.Join(squad.Revoke(ctx, tx, s.ID, revoked.Code), squad.Leave(ctx, tx, s.ID, ana))
	})
	if _, err := h.join(capped.Code, ana); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]error{
		capped.Code: squad.ErrUsedUp, revoked.Code: squad.ErrRevoked, "never made": data.ErrNotFound,
	} {
		if _, err := h.join(code, ben); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	h.clock.Set(ends)
	if _, err := h.join(ending.Code, ben); !errors.Is(err, squad.ErrExpired) {
		t.Errorf("at its end: %v", err)
	}
	h.clock.Set(ends.Add(-time.Millisecond))
	if _, err := h.join(ending.Code, ben); err != nil {
		t.Errorf("just before its end: %v", err)
	}
	h.must(func(ctx context.Context, tx *data.Tx) error {
		all, err := squad.InvitationsOf(ctx, tx, s.ID)
		if len(all) != 3 {
			t.Errorf("the squad has the invitations %+v", all)
		}
		got, led, err2 := squad.ByInvitation(ctx, tx, ending.Code)
		ending.Used = 1
		if got != ending || led.ID != s.ID || got.MadeBy != ana {
			t.Errorf("the invitation is %+v to %+v, want %+v", got, led, ending)
		}
		return errors.Join(err, err2)
	})
}
