package parcel_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ricochet.example/app/parcel"
)

var when = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func read(file []byte) (parcel.Parcel, error) {
	return parcel.Read(bytes.NewReader(file), int64(len(file)))
}

// Whatever a drop says, its parcel brings it back to the letter.
func TestAParcelBringsBackWhatWasPutIntoIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Lines end in \n alone, as in what is saved.
		words := rapid.Custom(func(t *rapid.T) string { return strings.ReplaceAll(rapid.String().Draw(t, "words"), "\r", "") })
		some := rapid.OneOf(words, rapid.SampledFrom([]string{
			"", "---", "a: b", "- x", "# no remark", `"`, "'it's'", "[a, b]", "|", "~", "null", "a\n---\nb", "\n\n", " : ", "x #y", "\ufeff", "é\u2028è", "<b>&amp;</b>",
		}))
		p := parcel.Parcel{
			Title: some.Draw(t, "title"), Teaser: some.Draw(t, "teaser"), Language: some.Draw(t, "language"), Action: some.Draw(t, "action"),
			ActionURL: some.Draw(t, "action_url"), CoverAlt: some.Draw(t, "cover_alt"),
		}
		p.Tags = rapid.SliceOfN(some, 0, 3).Draw(t, "tags")
		p.Captions = rapid.SliceOfN(some, 0, 3).Draw(t, "captions")
		for i := range rapid.IntRange(0, 4).Draw(t, "files") {
			name := fmt.Sprintf("images/%d.jpg", i+1)
			p.Files = append(p.Files, parcel.File{Name: name, Alt: some.Draw(t, "alt"), Content: rapid.SliceOf(rapid.Byte()).Draw(t, "content")})
			p.Cover = name
		}
		// It shows no pictures but those that there are: one that is missing is refused, which is the next test.
		body := strings.ReplaceAll(some.Draw(t, "body"), "!", "")
		for _, f := range p.Files {
			body += rapid.SampledFrom([]string{"\n\n![](" + f.Name + ")", " [leads](https://a.example/" + f.Name + ")", "\n"}).Draw(t, "shown")
		}
		p.Body = body
		var file bytes.Buffer
		if err := p.Write(&file, when); err != nil {
			t.Fatal(err)
		}
		back, err := read(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back, cmp.Transformer("some", func(all []string) string { return strings.Join(all, "\x00") }),
			cmp.Comparer(bytes.Equal)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// zipOf is a zip of files by name and content, in order.
func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipWith is a zip of one text and an entry that is not as it should be.
func zipWith(t *testing.T, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range []*zip.FileHeader{{Name: "text.md"}, {Name: "images/1.jpg"}} {
		if h.Name != "text.md" {
			change(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte("text"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAParcelThatIsNotAsItShouldBeIsRefusedWithTheReason(t *testing.T) {
	many := make([]string, 0, 2*(parcel.MostFiles+1))
	for i := range parcel.MostFiles + 1 {
		many = append(many, fmt.Sprintf("images/%d.jpg", i), "x")
	}
	zeros := strings.Repeat("\x00", 10<<20)
	var heavy []string
	for i := range 11 {
		heavy = append(heavy, fmt.Sprintf("%d.jpg", i), zeros)
	}
	// Entries of the directory that the end of it says nothing of.
	hidden := zipOf(t, "text.md", "x")
	at := bytes.Index(hidden, []byte("PK\x01\x02"))
	end := bytes.Index(hidden, []byte("PK\x05\x06"))
	long := slices.Concat(hidden[:at], bytes.Repeat(hidden[at:end], 65537), hidden[end:])
	for _, c := range []struct {
		name string
		file []byte
		key  string
		args []any
	}{
		{"nothing", nil, "parcel.kind", nil},
		{"no zip", []byte("%PDF-1.7"), "parcel.kind", nil},
		{"too large", make([]byte, parcel.MostBytes+1), "parcel.bytes", []any{"n", parcel.MostBytes >> 20}},
		{"too many files", zipOf(t, append(many, "text.md", "x")...), "parcel.files", []any{"n", parcel.MostFiles}},
		{"a directory longer than it says", long, "parcel.files", []any{"n", parcel.MostFiles}},
		{"a bomb of one file", zipOf(t, "text.md", "x", "images/1.png", strings.Repeat(zeros, 5)), "parcel.file_bytes", []any{"file", "images/1.png", "n", 10}},
		{"a bomb of many", zipOf(t, append(heavy, "text.md", "x")...), "parcel.unpacked", []any{"n", 100}},
		{"a bomb of a text", zipOf(t, "text.md", zeros), "parcel.file_small", []any{"file", "text.md", "n", 128}},
		{"a path upwards", zipOf(t, "text.md", "x", "images/../../1.jpg", "x"), "parcel.path", []any{"file", "images/../../1.jpg"}},
		{"a path from the top", zipOf(t, "text.md", "x", "/etc/1.jpg", "x"), "parcel.path", []any{"file", "/etc/1.jpg"}},
		{"a path of Windows", zipOf(t, "text.md", "x", `..\1.jpg`, "x"), "parcel.path", []any{"file", `..\1.jpg`}},
		{"a drive", zipOf(t, "text.md", "x", "C:1.jpg", "x"), "parcel.path", []any{"file", "C:1.jpg"}},
		{"a link", zipWith(t, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), "parcel.link", []any{"file", "images/1.jpg"}},
		{"a device", zipWith(t, func(h *zip.FileHeader) { h.SetMode(fs.ModeDevice | 0o666) }), "parcel.link", []any{"file", "images/1.jpg"}},
		{"a password", zipWith(t, func(h *zip.FileHeader) { h.Flags |= 1 }), "parcel.locked", []any{"file", "images/1.jpg"}},
		{"another type", zipOf(t, "text.md", "x", "run.exe", "MZ"), "parcel.type", []any{"file", "run.exe"}},
		{"a drawing that can run", zipOf(t, "text.md", "x", "images/1.svg", "<svg/>"), "parcel.type", []any{"file", "images/1.svg"}},
		{"one name twice", zipOf(t, "text.md", "x", "a.jpg", "x", "A.JPG", "y"), "parcel.twice", []any{"file", "A.JPG"}},
		{"no text", zipOf(t, "a.jpg", "x"), "parcel.text", []any{"name", "text.md"}},
		{"two texts", zipOf(t, "a.md", "x", "b.md", "x"), "parcel.text", []any{"name", "text.md"}},
		{"letters of another kind", zipOf(t, "text.md", "caf\xe9"), "parcel.letters", []any{"file", "text.md"}},
		{"a picture that is not there", zipOf(t, "text.md", "![x](images/2.jpg)"), "parcel.missing", []any{"file", "images/2.jpg"}},
		{"a cover that is not there", zipOf(t, "text.md", "---\ncover: a.jpg\n---\nx"), "parcel.missing", []any{"file", "a.jpg"}},
		{"a head that does not end", zipOf(t, "text.md", "---\ntitle: x\n"), "parcel.open_head", []any{"fence", "---"}},
		{"a head that cannot be read", zipOf(t, "text.md", "---\ntitle: x\n=\n---\n"), "parcel.head", []any{"n", 3}},
		{"quotes that do not end", zipOf(t, "text.md", "---\ntitle: \"x\n---\n"), "parcel.head", []any{"n", 2}},
	} {
		_, err := read(c.file)
		refused := new(parcel.Refused)
		if !errors.As(err, &refused) || refused.Key != c.key || !cmp.Equal(refused.Args, c.args) {
			t.Errorf("%s: %v, want %s %v", c.name, err, c.key, c.args)
		}
	}
}

// Whoever writes elsewhere does so as they are used to: folders around it all, what their system puts beside, and
// a head in any of the ways of YAML that people write by hand.
func TestAParcelThatPeopleMadeByHandIsUnderstood(t *testing.T) {
	text := strings.ReplaceAll(`---
# Ours
title: The Halo: a sole # for spring
teaser: 'It''s out'
date: 2026-03-01
language: fr
tags: [Shoes, "first look"]
captions:
  - Look at this {{link}}
  - |
    Two
    lines
action: >
  See
  it
action_url: https://novaska.example/halo?a=b#top
cover: ./images/My sole.JPG
alt:
  images/2.png: A lace
author:
  name: Nadia
---

We drew it. ![The sole](<images/My sole.JPG>) ![](images/2.png "Title") ![Away](https://a.example/images/2.png)
`, "\n", "\r\n")
	p, err := read(zipOf(t, "Halo/", "", "Halo/the text.md", text, "Halo/images/My sole.JPG", "1", "Halo/images/2.png", "2",
		"__MACOSX/Halo/._the text.md", "x", "Halo/.DS_Store", "x"))
	if err != nil {
		t.Fatal(err)
	}
	want := parcel.Parcel{
		Title: "The Halo: a sole", Teaser: "It's out", Language: "fr", Tags: []string{"Shoes", "first look"},
		Captions: []string{"Look at this {{link}}", "Two\nlines"}, Action: "See it", ActionURL: "https://novaska.example/halo?a=b#top",
		Cover: "images/My sole.JPG",
		Body:  "We drew it. ![The sole](<images/My sole.JPG>) ![](images/2.png \"Title\") ![Away](https://a.example/images/2.png)\n",
		Files: []parcel.File{{Name: "images/My sole.JPG", Alt: "The sole", Content: []byte("1")}, {Name: "images/2.png", Alt: "A lace", Content: []byte("2")}},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	named := p.Named(map[string]string{"images/My sole.JPG": "image:a", "images/2.png": "image:b"})
	if !strings.HasPrefix(named, "We drew it. ![The sole](image:a) ![](image:b \"Title\") ![Away](https://a.example/images/2.png)") {
		t.Error(named)
	}
}

// A name that is not an address is left alone.
func TestOnlyAddressesOfATextAreRenamed(t *testing.T) {
	text := "image:a ![x](image:a) [y](image:a 't')\n\n[z]: image:a\n`](image:b)` (image:a)"
	got := parcel.Rename(text, func(address string) (string, bool) { return "one two", address == "image:a" })
	if want := "image:a ![x](<one two>) [y](<one two> 't')\n\n[z]: <one two>\n`](image:b)` (image:a)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever the bytes, a parcel is refused with a reason or read.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := (parcel.Parcel{Title: "x", Tags: []string{"a"}}).Write(&b, when); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	key := regexp.MustCompile(`^parcel\.[a-z_]+$`)
	f.Fuzz(func(t *testing.T, file []byte) {
		_, err := read(file)
		refused := new(parcel.Refused)
		if err != nil && (!errors.As(err, &refused) || !key.MatchString(refused.Key)) {
			t.Error(err)
		}
	})
}
