package solo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ricochet.example/app/sheet"
	"ricochet.example/app/solo"
)

// told is what becomes of the lines of a list, a text a line.
func told(t *testing.T, list, code string) (all []string) {
	t.Helper()
	read, err := solo.Read([]byte(list), "", sheet.Choice{}, code)
	if err != nil {
		t.Fatalf("%q: %v", list, err)
	}
	for _, l := range read.Lines {
		text := fmt.Sprintf("%d %s %s|%s|%s", l.Number, l.Outcome, l.Name, l.Phone, l.Email)
		switch l.Outcome {
		case solo.Wrong:
			text += " " + l.Problem.Key
		case solo.Twice:
			text += fmt.Sprint(" ", l.First)
		case solo.Refused:
			text += " " + l.Said
		}
		all = append(all, text)
	}
	return all
}

func TestAListIsReadAsPeoplePasteAndUploadIt(t *testing.T) {
	for name, c := range map[string]struct {
		list, code string
		want       []string
	}{
		"a French spreadsheet": {
			"\ufeffNom;Prénom;Téléphone;E-mail\r\nRoy;Amina;+33 6 12 34 56 78;Amina@example.com\r\n\r\n\"Ben\";;0033 (0)6.12.34.56.79;\r\n;Zoé O'Neil;;zoe@example.com\nAmina;;;amina@example.com\n", "",
			[]string{"2 new Amina Roy|+33612345678|amina@example.com", "4 new Ben|+33612345679|", "5 new Zoé O'Neil||zoe@example.com", "6 twice Amina||amina@example.com 2"},
		},
		"without a head": {
			"Amina, +33 6 12 34 56 78; amina@example.com\n\n\"Ben\",0033 (0)6.12.34.56.79\nzoe@example.com\tZoé\tO'Neil\nAgain, +33612345678", "",
			[]string{"1 new Amina|+33612345678|amina@example.com", "3 new Ben|+33612345679|", "4 new Zoé O'Neil||zoe@example.com", "5 twice Again|+33612345678| 1"},
		},
		"numbers as they are called at home": {"Name,Phone\nAmina,06 12 34 56 78\nBen,612345679\nCleo,33612345670\nDia,335612345", "33", []string{"2 new Amina|+33612345678|", "3 new Ben|+33612345679|", "4 new Cleo|+33612345670|", "5 new Dia|+33335612345|"}},
		"and without their country":          {"Name,Phone,E-mail\nAmina,06 12 34 56 78,\nBen,0612345679,ben@example.com", "", []string{"2 wrong Amina|| solo.local", "3 wrong Ben||ben@example.com solo.local"}},
		"our own guards":                     {"name,phone,email\n'=Amina,'+33612345678,\n", "", []string{"2 new =Amina|+33612345678|"}},
		"customers of a shop": {
			"First Name,Last Name,Email,Accepts Email Marketing,Phone,Total Spent\nAna,Silva,ana@example.com,yes,'+33612345678,1\nBen,Roy,ben@example.com,no,,2", "",
			[]string{"2 new Ana Silva|+33612345678|ana@example.com", "3 refused Ben Roy||ben@example.com Accepts Email Marketing: no"},
		},
		"mistakes": {
			"Amina, +33612345678\nBen\nCleo, a@b@c\n+33612345679\nA\x01, a@example.com\nD, d@example.com, e@example.com", "",
			[]string{"1 new Amina|+33612345678|", "2 wrong Ben|| solo.no_way", "3 wrong Cleo||a@b@c check.email", "4 wrong |+33612345679| solo.no_name", "5 wrong A\x01||a@example.com solo.no_name", "6 wrong D||e@example.com guest.many"},
		},
	} {
		if diff := cmp.Diff(c.want, told(t, c.list, c.code)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatIsNoListOfPeopleIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		want error
	}{
		"a workbook": {"PK\x03\x04\x14\x00", sheet.ErrNoText}, "no way to anybody": {"Name;Squad\nAna;Lyon", sheet.ErrNoAddresses},
		"more lines than are read": {"Name,Phone\n" + strings.Repeat("A,+33612345678\n", 50_001), solo.ErrMany}, "phones alone": {"Name;Phone\nAna;+33612345678", nil},
	} {
		if _, err := solo.Read([]byte(c.list), "", sheet.Choice{}, ""); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for code, want := range map[string]string{"": "", "+33": "33", "0033": "33", "33": "33", "+1": "1"} {
		if got, ok := solo.Country(code); !ok || got != want {
			t.Errorf("%q is the country %q", code, got)
		}
	}
	for _, code := range []string{"+", "abc", "1234", "0"} {
		if _, ok := solo.Country(code); ok {
			t.Errorf("%q is a country", code)
		}
	}
}
