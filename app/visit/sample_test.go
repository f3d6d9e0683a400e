package visit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/visit"
)

// sample is a set of labelled requests that is kept outside the repository.
const sample = "../../../shared/requests/dev.jsonl"

// labelled is what the sample says of a request.
type labelled struct {
	Label, Channel string
	Tags           []string
	Headers        map[string]string
}

// The bars: no preview, prefetch or HEAD is a person; 99 of 100 people are kept; at most 6 of 100
// bots pass; 97 of 100 channels are right where the app or the referrer names them.
func TestTheSampleIsJudgedWithinItsBars(t *testing.T) {
	data, err := os.ReadFile(sample)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there are no labelled requests beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	if err := visit.Classify(bytes.NewReader(data), &out, &log); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	want, got := lines[labelled](t, data), lines[struct{ Verdict, Channel, Rule string }](t, out.Bytes())
	if len(want) != len(got) || len(want) == 0 {
		t.Fatalf("%d requests, %d answers", len(want), len(got))
	}
	confusion, total, human := map[string]int{}, map[string]int{}, map[string]int{}
	named, right := 0, 0
	var wrong []string
	for i, w := range want {
		g := got[i]
		total[w.Label]++
		confusion[w.Label+" → "+g.Verdict]++
		if g.Verdict == "human" {
			human[w.Label]++
		}
		if (g.Verdict == "human") != (w.Label == "human") {
			wrong = append(wrong, fmt.Sprintf("%s → %s by %s: %s", w.Label, g.Verdict, g.Rule, w.Headers["User-Agent"]))
		}
		if w.Label == "preview" && g.Channel != w.Channel {
			wrong = append(wrong, fmt.Sprintf("preview by %s → %s: %s", w.Channel, g.Channel, w.Headers["User-Agent"]))
		}
		if w.Label == "human" && (slices.Contains(w.Tags, "inapp") || slices.Contains(w.Tags, "referrer")) {
			named++
			if w.Channel == g.Channel {
				right++
			} else {
				wrong = append(wrong, fmt.Sprintf("through %s → %s: %s", w.Channel, g.Channel, w.Headers["User-Agent"]))
			}
		}
	}
	if human["preview"] > 0 || human["prefetch"] > 0 || human["scanner"] > 0 ||
		100*human["human"] < 99*total["human"] || 100*human["bot"] > 6*total["bot"] || 100*right < 97*named {
		t.Errorf("judged %v\nchannels %d of %d\n%s", confusion, right, named, strings.Join(wrong, "\n"))
	}
}

// lines reads JSON lines.
func lines[T any](t *testing.T, data []byte) (all []T) {
	t.Helper()
	for line := range bytes.Lines(data) {
		var one T
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}
