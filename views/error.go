package views

import "strconv"

// said is the end of the key of what is said of an HTTP status: its title, its text.
func said(part string, status int) string { return part + "_" + strconv.Itoa(status) }
