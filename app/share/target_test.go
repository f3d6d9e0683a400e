package share

import "testing"

// Between an open's commit and its being remembered a rehearsal may be wiped:
// what belongs to an edition that is over is not taken into the next.
func TestAnOpenOfAnEditionThatIsOverIsNotRemembered(t *testing.T) {
	var f Finder
	f.turn(5)
	f.remember(Target{LinkID: 1, edition: 5}, 10)
	if at, ok := f.placed(5, 10); !ok || at != (place{link: 1, branch: 10}) {
		t.Errorf("an open that was just written is at %+v (remembered: %v)", at, ok)
	}
	f.turn(6)
	f.remember(Target{LinkID: 1, edition: 5}, 11)
	if at, ok := f.placed(6, 11); ok {
		t.Errorf("an open of the edition before is remembered at %+v", at)
	}
}
