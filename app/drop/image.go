package drop

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/markdown"
	"ricochet.example/app/photo"
	"ricochet.example/data"
)

// Image is a picture that was uploaded for a drop. What its file was called, and all else that was in it, is
// not kept.
type Image struct {
	ID         string
	DropID     string // empty until the drop is saved
	Form       string // in which it was uploaded, until then
	Alt        string // what can be seen, for those who cannot see it
	Width      int    // in pixels, of the size for desks
	Height     int
	PhoneWidth int
	AddedBy    string // the account, empty when it is gone
	AddedAt    time.Time
}

// MostImages is how many pictures a drop may have.
const MostImages = 50

// longestAlt is how long an alternative text may be, in characters.
const longestAlt = 300

// keptFor is how long a picture waits for its drop to be saved.
const keptFor = 48 * time.Hour

// ErrManyImages says that a drop has as many pictures as it may.
var ErrManyImages = errors.New("the drop has as many pictures as it may")

var imageUploads = uploads{"images", MostImages, ErrManyImages}

// The names of the sizes of a picture, as addresses have them behind its id.
const (
	DeskSize  = ""
	PhoneSize = "phone"
	CardSize  = "card"
)

// letters are those of an image's id.
var letters = base32.HexEncoding.WithPadding(base32.NoPadding)

// Reference is how a text shows the picture.
func (i Image) Reference() string { return referTo("image", i.ID, i.Alt) }

// referTo is how a text shows something that was uploaded for it.
func referTo(kind, id, alt string) string {
	return "![" + altWords.Replace(alt) + "](" + kind + ":" + id + ")"
}

// tidyAlt is an alternative text as it is kept: on one line, and cut where it is too long.
func tidyAlt(typed string) string {
	typed = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", ""), "")), " ")
	if alt := []rune(typed); len(alt) > longestAlt {
		typed = string(alt[:longestAlt])
	}
	return typed
}

// picture is what markdown has to know of it.
func (i Image) picture() markdown.Picture {
	return markdown.Picture{Width: i.Width, Height: i.Height, PhoneWidth: i.PhoneWidth}
}

// AddImage keeps a picture for a drop, or for the form of one that is not saved yet. One that is there already
// stays as it is. Its alternative text is cut where it is too long.
func AddImage(ctx context.Context, tx *data.Tx, i Image, p photo.Photo) (Image, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM images WHERE drop_id IS NULL AND added_at < ?`, tx.Now().Add(-keptFor)); err != nil {
		return i, fmt.Errorf("clearing away pictures of drops that were never saved: %w", err)
	}
	owner := "drop " + i.DropID
	if i.DropID == "" {
		owner = "form " + i.AddedBy + " " + i.Form
	}
	sum := sha256.Sum256(append([]byte(owner+"\x00"), p.Desk.Content...))
	i.ID = strings.ToLower(letters.EncodeToString(sum[:16]))
	full := imageUploads.room(ctx, tx, i.DropID, i.Form, i.AddedBy, i.ID)
	if have, err := imageByID(ctx, tx, i.ID); !errors.Is(err, data.ErrNotFound) {
		return have, err
	}
	if full != nil { // one that is there needs no room
		return i, full
	}
	i.Alt = tidyAlt(i.Alt)
	i.Width, i.Height, i.PhoneWidth, i.AddedAt = p.Desk.Width, p.Desk.Height, p.Phone.Width, tx.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO images (id, drop_id, form, alt, width, height, added_by, added_at)
		VALUES (?, NULLIF(?, ''), ?, ?, ?, ?, NULLIF(?, ''), ?)`, i.ID, i.DropID, i.Form, i.Alt, i.Width, i.Height, i.AddedBy, i.AddedAt); err != nil {
		return i, fmt.Errorf("keeping a picture: %w", err)
	}
	for size, s := range map[string]photo.Size{DeskSize: p.Desk, PhoneSize: p.Phone, CardSize: p.Card} {
		if _, err := tx.Exec(ctx, `INSERT INTO image_sizes (image_id, size, type, width, height, content)
			VALUES (?, ?, ?, ?, ?, ?)`, i.ID, size, s.Type, s.Width, s.Height, s.Content); err != nil {
			return i, fmt.Errorf("keeping a size of a picture: %w", err)
		}
	}
	return i, nil
}

const imageColumns = `i.id, i.drop_id, i.form, i.alt, i.width, i.height, p.width, i.added_by, i.added_at
	FROM images i JOIN image_sizes p ON p.image_id = i.id AND p.size = '` + PhoneSize + `' `

func scanImage(row data.Row) (i Image, err error) {
	return i, row.Scan(&i.ID, data.Null(&i.DropID), &i.Form, &i.Alt, &i.Width, &i.Height, &i.PhoneWidth, data.Null(&i.AddedBy), data.Time(&i.AddedAt))
}

func imageByID(ctx context.Context, tx *data.Tx, imageID string) (Image, error) {
	return data.One(ctx, tx, scanImage, `SELECT `+imageColumns+`WHERE i.id = ?`, imageID)
}

// Images returns the pictures of a drop in the order in which they came.
func Images(ctx context.Context, tx *data.Tx, dropID string) ([]Image, error) {
	return data.All(ctx, tx, scanImage, `SELECT `+imageColumns+`WHERE i.drop_id = ? ORDER BY i.added_at, i.id`, dropID)
}

// ImagesOfForm returns the pictures that an account uploaded in the form of a drop that is not saved yet.
func ImagesOfForm(ctx context.Context, tx *data.Tx, form, accountID string) ([]Image, error) {
	return data.All(ctx, tx, scanImage, `SELECT `+imageColumns+`
		WHERE i.drop_id IS NULL AND i.form = ? AND i.added_by = ? ORDER BY i.added_at, i.id`, form, accountID)
}

// AdoptImages gives a drop that was just made the pictures of its form, and the videos.
func AdoptImages(ctx context.Context, tx *data.Tx, dropID, form, accountID string) error {
	if err := adoptVideos(ctx, tx, dropID, form, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE images SET drop_id = ?, form = '' WHERE drop_id IS NULL AND form = ? AND added_by = ?`,
		dropID, form, accountID)
	return err
}

// RemoveImage takes a picture of a drop away for good, also from what the drop said before. One that the drop
// shows now stays: data.ErrTaken.
func RemoveImage(ctx context.Context, tx *data.Tx, dropID, imageID string) error {
	d, err := ByID(ctx, tx, dropID)
	if err != nil {
		return err
	}
	if d.Shows(imageID) {
		return fmt.Errorf("removing a picture: %w", data.ErrTaken)
	}
	n, err := tx.Exec(ctx, `DELETE FROM images WHERE id = ? AND drop_id = ?`, imageID, d.ID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// Shows says whether somebody who may see the drop, early or late, sees the picture.
func (d Drop) Shows(imageID string) bool {
	return d.ShowsTo(false, imageID) || d.ShowsTo(true, imageID)
}

// ShowsTo says whether a picture is on the page of those who read early, or of everyone, or in their card.
func (d Drop) ShowsTo(public bool, imageID string) bool {
	page := d.Reads(public)
	return imageID != "" && (d.Cover == imageID || strings.Contains(page, `"/m/`+imageID+`"`))
}

// ImageSize returns a picture of a drop in one of its sizes, whoever asks: the judges are asked before.
func ImageSize(ctx context.Context, tx *data.Tx, dropID, imageID, size string) (photo.Size, error) {
	return data.One(ctx, tx, scanSize, `SELECT s.type, s.width, s.height, s.content
		FROM images i JOIN image_sizes s ON s.image_id = i.id WHERE i.id = ? AND i.drop_id = ? AND s.size = ?`, imageID, dropID, size)
}

// CoverCard returns a picture as a card shows it, whoever asks: the judges are asked before.
func CoverCard(ctx context.Context, tx *data.Tx, imageID string) (photo.Size, error) {
	return data.One(ctx, tx, scanSize, `SELECT type, width, height, content FROM image_sizes WHERE image_id = ? AND size = ?`, imageID, CardSize)
}

func scanSize(row data.Row) (s photo.Size, err error) {
	return s, row.Scan(&s.Type, &s.Width, &s.Height, &s.Content)
}

// VisibleImage returns a picture in one of its sizes if the account may see it: staff any, and what they
// uploaded for a drop that is not saved yet; others what a drop shows now that they may see. public says that
// everyone may. Else it is data.ErrNotFound.
func VisibleImage(ctx context.Context, tx *data.Tx, accountID, imageID, size string, staff bool) (s photo.Size, public bool, err error) {
	i, err := imageByID(ctx, tx, imageID)
	if err != nil {
		return s, false, err
	}
	if i.DropID == "" {
		if !staff || i.AddedBy != accountID {
			return s, false, data.ErrNotFound
		}
		s, err = data.One(ctx, tx, scanSize, `SELECT type, width, height, content FROM image_sizes WHERE image_id = ? AND size = ?`, i.ID, size)
		return s, false, err
	}
	d, err := VisibleByID(ctx, tx, accountID, i.DropID)
	if err != nil {
		return s, false, err
	}
	public = d.IsPublic(tx.Now())
	if !staff && !d.ShowsTo(public, i.ID) {
		return s, false, data.ErrNotFound
	}
	public = public && d.ShowsTo(true, i.ID)
	s, err = ImageSize(ctx, tx, d.ID, i.ID, size)
	return s, public, err
}
