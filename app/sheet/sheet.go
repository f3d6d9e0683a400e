// Package sheet knows what spreadsheets make of the cells of a CSV file, and reads lists of people that other programs wrote.
package sheet

import "strings"

// Cell is a text as a cell that no spreadsheet takes for a formula: an apostrophe stands before what one would run.
// Texts that begin with an apostrophe get another, so that Text finds each again.
// https://owasp.org/www-community/attacks/CSV_Injection
func Cell(text string) string {
	if strings.HasPrefix(text, "'") || strings.ContainsAny(first(text), "=+-@\t\r\n＝＋－＠") {
		return "'" + text
	}
	return text
}

// Text is what Cell was given.
func Text(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Cell(rest) == cell {
		return rest
	}
	return cell
}

// Row is texts as the cells of a row.
func Row(texts ...string) []string {
	cells := make([]string, len(texts))
	for i, t := range texts {
		cells[i] = Cell(t)
	}
	return cells
}

// first is the first character that is not a space.
func first(text string) string {
	for _, r := range strings.TrimLeft(text, " \u00a0") {
		return string(r)
	}
	return ""
}
