package web

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
)

// parts is a page that was rendered once, cut where it differs from one reader
// to the next, and deflated piece by piece, so that putting it together costs
// little more than copying it.
type parts struct {
	pieces []piece
	size   int // of the fixed text
	packed int // of the same, deflated
}

// piece is fixed text and the place that follows it.
type piece struct {
	text   []byte
	packed []byte // text as complete deflate blocks that refer to nothing before them
	then   int    // index of the value that follows, -1 at the end
}

// cut divides a page at its marks: where marks[i] stood, values[i] will stand.
func cut(page []byte, marks []string) (parts, error) {
	var p parts
	for {
		at, which := len(page), -1
		for i, m := range marks {
			if k := bytes.Index(page, []byte(m)); k >= 0 && k < at {
				at, which = k, i
			}
		}
		packed, err := deflate(page[:at])
		if err != nil {
			return parts{}, fmt.Errorf("compressing a page: %w", err)
		}
		p.pieces = append(p.pieces, piece{text: slices.Clone(page[:at]), packed: packed, then: which})
		p.size += at
		p.packed += len(packed)
		if which < 0 {
			return p, nil
		}
		page = page[at+len(marks[which]):]
	}
}

func deflate(text []byte) ([]byte, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	// Flush ends on a byte, with the stream still open for the next block.
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// plain appends the page with its values to dst.
func (p *parts) plain(dst []byte, values [][]byte) []byte {
	for i := range p.pieces {
		dst = append(dst, p.pieces[i].text...)
		if v := p.pieces[i].then; v >= 0 {
			dst = append(dst, values[v]...)
		}
	}
	return dst
}

// gzip appends the page as a gzip stream (RFC 1952) to dst: the fixed text as
// it was deflated once, the values as stored blocks (RFC 1951 §3.2.4).
func (p *parts) gzip(dst []byte, values [][]byte) []byte {
	dst = append(dst, 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
	sum, size := uint32(0), 0
	for i := range p.pieces {
		pc := &p.pieces[i]
		dst = append(dst, pc.packed...)
		sum = crc32.Update(sum, crc32.IEEETable, pc.text)
		size += len(pc.text)
		if pc.then < 0 {
			continue
		}
		v := values[pc.then]
		sum = crc32.Update(sum, crc32.IEEETable, v)
		size += len(v)
		for len(v) > 0 {
			n := min(len(v), 0xffff)
			dst = append(dst, 0, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8)) //nolint:gosec // n fits in 16 bits
			dst = append(dst, v[:n]...)
			v = v[n:]
		}
	}
	dst = append(dst, 1, 0, 0, 0xff, 0xff)
	dst = binary.LittleEndian.AppendUint32(dst, sum)
	return binary.LittleEndian.AppendUint32(dst, uint32(size)) //nolint:gosec // modulo 2^32 is what the format asks for
}
