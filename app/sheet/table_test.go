package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ricochet.example/app/sheet"
)

// used are the uses of the columns of a table that have one, as one text.
func used(t sheet.Table) string {
	var all []string
	for _, c := range t.Columns {
		if c.Use != "" {
			all = append(all, fmt.Sprintf("%s=%s", c.Title, c.Use))
		}
	}
	return strings.Join(all, " ")
}

// The heads are those of the exports and templates of these programs.
func TestTheFilesOfOtherProgramsAreKnownWithTheirColumns(t *testing.T) {
	for _, c := range []struct{ tool, file, head, row, want string }{
		{
			"Mailchimp", "", "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
			"ana@example.com,Ana,Silva,1 quay,+33612345678,04/12,2,,,,,,,,,,,,,1,x,,", "Email Address=email First Name=first Last Name=last Phone Number=phone Birthday=born",
		},
		{
			"Shopify", "", "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address City,Default Address Country Code,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags",
			"'123,Ana,Silva,ana@example.com,yes,,1 quay,Lyon,FR,,'+33612345678,no,12.00,1,,no,vip", "First Name=first Last Name=last Email=email Accepts Email Marketing=consent Default Address City=city Phone=phone",
		},
		{
			"Klaviyo", "", "Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,Address,Address 2,City,State / Region,Country,Zip Code,Latitude,Longitude,Source,IP Address,Email Marketing Consent,Email Marketing Consent Timestamp,Historic Customer Lifetime Value",
			"ana@example.com,01H,Ana,Silva,,,+33612345678,,,Lyon,,FR,,,,,,SUBSCRIBED,,", "Email=email First Name=first Last Name=last Phone Number=phone City=city Email Marketing Consent=consent Email Marketing Consent Timestamp=spare",
		},
		{
			"Google Contacts", "", "Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Notes,Language,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - City",
			"Ana Silva,Ana,,Silva,,1999-05-01,,fr,* Home,ana@example.com,,Mobile,+33612345678,Lyon", "Name=name Given Name=first Family Name=last Birthday=born Language=lang E-mail 1 - Type=spare E-mail 1 - Value=email E-mail 2 - Value=email Phone 1 - Value=phone Address 1 - City=city",
		},
		{
			"Google Contacts", "", "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value",
			"Ana,,Silva,,,,,,,,,*,ana@example.com,Mobile,+33612345678", "First Name=first Last Name=last Birthday=born E-mail 1 - Label=spare E-mail 1 - Value=email Phone 1 - Value=phone",
		},
		{
			"Outlook", "", "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Home Street,Home City,Business Phone,Home Phone,Mobile Phone,Birthday,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Language",
			",Ana,,Silva,,,,,,,,Lyon,,,+33612345678,0/0/00,ana@example.com,SMTP,,,French", "First Name=first Last Name=last Business City=city Home City=city Mobile Phone=phone Birthday=born E-mail Address=email E-mail Type=spare E-mail Display Name=spare E-mail 2 Address=email Language=lang",
		},
		{
			"Outlook", "", "Titre;Prénom;Deuxième prénom;Nom;Suffixe;Société;Service;Rue (bureau);Ville (bureau);Ville (domicile);Tél. mobile;Adresse de messagerie;Anniversaire;Langue",
			";Ana;;Silva;;;;;;Lyon;+33612345678;ana@example.com;0/0/00;Français", "Prénom=first Nom=last Ville (bureau)=city Ville (domicile)=city Tél. mobile=phone Adresse de messagerie=email Anniversaire=born Langue=lang",
		},
		{
			"Mention Me", "", "Customer Firstname,Customer Surname,Customer Email,Merchant Customer ID,Customer Recognised Date,Referred By Customer Email,Opted In To Marketing Email,Referred Date",
			"Ana,Silva,ana@example.com,7,,ben@example.com,1,", "Customer Firstname=first Customer Surname=last Customer Email=email Referred By Customer Email=spare Opted In To Marketing Email=consent",
		},
		{
			"Upfluence", "", "influencer_id,media_url,profile_name,first_name,last_name,phone_number,email,shipping_address.line1,shipping_address.city", "1,https://instagram.com/ana,anaruns,Ana,Silva,+33612345678,ana@example.com,,Lyon",
			"profile_name=name first_name=first last_name=last phone_number=phone email=email shipping_address.city=city",
		},
		{"Aspire", "", "email,uid,first_name,instagram,tiktok,youtube,pinterest,address1,city,state,postalcode,country", "ana@example.com,ana,Ana,anaruns,,,,1 quay,Lyon,,69001,FR", "email=email first_name=first instagram=instagram city=city"},
		{"Ambassador", "", "email,first_name,last_name,status,segment,uid,paypal_email,city", "ana@example.com,Ana,Silva,enrolled,12,,,Lyon", "email=email first_name=first last_name=last status=status paypal_email=spare city=city"},
		{"SocialLadder", "", "UserID,First Name,Last Name,Email,Phone,Promo Code,Tags", "1,Ana,Silva,ana@example.com,+33612345678,ANA10,vip", "First Name=first Last Name=last Email=email Phone=phone"},
		{"GRIN", "", "First Name,Last Name,Email,Instagram,Contact Type,Live Site URL,Tags", "Ana,Silva,ana@example.com,anaruns,Creator,https://example.com,vip", "First Name=first Last Name=last Email=email Instagram=instagram"},
		{"LoudCrowd", "", "Username,Email,Sign-up Date,Post Count,Followers,Engagement Rate,Impressions,Status", "anaruns,ana@example.com,,3,900,0.1,100,approved", "Email=email Status=status"},
		{"Roster", "", "Email,First Name,Last Name,Social Handle,Program,Contact Owner", "ana@example.com,Ana,Silva,anaruns,Runners,Max", "Email=email First Name=first Last Name=last Program=group"},
		{"Brandbassador", "brandbassador-export.csv", "Name,Email,Country,Followers,Level", "Ana Silva,ana@example.com,FR,900,2", "Name=name Email=email"},
		{"Brandbassador", "", "Name,Email,Country,Followers,Trust Score,Missions", "Ana Silva,ana@example.com,FR,900,80,3", "Name=name Email=email"},
		{"Duel", "Members - Duel.csv", "First Name,Last Name,Email,Group", "Ana,Silva,ana@example.com,Runners", "First Name=first Last Name=last Email=email Group=group"},
		{"", "", "Nom,Prénom,Courriel,Code (duels)", "Silva,Ana,ana@example.com,7", "Nom=last Prénom=first Courriel=email"},
		{"", "", "Kontakt,Telefon,E-Post", "Ana,1,ana@example.com\nBen,2,ben@example.com", "E-Post=email"},
		{"", "", "Nom,Adresse,@Instagram", "Ana,ana@example.com,@ana", "Nom=name Adresse=email @Instagram=instagram"},
		{string(sheet.Own), "", "E-mail,Nom,Squad,Langue des e-mails,Capitaine,Suspendu,Membre depuis", "ana@example.com,Ana,Lyon,fr,0,0,2025-03-03", "E-mail=email Nom=name Squad=squad Langue des e-mails=lang Capitaine=ours Suspendu=unsubscribed Membre depuis=ours"},
	} {
		table, err := sheet.Open([]byte(c.head+"\n"+c.row+"\n"), c.file, sheet.Choice{})
		if err != nil || string(table.Tool) != c.tool || used(table) != c.want {
			t.Errorf("%s\nis from %q: %s\nwant %q: %s (%v)", c.head, table.Tool, used(table), c.tool, c.want, err)
		}
	}
}

func TestAListIsReadWhateverItIsWrittenIn(t *testing.T) {
	const list = "Prénom;Courriel\r\nZoé;zoe@example.com\r\n"
	wide := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		s, err := unicode.UTF16(order, mark).NewEncoder().String(list)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	windows, err := charmap.Windows1252.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8": list, "UTF-8 with a mark": "\ufeff" + list, "Windows-1252": windows, "tabs": strings.ReplaceAll(list, ";", "\t"), "commas": strings.ReplaceAll(list, ";", ","),
		"UTF-16": wide(unicode.LittleEndian, unicode.UseBOM), "UTF-16, big end first": wide(unicode.BigEndian, unicode.UseBOM), "old Macs": strings.ReplaceAll(list, "\r\n", "\r"),
		"UTF-16 without a mark": wide(unicode.LittleEndian, unicode.IgnoreBOM), "big end first without one": wide(unicode.BigEndian, unicode.IgnoreBOM),
		"a line for spreadsheets": "sep=;\r\n" + list, "in quotes": "\"Prénom\";\"Courriel\"\n\"Zoé\";\"zoe@example.com\"",
	} {
		table, err := sheet.Open([]byte(text), "", sheet.Choice{})
		got := ""
		_ = table.Each(func(_ int, row []string) error {
			got += table.Of(sheet.First, row) + " " + table.Of(sheet.Email, row)
			return nil
		})
		if err != nil || got != "Zoé zoe@example.com" {
			t.Errorf("%s: %q (%v)", name, got, err)
		}
	}
	for name, file := range map[string]string{"a workbook": "PK\x03\x04\x14\x00", "zeros": "ana@example.com\x00"} {
		if _, err := sheet.Open([]byte(file), "", sheet.Choice{}); !errors.Is(err, sheet.ErrNoText) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPersonChoosesTheColumnsThatCount(t *testing.T) {
	const list = "Name,E-mail,E-mail 2,Group\nAna,ana@work.example,ana@home.example,Runners\n"
	for want, choice := range map[string]sheet.Choice{
		"Name=name E-mail=email E-mail 2=email Group=group":  {},
		"Name=name E-mail=spare E-mail 2=email Group=group":  {Email: 3},
		"Name=name E-mail=email E-mail 2=email":              {Squad: sheet.NoSquads},
		"Name=name E-mail=email E-mail 2=email Group=squad":  {Squad: 4},
		"Name=email E-mail=spare E-mail 2=spare Group=group": {Email: 1},
	} {
		if table, err := sheet.Open([]byte(list), "", choice); err != nil || used(table) != want {
			t.Errorf("%+v: %s, want %s (%v)", choice, used(table), want, err)
		}
	}
}

func TestAQuotationMarkThatNothingEndsSwallowsNobody(t *testing.T) {
	list := "Name,E-mail\n\"Ana,ana@example.com\nBen,ben@example.com\n\"Cleo\",cleo@example.com\n"
	table, err := sheet.Open([]byte(list), "", sheet.Choice{})
	got := ""
	_ = table.Each(func(number int, row []string) error {
		got += fmt.Sprint(number, " ", table.Of(sheet.Name, row), " ", table.Of(sheet.Email, row), "\n")
		return nil
	})
	if err != nil || !strings.Contains(got, "3 Ben ben@example.com\n4 Cleo cleo@example.com\n") || !strings.HasPrefix(got, "2 ") {
		t.Errorf("%s (%v)", got, err)
	}
}

func TestWhoIsNotToBeWrittenToIsKnown(t *testing.T) {
	for _, c := range []struct {
		use  sheet.Use
		text string
		want bool
	}{
		{sheet.Status, "Unsubscribed", true},
		{sheet.Status, "Désabonné", true},
		{sheet.Status, "Banned", true},
		{sheet.Status, "active", false},
		{sheet.Status, "", false},
		{sheet.Status, "prospect", false},
		{sheet.Status, "disabled", false},
		{sheet.Consent, "no", true},
		{sheet.Consent, "NEVER_SUBSCRIBED", true},
		{sheet.Consent, "0", true},
		{sheet.Consent, "yes", false},
		{sheet.Consent, "", false},
		{sheet.Unsubscribed, "2025-03-03 10:00", true},
		{sheet.Unsubscribed, "", false},
		{sheet.Unsubscribed, "0", false},
		{sheet.Role, "owner", true},
		{sheet.Role, "ambassador", false},
		{sheet.City, "No", false},
	} {
		if got := sheet.Refuses(c.use, c.text); got != c.want {
			t.Errorf("%s %q: %v", c.use, c.text, got)
		}
	}
	for date, want := range map[string]string{"1999-05-01": "1999", "01/05/1999": "1999", "2003": "2003", "04/12": "", "0/0/00": ""} {
		if got := sheet.Year(date); got != want {
			t.Errorf("of %q the year is %q", date, got)
		}
	}
}
