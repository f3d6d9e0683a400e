package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// titled is a page with a title of its own.
func titled(p ui.Page, title string) ui.Page {
	p.Title = title
	return p
}

// withScript is a page that a script makes nicer.
func withScript(p ui.Page, name string) ui.Page {
	p.Scripts = append(p.Scripts, name)
	return p
}

// formTitle is the title of a form that makes something, or changes it.
func formTitle(ctx context.Context, noun, id string) string {
	switch {
	case noun == "campaign" && id == "":
		return lang.T(ctx, "campaign.new")
	case noun == "campaign":
		return lang.T(ctx, "campaign.edit")
	case id == "":
		return lang.T(ctx, "drop.new")
	}
	return lang.T(ctx, "drop.edit")
}

// formPath is where a form is sent that makes something, or changes it.
func formPath(list, id string) string {
	if id == "" {
		return list
	}
	return list + "/" + id
}

func mostHint(ctx context.Context, settled bool) string {
	if settled {
		return lang.T(ctx, "campaign.most_settled")
	}
	return lang.T(ctx, "campaign.most_hint")
}

// channelIcon is the picture beside the name of a way to share.
func channelIcon(channel string) string {
	switch channel {
	case "whatsapp":
		return "message-circle"
	case "messenger":
		return "message-square"
	case "telegram":
		return "send"
	case "sms":
		return "message-square-text"
	case "email":
		return "mail"
	case "instagram":
		return "camera"
	case "snapchat":
		return "ghost"
	case "signal", "threema":
		return "lock"
	case "wechat", "qr":
		return "qr-code"
	case "slack", "threads":
		return "hash"
	case "teams":
		return "users-round"
	case "discord":
		return "gamepad-2"
	case "linkedin":
		return "briefcase"
	case "line", "kakaotalk", "zalo":
		return "message-circle-heart"
	case "viber":
		return "phone"
	case "tiktok":
		return "play"
	case "copy":
		return "copy"
	}
	return "share-2"
}
