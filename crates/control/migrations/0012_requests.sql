-- What visitors ask about what is kept of them. Once it is answered nothing here tells any more who asked.
CREATE TABLE visitor_request (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    site        INTEGER NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('access', 'rectify', 'erase', 'restrict', 'object')),
    visitor     BLOB    CHECK (visitor IS NULL OR length(visitor) = 16),
    known_as    TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    words       TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    answered_at INTEGER,
    answer      TEXT    CHECK (answer IN ('done', 'declined')),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK (answered_at IS NULL OR (visitor IS NULL AND known_as = '' AND email = '' AND words = ''))
) STRICT;
CREATE INDEX visitor_request_waiting ON visitor_request (site, due_at) WHERE answered_at IS NULL;
CREATE INDEX visitor_request_newest ON visitor_request (site, number);
