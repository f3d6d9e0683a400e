package solo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ricochet.example/app/share"
	"ricochet.example/app/solo"
)

func TestAListIsReadAsPeoplePasteIt(t *testing.T) {
	all, p := solo.Read("\ufeffNom;Prénom;Téléphone;E-mail\r\nRoy;Amina;+33 6 12 34 56 78;Amina@example.com\r\n\r\n\"Ben\",0033 (0)6.12.34.56.79\r\nzoe@example.com\tZoé O'Neil\nAmina again, amina@example.com\n")
	if !p.OK() {
		t.Fatal(p)
	}
	want := []solo.Recipient{
		{Name: "Roy Amina", Phone: "+33612345678", Email: "amina@example.com", State: solo.Waiting},
		{Name: "Ben", Phone: "+33612345679", State: solo.Waiting},
		{Name: "Zoé O'Neil", Email: "zoe@example.com", State: solo.Waiting},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

func TestLinesThatCannotBeUnderstoodAreNamed(t *testing.T) {
	many := strings.Builder{}
	for n := range solo.MostRecipients + 1 {
		many.WriteString("A, a" + strings.Repeat("x", n%50) + string(rune('a'+n/50)) + "@example.com\n")
	}
	for list, key := range map[string]string{
		"": "check.required", "Name, mail": "check.required", "Amina, +33612345678\nBen": "solo.wrong", "Amina, a@b@c": "solo.wrong", "+33612345678": "solo.wrong",
		"Amina, 06 12 34 56 78": "solo.local", many.String(): "solo.many", "A\x00, a@example.com": "solo.wrong",
	} {
		_, p := solo.Read(list)
		if got := p["list"].Key; got != key {
			t.Errorf("%.40q: %q, not %q", list, got, key)
		}
	}
}

func TestEachComposerHasTheWholeMessageWithTheLinkOfItsChannel(t *testing.T) {
	r := solo.Recipient{Name: "Amina", Phone: "+33612345678", Email: "a+b@example.com"}
	all := r.Composers(share.Message{Words: "Hi Amina & co", Label: "Ad", Link: "https://drops.example/s/abc"})
	if len(all) != 2 ||
		all[0].Address != "https://wa.me/33612345678?text=Hi%20Amina%20%26%20co%0A%28Ad%29%0Ahttps%3A%2F%2Fdrops.example%2Fs%2Fabc%2Fwhatsapp" ||
		all[1].Address != "mailto:a+b@example.com?subject=Hi%20Amina%20%26%20co&body=Hi%20Amina%20%26%20co%0D%0A%28Ad%29%0D%0Ahttps%3A%2F%2Fdrops.example%2Fs%2Fabc%2Femail" {
		t.Errorf("%+v", all)
	}
}
