package drop

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ricochet.example/app/check"
	"ricochet.example/app/markdown"
	"ricochet.example/data"
)

// ErrNewer says that somebody saved a version after the one that this one was written on.
var ErrNewer = errors.New("somebody saved the drop meanwhile")

// Part is one thing that a version says, under the name of its field in the form.
type Part struct{ Field, Text string }

// fields are the parts of a version that people write, in the order of the form.
func (v *Version) fields() []struct {
	name string
	text *string
} {
	return []struct {
		name string
		text *string
	}{
		{"title", &v.Title},
		{"teaser", &v.Teaser},
		{"body", &v.Body},
		{"cover", &v.Cover},
		{"cover_alt", &v.CoverAlt},
		{"caption", &v.Caption},
		{"action", &v.Action},
		{"action_url", &v.ActionURL},
		{"tags", &v.Tags},
	}
}

// Parts are all that a version says.
func (v Version) Parts() (all []Part) {
	for _, f := range v.fields() {
		all = append(all, Part{f.name, *f.text})
	}
	return all
}

// Changed are the fields in which two versions differ, in the order of the form.
func Changed(before, after Version) (fields []string) {
	had := before.Parts()
	for i, p := range after.Parts() {
		if p.Text != had[i].Text {
			fields = append(fields, p.Field)
		}
	}
	return fields
}

// Merge puts two versions together that were both written on the same one: what mine left as it was it says as
// theirs does. both are the fields that both changed, each to something else; there it says mine.
func Merge(base, mine, theirs Version) (merged Version, both []string) {
	merged = mine
	was, other := base.Parts(), theirs.Parts()
	for i, f := range merged.fields() {
		switch {
		case *f.text == other[i].Text:
		case *f.text == was[i].Text:
			*f.text = other[i].Text
		case other[i].Text != was[i].Text:
			both = append(both, f.name)
		}
	}
	return merged, both
}

// MergeLanguage is Merge for the language, which is the drop's and no version's: whoever changed it has it. both says
// that both did, each to another one; then it is mine.
func MergeLanguage(base, mine, theirs string) (merged string, both bool) {
	if mine == base {
		return theirs, false
	}
	return mine, theirs != base && theirs != mine
}

// Saved is a version in the list of all that a drop has.
type Saved struct {
	Version
	By      string   // name of who saved it, empty when they are gone
	Changed []string // the fields that differ from the version before; nil for the first
}

// Versions returns the versions of a drop, the newest first: limit of them, after leaving out some. They come
// without their HTML.
func Versions(ctx context.Context, tx *data.Tx, dropID string, limit, leftOut int) ([]Saved, error) {
	all, err := data.All(ctx, tx, func(row data.Row) (s Saved, err error) {
		return s, row.Scan(&s.Number, &s.Title, &s.Teaser, &s.Body, data.Null(&s.Cover), &s.CoverAlt, &s.Caption, &s.Action, &s.ActionURL,
			&s.Tags, &s.Restores, data.Null(&s.SavedBy), data.Time(&s.SavedAt), &s.By)
	}, `SELECT v.number, v.title, v.teaser, v.body, v.cover, v.cover_alt, v.caption, v.action, v.action_url,
			v.tags, coalesce(v.restores, 0), v.saved_by, v.saved_at, coalesce(a.name, '')
		FROM drop_versions v LEFT JOIN accounts a ON a.id = v.saved_by
		WHERE v.drop_id = ? ORDER BY v.number DESC LIMIT ? OFFSET ?`, dropID, limit+1, leftOut)
	for i := range all {
		if i+1 < len(all) {
			all[i].Changed = Changed(all[i+1].Version, all[i].Version)
		}
	}
	return all[:min(limit, len(all))], err
}

// The bounds of tags: how many, and how long each.
const (
	MostTags   = 8
	longestTag = 30
)

// TagList are the tags of a version.
func (v Version) TagList() []string {
	return strings.FieldsFunc(v.Tags, func(r rune) bool { return r == '\n' })
}

// Minutes is how long the version takes to read once it is public, at least one minute.
func (v Version) Minutes() int { return markdown.MinutesOf(v.Reads(true)) }

// tidyTags makes one tag a line of what somebody typed: in lower case, without # and without any twice.
func tidyTags(typed string) string {
	var all []string
	for _, t := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		t = strings.ToLower(strings.Join(strings.Fields(strings.TrimLeft(strings.TrimSpace(t), "#")), " "))
		if t != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n")
}

func checkTags(p *check.Problems, v Version) {
	all := v.TagList()
	if len(all) > MostTags {
		p.Add("tags", "drop.tags_many", "n", MostTags)
	}
	for _, t := range all {
		if utf8.RuneCountInString(t) > longestTag {
			p.Add("tags", "drop.tag_long", "n", longestTag, "tag", t)
		}
	}
	p.Longest("tags", v.Tags, MostTags*(longestTag+1)+1)
}

// away is after how long without a word somebody has closed the form.
const away = time.Minute

// Editor is somebody who has the form of a drop open.
type Editor struct {
	AccountID, Name string
	Since           time.Time
}

// Edits notes that an account has the form of a drop open. The page says so again and again.
func Edits(ctx context.Context, tx *data.Tx, dropID, accountID string) error {
	now := tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO editors (drop_id, account_id, since, seen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (drop_id, account_id) DO UPDATE SET seen_at = excluded.seen_at,
			since = CASE WHEN editors.seen_at < ? THEN excluded.since ELSE editors.since END`,
		dropID, accountID, now, now, now.Add(-away))
	return err
}

// Leaves notes that an account has closed the form of a drop.
func Leaves(ctx context.Context, tx *data.Tx, dropID, accountID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM editors WHERE drop_id = ? AND account_id = ?`, dropID, accountID)
	return err
}

// Editors returns who else has the form of a drop open, who came first before the others.
func Editors(ctx context.Context, tx *data.Tx, dropID, besides string) ([]Editor, error) {
	return data.All(ctx, tx, func(row data.Row) (e Editor, err error) {
		return e, row.Scan(&e.AccountID, &e.Name, data.Time(&e.Since))
	}, `SELECT a.id, a.name, e.since FROM editors e JOIN accounts a ON a.id = e.account_id
		WHERE e.drop_id = ? AND e.account_id <> ? AND e.seen_at >= ? ORDER BY e.since, a.id`, dropID, besides, tx.Now().Add(-away))
}
