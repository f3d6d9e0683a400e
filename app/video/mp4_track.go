package video

import (
	"cmp"
	"encoding/binary"
)

// track is what a "trak" says.
type track struct {
	handler       string // "vide" or "soun"; other tracks are taken out
	width, height int    // as it is shown
	scale         uint64 // units of time in a second
	coded         bool   // as we take it
	wide, high    int    // as it is coded

	length            uint64 // of all samples
	sizes             []byte // of samples, four bytes each
	size, count       uint64 // one for all, and how many there are
	runs              []byte // how many samples the chunks have, twelve bytes each
	chunks            []byte // where they are
	place             int    // bytes of one of these
	hasSizes, hasRuns bool
}

// trak reads and cleans a track. One that is neither pictures nor sound is taken out: cameras write there where they
// are.
func (m *movie) trak(box, body []byte) error {
	var t track
	before := m.length
	err := m.each(body, func(name string, box, body []byte) error {
		switch name {
		case "tkhd":
			return t.tkhd(body)
		case "edts":
			return m.each(body, func(name string, box, body []byte) error {
				entry := 12
				if len(body) > 0 && body[0] == 1 {
					entry = 20
				}
				if _, err := table(body, entry); name != "elst" || err != nil {
					blank(box, body)
				}
				return nil
			})
		case "mdia":
			return m.mdia(&t, body)
		}
		blank(box, body)
		return nil
	})
	if t.handler != "vide" && t.handler != "soun" {
		if t.handler == "" && err != nil {
			return err
		}
		m.length = before
		blank(box, body)
		return nil
	}
	switch {
	case err != nil:
		return err
	case !t.coded || t.scale == 0:
		return errDamaged
	}
	m.length = max(m.length, seconds(t.length, t.scale))
	if t.handler == "vide" && m.width == 0 {
		m.width, m.height = cmp.Or(t.width, t.wide), cmp.Or(t.height, t.high)
	}
	return m.places(t)
}

// tkhd reads how large a track is shown, and forgets when it was made.
func (t *track) tkhd(body []byte) error {
	b, wide, err := fields(body)
	if err != nil {
		return err
	}
	skip := 20 // times, number, length
	if wide {
		skip = 32
	}
	if len(b) != skip+60 {
		return errDamaged
	}
	clear(b[:8])
	if wide {
		clear(b[:16])
	}
	matrix := b[skip+16:]
	t.width, t.height = int(binary.BigEndian.Uint16(b[skip+52:])), int(binary.BigEndian.Uint16(b[skip+56:]))
	if straight := binary.BigEndian.Uint32(matrix); straight == 0 { // it lies on its side
		t.width, t.height = t.height, t.width
	}
	return nil
}

// mdia reads and cleans what a track consists of.
func (m *movie) mdia(t *track, body []byte) error {
	return m.each(body, func(name string, box, body []byte) error {
		switch name {
		case "mdhd":
			b, wide, err := fields(body)
			if err != nil || len(b) < 16 || wide && len(b) < 28 {
				return errDamaged
			}
			t.scale = uint64(binary.BigEndian.Uint32(b[8:]))
			if wide {
				t.scale = uint64(binary.BigEndian.Uint32(b[16:]))
			}
			return m.times(body)
		case "hdlr":
			if len(body) < 20 || t.handler != "" {
				return errDamaged
			}
			t.handler = string(body[8:12])
			clear(body[12:]) // the name of a program, or of a person
			return nil
		case "minf":
			if t.handler == "" {
				return errDamaged // what its boxes may say depends on its kind
			}
			return m.each(body, func(name string, box, body []byte) error {
				switch name {
				case "vmhd", "smhd":
					if len(body) > 12 {
						return errDamaged
					}
					return nil
				case "dinf":
					return m.dinf(body)
				case "stbl":
					return m.stbl(t, body)
				}
				blank(box, body)
				return nil
			})
		}
		blank(box, body)
		return nil
	})
}

// dinf sees to it that all samples are in the file itself.
func (m *movie) dinf(body []byte) error {
	return m.each(body, func(name string, box, body []byte) error {
		if name != "dref" {
			blank(box, body)
			return nil
		}
		if len(body) < 8 {
			return errDamaged
		}
		return m.each(body[8:], func(_ string, _, body []byte) error {
			if len(body) < 4 || body[3]&1 == 0 {
				return errDamaged // it is elsewhere
			}
			clear(body[4:])
			return nil
		})
	})
}
