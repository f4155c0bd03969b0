//! Looking into a log, the newest entries first.

use domain::audit::{Act, Entry, Log};
use rusqlite::named_params;
use rusqlite::types::Type;

use super::tree;
use crate::{Database, DatabaseError};

/// Entries of a page at most.
pub const PAGE_MAX: usize = 200;

/// Which entries; what is `None` leaves none out.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Those before this number.
    pub before: Option<u64>,
    /// Those by the actor of this number.
    pub actor: Option<String>,
    /// Those about this act.
    pub act: Option<Act>,
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries, the newest first.
    pub entries: Vec<Entry>,
    /// How many the log has in all.
    pub size: u64,
    /// Whether there are earlier ones.
    pub earlier: bool,
}

impl Database {
    /// The newest `count` entries of a log that `filter` lets through, [`PAGE_MAX`] at most.
    ///
    /// # Errors
    /// [`DatabaseError`]; also where an entry is no entry any more.
    pub fn audit_entries(
        &self,
        log: Log,
        filter: &AuditFilter,
        count: usize,
    ) -> Result<AuditPage, DatabaseError> {
        let count = count.clamp(1, PAGE_MAX);
        let connection = self.connection();
        // Only what is asked for is compared, so that an index is of use; what is not asked for stands for itself.
        let actor = filter.actor.as_ref().map_or(":actor IS NULL", |_| "actor = :actor");
        let act = filter.act.map_or(":act IS NULL", |_| "act = :act");
        let mut statement = connection.prepare_cached(&format!(
            "SELECT entry FROM audit_entry WHERE log = :log AND number < :before AND {actor} AND {act}
             ORDER BY number DESC LIMIT :count"
        ))?;
        let rows = statement.query_map(
            named_params! {
                ":log": log.0,
                ":before": filter.before.map_or(i64::MAX, tree::stored),
                ":actor": filter.actor,
                ":act": filter.act.map(Act::as_str),
                ":count": count as i64 + 1,
            },
            |row| {
                let entry: String = row.get(0)?;
                let unreadable =
                    |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
                serde_json::from_str(&entry).map_err(unreadable)
            },
        )?;
        let mut entries: Vec<Entry> = rows.collect::<Result<_, _>>()?;
        let earlier = entries.len() > count;
        entries.truncate(count);
        Ok(AuditPage { entries, size: tree::entries(&connection, log)?, earlier })
    }
}
