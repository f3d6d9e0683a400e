package subtitle_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ricochet.example/app/subtitle"
)

const head = "WEBVTT\n\n"

// one is a file with some words, from one second to the next.
func one(words string) string { return head + "00:01.000 --> 00:02.000\n" + words + "\n" }

func TestWhatIsKeptIsTimesAndWordsWrittenAnew(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"one":                      {one("It holds."), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nIt holds.\n"},
		"as Windows writes it":     {"\ufeff" + strings.ReplaceAll(one("It holds."), "\n", "\r\n"), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nIt holds.\n"},
		"without an end":           {strings.TrimSuffix(one("It holds."), "\n"), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nIt holds.\n"},
		"a head, names and places": {"WEBVTT - by Ana\nKind: captions\n\n\n7\n01:00:01.500 --> 01:59:59.999 line:0 position:20%,start align:left\nAbove\n\nlast\n01:00:02.000 --> 02:00:00.000\nBelow", "WEBVTT\n\n01:00:01.500 --> 01:59:59.999\nAbove\n\n01:00:02.000 --> 02:00:00.000\nBelow\n"},
		"remarks and styles":       {head + "NOTE secret\nmore\n\nSTYLE\n::cue { background: url(https://spy.example) }\n\nREGION\nid:x\n\nNOTE\n\n" + one("Heard")[len(head):], one("Heard")},
		"bold and italic":          {one("<b>It</b> <i.loud>holds</i>"), one("<b>It</b> <i>holds</i>")},
		"what is left open":        {one("<i>It <b>holds"), one("<i>It <b>holds</b></i>")},
		"other marks":              {one("<v.loud Ana>It</v> <c.yellow.bg_blue>really</c> <00:01.500><u>holds</u> <lang fr>oui</lang> <ruby>a<rt>b</rt></ruby>"), one("It really holds oui ab")},
		"characters":               {one("A &amp; B &lt;C&gt; D&nbsp;E & F > G &eacute; &amp;lt;"), one("A &amp; B &lt;C&gt; D\u00a0E &amp; F &gt; G &amp;eacute; &amp;lt;")},
		"lines that say nothing":   {one("  one \n<c></c>\n \n two"), one("one\ntwo")},
		"words that are none":      {one("<c> </c>") + "\n00:03.000 --> 00:04.000\n\n00:05.000 --> 00:06.000\nx", "WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nx\n"},
		"two at once":              {one("a") + "\n00:01.000 --> 00:01.500\nb", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na\n\n00:00:01.000 --> 00:00:01.500\nb\n"},
		"a mark over two lines":    {one("<v Ana\nB>hello"), one("hello")},
		"from right to left":       {one("שלום &rlm;!"), one("שלום \u200f!")},
	} {
		want := strings.Replace(strings.Replace(c.want, "\n00:01.000", "\n00:00:01.000", 1), "> 00:02.000", "> 00:00:02.000", 1)
		got, err := subtitle.Clean([]byte(c.file))
		if err != nil || got != want {
			t.Errorf("%s: %q, not %q (%v)", name, got, want, err)
		}
	}
}

func TestWhatIsNotTakenIsRefusedWithItsLine(t *testing.T) {
	many := head
	for range 2001 {
		many += "00:01.000 --> 00:02.000\nx\n\n"
	}
	for name, c := range map[string]struct {
		file, key string
		line      int // 0: of no line
	}{
		"nothing":               {"", "subtitle.empty", 0},
		"too large":             {head + strings.Repeat("x", subtitle.MostBytes), "subtitle.bytes", 0},
		"no words":              {head, "subtitle.none", 0},
		"SubRip":                {"1\n00:00:01,000 --> 00:00:02,000\nx\n", "subtitle.head", 1},
		"another word":          {"WEBVTTX\n", "subtitle.head", 1},
		"another alphabet":      {head + "00:01.000 --> 00:02.000\n\xe9t\xe9", "subtitle.letters", 4},
		"a control character":   {one("a\x00b"), "subtitle.letters", 4},
		"a page":                {one("a\n<script>alert(1)</script>"), "subtitle.mark", 5},
		"a picture":             {one("<img src=x onerror=alert(1)>"), "subtitle.mark", 4},
		"a mark without an end": {one("a\nb <i"), "subtitle.mark", 5},
		"an end without a mark": {one("a</i>"), "subtitle.mark", 4},
		"ends that cross":       {one("<b><i>a</b></i>"), "subtitle.mark", 4},
		"a comma for the point": {head + "00:01,000 --> 00:02,000\nx", "subtitle.time", 3},
		"a minute of 61":        {head + "61:01.000 --> 62:02.000\nx", "subtitle.time", 3},
		"no times":              {head + "Hello\nyou", "subtitle.time", 3},
		"strange places":        {head + "00:01.000 --> 00:02.000 <b>\nx", "subtitle.time", 3},
		"an end before it":      {head + "00:02.000 --> 00:01.000\nx", "subtitle.order", 3},
		"a step back":           {one("a") + "\n00:00.500 --> 00:03.000\nb", "subtitle.order", 6},
		"no empty line":         {one("a") + "00:03.000 --> 00:04.000\nb", "subtitle.apart", 5},
		"times in a remark":     {head + "NOTE\n00:03.000 --> 00:04.000\nb", "subtitle.apart", 4},
		"too much at once":      {one(strings.Repeat("x", 1001)), "subtitle.long", 4},
		"far too much at once":  {one(strings.Repeat("<b></b>", 5000)), "subtitle.long", 4},
		"too many":              {many, "subtitle.many", 0},
	} {
		_, err := subtitle.Clean([]byte(c.file))
		refused := new(subtitle.Refused)
		if !errors.As(err, &refused) || refused.Key != c.key {
			t.Errorf("%s: %v, not %s", name, err, c.key)
			continue
		}
		line := 0
		if len(refused.Args) > 1 && refused.Args[0] == "line" {
			line, _ = refused.Args[1].(int)
		}
		if line != c.line {
			t.Errorf("%s: line %d, not %d", name, line, c.line)
		}
	}
	// What is small may be too large once it is written: every ampersand takes five characters then.
	large := head
	for range 300 {
		large += "00:01.000 --> 00:02.000\n" + strings.Repeat("&", 190) + "\n\n"
	}
	if _, err := subtitle.Clean([]byte(large)); !errors.As(err, new(*subtitle.Refused)) || !strings.Contains(err.Error(), "subtitle.bytes") {
		t.Errorf("%d bytes: %v", len(large), err)
	}
}

func TestEveryLanguageIsThereOnceAndHasAName(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range subtitle.Languages {
		if l.Name == "" || seen[l.Code] || seen[l.Name] || !regexp.MustCompile(`^[a-z]{2}$`).MatchString(l.Code) {
			t.Errorf("%+v", l)
		}
		seen[l.Code], seen[l.Name] = true, true
		if got, ok := subtitle.LanguageOf(l.Code); !ok || got != l {
			t.Errorf("%s is %+v", l.Code, got)
		}
	}
	if _, ok := subtitle.LanguageOf("xx"); ok {
		t.Error("there is a language xx")
	}
	codes := []string{"de", "fr", "en"}
	if subtitle.Sort(codes); fmt.Sprint(codes) != "[en fr de]" {
		t.Error(codes)
	}
}

// written is all that a cleaned file may hold.
var written = regexp.MustCompile(`^WEBVTT\n(\n\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}\n(([^<>\n]|</?[bi]>)+\n)+)+$`)

// Whatever bytes come, they are refused with a reason or written anew: times, words, and what is bold or italic; and
// cleaned once more nothing changes.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{
		"", "WEBVTT", one("a"), one("<b>a</b>&amp;<i>b"), head + "NOTE\n\nSTYLE\nx\n\n1\n00:01.000 --> 01:02:03.004 align:left\n<v A>b\n\n", "\ufeff" + one("a\r\nb"),
		one("&#10;&#10;00:01.000 --&gt; 00:02.000"), one("<00:01.000><c.x>y</c>"), one("<v A\nB>c\n<"), one("\u00a0\n\u2028x"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := subtitle.Clean(b)
		if err != nil {
			if refused := new(subtitle.Refused); !errors.As(err, &refused) || !strings.HasPrefix(refused.Key, "subtitle.") {
				t.Errorf("%v is no reason", err)
			}
			return
		}
		if len(got) > subtitle.MostBytes || !written.MatchString(got) {
			t.Errorf("it is %q", got)
		}
		if again, err := subtitle.Clean([]byte(got)); err != nil || again != got {
			t.Errorf("%q is once more %q: %v", got, again, err)
		}
	})
}
