package share_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Everybody comes at the same moment, and posts three times: newcomers, a
// household whose phones share an address, and an office with many.
func TestReadersWhoComeAllAtOnceAreToldApartAsIfTheyCameOneByOne(t *testing.T) {
	c := newChat(t)
	crowd := map[string]share.Browser{}
	for n := range 60 {
		crowd[fmt.Sprint("newcomer ", n)] = browser(fmt.Sprintf("198.51.100.%d", n), "phone")
	}
	for n := range 3 {
		crowd[fmt.Sprint("household ", n)] = browser("203.0.113.1", fmt.Sprint("phone ", n))
	}
	for n := range share.Most + 4 {
		crowd[fmt.Sprint("office ", n)] = browser("203.0.113.2", fmt.Sprint("desk ", n))
	}
	var mu sync.Mutex
	got := map[string]map[int64]bool{} // ids that a browser was given
	firsts := map[string]share.State{}
	var wg sync.WaitGroup
	for name, b := range crowd {
		for range 3 {
			wg.Go(func() {
				done, err := c.opener.Open(context.Background(), share.Opening{Ref: id.Ref{Kind: id.Link, ID: c.link.ID}, Browser: b, Channel: visit.WhatsApp})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if got[name] == nil {
					got[name] = map[int64]bool{}
				}
				got[name][done.ID] = true
				if !done.Repeat {
					if _, twice := firsts[name]; twice {
						t.Errorf("%s opened twice", name)
					}
					firsts[name] = done.State
				}
			})
		}
	}
	wg.Wait()
	states, ids := map[share.State]int{}, map[int64]string{}
	for name := range crowd {
		if len(got[name]) != 1 {
			t.Errorf("%s was given the ids %v", name, got[name])
		}
		for open := range got[name] {
			if other, taken := ids[open]; taken {
				t.Errorf("%s and %s were given the same id %d", name, other, open)
			}
			ids[open] = name
		}
		states[firsts[name]]++
	}
	if states[share.Counted] != len(crowd)-4 || states[share.NetworkCap] != 4 {
		t.Errorf("%v of %d readers, four of them too many from one network", states, len(crowd))
	}
	c.update(func(tx *data.Tx) error {
		for table, want := range map[string]int{"opens": len(crowd), "keys": len(crowd)} {
			if n, err := data.Int(context.Background(), tx, `SELECT count(*) FROM `+table); err != nil || n != int64(want) {
				t.Errorf("%d rows of %s, not %d (%v)", n, table, want, err)
			}
		}
		return nil
	})
}
