package demo

import (
	"fmt"
	"math/rand/v2"
)

// Browser is what a request tells of the browser that it came from.
type Browser struct {
	IP, UserAgent, AcceptLanguage string
}

// agents are browsers as they were about, the commoner ones more than once.
var agents = [...]string{
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
	"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}

// preview is the messenger that looks at a link before its message is sent.
const preview = "WhatsApp/2.25.18.80 A"

// tongues are what browsers ask for, by the squad that their people know somebody of.
var tongues = [...][3]string{
	lyon:   {"fr-FR,fr;q=0.9,en;q=0.6", "fr-FR,fr;q=0.9", "fr,en-GB;q=0.8,en;q=0.5"},
	berlin: {"de-DE,de;q=0.9,en;q=0.7", "en-GB,en;q=0.9,de;q=0.8", "de,en;q=0.8"},
	lisboa: {"pt-PT,pt;q=0.9,en;q=0.6", "pt-PT,pt;q=0.9", "en-US,en;q=0.9,pt;q=0.7"},
}

// The networks of the demo are in the range of addresses that are only for
// examples (RFC 3849), one /64 for each person, so that nobody real is in it.
// What was recorded, whoever plays a person, and who comes now never share one.
const (
	recordedNetworks = 0x1000
	playedNetworks   = 0x2000
	friendNetworks   = 0x3000
)

func network(part, number int) string {
	return fmt.Sprintf("2001:db8:%x:%x::7", part+number>>16, number&0xffff)
}

// browserOf is the browser of the nth person, who knows somebody of a squad.
func browserOf(rng *rand.Rand, part, number, squad int) Browser {
	return Browser{network(part, number), agents[rng.IntN(len(agents))], tongues[squad][rng.IntN(3)]}
}

// Friend is the browser of a friend of the visitor's, one of very many.
func Friend(number int) Browser {
	rng := rand.New(rand.NewPCG(uint64(number), 2)) //nolint:gosec // nobody has to guess it; a negative number is another one
	return browserOf(rng, friendNetworks, number&0xffffff, rng.IntN(len(squads)))
}

// Played is the browser of a person whom a visitor plays.
func Played(number int, language string) Browser {
	if language == "fr" {
		return Browser{network(playedNetworks, number), agents[0], tongues[lyon][0]}
	}
	return Browser{network(playedNetworks, number), agents[3], tongues[berlin][1]}
}
