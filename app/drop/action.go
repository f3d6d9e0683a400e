package drop

import (
	"net/url"
	"strings"

	"ricochet.example/app/check"
)

// UTM are the parameters by which the statistics of the brand's site tell where a visit came from.
type UTM struct{ Source, Medium, Campaign string }

// The parameters' names in an address.
const (
	utmSource   = "utm_source"
	utmMedium   = "utm_medium"
	utmCampaign = "utm_campaign"
)

// longestUTM is how long a parameter may be, in characters.
const longestUTM = 100

// Check adds what is wrong with the parameters, at their fields.
func (u UTM) Check(p *check.Problems) {
	p.Longest(utmSource, u.Source, longestUTM)
	p.Longest(utmMedium, u.Medium, longestUTM)
	p.Longest(utmCampaign, u.Campaign, longestUTM)
	if u.Source == "" && u.Medium+u.Campaign != "" { // the others mean nothing without it
		p.Add(utmSource, "check.required")
	}
}

// values are the parameters in the order in which they are written.
func (u *UTM) values() []struct {
	name  string
	value *string
} {
	return []struct {
		name  string
		value *string
	}{{utmSource, &u.Source}, {utmMedium, &u.Medium}, {utmCampaign, &u.Campaign}}
}

// SplitUTM takes the parameters out of an address. All else of it stays as it was written.
func SplitUTM(address string) (plain string, u UTM) {
	at, err := url.Parse(strings.TrimSpace(address))
	if err != nil || at.RawQuery == "" {
		return address, u
	}
	var rest []string
	for _, pair := range strings.Split(at.RawQuery, "&") {
		if !u.take(pair) {
			rest = append(rest, pair)
		}
	}
	if u == (UTM{}) {
		return address, u
	}
	at.RawQuery = strings.Join(rest, "&")
	return at.String(), u
}

// take reads one part of a query, if it is one of the parameters and can be read.
func (u *UTM) take(pair string) bool {
	name, value, _ := strings.Cut(pair, "=")
	for _, v := range u.values() {
		if v.name == name {
			read, err := url.QueryUnescape(value)
			if err == nil {
				*v.value = read
			}
			return err == nil
		}
	}
	return false
}

// On is an address with the parameters. Those that it has already stay, unless there is another value for them. One
// that is no address stays as it is.
func (u UTM) On(address string) string {
	plain, had := SplitUTM(address)
	at, err := url.Parse(strings.TrimSpace(plain))
	if err != nil || at.Host == "" {
		return address
	}
	older := had.values()
	for i, v := range u.values() {
		value := strings.TrimSpace(*v.value)
		if value == "" {
			value = *older[i].value
		}
		if value == "" {
			continue
		}
		if at.RawQuery != "" {
			at.RawQuery += "&"
		}
		at.RawQuery += v.name + "=" + url.QueryEscape(value)
	}
	return at.String()
}
