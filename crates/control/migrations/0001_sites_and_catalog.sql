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
