package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"
)

// The bounds of a form that brings a file. Of a file that is too large the rest is read and thrown away, so
// that whoever sent it gets back what they typed.
const (
	mostSent   = 64 << 20
	mostParts  = 200
	uploadTime = 5 * time.Minute // for 10 MB on a phone's line
)

// fileField is the field of a form that has a file: its name, and the most bytes that are taken.
type fileField struct {
	name string
	most int
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
		until, control := s.clock.Now().Add(uploadTime), http.NewResponseController(w)
		_, _ = control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(uploadTime))
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostSent)
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
