package views

import (
	"context"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// captions are as many messages as the form has fields for: those that there are, and empty ones.
func (f DropForm) captions() []string {
	all := append([]string(nil), f.Captions...)
	for len(all) < drop.MostCaptions {
		all = append(all, "")
	}
	return all
}

// shownCaptions is how many of them stand open: what is written, and room for one more.
func (f DropForm) shownCaptions() int {
	n := 0
	for i, c := range f.Captions {
		if c != "" {
			n = i + 1
		}
	}
	return min(n+1, len(f.captions()))
}

// caption is the field of one of them.
func (f DropForm) caption(ctx context.Context, i int, words string) ui.Field {
	at := drop.Field("caption", i)
	return ui.Field{
		Label: lang.T(ctx, "caption.nth", "n", i+1), Name: "caption", ID: at, Type: "textarea", Value: words, Rows: 2, Lang: f.Language,
		Problem: ui.Says(ctx, f.Problems, at),
	}
}

// fields are what can be filled in, as it is written.
func (f DropForm) fields(ctx context.Context) (all []string) {
	for _, name := range drop.MergeFields[lang.Of(ctx)] {
		all = append(all, "{{"+name+"}}")
	}
	return all
}

// captionLabels are the fields and what they are called, in turn.
func (f DropForm) captionLabels(ctx context.Context) (all []string) {
	for i := range f.captions() {
		all = append(all, drop.Field("caption", i), lang.T(ctx, "caption.nth", "n", i+1))
	}
	return all
}
