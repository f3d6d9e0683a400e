package web

import (
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
)

// momentForm is how browsers send and take a date with a time.
const momentForm = "2006-01-02T15:04"

// moment reads what a date field sent, in the brand's time zone. What cannot be
// read is a problem of the field; nothing at all is the zero time.
func (s *Server) moment(p *check.Problems, field, text string) time.Time {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(momentForm, text, s.zone())
	if err != nil {
		p.Add(field, "check.moment")
		return time.Time{}
	}
	return t.UTC()
}

// written is a time as a date field takes it.
func (s *Server) written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone()).Format(momentForm)
}

// zoneFor is the time zone in which somebody reads times; in the forms of staff, and where nobody is signed in, it is the
// brand's.
func (s *Server) zoneFor(who account.Account) *time.Location { return who.Zone(s.zone()) }

// zone is the brand's time zone.
func (s *Server) zone() *time.Location {
	if b := s.brand.Load(); b != nil {
		return b.Zone()
	}
	return time.UTC
}

// join puts the problems of reading a form before those of its content.
func join(first, then check.Problems) check.Problems {
	for field, problem := range then {
		if _, there := first[field]; !there {
			first.Add(field, problem.Key, problem.Args...)
		}
	}
	return first
}

// number reads a whole number; what is none is a problem of the field.
func number(p *check.Problems, field, typed string) int {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil {
		p.Add(field, "check.number")
	}
	return n
}

func text(n int) string { return strconv.Itoa(n) }
