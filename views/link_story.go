package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
)

// fact is a part of how it went.
type fact struct {
	Name, Words string
	Branch      int // the reader whom it is about, 0 for nobody
}

// facts say how it went, of what there is to say.
func (v LinkPage) facts(ctx context.Context) (all []fact) {
	s := v.Story
	add := func(name string, branch int, key string, args ...any) {
		all = append(all, fact{lang.T(ctx, name), lang.T(ctx, key, args...), branch})
	}
	if s.People == 0 {
		return nil
	}
	add("story.first", 0, "story.first_after", "when", moment(ctx, s.FirstAt, v.Zone), "after", s.ToFirst)
	if s.Brought > 0 {
		add("story.hand", s.Hand, "story.hand_brought", "number", num(s.Hand), "n", s.Brought)
	}
	if s.Grown > 1 {
		add("story.branch", s.Branch, "story.branch_grown", "number", num(s.Branch), "n", s.Grown)
	}
	add("story.farthest", s.Way, "story.farthest_hops", "n", s.Farthest)
	if (spread.Sums{People: int64(s.People)}).ShowsShape() {
		add("story.half", 0, "story.half_after", "after", s.HalfLife)
	}
	for _, w := range s.Woken {
		add("story.woke", 0, "story.woke_after", "when", moment(ctx, w.At, v.Zone), "after", w.After, "n", w.Since)
	}
	return all
}
