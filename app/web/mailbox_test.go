package web_test

import (
	"context"
	"fmt"
	"regexp"

	"ricochet.example/app/message"
	"ricochet.example/data"
)

// mail returns the latest mail to an address.
func (h *house) mail(to string) message.Mail {
	h.t.Helper()
	var mails []message.Mail
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		mails, err = message.Latest(ctx, tx, 1000)
		return err
	})
	for _, m := range mails {
		if m.To == to {
			return m
		}
	}
	h.t.Fatalf("there is no mail to %s", to)
	return message.Mail{}
}

var (
	sixDigits  = regexp.MustCompile(`\b\d{6}\b`)
	signInLink = regexp.MustCompile(`https?://\S+(/signin/\S+)`)
)

// code is the code in the latest mail to an address.
func (h *house) code(to string) string {
	h.t.Helper()
	found := sixDigits.FindString(h.mail(to).Body)
	if found == "" {
		h.t.Fatalf("the mail to %s has no code: %s", to, h.mail(to).Body)
	}
	return found
}

// link is the path of the link in the latest mail to an address.
func (h *house) link(to string) string {
	h.t.Helper()
	found := signInLink.FindStringSubmatch(h.mail(to).Body)
	if found == nil {
		h.t.Fatalf("the mail to %s has no link: %s", to, h.mail(to).Body)
	}
	return found[1]
}

// wrong is a code that is not the one that was mailed.
func wrong(code string) string {
	last := code[len(code)-1]
	return code[:len(code)-1] + fmt.Sprint((last-'0'+1)%10)
}
