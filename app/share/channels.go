package share

import (
	"net/url"
	"strings"

	"ricochet.example/app/visit"
)

// Intent is the address that opens a messenger with a message written, ready
// for the person to choose who gets it. The share address stands last, after a
// line's end, so that messengers find it and make a card of it. Channels
// without such an address are shared by copying (opens.md §13).
func Intent(c visit.Channel, message, address string) (href string, ok bool) {
	both := strings.TrimSpace(message + "\n" + address)
	switch c {
	case visit.WhatsApp:
		return "https://wa.me/?text=" + escape(both), true
	case visit.Telegram:
		return "https://t.me/share/url?url=" + escape(address) + "&text=" + escape(message), true
	case visit.Email:
		subject, _, _ := strings.Cut(message, "\n")
		return "mailto:?subject=" + escape(subject) + "&body=" + escape(strings.ReplaceAll(both, "\n", "\r\n")), true
	case visit.SMS:
		return "sms:?&body=" + escape(both), true
	case visit.Messenger:
		return "fb-messenger://share/?link=" + escape(address), true
	case visit.Facebook:
		return "https://www.facebook.com/sharer/sharer.php?u=" + escape(address), true
	case visit.X:
		return "https://twitter.com/intent/tweet?text=" + escape(message) + "&url=" + escape(address), true
	case visit.LinkedIn:
		return "https://www.linkedin.com/sharing/share-offsite/?url=" + escape(address), true
	case visit.Line:
		return "https://line.me/R/share?text=" + escape(both), true
	case visit.Viber:
		return "viber://forward?text=" + escape(both), true
	}
	return "", false
}

// escape percent-encodes everything; a space is %20, which all of them read.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
