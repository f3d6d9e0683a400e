package views

import (
	"slices"

	"ricochet.example/views/ui"
)

// forStaff says whether a page is a manager's, which its navigation shows.
func forStaff(p ui.Page) bool {
	return slices.ContainsFunc(p.Nav, func(n ui.NavItem) bool { return n.Path == StaffNav[1].Path })
}
