-- The words under a video, in one language: WebVTT that was written by us.
CREATE TABLE subtitles (
    video_id TEXT    NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    language TEXT    NOT NULL,              -- as BCP 47 calls it
    content  TEXT    NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (video_id, language)
) STRICT;
