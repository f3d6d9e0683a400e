-- A short video of a drop, as it was uploaded, without what else was in its
-- file: that is overwritten with zeros.
CREATE TABLE videos (
    id       TEXT    NOT NULL PRIMARY KEY,  -- of what it shows and where it was uploaded
    drop_id  TEXT    REFERENCES drops (id) ON DELETE CASCADE, -- null: the drop is not saved yet
    form     TEXT    NOT NULL,              -- in which it was uploaded, while the drop is not saved
    alt      TEXT    NOT NULL,              -- what can be seen
    type     TEXT    NOT NULL,              -- video/mp4 or video/webm
    width    INTEGER NOT NULL,              -- in pixels, as it is shown
    height   INTEGER NOT NULL,
    length   INTEGER NOT NULL,              -- in milliseconds
    bytes    INTEGER NOT NULL,
    whole    INTEGER NOT NULL,              -- 1: all of its parts are there
    poster   TEXT    REFERENCES images (id) ON DELETE SET NULL, -- what stands there until it is played
    added_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX videos_by_drop ON videos (drop_id, added_at);

-- The bytes of a video, in parts of one size but for the last: none is ever in
-- memory as a whole.
CREATE TABLE video_parts (
    video_id TEXT    NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,              -- 0 is the first
    content  BLOB    NOT NULL,
    PRIMARY KEY (video_id, number)
) STRICT;
