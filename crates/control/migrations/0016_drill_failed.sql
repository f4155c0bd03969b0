-- What was restored last to see that it can be, and was not what it should be: there until a drill is good.
CREATE TABLE backup_mark_wider (
    what TEXT PRIMARY KEY CHECK (what IN ('begun', 'backup', 'drill', 'drill_failed', 'look')),
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO backup_mark_wider (what, at) SELECT what, at FROM backup_mark;
DROP TABLE backup_mark;
ALTER TABLE backup_mark_wider RENAME TO backup_mark;
