-- For how many days a site keeps events; where nothing is said, as long as there is the site.
ALTER TABLE site ADD COLUMN events_retention_days INTEGER CHECK (events_retention_days > 0);

-- Visitors who were erased, or are about to be: one row each, kept as long as there is the site. A number is never given
-- twice. Where `done_at` is null, it is carried out before anything else is done.
CREATE TABLE erasure (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    site     INTEGER NOT NULL,
    visitor  BLOB    NOT NULL CHECK (length(visitor) = 16),
    asked_at INTEGER NOT NULL,
    done_at  INTEGER,
    receipt  TEXT,
    -- What was taken out so far, as JSON: counts and names of files.
    found    TEXT    NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX erasure_visitor ON erasure (site, visitor);
CREATE INDEX erasure_to_do ON erasure (number) WHERE done_at IS NULL;
