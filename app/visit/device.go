package visit

import "strings"

// Device is the family of devices that a visit came from. The numbers are stored: never renumber,
// only append.
type Device uint8

// The device families.
const (
	OtherDevice Device = 0 // a television, a console, a program, or not known
	Phone       Device = 1
	Tablet      Device = 2
	Desktop     Device = 3
	InApp       Device = 4 // an app's own browser, whatever it runs on
)

var deviceNames = [...]string{
	OtherDevice: "other", Phone: "phone", Tablet: "tablet", Desktop: "desktop", InApp: "in-app",
}

// String returns the family's name, "other" for a number that is none.
func (d Device) String() string {
	if int(d) < len(deviceNames) {
		return deviceNames[d]
	}
	return deviceNames[OtherDevice]
}

// DeviceOf returns the device family that a User-Agent string names.
func DeviceOf(h Header) Device { return agentOf(h.Get("User-Agent")).device }

func deviceOf(p parts, lower string, embedded bool) Device {
	switch {
	case embedded:
		return InApp
	case has(lower, "smart-tv") || has(lower, "smarttv") || has(lower, "googletv") ||
		has(lower, "android tv") || has(lower, "playstation") || has(lower, "nintendo") ||
		has(lower, "xbox") || has(lower, "web0s") || has(lower, "; aft"):
		return OtherDevice
	case has(p.platform, "iPad") || has(lower, "tablet") && !has(lower, "tablet pc") ||
		has(lower, "kindle") || has(lower, "playbook") || has(p.rest, "Silk/"):
		return Tablet
	case p.apple() || has(lower, "windows phone") || has(lower, "iemobile"):
		return Phone
	case p.android():
		if has(lower, "mobile") {
			return Phone
		}
		return Tablet
	case has(p.platform, "Windows") || has(p.platform, "Macintosh") || has(p.platform, "X11") ||
		has(p.platform, "CrOS") || has(p.platform, "Linux"):
		return Desktop
	case has(lower, "mobile") || strings.HasPrefix(lower, "opera/") && has(lower, "mini"):
		return Phone
	}
	return OtherDevice
}

// IsApple says whether a User-Agent string names an iPhone, an iPod or an iPad, whose links to other apps
// are written in a way of their own.
func IsApple(h Header) bool { return partsOf(h.Get("User-Agent")).apple() }
