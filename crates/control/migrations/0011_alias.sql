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
