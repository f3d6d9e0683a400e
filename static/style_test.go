package static

import "testing"

func TestAStyleSheetIsTightAndSaysTheSame(t *testing.T) {
	for css, want := range map[string]string{
		"/* a */ a , b {\n\tcolor : red ;\n\tmargin : 0 1px ; }\n": "a,b{color : red;margin : 0 1px}",
		`q::before { content: "a ,  { b"; }`:                       `q::before{content: "a ,  { b"}`,
		`q { content: 'it\'s ;  }' ; }`:                            `q{content: 'it\'s ;  }'}`,
		"a /* in between */ b { }":                                 "a b{}",
		"a { } /* without an end":                                  "a{}",
		`a { content: "without an end`:                             `a{content: "without an end`,
		"":                                                         "",
	} {
		if got := string(tight([]byte(css))); got != want {
			t.Errorf("%q becomes %q, not %q", css, got, want)
		}
	}
}
