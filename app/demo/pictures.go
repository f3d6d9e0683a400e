package demo

import (
	"embed"
	"fmt"
	"sync"

	"ricochet.example/app/photo"
)

// The pictures are drawn for the demo: an SVG of each lies beside it.
//
//go:embed pictures/*.jpg
var pictureFiles embed.FS

// shown is a picture of a drop, and what can be seen in it.
type shown struct{ name, alt string }

// covers are those above the drops' texts.
var covers = [...]shown{
	traboule: {"traboule", "Un escalier de pierre monte vers une arche, derrière laquelle le jour se lève sur la ville."},
	night:    {"night", "A canal at night: lamps along the towpath, a bridge, and rings on the water where a stone has skipped."},
	soles:    {"soles", "Trois semelles sur un établi : une usée, lisse au milieu, et deux neuves, une bleue et une orange."},
	colour:   {"colour", "Un orage sur la Saône ; devant, trois petites cartes ocre, grise et verte, et une grande, bleue."},
}

// inside are those in the drops' texts, with the line that they stand before.
var inside = [...][]struct {
	shown
	before string
}{
	traboule: {{shown{"tread", "La semelle orange, vue de dessous, sur des pavés mouillés."}, "> «"}},
}

// pictures are all of them in their sizes, made once: that takes a while.
var pictures = sync.OnceValues(func() (map[string]photo.Photo, error) {
	files, err := pictureFiles.ReadDir("pictures")
	if err != nil {
		return nil, err
	}
	made := make([]photo.Photo, len(files))
	errs := make([]error, len(files))
	var all sync.WaitGroup
	for i, f := range files {
		all.Go(func() {
			body, err := pictureFiles.ReadFile("pictures/" + f.Name())
			if err == nil {
				made[i], err = photo.Read(body)
			}
			errs[i] = err
		})
	}
	all.Wait()
	found := map[string]photo.Photo{}
	for i, f := range files {
		if errs[i] != nil {
			return nil, fmt.Errorf("the picture %s: %w", f.Name(), errs[i])
		}
		found[f.Name()[:len(f.Name())-len(".jpg")]] = made[i]
	}
	return found, nil
})
