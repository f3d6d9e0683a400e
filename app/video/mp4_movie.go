package video

import (
	"encoding/binary"
	"time"
)

// movie is what is read out of the index of an MP4.
type movie struct {
	*upload
	media         []span // where samples may be
	samples       []span // where they are
	tracks        int
	width, height int
	length        time.Duration
}

// each hands over the boxes of a box: their names, themselves and what is in them. All of it must be boxes.
func (m *movie) each(b []byte, do func(name string, box, body []byte) error) error {
	for len(b) > 0 {
		if err := m.count(); err != nil {
			return err
		}
		if len(b) < headSize {
			return errDamaged
		}
		size, begins := uint64(binary.BigEndian.Uint32(b)), headSize
		if size == 1 && len(b) >= longHeadSize {
			size, begins = binary.BigEndian.Uint64(b[headSize:]), longHeadSize
		}
		if size < uint64(begins) || size > uint64(len(b)) {
			return errDamaged
		}
		if err := do(string(b[4:8]), b[:size], b[begins:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// blank makes a box one without a meaning.
func blank(box, body []byte) {
	copy(box[4:], "free")
	clear(body)
}

// moov reads and cleans the index.
func (m *movie) moov(moov []byte) error {
	head := false
	err := m.each(moov, func(name string, box, body []byte) error {
		switch name {
		case "mvhd":
			head = true
			return m.times(body)
		case "trak":
			if m.tracks++; m.tracks > mostTracks {
				return errDamaged
			}
			return m.trak(box, body)
		case "mvex":
			return errStream
		}
		blank(box, body)
		return nil
	})
	switch {
	case err != nil:
		return err
	case !head:
		return errDamaged
	case m.width == 0:
		return errSilent
	}
	return nil
}

// fields is the beginning of a box that has a version, and what is behind it; wide says that times in it have 64 bits.
func fields(body []byte) (rest []byte, wide bool, err error) {
	if len(body) < 4 || body[0] > 1 {
		return nil, false, errDamaged
	}
	return body[4:], body[0] == 1, nil
}

// times reads the length out of a box that says when something was made and how long it is ("mvhd", "mdhd"), and
// forgets when that was.
func (m *movie) times(body []byte) error {
	b, wide, err := fields(body)
	if err != nil || len(b) < 16 || wide && len(b) < 28 {
		return errDamaged
	}
	scale, length, unknown := uint64(0), uint64(0), false
	if wide {
		clear(b[:16])
		scale, length = uint64(binary.BigEndian.Uint32(b[16:])), binary.BigEndian.Uint64(b[20:])
		unknown = length == 1<<64-1
	} else {
		clear(b[:8])
		scale, length = uint64(binary.BigEndian.Uint32(b[8:])), uint64(binary.BigEndian.Uint32(b[12:]))
		unknown = length == 1<<32-1
	}
	if !unknown {
		m.length = max(m.length, seconds(length, scale))
	}
	return nil
}
