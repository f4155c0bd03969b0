-- Visitors who objected: nothing more of them is measured or recorded, by any id of theirs. It outlives an erasure, so that whoever
-- objected and was erased is not measured anew; of them nothing but the id is here then.
CREATE TABLE objection (
    site    INTEGER NOT NULL,
    visitor BLOB    NOT NULL CHECK (length(visitor) = 16),
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, visitor)
) STRICT, WITHOUT ROWID;
