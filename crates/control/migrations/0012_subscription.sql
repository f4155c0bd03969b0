-- Organizations whose subscription has ended: when, and how many days were left when its owners were last told. What they may be
-- removed for, the keeper alone decides.
CREATE TABLE subscription_end (
    organization INTEGER PRIMARY KEY,
    ended_at     INTEGER NOT NULL,
    told_days    INTEGER
) STRICT;
