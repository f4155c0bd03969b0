-- Organizations whose subscription has ended: when, and how many days were left when its owners were last told. What they may be
-- removed for, the keeper alone decides.
CREATE TABLE subscription_end (
    organization INTEGER PRIMARY KEY,
    ended_at     INTEGER NOT NULL,
    told_days    INTEGER
) STRICT;

-- Payments and invoices, each sealed under the ledger's own key, which outlives the organizations they are of. Nothing of an
-- organization's removal touches it.
CREATE TABLE ledger (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB    NOT NULL
) STRICT;
CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger WHEN old.sealed <> x''
BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END;
