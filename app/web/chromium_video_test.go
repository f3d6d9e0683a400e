package web_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/video/videotest"
)

// Max drops a video on the text: it is uploaded, a picture is taken out of it to stand in its place, and the text shows
// it. He links another that is elsewhere. A reader's page asks for nothing of a video before it is played, and then
// plays it, of both kinds.
func TestAVideoIsAddedInTheEditorAndPlayedOnTheReadersPage(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	edit := "/drops/" + l.drop + "/edit"
	max, _ := l.writer(chrome, "max@novaska.example")
	max.open(edit)
	for n, film := range []struct {
		file []byte
		name string
	}{{videotest.MP4{}.File(), "a.mp4"}, {videotest.Voiced(), "b.webm"}} {
		kind := "video/" + strings.TrimPrefix(film.name[1:], ".")
		max.reads(`(() => {
			const bytes = Uint8Array.from(atob("` + base64.StdEncoding.EncodeToString(film.file) + `"), (c) => c.charCodeAt(0));
			const carried = new DataTransfer();
			carried.items.add(new File([bytes], "` + film.name + `", { type: "` + kind + `" }));
			document.forms["drop-form"].dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
		})()`)
		max.until(`document.activeElement.name === "video_alt"`, wait)
		max.reads(`(() => { document.activeElement.value = "The sole bends"; document.querySelector("[data-upload][data-most]").click(); })()`)
		max.until(theText+`.split("![The sole bends](video:").length === `+[]string{"2", "3"}[n], wait)
		max.until(`document.querySelectorAll("[data-films] video[poster]").length === `+[]string{"1", "2"}[n]+` && !document.querySelector("[data-upload][data-most]").disabled`, wait)
	}
	// Another picture is shown at once, here and on the page beside the text.
	max.reads(`(() => {
		window.before = document.querySelector("[data-films] video").poster;
		const choice = document.querySelector("[data-films] select[name^=poster_]");
		choice.focus();
		choice.value = [...choice.options].find((o) => o.value && !before.includes(o.value)).value;
		window.chosen = choice.value;
		choice.dispatchEvent(new Event("change", { bubbles: true }));
	})()`)
	max.until(`document.querySelector("[data-films] video").poster.includes(chosen) && document.querySelector("iframe[data-page=member]").contentDocument.querySelector("video").poster.includes(chosen) &&
		document.activeElement.name.startsWith("poster_")`, wait)
	// Subtitles are sent from where the form stands; what is wrong with them is said there.
	for _, c := range []struct{ words, until string }{
		{"hello", `document.querySelector("[data-films] .problem")?.textContent.includes("Line 1")`},
		{"WEBVTT\\n\\n00:00.000 --> 00:00.500\\nIt bends", `document.querySelectorAll("[data-subtitles-of]").length === 1 && !document.querySelector("[data-films] .problem")?.textContent`},
	} {
		max.reads(`(() => {
			const carried = new DataTransfer();
			carried.items.add(new File(["` + c.words + `"], "words.vtt", { type: "text/vtt" }));
			const place = document.querySelector("[data-films] details");
			place.open = true;
			place.querySelector("input[type=file]").files = carried.files;
			place.querySelector("[data-subtitles]").click();
		})()`)
		max.until(c.until, wait)
	}
	max.heard() // the browser says that it was refused
	max.reads(`(() => { const f = document.forms["drop-form"].elements; f.video_url.value = "https://youtu.be/abc"; f.video_alt.value = "The making"; document.querySelector("[data-upload][data-most]").click(); })()`)
	max.until(theText+`.includes("![The making](video:https://youtu.be/abc)") && !document.querySelector("[data-upload][data-most]").disabled`, wait)
	max.reads(`(() => {
		const carried = new DataTransfer();
		carried.items.add(new File([new Uint8Array(41 * 1024 * 1024)], "large.mp4", { type: "video/mp4" }));
		document.forms["drop-form"].elements.video.files = carried.files;
		document.querySelector("[data-upload][data-most]").click();
	})()`)
	max.until(`document.querySelector("#video-problem")?.textContent.includes("larger than 40 MB")`, wait)
	if complaints, strange := max.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser complains of %q and asked for %q", complaints, strange)
	}
	max.leaves(`document.forms["drop-form"].querySelector(".actions button[type=submit]").click()`)
	max.until(`location.pathname === "/drops/`+l.drop+`"`, wait)

	rosa := chrome.person(l.base, desktop, "en-GB")
	rosa.open(path)
	if got := rosa.reads(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/v/")).length`); got != "0" {
		t.Errorf("%s parts of videos are asked for before anybody plays one", got)
	}
	rosa.reads(`(() => {
		window.films = [...document.querySelectorAll("video")];
		window.sizes = films.map((f) => f.clientWidth + "x" + f.clientHeight).join();
		for (const f of films) {
			f.muted = true;
			f.play();
		}
	})()`)
	rosa.until(`films.length === 2 && films.every((f) => f.currentTime > 0 && f.videoWidth === 64 && f.videoHeight === 48)`, wait)
	rosa.reads(`films.forEach((f) => [...f.textTracks].forEach((t) => (t.mode = "showing")))`)
	rosa.until(`films.some((f) => f.textTracks[0]?.cues?.[0]?.text === "It bends" && f.textTracks[0].language === "en")`, wait)
	if before, after := rosa.reads("sizes"), rosa.reads(`films.map((f) => f.clientWidth + "x" + f.clientHeight).join()`); before != after || before != "64x48,64x48" {
		t.Errorf("they are %s, and played %s", before, after)
	}
	if complaints, strange := rosa.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the reader's browser complains of %q and asked for %q", complaints, strange)
	}
	if films := all(l.reader().get(path).doc, func(n *html.Node) bool { return attr(n, "class") == "watch" }); len(films) != 1 {
		t.Errorf("there are %d links to videos elsewhere", len(films))
	}
}
