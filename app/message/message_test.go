package message_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

func must(t *testing.T, db *data.DB, fn func(ctx context.Context, tx *data.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx *data.Tx) error { return fn(context.Background(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestAMailThatCannotBeSentIsNotWritten(t *testing.T) {
	good := message.Mail{To: "ana@example.com", Subject: "Hello", Body: "Hello Ana"}
	db := datatest.New(t)
	for name, c := range map[string]struct {
		change func(*message.Mail)
		field  string
	}{
		"nobody to send it to":      {func(m *message.Mail) { m.To = "" }, "to"},
		"two people":                {func(m *message.Mail) { m.To = "a@example.com, b@example.com" }, "to"},
		"a header in the address":   {func(m *message.Mail) { m.To = "a@example.com\r\nBcc: b@example.com" }, "to"},
		"a header in the subject":   {func(m *message.Mail) { m.Subject = "Hi\r\nBcc: b@example.com" }, "subject"},
		"a subject without end":     {func(m *message.Mail) { m.Subject = strings.Repeat("a", 201) }, "subject"},
		"nothing in it":             {func(m *message.Mail) { m.Body = "\n" }, "body"},
		"what no database can hold": {func(m *message.Mail) { m.Body = "a\x00b" }, "body"},
	} {
		m := good
		c.change(&m)
		if got := m.Check().Fields(); !slices.Equal(got, []string{c.field}) {
			t.Errorf("%s: problems with %q, want %q", name, got, c.field)
		}
		err := db.Update(context.Background(), func(tx *data.Tx) error {
			_, err := message.Write(context.Background(), tx, m)
			return err
		})
		if err == nil {
			t.Errorf("%s: written", name)
		}
	}
	if p := good.Check(); !p.OK() {
		t.Errorf("a good mail has problems with %q", p.Fields())
	}
}
