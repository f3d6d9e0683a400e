package subtitle

import "slices"

// Language is one in which subtitles can be: how the web calls it (BCP 47), and how it calls itself.
type Language struct{ Code, Name string }

// Languages are those to choose from, our own first, the others by their names.
var Languages = []Language{
	{"en", "English"},
	{"fr", "Français"},
	{"id", "Bahasa Indonesia"},
	{"ca", "Català"},
	{"cs", "Čeština"},
	{"da", "Dansk"},
	{"de", "Deutsch"},
	{"es", "Español"},
	{"eu", "Euskara"},
	{"hr", "Hrvatski"},
	{"it", "Italiano"},
	{"hu", "Magyar"},
	{"nl", "Nederlands"},
	{"nb", "Norsk bokmål"},
	{"pl", "Polski"},
	{"pt", "Português"},
	{"ro", "Română"},
	{"sk", "Slovenčina"},
	{"fi", "Suomi"},
	{"sv", "Svenska"},
	{"vi", "Tiếng Việt"},
	{"tr", "Türkçe"},
	{"el", "Ελληνικά"},
	{"bg", "Български"},
	{"uk", "Українська"},
	{"he", "עברית"},
	{"ar", "العربية"},
	{"fa", "فارسی"},
	{"hi", "हिन्दी"},
	{"th", "ไทย"},
	{"zh", "中文"},
	{"ja", "日本語"},
	{"ko", "한국어"},
}

// LanguageOf finds a language by its code.
func LanguageOf(code string) (l Language, ok bool) {
	at := slices.IndexFunc(Languages, func(l Language) bool { return l.Code == code })
	if at < 0 {
		return l, false
	}
	return Languages[at], true
}

// Sort puts codes into the order of Languages.
func Sort(codes []string) {
	slices.SortFunc(codes, func(a, b string) int { return place(a) - place(b) })
}

func place(code string) int {
	return slices.IndexFunc(Languages, func(l Language) bool { return l.Code == code })
}
