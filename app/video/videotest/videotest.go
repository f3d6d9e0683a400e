// Package videotest makes small videos that browsers play, for tests: with all that a camera writes into one beside
// its pictures, and with whatever a test wants to be wrong.
package videotest

import (
	"bytes"
	"encoding/binary"
)

// Words are the marks of what is in the files that is not needed to play them. None may be left of any.
const Words = "ZQXVQWZMETA"

// Box is a box of an MP4.
func Box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(append(b, name...), body...)
}

// numbers are so many of 32 bits.
func numbers(all ...uint32) (b []byte) {
	for _, n := range all {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

// sizes are how many bytes the six pictures have.
var sizes = []uint32{0x33, 0x4b, 0x3d, 0x32, 0x34, 0x32}

// MP4 is what an MP4 is made of; the empty one can be played.
type MP4 struct {
	Seconds uint32 // how long each of its six pictures stands; 0: a tenth of one
	Wide    uint32 // of 65,536th of a pixel; 0: 64 pixels
	Turned  bool   // it was filmed upright
	Last    bool   // the index stands behind the pictures
	Place   bool   // there is a track that says where it was filmed, and its samples
	Offset  uint32 // by which the samples are elsewhere than they are
	Brand   string // empty: isom
	Coding  string // of the pictures; empty: avc1
	Elsewhere,
	Fragments bool
	Says   string // what the end of its last picture says, which then is none
	Behind []byte // what stands at the end of the file
	Inside []byte // what stands in the index
	Early  []byte // what stands in a track before it is said of what kind it is
}

// File is the file.
func (m MP4) File() []byte {
	brand := "isom"
	if m.Brand != "" {
		brand = m.Brand
	}
	head := Box("ftyp", []byte(brand), numbers(0x200), []byte("isomiso2avc1mp41"))
	films := bytes.Clone(samples[:sum()])
	copy(films[len(films)-len(m.Says):], m.Says)
	media := Box("mdat", []byte(Words), films, []byte("PK\x03\x04"+Words))
	at := uint32(len(head))
	if !m.Last {
		at += uint32(len(m.moov(0)))
	}
	moov := m.moov(at + 8 + uint32(len(Words)))
	if m.Last {
		return bytes.Join([][]byte{head, Box("wide"), media, m.moov(at + 16 + uint32(len(Words))), Box("uuid", []byte("0123456789abcdef<x:xmpmeta>"+Words)), m.Behind}, nil)
	}
	return bytes.Join([][]byte{head, moov, media, Box("free", []byte(Words)), m.Behind}, nil)
}

func sum() (n uint32) {
	for _, s := range sizes {
		n += s
	}
	return n
}

// Times are when it was made, which nobody is to know.
var times = numbers(0xe7290414, 0xe7290414)

// moov is the index, for pictures that begin at a place.
func (m MP4) moov(at uint32) []byte {
	at += m.Offset
	scale, each := uint32(1000), uint32(100)
	if m.Seconds > 0 {
		scale, each = 1, m.Seconds
	}
	matrix, wide := numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000), uint32(64<<16)
	turned := matrix
	if m.Turned {
		turned = numbers(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000)
	}
	if m.Wide > 0 {
		wide = m.Wide
	}
	udta := Box("udta", Box("\xa9xyz", []byte("\x00\x12\x15\xc7+48.8584+002.2945/"+Words)),
		Box("meta", numbers(0), Box("hdlr", numbers(0, 0), []byte("mdirappl"), numbers(0, 0)), Box("ilst", []byte(Words))))
	parts := [][]byte{
		Box("mvhd", numbers(0), times, numbers(scale, each*6, 0x10000, 0x1000000, 0, 0), matrix, numbers(0, 0, 0, 0, 0, 0), numbers(3)),
		m.trak("vide", at, scale, each, wide, turned), udta, Box("iods", []byte(Words)), m.Inside,
	}
	if m.Place {
		parts = append(parts, m.trak("meta", at-uint32(len(Words)), scale, each, 0, matrix))
	}
	if m.Fragments {
		parts = append(parts, Box("mvex", Box("trex", numbers(0, 1, 1, 0, 0, 0))))
	}
	return Box("moov", parts...)
}

func (m MP4) trak(handler string, at, scale, each, wide uint32, matrix []byte) []byte {
	coding, media := append([]byte{}, entry...), Box("vmhd", numbers(1, 0, 0))
	count, first, many := uint32(len(sizes)), sizes, uint32(len(sizes))
	if m.Coding != "" {
		copy(coding[4:], m.Coding)
	}
	if handler != "vide" {
		coding, media = Box("mett", []byte(Words)), Box("gmhd", []byte(Words))
		count, first, many = 1, []uint32{uint32(len(Words))}, 1
	}
	here := uint32(1)
	if m.Elsewhere {
		here = 0
	}
	return Box("trak",
		Box("tkhd", numbers(3), times, numbers(1, 0, each*6, 0, 0, 0, 0), matrix, numbers(wide, 48<<16)),
		Box("edts", Box("elst", numbers(0, 1, each*6, 0, 0x10000))),
		Box("meta", []byte(Words)),
		Box("mdia",
			Box("mdhd", numbers(0), times, numbers(scale, each*6, 0x55c40000)),
			m.Early,
			Box("hdlr", numbers(0, 0), []byte(handler), numbers(0, 0, 0), []byte(Words+"\x00")),
			Box("minf", media,
				Box("dinf", Box("dref", numbers(0, 1), Box("url ", numbers(here), []byte(Words)))),
				Box("stbl",
					Box("stsd", numbers(0, 1), coding),
					Box("stts", numbers(0, 1, count, each)),
					Box("stsc", numbers(0, 1, 1, many, 1)),
					Box("stsz", numbers(0, 0, count), numbers(first...)),
					Box("stco", numbers(0, 1, at)),
					Box("sgpd", []byte(Words)),
				),
			),
		),
	)
}

// Element is one of a WebM.
func Element(id uint32, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	b := binary.BigEndian.AppendUint32(nil, id)
	b = bytes.TrimLeft(b, "\x00")
	b = binary.BigEndian.AppendUint64(b, 1<<56|uint64(len(body)))
	return append(b, body...)
}

// segment is where the size of the segment of a recorded WebM stands: behind its head.
const segment = 40

// WebM is a WebM as a browser records it, with something behind its last part that belongs to it.
func WebM(more ...[]byte) []byte { return webm(recorded, more) }

// Voiced is one with sound.
func Voiced(more ...[]byte) []byte { return webm(voiced, more) }

func webm(file []byte, more [][]byte) []byte {
	file = append(bytes.Clone(file), bytes.Join(more, nil)...)
	binary.BigEndian.PutUint64(file[segment:], 1<<56|uint64(len(file)-segment-8))
	return file
}

// Live is a WebM that does not say how long any of its parts is.
func Live(more ...[]byte) []byte {
	file := WebM(more...)
	binary.BigEndian.PutUint64(file[segment:], 1<<56-1|1<<56)
	cluster := bytes.Index(file, []byte("\x1f\x43\xb6\x75\x01"))
	binary.BigEndian.PutUint64(file[cluster+4:], 1<<56-1|1<<56)
	return file
}

// Tags are what somebody wrote of a WebM.
func Tags() []byte {
	return Element(0x1254c367, Element(0x7373, Element(0x67c8, Element(0x45a3, []byte("LOCATION")), Element(0x4487, []byte(Words+"+48.8584+002.2945")))))
}

// Attached is a file in a WebM.
func Attached() []byte {
	return Element(0x1941a469, Element(0x61a7, Element(0x466e, []byte("a.html")), Element(0x465c, []byte("<script>"+Words+"</script>"))))
}
