package views

import (
	"context"

	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
)

// passageShare is how much of all people came so.
func (v LinkPage) passageShare(p spread.Passage) float64 {
	return float64(p.People) / float64(max(v.Story.People, 1))
}

func passageWords(ctx context.Context, p spread.Passage) string {
	if words := channelWords(ctx, int64(p.Shared), int64(p.Seen)); words != "" {
		return words
	}
	return named(ctx, visit.Unknown)
}

// passagesShown is how many ways of coming are drawn as bars.
const passagesShown = 8

func mostPassages(all []spread.Passage) []spread.Passage { return all[:min(len(all), passagesShown)] }

// restPassages is how many people came in other ways.
func restPassages(all []spread.Passage) (people int) {
	for _, p := range all[min(len(all), passagesShown):] {
		people += p.People
	}
	return people
}
