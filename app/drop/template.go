package drop

import (
	"embed"
	"slices"
	"strings"

	"ricochet.example/app/lang"
)

//go:embed templates/*.md
var templates embed.FS

// Templates are the kinds of drop that one can begin with, in the order in which they are offered.
var Templates = []string{"beta", "concept", "paper", "case", "offer"}

// Template is what a drop of a kind says to begin with, in one of lang.Supported. It says of each part what belongs
// there.
func Template(kind, language string) (v Version, ok bool) {
	if !slices.Contains(Templates, kind) || !slices.Contains(lang.Supported(), language) {
		return v, false
	}
	text, err := templates.ReadFile("templates/" + kind + "." + language + ".md")
	if err != nil {
		return v, false
	}
	// Four lines (title, teaser, ready-made message, button), then the body.
	parts := strings.SplitN(string(text), "\n", 6)
	if len(parts) < 6 {
		return v, false
	}
	v.Title, v.Teaser, v.Caption, v.Action, v.Body = parts[0], parts[1], parts[2], parts[3], parts[5]
	return v, true
}
