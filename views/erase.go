package views

import (
	"context"

	"ricochet.example/app/lang"
)

// say is a message that is another one for whoever it is about.
func (v ErasePage) say(ctx context.Context, key string) string {
	if v.Self {
		key += "_self"
	}
	return lang.T(ctx, key, "name", v.Name)
}

func (v ErasePage) title(ctx context.Context) string { return v.say(ctx, "erase.title") }
