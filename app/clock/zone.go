package clock

import (
	"regexp"
	"strings"
	"time"

	_ "time/tzdata" // for machines that have no time zones installed
)

// longestZone is the length of a time zone's name, in bytes; the longest that there is has 32.
const longestZone = 64

// zoneName is how the tz database writes names.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)

// Zone returns the time zone of a name of the tz database, such as "Europe/Lisbon", and whether it is one. The computer's
// own, which is another on each, is none; nor are the other tables that some computers keep beside it ("right/Europe/Lisbon").
func Zone(name string) (*time.Location, bool) {
	if len(name) > longestZone || !zoneName.MatchString(name) || strings.EqualFold(name, "Local") {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}
