// Package id makes names that nobody can guess: ids of things people make, secrets, codes that a
// person reads or types, and the share tokens of links and opens.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
)

// New returns the id of a new thing that people make: a UUIDv7 as text, so that ids sort by when they
// were made. It takes the wall clock, for an id is only a name; nothing reads the time out of it.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Timeless returns the id of a thing of which nobody may learn when it was made: a random UUID as text.
func Timeless() string { return uuid.NewString() }

// Secret returns n random bytes for keys, cookies and sign-in links.
func Secret(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program when the system has no randomness
	return b
}

// codeLength is the number of characters of an invitation code; at 5 bits each it has 100 bits.
const codeLength = 20

// Code returns a new invitation code: 20 characters of Crockford base32 in lower case, 100 random bits.
// The alphabet has no i, l, o, u, so a code survives being read aloud or written on paper.
func Code() string {
	b := Secret(codeLength)
	for i, c := range b {
		b[i] = alphabet[c&31] // 256 is a multiple of 32: every character is equally likely
	}
	return string(b)
}

// ParseCode returns the invitation code that a person meant: in any case, with I and L for 1, O for 0,
// and with the spaces and hyphens that people put in to keep their place.
func ParseCode(typed string) (code string, ok bool) {
	var b strings.Builder
	for _, r := range typed {
		if r == ' ' || r == '-' || invisible(r) {
			continue
		}
		v := value(r)
		if v == none || b.Len() == codeLength {
			return "", false
		}
		b.WriteByte(alphabet[v])
	}
	return b.String(), b.Len() == codeLength
}

// Digits returns n random decimal digits, the code that a person types to sign in on another device.
func Digits(n int) string {
	digits := make([]byte, 0, n)
	for len(digits) < n {
		for _, c := range Secret(n) {
			// 250 to 255 would make the digits 0 to 5 likelier than the rest.
			if c < 250 && len(digits) < n {
				digits = append(digits, '0'+c%10)
			}
		}
	}
	return string(digits)
}

// Hash returns the SHA-256 of a secret, which is all that the database keeps of it. It is for long random
// secrets only; a password needs a slow hash.
func Hash[T ~[]byte | ~string](secret T) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
