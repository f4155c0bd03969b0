-- What those who run the server are called; an operator who was removed stays here, since logs name them.
CREATE TABLE operator (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL
) STRICT;

-- What support grants say. Whether one is open, the keeper alone knows.
CREATE TABLE support_grant (
    id           INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL,
    site         TEXT    NOT NULL,
    purpose      TEXT    NOT NULL CHECK (purpose <> ''),
    ticket       TEXT    NOT NULL CHECK (ticket <> '')
) STRICT;
CREATE INDEX support_grant_organization ON support_grant (organization);
