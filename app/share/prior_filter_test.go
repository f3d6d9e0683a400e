package share

import (
	"math/rand/v2"
	"testing"
)

func TestTheFilterForgetsNobodyAndHardlyTakesAnybodyForAnother(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	fresh := func() (m mark) {
		for i := range m {
			m[i] = byte(random.Uint32())
		}
		return m
	}
	for _, keys := range []int{0, 1, 3, 100, 40_000} {
		p := newPriorNetworks(1, int64(keys))
		in := make([]mark, keys)
		for i := range in {
			in[i] = fresh()
			p.add(in[i])
		}
		for _, key := range in {
			if !p.may(key) {
				t.Fatalf("one of %d keys is forgotten", keys)
			}
		}
		wrong := 0
		for range 20_000 {
			if p.may(fresh()) {
				wrong++
			}
		}
		if wrong > 200 {
			t.Errorf("of 20 000 others %d are taken for one of %d", wrong, keys)
		}
	}
}
