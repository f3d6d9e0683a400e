package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/parcel"
)

// TakeParcelPath is where a drop comes in as a file.
const TakeParcelPath = "/drops/parcel"

// ParcelPath is a drop as a file.
func ParcelPath(dropID string) string { return DropPath(dropID) + "/parcel" }

// parcelExample is the text of a parcel, in the reader's language.
func parcelExample(ctx context.Context) string {
	return parcel.Parcel{
		Title: lang.T(ctx, "parcel.example_title"), Teaser: lang.T(ctx, "parcel.example_teaser"), Language: lang.Of(ctx),
		Tags: []string{lang.T(ctx, "parcel.example_tag")}, Captions: []string{lang.T(ctx, "parcel.example_caption")},
		Action: lang.T(ctx, "parcel.example_action"), ActionURL: "https://example.com/halo", Cover: "images/1.jpg",
		Body:  lang.T(ctx, "parcel.example_body") + "\n\n![](images/1.jpg)",
		Files: []parcel.File{{Name: "images/1.jpg", Alt: lang.T(ctx, "parcel.example_alt")}},
	}.Text()
}
