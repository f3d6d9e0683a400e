// Package brand knows the one organisation that an installation serves, how it is founded, and the
// secrets that all servers of the installation share.
package brand

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/clock"
	"ricochet.example/app/lang"
	"ricochet.example/data"
)

// Brand is the organisation that this installation serves. There is one.
type Brand struct {
	Name      string
	Language  string // of what the brand writes, one of lang.Supported
	URL       string // where people reach this installation, without a slash at the end
	TimeZone  string // of the dates that managers type, as in the tz database
	Label     string // the disclosure of drops in English
	LabelFR   string // and of those in French; empty: the same
	Ages      Ages   // who is asked for their age; SetAges changes it
	Colour    string // the ground of cards and the accent of pages, as #rrggbb; empty: the house's own
	Channels  string // that members are offered, in order, with commas between; empty: the house's own; SetChannels changes it
	FoundedAt time.Time
}

// Ages says who may join, and so whether people are asked for their age.
type Ages string

// The rules. The bands are those of account.Age.
const (
	AnyAge       Ages = ""         // nobody is asked
	AdultsOnly   Ages = "adults"   // from 18 on
	WithGuardian Ages = "guardian" // from 16 on; until 18 a guardian has to agree
)

// SetAges changes who may join from now on.
func SetAges(ctx context.Context, tx *data.Tx, a Ages) error {
	n, err := tx.Exec(ctx, `UPDATE brand SET ages = ? WHERE id = 1`, string(a))
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

// SetChannels changes which channels members are offered, by their names, and in which order.
func SetChannels(ctx context.Context, tx *data.Tx, names []string) error {
	n, err := tx.Exec(ctx, `UPDATE brand SET channels = ? WHERE id = 1`, strings.Join(names, ","))
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

// HouseColour is the ground of cards where the brand names none.
const HouseColour = "#0c4650"

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Ground is the colour that cards stand on, as #rrggbb.
func (b Brand) Ground() string {
	if b.Colour == "" {
		return HouseColour
	}
	return b.Colour
}

// LabelIn is the disclosure that stands on whatever is shared of a drop in a language.
func (b Brand) LabelIn(language string) string {
	if language == "fr" {
		return cmp.Or(b.LabelFR, b.Label)
	}
	return b.Label
}

// Accent is the colour that takes the place of the house's accent on pages, empty where the brand names none.
func (b Brand) Accent() string {
	if b.Colour == HouseColour {
		return ""
	}
	return b.Colour
}

// The lengths of what a brand says of itself, in characters.
const (
	longestName  = 80
	longestLabel = 120
)

// Check returns what keeps the brand from being founded or changed.
func (b Brand) Check() (p check.Problems) {
	p.Filled("name", b.Name)
	p.Longest("name", b.Name, longestName)
	p.OneOf("language", b.Language, lang.Supported()...)
	p.URL("url", b.URL)
	if u, err := url.Parse(b.URL); err == nil && (strings.Trim(u.EscapedPath(), "/") != "" || strings.ContainsAny(b.URL, "?#")) {
		p.Add("url", "brand.url_path") // every address of the product is made by adding to this one
	}
	if _, ok := clock.Zone(b.TimeZone); !ok {
		p.Add("time_zone", "check.choice")
	}
	for field, label := range map[string]string{"label_en": b.Label, "label_fr": b.LabelFR} {
		p.Filled(field, label)
		p.Longest(field, label, longestLabel)
	}
	if b.Colour != "" && !colour.MatchString(strings.ToLower(b.Colour)) {
		p.Add("colour", "brand.colour_wrong")
	}
	return p
}

// Zone returns the brand's time zone, UTC if the machine does not know it.
func (b Brand) Zone() *time.Location {
	if zone, ok := clock.Zone(b.TimeZone); ok {
		return zone
	}
	return time.UTC
}

func (b Brand) tidy() Brand {
	b.Colour = strings.ToLower(b.Colour)
	b.Name, b.Label, b.LabelFR = strings.TrimSpace(b.Name), strings.TrimSpace(b.Label), strings.TrimSpace(b.LabelFR)
	b.URL = strings.TrimRight(b.URL, "/")
	// As browsers write it when they say where a request comes from.
	if u, err := url.Parse(b.URL); err == nil && u.Host != "" {
		b.URL = u.Scheme + "://" + strings.ToLower(u.Host)
	}
	return b
}

const columns = `name, language, url, time_zone, label, founded_at, ages, colour, channels, label_fr`

func scan(row data.Row) (b Brand, err error) {
	return b, row.Scan(&b.Name, &b.Language, &b.URL, &b.TimeZone, &b.Label, data.Time(&b.FoundedAt), &b.Ages, &b.Colour, &b.Channels, &b.LabelFR)
}

// Of returns the brand, data.ErrNotFound before it is founded.
func Of(ctx context.Context, tx *data.Tx) (Brand, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM brand WHERE id = 1`)
}

// Errors of founding.
var (
	ErrFounded = errors.New("the brand is founded already")
	ErrSetUp   = errors.New("this is not the set-up token that was printed last")
)

// Found sets the installation up, once: whoever holds the token that SetUp made last may do it, and after
// that there is no token any more. It returns ErrSetUp for another token and ErrFounded when somebody was
// quicker.
func Found(ctx context.Context, tx *data.Tx, token string, b Brand) error {
	if _, err := Of(ctx, tx); err == nil {
		return ErrFounded
	}
	if ok, err := MaySetUp(ctx, tx, token); err != nil {
		return err
	} else if !ok {
		return ErrSetUp
	}
	b = b.tidy()
	n, err := tx.Exec(ctx, `INSERT INTO brand (id, `+columns+`) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, b.Name, b.Language, b.URL, b.TimeZone, b.Label, tx.Now(), string(b.Ages), b.Colour, b.Channels, b.LabelFR)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrFounded
	}
	_, err = tx.Exec(ctx, `DELETE FROM secrets WHERE name = ?`, setUp)
	return err
}

// Change replaces what the brand says of itself; when it was founded stays.
func Change(ctx context.Context, tx *data.Tx, b Brand) error {
	b = b.tidy()
	n, err := tx.Exec(ctx, `UPDATE brand SET name = ?, language = ?, url = ?, time_zone = ?, label = ?, label_fr = ?, colour = ?
		WHERE id = 1`, b.Name, b.Language, b.URL, b.TimeZone, b.Label, b.LabelFR, b.Colour)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	if err != nil {
		return err
	}
	return NewEdition(ctx, tx) // its name and labels stand on every reader page
}
