package views

import (
	"context"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
)

// moment is a time in a list: the day without its year, and the hour.
func moment(ctx context.Context, at time.Time, zone *time.Location) string {
	return lang.Day(ctx, at, zone) + ", " + lang.Time(ctx, at, zone)
}

// through names a channel; of one that is not known there is nothing to say.
func through(ctx context.Context, c visit.Channel) string {
	if c == visit.Unknown {
		return ""
	}
	return lang.T(ctx, "channel."+c.String())
}

// named names a channel, known or not.
func named(ctx context.Context, c visit.Channel) string { return lang.T(ctx, "channel."+c.String()) }

// channelWords says how an open came: as which share, and seen in which app.
// Where both are known and differ, somebody forwarded it.
func channelWords(ctx context.Context, asShared, asSeen int64) string {
	channel, observed := visit.Channel(asShared), visit.Channel(asSeen) //nolint:gosec // they were written as such
	switch {
	case observed == visit.Unknown || observed == channel:
		return through(ctx, channel)
	case channel == visit.Unknown:
		return lang.T(ctx, "link.only_seen", "seen", named(ctx, observed))
	}
	return lang.T(ctx, "link.seen_in", "channel", named(ctx, channel), "seen", named(ctx, observed))
}

// verdict says why an open scores, or does not; of a rehearsal, why it would.
func verdict(ctx context.Context, s share.State, rehearsal bool) string {
	if rehearsal {
		return lang.T(ctx, "reason.would_"+s.String())
	}
	return lang.T(ctx, "reason."+s.String())
}

// hopOf is how far a counted open is from the member; one that is not counted
// is on nobody's way.
func hopOf(ctx context.Context, r spread.Reader) string {
	if !r.Counted {
		return "–"
	}
	return lang.Number(ctx, r.Hop)
}
