package video

import "encoding/binary"

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
