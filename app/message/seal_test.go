package message_test

import (
	"bytes"
	"context"
	"testing"

	"ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// inClear says whether a text stands anywhere in the tables of passwords and secrets.
func inClear(t *testing.T, db *data.DB, text string) bool {
	t.Helper()
	var found bool
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		for _, q := range []string{`SELECT password, sealed FROM mail_passwords`, `SELECT name, value FROM secrets`} {
			if err := data.Each(ctx, tx, func(row data.Row) error {
				var a string
				var b []byte
				err := row.Scan(&a, &b)
				found = found || bytes.Contains(append([]byte(a), b...), []byte(text))
				return err
			}, q); err != nil {
				return err
			}
		}
		return nil
	})
	return found
}

func TestThePasswordOfTheMailServerDoesNotStandInTheDatabaseInClear(t *testing.T) {
	db := datatest.New(t)
	const password = "correct horse battery staple"
	server := message.Server{Host: "smtp.example.com", Port: 587, Security: message.StartTLS, User: "u", Password: password, SenderName: "N", SenderAddress: "n@example.com"}
	reads := func() {
		t.Helper()
		must(t, db, func(ctx context.Context, tx *data.Tx) error {
			s, err := message.ServerOf(ctx, tx)
			if s.Password != password {
				t.Errorf("the password is read as %q", s.Password)
			}
			return err
		})
	}
	must(t, db, func(ctx context.Context, tx *data.Tx) error { return message.UseServer(ctx, tx, server) })
	reads()
	if inClear(t, db, password) {
		t.Error("it stands there in clear")
	}
	// An earlier version kept it in clear: it is read all the same, and sealed once.
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE mail_passwords SET password = ?, sealed = NULL`, password)
		return err
	})
	if !inClear(t, db, password) {
		t.Fatal("this test would not see it")
	}
	reads()
	for range 2 {
		must(t, db, message.Seal)
	}
	reads()
	if inClear(t, db, password) {
		t.Error("an old one still stands there in clear")
	}
	// Sealed bytes that somebody changed open nothing.
	must(t, db, func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE mail_passwords SET sealed = ?`, make([]byte, 60)); err != nil {
			return err
		}
		if _, err := message.ServerOf(ctx, tx); err == nil {
			t.Error("a forged password was taken")
		}
		return nil
	})
}
