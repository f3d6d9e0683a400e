package visit_test

import (
	"net/netip"
	"testing"

	"ricochet.example/app/visit"
)

func TestANetworkIsAHousehold(t *testing.T) {
	for addr, want := range map[string]string{
		"203.0.113.7":                   "203.0.113.7/32",
		"::ffff:203.0.113.7":            "203.0.113.7/32",
		"2001:db8:1:2:3:4:5:6":          "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:ffff::1":     "2001:db8:1:2::/64",
		"fe80::1%eth0":                  "fe80::/64",
		"2001:db8:1:3:3:4:203.0.113.70": "2001:db8:1:3::/64",
	} {
		if got := visit.Network(netip.MustParseAddr(addr)); got.String() != want {
			t.Errorf("%s: %v, want %s", addr, got, want)
		}
	}
	if got := visit.Network(netip.Addr{}); got.IsValid() {
		t.Errorf("no address: %v", got)
	}
}
