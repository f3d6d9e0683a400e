package squad

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/sheet"
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
	Loose    bool     // it is what another program calls a group, and may be no squad here
	Language string   // one of lang.Supported, or empty
	Answers  []Answer // what stands in columns that are none of these, the first few

	Outcome Outcome
	Problem check.Problem // of a Wrong line; what is to be said of it
	First   int           // of a Twice line: the number of the first
	Said    string        // of a Refused line: what it says that is a no
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
	Refused Outcome = "refused" // the list says that they are not to be written to
	// Of people who applied somewhere else: their application is here already, or they were taken out of the squad.
	Applied  Outcome = "applied"
	TakenOut Outcome = "removed"
)

// longestText is how much of a line is shown again, in characters.
const longestText = 120

// List is what was read from a list.
type List struct {
	Table sheet.Table
	Lines []Line
}

// ReadList reads people to invite from what was pasted or uploaded: an address a line, with a name or without, or a
// CSV with or without a head, as sheet reads it. file is what it was called, and choice what a person says about its
// columns. A line that cannot be understood is Wrong, one of somebody who is not to be written to is Refused, and every
// other is New so far. With ErrNoAddresses, the table is there.
func ReadList(b []byte, file string, choice sheet.Choice) (list List, err error) {
	list.Table, err = sheet.Open(b, file, choice)
	switch {
	case errors.Is(err, sheet.ErrNoText):
		return list, ErrNoText
	case errors.Is(err, sheet.ErrNoAddresses):
		return list, ErrNoAddresses
	case err != nil:
		return list, err
	}
	take := func(some ...Line) error {
		if list.Lines = append(list.Lines, some...); len(list.Lines) > MostLines {
			return ErrTooManyLines
		}
		return nil
	}
	if list.Table.Columns != nil {
		err = list.Table.Each(func(number int, row []string) error { return take(under(list.Table, number, row)) })
	} else {
		// Without a head a quotation mark is one of a mail program's more often than one that lines end in.
		number := 0
		for l := range strings.Lines(list.Table.Text) {
			number++
			if err = take(alone(number, strings.TrimSpace(l), list.Table.Separator)...); err != nil {
				break
			}
		}
	}
	if err != nil {
		return List{}, err
	}
	merged(list.Lines)
	return list, nil
}

// merged makes one of the lines of a person and squad: the first, with what it lacked from those that follow. The
// others are Twice.
func merged(lines []Line) {
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

// mailbox is "Ana Silva <ana@example.com>", as mail programs write it.
var mailbox = regexp.MustCompile(`^([^<>]*)<([^<>]*@[^<>]*)>[\s,;]*$`)

// alone makes lines of one line without a head.
func alone(number int, text string, comma rune) []Line {
	if m := mailbox.FindStringSubmatch(text); m != nil {
		l := Line{Number: number, Text: shortened(text), Name: strings.Trim(m[1], " \t\"'"), Email: m[2]}
		return []Line{l.checked("")}
	}
	record, err := sheet.Reader(text, comma).Read()
	if err != nil {
		return nil // an empty line
	}
	return read(number, record)
}

func shortened(s string) string {
	text := []rune(s)
	return string(text[:min(len(text), longestText)])
}

// read makes lines of a record without a head: one, or as many as it has addresses and nothing else.
func read(number int, record []string) []Line {
	for i := range record {
		record[i] = sheet.Text(strings.TrimSpace(record[i]))
	}
	if strings.Join(record, "") == "" {
		return nil
	}
	return withoutHead(Line{Number: number, Text: shortened(strings.Join(record, ", "))}, record)
}

// under makes a line of a row below a head.
func under(t sheet.Table, number int, row []string) Line {
	l := Line{Number: number, Text: shortened(strings.Join(row, ", ")), Email: t.Of(sheet.Email, row), Name: t.Of(sheet.Name, row)}
	// Some programs write all that somebody has into one cell: "a@example.com ::: b@example.com".
	l.Email, _, _ = strings.Cut(l.Email, " ::: ")
	first, last := t.Of(sheet.First, row), t.Of(sheet.Last, row)
	if whole := last == "" && strings.HasPrefix(l.Name, first+" "); first+last != "" && !whole {
		l.Name = strings.TrimSpace(first + " " + last)
	}
	if l.Squad = t.Of(sheet.Squad, row); l.Squad == "" {
		l.Squad = t.Of(sheet.Group, row)
		l.Loose = l.Squad != ""
	}
	l.answers(t, row)
	l = l.checked(t.Of(sheet.Language, row))
	for i, c := range t.Columns {
		if l.Outcome == New && i < len(row) && sheet.Refuses(c.Use, row[i]) {
			l.Outcome, l.Said = Refused, c.Title+": "+shortened(row[i])
		}
	}
	return l
}

// answers keeps what a row says of somebody beside who they are: first what tells most of them, then what stands in
// columns whose titles are nobody's words but theirs. Of a birthday it keeps the year.
func (l *Line) answers(t sheet.Table, row []string) {
	for _, use := range []sheet.Use{sheet.City, sheet.Instagram, sheet.Born, sheet.Phone, ""} {
		for i, c := range t.Columns {
			if c.Use != use || i >= len(row) || use == "" && t.Tool.Book() {
				continue
			}
			value := row[i]
			if use == sheet.Born {
				value = sheet.Year(value)
			}
			l.tells(c.Title, value)
		}
	}
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
