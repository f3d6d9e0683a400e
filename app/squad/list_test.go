package squad_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/sheet"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// line is a line in a test, as one text.
func line(l squad.Line) string {
	said := ""
	if l.Outcome == squad.Wrong {
		said = l.Problem.Key
	}
	return fmt.Sprintf("%d %s|%s|%s|%s|%s", l.Number, l.Email, l.Name, l.Squad, l.Language, said)
}

func TestListsAreReadAsPeopleAndSpreadsheetsWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		want []string
	}{
		"an address a line":          {"ana@example.com\n\n  Ben@Example.com \r\ncleo@example.com", []string{"1 ana@example.com||||", "3 ben@example.com||||", "4 cleo@example.com||||"}},
		"copied out of a mail":       {"Ana Silva <ana@example.com>\n\"Roy, Ben\" <ben@example.com>\nmailto:cleo@example.com", []string{"1 ana@example.com|Ana Silva|||", "2 ben@example.com|Roy, Ben|||", "3 cleo@example.com||||"}},
		"all on one line":            {"ana@example.com, ben@example.com", []string{"1 ana@example.com||||", "1 ben@example.com||||"}},
		"a CSV with a head":          {"Name,E-mail,Squad\nAna,ana@example.com,Lyon\n\"Roy, Ben\",ben@example.com,", []string{"2 ana@example.com|Ana|Lyon||", "3 ben@example.com|Roy, Ben|||"}},
		"a French spreadsheet":       {"\ufeffNom;Prénom;Courriel;Langue\r\nSilva;Ana;ana@example.com;français\r\nRoy;Ben;ben@example.com;en_GB\r\n", []string{"2 ana@example.com|Ana Silva||fr|", "3 ben@example.com|Ben Roy||en|"}},
		"Windows-1252":               {"Nom;E-mail\nZo\xeb \x9cil;zoe@example.com\n", []string{"2 zoe@example.com|Zoë œil|||"}},
		"UTF-16 with its mark":       {"\xff\xfea\x00@\x00b\x00.\x00f\x00r\x00", []string{"1 a@b.fr||||"}},
		"tabs, without a head":       {"ana@example.com\tAna\tLyon\tfr", []string{"1 ana@example.com|Ana|Lyon|fr|"}},
		"a quoted line break":        {"name,email\n\"Ana\nSilva\",ana@example.com\nBen,ben@example.com", []string{"2 ana@example.com|Ana\nSilva|||", "4 ben@example.com|Ben|||"}},
		"no address":                 {"name,email\nAna,\nBen,ben@example.com", []string{"2 |Ana|||guest.no_email", "3 ben@example.com|Ben|||"}},
		"not an address":             {"ana@\nben at example.com\nbcc@example.com\x0bx", []string{"1 ana@||||check.email", "2 ||||guest.no_email", "3 bcc@example.com\x0bx||||check.email"}},
		"a name without end":         {"ana@example.com;" + strings.Repeat("a", 61), []string{"1 ana@example.com|" + strings.Repeat("a", 61) + "|||check.longest"}},
		"two people and a name":      {"ana@example.com,ben@example.com,Ana", []string{"1 ||||guest.many"}},
		"more columns than the head": {"email,name\nana@example.com,Ana,x,y", []string{"2 ana@example.com|Ana|||"}},
		"old line ends":              {"ana@example.com\rben@example.com", []string{"1 ana@example.com||||", "2 ben@example.com||||"}},
		"a head and nobody":          {"email,name\n", nil},
		"nothing at all":             {" \n ,,, \n", nil},
	} {
		list, err := squad.ReadList([]byte(c.list), "", sheet.Choice{})
		lines := list.Lines
		var got []string
		for _, l := range lines {
			got = append(got, line(l))
		}
		if err != nil || strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s\n(%v)", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"), err)
		}
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		want error
	}{
		"a workbook":             {"PK\x03\x04\x14\x00", squad.ErrNoText},
		"NULs":                   {"ana@example.com\x00", squad.ErrNoText},
		"a head without e-mail":  {"Name,Squad\nAna,Lyon", squad.ErrNoAddresses},
		"one line too many":      {strings.Repeat("ana@example.com\n", squad.MostLines+1), squad.ErrTooManyLines},
		"fifty thousand":         {strings.Repeat("ana@example.com;Ana;Lyon\n", 50_000), nil},
		"many on few lines":      {strings.Repeat(strings.Repeat("ana@example.com,", 100)+"\n", squad.MostLines/100+1), squad.ErrTooManyLines},
		"just as many as can be": {strings.Repeat("ana@example.com\n", squad.MostLines), nil},
	} {
		if _, err := squad.ReadList([]byte(c.list), "", sheet.Choice{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTheFilesOfOtherProgramsAreRecognised(t *testing.T) {
	for name, c := range map[string]struct{ list, want string }{
		"first_name and last_name":   {"email,first_name,last_name,status,segment\nana@example.com,Ana,Silva,enrolled,12", "Ana Silva"},
		"the heads of ambassadors":   {"Ambassador Name,Ambassador Email,Instagram\nAna Silva,ana@example.com,@ana", "Ana Silva"},
		"the heads of advocates":     {"\"Advocate First Name\";\"Advocate Last Name\";\"Advocate E-mail\"\nAna;Silva;ana@example.com", "Ana Silva"},
		"the heads of creators":      {"Creator\tContact Email\nAna Silva\tana@example.com", "Ana Silva"},
		"French, with stars":         {"Prénom (obligatoire) ;NOM* ;Adresse e-mail :\nAna;Silva;ana@example.com", "Ana Silva"},
		"decomposed accents":         {"Pre\u0301nom,Nom,Courriel\nAna,Silva,ana@example.com", "Ana Silva"},
		"a cell of our own, guarded": {"name,email\n'=Ana,ana@example.com", "=Ana"},
		"an apostrophe of their own": {"name,email\n'Ana,ana@example.com", "'Ana"},
	} {
		list, err := squad.ReadList([]byte(c.list), "", sheet.Choice{})
		lines := list.Lines
		if err != nil || len(lines) != 1 || lines[0].Outcome != squad.New || lines[0].Email != "ana@example.com" || lines[0].Name != c.want {
			t.Errorf("%s: %+v (%v)", name, lines, err)
		}
	}
}

func TestWhoStandsTwiceIsOnePersonAndNothingOfThemIsLost(t *testing.T) {
	read, err := squad.ReadList([]byte("email,name,language,Why?\nana@example.com,,,\nben@example.com,Ben,,\nANA@example.com,Ana,fr,For the hills\n"), "", sheet.Choice{})
	lines := read.Lines
	if err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	ana := lines[0]
	if ana.Name != "Ana" || ana.Language != "fr" || len(ana.Answers) != 1 || ana.Answers[0].Text != "For the hills" {
		t.Errorf("Ana is %+v", ana)
	}
	if lines[2].Outcome != squad.Twice || lines[2].First != 2 {
		t.Errorf("the second Ana is %+v", lines[2])
	}
}

func TestFiftyThousandLinesAreReadAndPlannedQuickly(t *testing.T) {
	var list strings.Builder
	list.WriteString("Email;Prénom;Nom;Pourquoi\n")
	for n := range squad.MostLines {
		fmt.Fprintf(&list, "p%d@example.com;Ana;Silva;Parce que %d\n", n, n)
	}
	db := datatest.New(t)
	begun := time.Now()
	read, err := squad.ReadList([]byte(list.String()), "", sheet.Choice{})
	lines := read.Lines
	if err != nil || len(lines) != squad.MostLines {
		t.Fatal(len(lines), err)
	}
	err = db.View(t.Context(), func(tx *data.Tx) (err error) {
		lines, err = squad.Plan(t.Context(), tx, "lyon", lines)
		return err
	})
	if err != nil || lines[squad.MostLines-1].Outcome != squad.New {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// Whatever is uploaded: no line is lost without a word, and what is to be invited is an address.
func FuzzReadList(f *testing.F) {
	for _, s := range []string{"ana@example.com\n", "Nom;Courriel\n\"a\";b@c.fr\n", "\"", "a\"b@c.fr", "\xff\xfe", "a@b.fr\r\rc@d.fr", "PK\x03\x04"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := squad.ReadList(b, "", sheet.Choice{})
		lines := list.Lines
		if err != nil {
			return
		}
		for _, l := range lines {
			if l.Number < 1 || l.Outcome != squad.New && l.Outcome != squad.Wrong && l.Outcome != squad.Twice && l.Outcome != squad.Refused || l.Outcome == squad.Wrong && l.Problem.Key == "" {
				t.Fatalf("%+v", l)
			}
			if l.Outcome == squad.New && (!strings.Contains(l.Email, "@") || strings.ContainsAny(l.Email, " \r\n\x00<>,;")) {
				t.Fatalf("%q is invited", l.Email)
			}
		}
	})
}
