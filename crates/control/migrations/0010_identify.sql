-- By what a site's events are sent, and under what the ids that it gives its visitors become visitors. Those of sites that
-- were there before are made here, by the database's own generator, which the system seeds.
ALTER TABLE site ADD COLUMN write_key TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN id_secret BLOB NOT NULL DEFAULT x'';
UPDATE site SET write_key = lower(hex(randomblob(16))), id_secret = randomblob(32);
CREATE UNIQUE INDEX site_write_key ON site (write_key);
-- What is kept of visitors beside what they did, as JSON, and whether that may be an address.
ALTER TABLE site ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(attributes));
ALTER TABLE site ADD COLUMN addresses INTEGER NOT NULL DEFAULT 0 CHECK (addresses IN (0, 1));

-- Each visitor's own key, wrapped: whoever lets go of the row lets go of all that is sealed under it, wherever a copy lies.
CREATE TABLE visitor_key (
    site    INTEGER NOT NULL,
    visitor BLOB    NOT NULL CHECK (length(visitor) = 16),
    wrapped BLOB    NOT NULL,
    PRIMARY KEY (site, visitor)
) STRICT, WITHOUT ROWID;

-- What visitors are, each value sealed under its visitor's key.
CREATE TABLE attribute (
    site    INTEGER NOT NULL,
    visitor BLOB    NOT NULL CHECK (length(visitor) = 16),
    name    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    sealed  BLOB    NOT NULL,
    PRIMARY KEY (site, visitor, name)
) STRICT, WITHOUT ROWID;

-- Names that senders used and the site does not declare, or with values of another type: of nobody in particular.
CREATE TABLE left_out_attribute (
    site    INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (site, name)
) STRICT, WITHOUT ROWID;

-- Receipts of visitors' consent.
CREATE TABLE consent (
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    site         INTEGER NOT NULL,
    visitor      BLOB    NOT NULL CHECK (length(visitor) = 16),
    -- Words, parted by spaces.
    purposes     TEXT    NOT NULL,
    -- Which text the visitor was shown.
    text_version TEXT    NOT NULL,
    given_at     INTEGER NOT NULL,
    way          TEXT    NOT NULL CHECK (way IN ('page', 'api', 'ui')),
    withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_of_visitor ON consent (site, visitor);

-- Which versions of the data-processing agreement an organization accepted, who did, and when.
CREATE TABLE agreement (
    organization INTEGER NOT NULL,
    version      TEXT    NOT NULL,
    person       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (organization, version)
) STRICT, WITHOUT ROWID;
