-- Sites. An id is never given twice, so that nothing of a removed site can be taken for another's.
CREATE TABLE site (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    domain         TEXT    NOT NULL UNIQUE,
    timezone       TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    identity       TEXT    NOT NULL CHECK (identity IN ('consent', 'cookieless', 'always')),
    honour_signals INTEGER NOT NULL CHECK (honour_signals IN (0, 1)),
    hash_routing   INTEGER NOT NULL CHECK (hash_routing IN (0, 1))
) STRICT;

-- The catalog: which segments are live. What a segment is, `events` knows; here its description is opaque.
CREATE TABLE segment (
    id          TEXT    PRIMARY KEY,
    site        INTEGER NOT NULL,
    description BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Segments that others took the place of; their files wait until no reader can want them.
CREATE TABLE replaced_segment (
    id   TEXT    PRIMARY KEY,
    site INTEGER NOT NULL,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Journal files whose events are in segments, for as long as the files may still be there.
CREATE TABLE absorbed_journal (number INTEGER PRIMARY KEY) STRICT;

-- How many events of a site and UTC day are in no report, and why. Site 0: no site has the domain.
CREATE TABLE reason_count (
    site    INTEGER NOT NULL,
    utc_day INTEGER NOT NULL,
    outcome TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (site, utc_day, outcome, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_version (version INTEGER NOT NULL) STRICT;
INSERT INTO catalog_version VALUES (0);
