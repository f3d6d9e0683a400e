package drop

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"ricochet.example/app/markdown"
	"ricochet.example/app/subtitle"
	"ricochet.example/app/video"
	"ricochet.example/data"
)

// Video is a short video that was uploaded for a drop. What its file was called, and all in it that is not needed to
// play it, is not kept.
type Video struct {
	ID      string
	DropID  string // empty until the drop is saved
	Form    string // in which it was uploaded, until then
	Alt     string // what can be seen and heard, for those who cannot
	Poster  string // the picture that stands there until it is played, of the same drop; may be empty
	Bytes   int64
	AddedBy string // the account, empty when it is gone
	AddedAt time.Time
	// Subtitles are the languages of those that it has.
	Subtitles []string
	video.Video
}

// MostVideos is how many videos a drop may have.
const MostVideos = 3

// videoPart is how many bytes of a video are written and read at a time.
const videoPart = 256 << 10

// unfinished is how long a video may take to come in.
const unfinished = time.Hour

// ErrManyVideos says that a drop has as many videos as it may.
var ErrManyVideos = errors.New("the drop has as many videos as it may")

var videoUploads = uploads{"videos", MostVideos, ErrManyVideos}

// Reference is how a text shows the video.
func (v Video) Reference() string { return referTo("video", v.ID, v.Alt) }

// film is what markdown has to know of it.
func (v Video) film() markdown.Video {
	return markdown.Video{Width: v.Width, Height: v.Height, Poster: v.Poster, Tracks: v.tracks()}
}

// VideoName is the id of a video: of what its file holds, which is written to it, and where it was uploaded.
type VideoName struct{ sum hash.Hash }

// NameVideo begins the name of a video.
func NameVideo(v Video) VideoName {
	name := VideoName{sha256.New()}
	owner := "drop " + v.DropID
	if v.DropID == "" {
		owner = "form " + v.AddedBy + " " + v.Form
	}
	_, _ = io.WriteString(name.sum, "video "+owner+"\x00")
	return name
}

// Write takes a part of the file.
func (n VideoName) Write(b []byte) (int, error) { return n.sum.Write(b) }

// String is the id.
func (n VideoName) String() string {
	return strings.ToLower(letters.EncodeToString(n.sum.Sum(nil)[:16]))
}

// KeepVideo keeps a video for a drop, or for the form of one that is not saved yet, out of a file that was cleaned. It
// is read twice, and written part by part: others write meanwhile. It is there when all of it is. One that is there
// already stays as it is.
func KeepVideo(ctx context.Context, db *data.DB, v Video, file io.ReaderAt) (Video, error) {
	name := NameVideo(v)
	if _, err := io.Copy(name, io.NewSectionReader(file, 0, v.Bytes)); err != nil {
		return v, fmt.Errorf("naming a video: %w", err)
	}
	v.ID = name.String()
	var there bool
	err := db.Update(ctx, func(tx *data.Tx) error {
		have, err := videoByID(ctx, tx, v.ID)
		if there = err == nil; there {
			v = have
		}
		if !errors.Is(err, data.ErrNotFound) {
			return err
		}
		return beginVideo(ctx, tx, &v)
	})
	if err != nil || there {
		return v, err
	}
	buffer := make([]byte, videoPart)
	for number := int64(0); number*videoPart < v.Bytes; number++ {
		part := buffer[:min(videoPart, v.Bytes-number*videoPart)]
		if _, err := file.ReadAt(part, number*videoPart); err != nil && !errors.Is(err, io.EOF) {
			return v, fmt.Errorf("reading a video to keep it: %w", err)
		}
		err := db.Update(ctx, func(tx *data.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO video_parts (video_id, number, content) VALUES (?, ?, ?)
				ON CONFLICT (video_id, number) DO NOTHING`, v.ID, number, part)
			return err
		})
		if err != nil {
			return v, fmt.Errorf("keeping a part of a video: %w", err)
		}
	}
	err = db.Update(ctx, func(tx *data.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE videos SET whole = 1 WHERE id = ?`, v.ID)
		if err == nil && n == 0 {
			err = data.ErrNotFound // it went while its parts came
		}
		return err
	})
	return v, err
}

// beginVideo notes a video whose parts are to come, and clears away those of which they never came.
func beginVideo(ctx context.Context, tx *data.Tx, v *Video) error {
	if _, err := tx.Exec(ctx, `DELETE FROM videos WHERE (drop_id IS NULL AND added_at < ?) OR (whole = 0 AND added_at < ?)`,
		tx.Now().Add(-keptFor), tx.Now().Add(-unfinished)); err != nil {
		return fmt.Errorf("clearing away videos of drops that were never saved: %w", err)
	}
	if err := videoUploads.room(ctx, tx, v.DropID, v.Form, v.AddedBy, v.ID); err != nil {
		return err
	}
	v.Alt, v.AddedAt = tidyAlt(v.Alt), tx.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO videos (id, drop_id, form, alt, type, width, height, length, bytes, whole, added_by, added_at)
		VALUES (?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?, 0, NULLIF(?, ''), ?)
		ON CONFLICT (id) DO UPDATE SET alt = excluded.alt, added_at = excluded.added_at`, v.ID, v.DropID, v.Form, v.Alt, v.Type, v.Width, v.Height,
		v.Length.Milliseconds(), v.Bytes, v.AddedBy, v.AddedAt); err != nil {
		return fmt.Errorf("keeping a video: %w", err)
	}
	return nil
}

const videoColumns = `id, drop_id, form, alt, type, width, height, length, bytes, poster, added_by, added_at,
	coalesce((SELECT string_agg(s.language, ' ') FROM subtitles s WHERE s.video_id = videos.id), '') FROM videos WHERE whole = 1 AND `

func scanVideo(row data.Row) (v Video, err error) {
	var length int64
	var languages string
	err = row.Scan(&v.ID, data.Null(&v.DropID), &v.Form, &v.Alt, &v.Type, &v.Width, &v.Height, &length, &v.Bytes, data.Null(&v.Poster),
		data.Null(&v.AddedBy), data.Time(&v.AddedAt), &languages)
	v.Subtitles = strings.Fields(languages)
	subtitle.Sort(v.Subtitles)
	v.Length = time.Duration(length) * time.Millisecond
	return v, err
}

func videoByID(ctx context.Context, tx *data.Tx, videoID string) (Video, error) {
	return data.One(ctx, tx, scanVideo, `SELECT `+videoColumns+`id = ?`, videoID)
}

// Videos returns the videos of a drop in the order in which they came.
func Videos(ctx context.Context, tx *data.Tx, dropID string) ([]Video, error) {
	return data.All(ctx, tx, scanVideo, `SELECT `+videoColumns+`drop_id = ? ORDER BY added_at, id`, dropID)
}

// VideosOfForm returns the videos that an account uploaded in the form of a drop that is not saved yet.
func VideosOfForm(ctx context.Context, tx *data.Tx, form, accountID string) ([]Video, error) {
	return data.All(ctx, tx, scanVideo, `SELECT `+videoColumns+`drop_id IS NULL AND form = ? AND added_by = ? ORDER BY added_at, id`, form, accountID)
}

// VideoOf returns a video of a drop, or of the form of one that is not saved yet, or data.ErrNotFound.
func VideoOf(ctx context.Context, tx *data.Tx, dropID, form, accountID, videoID string) (Video, error) {
	v, err := videoByID(ctx, tx, videoID)
	if err == nil && (v.DropID != dropID || dropID == "" && (v.Form != form || v.AddedBy != accountID)) {
		err = data.ErrNotFound
	}
	return v, err
}

// adoptVideos gives a drop that was just made the videos of its form.
func adoptVideos(ctx context.Context, tx *data.Tx, dropID, form, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE videos SET drop_id = ?, form = '' WHERE drop_id IS NULL AND form = ? AND added_by = ?`,
		dropID, form, accountID)
	return err
}

// SetPoster makes a picture of the same drop, or of the same form, what stands in the place of a video until it is
// played; an empty one: nothing does. Any other is data.ErrNotFound.
func SetPoster(ctx context.Context, tx *data.Tx, v Video, imageID string) error {
	n, err := tx.Exec(ctx, `UPDATE videos SET poster = NULLIF(?, '') WHERE id = ? AND (? = '' OR EXISTS (
		SELECT 1 FROM images i WHERE i.id = ? AND coalesce(i.drop_id, '') = ? AND i.form = ? AND (i.drop_id IS NOT NULL OR i.added_by = ?)))`,
		imageID, v.ID, imageID, imageID, v.DropID, v.Form, v.AddedBy)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// RemoveVideo takes a video of a drop away for good, also from what the drop said before. One that the drop shows now
// stays: data.ErrTaken.
func RemoveVideo(ctx context.Context, tx *data.Tx, dropID, videoID string) error {
	d, err := ByID(ctx, tx, dropID)
	if err != nil {
		return err
	}
	if d.PlaysTo(false, videoID) || d.PlaysTo(true, videoID) {
		return fmt.Errorf("removing a video: %w", data.ErrTaken)
	}
	n, err := tx.Exec(ctx, `DELETE FROM videos WHERE id = ? AND drop_id = ?`, videoID, d.ID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// PlaysTo says whether a video is on the page of those who read early, or of everyone.
func (d Drop) PlaysTo(public bool, videoID string) bool {
	return videoID != "" && strings.Contains(d.Reads(public), `<video src="/v/`+videoID+`"`)
}

// SharedVideo returns a video of a drop, whoever asks: the judges are asked before.
func SharedVideo(ctx context.Context, tx *data.Tx, dropID, videoID string) (Video, error) {
	return data.One(ctx, tx, scanVideo, `SELECT `+videoColumns+`id = ? AND drop_id = ?`, videoID, dropID)
}

// VisibleVideo returns a video if the account may see it: staff any, and what they uploaded for a drop that is not
// saved yet; others what a drop plays now that they may see. public says that everyone may. Else it is
// data.ErrNotFound.
func VisibleVideo(ctx context.Context, tx *data.Tx, accountID, videoID string, staff bool) (v Video, public bool, err error) {
	if v, err = videoByID(ctx, tx, videoID); err != nil {
		return v, false, err
	}
	if v.DropID == "" {
		if !staff || v.AddedBy != accountID {
			err = data.ErrNotFound
		}
		return v, false, err
	}
	d, err := VisibleByID(ctx, tx, accountID, v.DropID)
	if err != nil {
		return v, false, err
	}
	public = d.IsPublic(tx.Now())
	if !staff && !d.PlaysTo(public, v.ID) {
		return v, false, data.ErrNotFound
	}
	return v, public && d.PlaysTo(true, v.ID), nil
}

// videoPartOf returns one part of a video's bytes.
func videoPartOf(ctx context.Context, tx *data.Tx, videoID string, number int64) ([]byte, error) {
	return data.One(ctx, tx, func(r data.Row) (b []byte, err error) { return b, r.Scan(&b) },
		`SELECT content FROM video_parts WHERE video_id = ? AND number = ?`, videoID, number)
}

// VideoBytes reads the bytes of a video from any place, a part at a time and each part in a transaction of its own:
// whoever looks at a video on a slow line holds nobody up. It is for one reader.
type VideoBytes struct {
	ctx    context.Context
	db     *data.DB
	video  Video
	at     int64
	part   []byte
	number int64 // of that part

	// Each, if any, is called before a part is read.
	Each func()
}

// Content is what a video holds, to be read.
func (v Video) Content(ctx context.Context, db *data.DB) *VideoBytes {
	return &VideoBytes{ctx: ctx, db: db, video: v, number: -1}
}

// Read implements io.Reader.
func (b *VideoBytes) Read(to []byte) (int, error) {
	if b.at >= b.video.Bytes {
		return 0, io.EOF
	}
	if number := b.at / videoPart; number != b.number {
		if b.Each != nil {
			b.Each()
		}
		err := b.db.View(b.ctx, func(tx *data.Tx) (err error) {
			b.part, err = videoPartOf(b.ctx, tx, b.video.ID, number)
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("reading a part of a video: %w", err)
		}
		b.number = number
	}
	from := b.at - b.number*videoPart
	if from >= int64(len(b.part)) {
		return 0, fmt.Errorf("reading a part of a video: %w", io.ErrUnexpectedEOF)
	}
	n := copy(to, b.part[from:])
	b.at += int64(n)
	return n, nil
}

// Seek implements io.Seeker.
func (b *VideoBytes) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.video.Bytes
	}
	if offset < 0 {
		return 0, errors.New("seeking before a video's beginning")
	}
	b.at = offset
	return offset, nil
}

// LinkedVideo is how a text leads to a video that is elsewhere.
func LinkedVideo(address, alt string) string {
	address = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "(", "%28", ")", "%29", "\\", "%5C", "\n", "").Replace(address)
	return "![" + altWords.Replace(tidyAlt(alt)) + "](video:" + address + ")"
}

// altWords makes an alternative text one that can stand between the brackets of Markdown.
var altWords = strings.NewReplacer("[", "(", "]", ")", "\n", " ", "\\", "")
