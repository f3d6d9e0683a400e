package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"

	"ricochet.example/data"
)

// The bounds of a form that brings a file. Of a file that is too large the rest is read and thrown away, so
// that whoever sent it gets back what they typed.
const (
	mostSent   = 64 << 20
	mostParts  = 200
	uploadTime = 5 * time.Minute // for so many bytes on a phone's line:

	uploadBytes = 10 << 20
)

// fileField is the field of a form that has a file: its name, and the most bytes that are taken.
type fileField struct {
	name string
	most int
	// to is where the file is put; nil: it is kept in memory.
	to *spool
}

// sent is how much a form with such a file may bring.
func (f fileField) sent() int64 {
	if f.to != nil {
		return int64(f.most) + 2*mostSent
	}
	return mostSent
}

// time is how long it may take, at most half an hour.
func (f fileField) time() time.Duration {
	return uploadTime * time.Duration(min(max(1, f.most/uploadBytes), 6))
}

// spool is a file of an upload that is too large for the memory. Nobody else finds it, and it is gone when it is
// closed, or with the process.
type spool struct {
	file   *os.File
	size   int64
	failed error // to write
}

func (s *spool) ReadAt(b []byte, at int64) (int, error)  { return s.file.ReadAt(b, at) }
func (s *spool) WriteAt(b []byte, at int64) (int, error) { return s.file.WriteAt(b, at) }

// Close gives back the room that it took.
func (s *spool) Close() error { return s.file.Close() }

// all reads it from its beginning to its end.
func (s *spool) all() io.Reader { return io.NewSectionReader(s.file, 0, s.size) }

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "ricochet-*")
	if err != nil {
		return nil, fmt.Errorf("making room for an upload: %w", spooled(err))
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("hiding an upload: %w", err), f.Close())
	}
	return &spool{file: f}, nil
}

// spooled says of a disk that is full that it is.
func spooled(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: %w", data.ErrFull, err)
	}
	return err
}

// Write puts more of the upload behind what there is.
func (s *spool) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	s.size += int64(n)
	if err != nil {
		s.failed = fmt.Errorf("writing an upload: %w", spooled(err))
	}
	return n, err //nolint:wrapcheck // it is named in failed
}

// upload is what a form with a file brought.
type upload struct {
	field    fileField
	values   url.Values
	file     []byte
	sent     bool // a file was chosen
	tooLarge bool
}

// readUpload reads a form with a file. The file's name is not looked at, and nothing is written to disk.
func (s *Server) readUpload(w http.ResponseWriter, r *request, field fileField) (up upload, err error) {
	if r.who.ID != "" { // strangers have no more time than usual
		// Where the connection does not take it, the usual time has to do.
		until, control := s.clock.Now().Add(field.time()), http.NewResponseController(w)
		_, _ = control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(uploadTime))
	}
	r.Body = http.MaxBytesReader(w, r.Body, field.sent())
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) { // somebody's own form, without a file
		var none struct{}
		err = s.fillUpTo(dropFormSize, w, r, &none)
		return upload{field: field, values: r.PostForm}, err
	}
	if err != nil {
		return up, errBadRequest
	}
	up.values, up.field = url.Values{}, field
	left := int64(dropFormSize)
	for range mostParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err == nil {
			err = up.take(part, &left)
		}
		if field.to != nil && field.to.failed != nil {
			return up, field.to.failed
		}
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return up, errTooLarge
		}
		if errors.Is(err, errTooLarge) {
			return up, err
		}
		if err != nil {
			return up, errBadRequest
		}
	}
	return up, errBadRequest
}

// take reads one part of a form, text as long as there is room left for it.
func (up *upload) take(part *multipart.Part, left *int64) error {
	defer part.Close()
	if part.FormName() != up.field.name && part.FileName() != "" { // of no field that takes one
		_, err := io.Copy(io.Discard, part)
		return err
	}
	if part.FormName() != up.field.name {
		text, err := io.ReadAll(io.LimitReader(part, *left+1))
		if *left -= int64(len(text)); *left < 0 {
			return errTooLarge
		}
		up.values.Add(part.FormName(), string(text))
		return err
	}
	if up.field.to != nil {
		return up.spool(part)
	}
	file, err := io.ReadAll(io.LimitReader(part, int64(up.field.most)+1))
	if err != nil {
		return err
	}
	if len(file) > up.field.most {
		up.tooLarge = true
		_, err = io.Copy(io.Discard, part)
		return err
	}
	// A browser sends a file without a name for a field that was left empty.
	if len(file) > 0 || part.FileName() != "" {
		up.file, up.sent = file, true
	}
	return nil
}

// spool puts a file aside, the first of those that came.
func (up *upload) spool(part *multipart.Part) error {
	if !up.sent && !up.tooLarge {
		n, err := io.Copy(up.field.to, io.LimitReader(part, int64(up.field.most)+1))
		if err != nil {
			return err
		}
		up.tooLarge = n > int64(up.field.most)
		up.sent = n > 0 || part.FileName() != ""
	}
	_, err := io.Copy(io.Discard, part)
	return err
}
