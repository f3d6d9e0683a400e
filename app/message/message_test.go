package message_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/clock"
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

func subjects(mails []message.Mail) (subjects []string) {
	for _, m := range mails {
		subjects = append(subjects, m.Subject)
	}
	return subjects
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

// Three mails wait. One is delivered, one bounces, one holds a code that nobody fetched in time.
func TestTheOutboxKeepsWhatBecameOfAMailButNoSecrets(t *testing.T) {
	hands := clock.At(datatest.Noon)
	db := datatest.New(t, hands.Now)
	write := func(subject string, m message.Mail) (id string) {
		t.Helper()
		must(t, db, func(ctx context.Context, tx *data.Tx) error {
			m.To, m.Subject = "ana@example.com", subject
			written, err := message.Write(ctx, tx, m)
			id = written.ID
			return err
		})
		hands.Advance(time.Second)
		return id
	}
	sent, failed := write("sent", message.Mail{Body: "news"}), write("failed", message.Mail{Body: "more news"})
	ends := hands.Now().Add(10 * time.Minute)
	write("code", message.Mail{Body: "123456", ForgetAt: ends})

	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		waiting, err := message.Waiting(ctx, tx)
		if got := subjects(waiting); !slices.Equal(got, []string{"sent", "failed", "code"}) {
			t.Errorf("waiting: %q", got)
		}
		return errors.Join(err, message.MarkSent(ctx, tx, sent), message.MarkFailed(ctx, tx, failed))
	})
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		if err := message.MarkSent(ctx, tx, sent); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("a mail was sent twice: %v", err)
		}
		if err := message.Forget(ctx, tx); err != nil {
			return err
		}
		latest, err := message.Latest(ctx, tx, 2)
		if got := subjects(latest); !slices.Equal(got, []string{"code", "failed"}) || latest[0].Body != "123456" {
			t.Errorf("the latest two: %+v", latest)
		}
		return err
	})

	hands.Set(ends)
	for _, when := range []string{"before", "after"} {
		must(t, db, func(ctx context.Context, tx *data.Tx) error {
			latest, err := message.Latest(ctx, tx, 10)
			if err != nil {
				return err
			}
			for i, want := range []message.State{message.StateOver, message.StateFailed, message.StateSent} {
				if latest[i].State != want {
					t.Errorf("%s Forget: %s is %q", when, latest[i].Subject, latest[i].State)
				}
			}
			if latest[0].Body != "" || latest[1].Body != "more news" {
				t.Errorf("%s Forget the outbox holds %+v", when, latest)
			}
			if waiting, err := message.Waiting(ctx, tx); err != nil || len(waiting) != 0 {
				t.Errorf("%s Forget %+v waits (%v)", when, waiting, err)
			}
			return message.Forget(ctx, tx)
		})
	}
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM mails WHERE body LIKE '%123456%'`)
		if n != 0 {
			t.Error("the code is still in the database")
		}
		return err
	})
}
