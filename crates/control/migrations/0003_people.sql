-- Customers. What was kept before there were any belongs to the first.
CREATE TABLE organization (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- What people are called. What they may, and what they show that it is they, the keeper alone knows.
CREATE TABLE person (
    id         INTEGER PRIMARY KEY,
    email      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_email ON person (lower(email));

-- Whose log somebody's acts are written in, and in whose list they are shown; no right follows from it.
CREATE TABLE member (
    organization INTEGER NOT NULL REFERENCES organization (id),
    person       INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (organization, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_person ON member (person);

-- Whom an invitation is for.
CREATE TABLE invitation (
    id           INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (id),
    email        TEXT    NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

-- What an API key is called.
CREATE TABLE api_key (
    id           INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (id),
    name         TEXT    NOT NULL
) STRICT;

ALTER TABLE site ADD COLUMN organization INTEGER NOT NULL DEFAULT 1;
