package web_test

import (
	"strings"
	"testing"
	"time"
)

// The overview says what waits for staff and what comes next, and no more once it is done or has come.
func TestTheOverviewSaysWhatWaitsAndWhatComesNext(t *testing.T) {
	l := launched(t)
	p := l.manager.get("/").says("What comes next", "The Halo trail shoe", "opens to Lyon", "Lyon can share it", "public for everyone")
	if first, last := strings.Index(p.body, "opens to Lyon"), strings.Index(p.body, "public for everyone"); first > last {
		t.Error("the order is not that in which it happens")
	}
	p.lacks("Waiting for you")
	l.clock.Set(l.opens)
	l.manager.get("/").lacks("opens to Lyon").says("Lyon can share it")
	l.amina.get("/drops/"+l.drop+"/voice").form("/drops/"+l.drop+"/voice").send("words", "Does it come in red?")
	l.manager.get("/").says("Waiting for you", "1 message not read yet")
	l.clock.Set(l.pub.Add(time.Minute))
	l.manager.get("/").lacks("What comes next")
}

func TestTheOverviewSaysWhoWantsIn(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	h.applied(join, "ana")
	h.applied(join, "ben")
	if p := h.owner.get("/").says("2 people want into Lyon"); !strings.Contains(p.body, `href="`+lyon+`/applications"`) {
		t.Error("it does not lead there")
	}
}
