package video_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"ricochet.example/app/video"
	"ricochet.example/app/video/videotest"
)

// file is one in memory.
type file []byte

func (f file) ReadAt(b []byte, at int64) (int, error) { return bytes.NewReader(f).ReadAt(b, at) }

func (f file) WriteAt(b []byte, at int64) (int, error) {
	if at < 0 || at+int64(len(b)) > int64(len(f)) {
		return 0, io.ErrShortWrite
	}
	return copy(f[at:], b), nil
}

func clean(f []byte) (video.Video, file, error) {
	to := file(bytes.Clone(f))
	v, err := video.Clean(to, int64(len(to)))
	return v, to, err
}

func TestBothKindsOfVideosAreTaken(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want video.Video
	}{
		"an MP4":                          {videotest.MP4{}.File(), video.Video{Type: video.MP4, Width: 64, Height: 48, Length: 600 * time.Millisecond}},
		"one whose index comes last":      {videotest.MP4{Last: true}.File(), video.Video{Type: video.MP4, Width: 64, Height: 48, Length: 600 * time.Millisecond}},
		"one of a phone held upright":     {videotest.MP4{Turned: true, Place: true}.File(), video.Video{Type: video.MP4, Width: 48, Height: 64, Length: 600 * time.Millisecond}},
		"one of three minutes":            {videotest.MP4{Seconds: 30}.File(), video.Video{Type: video.MP4, Width: 64, Height: 48, Length: 3 * time.Minute}},
		"a WebM":                          {videotest.WebM(), video.Video{Type: video.WebM, Width: 64, Height: 48}},
		"one with sound":                  {videotest.Voiced(), video.Video{Type: video.WebM, Width: 64, Height: 48}},
		"one that was sent while made":    {videotest.Live(), video.Video{Type: video.WebM, Width: 64, Height: 48}},
		"one that was sent, and has tags": {videotest.Live(videotest.Tags()), video.Video{Type: video.WebM, Width: 64, Height: 48}},
	} {
		v, _, err := clean(c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.want.Length == 0 && v.Length > 300*time.Millisecond && v.Length < 1200*time.Millisecond {
			c.want.Length = v.Length
		}
		if v != c.want {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// What is not needed to play a video is not there any more, wherever it stood; everything else is where it was.
func TestNothingStaysInAFileButWhatItNeedsToBePlayed(t *testing.T) {
	for name, f := range map[string][]byte{
		"an MP4":                     videotest.MP4{}.File(),
		"one whose index comes last": videotest.MP4{Last: true, Place: true, Inside: videotest.Box("uuid", []byte(videotest.Words))}.File(),
		"one with an archive behind": videotest.MP4{Behind: videotest.Box("skip", []byte("PK\x03\x04"+videotest.Words))}.File(),
		"a WebM":                     videotest.WebM(videotest.Tags(), videotest.Attached(), videotest.Element(0xec, []byte(videotest.Words))),
		"one with sound":             videotest.Voiced(videotest.Tags()),
		"one that was sent":          videotest.Live(videotest.Tags()),
	} {
		_, to, err := clean(f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, never := range []string{videotest.Words, "PK\x03\x04", "48.8584", "xyz", "LOCATION", "script", "Chrome", "AVC1 Coding", "\xe7\x29\x04\x14"} {
			if bytes.Contains(to, []byte(never)) {
				t.Errorf("%s: there is %q in it", name, never)
			}
		}
		changed := 0
		for i := range f {
			if f[i] != to[i] {
				changed++
			}
		}
		if changed == 0 || changed > len(f)*3/4 {
			t.Errorf("%s: %d of %d bytes changed", name, changed, len(f))
		}
		// Once cleaned it stays as it is.
		_, again, err := clean(to)
		if err != nil || !bytes.Equal(to, again) {
			t.Errorf("%s: cleaned once more it differs (%v)", name, err)
		}
	}
}

// with is a file with other bytes in one place.
func with(f []byte, find string, at int, put ...byte) []byte {
	f = bytes.Clone(f)
	i := bytes.Index(f, []byte(find))
	if i < 0 {
		panic("there is no " + find)
	}
	copy(f[i+at:], put)
	return f
}

func TestWhatIsRefusedAndWhy(t *testing.T) {
	mp4, webm := videotest.MP4{}.File(), videotest.WebM()
	early := videotest.Box("minf", videotest.Box("stbl", videotest.Box("stsd", []byte{0, 0, 0, 0, 0, 0, 0, 1}, videotest.Box("avc1", []byte(videotest.Words)))))
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"nothing":                               {nil, "video.empty"},
		"a page":                                {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "video.kind"},
		"a picture":                             {[]byte("\x89PNG\r\n\x1a\n0123"), "video.kind"},
		"three bytes":                           {[]byte("abc"), "video.kind"},
		"an AVI":                                {[]byte("RIFF0123AVI LIST"), "video.kind"},
		"a QuickTime film":                      {videotest.MP4{Brand: "qt  "}.File(), "video.kind"},
		"a page that begins like one":           {append([]byte("<!--ftyp<script>"), mp4...), "video.damaged"},
		"a brand that is a page":                {videotest.MP4{Brand: "<a>\n"}.File(), "video.kind"},
		"another codec":                         {videotest.MP4{Coding: "hvc1"}.File(), "video.codec"},
		"another codec in a WebM":               {with(webm, "V_VP8", 0, []byte("V_XP8")...), "video.codec"},
		"one in parts, for streaming":           {videotest.MP4{Fragments: true}.File(), "video.streaming"},
		"one with parts behind":                 {videotest.MP4{Behind: videotest.Box("moof", nil)}.File(), "video.streaming"},
		"samples in another file":               {videotest.MP4{Elsewhere: true}.File(), "video.damaged"},
		"samples that are elsewhere":            {videotest.MP4{Offset: 1 << 20}.File(), "video.damaged"},
		"samples that are no samples":           {videotest.MP4{Offset: 600}.File(), "video.damaged"},
		"an archive behind it":                  {videotest.MP4{Behind: []byte("PK\x03\x04 and a whole archive")}.File(), "video.damaged"},
		"one byte behind it":                    {videotest.MP4{Behind: []byte{0}}.File(), "video.damaged"},
		"one that is cut off":                   {mp4[:len(mp4)-30], "video.damaged"},
		"samples before it is said of what":     {videotest.MP4{Early: early}.File(), "video.damaged"},
		"a track of two kinds":                  {videotest.MP4{Early: videotest.Box("hdlr", make([]byte, 8), []byte("meta"), make([]byte, 12))}.File(), "video.no_picture"},
		"two indexes":                           {videotest.MP4{Behind: videotest.Box("moov")}.File(), "video.damaged"},
		"no index":                              {with(mp4, "moov", 0, []byte("free")...), "video.damaged"},
		"one that is too long":                  {videotest.MP4{Seconds: 40}.File(), "video.long"},
		"one of a thousand years":               {videotest.MP4{Seconds: 0xffffffff}.File(), "video.long"},
		"one that is too wide":                  {videotest.MP4{Wide: 5000 << 16}.File(), "video.side"},
		"one that has no pictures":              {with(mp4, "vide\x00", 0, []byte("meta")...), "video.no_picture"},
		"a size that lies":                      {with(mp4, "stts", -4, 0x7f, 0xff, 0xff, 0xff), "video.damaged"},
		"a size of nothing":                     {with(mp4, "stts", -4, 0, 0, 0, 0), "video.damaged"},
		"a table that lies":                     {with(mp4, "stsz", 12, 0x7f, 0xff, 0xff, 0xff), "video.damaged"},
		"samples that all lie":                  {with(mp4, "stsz", 8, 0xff, 0xff, 0xff, 0xff), "video.damaged"},
		"chunks that lie":                       {with(mp4, "stsc", 16, 0xff, 0xff, 0xff, 0xff), "video.damaged"},
		"a WebM with an archive behind":         {append(bytes.Clone(webm), "PK\x03\x04"...), "video.damaged"},
		"a WebM that is cut off":                {webm[:len(webm)-30], "video.damaged"},
		"a Matroska":                            {with(webm, "\x42\x82\x84webm", 3, []byte("matr")...), "video.kind"},
		"an element that lies":                  {with(webm, "\x16\x54\xae\x6b\xbc", 4, 0x08, 0xff, 0xff, 0xff), "video.damaged"},
		"a WebM of a thousand years":            {with(webm, "\x44\x89\x84", 3, 0x7e, 0, 0, 0), "video.long"},
		"a WebM of no number of years":          {with(webm, "\x44\x89\x84", 3, 0x7f, 0xc0, 0, 1), "video.long"},
		"a WebM whose last picture comes later": {with(webm, "\xe7\x81\x00\xa0", 1, 0x84, 0x00, 0x10, 0x00), "video.damaged"},
		"a locked track":                        {with(webm, "\x55\xee\x81\x01", 0, 0x6d, 0x80, 0x81), "video.codec"},
	} {
		v, _, err := clean(c.file)
		refused := new(video.Refused)
		if !errors.As(err, &refused) || refused.Key != c.key {
			t.Errorf("%s: %v, %+v, not %s", name, err, v, c.key)
		}
	}
	if _, err := video.Clean(file(nil), video.MostBytes+1); err == nil {
		t.Error("too many bytes are taken")
	}
}

// A file of forty megabytes of boxes with nothing in them, and one of elements, end soon.
func TestBombsEndSoon(t *testing.T) {
	head := videotest.Box("ftyp", []byte("isom\x00\x00\x02\x00isom"))
	ebml := videotest.WebM()[:36]
	for name, f := range map[string][]byte{
		"boxes":               append(bytes.Clone(head), bytes.Repeat(videotest.Box("free"), 4<<20)...),
		"boxes in the index":  append(bytes.Clone(head), videotest.Box("moov", bytes.Repeat(videotest.Box("free"), 400<<10))...),
		"a large index":       append(bytes.Clone(head), videotest.Box("moov", make([]byte, 8<<20))...),
		"elements":            append(bytes.Clone(ebml), videotest.Element(0x18538067, bytes.Repeat([]byte{0xec, 0x80}, 8<<20))...),
		"clusters of no size": append(bytes.Clone(ebml), videotest.Element(0x18538067, bytes.Repeat([]byte{0x1f, 0x43, 0xb6, 0x75, 0xff}, 2<<20))...),
	} {
		began := time.Now()
		_, err := video.Clean(file(f), int64(len(f)))
		if refused := new(video.Refused); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, time.Since(began))
	}
}

// A sample table may say how many there are of one size, as sound does, and its chunks be anywhere.
func TestALengthIsTheLongestThatIsSaid(t *testing.T) {
	f := videotest.MP4{}.File()
	at := bytes.Index(f, []byte("stts"))
	binary.BigEndian.PutUint32(f[at+16:], 200_000) // of a thousandth of a second, six times
	_, _, err := clean(f)
	if refused := new(video.Refused); !errors.As(err, &refused) || refused.Key != "video.long" {
		t.Errorf("a table of twenty minutes under a head of less than a second: %v", err)
	}
}

// Whatever bytes come, they are refused or cleaned, and cleaned they are taken again as they are.
func FuzzVideo(f *testing.F) {
	for _, seed := range [][]byte{
		videotest.MP4{}.File(), videotest.MP4{Last: true, Place: true, Turned: true}.File(), videotest.MP4{Fragments: true}.File(),
		videotest.WebM(), videotest.Voiced(videotest.Tags()), videotest.Live(videotest.Attached()), []byte("\x1a\x45\xdf\xa3"), videotest.Box("ftyp"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, to, err := clean(b)
		if err != nil {
			if refused := new(video.Refused); !errors.As(err, &refused) {
				t.Errorf("%v is no reason", err)
			}
			return
		}
		if v.Width < 1 || v.Height < 1 || v.Length <= 0 || v.Length > 4*time.Minute {
			t.Errorf("it is %+v", v)
		}
		again, twice, err := clean(to)
		if err != nil || again != v || !bytes.Equal(to, twice) {
			t.Errorf("once more it is %+v: %v", again, err)
		}
	})
}
