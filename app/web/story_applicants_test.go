package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/sheet"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// A form of another program has collected applications. They come in with what people said, are decided here, and
// go out again as a file that a French spreadsheet opens.
func TestApplicationsComeInAndGoOutAsFiles(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	h.applied(join, "early")
	_, there := h.signedIn("there@example.com", account.Ambassador)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.InviteGuest(ctx, tx, squad.Guest{Invitation: squad.Invitation{SquadID: strings.TrimPrefix(lyon, "/squads/")}, Email: there.Email})
		if err == nil {
			_, err = squad.Join(ctx, tx, i.Code, there.ID)
		}
		return err
	})
	list := "E-mail;Nom complet;Pourquoi ?;Instagram\nana@example.com;Ana Silva;=1+1;@ana\nearly@example.com;Early;;\nthere@example.com;There;;\nben@;Ben;;\nana@example.com;Ana;;\n"
	h.owner.get(lyon + "/applications").says("Take in applications")
	invite := lyon + "/invite"
	plan := h.owner.upload(invite, list, "as", "apply", "language", "fr", "ends_at", "").wants(http.StatusOK).
		says("Applications to take in", "early@example.com", "Has applied already", "ben@", "Stands in line 2 already")
	plan.form(invite+"/send").send().to(lyon+"/applications").says("1 application is there", "Ana Silva")
	plan.form(invite + "/send").send().to(lyon + "/applications") // pressed twice
	who := h.who("ana@example.com")
	at := h.wish(lyon, who)
	h.owner.get(at).says("Pourquoi ?", "=1+1", "@ana").form(at + "/accept").send().to(lyon + "/applications").says("Ana Silva is in")
	if m := h.mail("ana@example.com"); !strings.Contains(m.Subject, "Tu es dans Lyon") {
		t.Errorf("Ana reads %q", m.Subject)
	}

	max, _ := h.signedIn("max@novaska.example", account.Manager)
	max.header.Set("Accept-Language", "fr")
	h.update(func(ctx context.Context, tx *data.Tx) error {
		m, err := account.ByEmail(ctx, tx, "max@novaska.example")
		if err != nil {
			return err
		}
		return account.Rename(ctx, tx, m.ID, "Max", "fr")
	})
	file := max.get(lyon + "/applications.csv").wants(http.StatusOK)
	if !strings.HasPrefix(file.body, "\ufeff") || !strings.Contains(file.header.Get("Content-Disposition"), "lyon-candidatures.csv") {
		t.Errorf("the file is %q, with %v", file.body, file.header)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%q: %v", rows, err)
	}
	all := fmt.Sprint(rows)
	for _, want := range []string{"Ana Silva", "'=1+1", "'@ana", "On the quays, says early", "Acceptée", "Pourquoi ?"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %s", want, all)
		}
	}
	// What was a formula comes back in as it was.
	read, err := squad.ReadList([]byte(file.body), "", sheet.Choice{})
	lines := read.Lines
	if err != nil || len(lines) != 2 || !strings.Contains(fmt.Sprint(lines), "{Pourquoi ? =1+1}") {
		t.Errorf("%+v %v", lines, err)
	}
}

func TestWhereAgesAreAskedNobodyIsTakenInUnasked(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "")
	h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE brand SET ages = 'adults'`)
		return err
	})
	h.server = h.another()
	h.owner.upload(lyon+"/invite", "ana@example.com", "as", "apply", "language", "fr", "ends_at", "").wants(http.StatusUnprocessableEntity).
		says("invite them instead")
}
