package video

import (
	"cmp"
	"encoding/binary"
	"slices"
)

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
