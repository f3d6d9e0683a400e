package drop

import (
	"context"
	"fmt"
	"strings"

	"ricochet.example/app/markdown"
	"ricochet.example/app/subtitle"
	"ricochet.example/data"
)

// KeepSubtitles keeps the words under a video in a language, which package subtitle has cleaned, in the place of those
// that are there.
func KeepSubtitles(ctx context.Context, tx *data.Tx, videoID, language, content string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO subtitles (video_id, language, content, added_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (video_id, language) DO UPDATE SET content = excluded.content, added_at = excluded.added_at`,
		videoID, language, content, tx.Now()); err != nil {
		return fmt.Errorf("keeping subtitles: %w", err)
	}
	return nil
}

// RemoveSubtitles takes those of a video in a language away. It is no mistake if there are none.
func RemoveSubtitles(ctx context.Context, tx *data.Tx, videoID, language string) error {
	_, err := tx.Exec(ctx, `DELETE FROM subtitles WHERE video_id = ? AND language = ?`, videoID, language)
	return err
}

// SubtitlesOf returns those of a video in a language, whoever asks: the judges are asked before.
func SubtitlesOf(ctx context.Context, tx *data.Tx, videoID, language string) (string, error) {
	return data.One(ctx, tx, data.Text, `SELECT content FROM subtitles WHERE video_id = ? AND language = ?`, videoID, language)
}

// VisibleSubtitles returns those of a video in a language if the account may see the video, and its page offers them;
// staff any. Else it is data.ErrNotFound.
func VisibleSubtitles(ctx context.Context, tx *data.Tx, accountID, videoID, language string, staff bool) (string, error) {
	v, _, err := VisibleVideo(ctx, tx, accountID, videoID, staff)
	if err != nil {
		return "", err
	}
	if !staff {
		d, err := VisibleByID(ctx, tx, accountID, v.DropID)
		if err == nil && !d.SubtitlesTo(d.IsPublic(tx.Now()), videoID, language) {
			err = data.ErrNotFound
		}
		if err != nil {
			return "", err
		}
	}
	return SubtitlesOf(ctx, tx, videoID, language)
}

// SubtitlesTo says whether the page of those who read early, or of everyone, offers subtitles of a video.
func (d Drop) SubtitlesTo(public bool, videoID, language string) bool {
	return d.PlaysTo(public, videoID) && strings.Contains(d.Reads(public), `<track kind="subtitles" src="`+markdown.TrackPath(videoID, language)+`"`)
}

// tracks are what markdown has to know of the subtitles of a video.
func (v Video) tracks() (all []markdown.Track) {
	for _, code := range v.Subtitles {
		if l, ok := subtitle.LanguageOf(code); ok {
			all = append(all, markdown.Track{Language: l.Code, Label: l.Name})
		}
	}
	return all
}
