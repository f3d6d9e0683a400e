package solo_test

import (
	"testing"

	"ricochet.example/app/share"
	"ricochet.example/app/solo"
)

func TestEachComposerHasTheWholeMessageWithTheLinkOfItsChannel(t *testing.T) {
	r := solo.Recipient{Name: "Amina", Phone: "+33612345678", Email: "a+b@example.com"}
	all := r.Composers(share.Message{Words: "Hi Amina & co", Label: "Ad", Link: "https://drops.example/s/abc"})
	if len(all) != 2 ||
		all[0].Address != "https://wa.me/33612345678?text=Hi%20Amina%20%26%20co%0A%28Ad%29%0Ahttps%3A%2F%2Fdrops.example%2Fs%2Fabc%2Fwhatsapp" ||
		all[1].Address != "mailto:a+b@example.com?subject=Hi%20Amina%20%26%20co&body=Hi%20Amina%20%26%20co%0D%0A%28Ad%29%0D%0Ahttps%3A%2F%2Fdrops.example%2Fs%2Fabc%2Femail" {
		t.Errorf("%+v", all)
	}
}
