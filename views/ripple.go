package views

import (
	"context"
	"fmt"
	"strconv"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

func box(r spread.Ripple) string { return fmt.Sprintf("0 0 %g %g", r.Size, r.Size) }

// coord is a length as SVG takes it.
func coord(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func num(n int) string { return strconv.Itoa(n) }

func num64(n int64) string { return strconv.FormatInt(n, 10) }

// hopClass is the class of a hop's colour; the fifth stands for all beyond.
func hopClass(hop int) string { return "hop-" + strconv.Itoa(min(hop, 5)) }

// line is the way from one open to the next.
func line(s spread.Spot) string {
	return fmt.Sprintf("M%g %gC%g %g %g %g %g %g", s.FromX, s.FromY, s.BendX[0], s.BendY[0], s.BendX[1], s.BendY[1], s.X, s.Y)
}

func spotWords(ctx context.Context, s spread.Spot) string {
	words := lang.T(ctx, "link.spot", "hop", s.Hop, "n", s.Below)
	if !s.Counted {
		words += " · " + lang.T(ctx, "reason."+s.State.String())
	}
	return words
}

func initials(name string) string { return ui.Initials(name) }
