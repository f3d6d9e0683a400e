package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// Tool is a program that a list comes from, by its name.
type Tool string

// Own is what this program calls its own files.
const Own Tool = "Ricochet"

// sign is how a program's files are known: by so many of these titles, as Plain makes them.
type sign struct {
	tool   Tool
	least  int
	titles []string
	// book says that the program keeps addresses, of which no more is taken over than who somebody is: what else stands
	// there was not said to anybody who asked.
	book bool
}

// signs are those of the programs whose files are known. Of Shopify, Mailchimp, Klaviyo, Google and Outlook they are
// the columns of an export; of the others those that their manuals name.
var signs = []sign{
	{Own, 2, []string{"membersince", "membredepuis", "captain", "capitaine", "suspended", "suspendu", "appliedon", "candidaturedu", "decidedon", "decideele", "joinedat", "suspendedat"}, false},
	{"Mailchimp", 2, []string{"memberrating", "optintime", "optinip", "confirmtime", "confirmip", "leid", "euid", "unsubtime", "cleantime"}, true},
	{"Shopify", 2, []string{"acceptsemailmarketing", "acceptssmsmarketing", "defaultaddresscity", "defaultaddresscountrycode", "totalspent", "totalorders", "taxexempt"}, true},
	{"Klaviyo", 1, []string{"klaviyoid", "emailmarketingconsent", "historiccustomerlifetimevalue"}, true},
	{"Google Contacts", 1, []string{"emailvalue"}, true},
	{"Outlook", 3, []string{
		"middlename", "suffix", "jobtitle", "businessstreet", "businessphone", "homestreet", "homephone", "mobilephone", "assistantsname", "managersname", "officelocation",
		"adressedemessagerie", "deuxiemeprenom", "telmobile", "suffixe", "societe", "rue",
	}, true},
	{"Mention Me", 2, []string{"customerrecogniseddate", "merchantcustomerid", "referredbycustomeremail", "referredbymerchantcustomerid", "optedintomarketingemail", "referreddate", "referredsituation"}, true},
	{"Upfluence", 2, []string{"influencerid", "mediaurl", "profilename", "shippingaddressline", "shippingaddresscity"}, false},
	{"Ambassador", 2, []string{"uid", "paypalemail", "segment", "custom"}, false},
	{"Aspire", 3, []string{"uid", "instagram", "tiktok", "pinterest", "youtube", "postalcode"}, false},
	{"SocialLadder", 2, []string{"userid", "externaluserid", "promocode", "startingpoints", "areaguid", "overridepointvalue"}, false},
	{"GRIN", 2, []string{"contacttype", "livesite", "livesiteurl", "activations", "paymentaccountstatus", "contactstatus"}, false},
	{"LoudCrowd", 3, []string{"username", "signupdate", "postcount", "followers", "engagementrate", "impressions", "earnedmediavalue"}, false},
	{"Roster", 2, []string{"socialhandle", "contactowner", "program", "personaldiscountcode"}, false},
	{"Brandbassador", 2, []string{"trustscore", "missions", "missionscompleted", "segments", "ambassadorlevel"}, false},
	{"Duel", 2, []string{"tier", "labels", "taskscompleted", "taskcompletions", "checkedin", "taskimpressions"}, false},
}

// named are the programs that are also known by their name in a title or in the name of a file, because no other word
// is like it.
var named = []Tool{"Brandbassador", "Duel", "SocialLadder", "Upfluence", "GRIN", "LoudCrowd", "Mention Me", "Mailchimp", "Klaviyo", "Shopify"}

// Looks says which program a list with these titles comes from; file is what the file was called. Empty: none of
// those that are known.
func Looks(titles []string, file string) Tool {
	var all []string
	for _, t := range titles {
		if p := Plain(t); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	for _, s := range signs {
		n := 0
		for _, t := range s.titles {
			if slices.Contains(all, t) {
				n++
			}
		}
		if n >= s.least {
			return s.tool
		}
	}
	for _, tool := range named {
		want := " " + strings.ToLower(string(tool)) + " "
		for _, text := range append([]string{file}, titles...) {
			words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
			if strings.Contains(words, want) || strings.Contains(words, strings.ReplaceAll(strings.TrimSpace(want), " ", "")) && len(want) > 8 {
				return tool
			}
		}
	}
	return ""
}

// Book says whether the program keeps addresses, and not what people answered who wanted to join something.
func (t Tool) Book() bool {
	return slices.ContainsFunc(signs, func(s sign) bool { return s.tool == t && s.book })
}
