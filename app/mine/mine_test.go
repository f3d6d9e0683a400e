package mine_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/mine"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// Whose columns name an account and are no part of what an ambassador takes along, and why.
var others = map[string]string{
	"decisions":     "about opens, by staff; what was done with a member's links is in acts",
	"drops":         "staff write them",
	"drop_versions": "staff write them",
	"images":        "staff upload them",
	"videos":        "staff upload them",
	"recipients":    "people without an account, whom staff tell themselves, and forget",
}

// named are columns that hold an account's address, or an account that may be gone: nothing refers to it there.
var named = []string{"account_id", "recipient", "email"}

// accounts are the columns that refer to an account, by whatever name, by table.
func accounts(t *testing.T) map[string][]string {
	t.Helper()
	db := datatest.New(t)
	query := `SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" = 'accounts'`
	if datatest.Postgres() {
		query = `SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
			JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
			WHERE k.contype = 'f' AND k.confrelid = to_regclass('accounts')`
	}
	all := map[string][]string{}
	err := db.View(t.Context(), func(tx *data.Tx) error {
		return data.Each(t.Context(), tx, func(r data.Row) error {
			var table, column string
			err := r.Scan(&table, &column)
			all[table] = append(all[table], column)
			return err
		}, query)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d tables refer to accounts: this is not the house", len(all))
	}
	return all
}

// columns are those of every table, by table.
func columns(t *testing.T) map[string][]string {
	t.Helper()
	db := datatest.New(t)
	query := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	if datatest.Postgres() {
		query = `SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	all := map[string][]string{}
	err := db.View(t.Context(), func(tx *data.Tx) error {
		return data.Each(t.Context(), tx, func(r data.Row) error {
			var table, column string
			err := r.Scan(&table, &column)
			all[table] = append(all[table], column)
			return err
		}, query)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d tables: this is not the house", len(all))
	}
	return all
}

func TestEveryTableThatKnowsAPersonIsInWhatTheyTakeAlong(t *testing.T) {
	of := map[string]bool{}
	for _, p := range mine.Parts {
		of[p.Table] = true
	}
	refer := accounts(t)
	for table, have := range columns(t) {
		for _, column := range have {
			if (slices.Contains(named, column) || slices.Contains(refer[table], column)) && !of[table] && others[table] == "" {
				t.Errorf("%s.%s names an account: the table is neither in what people take along nor said to be none of it", table, column)
			}
		}
	}
	for table := range others {
		if of[table] {
			t.Errorf("%s is said to be none of it, and is in it", table)
		}
	}
}

func TestEveryColumnOfThoseTablesIsTakenAlongOrLeftOut(t *testing.T) {
	have := columns(t)
	for _, p := range mine.Parts {
		said := slices.Concat(p.Columns, p.LeftOut)
		slices.Sort(said)
		if want := slices.Sorted(slices.Values(have[p.Table])); !slices.Equal(said, want) {
			t.Errorf("%s has the columns\n%s; %s speaks of\n%s", p.Table, strings.Join(want, " "), p.Name, strings.Join(said, " "))
		}
	}
}

func TestNoSecretIsTakenAlong(t *testing.T) {
	for _, p := range mine.Parts {
		for _, column := range p.Columns {
			if strings.Contains(column, "hash") || slices.Contains([]string{"auth", "p256dh", "body", "html", "unsubscribe"}, column) {
				t.Errorf("%s takes %s along", p.Name, column)
			}
		}
	}
}

func TestOfNobodyThereIsNothing(t *testing.T) {
	db := datatest.New(t)
	err := db.View(t.Context(), func(tx *data.Tx) error { return nothing(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
}

func nothing(ctx context.Context, tx *data.Tx) error {
	_, err := mine.File(ctx, tx, "Novaska", "nobody")
	return err
}
