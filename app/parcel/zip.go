package parcel

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Write writes a parcel as a zip, whose files are of one time.
func (p Parcel) Write(to io.Writer, at time.Time) error {
	z := zip.NewWriter(to)
	put := func(name string, method uint16, content io.Reader) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: at})
		if err == nil {
			_, err = io.Copy(w, content)
		}
		if err != nil {
			return fmt.Errorf("writing a file of a parcel: %w", err)
		}
		return nil
	}
	if err := put(textName, zip.Deflate, strings.NewReader(p.Text())); err != nil {
		return err
	}
	for _, f := range p.Files {
		content := io.NopCloser(bytes.NewReader(f.Content))
		if f.Open != nil {
			var err error
			if content, err = f.Open(); err != nil {
				return fmt.Errorf("opening a file of a parcel: %w", err)
			}
		}
		err := put(f.Name, zip.Store, content) // pictures and videos are small already
		if err := errors.Join(err, content.Close()); err != nil {
			return err
		}
		for _, language := range slices.Sorted(maps.Keys(f.Subtitles)) {
			if err := put(SubtitlesName(f.Name, language), zip.Deflate, bytes.NewReader(f.Subtitles[language])); err != nil {
				return err
			}
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("ending a parcel: %w", err)
	}
	return nil
}

// directoryEntry is what each entry of a zip's directory begins with (APPNOTE.TXT 4.3.12).
var directoryEntry = []byte("PK\x01\x02")

// encrypted is the flag of an entry that has a password (APPNOTE.TXT 4.4.4).
const encrypted = 1

// Read makes a parcel of a zip of so many bytes, which has to be there as long as videos are read out of the parcel.
// The error is a *Refused where it is not taken. It may use as much memory as MostUnpacked: whoever calls it sees to
// it that few do at a time. No name of an entry is ever used as a path.
func Read(file io.ReaderAt, size int64) (p Parcel, err error) {
	if size > MostBytes {
		return p, TooLarge()
	}
	// A directory may be much longer than it says it is, and is read to its end: it is counted before.
	entered, err := count(io.NewSectionReader(file, 0, size), directoryEntry)
	if err != nil {
		return p, err
	}
	if entered > MostFiles+8 { // a few may stand in pictures by chance
		return p, refuse("parcel.files", "n", MostFiles)
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return p, refuse("parcel.kind")
	}
	if len(z.File) > MostFiles {
		return p, refuse("parcel.files", "n", MostFiles)
	}
	entries, text, err := chosen(z.File)
	if err != nil {
		return p, err
	}
	left := MostUnpacked
	words, err := unpack(text, mostText, &left)
	if err != nil {
		return p, err
	}
	if !utf8.Valid(words) {
		return p, refuse("parcel.letters", "file", text.Name)
	}
	folder := path.Dir(text.Name) + "/"
	under := map[string][]byte{} // videos that may come behind them
	for _, e := range entries {
		if IsVideo(e.Name) {
			if e.UncompressedSize64 > MostVideoBytes {
				return p, refuse("parcel.file_bytes", "file", e.Name, "n", MostVideoBytes>>20)
			}
			p.Files = append(p.Files, File{Name: strings.TrimPrefix(path.Clean(e.Name), folder), Open: e.Open})
			continue
		}
		content, err := unpack(e, kinds[ending(e.Name)], &left)
		if err != nil {
			return p, err
		}
		name := strings.TrimPrefix(path.Clean(e.Name), folder)
		if ending(name) == subtitles {
			under[name] = content
			continue
		}
		p.Files = append(p.Files, File{Name: name, Content: content})
	}
	for _, name := range slices.Sorted(maps.Keys(under)) {
		if !p.subtitle(name, under[name]) {
			return p, refuse("parcel.subtitles", "file", name)
		}
	}
	if err := p.read(string(words)); err != nil {
		return p, err
	}
	return p, p.check()
}

// count is how often something stands in a file.
func count(file io.Reader, what []byte) (n int, err error) {
	buffer := make([]byte, 0, 64<<10)
	for {
		more, err := io.ReadFull(file, buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+more]
		n += bytes.Count(buffer, what)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("counting the files of a parcel: %w", err)
		}
		// What begins at the end of this part is found with the next.
		kept := copy(buffer, buffer[len(buffer)-len(what)+1:])
		buffer = buffer[:kept]
	}
}

func ending(name string) string { return strings.ToLower(path.Ext(name)) }

// chosen are the entries of a zip that a parcel is made of: the files, and the text.
func chosen(all []*zip.File) (files []*zip.File, text *zip.File, err error) {
	names := map[string]bool{}
	var texts []*zip.File
	for _, e := range all {
		if err := sound(e); err != nil {
			return nil, nil, err
		}
		name := strings.ToLower(path.Clean(e.Name))
		switch {
		case strings.HasSuffix(e.Name, "/"), passedOver(name):
			continue
		case names[name]:
			return nil, nil, refuse("parcel.twice", "file", e.Name)
		case ending(name) == ".md", ending(name) == ".markdown":
			texts = append(texts, e)
		case kinds[ending(name)] > 0:
			files = append(files, e)
		default:
			return nil, nil, refuse("parcel.type", "file", e.Name)
		}
		names[name] = true
	}
	if len(texts) > 1 {
		texts = slices.DeleteFunc(texts, func(e *zip.File) bool { return path.Base(e.Name) != textName })
	}
	if len(texts) != 1 {
		return nil, nil, refuse("parcel.text", "name", textName)
	}
	return files, texts[0], nil
}

// sound refuses entries that are no plain files, and names that lead elsewhere.
func sound(e *zip.File) error {
	name := e.Name
	switch {
	case !utf8.ValidString(name), strings.ContainsAny(name, "\\:\x00"), strings.HasPrefix(name, "/"), name == "",
		slices.Contains(strings.Split(name, "/"), ".."):
		return refuse("parcel.path", "file", strings.ToValidUTF8(name, "?"))
	case e.Flags&encrypted != 0:
		return refuse("parcel.locked", "file", name)
	case !e.Mode().IsRegular() && !e.Mode().IsDir():
		return refuse("parcel.link", "file", name)
	}
	return nil
}

// passedOver says whether a file is one that systems put beside those of people.
func passedOver(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__macosx/") || strings.HasPrefix(base, ".") || base == "thumbs.db" || base == "desktop.ini"
}

// unpack reads an entry, whatever it says of its size.
func unpack(e *zip.File, most int, left *int) ([]byte, error) {
	r, err := e.Open()
	if err != nil {
		return nil, refuse("parcel.damaged", "file", e.Name)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, int64(min(most, *left))+1))
	switch {
	case len(content) > most && most < 1<<20:
		return nil, refuse("parcel.file_small", "file", e.Name, "n", most>>10)
	case len(content) > most:
		return nil, refuse("parcel.file_bytes", "file", e.Name, "n", most>>20)
	case len(content) > *left:
		return nil, refuse("parcel.unpacked", "n", MostUnpacked>>20)
	case err != nil:
		return nil, refuse("parcel.damaged", "file", e.Name)
	}
	*left -= len(content)
	return content, nil
}
