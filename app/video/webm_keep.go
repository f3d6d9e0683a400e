package video

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// void makes an element one without a meaning.
func (c *clip) void(e element) error {
	n := e.body.to - e.from
	if n < 2 {
		return errDamaged
	}
	head := []byte{voidID, 0x80 | byte(min(n-2, 126))}
	if n-2 > 126 {
		head = binary.BigEndian.AppendUint64([]byte{voidID}, 1<<56|uint64(n-9))
	}
	if err := c.write(e.from, head); err != nil {
		return err
	}
	return c.wipe(e.from+int64(len(head)), e.body.to)
}

// keep looks at an element that stays.
func (c *clip) keep(e element, what form) error {
	n := e.body.to - e.body.from
	switch what {
	case number:
		if n > 8 {
			return errDamaged
		}
		b, err := c.read(e.body.from, n)
		if err != nil {
			return err
		}
		return c.number(e.id, b)
	case letters:
		if n > mostLetters {
			return errDamaged
		}
		b, err := c.read(e.body.from, n)
		if err != nil {
			return err
		}
		return c.letters(e.id, string(bytes.TrimRight(b, "\x00")))
	case secret:
		return c.wipe(e.body.from, e.body.to)
	case setup:
		c.track.setup = e.body
		if n > mostPrivate {
			return errDamaged
		}
		return nil
	case block:
		return c.block(e)
	}
	switch e.id {
	case trackID:
		c.track = clipTrack{}
		if err := c.children(e); err != nil {
			return err
		}
		return c.ended(e)
	case groupID:
		before := c.last
		c.lost = false
		if err := c.children(e); err != nil || !c.lost {
			return err
		}
		c.last = before
		return c.void(e)
	case clusterID:
		c.clusters++
		c.cluster = 0
	}
	return c.children(e)
}

// number notes one that says something to us.
func (c *clip) number(id uint32, b []byte) error {
	n := uint64(0)
	for _, one := range b {
		n = n<<8 | uint64(one)
	}
	switch id {
	case scaleID:
		if n == 0 {
			return errDamaged
		}
		c.scale = n
	case durationID:
		switch len(b) {
		case 4:
			c.duration = float64(math.Float32frombits(uint32(n)))
		case 8:
			c.duration = math.Float64frombits(n)
		}
	case timeID:
		if n > 1<<40 {
			return errLong
		}
		c.cluster = int64(n)
	}
	for its, to := range map[uint32]*uint64{
		numberID: &c.track.number, kindID: &c.track.kind, wideID: &c.track.wide, highID: &c.track.high,
		showWideID: &c.track.showWide, showHighID: &c.track.showHigh, showUnitID: &c.track.showUnit,
	} {
		if its == id {
			*to = n
		}
	}
	return nil
}

// letters notes a name.
func (c *clip) letters(id uint32, name string) error {
	for _, one := range []byte(name) {
		if one <= ' ' || one > '~' || one == '<' {
			return errDamaged
		}
	}
	switch id {
	case docTypeID:
		c.doc = name
	case codecID:
		c.track.codec = name
	}
	return nil
}

// The codecs that a WebM may have.
var (
	pictureCodecs = []string{"V_VP8", "V_VP9", "V_AV1"}
	soundCodecs   = []string{"A_OPUS", "A_VORBIS"}
)

// ended looks at a track when all of it was read. One that is neither pictures nor sound is taken out.
func (c *clip) ended(e element) error {
	t := c.track
	switch t.kind {
	case pictures:
		if !slices.Contains(pictureCodecs, t.codec) {
			return errCodec
		}
		if t.showUnit == 0 && t.showWide > 0 && t.showHigh > 0 {
			t.wide, t.high = t.showWide, t.showHigh
		}
		if t.wide > 1<<20 || t.high > 1<<20 {
			return errSide
		}
		if c.width == 0 {
			c.width, c.height = int(t.wide), int(t.high)
		}
	case sounds:
		if !slices.Contains(soundCodecs, t.codec) {
			return errCodec
		}
		if t.codec == "A_VORBIS" {
			if err := c.silence(t.setup); err != nil {
				return err
			}
		}
	default:
		return c.void(e)
	}
	c.tracks[t.number] = true
	return nil
}
