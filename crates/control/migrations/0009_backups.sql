-- When something of backups was last done and found to be good.
CREATE TABLE backup_mark (
    what TEXT PRIMARY KEY CHECK (what IN ('begun', 'backup', 'drill', 'look')),
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the backup target was told of: visitors who were erased, by the number of their erasure, and sites that are gone.
CREATE TABLE backup_told_erasure (number INTEGER PRIMARY KEY) STRICT;
CREATE TABLE backup_told_site (site INTEGER PRIMARY KEY) STRICT;
