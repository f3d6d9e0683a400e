package views

import (
	"strings"

	"ricochet.example/views/ui"
)

// firstName is how a person is greeted.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// kindOf makes the first thing the one to do.
func kindOf(i int) string {
	if i == 0 {
		return ui.Primary
	}
	return ""
}
