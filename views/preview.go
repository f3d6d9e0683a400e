package views

// The ways in which a form shows what would come of its drop.
const (
	AsCard  = "card"  // as messengers show a link to it
	AsPhone = "phone" // the reader's page on a phone
	AsPage  = "page"  // and on a desk
)

// Those for whom a form shows the page of its drop.
const (
	ForMember = "member" // who reads it early
	ForReader = "reader" // who reads it once it is public
)

// LookPage is the reader's page as it would be, for some of those who read it.
type LookPage struct {
	For  string // ForMember or ForReader
	HTML string // a document of its own, made by PreviewReader
}

// as is the way in which the form shows what would come of it.
func (f DropForm) as() string {
	switch f.LookAs {
	case AsCard, AsPage:
		return f.LookAs
	}
	return AsPhone
}

// forWhom is for whom it shows the page.
func (f DropForm) forWhom() string {
	if f.LookFor == ForReader {
		return ForReader
	}
	return ForMember
}
