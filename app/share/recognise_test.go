package share_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// shared is an ambassador's link to a drop that everyone may see.
type shared struct {
	t      *testing.T
	db     *data.DB
	clock  *clock.Manual
	opener *share.Opener
	owner  string
	link   share.Link
}

func newShared(t *testing.T) *shared {
	t.Helper()
	s := &shared{t: t, clock: clock.At(datatest.Noon)}
	s.db = datatest.New(t, s.clock.Now)
	s.opener = share.NewOpener(s.db)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		a, err := account.Enrol(ctx, tx, "ana@riviera.example", "en")
		if err != nil {
			return err
		}
		s.owner = a.ID
		c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Spring", StartsAt: tx.Now(), EndsAt: tx.Now().Add(time.Hour), Most: 5})
		if err != nil {
			return err
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "New", Body: "New."}})
		if err != nil {
			return err
		}
		if err := drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: tx.Now()}); err != nil {
			return err
		}
		s.link, err = share.Take(ctx, tx, a.ID, d.ID)
		return err
	})
	return s
}

func (s *shared) update(fn func(ctx context.Context, tx *data.Tx) error) {
	s.t.Helper()
	if err := s.db.Update(s.t.Context(), func(tx *data.Tx) error { return fn(s.t.Context(), tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// open lets a browser confirm an open of the ambassador's own link.
func (s *shared) open(b share.Browser) int64 {
	s.t.Helper()
	done, err := s.opener.Open(s.t.Context(), share.Opening{Ref: id.Ref{Kind: id.Link, ID: s.link.ID}, Browser: b})
	if err != nil {
		s.t.Fatal(err)
	}
	return done.ID
}

func (s *shared) recognise(b share.Browser) {
	s.t.Helper()
	if err := share.Recognise(s.t.Context(), s.db, &s.opener.Ring, s.owner, b); err != nil {
		s.t.Fatal(err)
	}
}

// words are the states that were decided for an open, in their order.
func (s *shared) words(open int64) (states []share.State) {
	s.t.Helper()
	s.update(func(ctx context.Context, tx *data.Tx) (err error) {
		states, err = data.All(ctx, tx, func(r data.Row) (st share.State, err error) { return st, r.Scan(&st) },
			`SELECT state FROM decisions WHERE open_id = ? ORDER BY id`, open)
		return err
	})
	return states
}

var phone = share.Browser{Addr: netip.MustParseAddr("203.0.113.7"), UserAgent: "a phone", AcceptLanguage: "en"}

func TestADeviceThatItsOwnerSignsInOnLaterIsUncountedOnce(t *testing.T) {
	s := newShared(t)
	open := s.open(phone)
	other := s.open(share.Browser{Addr: phone.Addr, UserAgent: "another phone", AcceptLanguage: "en"})
	s.clock.Advance(time.Hour)
	s.recognise(phone)
	s.clock.Advance(24 * time.Hour)
	s.recognise(phone) // seen again the next day, when the open's key still lives
	if got := s.words(open); len(got) != 1 || got[0] != share.OwnDevice {
		t.Errorf("the owner's open was decided %v, want once %v", got, share.OwnDevice)
	}
	if got := s.words(other); len(got) != 0 {
		t.Errorf("somebody else's open was decided %v", got)
	}
}

func TestWhatAPersonDecidedOfAnOpenIsNotOverruledByItsDevice(t *testing.T) {
	s := newShared(t)
	open := s.open(phone)
	s.recognise(phone)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		return share.Decide(ctx, tx, share.Decision{OpenID: open, LinkID: s.link.ID, State: share.Counted})
	})
	s.clock.Advance(24 * time.Hour)
	s.recognise(phone)
	if got := s.words(open); got[len(got)-1] != share.Counted {
		t.Errorf("the open was decided %v: a manager's word did not last a day", got)
	}
}
