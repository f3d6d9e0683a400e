package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"ricochet.example/app/mine"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
	"ricochet.example/views"
)

// Amina looks at what is known about her and takes it along: every row that has her account, and nothing of Ben.
func TestAMemberTakesAlongAllThatIsKnownAboutThem(t *testing.T) {
	l := sharing(t)
	prize := l.offers("A cap", "", "stock", "3", "address", "yes")
	for b, words := range map[*browser]string{l.amina: "The sole holds, says Amina", l.ben: "The laces do not, says Ben"} {
		b.get(views.DropVoicePath(l.drop)).form(views.DropVoicePath(l.drop)).send("words", words).follow()
		b.get(views.OwnRewardPath(prize)).form(views.OwnRewardPath(prize)).send("address", "where it says: "+words).follow()
	}
	l.manager.get(views.MemberPath(l.squad, l.aminaID)).form(views.MemberPath(l.squad, l.aminaID)+"/thanks").send("words", "Thank you, A.").follow()
	l.reader("User-Agent", iphone).opens(l.link)
	l.amina.post("/me/notices", "quiet_from", "20", "quiet_until", "9", "time_zone", "Africa/Dakar", "mail", "opened").follow()
	l.work()
	page := l.amina.get(views.MinePath).wants(http.StatusOK).says("amina@example.com", "Lyon", "1 person reached", "1 comment or reaction", "1 postal address is kept", "1 asked for").lacks("Ben")
	page.says("Pause or leave", "Erase my account", "Download everything")

	got := l.amina.get(views.MineFilePath).wants(http.StatusOK)
	if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("it is %q", d)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got.body), &file); err != nil {
		t.Fatal(err)
	}
	for _, there := range []string{"says Amina", "Thank you, A.", "amina@example.com", "Africa/Dakar"} {
		if !strings.Contains(got.body, there) {
			t.Errorf("%q is not in it", there)
		}
	}
	for _, hers := range []string{"says Ben", "ben@", "manel", "Manel"} {
		if strings.Contains(got.body, hers) {
			t.Errorf("%q of somebody else is in it", hers)
		}
	}
	// As many rows as each table has with her account.
	query := `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'account_id'`
	if datatest.Postgres() {
		query = `SELECT CAST(table_name AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'account_id'`
	}
	tables := 0
	l.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := data.All(ctx, tx, data.Text, query)
		if err != nil {
			return err
		}
		for _, table := range all {
			about := `account_id = ?`
			if table == "levels_reached" {
				about += ` AND level_id <> ''` // without one: that it was looked, not what was found
			}
			want, err := data.Int(ctx, tx, `SELECT count(*) FROM `+table+` WHERE `+about, l.aminaID)
			if err != nil {
				return err
			}
			var rows []json.RawMessage
			for _, p := range mine.Parts {
				if p.Table == table && strings.HasPrefix(p.Of, `account_id = ?`) {
					if err := json.Unmarshal(file[p.Name], &rows); err != nil {
						return err
					}
				}
			}
			if len(rows) != int(want) {
				t.Errorf("%s has %d rows about her, and %d are in the file", table, want, len(rows))
			}
			if want > 0 {
				tables++
			}
		}
		return nil
	})
	if tables < 7 {
		t.Errorf("only %d tables know her: the test looks at too little", tables)
	}
	if l.manager.get(views.MineFilePath).status != http.StatusNotFound {
		t.Error("staff get a file of an ambassador")
	}
}
