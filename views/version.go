package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/diff"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// VersionsPage lists what a drop said, the newest first.
type VersionsPage struct {
	Drop drop.Drop
	All  []drop.Saved
	Page int
	More bool
	Zone *time.Location
}

func (v VersionsPage) pages() ui.Pages {
	return ui.Pages{At: v.Page, More: v.More, Path: func(n int) string { return VersionsPath(v.Drop.ID) + "?page=" + strconv.Itoa(n) }}
}

// VersionPage is one version of a drop beside another.
type VersionPage struct {
	Drop    drop.Drop // as it is now
	Version drop.Drop
	By      string // name of who saved it
	From    int    // the number of the other; 0: there is none
	Changes []Change
	Zone    *time.Location
}

// Change is what differs in one field of a drop.
type Change struct {
	Field string
	Lines []diff.Line
}

// near is how many lines around a change are shown.
const near = 2

// ChangesOf are the fields in which two versions differ, in the order of the form. Pictures are called by what can
// be seen on them.
func ChangesOf(before, after drop.Version, images []drop.Image) (all []Change) {
	had := before.Parts()
	for i, p := range after.Parts() {
		if p.Text == had[i].Text {
			continue
		}
		was, is := had[i].Text, p.Text
		if p.Field == "cover" {
			was, is = coverName(was, images), coverName(is, images)
		}
		all = append(all, Change{Field: p.Field, Lines: diff.Near(diff.Lines(was, is), near)})
	}
	return all
}

// ChangeOfLanguage is that a drop is in another language now, if it is.
func ChangeOfLanguage(before, after string) []Change {
	if before == after {
		return nil
	}
	return []Change{{Field: "language", Lines: diff.Lines(lang.Name(before), lang.Name(after))}}
}

func coverName(imageID string, images []drop.Image) string {
	for n, i := range images {
		if i.ID == imageID {
			return strings.TrimSpace(strconv.Itoa(n+1) + " · " + i.Alt)
		}
	}
	return ""
}

// fieldKeys are the labels of a drop's fields.
var fieldKeys = map[string]string{
	"language": "drop.language", "title": "drop.title", "teaser": "drop.teaser", "body": "drop.body", "cover": "image.cover", "cover_alt": "image.cover_alt",
	"caption": "drop.caption", "action": "drop.action", "action_url": "drop.action_url", "tags": "drop.tags",
}

func fieldName(ctx context.Context, field string) string { return lang.T(ctx, fieldKeys[field]) }

// fieldNames are the labels of some, as one reads them out.
func fieldNames(ctx context.Context, fields []string) string {
	var all []string
	for _, f := range fields {
		all = append(all, fieldName(ctx, f))
	}
	return strings.Join(all, ", ")
}

// whatChanged says what a version changed.
func whatChanged(ctx context.Context, s drop.Saved) string {
	switch {
	case s.Number == 1:
		return lang.T(ctx, "version.first")
	case s.Restores > 0:
		return lang.T(ctx, "version.restores", "n", s.Restores)
	case len(s.Changed) == 0:
		return lang.T(ctx, "version.language")
	}
	return fieldNames(ctx, s.Changed)
}

// EditorSaid says who else has the form of a drop open.
func EditorSaid(ctx context.Context, e drop.Editor, zone *time.Location) string {
	return lang.T(ctx, "editor.open", "who", memberName(ctx, e.Name), "when", lang.Time(ctx, e.Since, zone))
}

// NewerSaid says that somebody saved a version after the one in the form.
func NewerSaid(ctx context.Context, s drop.Saved, zone *time.Location) string {
	return lang.T(ctx, "editor.newer", "who", memberName(ctx, s.By), "n", s.Number, "when", lang.Time(ctx, s.SavedAt, zone))
}

// Clash is what somebody saved while somebody else wrote.
type Clash struct {
	DropID       string
	Language     string
	Base         int        // the version that both were written on
	Newest       drop.Saved // what was saved meanwhile
	Theirs, Mine []Change   // from the base to the newest, and from there to what is in the form now
	Both         []string   // the fields that both changed
}

// Offer is what somebody typed before and did not save.
type Offer struct {
	ID, DropID, Title, Language string
	At                          time.Time
	Changes                     []Change // from what is saved
}

// title is what the draft calls the drop.
func (o Offer) title(ctx context.Context) string {
	if o.Title == "" {
		return lang.T(ctx, "look.no_title")
	}
	return o.Title
}

// HandedBack is a form that a stranger sent, to be sent again.
type HandedBack struct {
	Path   string
	Fields []HandedField
	Texts  []string // what was typed in it, to be read and copied
}

// HandedField is a field of such a form.
type HandedField struct{ Name, Value string }

// fields are the labels of what the draft says otherwise.
func (o Offer) fields(ctx context.Context) string {
	var names []string
	for _, c := range o.Changes {
		names = append(names, c.Field)
	}
	return fieldNames(ctx, names)
}
