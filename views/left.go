package views

import "ricochet.example/app/account"

// PersonLinksPath is where all links of a person are stopped or go on together.
func PersonLinksPath(accountID string) string { return "/people/" + accountID + "/links" }

// PersonLinks is how many links of a person are followed, and how many are not.
type PersonLinks struct {
	Person          account.Account
	Living, Stopped int
	Form            SuspendForm
}
