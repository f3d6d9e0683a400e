package views

import (
	"context"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// DesignPath is the page that shows every part of pages in every state.
const DesignPath = "/design"

// buttonKinds are those of actions, allTones those of tags and banners, each as the end of its word's key.
var (
	buttonKinds = []string{"", ui.Primary, ui.Quiet, ui.Danger}
	allTones    = []string{"", ui.Hot, ui.Good, ui.Warn, ui.Bad}
)

// toneWord is what a tone is called.
func toneWord(ctx context.Context, tone string) string {
	if tone == "" {
		tone = "plain"
	}
	return lang.T(ctx, "design.tone_"+tone)
}

// kindWord is what a kind of button is called.
func kindWord(ctx context.Context, kind string) string {
	if kind == "" {
		kind = "plain"
	}
	return lang.T(ctx, "design.kind_"+kind)
}

// designFields are fields of every type, each as it is, and where something is wrong.
func designFields(ctx context.Context) (all []ui.Field) {
	options := func() (o []ui.Option) {
		for _, t := range []string{"a", "b", "c"} {
			o = append(o, ui.Option{Value: t, Label: lang.T(ctx, "design.choice", "name", t)})
		}
		return o
	}
	for _, kind := range []string{"text", "email", "number", "date", "textarea", "markdown", "select", "checkbox", "radios", "checks"} {
		plain := ui.Field{
			Type: kind, Name: "d_" + kind, Label: lang.T(ctx, "design.field", "type", kind), Hint: lang.T(ctx, "design.hint"), Options: options(),
		}
		if kind == "number" {
			plain.Unit = "€"
		}
		wrong := plain
		wrong.Name, wrong.Hint, wrong.Required, wrong.Problem = plain.Name+"_wrong", "", true, lang.T(ctx, "check.required")
		all = append(all, plain, wrong)
	}
	return append(all,
		ui.Field{Name: "d_disabled", Label: lang.T(ctx, "design.disabled"), Value: lang.T(ctx, "design.value"), Disabled: true},
		ui.Field{Name: "d_readonly", Label: lang.T(ctx, "design.readonly"), Value: lang.T(ctx, "design.value"), ReadOnly: true})
}

// designProblems are what is said above a form that could not be taken.
func designProblems() (p check.Problems) {
	p.Add("d_text_wrong", "check.required")
	p.Add("d_email_wrong", "check.email")
	return p
}

// designPills are links of which one is chosen.
func designPills(ctx context.Context) (items []ui.NavItem) {
	for i, name := range []string{"a", "b", "c"} {
		items = append(items, ui.NavItem{Label: lang.T(ctx, "design.choice", "name", name), Path: DesignPath + "?choice=" + name, Current: i == 0})
	}
	return items
}

// designGlyphs are how far shares went: nobody, one hop, wide and far.
var designGlyphs = [][]int{{}, {4}, {31, 4}, {11, 7, 3}, {3, 5, 8, 6, 3, 1}}

// designNames are as many, one of them longer than there is room for.
var designNames = []string{"Amina Mansouri", "Maximilienne-Alexandrine de la Rochefoucauld-Montbazon", "Leonie Kessler", "Élise Montagnon", "Zoe Ahrendt"}

// designTimeline has a row of each kind.
func designTimeline(ctx context.Context) ui.Timeline {
	now := time.Date(2025, time.March, 3, 12, 0, 0, 0, time.UTC)
	name := func(n string) string { return lang.T(ctx, "design.choice", "name", n) }
	return ui.Timeline{Now: now, Rows: []ui.TimelineRow{
		{Label: name("a"), Waits: true, Reads: now.Add(-30 * time.Hour), Sends: now.Add(-6 * time.Hour)},
		{Label: name("b"), Waits: true, Reads: now.Add(-6 * time.Hour), Sends: now.Add(12 * time.Hour)},
		{Label: name("c"), Reads: now.Add(40 * time.Hour), Sends: now.Add(40 * time.Hour)},
	}}
}
