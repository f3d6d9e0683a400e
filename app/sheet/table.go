package sheet

import (
	"errors"
	"slices"
	"strings"
)

// Choice is what a person says about the columns of a list.
type Choice struct {
	Email int // which column has the addresses, from 1; 0: find out
	Squad int // which has squads, from 1; 0: find out; NoSquads: none

	// Fixed says that the list has a head, and below it addresses, names, squads and languages, in this order, and then
	// answers to what the head asks.
	Fixed bool
}

// fixed are the first columns of a list that is Fixed.
var fixed = []Use{Email, Name, Squad, Language}

// fixedColumns are the columns of such a list.
func fixedColumns(head []string) (all []Column) {
	for i, title := range head {
		c := Column{Title: title}
		if i < len(fixed) {
			c.Use = fixed[i]
		}
		all = append(all, c)
	}
	return all
}

// NoSquads says that no column has squads.
const NoSquads = -1

// Column is a column of a list.
type Column struct {
	Title  string
	Use    Use
	Sample string // the first thing that stands in it
}

// Table is a list of people as a text, with what its columns are taken for.
type Table struct {
	Text      string   // as Decode makes it
	Separator rune     // between columns
	Columns   []Column // nil: it has no head
	Tool      Tool     // that it looks like; empty: none that is known
}

// ErrNoAddresses says that no column of a list has addresses.
var ErrNoAddresses = errors.New("no column of the list has addresses")

// sampled is how many records are looked at to find out what stands in columns.
const sampled = 100

// errEnough ends a reading.
var errEnough = errors.New("enough")

// Open finds out how a list of people is written, and what its columns are. file is what it was called, empty for one
// that was pasted. The errors are ErrNoText and ErrNoAddresses; with the second the table is there, for somebody to choose.
func Open(b []byte, file string, c Choice) (Table, error) {
	text, err := Decode(b)
	if err != nil {
		return Table{}, err
	}
	t := Table{}
	if t.Text, t.Separator = said(text); t.Separator == 0 {
		t.Separator = Separator(text)
	}
	var some [][]string
	_ = records(t.Text, t.Separator, func(_ int, record []string) error { // errEnough, or nothing
		some = append(some, clean(record))
		if len(some) > sampled {
			return errEnough
		}
		return nil
	})
	if c.Fixed && len(some) > 0 {
		t.Columns = fixedColumns(some[0])
		return t, nil
	}
	if len(some) == 0 || slices.ContainsFunc(some[0], Mailbox) {
		return t, nil
	}
	head, rows := some[0], some[1:]
	known := 0
	for _, title := range head {
		column := Column{Title: title, Use: useOf[Plain(title)]}
		if column.Use != "" {
			known++
		}
		for _, row := range rows {
			if n := len(t.Columns); n < len(row) && row[n] != "" && column.Sample == "" {
				column.Sample = row[n]
			}
		}
		t.Columns = append(t.Columns, column)
	}
	guess, share := mailColumn(head, rows)
	if known == 0 && c.Email == 0 && (len(head) < 3 || slices.Contains(head, "") || strings.ContainsAny(strings.Join(head, ""), "0123456789") || len(rows) < 2 || share < 0.8) {
		t.Columns = nil // a line like all others
		return t, nil
	}
	t.Tool = Looks(head, file)
	t.settle(c, guess)
	if !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Use == Email }) {
		return t, ErrNoAddresses
	}
	return t, nil
}

// mailColumn is the column in which most addresses stand, and in which share of the rows; -1 where there are none.
func mailColumn(head []string, rows [][]string) (best int, share float64) {
	best, most := -1, 0
	for column := range head {
		n := 0
		for _, row := range rows {
			if column < len(row) && Mailbox(row[column]) {
				n++
			}
		}
		if n > most {
			best, most = column, n
		}
	}
	return best, float64(most) / float64(max(1, len(rows)))
}

// settle decides what the columns are taken for, where titles alone do not say, or a person says otherwise.
func (t *Table) settle(c Choice, guess int) {
	mails := func(column Column) bool { return column.Use == Email }
	beside := slices.ContainsFunc(t.Columns, func(column Column) bool { return column.Use == First })
	seen := map[Use]bool{}
	for i := range t.Columns {
		column := &t.Columns[i]
		if t.Tool == Own {
			if column.Use = ownUse[Plain(column.Title)]; column.Use != Ours && seen[column.Use] {
				column.Use = "" // what squads ask can be called like anything
			}
			seen[column.Use] = true
		}
		switch {
		case beside && Plain(column.Title) == "nom":
			column.Use = Last // « Nom » beside « Prénom »
		case c.Squad != 0 && (column.Use == Squad || column.Use == Group):
			column.Use = Group
		}
	}
	if c.Squad > 0 && c.Squad <= len(t.Columns) {
		t.Columns[c.Squad-1].Use = Squad
	}
	if c.Squad != 0 {
		for i := range t.Columns {
			if t.Columns[i].Use == Group {
				t.Columns[i].Use = ""
			}
		}
	}
	if c.Email > 0 && c.Email <= len(t.Columns) {
		for i := range t.Columns {
			if mails(t.Columns[i]) {
				t.Columns[i].Use = Spare
			}
		}
		t.Columns[c.Email-1].Use = Email
	}
	if !slices.ContainsFunc(t.Columns, mails) && guess >= 0 {
		t.Columns[guess].Use = Email
	}
	for i := range t.Columns {
		column := &t.Columns[i]
		switch {
		case column.Use == Address: // of a house
			column.Use = ""
		case t.Tool != Own && column.Use == "" && (Mailbox(column.Sample) || strings.Contains(Plain(column.Title), "email")):
			column.Use = Spare
		}
	}
}

// Of returns the first thing that a row has in columns of a use.
func (t Table) Of(use Use, row []string) string {
	for i, c := range t.Columns {
		if c.Use == use && i < len(row) && row[i] != "" {
			return row[i]
		}
	}
	return ""
}

// Each calls fn for every row below the head that has something in it, with the number of its line, from 1. Cells come
// without the spaces around them, and without what our own files put before what a spreadsheet would run.
func (t Table) Each(fn func(number int, row []string) error) error {
	first := true
	return records(t.Text, t.Separator, func(number int, record []string) error {
		if first {
			first = false
			return nil
		}
		if record = clean(record); strings.Join(record, "") == "" {
			return nil
		}
		return fn(number, record)
	})
}

// clean is the cells of a record as Each gives them.
func clean(record []string) []string {
	for i := range record {
		record[i] = strings.TrimSpace(Text(strings.TrimSpace(record[i])))
	}
	return record
}
