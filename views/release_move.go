package views

import (
	"context"
	"strconv"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// ReleaseMovePath is where a move of a drop's release is asked for, and done.
func ReleaseMovePath(dropID string, m drop.Move) string { return ReleasePath(dropID) + "/" + string(m) }

// StepMovePath is where a move of one step is asked for: of a squad's, or of the day for everyone. hours is by how much it
// would come later; 0 says nothing of it.
func StepMovePath(dropID string, m drop.Move, step string, hours int) string {
	path := ReleaseMovePath(dropID, m) + "?step=" + step
	if hours > 0 {
		path += "&by=" + strconv.Itoa(hours)
	}
	return path
}

// ReleaseMove is what a move of a release means.
type ReleaseMove struct {
	Move     drop.Move
	Drop     drop.Drop
	Step     string        // of which squad, by its id, or drop.Everyone; empty: of all that stands
	Name     string        // of that squad
	Can      bool          // it changes anything
	Squads   []squad.Squad // for which it does; when it is stopped, those that read it
	Public   bool          // everyone reads it now
	Links    int           // that went out
	People   int64         // who came by them
	Picture  ui.Timeline   // as it stands
	By       string        // hours
	Problems check.Problems
}

// title is what the move is called, and of what it is one.
func (v ReleaseMove) title(ctx context.Context) string {
	title := lang.T(ctx, "release.move_"+string(v.Move))
	switch v.Step {
	case "":
		return title
	case drop.Everyone:
		return title + " · " + lang.T(ctx, "release.everyone")
	}
	return title + " · " + v.Name
}

// means says what the move does.
func (v ReleaseMove) means(ctx context.Context) string {
	key := "release.means_" + string(v.Move)
	switch v.Step {
	case "":
	case drop.Everyone:
		key += "_public"
	default:
		key += "_one"
	}
	return lang.T(ctx, key)
}

// stepMoves lead to what can be done with one step that stands: a squad's, or the day for everyone.
func stepMoves(ctx context.Context, dropID, step, name string, moves []drop.Move) (all []ui.Action) {
	for _, m := range moves {
		switch m {
		case drop.MoveNow:
			all = append(all, ui.Action{Label: lang.T(ctx, "release.step_now"), Path: StepMovePath(dropID, m, step, 0)})
		case drop.MoveLater:
			for _, hours := range []int{1, 24} {
				all = append(all, ui.Action{Label: lang.T(ctx, "release.step_"+strconv.Itoa(hours)), Path: StepMovePath(dropID, m, step, hours)})
			}
		case drop.MoveStop:
			all = append(all, ui.Action{Label: lang.T(ctx, "release.step_stop"), Path: StepMovePath(dropID, m, step, 0)})
		}
	}
	for i := range all {
		all[i].About, all[i].Small = name, true
	}
	return all
}

// stopWords say that a drop is stopped, since when and by whom, as far as it is known.
func stopWords(ctx context.Context, s drop.Stop, zone *time.Location) string {
	switch {
	case s.At.IsZero():
		return lang.T(ctx, "release.stopped")
	case s.By == "":
		return lang.T(ctx, "release.stopped_on", "when", lang.DateTime(ctx, s.At, zone))
	}
	return lang.T(ctx, "release.stopped_by", "who", s.By, "when", lang.DateTime(ctx, s.At, zone))
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
