package sheet

import (
	"context"
	"regexp"
	"slices"
	"strings"
	text "unicode"

	"golang.org/x/text/unicode/norm"

	"ricochet.example/app/lang"
)

// Use is what a column of a list of people is taken for.
type Use string

// The uses. What has none is whatever its title says.
const (
	Email        Use = "email"
	Name         Use = "name"
	First        Use = "first"
	Last         Use = "last"
	Squad        Use = "squad"
	Group        Use = "group" // what another program calls its groups; a squad may be called the same
	Language     Use = "lang"
	City         Use = "city"
	Phone        Use = "phone"
	Born         Use = "born" // a date, or the year alone
	Instagram    Use = "instagram"
	Status       Use = "status"       // where somebody stood, in the words of that program
	Consent      Use = "consent"      // whether they want mails: a yes or a no
	Unsubscribed Use = "unsubscribed" // when they asked for no more, or were suspended; empty: they did not
	Role         Use = "role"         // in our own files: who works for the brand
	Address      Use = "address"      // of a house, or of a mailbox: what stands in it tells
	Ours         Use = "ours"         // in our own files: nothing to read back
	Spare        Use = "spare"        // an address, but not the one that was chosen
)

// titles are what people and other programs write above columns, as Plain makes it. Of other programs they are what
// their manuals and templates say.
var titles = map[Use][]string{
	Email: {
		"email", "mail", "courriel", "emailaddress", "mailaddress", "useremail", "contactemail", "memberemail", "ambassadoremail", "advocateemail",
		"creatoremail", "influenceremail", "customeremail", "adresseemail", "adressemail", "adresseelectronique", "adressedemessagerie",
		"adressecourriel", "emaildumembre", "emailvalue", "primaryemail", "emailprincipal", "personalemail",
	},
	Address: {"address", "adresse"},
	Name: {
		"name", "fullname", "displayname", "contactname", "nomcomplet", "nometprenom", "prenometnom", "prenomnom", "nomprenom", "nom", "member", "membre",
		"membername", "ambassador", "ambassadorname", "ambassadeur", "advocate", "advocatename", "creator", "creatorname", "influencer",
		"influencername", "customername", "profilename", "nomaffiche",
	},
	First: {
		"firstname", "first", "givenname", "forename", "fname", "prenom", "ambassadorfirstname", "advocatefirstname", "memberfirstname",
		"customerfirstname", "creatorfirstname", "contactfirstname",
	},
	Last: {
		"lastname", "last", "surname", "familyname", "lname", "nomdefamille", "ambassadorlastname", "advocatelastname", "memberlastname",
		"customersurname", "customerlastname", "creatorlastname", "contactlastname",
	},
	Squad:    {"squad"},
	Group:    {"group", "groupname", "groupe", "team", "teamname", "equipe", "program", "programname", "programme", "projet", "project"},
	Language: {"language", "langue", "lang", "locale", "preferredlanguage", "langueparlee", "languepreferee"},
	City: {
		"city", "ville", "town", "towncity", "localite", "commune", "addresscity", "defaultaddresscity", "shippingaddresscity", "shippingcity",
		"homecity", "businesscity", "locationcity",
	},
	Phone: {
		"phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "mobilenumber", "cell", "cellphone", "portable", "telephoneportable", "telephonemobile",
		"telmobile", "telportable", "phonevalue", "whatsapp", "whatsappnumber", "numerodetelephone", "numerodeportable", "smsphonenumber",
	},
	Born: {
		"birthday", "birthdate", "dateofbirth", "dob", "birthyear", "yearofbirth", "born", "anneedenaissance", "datedenaissance", "anniversaire", "naissance", "nele", "neele",
	},
	Instagram: {
		"instagram", "instagramhandle", "instagramusername", "instagramuser", "instagramurl", "instagramprofile", "instagramaccount", "instagramlink", "ighandle",
		"insta", "ig", "compteinstagram", "profilinstagram", "pseudoinstagram", "comptesinstagram",
	},
	Status: {
		"status", "statut", "contactstatus", "memberstatus", "ambassadorstatus", "advocatestatus", "creatorstatus", "applicationstatus", "emailstatus",
		"subscriptionstatus", "confirmstatus", "etat", "statutdumembre",
	},
	Consent: {
		"acceptsemailmarketing", "acceptsmarketing", "emailmarketingconsent", "optedintomarketingemail", "optin", "emailoptin", "consent", "consentement",
		"subscribed", "newsletter", "acceptelemarketing", "accepteemailmarketing",
	},
	Unsubscribed: {"unsubtime", "unsubscribedat", "unsubscribedate", "cleantime", "suspendedat", "dateunsubscribed", "deletedat", "bannedat"},
}

// useOf is the use of a column by its title, and ownUse that in our own files, where every other title is a question.
var useOf, ownUse = func() (all, own map[string]Use) {
	all, own = map[string]Use{}, map[string]Use{}
	for use, names := range titles {
		for _, name := range names {
			all[name] = use
		}
	}
	for _, l := range lang.Supported() {
		in := lang.With(context.Background(), l)
		for key, use := range map[string]Use{
			"guest.email": Email, "team.name": Name, "guest.squad": Squad, "guest.language": Language, "applications_file.stage": Status,
			"members_file.suspended": Unsubscribed, "squad.captain": Ours, "members_file.joined": Ours, "applications_file.asked": Ours,
			"applications_file.decided": Ours, "application.reason": Ours,
		} {
			own[Plain(lang.T(in, key))] = use
			if use != Ours {
				all[Plain(lang.T(in, key))] = use
			}
		}
	}
	// Those of the export of a whole installation.
	for title, use := range map[string]Use{
		"email": Email, "name": Name, "role": Role, "language": Language, "squad": Squad, "captain": Ours, "joinedat": Ours, "pausedat": Ours,
		"suspendedat": Unsubscribed, "createdat": Ours,
	} {
		own[title] = use
	}
	return all, own
}()

// Plain is the title of a column without case, accents, numbers, signs, and what stands in brackets.
func Plain(title string) string {
	title, _, _ = strings.Cut(strings.ReplaceAll(title, "(e)", ""), "(")
	return strings.Map(func(r rune) rune {
		if r = text.ToLower(r); r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, norm.NFD.String(title))
}

// mailbox is an address among other words.
var mailbox = regexp.MustCompile(`[^\s@<>,;]@[^\s@<>,;]+\.[^\s@<>,;]`)

// Mailbox says whether there is an e-mail address in a text.
func Mailbox(text string) bool { return mailbox.MatchString(text) }

// no are words, as Plain makes them, by which a program says that somebody wants no mails, or is not wanted.
var no = []string{
	"no", "non", "false", "faux", "never", "neversubscribed", "jamais", "unsubscribed", "unsubscribe", "desabonne", "desinscrit", "nonabonne", "notsubscribed", "cleaned", "nettoye",
	"bounced", "hardbounced", "suppressed", "optedout", "optout", "banned", "banni", "bannie", "blocked", "bloque", "bloquee", "blacklisted", "suspended", "suspendu", "suspendue", "rejected",
	"rejete", "rejetee", "refused", "refuse", "refusee", "declined", "decline", "declinee", "denied", "notthistime", "nonretenue", "nonretenu", "removed", "retire", "retiree",
	"supprime", "supprimee", "withdrawn", "deleted", "archived", "archive", "archivee", "deactivated", "desactive", "desactivee", "closed", "terminated", "left", "parti", "partie", "offboarded",
}

// Refuses says whether what stands in a column says that somebody is not to be written to.
func Refuses(use Use, value string) bool {
	switch use {
	case Status:
		return slices.Contains(no, Plain(value))
	case Consent:
		return value == "0" || slices.Contains(no, Plain(value))
	case Unsubscribed:
		return value != "" && value != "0" && Plain(value) != "no" && Plain(value) != "non" && Plain(value) != "false"
	case Role:
		return value == "owner" || value == "manager"
	}
	return false
}

// year is a year in which people who read this may have been born.
var year = regexp.MustCompile(`\b(19|20)[0-9]{2}\b`)

// Year is the year in a date of birth, which is all that is to be kept of it; empty where there is none.
func Year(date string) string { return year.FindString(date) }
