package squad

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	text "unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
)

// MostLines is how many people can be invited by one list.
const MostLines = 50_000

// What keeps a list from being read at all.
var (
	ErrTooManyLines = errors.New("the list has too many lines")
	ErrNoText       = errors.New("the list is not a text")
	ErrNoAddresses  = errors.New("the list has a head without a column for addresses")
)

// Line is a person to invite, as a line of a list says.
type Line struct {
	Number   int    // of the line, from 1
	Text     string // the beginning of the line, as it was typed
	Email    string // lower case
	Name     string
	Squad    string   // the name of a squad, in words; may be empty
	Language string   // one of lang.Supported, or empty
	Answers  []Answer // what stands in columns that are none of these, the first few

	Outcome Outcome
	Problem check.Problem // of a Wrong line; what is to be said of it
	First   int           // of a Twice line: the number of the first
	SquadID string        // that they are invited into
}

// Outcome is what becomes of a line.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"     // they are invited
	Wrong   Outcome = "wrong"   // the line cannot be understood
	Twice   Outcome = "twice"   // they stand further up; what that line lacked was taken from this one
	There   Outcome = "there"   // they are in the squad
	Waiting Outcome = "waiting" // they were invited, and did not come yet
	Staff   Outcome = "staff"   // they work for the brand
	Stopped Outcome = "stopped" // they want no mails, or their address takes none
	// Of people who applied somewhere else: their application is here already, or they were taken out of the squad.
	Applied  Outcome = "applied"
	TakenOut Outcome = "removed"
)

// heads are the columns that a list may have, by what people and other programs write above them, as plain makes it.
var heads = map[string][]string{
	"email": {
		"email", "mail", "courriel", "emailaddress", "mailaddress", "useremail", "contactemail", "memberemail", "ambassadoremail", "advocateemail",
		"creatoremail", "influenceremail", "customeremail", "adresseemail", "adressemail", "adresseelectronique", "adressedemessagerie",
		"emaildumembre", "address", "adresse",
	},
	"name": {
		"name", "fullname", "displayname", "contactname", "nomcomplet", "nometprenom", "prenometnom", "prenomnom", "nomprenom", "nom", "member", "membre",
		"membername", "ambassador", "ambassadorname", "ambassadeur", "advocate", "advocatename", "creator", "creatorname", "influencer",
		"influencername", "customername",
	},
	"first": {"firstname", "first", "givenname", "forename", "prenom", "ambassadorfirstname", "advocatefirstname", "memberfirstname"},
	"last":  {"lastname", "last", "surname", "familyname", "nomdefamille", "ambassadorlastname", "advocatelastname", "memberlastname"},
	"squad": {"squad", "group", "groupe", "team", "equipe"},
	"lang":  {"language", "langue", "lang", "locale", "preferredlanguage"},
}

// columnOf is the column that each head stands for.
var columnOf = func() map[string]string {
	all := map[string]string{}
	for column, names := range heads {
		for _, name := range names {
			all[name] = column
		}
	}
	return all
}()

// plain is the head of a column without case, accents, signs, and what stands in brackets.
func plain(title string) string {
	title, _, _ = strings.Cut(title, "(")
	return strings.Map(func(r rune) rune {
		if r = text.ToLower(r); r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, norm.NFD.String(title))
}

// longestText is how much of a line is shown again, in characters.
const longestText = 120

// ReadList reads people to invite from what was pasted or uploaded: an address a line, with a name or without,
// or a CSV with commas, semicolons or tabs between its columns, with or without a head. It takes UTF-8, UTF-16
// with its mark, and Windows-1252, which is what spreadsheets write. A line that cannot be understood is Wrong;
// every other is New so far.
func ReadList(b []byte) ([]Line, error) {
	text, err := decode(b)
	if err != nil {
		return nil, err
	}
	comma := separator(text)
	var lines []Line
	take := func(some []Line) error {
		if lines = append(lines, some...); len(lines) > MostLines {
			return ErrTooManyLines
		}
		return nil
	}
	if head, titles := headOf(text, comma); head != nil {
		if !slices.Contains(head, "email") {
			return nil, ErrNoAddresses
		}
		r := reader(text, comma)
		for first := true; ; first = false {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return merged(lines), nil
			}
			number, _ := r.FieldPos(0)
			if first {
				continue
			}
			if err := take(read(number, head, titles, record)); err != nil {
				return nil, err
			}
		}
	}
	// Without a head a quotation mark is one of a mail program's more often than one that lines end in.
	number := 0
	for l := range strings.Lines(text) {
		number++
		if err := take(alone(number, strings.TrimSpace(l), comma)); err != nil {
			return nil, err
		}
	}
	return merged(lines), nil
}

// unguarded takes away the apostrophe that our own files put before what a spreadsheet would run.
func unguarded(cell string) string {
	rest, guarded := strings.CutPrefix(cell, "'")
	if first := strings.TrimLeft(rest, " \u00a0"); guarded && first != "" && strings.ContainsRune("'=+-@＝＋－＠", []rune(first)[0]) {
		return rest
	}
	return cell
}

// merged makes one of the lines of a person and squad: the first, with what it lacked from those that follow. The
// others are Twice.
func merged(lines []Line) []Line {
	first := map[[2]string]int{}
	for n, l := range lines {
		if l.Outcome != New {
			continue
		}
		person := [2]string{l.Email, strings.ToLower(l.Squad)}
		at, twice := first[person]
		if !twice {
			first[person] = n
			continue
		}
		lines[n].Outcome, lines[n].First = Twice, lines[at].Number
		if lines[at].Name == "" {
			lines[at].Name = l.Name
		}
		if lines[at].Language == "" {
			lines[at].Language = l.Language
		}
		for _, a := range l.Answers {
			lines[at].tells(a.Question, a.Text)
		}
	}
	return lines
}

// tells keeps what a column says that is none of ours, as an answer.
func (l *Line) tells(title, value string) {
	if value == "" || strings.TrimSpace(title) == "" || len(l.Answers) == MostQuestions ||
		slices.ContainsFunc(l.Answers, func(a Answer) bool { return a.Question == title }) {
		return
	}
	l.Answers = append(l.Answers, Answer{Question: cutTo(title, longestQuestion), Text: cutTo(value, longestAnswer)})
}

// cutTo is the beginning of a text, in characters.
func cutTo(s string, n int) string {
	all := []rune(strings.TrimSpace(s))
	return string(all[:min(len(all), n)])
}

// decode makes UTF-8 of what a list is written in.
func decode(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		u, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
		if err != nil {
			return "", ErrNoText
		}
		b = u
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("%PDF")), bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return "", ErrNoText // a workbook or a document, not the text in it
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if bytes.IndexByte(b, 0) >= 0 {
		return "", ErrNoText
	}
	if !utf8.Valid(b) {
		w, err := charmap.Windows1252.NewDecoder().Bytes(b)
		if err != nil {
			return "", ErrNoText
		}
		b = w
	}
	// A carriage return alone ends a line on old Macs.
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\r", "\n"), nil
}

// separator is what stands most often between the fields of the first line that is not empty.
func separator(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n "), "\n")
	best, most := ',', 0
	for _, s := range ";\t," {
		if n := strings.Count(line, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}

// reader reads records of a text. It forgives wrong quotation marks, so that it never fails.
func reader(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = comma, -1, true, true
	return r
}

// headOf is what each column holds, nil when the text has no head; titles are what stands above the columns.
func headOf(text string, comma rune) (head, titles []string) {
	record, err := reader(text, comma).Read()
	if err != nil || strings.Contains(strings.Join(record, ""), "@") {
		return nil, nil
	}
	head, known := make([]string, len(record)), 0
	for i, title := range record {
		if head[i] = columnOf[plain(title)]; head[i] != "" {
			known++
		}
	}
	if known == 0 {
		return nil, nil
	}
	return head, record
}

// mailbox is "Ana Silva <ana@example.com>", as mail programs write it.
var mailbox = regexp.MustCompile(`^([^<>]*)<([^<>]*@[^<>]*)>[\s,;]*$`)

// alone makes lines of one line without a head.
func alone(number int, text string, comma rune) []Line {
	if m := mailbox.FindStringSubmatch(text); m != nil {
		l := Line{Number: number, Text: shortened(text), Name: strings.Trim(m[1], " \t\"'"), Email: m[2]}
		return []Line{l.checked("")}
	}
	record, err := reader(text, comma).Read()
	if err != nil {
		return nil // an empty line
	}
	return read(number, nil, nil, record)
}

func shortened(s string) string {
	text := []rune(s)
	return string(text[:min(len(text), longestText)])
}

// read makes lines of a record: one, or as many as it has addresses and nothing else.
func read(number int, head, titles, record []string) []Line {
	for i := range record {
		record[i] = unguarded(strings.TrimSpace(record[i]))
	}
	if strings.Join(record, "") == "" {
		return nil
	}
	l := Line{Number: number, Text: shortened(strings.Join(record, ", "))}
	if head == nil {
		return withoutHead(l, record)
	}
	var first, last, language string
	for i, value := range record {
		if i >= len(head) {
			break
		}
		switch head[i] {
		case "email":
			l.Email = value
		case "name":
			l.Name = value
		case "first":
			first = value
		case "last":
			last = value
		case "squad":
			l.Squad = value
		case "lang":
			language = value
		default:
			l.tells(titles[i], value)
		}
	}
	if first != "" || last != "" {
		if last == "" {
			last = l.Name // « Nom » beside « Prénom »
		}
		l.Name = strings.TrimSpace(first + " " + last)
	}
	return []Line{l.checked(language)}
}

func withoutHead(l Line, record []string) []Line {
	var others []string
	var addresses []Line
	for _, value := range record {
		if value == "" {
			continue
		}
		if !strings.Contains(value, "@") {
			others = append(others, value)
			continue
		}
		one := l
		one.Email = value
		addresses = append(addresses, one)
	}
	switch {
	case len(addresses) == 0:
		return []Line{l.checked("")}
	case len(addresses) > 1 && len(others) > 0:
		l.Outcome, l.Problem = Wrong, check.Problem{Key: "guest.many"}
		return []Line{l}
	case len(addresses) == 1:
		if len(others) > 0 {
			addresses[0].Name = others[0]
		}
		if len(others) > 1 {
			addresses[0].Squad = others[1]
		}
		if len(others) > 2 {
			return []Line{addresses[0].checked(others[2])}
		}
	}
	for i := range addresses {
		addresses[i] = addresses[i].checked("")
	}
	return addresses
}

// checked reads "Ana Silva <ana@example.com>" and says what is wrong.
func (l Line) checked(language string) Line {
	if name, rest, ok := strings.Cut(l.Email, "<"); ok && strings.HasSuffix(rest, ">") {
		l.Email = strings.TrimSuffix(rest, ">")
		if l.Name == "" {
			l.Name = strings.Trim(strings.TrimSpace(name), `"'`)
		}
	}
	l.Email = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(l.Email), "mailto:"))
	short, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	switch {
	case slices.Contains(lang.Supported(), short):
		l.Language = short
	case strings.HasPrefix(short, "fran"), strings.HasPrefix(short, "fre"):
		l.Language = "fr"
	case strings.HasPrefix(short, "eng"), strings.HasPrefix(short, "angl"):
		l.Language = "en"
	}
	var p check.Problems
	if l.Email == "" {
		p.Add("line", "guest.no_email")
	} else {
		p.Email("line", l.Email)
	}
	p.Longest("line", l.Name, longestName)
	p.Longest("line", l.Squad, longestName)
	l.Outcome = New
	if !p.OK() {
		l.Outcome, l.Problem = Wrong, p["line"]
	}
	return l
}
