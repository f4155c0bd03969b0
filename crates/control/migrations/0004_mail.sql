-- Mail that waits to be sent. A letter may hold the token of an invitation, so a row goes as soon as it was sent or has
-- expired; of one that was refused for good only why is left until then.
CREATE TABLE mail (
    -- Random, and the Message-ID: whoever is sent the same mail twice can tell.
    id              BLOB    PRIMARY KEY CHECK (length(id) = 16),
    organization    INTEGER,
    kind            TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    name            TEXT,
    letter          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- None: it was refused, and is not tried again.
    next_attempt_at INTEGER,
    trouble         TEXT,
    code            INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_by_turn ON mail (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
