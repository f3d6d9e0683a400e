package views

import (
	"ricochet.example/app/message"
	"ricochet.example/views/ui"
)

// mailTone is how loudly the state of a mail is said.
func mailTone(s message.State) string {
	switch s {
	case message.StateSent:
		return ui.Good
	case message.StateFailed:
		return ui.Bad
	case message.StateOver:
		return ui.Warn
	}
	return ""
}

// mailState is the end of the key of a mail's state in words.
func mailState(s message.State) string { return "mail_" + string(s) }
