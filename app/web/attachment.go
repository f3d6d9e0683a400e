package web

import (
	"mime"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// attachment is the header of a file that is downloaded, named after what it
// shows: in letters that every system takes.
func attachment(name, suffix string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r): // the accent of the letter before
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
		if b.Len() >= 80 {
			break
		}
	}
	if b.Len() == 0 {
		b.WriteString("ripples")
	}
	return mime.FormatMediaType("attachment", map[string]string{"filename": b.String() + suffix})
}
