package ui

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/a-h/templ"
)

// Icons returns the names of all icons, in order. They are Lucide's; static/vendor brings them.
func Icons() []string { return slices.Sorted(maps.Keys(icons)) }

// Icon is a picture beside a word, never in its place; it is not heard. A name that is not there is a
// mistake of the page, which then cannot be shown.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		strokes, ok := icons[name]
		if !ok {
			return fmt.Errorf("views/ui: there is no icon %q", name)
		}
		_, err := io.WriteString(w, `<svg class="ico" viewBox="0 0 24 24" aria-hidden="true">`+strokes+`</svg>`)
		return err
	})
}
