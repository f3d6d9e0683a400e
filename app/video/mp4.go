package video

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"
)

// An MP4 is a tree of boxes (ISO/IEC 14496-12): each begins with its size and its name. The box "moov" says where in
// "mdat" the samples of the tracks are.

const (
	headSize     = 8       // of a box: size and name
	longHeadSize = 16      // with a size of 64 bits behind them
	mostHead     = 256     // bytes of the box that says what the file is
	mostIndex    = 4 << 20 // bytes of the box that says where all is; three minutes take some 300 KB
	mostEntries  = 8       // of those that say how samples are coded
	mostSetup    = 2 << 10 // bytes of what a decoder is told before the first sample
	mostTracks   = 16      // pictures, sound, and what cameras add
)

// span is a part of a file, from its first byte up to the one behind its last.
type span struct{ from, to int64 }

// mp4 cleans an MP4. Every box but those that are needed becomes a "free" one of the same size with nothing in it,
// and so does all in "mdat" that is no sample of the pictures or the sound.
func (u *upload) mp4() (v Video, err error) {
	var index span
	var media []span
	for at := int64(0); at < u.size; {
		if err := u.count(); err != nil {
			return v, err
		}
		name, body, next, err := u.box(at)
		if err != nil {
			return v, err
		}
		switch name {
		case "ftyp":
			if at != 0 {
				return v, errDamaged
			}
			err = u.brands(body)
		case "moov":
			if index != (span{}) || body.to-body.from > mostIndex {
				return v, errDamaged
			}
			index = body
		case "mdat":
			media = append(media, body)
		case "moof", "sidx", "styp", "mfra":
			return v, errStream
		default:
			err = u.free(at, body)
		}
		if err != nil {
			return v, err
		}
		at = next
	}
	if index == (span{}) {
		return v, errDamaged
	}
	moov, err := u.read(index.from, index.to-index.from)
	if err != nil {
		return v, err
	}
	m := movie{upload: u, media: media}
	if err := m.moov(moov); err != nil {
		return v, err
	}
	if err := u.write(index.from, moov); err != nil {
		return v, err
	}
	return Video{Type: MP4, Width: m.width, Height: m.height, Length: m.length}, m.keepSamples()
}

// box reads the head of a box of the file itself. Only the last may say that it goes on to the end, and only if it
// holds samples.
func (u *upload) box(at int64) (name string, body span, next int64, err error) {
	head, err := u.read(at, headSize)
	if err != nil {
		return "", body, 0, err
	}
	name, size, begins := string(head[4:8]), int64(binary.BigEndian.Uint32(head)), at+headSize
	switch {
	case size == 0 && name == "mdat":
		size = u.size - at
	case size == 1:
		long, err := u.read(at+headSize, longHeadSize-headSize)
		if err != nil {
			return "", body, 0, err
		}
		large := binary.BigEndian.Uint64(long)
		if large > MostBytes {
			return "", body, 0, errDamaged
		}
		size, begins = int64(large), at+longHeadSize
	}
	next = at + size
	if next < begins || next > u.size {
		return "", body, 0, errDamaged
	}
	return name, span{begins, next}, next, nil
}

// free makes a box of the file one without a meaning.
func (u *upload) free(at int64, body span) error {
	if err := u.write(at+4, []byte("free")); err != nil {
		return err
	}
	return u.wipe(body.from, body.to)
}

// brands looks at what the file says it is: names of four letters, so that no other file can begin like it.
func (u *upload) brands(body span) error {
	if n := body.to - body.from; n < 8 || n > mostHead || n%4 != 0 {
		return errKind
	}
	all, err := u.read(body.from, body.to-body.from)
	if err != nil {
		return err
	}
	if string(all[:4]) == "qt  " {
		return errKind // QuickTime is another format, though alike
	}
	for i, c := range all {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ' '
		if version := i >= 4 && i < 8; !version && !letter && c != 0 {
			return errKind
		}
	}
	return u.wipe(body.from+4, body.from+8)
}

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

// table is a list in a box: so many entries of so many bytes each, behind a version and their number.
func table(body []byte, each int) ([]byte, error) {
	if len(body) < 8 || uint64(binary.BigEndian.Uint32(body[4:]))*uint64(each) != uint64(len(body)-8) {
		return nil, errDamaged
	}
	return body[8:], nil
}

// stbl reads and cleans the tables of samples.
func (m *movie) stbl(t *track, body []byte) error {
	return m.each(body, func(name string, box, body []byte) (err error) {
		switch name {
		case "stsd":
			return m.stsd(t, body)
		case "stts":
			runs, err := table(body, 8)
			for ; err == nil && len(runs) > 0; runs = runs[8:] {
				run := uint64(binary.BigEndian.Uint32(runs)) * uint64(binary.BigEndian.Uint32(runs[4:]))
				if t.length += run; t.length < run || t.length > 1<<50 {
					return errLong
				}
			}
			return err
		case "ctts":
			_, err = table(body, 8)
			return err
		case "stss":
			_, err = table(body, 4)
			return err
		case "stsz":
			if len(body) < 12 {
				return errDamaged
			}
			t.size, t.count, t.sizes, t.hasSizes = uint64(binary.BigEndian.Uint32(body[4:])), uint64(binary.BigEndian.Uint32(body[8:])), body[12:], true
			if t.size == 0 && t.count*4 != uint64(len(t.sizes)) || t.size != 0 && len(t.sizes) != 0 || t.size*t.count > uint64(m.size) {
				return errDamaged
			}
			return nil
		case "stsc":
			t.runs, err = table(body, 12)
			t.hasRuns = true
			return err
		case "stco":
			t.chunks, err = table(body, 4)
			t.place = 4
			return err
		case "co64":
			t.chunks, err = table(body, 8)
			t.place = 8
			return err
		}
		blank(box, body)
		return nil
	})
}

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

// places notes where the samples of a track are.
func (m *movie) places(t track) error {
	if !t.hasSizes || !t.hasRuns || t.place == 0 {
		return errDamaged
	}
	chunks := uint64(len(t.chunks) / t.place)
	if chunks > mostParts || t.count > 0 && len(t.runs) == 0 {
		return errDamaged
	}
	sample := uint64(0)
	runs := t.runs
	for n := uint64(1); n <= chunks; n++ {
		for len(runs) > 12 && uint64(binary.BigEndian.Uint32(runs[12:])) <= n {
			runs = runs[12:]
		}
		if len(runs) < 12 {
			return errDamaged
		}
		many := uint64(binary.BigEndian.Uint32(runs[4:]))
		if many > t.count-sample {
			return errDamaged
		}
		long := many * t.size
		for one := sample; t.size == 0 && one < sample+many; one++ {
			long += uint64(binary.BigEndian.Uint32(t.sizes[one*4:]))
		}
		sample += many
		at := uint64(0)
		if b := t.chunks[(n-1)*uint64(t.place):]; t.place == 4 {
			at = uint64(binary.BigEndian.Uint32(b))
		} else {
			at = binary.BigEndian.Uint64(b)
		}
		if long > uint64(m.size) || at > uint64(m.size)-long {
			return errDamaged
		}
		if long > 0 {
			m.samples = append(m.samples, span{int64(at), int64(at + long)})
		}
	}
	if sample != t.count {
		return errDamaged
	}
	return nil
}

// keepSamples overwrites everything beside the samples. One that is not where samples are is none.
func (m *movie) keepSamples() error {
	slices.SortFunc(m.samples, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	slices.SortFunc(m.media, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	rest := m.samples
	for _, media := range m.media {
		at := media.from
		for len(rest) > 0 && rest[0].from < media.to {
			s := rest[0]
			if s.from < media.from || s.to > media.to {
				return errDamaged
			}
			if err := m.wipe(at, s.from); err != nil {
				return err
			}
			at, rest = max(at, s.to), rest[1:]
		}
		if err := m.wipe(at, media.to); err != nil {
			return err
		}
	}
	if len(rest) > 0 {
		return errDamaged
	}
	return nil
}
