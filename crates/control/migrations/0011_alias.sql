-- Ids that are somebody else's, who may be somebody else's in turn, never in a ring. Rows of events keep the id they came with.
CREATE TABLE alias (
    site         INTEGER NOT NULL,
    from_visitor BLOB    NOT NULL CHECK (length(from_visitor) = 16),
    to_visitor   BLOB    NOT NULL CHECK (length(to_visitor) = 16 AND to_visitor <> from_visitor),
    at           INTEGER NOT NULL,
    PRIMARY KEY (site, from_visitor)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_to ON alias (site, to_visitor);

-- Visitors of whom everything is kept and nothing is counted or shown. It holds for all ids of theirs.
CREATE TABLE restriction (
    site    INTEGER NOT NULL,
    visitor BLOB    NOT NULL CHECK (length(visitor) = 16),
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, visitor)
) STRICT, WITHOUT ROWID;

-- Of each site of whose visitors either was said: the catalog's version when it last changed, and how many aliases there are.
CREATE TABLE alias_version (
    site    INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    aliases INTEGER NOT NULL
) STRICT;

-- Duties that are promised to be done again and again: since when, how often, and how that went.
CREATE TABLE duty_run (
    duty     TEXT    PRIMARY KEY,
    last_ok  INTEGER,
    last_try INTEGER,
    error    TEXT,
    since    INTEGER,
    -- Milliseconds within which it is to be done again; a day and an hour where it is not said.
    every    INTEGER CHECK (every > 0)
) STRICT, WITHOUT ROWID;

-- By which way it was last told whether one of them is late: once for each change.
CREATE TABLE lateness_told (
    way  TEXT    PRIMARY KEY,
    late INTEGER NOT NULL CHECK (late IN (0, 1))
) STRICT, WITHOUT ROWID;
