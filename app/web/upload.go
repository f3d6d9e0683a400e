package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"ricochet.example/app/photo"
)

// The bounds of a form that brings a file. Of a file that is too large the rest is read and thrown away, so
// that whoever sent it gets back what they typed.
const (
	mostSent   = 64 << 20
	mostParts  = 200
	uploadTime = 5 * time.Minute // for 10 MB on a phone's line
)

// upload is what a form with a file brought.
type upload struct {
	values   url.Values
	file     []byte
	sent     bool // a file was chosen
	tooLarge bool
}

// readUpload reads a form with a file, which the form has in the field picture. The file's name is not looked
// at, and nothing is written to disk.
func (s *Server) readUpload(w http.ResponseWriter, r *request) (up upload, err error) {
	// Where the connection does not take it, the usual time has to do.
	until, control := s.clock.Now().Add(uploadTime), http.NewResponseController(w)
	_, _ = control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(uploadTime))
	r.Body = http.MaxBytesReader(w, r.Body, mostSent)
	parts, err := r.MultipartReader()
	if err != nil {
		return up, errBadRequest
	}
	up.values = url.Values{}
	left := int64(dropFormSize)
	for range mostParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err == nil {
			err = up.take(part, &left)
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
	if part.FormName() != "picture" {
		text, err := io.ReadAll(io.LimitReader(part, *left+1))
		if *left -= int64(len(text)); *left < 0 {
			return errTooLarge
		}
		up.values.Add(part.FormName(), string(text))
		return err
	}
	file, err := io.ReadAll(io.LimitReader(part, photo.MostBytes+1))
	if err != nil {
		return err
	}
	if len(file) > photo.MostBytes {
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
