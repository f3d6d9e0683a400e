package picture

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"html"
	"strconv"
)

// inter is the font of pictures: Inter in one weight, with the letters that
// pages have too; static/licences/inter.OFL.txt.
//
//go:embed inter.ttf
var inter []byte

// SVG is the drawing as a file of its own: colours and letters are in it, and
// it asks for nothing.
func (d Drawing) SVG() []byte {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="` +
		Short(d.Left) + " " + Short(d.Top) + " " + Short(d.Width) + " " + Short(d.Height) +
		`" width="` + Short(d.Width) + `" height="` + Short(d.Height) + `" role="img" xml:lang="` + html.EscapeString(d.Language) + `">`)
	b.WriteString("<title>" + html.EscapeString(d.Title) + "</title>")
	if d.About != "" {
		b.WriteString("<desc>" + html.EscapeString(d.About) + "</desc>")
	}
	b.WriteString(`<style>@font-face{font-family:"Inter";font-weight:400 700;src:url(data:font/ttf;base64,` +
		base64.StdEncoding.EncodeToString(inter) + `) format("truetype")}</style>`)
	b.WriteString(`<rect x="` + Short(d.Left) + `" y="` + Short(d.Top) + `" width="` + Short(d.Width) + `" height="` + Short(d.Height) + `" fill="` + paper + `"/>`)
	for _, s := range d.Shapes {
		s.svg(&b)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (s Shape) svg(b *bytes.Buffer) {
	look := Looks[s.Look]
	name := "path"
	switch s.Kind {
	case Disc, Ring:
		name = "circle"
	case Words:
		name = "text"
	}
	b.WriteString("<" + name)
	put := func(name, value string) { b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`) }
	switch s.Kind {
	case Disc, Ring:
		put("cx", Short(s.X))
		put("cy", Short(s.Y))
		put("r", Short(s.R))
	case Words:
		put("x", Short(s.X))
		put("y", Short(s.Y+look.Size*.35)) // not every program knows dominant-baseline
		put("text-anchor", s.anchor())
		put("font-family", "Inter, Arial, sans-serif")
		put("font-size", Short(look.Size))
		put("font-weight", "560")
	default:
		put("d", s.Path())
	}
	if look.Fill == "" {
		put("fill", "none")
	} else {
		put("fill", look.Fill)
	}
	if look.Stroke != "" {
		put("stroke", look.Stroke)
		put("stroke-width", strconv.FormatFloat(look.Width, 'f', -1, 64))
		if look.Dash > 0 {
			put("stroke-dasharray", Short(look.Dash))
		}
	}
	switch {
	case s.Kind == Words:
		b.WriteString(">" + html.EscapeString(s.Text) + "</text>")
	case s.Title != "":
		b.WriteString("><title>" + html.EscapeString(s.Title) + "</title></" + name + ">")
	default:
		b.WriteString("/>")
	}
}

func (s Shape) anchor() string {
	if s.Anchor == "" {
		return "middle"
	}
	return s.Anchor
}
