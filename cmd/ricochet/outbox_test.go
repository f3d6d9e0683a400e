package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"ricochet.example/app/message"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

func write(t *testing.T, db *data.DB, mails ...message.Mail) {
	t.Helper()
	ctx := context.Background()
	err := db.Update(ctx, func(tx *data.Tx) error {
		for _, m := range mails {
			if _, err := message.Write(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEachWaitingMailIsLoggedOnceAndReadable(t *testing.T) {
	db, ctx, log := datatest.New(t), context.Background(), &bytes.Buffer{}
	o := &outbox{db: db, log: slog.New(slog.NewTextHandler(log, nil)), form: "text", to: log}
	write(t, db, message.Mail{To: "old@example.com", Subject: "From yesterday", Body: "Over."})
	if err := o.pass(ctx); err != nil {
		t.Fatal(err)
	}
	write(t, db, message.Mail{To: "ana@example.com", Subject: "Your code", Body: "Type 123456 or open\n\nhttp://x.example/y\n"})
	o.look(ctx)
	o.look(ctx)
	for _, want := range []string{"ana@example.com", "Your code", "    Type 123456 or open\n", "    http://x.example/y\n"} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("%q is not once in %s", want, log)
		}
	}
	if strings.Contains(log.String(), "old@example.com") {
		t.Errorf("an old mail is in %s", log)
	}
}

func TestManyMailsAtOnceAreAllLoggedInTheirOrder(t *testing.T) {
	db, ctx, log := datatest.New(t), context.Background(), &bytes.Buffer{}
	o := &outbox{db: db, log: slog.New(slog.NewJSONHandler(log, nil)), form: "json", to: log}
	if err := o.pass(ctx); err != nil {
		t.Fatal(err)
	}
	var mails []message.Mail
	for i := range 3*outboxLook + 1 {
		mails = append(mails, message.Mail{To: fmt.Sprintf("m%03d@example.com", i), Subject: "Hello", Body: "Hello."})
	}
	write(t, db, mails...)
	o.look(ctx)
	from := 0
	for _, m := range mails {
		at := strings.Index(log.String()[from:], `"to":"`+m.To+`"`)
		if at < 0 {
			t.Fatalf("%s is missing or comes too early", m.To)
		}
		from += at
	}
}

func TestAMailThatAMailServerTakesIsNotLogged(t *testing.T) {
	db, ctx, log := datatest.New(t), context.Background(), &bytes.Buffer{}
	o := &outbox{db: db, log: slog.New(slog.NewTextHandler(log, nil)), form: "text", to: log}
	err := db.Update(ctx, func(tx *data.Tx) error {
		return message.UseServer(ctx, tx, message.Server{Host: "localhost", Port: 25, Security: message.Plain, SenderName: "N", SenderAddress: "n@example.com"})
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, db, message.Mail{To: "ana@example.com", Subject: "Your code", Body: "123456"})
	o.look(ctx)
	if log.Len() > 0 {
		t.Errorf("it logged %s", log)
	}
	if err := db.Update(ctx, func(tx *data.Tx) error { return message.NoServer(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	write(t, db, message.Mail{To: "ben@example.com", Subject: "Your code", Body: "654321"})
	o.look(ctx)
	if !strings.Contains(log.String(), "654321") || strings.Contains(log.String(), "123456") {
		t.Errorf("without a mail server it logged %s", log)
	}
}
