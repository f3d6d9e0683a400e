package views

import (
	"context"
	"strconv"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// ReleaseMovePath is where a move of a drop's release is asked for, and done.
func ReleaseMovePath(dropID string, m drop.Move) string { return ReleasePath(dropID) + "/" + string(m) }

// ReleaseMove is what a move of a release means.
type ReleaseMove struct {
	Move     drop.Move
	Drop     drop.Drop
	Can      bool          // it changes anything
	Squads   []squad.Squad // for which it does; when it is stopped, those that read it
	Links    int           // that went out
	People   int64         // who came by them
	Picture  ui.Timeline   // as it stands
	By       string        // hours
	Problems check.Problems
}

// delays are how much later it can be.
func (v ReleaseMove) delays(ctx context.Context) (all []ui.Option) {
	for _, d := range drop.Delays {
		hours := strconv.Itoa(int(d.Hours()))
		all = append(all, ui.Option{Value: hours, Label: lang.T(ctx, "release.by_"+hours)})
	}
	return all
}

// moves lead to what can be done with a release that stands.
func (f ReleaseForm) moves(ctx context.Context, dropID string) (all []ui.Action) {
	icons := map[drop.Move]string{drop.MoveNow: "play", drop.MoveLater: "hourglass", drop.MoveStop: "ban"}
	for _, m := range f.Moves {
		a := ui.Action{Label: lang.T(ctx, "release.move_"+string(m)), Path: ReleaseMovePath(dropID, m), Icon: icons[m], Small: true}
		if m == drop.MoveStop {
			a.Kind = ui.Danger
		}
		all = append(all, a)
	}
	return all
}
