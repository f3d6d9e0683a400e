package ui

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"ricochet.example/app/check"
)

// Field is one field of a form with its label, its hint and what is wrong with it. It is a component:
// @ui.Field{…}.View()
type Field struct {
	Label, Name, Value string
	// Type is one of HTML's input types ("" is text), or "textarea", "markdown", "select", "checkbox",
	// "radios", "checks" (several of the options).
	Type    string
	Hint    string // under the label
	Problem string // what is wrong, in words; see Says
	ID      string // the name if empty; for a name that is there twice on a page

	Required, Disabled, ReadOnly bool
	Focus                        bool // at a desk it has the caret at once
	Checked                      bool // a checkbox

	Autocomplete, InputMode, Pattern, Placeholder string
	Min, Max, Step                                string
	MaxLength                                     int
	Rows                                          int // of a text area; 4 if 0
	Accept                                        string
	Lang                                          string // of what is typed, where it is not the page's
	Unit                                          string // behind the field: "€", "hops"
	Options                                       []Option
}

// aria says whether the field is wrong, and where to read more about it.
func (f Field) aria() templ.Attributes {
	all := f.group()
	if f.Problem != "" {
		all["aria-invalid"] = "true"
	}
	return all
}

// group is aria for a group of fields, which cannot be invalid itself.
func (f Field) group() templ.Attributes {
	all := templ.Attributes{}
	if d := f.described(); d != "" {
		all["aria-describedby"] = d
	}
	return all
}

// limits are the attributes of what may be typed, and how it is helped.
func (f Field) limits() templ.Attributes {
	all := templ.Attributes{}
	for name, value := range map[string]string{
		"autocomplete": f.Autocomplete, "inputmode": f.InputMode, "pattern": f.Pattern, "placeholder": f.Placeholder,
		"min": f.Min, "max": f.Max, "step": f.Step, "accept": f.Accept, "lang": f.Lang,
	} {
		if value != "" {
			all[name] = value
		}
	}
	if f.MaxLength > 0 {
		all["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.Type == "email" || f.Type == "url" || f.Autocomplete == "one-time-code" {
		all["spellcheck"], all["autocapitalize"] = "false", "none"
	}
	return all
}

// Option is one of the values to choose from.
type Option struct {
	Value, Label string
	Hint         string // radios and checks only
	Selected     bool   // also chosen, besides the one that equals the field's value
	Disabled     bool
}

// leavable says whether the field can be left as it is empty, and that is worth saying: several of some may always be
// none, and in a list something is always chosen, be it that there is none.
func (f Field) leavable() bool {
	return !f.Required && !f.Disabled && !f.ReadOnly && f.Type != "checks" && f.Type != "select"
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) hintID() string    { return f.id() + "-hint" }
func (f Field) problemID() string { return f.id() + "-problem" }

// optionID is the name of the nth option in the page. The first has the field's own, so that links from
// the summary of problems find it.
func (f Field) optionID(n int) string {
	if n == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(n)
}

// described names what else is said about the field.
func (f Field) described() string {
	switch {
	case f.Hint != "" && f.Problem != "":
		return f.problemID() + " " + f.hintID()
	case f.Hint != "":
		return f.hintID()
	case f.Problem != "":
		return f.problemID()
	}
	return ""
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// truth is what a checkbox sends when it is checked.
func (f Field) truth() string {
	if f.Value == "" {
		return "true"
	}
	return f.Value
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

func (f Field) chosen(o Option) bool { return o.Selected || o.Value == f.Value && f.Type != "checks" }

// fault is a line of the summary above a form.
type fault struct{ field, label, says string }

// faults are what is wrong, in the order in which the fields stand in the form; names are field and
// label in turn. What has no label, as a problem of the form as a whole, comes last.
func faults(ctx context.Context, problems check.Problems, names []string) (all []fault) {
	var told []string
	for i := 0; i+1 < len(names); i += 2 {
		if says := Says(ctx, problems, names[i]); says != "" {
			all = append(all, fault{names[i], names[i+1], says})
			told = append(told, names[i])
		}
	}
	for _, field := range problems.Fields() {
		if !slices.Contains(told, field) {
			all = append(all, fault{says: Says(ctx, problems, field)})
		}
	}
	return all
}

// code makes a field one for Markdown.
func (f Field) code() Field {
	f.Type = "markdown"
	if f.Rows == 0 {
		f.Rows = 16
	}
	return f
}
