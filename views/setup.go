package views

import (
	"context"
	"slices"

	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// BrandForm is what a brand says of itself, as it was typed.
type BrandForm struct {
	Name     string `form:"name"`
	Language string `form:"language"`
	URL      string `form:"url"`
	TimeZone string `form:"time_zone"`
	LabelEN  string `form:"label_en"`
	LabelFR  string `form:"label_fr"`
	Colour   string `form:"colour"`

	Problems check.Problems `form:"-"`
}

// SetUpForm is the brand and its owner, as they were typed.
type SetUpForm struct {
	BrandForm
	OwnerName string `form:"owner_name"`
	Email     string `form:"email"`
}

// BrandAs is the form of a brand as it is.
func BrandAs(b brand.Brand) BrandForm {
	return BrandForm{
		Name: b.Name, Language: b.Language, URL: b.URL, TimeZone: b.TimeZone, LabelEN: b.LabelIn("en"), LabelFR: b.LabelIn("fr"), Colour: b.Ground(),
	}
}

// Brand is what was typed.
func (f BrandForm) Brand() brand.Brand {
	return brand.Brand{
		Name: f.Name, Language: f.Language, URL: f.URL, TimeZone: f.TimeZone, Label: f.LabelEN, LabelFR: f.LabelFR, Colour: f.Colour,
	}
}

// DefaultLabel is the disclosure that is proposed to a brand for drops in a language.
func DefaultLabel(ctx context.Context, language string) string {
	return lang.T(lang.With(ctx, language), "brand.label_default")
}

// labels are the form's fields and what they are called, in turn.
func (f BrandForm) labels(ctx context.Context) []string {
	return []string{
		"name", lang.T(ctx, "brand.name"), "language", lang.T(ctx, "brand.language"), "url", lang.T(ctx, "brand.url"),
		"time_zone", lang.T(ctx, "brand.time_zone"), "label_en", lang.T(ctx, "campaign.in_en"),
		"label_fr", lang.T(ctx, "campaign.in_fr"),
		"colour", lang.T(ctx, "brand.colour"),
	}
}

// ground is the colour in the form.
func (f BrandForm) ground() string {
	if f.Colour == "" {
		return brand.HouseColour
	}
	return f.Colour
}

// languages are those that we have, and what was sent if it is another.
func languages(chosen string) []ui.Option {
	var all []ui.Option
	for _, l := range lang.Supported() {
		all = append(all, ui.Option{Value: l, Label: lang.Name(l)})
	}
	return withChosen(all, chosen)
}

// zones are places whose clocks differ, by their names in the tz database, and
// the one that was chosen.
func zones(chosen string) []ui.Option {
	var all []ui.Option
	for _, z := range places {
		all = append(all, ui.Option{Value: z, Label: z})
	}
	return withChosen(all, chosen)
}

// withChosen adds a value that is not among the options, for what a person sent is
// shown again.
func withChosen(all []ui.Option, chosen string) []ui.Option {
	if chosen == "" || slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == chosen }) {
		return all
	}
	return append(all, ui.Option{Value: chosen, Label: chosen})
}

// places are one for each of the world's ways to set the clock that many people live by.
var places = []string{
	"UTC",
	"Africa/Abidjan", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Africa/Tunis",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Cayenne", "America/Chicago", "America/Denver",
	"America/Guadeloupe", "America/Halifax", "America/Lima", "America/Los_Angeles", "America/Martinique", "America/Mexico_City",
	"America/New_York", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "America/Toronto", "America/Vancouver",
	"Asia/Bangkok", "Asia/Beirut", "Asia/Dhaka", "Asia/Dubai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem",
	"Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore",
	"Asia/Taipei", "Asia/Tashkent", "Asia/Tehran", "Asia/Tokyo",
	"Atlantic/Azores", "Atlantic/Reykjavik", "Australia/Adelaide", "Australia/Brisbane", "Australia/Perth", "Australia/Sydney",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Budapest", "Europe/Copenhagen",
	"Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Luxembourg",
	"Europe/Madrid", "Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna",
	"Europe/Warsaw", "Europe/Zurich",
	"Indian/Mauritius", "Indian/Reunion", "Pacific/Auckland", "Pacific/Honolulu", "Pacific/Noumea", "Pacific/Tahiti",
}
