-- A picture of a drop, as it was made of what somebody uploaded: the file, its
-- name and all else that was in it are gone.
CREATE TABLE images (
    id       TEXT    NOT NULL PRIMARY KEY,  -- of what it shows and where it was uploaded
    drop_id  TEXT    REFERENCES drops (id) ON DELETE CASCADE, -- null: the drop is not saved yet
    form     TEXT    NOT NULL,              -- in which it was uploaded, while the drop is not saved
    alt      TEXT    NOT NULL,              -- what can be seen
    width    INTEGER NOT NULL,              -- in pixels, of the size for desks
    height   INTEGER NOT NULL,
    added_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX images_by_drop ON images (drop_id, added_at);

-- The sizes of a picture: phone, desk and card.
CREATE TABLE image_sizes (
    image_id TEXT    NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    size     TEXT    NOT NULL,
    type     TEXT    NOT NULL,              -- image/jpeg or image/png
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    content  BLOB    NOT NULL,
    PRIMARY KEY (image_id, size)
) STRICT;

-- What a version shows in cards, and what it says once it is public where that
-- is something else.
ALTER TABLE drop_versions ADD COLUMN cover TEXT REFERENCES images (id) ON DELETE SET NULL;
ALTER TABLE drop_versions ADD COLUMN cover_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE drop_versions ADD COLUMN public_html TEXT NOT NULL DEFAULT '';  -- empty: html

-- The ground of cards, as #rrggbb; empty: the house's own.
ALTER TABLE brand ADD COLUMN colour TEXT NOT NULL DEFAULT '';
