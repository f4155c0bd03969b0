-- What a site's owner decided about recordings.
ALTER TABLE site ADD COLUMN recording INTEGER NOT NULL DEFAULT 0 CHECK (recording IN (0, 1));
ALTER TABLE site ADD COLUMN recording_sample INTEGER NOT NULL DEFAULT 100 CHECK (recording_sample BETWEEN 0 AND 100);
ALTER TABLE site ADD COLUMN recording_text TEXT NOT NULL DEFAULT 'starred' CHECK (recording_text IN ('starred', 'clear'));
ALTER TABLE site ADD COLUMN recording_retention_days INTEGER NOT NULL DEFAULT 30 CHECK (recording_retention_days > 0);
ALTER TABLE site ADD COLUMN recording_idle_minutes INTEGER NOT NULL DEFAULT 5 CHECK (recording_idle_minutes > 0);
ALTER TABLE site ADD COLUMN recording_length_minutes INTEGER NOT NULL DEFAULT 60 CHECK (recording_length_minutes > 0);
ALTER TABLE site ADD COLUMN recording_in_backups INTEGER NOT NULL DEFAULT 0 CHECK (recording_in_backups IN (0, 1));
ALTER TABLE site ADD COLUMN recording_shown_to_viewers INTEGER NOT NULL DEFAULT 0
    CHECK (recording_shown_to_viewers IN (0, 1));

-- Recordings that may be looked at. An id is never given twice.
CREATE TABLE recording (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    site       INTEGER NOT NULL,
    visitor    BLOB    NOT NULL CHECK (length(visitor) = 16),
    -- The tab's own name for it.
    tab        TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    country    TEXT    NOT NULL,
    browser    TEXT    NOT NULL,
    os         TEXT    NOT NULL,
    device     TEXT    NOT NULL,
    -- What is listed of it, each a sum over its parts but the pages, which are told apart.
    pages      INTEGER NOT NULL,
    clicks     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    gaps       INTEGER NOT NULL,
    -- Whether it is to be put together, once it is over.
    anew       INTEGER NOT NULL DEFAULT 1 CHECK (anew IN (0, 1)),
    UNIQUE (site, visitor, tab)
) STRICT;
CREATE INDEX recording_newest ON recording (site, started_at);
CREATE INDEX recording_anew ON recording (ended_at) WHERE anew = 1;

-- The objects that hold them, in the order in which they were taken in, each with the index of what is in it. What an
-- index is, `recordings` knows; here it is opaque.
CREATE TABLE recording_part (
    object    TEXT    PRIMARY KEY,
    recording INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    site      INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    contents  BLOB    NOT NULL,
    UNIQUE (recording, number)
) STRICT, WITHOUT ROWID;

-- Paths of pages, each once for a recording, to find recordings by.
CREATE TABLE recording_path (
    recording INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    path      TEXT    NOT NULL,
    PRIMARY KEY (recording, path)
) STRICT, WITHOUT ROWID;

-- Recordings that were removed, for as long as something of them may still come in.
CREATE TABLE removed_recording (
    site    INTEGER NOT NULL,
    visitor BLOB    NOT NULL,
    tab     TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, visitor, tab)
) STRICT, WITHOUT ROWID;

-- Spooled files that were taken in, for as long as the files may still be there.
CREATE TABLE taken_spool (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- When a site last sent what the gate calls a violation.
CREATE TABLE recording_alarm (site INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;

-- What many visitors were shown of a page, by which recordings of it are compressed. An empty one says that there is
-- nothing; the newest of a page is put to use.
CREATE TABLE recording_dictionary (
    object TEXT    PRIMARY KEY,
    site   INTEGER NOT NULL,
    path   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    empty  INTEGER NOT NULL CHECK (empty IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX recording_dictionary_page ON recording_dictionary (site, path, at);

-- By which of them a part is compressed: they stay as long as it does.
CREATE TABLE recording_part_dictionary (
    object     TEXT NOT NULL REFERENCES recording_part (object) ON DELETE CASCADE,
    dictionary TEXT NOT NULL,
    PRIMARY KEY (object, dictionary)
) STRICT, WITHOUT ROWID;
