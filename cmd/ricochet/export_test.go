package main

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/sheet"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// rowsOf are the rows of a table of an export, by the names of its columns.
func rowsOf(t *testing.T, dir, name string) (rows []map[string]string) {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[all[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// exported is an installation whose people have names that spreadsheets would run.
func exported(t *testing.T) (dir, to string) {
	t.Helper()
	dir = sample(t, 100)
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		token, err := brand.SetUp(ctx, tx)
		if err != nil {
			return err
		}
		if err := brand.Found(ctx, tx, token, brand.Brand{Name: "Lyon Running", Language: "fr", URL: "https://lyon.example", TimeZone: "Europe/Paris", Label: "Publicité"}); err != nil {
			return err
		}
		ana, err := account.ByEmail(ctx, tx, "ana@example.com")
		if err != nil {
			return err
		}
		if err := account.Rename(ctx, tx, ana.ID, `=HYPERLINK("http://evil.example")`, "fr"); err != nil {
			return err
		}
		s, err := squad.Found(ctx, tx, squad.Squad{Name: "+Lyon, \"the\" hills"})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.ID, MadeBy: ana.ID})
		if err != nil {
			return err
		}
		ben, err := account.Create(ctx, tx, account.Account{Email: "ben@example.com", Name: "Ben", Role: account.Ambassador, Language: "en"})
		if err != nil {
			return err
		}
		_, err = squad.Join(ctx, tx, i.Code, ben.ID)
		return err
	})
	to = filepath.Join(t.TempDir(), "out", "export")
	return dir, to
}

// Ana takes her data out beside the running server, looks at it in a spreadsheet, and makes the installation again.
func TestAnInstallationGoesOutAsADirectoryAndComesInAgain(t *testing.T) {
	dir, to := exported(t)
	s := serve(t, "--dir", dir)
	ricochet(t, "export", "--dir", dir, to).wants(0, "Exported", "100 opens")
	if status, _ := get(t, s.address+"/"); status != 200 {
		t.Errorf("the server then answers %d", status)
	}

	members := rowsOf(t, to, "members.csv")
	if len(members) != 2 {
		t.Fatalf("%d members: %v", len(members), members)
	}
	ana, ben := members[0], members[1]
	if ana["email"] != "ana@example.com" {
		ana, ben = ben, ana
	}
	if ana["name"] != `'=HYPERLINK("http://evil.example")` || sheet.Text(ana["name"]) != `=HYPERLINK("http://evil.example")` {
		t.Errorf("Ana's name is the cell %q", ana["name"])
	}
	if ben["squad"] != "'+Lyon, \"the\" hills" || ben["joined_at"] == "" || ana["squad"] != "" {
		t.Errorf("the squads are %q and %q", ben["squad"], ana["squad"])
	}
	links := rowsOf(t, to, "links.csv")
	if len(links) != 1 || !strings.HasPrefix(links[0]["address"], "https://lyon.example/s/") || links[0]["people"] != "90" || links[0]["not_counted"] != "10" || links[0]["drop"] != "Shoes" {
		t.Errorf("the links are %v", links)
	}
	opens := rowsOf(t, to, "opens.csv")
	if len(opens) != 100 || opens[0]["parent"] != "" || opens[49]["parent"] != "25" || opens[0]["state"] != "counted" || opens[9]["state"] != "own_device" {
		t.Errorf("%d opens, %v", len(opens), opens[:10])
	}
	board := rowsOf(t, to, "leaderboard.csv")
	if len(board) != 1 || board[0]["campaign"] != "Spring" || board[0]["rank"] != "1" || board[0]["people"] != "90" || board[0]["points"] != links[0]["points"] {
		t.Errorf("the leaderboard is %v", board)
	}
	found, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, f.Name())
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v, %v", f.Name(), info.Mode(), err)
		}
	}
	if want := []string{"installation.db", "leaderboard.csv", "links.csv", "members.csv", "opens.csv"}; !slices.Equal(names, want) {
		t.Errorf("the export has %q", names)
	}
	if beside, err := os.ReadDir(filepath.Dir(to)); err != nil || len(beside) != 1 {
		t.Errorf("beside it there are %v, %v", beside, err)
	}

	into, at := place(t)
	ricochet(t, append([]string{"import", to}, at...)...).wants(0, "Restored")
	ricochet(t, append([]string{"check"}, at...)...).wants(0, "100 opens of 1 link")
	again := filepath.Join(t.TempDir(), "again")
	ricochet(t, append([]string{"export", again}, at...)...).wants(0, "Exported")
	for _, name := range []string{"members.csv", "links.csv", "opens.csv", "leaderboard.csv"} {
		before, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(filepath.Join(again, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(before) != string(after) {
			t.Errorf("%s of what was imported is\n%s\nand was\n%s", name, after, before)
		}
	}
	ricochet(t, append([]string{"import", to}, at...)...).wants(exitMisuse).alone()
	_ = into
}

func TestWhatCannotBeExportedOrImportedIsRefused(t *testing.T) {
	dir, to := exported(t)
	ricochet(t, "export", "--dir", dir, "--tables", to).wants(0, "Exported")
	if there(filepath.Join(to, wholeFile)) {
		t.Error("the tables have secrets beside them")
	}
	ricochet(t, "export", "--dir", dir, to).wants(exitMisuse, "not empty").alone()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	ricochet(t, "import", "--dir", nowhere, to).wants(exitMisuse, "tables only").alone()
	ricochet(t, "export", "--dir", nowhere, filepath.Join(t.TempDir(), "x")).wants(exitMisuse, "no installation").alone()
	if there(nowhere) {
		t.Error("an installation was made")
	}
	if err := os.WriteFile(filepath.Join(to, wholeFile), []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	ricochet(t, "import", "--dir", nowhere, to).wants(exitDamaged).alone()
}
