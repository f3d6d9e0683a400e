package visit_test

import (
	"testing"

	"ricochet.example/app/visit"
)

func TestACopiedLinkIsNeitherPrivateNorPublic(t *testing.T) {
	for c, want := range map[visit.Channel]visit.Reach{
		visit.Copy: visit.ReachUnknown, visit.Native: visit.ReachUnknown, visit.Unknown: visit.ReachUnknown, visit.Instagram: visit.ReachUnknown,
		visit.WhatsApp: visit.Private, visit.Email: visit.Private, visit.QR: visit.Private,
		visit.X: visit.Public, visit.Facebook: visit.Public,
	} {
		if got := c.Reach(); got != want {
			t.Errorf("%s: %d, want %d", c, got, want)
		}
	}
}
