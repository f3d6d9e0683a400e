// Package drop knows the pieces of early-access content: what they say and said, and who may see and
// share them from when on.
package drop

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/markdown"
	"ricochet.example/data"
)

// Drop is a piece of early-access content in Markdown, as its newest version says it.
type Drop struct {
	ID         string
	CampaignID string
	Language   string    // of what it says, one of lang.Supported
	PublicAt   time.Time // when it opens to everyone; zero: not by itself
	Label      string    // the disclosure of its campaign in its language; empty: the brand's
	CreatedBy  string    // the account, empty when it is gone
	CreatedAt  time.Time
	Version
}

// Version is what a drop said from some time on. The newest is what every link that ever went out shows.
type Version struct {
	Number     int // 1 is the first
	Title      string
	Teaser     string // what is said of the drop before it opens, and in cards
	Body       string // Markdown
	HTML       string // of the body as it reads until the drop is public, safe; made by Check
	PublicHTML string // and from then on; empty: the same; one empty line: nothing at all
	Cover      string // the image that cards show; empty: the title is drawn
	CoverAlt   string // what can be seen on it
	Caption    string // the ready-made messages that go with a link, as JoinCaptions makes one text of them
	Action     string // label of the call to action, empty: there is none
	ActionURL  string
	Tags       string // what it is about, one a line
	Restores   int    // the number of the version that it brings back; 0: it was written
	SavedBy    string // the account, empty when it is gone
	SavedAt    time.Time

	source, rendered string // the body that HTML was made of, and in which language
}

// How many characters of a title and a teaser messengers show for certain.
const (
	AdvisedTitle  = 60
	AdvisedTeaser = 110
)

// Reads is the body as HTML, for those who read early or for everyone.
func (v Version) Reads(public bool) string {
	if public && v.PublicHTML != "" {
		return v.PublicHTML
	}
	return v.HTML
}

// IsPublic says whether the drop is open to everyone.
func (d Drop) IsPublic(now time.Time) bool { return !d.PublicAt.IsZero() && !d.PublicAt.After(now) }

// The most that the parts of a drop can hold, in characters. The body is bounded by package markdown.
const (
	longestTitle   = 120
	longestTeaser  = 300
	longestCaption = 1000
	longestAction  = 40
)

// Check returns what keeps the drop from being saved. On the way it renders the body into HTML, with the
// pictures that it has: that is too slow for the transaction that saves it.
func (d *Drop) Check(images ...Image) (p check.Problems) { return d.CheckWith(images, nil) }

// CheckWith is Check of a drop that has videos as well.
func (d *Drop) CheckWith(images []Image, videos []Video) (p check.Problems) {
	p.OneOf("language", d.Language, lang.Supported()...)
	p.Filled("title", d.Title)
	p.Longest("title", d.Title, longestTitle)
	p.Longest("teaser", d.Teaser, longestTeaser)
	p.Filled("body", d.Body)
	if err := d.render(images, videos); err != nil {
		if refused := new(markdown.Refused); errors.As(err, &refused) {
			p.Add("body", refused.Key, refused.Args...)
		} else {
			p.Add("body", "check.text")
		}
	}
	if d.PublicHTML == nothing {
		p.Add("body", "drop.nothing_public", "public", ":::public", "end", ":::")
	}
	if d.Cover != "" && !slices.ContainsFunc(images, func(i Image) bool { return i.ID == d.Cover }) {
		p.Add("cover", "check.choice")
	}
	p.Longest("cover_alt", d.CoverAlt, longestAlt)
	checkCaptions(&p, d.Version)
	p.Longest("action", d.Action, longestAction)
	if d.ActionURL != "" {
		p.Filled("action", d.Action)
		p.URL("action_url", d.ActionURL)
	} else if d.Action != "" {
		p.Add("action_url", "check.required")
	}
	checkTags(&p, d.Version)
	return p
}

// nothing is the HTML of a body that says nothing to everyone.
const nothing = "\n"

// render makes HTML of the body, unless it is there.
func (d *Drop) render(images []Image, videos []Video) (err error) {
	d.Tidy()
	if d.HTML != "" && d.source == d.Body && d.rendered == d.Language {
		return nil
	}
	media := markdown.Media{Pictures: make(map[string]markdown.Picture, len(images)), Videos: make(map[string]markdown.Video, len(videos))}
	for _, i := range images {
		media.Pictures[i.ID] = i.picture()
	}
	for _, v := range videos {
		media.Videos[v.ID] = v.film()
	}
	if d.HTML, err = markdown.RenderWith(markdown.For(d.Body, false), d.Language, media); err != nil {
		return err
	}
	d.PublicHTML = ""
	if later := markdown.For(d.Body, true); later != markdown.For(d.Body, false) {
		if d.PublicHTML, err = markdown.RenderWith(later, d.Language, media); err != nil {
			return err
		}
		if strings.TrimSpace(d.PublicHTML) == "" {
			d.PublicHTML = nothing
		}
	}
	d.source, d.rendered = d.Body, d.Language
	return nil
}

// Tidy makes what was typed as it is saved: without spaces around it, and tags one a line.
func (d *Drop) Tidy() {
	for _, text := range []*string{&d.Title, &d.Teaser, &d.Caption, &d.Action, &d.ActionURL, &d.CoverAlt} {
		*text = strings.TrimSpace(*text)
	}
	d.Body = strings.ReplaceAll(d.Body, "\r\n", "\n") // as forms send it
	d.Tags = tidyTags(d.Tags)
}

// says tells whether two versions say the same.
func (d *Drop) says(other Drop) bool {
	return len(Changed(d.Version, other.Version)) == 0 && d.HTML == other.HTML && d.PublicHTML == other.PublicHTML && d.Language == other.Language
}

const (
	columns = `d.id, d.campaign_id, d.language, d.public_at, d.created_by, d.created_at,
	v.number, v.title, v.teaser, v.body, v.html, v.public_html, v.cover, v.cover_alt, v.caption, v.action, v.action_url, v.tags,
	coalesce(v.restores, 0), v.saved_by, v.saved_at,
	coalesce((SELECT x.label FROM campaign_labels x WHERE x.campaign_id = d.campaign_id AND x.language = d.language), '')`
	shown = ` FROM drops d JOIN drop_versions v ON v.drop_id = d.id AND v.number = d.version `
)

func scan(row data.Row) (d Drop, err error) {
	err = row.Scan(&d.ID, &d.CampaignID, &d.Language, data.Time(&d.PublicAt), data.Null(&d.CreatedBy), data.Time(&d.CreatedAt),
		&d.Number, &d.Title, &d.Teaser, &d.Body, &d.HTML, &d.PublicHTML, data.Null(&d.Cover), &d.CoverAlt, &d.Caption, &d.Action, &d.ActionURL,
		&d.Tags, &d.Restores, data.Null(&d.SavedBy), data.Time(&d.SavedAt), &d.Label)
	if d.PublicHTML == "" && markdown.For(d.Body, true) != markdown.For(d.Body, false) {
		d.PublicHTML = nothing // saved when that was still taken for the same
	}
	d.source, d.rendered = d.Body, d.Language
	return d, err
}

// Create makes a drop that has passed Check, by the account in CreatedBy. It is released to nobody.
func Create(ctx context.Context, tx *data.Tx, d Drop) (Drop, error) {
	if err := d.render(nil, nil); err != nil {
		return d, err
	}
	d.ID, d.CreatedAt, d.PublicAt = id.New(), tx.Now(), time.Time{}
	d.Number, d.SavedBy = 1, d.CreatedBy
	if _, err := tx.Exec(ctx, `INSERT INTO drops (id, campaign_id, language, version, created_by, created_at)
		VALUES (?, ?, ?, ?, NULLIF(?, ''), ?)`, d.ID, d.CampaignID, d.Language, d.Number, d.CreatedBy, d.CreatedAt); err != nil {
		return d, err
	}
	if err := openDoor(ctx, tx, d.ID); err != nil {
		return d, err
	}
	return keep(ctx, tx, d)
}

// Save corrects a drop that has passed Check: its language, and what it says as a new version by the
// account in SavedBy. What it said before is kept. Saying the same again makes no version. Number is the version
// that it was written on, 0 for whichever is the newest; when there is a newer one, the error is ErrNewer.
func Save(ctx context.Context, tx *data.Tx, d Drop) (Drop, error) {
	if err := d.render(nil, nil); err != nil {
		return d, err
	}
	before, err := ByID(ctx, tx, d.ID)
	if err != nil {
		return d, err
	}
	if d.says(before) {
		return before, nil
	}
	if d.Number != 0 && d.Number != before.Number {
		return before, ErrNewer
	}
	number, err := data.Int(ctx, tx, `UPDATE drops SET version = version + 1, language = ? WHERE id = ? AND version = ?
		RETURNING version`, d.Language, d.ID, before.Number)
	if errors.Is(err, data.ErrNotFound) { // somebody was quicker, just now
		err = ErrNewer
	}
	if err != nil {
		return d, err
	}
	d.Number = int(number)
	if d, err = keep(ctx, tx, d); err != nil {
		return d, err
	}
	return d, brand.NewEdition(ctx, tx)
}

// keep writes down a version and returns the drop as it now is.
func keep(ctx context.Context, tx *data.Tx, d Drop) (Drop, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO drop_versions
		(drop_id, number, title, teaser, body, html, public_html, cover, cover_alt, caption, action, action_url, tags, restores, saved_by, saved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, NULLIF(?, 0), NULLIF(?, ''), ?)`, d.ID, d.Number, d.Title, d.Teaser, d.Body, d.HTML,
		d.PublicHTML, d.Cover, d.CoverAlt, d.Caption, d.Action, d.ActionURL, d.Tags, d.Restores, d.SavedBy, tx.Now()); err != nil {
		return d, err
	}
	return ByID(ctx, tx, d.ID)
}

// ByID returns one drop whoever asks, or data.ErrNotFound; VisibleByID is for members.
func ByID(ctx context.Context, tx *data.Tx, dropID string) (Drop, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+shown+`WHERE d.id = ?`, dropID)
}

// VersionByNumber returns a drop as one of its versions said it, or data.ErrNotFound.
func VersionByNumber(ctx context.Context, tx *data.Tx, dropID string, number int) (Drop, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM drops d JOIN drop_versions v ON v.drop_id = d.id
		WHERE d.id = ? AND v.number = ?`, dropID, number)
}

// InCampaign returns the drops of a campaign whoever asks, the newest first.
func InCampaign(ctx context.Context, tx *data.Tx, campaignID string) ([]Drop, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+shown+`WHERE d.campaign_id = ?
		ORDER BY d.created_at DESC, d.id DESC`, campaignID)
}
