package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// ErrNoText says that a file is not a text.
var ErrNoText = errors.New("the file is not a text")

// Decode makes UTF-8 with plain line ends of what a list is written in: UTF-8, UTF-16, or Windows-1252, which is
// what spreadsheets write.
func Decode(b []byte) (string, error) {
	switch wide, big := utf16(b); {
	case wide:
		order := unicode.LittleEndian
		if big {
			order = unicode.BigEndian
		}
		u, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(b)
		if err != nil {
			return "", ErrNoText
		}
		b = u
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("%PDF")), bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return "", ErrNoText // a workbook or a document, not the text in it
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if bytes.IndexByte(b, 0) >= 0 {
		return "", ErrNoText
	}
	if !utf8.Valid(b) {
		w, err := charmap.Windows1252.NewDecoder().Bytes(b)
		if err != nil {
			return "", ErrNoText
		}
		b = w
	}
	// A carriage return alone ends a line on old Macs.
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\r", "\n"), nil
}

// utf16 says whether a text is UTF-16: by its mark, or because every other byte of its first letters is zero.
func utf16(b []byte) (wide, big bool) {
	if len(b) < 2 {
		return false, false
	}
	switch {
	case b[0] == 0xff && b[1] == 0xfe:
		return true, false
	case b[0] == 0xfe && b[1] == 0xff:
		return true, true
	case len(b) < 4 || len(b)%2 != 0:
		return false, false
	case b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return true, false
	}
	return b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0, true
}

// Separator is what stands most often between the fields of the first line that is not empty.
func Separator(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n "), "\n")
	best, most := ',', 0
	for _, s := range ";\t," {
		if n := strings.Count(line, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}

// said takes away the line by which a file tells spreadsheets its separator, and returns that; 0 where there is none.
// The line stays, empty, so that the others keep their numbers.
func said(text string) (string, rune) {
	line, rest, _ := strings.Cut(text, "\n")
	if mark, ok := strings.CutPrefix(strings.Trim(line, "\" "), "sep="); ok {
		for _, s := range ";\t,|" {
			if mark == string(s) {
				return "\n" + rest, s
			}
		}
	}
	return text, 0
}

// Reader reads records of a text. It forgives wrong quotation marks, so that it never fails.
func Reader(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, true
	return r
}

// records calls fn for each record of a text with the number of the line in which it begins, from 1. From a quotation
// mark on that nothing ends, lines are read one by one, so that it does not swallow the rest.
func records(text string, comma rune, fn func(number int, record []string) error) error {
	r := Reader(text, comma)
	from := int64(0)
	for {
		record, err := r.Read()
		if err != nil {
			return nil //nolint:nilerr // its end: the reader forgives everything else
		}
		number, _ := r.FieldPos(0)
		to := r.InputOffset()
		if last := strings.TrimLeft(text[from:to], "\n"); to == int64(len(text)) && strings.Contains(strings.TrimSpace(last), "\n") && strings.Count(last, `"`)%2 == 1 {
			return singly(last, number, comma, fn)
		}
		from = to
		if err := fn(number, record); err != nil {
			return err
		}
	}
}

// singly reads lines one by one, the first of which has a number.
func singly(text string, number int, comma rune, fn func(number int, record []string) error) error {
	for line := range strings.Lines(text) {
		if record, err := Reader(strings.Trim(line, "\n"), comma).Read(); err == nil {
			for i := range record {
				record[i] = strings.Trim(record[i], `"`)
			}
			if err := fn(number, record); err != nil {
				return err
			}
		}
		number++
	}
	return nil
}
