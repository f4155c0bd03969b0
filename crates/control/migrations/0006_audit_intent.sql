-- Acts that another process was about to be asked for when this was written. What still lies here when nobody acts was
-- interrupted: whether it was done is not known, and it gets its entry in the log for that.
CREATE TABLE audit_intent (
    id    INTEGER PRIMARY KEY,
    log   INTEGER NOT NULL,
    entry TEXT    NOT NULL
) STRICT;
