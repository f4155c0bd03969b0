-- Audit logs: log 0 is the server's, every other an organization's. An entry is kept as the text that is hashed, and what
-- it is searched by follows from that text: there is nothing beside it that could be altered instead.
CREATE TABLE audit_entry (
    log    INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    entry  TEXT    NOT NULL,
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    actor  TEXT    AS (entry ->> '$.actor.id') VIRTUAL,
    act    TEXT    AS (entry ->> '$.act') VIRTUAL,
    PRIMARY KEY (log, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entry_actor ON audit_entry (log, actor, number);
CREATE INDEX audit_entry_act ON audit_entry (log, act, number);

-- The nodes of each log's tree whose subtrees are complete, above the entries themselves.
CREATE TABLE audit_node (
    log   INTEGER NOT NULL,
    level INTEGER NOT NULL CHECK (level > 0),
    place INTEGER NOT NULL,
    hash  BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, level, place)
) STRICT, WITHOUT ROWID;

-- Against mistakes of our own: who can write to the database can also take these away, and is found out by the tree.
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit log only grows'); END;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit log only grows'); END;
