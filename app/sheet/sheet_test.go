package sheet_test

import (
	"strings"
	"testing"

	"ricochet.example/app/sheet"
)

func TestNoCellIsAFormulaAndEveryTextIsFoundAgain(t *testing.T) {
	for _, text := range []string{
		"", "Amina", "a=b", " ", "'", "'=1+1", "''", "O'Neill",
		`=HYPERLINK("http://evil.example")`, "+33 6 12", "-1", "@SUM(A1)", "\tx", "\r=1", "\n=1", " =1", "\u00a0 @x", "＝1", "＋1", "－1", "＠x",
	} {
		cell := sheet.Cell(text)
		if strings.ContainsAny(strings.TrimLeft(cell, " \u00a0"), "=+-@\t\r\n＝＋－＠") && strings.IndexAny(strings.TrimLeft(cell, " \u00a0"), "=+-@\t\r\n＝＋－＠") == 0 {
			t.Errorf("%q becomes the formula %q", text, cell)
		}
		if got := sheet.Text(cell); got != text {
			t.Errorf("%q is found again as %q", text, got)
		}
	}
	if got := sheet.Text("'Amina"); got != "'Amina" {
		t.Errorf("what no cell of ours is becomes %q", got)
	}
	if got := sheet.Row("a", "=b"); len(got) != 2 || got[0] != "a" || got[1] != "'=b" {
		t.Errorf("a row is %q", got)
	}
}
