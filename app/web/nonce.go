package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"net/netip"
	"sync"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
)

// nonceLife is how long a served page may confirm its open.
const nonceLife = 30 * time.Minute

// nonces sign what a served page may post: one token, by one browser, for half
// an hour. The signature says nothing of the browser to anybody else.
type nonces struct{ pool sync.Pool }

func newNonces(key []byte) *nonces {
	return &nonces{pool: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

const (
	nonceHead = 4 + 1 + 1      // when it ends, in seconds; whether the fetch was doubted; where it was seen
	nonceRaw  = nonceHead + 16 // and the signature
	nonceSize = 30             // of its text
)

// served is what the fetch of a page showed and its post cannot show again.
type served struct {
	doubted  bool          // the open needs an interaction
	observed visit.Channel // the app or site that the visit came from
}

// append adds a nonce for token in the hands of b to dst.
func (n *nonces) append(dst []byte, token []byte, b share.Browser, what served, now time.Time) []byte {
	var raw [nonceRaw]byte
	if what.doubted {
		raw[4] = 1
	}
	raw[5] = byte(what.observed)
	binary.BigEndian.PutUint32(raw[:4], uint32(now.Add(nonceLife).Unix())) //nolint:gosec // until 2106
	n.sign(raw[:nonceHead], token, b, raw[nonceHead:])
	return base64.RawURLEncoding.AppendEncode(dst, raw[:])
}

// Nonce adds to dst what a page served now, for token and to b, would carry, if
// nothing about its fetch was doubted. Whoever measures the server posts opens
// with it without fetching a page for each.
func (s *Server) Nonce(dst, token []byte, b share.Browser, now time.Time) []byte {
	return s.nonces.append(dst, token, b, served{}, now)
}

// read says whether nonce was given with token to b, what the fetch showed, and
// whether it has ended meanwhile.
func (n *nonces) read(nonce string, token []byte, b share.Browser, now time.Time) (what served, ended, ok bool) {
	if len(nonce) != nonceSize {
		return what, false, false
	}
	var raw [nonceRaw]byte
	if _, err := base64.RawURLEncoding.Decode(raw[:], []byte(nonce)); err != nil {
		return what, false, false
	}
	var want [16]byte
	n.sign(raw[:nonceHead], token, b, want[:])
	if !hmac.Equal(want[:], raw[nonceHead:]) {
		return what, false, false
	}
	return served{raw[4] == 1, visit.Channel(raw[5])}, now.Unix() > int64(binary.BigEndian.Uint32(raw[:4])), true
}

func (n *nonces) sign(head, token []byte, b share.Browser, into []byte) {
	h := n.pool.Get().(hash.Hash)
	defer n.pool.Put(h)
	h.Reset()
	_, _ = h.Write([]byte("open\x00"))
	_, _ = h.Write(head)
	_, _ = h.Write(token)
	net := netOf(b.Addr)
	_, _ = h.Write(net[:])
	_, _ = h.Write([]byte(b.UserAgent))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(b.AcceptLanguage))
	var sum [sha256.Size]byte
	copy(into, h.Sum(sum[:0]))
}

func netOf(a netip.Addr) [16]byte { return visit.Network(a).Addr().As16() }
