package drop_test

import (
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/drop"
)

func TestCaptionsAreKeptAsOneTextAndReadBack(t *testing.T) {
	for _, all := range [][]string{nil, {"Look"}, {"Look", "See\n\nhere"}, {"a", "b", "c", "d", "e"}, {"-- not a line ---"}} {
		v := drop.Version{Caption: drop.JoinCaptions(all)}
		if got := v.Captions(); !slices.Equal(got, all) {
			t.Errorf("%q is read back as %q", all, got)
		}
	}
	if got := drop.JoinCaptions([]string{"", " Look\r\nhere ", "\n"}); got != "Look\nhere" {
		t.Errorf("empty ones leave %q", got)
	}
}

func TestMergeFieldsAreFilledInUnderTheirNamesInBothLanguages(t *testing.T) {
	v := drop.Values{FirstName: "Amina", Title: "The Halo", Brand: "Novaska", Squad: "Lyon", Link: "https://n.example/s/x", Label: "Ad"}
	for caption, want := range map[string]string{
		"{{first name}}, {{ TITLE }} {{brand}} {{squad}} {{link}} {{label}}": "Amina, The Halo Novaska Lyon https://n.example/s/x Ad",
		"{{prénom}} {{titre}} {{marque}} {{lien}} {{mention}}":               "Amina The Halo Novaska https://n.example/s/x Ad",
		"{{first_name}} {{mane}} {x} }}{{":                                   "Amina {{mane}} {x} }}{{",
	} {
		if got := drop.Fill(caption, v); got != want {
			t.Errorf("%q becomes %q, not %q", caption, got, want)
		}
	}
	for caption, want := range map[string]bool{"{{prénom}} y était": true, "{{squad}}": true, "{{title}} {{link}}": false, "Look": false} {
		if got := drop.IsPersonal(caption); got != want {
			t.Errorf("%q is personal: %v", caption, got)
		}
	}
}

func TestAFieldThatCannotBeFilledInIsNamedAtItsMessage(t *testing.T) {
	d := drop.Drop{Language: "en", Version: drop.Version{Title: "Halo", Body: "Text", Caption: drop.JoinCaptions([]string{"{{first name}}", "Hi {{frist name}}"})}}
	p := d.Check()
	if _, there := p["caption.1"]; !there || len(p) != 1 || p["caption.1"].Args[1] != "{{frist name}}" {
		t.Errorf("the problems are %v", p)
	}
	d.Caption = strings.Repeat("Look\n---\n", 6)
	if p := d.Check(); p.OK() || p["caption"].Key != "caption.too_many" {
		t.Errorf("six messages have the problems %v", p)
	}
}
