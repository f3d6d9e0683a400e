package solo

import (
	"errors"
	"regexp"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/sheet"
)

// Line is somebody to tell, as a line of a list says.
type Line struct {
	Recipient
	Number  int    // of the line, from 1
	Text    string // the beginning of the line, as it was typed
	Outcome Outcome
	Problem check.Problem // of a Wrong line; what is to be said of it
	First   int           // of a Twice line: the number of the first
	Said    string        // of a Refused line: what it says that is a no
}

// Outcome is what becomes of a line.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"     // they get a link
	Wrong   Outcome = "wrong"   // the line cannot be understood
	Twice   Outcome = "twice"   // they stand further up
	There   Outcome = "there"   // they have a link already
	Refused Outcome = "refused" // the list says that they are not to be written to
)

// List is what was read from a list.
type List struct {
	Table sheet.Table
	Lines []Line
}

// mostLines is how many lines of a list are read.
const mostLines = 50_000

// longestText is how much of a line is shown again, in characters.
const longestText = 120

var (
	phone   = regexp.MustCompile(`^(?:\+|00)[1-9][0-9]{6,14}$`)
	signs   = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ".", "", "-", "", "(0)", "", "(", "", ")", "", "/", "")
	digits  = regexp.MustCompile(`^[0-9]{6,15}$`)
	country = regexp.MustCompile(`^(?:\+|00)?([1-9][0-9]{0,2})$`)
)

// Country reads the code of a country, as people write it before phone numbers: its digits.
func Country(code string) (digits string, ok bool) {
	if m := country.FindStringSubmatch(signs.Replace(code)); m != nil {
		return m[1], true
	}
	return "", code == ""
}

// Read reads people from what was pasted or uploaded: one a line, with a name and a phone number or an e-mail address,
// or both, in any order, between commas, semicolons or tabs; or below a head, as sheet reads it. code is that of the
// country of phone numbers that have none; empty: they cannot be called. The errors are sheet.ErrNoText, and
// sheet.ErrNoAddresses where a list has a head without a column for either.
func Read(b []byte, file string, c sheet.Choice, code string) (list List, err error) {
	list.Table, err = sheet.Open(b, file, c)
	if errors.Is(err, sheet.ErrNoAddresses) && has(list.Table, sheet.Phone) {
		err = nil
	}
	if err != nil {
		return list, err
	}
	if list.Table.Columns != nil {
		err = list.Table.Each(func(number int, row []string) error {
			if len(list.Lines) == mostLines {
				return ErrMany
			}
			list.Lines = append(list.Lines, under(list.Table, number, row, code))
			return nil
		})
		if err != nil {
			return List{}, err
		}
	} else {
		number := 0
		for text := range strings.Lines(list.Table.Text) {
			number++
			if strings.TrimSpace(text) == "" {
				continue
			}
			if len(list.Lines) == mostLines {
				return List{}, ErrMany
			}
			list.Lines = append(list.Lines, alone(number, text, code))
		}
	}
	list.Lines = once(list.Lines)
	return list, nil
}

func has(t sheet.Table, use sheet.Use) bool {
	for _, c := range t.Columns {
		if c.Use == use {
			return true
		}
	}
	return false
}

// once says of everybody who stands further up that they do.
func once(lines []Line) []Line {
	phones, emails := map[string]int{}, map[string]int{}
	for n := range lines {
		l := &lines[n]
		if l.Outcome != New {
			continue
		}
		first := phones[l.Phone]
		if first == 0 {
			first = emails[l.Email]
		}
		if first > 0 {
			l.Outcome, l.First = Twice, first
			continue
		}
		if l.Phone != "" {
			phones[l.Phone] = l.Number
		}
		if l.Email != "" {
			emails[l.Email] = l.Number
		}
	}
	return lines
}

// Among says of everybody who is there already that they are.
func (l List) Among(all []Recipient) {
	phones, emails := map[string]bool{}, map[string]bool{}
	for _, r := range all {
		phones[r.Phone], emails[r.Email] = r.Phone != "", r.Email != ""
	}
	for n := range l.Lines {
		if line := &l.Lines[n]; line.Outcome == New && (phones[line.Phone] || emails[line.Email]) {
			line.Outcome = There
		}
	}
}

// Recipients are those who are to get a link.
func (l List) Recipients() (all []Recipient) {
	for _, line := range l.Lines {
		if line.Outcome == New {
			all = append(all, line.Recipient)
		}
	}
	return all
}

// withCode is from how many digits on a number that begins with the country's code is taken to have it: a number has
// hardly anywhere more than ten without.
const withCode = 11

// number reads a phone number. local says that it lacks the country's code.
func number(text, code string) (full string, local bool) {
	plain := signs.Replace(text)
	switch {
	case phone.MatchString(plain):
		return "+" + strings.TrimPrefix(strings.TrimPrefix(plain, "00"), "+"), false
	case code != "" && digits.MatchString(plain) && strings.HasPrefix(plain, code) && len(plain) >= withCode:
		return "+" + plain, false
	case digits.MatchString(plain) && code != "":
		return "+" + code + strings.TrimPrefix(plain, "0"), false
	}
	return "", digits.MatchString(plain)
}

// under reads a row below a head.
func under(t sheet.Table, line int, row []string, code string) Line {
	l := Line{Number: line, Text: shortened(strings.Join(row, ", "))}
	l.Name = t.Of(sheet.Name, row)
	if first, last := t.Of(sheet.First, row), t.Of(sheet.Last, row); first+last != "" {
		l.Name = first + " " + last
	}
	l.Email, _, _ = strings.Cut(t.Of(sheet.Email, row), " ::: ")
	typed, _, _ := strings.Cut(t.Of(sheet.Phone, row), " ::: ")
	full, local := number(typed, code)
	l.Phone = full
	l = l.checked(local)
	for i, c := range t.Columns {
		if l.Outcome == New && i < len(row) && sheet.Refuses(c.Use, row[i]) {
			l.Outcome, l.Said = Refused, c.Title+": "+shortened(row[i])
		}
	}
	return l
}

// alone reads a line without a head.
func alone(line int, text, code string) Line {
	l := Line{Number: line, Text: shortened(strings.TrimSpace(text))}
	var name []string
	local, two := false, false
	for _, cell := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' || c == '\t' }) {
		cell = sheet.Text(strings.TrimSpace(cell))
		cell = strings.Trim(cell, `"'`)
		full, lacks := number(cell, code)
		switch {
		case strings.Contains(cell, "@"):
			two = two || l.Email != ""
			l.Email = cell
		case full != "" && l.Phone == "":
			l.Phone = full
		case lacks:
			local = true
		case cell != "":
			name = append(name, cell)
		}
	}
	l.Name = strings.Join(name, " ")
	if l = l.checked(local); two && l.Outcome == New {
		l.Outcome, l.Problem = Wrong, check.Problem{Key: "guest.many"}
	}
	return l
}

// checked says what is wrong with a line; local, that its phone number lacks the country's code.
func (l Line) checked(local bool) Line {
	l.State = Waiting
	l.Name = strings.Join(strings.Fields(l.Name), " ")
	l.Email = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(l.Email), "mailto:"))
	var p check.Problems
	switch {
	case l.Email != "":
		p.Email("line", l.Email)
	case local:
		p.Add("line", "solo.local")
	case l.Phone == "":
		p.Add("line", "solo.no_way")
	}
	if local && p.OK() {
		p.Add("line", "solo.local") // they would be written to, but not where most people read
	}
	if l.Name == "" {
		p.Add("line", "solo.no_name")
	}
	p.Longest("line", l.Name, longestName)
	if strings.ContainsFunc(l.Name, func(c rune) bool { return c < ' ' || c == '\ufffd' }) {
		p.Add("line", "solo.no_name")
	}
	l.Outcome = New
	if !p.OK() {
		l.Outcome, l.Problem = Wrong, p["line"]
	}
	return l
}

func shortened(s string) string {
	all := []rune(s)
	return string(all[:min(len(all), longestText)])
}
