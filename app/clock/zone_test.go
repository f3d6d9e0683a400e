package clock_test

import (
	"strings"
	"testing"
	"time"

	"ricochet.example/app/clock"
)

func TestATimeZoneHasANameOfTheDatabase(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Lisbon", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+5", "Asia/Calcutta", "Europe/Kiev"} {
		if zone, ok := clock.Zone(name); !ok || zone.String() != name {
			t.Errorf("%s is none: %v", name, zone)
		}
	}
	for _, name := range []string{
		"", "Local", "LOCAL", "Europe/Atlantis", "europe", "Europe", "/Europe/Lisbon", "../Europe/Lisbon", "Europe/../UTC", "right/Europe/Lisbon", "posix/UTC",
		"Europe/Lisbon\n", "Europe/Lisbon ", "+01:00", "Europe\\Lisbon", strings.Repeat("A", 100000),
	} {
		if zone, ok := clock.Zone(name); ok {
			t.Errorf("%.40q is %v", name, zone)
		}
	}
}

// In the night to 28 March 2027 the clocks of Lisbon are put forward from 1:00 to 2:00, at 1:00 UTC.
func TestATimeZoneKnowsItsSummerTime(t *testing.T) {
	lisbon, _ := clock.Zone("Europe/Lisbon")
	change := time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)
	if before, after := change.Add(-time.Second).In(lisbon).Format("15:04:05"), change.In(lisbon).Format("15:04:05"); before != "00:59:59" || after != "02:00:00" {
		t.Errorf("from %s to %s", before, after)
	}
}
