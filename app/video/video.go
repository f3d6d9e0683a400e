// Package video knows short videos that people upload: which are taken, and what of them is kept. A video is not
// made anew, as a picture is; but nothing stays in its file that is not needed to play it: where and when it was
// filmed, by whom and with what, and whatever else was put between its parts is overwritten with zeros, so that
// every part stays where it was.
package video

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// The bounds of an upload.
const (
	// MostBytes is how large a file may be.
	MostBytes = 40 << 20
	// MostMinutes is how long a video may be.
	MostMinutes = 3
	// longestSide is how wide or high it may be, in pixels: what decoders of phones take.
	longestSide = 4096
	// slack is how much longer a video may be than it may: nobody cuts to the frame.
	slack = time.Second
	// mostParts is how many boxes or elements a file may have. Three minutes at sixty pictures a second have
	// some 20,000.
	mostParts = 300_000
)

// The types of the two kinds of files that are taken.
const (
	MP4  = "video/mp4"
	WebM = "video/webm"
)

// Refused says why an upload is not taken, as the key of a message and its arguments, ready for a problem of a form.
type Refused struct {
	Key  string
	Args []any
}

// Error says which bound, for the log.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

// TooLarge is what is said of a file with more than MostBytes.
func TooLarge() *Refused { return &Refused{"video.bytes", []any{"n", MostBytes >> 20}} }

var (
	errEmpty   = &Refused{Key: "video.empty"}
	errKind    = &Refused{Key: "video.kind"}
	errDamaged = &Refused{Key: "video.damaged"}
	errCodec   = &Refused{Key: "video.codec"}
	errStream  = &Refused{Key: "video.streaming"}
	errSilent  = &Refused{Key: "video.no_picture"}
	errLong    = &Refused{"video.long", []any{"n", MostMinutes}}
	errSide    = &Refused{"video.side", []any{"n", longestSide}}
)

// Video is what there is to know of a file to show it.
type Video struct {
	Type          string // MP4 or WebM
	Width, Height int    // in pixels, as it is shown: the right way up
	Length        time.Duration
}

// File is an upload, which can be read and changed in any place.
type File interface {
	io.ReaderAt
	io.WriterAt
}

// Clean looks at a file of so many bytes and overwrites what is not needed to play it. The error is a *Refused where
// the file is not taken; what is then left of it is good for nothing.
func Clean(f File, size int64) (v Video, err error) {
	switch {
	case size == 0:
		return v, errEmpty
	case size > MostBytes:
		return v, TooLarge()
	}
	u := &upload{file: f, size: size}
	head, err := u.read(0, min(size, 8))
	switch {
	case err != nil:
		return v, err
	case len(head) == 8 && string(head[4:]) == "ftyp":
		v, err = u.mp4()
	case len(head) >= 4 && string(head[:4]) == "\x1a\x45\xdf\xa3":
		v, err = u.webm()
	default:
		return v, errKind
	}
	if err != nil {
		return v, err
	}
	return v, v.check()
}

// check says which bound a video goes beyond.
func (v Video) check() error {
	switch {
	case v.Width < 1 || v.Height < 1 || v.Length <= 0:
		return errDamaged
	case v.Width > longestSide || v.Height > longestSide:
		return errSide
	case v.Length > MostMinutes*time.Minute+slack:
		return errLong
	}
	return nil
}

// upload is a file on its way.
type upload struct {
	file  File
	size  int64
	parts int // that were looked at
}

// read reads bytes, whose number was bounded before.
func (u *upload) read(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > u.size-n {
		return nil, errDamaged
	}
	b := make([]byte, n)
	if _, err := u.file.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading an uploaded video: %w", err)
	}
	return b, nil
}

// write puts bytes where others were.
func (u *upload) write(at int64, b []byte) error {
	if _, err := u.file.WriteAt(b, at); err != nil {
		return fmt.Errorf("cleaning an uploaded video: %w", err)
	}
	return nil
}

var zeros [64 << 10]byte

// wipe overwrites what is from one place up to another.
func (u *upload) wipe(from, to int64) error {
	for from < to {
		n := min(to-from, int64(len(zeros)))
		if err := u.write(from, zeros[:n]); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// count bounds the work.
func (u *upload) count() error {
	if u.parts++; u.parts > mostParts {
		return errDamaged
	}
	return nil
}

// seconds is a length in units of which there are so many in a second.
func seconds(units, scale uint64) time.Duration {
	const most = 1 << 40 // units or seconds that nothing real has, and that do not overflow
	if scale == 0 || units > most || units/scale > most/uint64(time.Second) {
		return 24 * time.Hour // whatever it means, it is too long
	}
	return time.Duration(float64(units) / float64(scale) * float64(time.Second))
}
