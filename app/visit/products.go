package visit

import "strings"

// browsers are the product names that browsers write behind the platform, lower case. A name
// outside the list does not make a plain browser: monitors and test tools send a real Chrome's
// string with their own name behind it.
var browsers = set(`
	mozilla applewebkit webkit khtml gecko goanna servo presto trident blink netfront like safari
	version mobile tablet chrome chromium crios crmo firefox fxios focus klar rocket fennec minefield
	namoroka shiretoko granparadiso bonecho phoenix firebird iceweasel icecat iceape icedragon
	waterfox palemoon basilisk librewolf floorp zen mypal k-meleon k-ninja seamonkey camino flock
	navigator netscape netscape6 netscape7 cyberfox lightfirefox pogo swiftfox tor torbrowser conkeror
	edg edge edga edgios edgw msie iemobile opera opr opios opt opx oprgx opera-mini opera-mobi mini
	mobi samsungbrowser samsung silk silk-accelerated cloud9 brave ddg duckduckgo vivaldi whale naver
	yabrowser yowser yaapp_android yaapp_ios yaapp_android_searchplugin yasearchbrowser yasearchapp
	yandexsearch yaani yandex yaso miuibrowser xiaomi huaweibrowser huawei hbpc honorbrowser
	heytapbrowser oppobrowser realmebrowser vivobrowser mzbrowser ucbrowser ucweb ubrowser u2 u3
	ucpro ucturbo quark qqbrowser mqqbrowser mqqbrowserlite qbwebviewtype tbs core x5 qq micromessenger
	baidubrowser baiduboxapp bidubrowser baidu flyflow sogoumobilebrowser sogousearch sogouse metasr
	360se 360ee qhbrowser qihu qihoobrowser 360browser mso_app liebaofast lbbrowser 2345explorer
	2345browser 2345chrome theworld maxthon mxbrowser mxios mxnitro tencenttraveler
	puffin dolphin dolphinhdcn aloha alohabrowser kiwi cake phx phoenixbrowser hibrowser hisearch
	snowhaze orion kagi ecosia qwant startpage bravemobile ghostery ghosteryios cliqz adblockbrowser
	abp eyeo avast avastsecurebrowser avg avira ccleaner norton opendoor epic dooble sidekick wavebox
	arc dia comet atlas horse oculusbrowser picobrowser wolvic vr quest
	konqueror falkon qupzilla midori otter epiphany gnome web rekonq arora dillo netsurf links lynx
	elinks w3m uzbl surf luakit qutebrowser qtwebengine qtwebkit qt viper vimb
	omniweb icab sunrise shiira demeter stainless roccat raven sleipnir lunascape ilunascape
	shiretoko grani fenrir webpositive hotjava amaya ibrowse aweb voyager origyn netbox
	iron ironbrowser slimjet slimbrowser slimboat torch coolnovo rockmelt comodo_dragon dragon
	comododragon coc_coc_browser coccoc cococ orbitum amigo sputnik sputnikbrowser nichrome
	superbird chromeplus flow ladybird whitehat crazybrowser avant greenbrowser acoo polarity beamrise
	beonex citrio chedot centbrowser kinza kinzabrowser rambler mailru mail.ru uran atom seznam
	seznambrowser browserseznam sznprohlizec
	atomicbrowser mercury perfectbrowser icabmobile photon skyfire boatbrowser boat one tenta keeper
	xbrowser via viabrowser lightning mint mintbrowser smooz jiosphere jiopages jiobrowser
	stargon surfy hola pi pale monument ume browser mobilesafari nokiabrowser browserng series60
	series40 s40ovibrowser ovibrowser symbianos s60 s60browser up.browser up.link obigo teleca polaris
	jasmine openwave dorothy iris maui myriad netfrontlifebrowser bolt teashark ninesky tizen tizenbrowser
	sailfishbrowser sailfish ubuntu debian fedora gentoo mageia suse redhat centos mandriva pclinuxos
	kubuntu linuxmint linux mint archlinux raspbian freebsd openbsd netbsd dragonfly slackware
	lucid edgy feisty gutsy dapper maverick natty oneiric hardy intrepid jaunty karmic sid etch lenny squeeze
	playstation nintendobrowser nintendo nf nx wiiu vita xbox smarttv smart-tv hbbtv web0s webos
	webosbrowser wosbrowser hpwos webappmanager tv lg lge lgbrowser simplesmart viera toshiba
	philips panasonic sonycebrowser sony roku bravia vidaa vewd opera-tv espial netcast maple maple2012
	qtcarbrowser tesla automotive arkweb openharmony harmonyos hmscore arkts huaweibrowsernext
	kaios kai blackberry bb10 playbook webview flash gtb7.4 profile configuration vendorid
	googletv yahoo yjapp-ios yjapp-android yjtop jp.co.yahoo.ymail docomo softbank kddi
	google googlemobile bing bingsapphire bingweb sapphire edge-mobile copilot startapp
	electron nw.js cef qtwebenginecore obs steam valve gameoverlay fban fbav
	alohalite hawk ironfox fulguris bromite cromite vanadium mulch kitsuneping privacy privacybrowser
	jelly duckling lite go browserlite internet internetbrowser nokia motorola lenovo zte
	instabridge instabridgebrowser peeplo berry ultra turbo express private incognito
	config unique viewer agency gls herring trailer atcontent reading
	bmid gzip coast baiduhd yolobrowser acheetahi chromeframe firephp thunderbird postbox
	gfe alexatoolbar speedmode silk-accelerated=true silk-accelerated=false asw 2.x mrchrome soc aol
	aolbuild svn gtb5 gtb6 gtb7.0 gtb7.1 cyanogenmod webclip safer secure swing t5 t7 crosswalk iridium
	u4 uws mttcustomua wktype windvane avirascout spark corom galeon elementary kazehakase beta kindle
	iphone mac os x eui cometbird tenfourfox dolfin brackets msapphost airwatch mobileiron edition mra
	aliapp tunionsdk tb ap
	sznprohlizec-mobile pythia mypal68 pale-moon k9 ohosbrowser wkwebview twa pwa
`)

func set(words string) map[string]struct{} {
	m := map[string]struct{}{}
	for w := range strings.FieldsSeq(words) {
		m[w] = struct{}{}
	}
	return m
}

// foreign returns the product that no browser has, or the comment that names one, behind the
// platform or in it; empty for a plain browser. Android's platform is not read: models may look
// like anything.
func (p parts) foreign() string {
	electron := has(p.rest, "Electron/")
	for rest := p.rest; ; {
		rest = strings.TrimLeft(rest, " ;,\t")
		if rest == "" {
			return p.foreignPlatform()
		}
		if rest[0] == '(' {
			end := closing(rest, 0)
			if comment := rest[1:end]; !plainComment(comment) {
				return comment
			}
			rest = rest[min(end+1, len(rest)):]
			continue
		}
		end := strings.IndexAny(rest, " ;,(")
		if end < 0 {
			end = len(rest)
		}
		product := rest[:end]
		rest = rest[end:]
		if strings.HasPrefix(product, "Chrome/") {
			electron = false
		}
		// Electron writes the name of the app before Chrome's; whoever adds behind it is a program.
		if !knownProduct(product) && !electron {
			return product
		}
	}
}

// knownProduct says whether a product ("Name/1.2") is one of a browser's, or no name at all:
// numbers and languages go about loose in older strings.
func knownProduct(product string) bool {
	name, _, _ := strings.Cut(product, "/")
	name = strings.ToLower(strings.Trim(name, "[]\"'"))
	if _, ok := browsers[name]; ok || strings.HasSuffix(name, "browser") {
		return true
	}
	letters := 0
	for i := range len(name) {
		if isLetter(name[i]) || name[i] >= 0x80 {
			letters++
		}
	}
	if letters == 0 || strings.HasPrefix(name, "rv:") || strings.HasPrefix(name, "_id") {
		return true
	}
	// en, en-us, pt_br
	return letters == len(name) && len(name) == 2 ||
		len(name) == 5 && letters == 4 && (name[2] == '-' || name[2] == '_')
}

// plainComment says whether a comment behind the platform is one of an engine's or a browser's:
// "KHTML, like Gecko", "like Safari/604.1", Opera's editions, .NET versions, a browser's name.
func plainComment(c string) bool {
	c = strings.TrimSpace(c)
	if strings.HasPrefix(c, "KHTML") {
		return !has(c, ";") && (strings.Count(c, ",") <= 1 || has(c, ", Safari/"))
	}
	word := c
	if i := strings.IndexAny(c, " ,;/-"); i >= 0 {
		word = c[:i]
	}
	switch word {
	case "like", "Edition", ".NET", "Windows", "X11", "Change:", "build", "none":
		return !has(c, "compatible")
	}
	return knownProduct(word)
}

// foreignPlatform returns the segment of a platform that no desktop, iPhone or iPad has:
// "X11; Linux x86_64; Somebot/1.0". Internet Explorer's carried whatever was installed, and other
// systems are too many to know.
func (p parts) foreignPlatform() string {
	known := p.apple() || has(p.platform, "Windows NT") || has(p.platform, "Macintosh") ||
		has(p.platform, "X11")
	if !known || has(p.platform, "MSIE") || has(p.platform, "Trident/") || has(p.platform, "Android") {
		return ""
	}
	for segment := range strings.SplitSeq(p.platform, ";") {
		segment = strings.TrimSpace(segment)
		word := segment
		if i := strings.IndexAny(segment, " /:"); i >= 0 {
			word = segment[:i]
		}
		if !knownSystem(word) && !knownProduct(word) {
			return segment
		}
	}
	return ""
}

// knownSystem says whether a segment of a platform begins as those of desktops, iPhones and iPads
// do.
func knownSystem(word string) bool {
	_, ok := systems[strings.ToLower(word)]
	return ok || len(word) == 1 || strings.HasPrefix(word, "Win") || strings.HasPrefix(word, "iP")
}

// systems are the first words of a platform's segments, lower case.
var systems = set(`
	macintosh intel ppc mac cpu x11 linux cros wayland windows win64 wow64 x64 x86 x86_64 amd64 arm
	arm64 aarch64 i386 i486 i586 i686 ia64 ppc64 ppc64le s390x sparc64 sun4u sunos irix hp-ux aix osf1
	unix bsd freebsd openbsd netbsd dragonfly haiku beos os/2 rv touch tablet xbox ubuntu debian
	fedora opensuse suse arch gentoo mageia mint pop zorin elementary cygwin mobile desktop fc wv
	nexus lumia surface compatible khtml like nuforce smarttv smart-tv webview .net slcc1 slcc2 media
	infopath.1 infopath.2 infopath.3 .net4.0c .net4.0e gtb7.4 oem crkey fortune jolicloud zune armv6l armv7l
	armv8l utc fairphone remix armhf riscv64 loongarch64 mips64
`)

// disguised says whether the string contradicts itself: Chrome under its desktop name on iOS,
// where it is called CriOS, or a version that is no number ("Chrome/W.X.Y.Z").
func (p parts) disguised() bool {
	if i := strings.Index(p.rest, "Chrome/"); i >= 0 {
		rest := p.rest[i+len("Chrome/"):]
		if rest == "" || !isDigit(rest[0]) {
			return true
		}
		return p.apple() && !has(p.rest, "CriOS/") && !has(p.rest, "Puffin/")
	}
	return false
}
