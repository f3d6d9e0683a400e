package drop_test

import (
	"strings"
	"testing"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
)

// Whoever begins with a template has something that can be saved but for the address of its button, in either language.
func TestEveryTemplateIsADropInEveryLanguage(t *testing.T) {
	for _, kind := range drop.Templates {
		said := map[string]bool{}
		for _, language := range lang.Supported() {
			v, ok := drop.Template(kind, language)
			if !ok {
				t.Fatalf("there is no %s in %s", kind, language)
			}
			d := drop.Drop{Language: language, Version: v}
			if got := strings.Join(d.Check().Fields(), ", "); got != "action_url" {
				t.Errorf("%s in %s has problems with %s", kind, language, got)
			}
			if v.Teaser == "" || v.Caption == "" || len([]rune(v.Title)) > drop.AdvisedTitle || len([]rune(v.Teaser)) > drop.AdvisedTeaser {
				t.Errorf("%s in %s lacks something: %+v", kind, language, v)
			}
			if said[v.Body] {
				t.Errorf("%s says the same in %s", kind, language)
			}
			said[v.Body] = true
		}
	}
	for _, kind := range []string{"", "none", "../drop"} {
		if _, ok := drop.Template(kind, "en"); ok {
			t.Errorf("there is a template %q", kind)
		}
	}
	if _, ok := drop.Template("beta", "xx"); ok {
		t.Error("there is one in a language that we lack")
	}
}
