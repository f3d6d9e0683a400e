package views

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/message"
	"ricochet.example/views/ui"
)

// MailsAPage is how many mails a page of the outbox shows.
const MailsAPage = 50

// Outbox is what the owner sees of the mails.
type Outbox struct {
	Mails  []message.Mail
	Counts map[message.State]int
	State  message.State // shown alone; empty: all
	Page   int           // from 1
	More   bool          // there is another page
	Server bool          // there is a mail server: texts are not shown
	Zone   *time.Location
}

// OutboxPath is a page of the outbox.
func OutboxPath(s message.State, page int) string {
	q := url.Values{}
	if s != "" {
		q.Set("state", string(s))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/outbox"
	}
	return "/outbox?" + q.Encode()
}

// filters are the states to choose from, those that there are.
func (o Outbox) filters(ctx context.Context) []ui.NavItem {
	all := []ui.NavItem{{Label: lang.T(ctx, "outbox.all"), Path: "/outbox", Current: o.State == ""}}
	for _, s := range message.States {
		if o.Counts[s] > 0 || o.State == s {
			label := lang.T(ctx, "outbox.filter", "state", lang.T(ctx, "state."+mailState(s)), "n", o.Counts[s])
			all = append(all, ui.NavItem{Label: label, Path: OutboxPath(s, 1), Current: o.State == s})
		}
	}
	return all
}

// mailTone is how loudly the state of a mail is said.
func mailTone(s message.State) string {
	switch s {
	case message.StateSent:
		return ui.Good
	case message.StateFailed:
		return ui.Bad
	case message.StateOver, message.StateUnsure:
		return ui.Warn
	}
	return ""
}

// mailState is the end of the key of a mail's state in words.
func mailState(s message.State) string { return "mail_" + string(s) }

// again says whether a mail can be tried again.
func (o Outbox) again(m message.Mail) bool {
	switch m.State {
	case message.StateFailed, message.StateUnsure:
		return m.Body != ""
	case message.StateWaiting:
		return o.Server && m.Tries > 0
	}
	return false
}
