//! Every table there is, and what of it goes into a backup: the whole list, so that nothing is left out by accident.

/// What of a table leaves with a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// Every row.
    Whole,
    /// The rows of sites that want their recordings in backups, and nothing of others.
    OfRecordings,
    /// What belongs to rows of another table, and is deleted with them.
    WithItsOwner,
    /// No row, for this reason.
    Nothing(&'static str),
}

const KEYS: &str = "keys that are destroyed one by one have a set of their own";
const OF_THE_DISK: &str = "it tells of files that are in no backup";

/// By name.
pub(super) const TABLES: &[(&str, Leaves)] = &[
    ("absorbed_journal", Leaves::Whole),
    ("agreement", Leaves::Whole),
    ("alias", Leaves::Whole),
    ("alias_version", Leaves::Whole),
    ("api_key", Leaves::Whole),
    ("attribute", Leaves::Whole),
    ("audit_entry", Leaves::Whole),
    ("audit_intent", Leaves::Whole),
    ("audit_node", Leaves::Whole),
    ("backup_mark", Leaves::Whole),
    ("backup_told_erasure", Leaves::Whole),
    ("backup_told_site", Leaves::Whole),
    ("catalog_version", Leaves::Whole),
    ("consent", Leaves::Whole),
    ("duty_run", Leaves::Whole),
    ("erasure", Leaves::Whole),
    ("invitation", Leaves::Whole),
    ("lateness_told", Leaves::Whole),
    ("ledger", Leaves::Whole),
    ("left_out_attribute", Leaves::Whole),
    ("mail", Leaves::Whole),
    ("member", Leaves::Whole),
    ("objection", Leaves::Whole),
    ("operator", Leaves::Whole),
    ("organization", Leaves::Whole),
    ("person", Leaves::Whole),
    ("reason_count", Leaves::Whole),
    ("recording", Leaves::OfRecordings),
    ("recording_alarm", Leaves::Whole),
    ("recording_dictionary", Leaves::OfRecordings),
    ("recording_part", Leaves::WithItsOwner),
    ("recording_part_dictionary", Leaves::WithItsOwner),
    ("recording_path", Leaves::WithItsOwner),
    ("removed_recording", Leaves::Whole),
    ("replaced_segment", Leaves::Whole),
    ("restriction", Leaves::Whole),
    ("segment", Leaves::Whole),
    ("site", Leaves::Whole),
    ("subscription_end", Leaves::Whole),
    ("support_grant", Leaves::Whole),
    ("taken_spool", Leaves::Nothing(OF_THE_DISK)),
    ("visitor_key", Leaves::Nothing(KEYS)),
    ("visitor_request", Leaves::Whole),
];
