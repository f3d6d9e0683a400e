package web_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// wild are texts that a spreadsheet, another language or a careless reader makes something else of.
var wild = []string{
	"Ana Silva", "=1+1", "+33 6 12", "-1", "@ana", "'Ana", "''", "'=x", "＝x", "Roy, Ben", "a;b", "\"quoted\"", "O\"Neill\"", "Zoé œil", "名前", "null", "Name", "email", "sep=;", "1", "a\tb", "\u00a0=x", "<b>",
}

// some is a text out of one or two wild ones, never empty.
func some(r *rand.Rand) string {
	text := wild[r.IntN(len(wild))]
	if r.IntN(2) == 0 {
		text += " " + wild[r.IntN(len(wild))]
	}
	return text
}

// Whoever the members of a squad are, their file makes the same people invited somewhere else: the same addresses,
// names and languages, whatever language the file is in. Who is suspended here is not invited there.
func TestTheFileOfASquadMakesTheSamePeopleElsewhere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	want := map[string]string{}
	h.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: lyon.ID})
		if err != nil {
			return err
		}
		for n := range 80 {
			a := account.Account{Email: fmt.Sprintf("m%d@example.com", n), Name: strings.TrimSpace(some(r)), Role: account.Ambassador, Language: lang.Supported()[r.IntN(2)]}
			if a, err = account.Create(ctx, tx, a); err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, i.Code, a.ID); err != nil {
				return err
			}
			if n%10 == 0 {
				if err := account.Suspend(ctx, tx, a.ID); err != nil {
					return err
				}
				continue
			}
			want[a.Email] = a.Name + "|" + a.Language
		}
		return nil
	})
	for _, language := range lang.Supported() {
		h.update(func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE accounts SET language = ? WHERE email = 'olga@novaska.example'`, language)
			return err
		})
		file := h.owner.get("/squads/" + lyon.ID + "/members.csv").wants(http.StatusOK)
		there := found(t)
		other := there.squadOf("Lyon", 0)
		at := "/squads/" + other.ID + "/invite"
		plan := there.owner.upload(at, file.body, "language", "en", "ends_at", "").wants(http.StatusOK).says("a file that Ricochet wrote")
		if refused := slices.DeleteFunc(plan.data("outcome"), func(o string) bool { return o != "refused" }); len(refused) != 8 {
			t.Errorf("%s: %d are left out", language, len(refused))
		}
		plan.form(at + "/send").send().wants(http.StatusSeeOther)
		got := map[string]string{}
		there.view(func(ctx context.Context, tx *data.Tx) error {
			guests, err := squad.Guests(ctx, tx, other.ID, 1000, 0)
			for _, g := range guests {
				got[g.Email] = g.Name + "|" + g.Language
			}
			return err
		})
		if !maps.Equal(got, want) {
			for email := range want {
				if got[email] != want[email] {
					t.Errorf("%s: %s was %q and is %q", language, email, want[email], got[email])
				}
			}
		}
	}
}

// Applications that go out of one installation come into another with all that people said, whatever they were asked.
func TestTheFileOfApplicationsMakesTheSameApplicationsElsewhere(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	asked := []string{"Why? =1+1", "Status", "E-mail", "Newsletter?", "City"}
	want := map[string]string{}
	said := func(answers []squad.Answer) (text string) {
		for _, a := range answers {
			text += a.Question + ": " + a.Text + "\n"
		}
		return text
	}
	h.update(func(ctx context.Context, tx *data.Tx) error {
		for n := range 60 {
			a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("a%d@example.com", n), Name: strings.TrimSpace(some(r)), Role: account.Ambassador, Language: lang.Supported()[r.IntN(2)]})
			if err != nil {
				return err
			}
			var answers []squad.Answer
			for _, q := range asked {
				answers = append(answers, squad.Answer{Question: q, Text: strings.TrimSpace(append(wild, "No", "unsubscribed")[r.IntN(len(wild)+2)] + " " + some(r))})
			}
			if err := squad.TakeIn(ctx, tx, lyon.ID, a.ID, answers); err != nil {
				return err
			}
			want[a.Email] = a.Name + "|" + a.Language + "\n" + said(answers)
		}
		return nil
	})
	file := h.owner.get("/squads/" + lyon.ID + "/applications.csv").wants(http.StatusOK)
	there := found(t)
	other := there.squadOf("Lyon", 0)
	at := "/squads/" + other.ID + "/invite"
	there.owner.upload(at, file.body, "as", "apply", "language", "en", "ends_at", "").wants(http.StatusOK).form(at + "/send").send().wants(http.StatusSeeOther)
	there.view(func(ctx context.Context, tx *data.Tx) error {
		n := 0
		err := squad.EachApplication(ctx, tx, other.ID, func(a squad.Application) error {
			n++
			if got := a.Name + "|" + a.Language + "\n" + said(a.Answers); got != want[a.Email] {
				t.Errorf("%s was\n%s\nand is\n%s", a.Email, want[a.Email], got)
			}
			return nil
		})
		if n != len(want) {
			t.Errorf("%d of %d are there", n, len(want))
		}
		return err
	})
}

// Max has the export of the programme from before. He sees what it is taken for, chooses another column for the
// addresses, and nobody who said no is written to.
func TestTheExportOfAnotherProgramIsRecognisedAndCanBeReadInAnotherWay(t *testing.T) {
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	at := "/squads/" + lyon.ID + "/invite"
	const file = "Customer ID,First Name,Last Name,Email,Private Email,Accepts Email Marketing,Default Address City,Phone,Total Spent,Group\n" +
		"'1,Ana,Silva,ana@work.example,ana@home.example,yes,Lyon,'+33612345678,12.00,VIP\n'2,Ben,Roy,ben@work.example,ben@home.example,no,Nice,,3.00,\n"
	plan := h.owner.upload(at, file, "language", "en", "ends_at", "").wants(http.StatusOK).
		says("looks like an export of Shopify", "Accepts Email Marketing: no", "Not used, and not kept: Customer ID", "Send 1 invitation")
	if got := plan.data("used"); !slices.Equal(got, []string{"name", "name", "email", "consent", "squad"}) {
		t.Errorf("the columns are taken for %q", got)
	}
	if got := plan.data("guest"); !slices.Equal(got, []string{"ana@work.example"}) {
		t.Errorf("%q are invited", got)
	}
	plan = plan.form(at).send("address", "5", "squads", "-1").wants(http.StatusOK)
	if got := plan.data("guest"); !slices.Equal(got, []string{"ana@home.example"}) {
		t.Errorf("with the other column %q are invited", got)
	}
	if got := plan.form(at).value("address"); got != "5" {
		t.Errorf("the column that was chosen is %s", got)
	}
	plan = plan.form(at).send("squads", "10").wants(http.StatusOK).says("There is no squad called VIP")
	plan.form(at).send("squads", "0").wants(http.StatusOK).form(at + "/send").send().wants(http.StatusSeeOther)
	h.view(func(ctx context.Context, tx *data.Tx) error {
		guests, err := squad.Guests(ctx, tx, lyon.ID, 10, 0)
		if err != nil || len(guests) != 1 || guests[0].Email != "ana@home.example" || guests[0].Name != "Ana Silva" {
			t.Errorf("%+v are invited (%v)", guests, err)
		}
		return err
	})
	// Read as applications, what stands there of people whom nobody asked is not kept but for who they are.
	plan = h.owner.upload(at, file, "as", "apply", "language", "en", "ends_at", "")
	if got := plan.data("used"); !slices.Equal(got, []string{"name", "name", "email", "consent", "answer", "answer", "squad"}) {
		t.Errorf("the columns are taken for %q", got)
	}
}

// Fifty thousand lines are read with all their columns, and the page that says so can be read itself.
func TestFiftyThousandLinesOfAnExportHaveAPage(t *testing.T) {
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	at := "/squads/" + lyon.ID + "/invite"
	var file strings.Builder
	file.WriteString("Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n")
	for n := range squad.MostLines {
		fmt.Fprintf(&file, "p%d@example.com,Ana,Silva,2,2024-01-01 10:00:00,2024-01-01 10:00:00,%d,abcdef0123,a note of somebody,\"\"\"VIP\"\",\"\"Blog\"\"\"\n", n/2, n)
	}
	plan := h.owner.upload(at, file.String(), "language", "en", "ends_at", "").wants(http.StatusOK).says("Mailchimp", "Send 25,000 invitations", "Stands in line 2 already", "choose it once more")
	if len(plan.body) > 4<<20 {
		t.Errorf("the page has %d bytes", len(plan.body))
	}
}
