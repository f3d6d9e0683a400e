package id

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	//lint:ignore SA1019 a 64-bit permutation, not encryption
	"golang.org/x/crypto/blowfish" //nolint:staticcheck // a 64-bit permutation, not encryption
)

// alphabet is Crockford's base32 in lower case: https://www.crockford.com/base32.html
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// none is the value of a character that is not in the alphabet.
const none = 0xff

// values gives each ASCII character its five bits, in either case, with the look-alikes that Crockford
// lists: I and L are 1, O is 0.
var values = func() (v [utf8.RuneSelf]byte) {
	for i := range v {
		v[i] = none
	}
	for i, c := range []byte(alphabet) {
		v[c] = byte(i)
		if c >= 'a' {
			v[c-'a'+'A'] = byte(i)
		}
	}
	for _, c := range "iIlL" {
		v[c] = 1
	}
	v['o'], v['O'] = 0, 0
	return v
}()

func value(r rune) byte {
	if r < 0 || r >= utf8.RuneSelf {
		return none
	}
	return values[r]
}

// TokenLength is the number of characters of a share token: 13 of 5 bits hold 64.
const TokenLength = 13

// Largest is the largest id that a token can carry, 2⁵³: beyond it a browser's numbers are not exact.
const Largest = 1 << 53

// Kind says what a share token stands for.
type Kind uint8

// A token stands for a link, which is the root of a tree, or for an open, which is a node of one.
const (
	Link Kind = iota + 1
	Open
)

// Ref is what a share token refers to.
type Ref struct {
	Kind Kind
	ID   int64
}

// openBit tells the block of an open from that of a link. The ten bits between it and the id are always
// zero, so that 1 023 of 1 024 made-up tokens are refused without a look into the database.
const openBit = 1 << 63

// Tokens turns the ids of links and opens into share tokens and back, under one secret key: the id goes
// through a 64-bit block cipher, so that a token tells nothing about how many there are, and there is
// nothing to store or to look up. It is safe for concurrent use.
type Tokens struct{ block *blowfish.Cipher }

// NewTokens returns the share tokens under a key of 16 to 56 bytes.
func NewTokens(key []byte) (*Tokens, error) {
	if len(key) < 16 {
		return nil, fmt.Errorf("share tokens: a key of %d bytes, need at least 16", len(key))
	}
	block, err := blowfish.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("share tokens: %w", err)
	}
	return &Tokens{block}, nil
}

// Link returns the token of a link.
func (t *Tokens) Link(id int64) string { return string(t.AppendLink(make([]byte, 0, TokenLength), id)) }

// Open returns the token of an open.
func (t *Tokens) Open(id int64) string { return string(t.AppendOpen(make([]byte, 0, TokenLength), id)) }

// AppendLink appends the token of a link to dst.
func (t *Tokens) AppendLink(dst []byte, id int64) []byte { return t.append(dst, uint64(id)) }

// AppendOpen appends the token of an open to dst.
func (t *Tokens) AppendOpen(dst []byte, id int64) []byte { return t.append(dst, uint64(id)|openBit) }

func (t *Tokens) append(dst []byte, plain uint64) []byte {
	var b [blowfish.BlockSize]byte
	binary.BigEndian.PutUint64(b[:], plain)
	t.block.Encrypt(b[:], b[:])
	bits := binary.BigEndian.Uint64(b[:])
	for shift := 5 * (TokenLength - 1); shift >= 0; shift -= 5 {
		dst = append(dst, alphabet[bits>>shift&31])
	}
	return dst
}

// Parse returns what a share token refers to. It takes the token as it comes back from messages: in any
// case, with look-alikes, with invisible characters, and with the punctuation of the sentence around it
// at its end. Whether such a link or open exists is for the database to say.
func (t *Tokens) Parse(s string) (ref Ref, ok bool) {
	var bits uint64
	n := 0
	for _, r := range s {
		v := value(r)
		switch {
		case v != none && n < TokenLength:
			if n == 0 && v > 15 {
				return Ref{}, false // the 65th bit: a second spelling of some other token
			}
			bits = bits<<5 | uint64(v)
			n++
		case invisible(r), n == TokenLength && closing(r):
		default:
			return Ref{}, false
		}
	}
	if n != TokenLength {
		return Ref{}, false
	}
	var b [blowfish.BlockSize]byte
	binary.BigEndian.PutUint64(b[:], bits)
	t.block.Decrypt(b[:], b[:])
	plain := binary.BigEndian.Uint64(b[:])
	ref = Ref{Kind: Link, ID: int64(plain &^ openBit)}
	if plain&openBit != 0 {
		ref.Kind = Open
	}
	if ref.ID <= 0 || ref.ID > Largest {
		return Ref{}, false
	}
	return ref, true
}

// closing says whether a character ends a sentence or a quotation, so that a messenger may have taken it
// into the address.
func closing(r rune) bool {
	switch r {
	case ')', '.', ',', '!', '?', '\'', '"', '»', '…', '’', '”':
		return true
	}
	return false
}

// invisible says whether a character has no width, as those that apps put into long words and around
// mixed scripts.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x2060 && r <= 0x2064, r == 0xfeff, r == 0x00ad:
		return true
	}
	return false
}
