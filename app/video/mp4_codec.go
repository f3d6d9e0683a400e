package video

import (
	"encoding/binary"
	"slices"
)

// Where the boxes of an entry begin, and what before them is no more than the name of a program (ISO/IEC 14496-12,
// 12.1.3 and 12.2.3).
const (
	visualSize  = 78
	visualWidth = 24 // two bytes, then two of the height
	codedBy     = 42 // a name of 32 bytes
	soundSize   = 28
	soundMore   = 16 // bytes of the sound entry's version 1
)

// stsd looks at how samples are coded.
func (m *movie) stsd(t *track, body []byte) error {
	if len(body) < 8 {
		return errDamaged
	}
	entries := 0
	return m.each(body[8:], func(name string, _, body []byte) error {
		if entries++; entries > mostEntries {
			return errDamaged
		}
		switch {
		case t.handler == "vide" && (name == "avc1" || name == "avc3"):
			if len(body) < visualSize {
				return errDamaged
			}
			t.wide, t.high = int(binary.BigEndian.Uint16(body[visualWidth:])), int(binary.BigEndian.Uint16(body[visualWidth+2:]))
			clear(body[8:visualWidth])
			clear(body[codedBy : codedBy+32])
			return m.entry(t, body[visualSize:], "avcC", "pasp", "btrt", "clap", "colr")
		case t.handler == "soun" && name == "mp4a":
			if len(body) < soundSize {
				return errDamaged
			}
			begins := soundSize
			if version := binary.BigEndian.Uint16(body[8:]); version > 1 {
				return errCodec
			} else if version == 1 {
				begins += soundMore
			}
			if len(body) < begins {
				return errDamaged
			}
			clear(body[10:16])
			return m.entry(t, body[begins:], "esds", "btrt")
		case t.handler == "vide" || t.handler == "soun":
			return errCodec
		}
		return nil // of a track that is taken out
	})
}

// entry cleans the boxes of an entry; the first of those that may stay must be there.
func (m *movie) entry(t *track, body []byte, keep ...string) error {
	return m.each(body, func(name string, box, body []byte) error {
		switch {
		case !slices.Contains(keep, name), len(body) > mostSetup:
			blank(box, body)
		case name == "avcC", name == "esds":
			if name == "esds" && !sound(body) {
				return errCodec
			}
			t.coded = true
		case name == "colr" && (len(body) < 4 || string(body[:3]) != "ncl"): // a profile, which may say anything
			blank(box, body)
		}
		return nil
	})
}

// sound says whether a description of sound is one of AAC or MP3 (ISO/IEC 14496-1, table 5).
func sound(esds []byte) bool {
	if len(esds) < 4 {
		return false
	}
	b := esds[4:]
	descriptor := func(tag byte) bool {
		if len(b) < 2 || b[0] != tag {
			return false
		}
		b = b[1:]
		for n := 0; n < 4 && len(b) > 0; n++ {
			more := b[0]&0x80 != 0
			b = b[1:]
			if !more {
				return true
			}
		}
		return false
	}
	if !descriptor(3) || len(b) < 3 {
		return false
	}
	b = b[3:]
	if !descriptor(4) || len(b) < 1 {
		return false
	}
	return b[0] == 0x40 || b[0] >= 0x66 && b[0] <= 0x69 || b[0] == 0x6b
}
