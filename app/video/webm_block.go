package video

import "encoding/binary"

// silence overwrites the comments of Vorbis, which are the second of three packets (Vorbis I, 4.2.1 and 5): the
// lengths of the first two stand before them, in bytes that are added up until one is not 255.
func (c *clip) silence(at span) error {
	b, err := c.read(at.from, at.to-at.from)
	if err != nil {
		return err
	}
	if len(b) < 3 || b[0] != 2 {
		return errDamaged
	}
	rest, sizes := b[1:], [2]int{}
	for i := range sizes {
		for {
			if len(rest) == 0 {
				return errDamaged
			}
			n := int(rest[0])
			rest = rest[1:]
			if sizes[i] += n; n < 255 {
				break
			}
		}
	}
	if sizes[0]+sizes[1] > len(rest) {
		return errDamaged
	}
	comments := rest[sizes[0] : sizes[0]+sizes[1]]
	if len(comments) < 7 || string(comments[:7]) != "\x03vorbis" {
		return errDamaged
	}
	words := comments[7:]
	text := func() bool {
		if len(words) < 4 {
			return false
		}
		n := uint64(binary.LittleEndian.Uint32(words))
		if n > uint64(len(words)-4) {
			return false
		}
		for i := range words[4 : 4+n] {
			words[4+i] = ' '
		}
		words = words[4+n:]
		return true
	}
	if !text() || len(words) < 4 {
		return errDamaged
	}
	many := binary.LittleEndian.Uint32(words)
	words = words[4:]
	for range many {
		if !text() {
			return errDamaged
		}
	}
	if len(words) > 0 {
		clear(words[1:]) // behind the last bit
	}
	return c.write(at.from, b)
}

// block looks when a block is shown. One of a track that is not there is taken out.
func (c *clip) block(e element) error {
	head, err := c.read(e.body.from, min(12, e.body.to-e.body.from))
	if err != nil {
		return err
	}
	number, n, _ := vint(head, true)
	if n == 0 || len(head) < n+3 {
		return errDamaged
	}
	if !c.tracks[number] {
		c.lost = true
		return c.void(e)
	}
	c.last = max(c.last, c.cluster+int64(int16(binary.BigEndian.Uint16(head[n:])))) //nolint:gosec // it is a signed one
	return nil
}
