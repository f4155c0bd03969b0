//! The catalog's tables: which segments are live, which journal files are in them, and what was counted instead
//! of kept. Segments are opaque here; `candor` adapts this to the trait that `events` declares.

use domain::{Erased, SiteId, Timestamp};
use rusqlite::{Connection, Transaction, params};

use crate::{Database, DatabaseError, rights};

/// A live segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its name.
    pub id: String,
    /// Whose events it holds.
    pub site: SiteId,
    /// What `events` wants to know of it.
    pub description: Vec<u8>,
}

/// A segment that others took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedRow {
    /// Its name.
    pub id: String,
    /// Whose events it holds.
    pub site: SiteId,
    /// When it was replaced.
    pub at: Timestamp,
}

/// How many events of a site and UTC day are in no report, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// The site; 0 where no site has the domain.
    pub site: SiteId,
    /// Days since 1970.
    pub utc_day: i64,
    /// Machine word of what became of them.
    pub outcome: String,
    /// Machine word of the reason.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// The catalog at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogRows {
    /// Grows with every change.
    pub version: u64,
    /// All live segments.
    pub segments: Vec<SegmentRow>,
    /// Journal files whose events are in segments.
    pub absorbed: Vec<u64>,
    /// Segments that were replaced and whose files may still be there.
    pub replaced: Vec<ReplacedRow>,
    /// Of each site of whose visitors something was said, the version of it.
    pub aliases: Vec<(SiteId, u64)>,
}

/// What changes in one transaction.
#[derive(Clone, Debug)]
pub struct CatalogChange {
    /// When.
    pub at: Timestamp,
    /// Segments that become live.
    pub add: Vec<SegmentRow>,
    /// Live segments that become replaced.
    pub replace: Vec<String>,
    /// Journal files whose events are now in segments.
    pub absorb: Vec<u64>,
    /// To be added to the counts.
    pub count: Vec<CountRow>,
    /// Absorbed journal files that need not be remembered.
    pub forget_absorbed: Vec<u64>,
    /// Replaced segments that need not be remembered.
    pub forget_replaced: Vec<String>,
    /// What is taken out for an erasure, by its number.
    pub erased: Option<(u64, Erased)>,
    /// Sites whose counts of the UTC days before this one go.
    pub forget_counts: Vec<(SiteId, i64)>,
}

/// Why a change did not happen. Nothing of it did.
#[derive(Debug, thiserror::Error)]
pub enum CatalogChangeError {
    /// A segment to replace is not live, or a journal file is absorbed already.
    #[error("the catalog has changed in between")]
    Conflict,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for CatalogChangeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Database {
    /// The number of the newest change.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn catalog_version(&self) -> Result<u64, DatabaseError> {
        Ok(version(&self.connection())?)
    }

    /// Everything, of one moment.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn catalog(&self) -> Result<CatalogRows, DatabaseError> {
        let mut connection = self.connection();
        // One transaction, so that all tables are read as of one moment.
        let reading = connection.transaction()?;
        Ok(CatalogRows {
            version: version(&reading)?,
            segments: all(&reading, "SELECT id, site, description FROM segment ORDER BY id", |row| {
                Ok(SegmentRow { id: row.get(0)?, site: SiteId(row.get(1)?), description: row.get(2)? })
            })?,
            absorbed: all(&reading, "SELECT number FROM absorbed_journal ORDER BY number", |row| {
                row.get::<_, i64>(0).map(i64::cast_unsigned)
            })?,
            replaced: all(&reading, "SELECT id, site, at FROM replaced_segment ORDER BY id", |row| {
                Ok(ReplacedRow { id: row.get(0)?, site: SiteId(row.get(1)?), at: Timestamp(row.get(2)?) })
            })?,
            aliases: all(&reading, "SELECT site, version FROM alias_version ORDER BY site", |row| {
                Ok((SiteId(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
            })?,
        })
    }

    /// Applies `change` whole or not at all; it is durable when this returns.
    ///
    /// # Errors
    /// [`CatalogChangeError::Conflict`] where another change was faster.
    pub fn change_catalog(&self, change: &CatalogChange) -> Result<(), CatalogChangeError> {
        self.transact(|transaction| apply(transaction, change))
    }

    /// The counts of `site` from the UTC day `since` on, oldest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn reason_counts(&self, site: SiteId, since: i64) -> Result<Vec<CountRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT site, utc_day, outcome, reason, count FROM reason_count
             WHERE site = ?1 AND utc_day >= ?2 ORDER BY utc_day, outcome, reason",
        )?;
        let counts = statement.query_map(params![site.0, since], |row| {
            Ok(CountRow {
                site: SiteId(row.get(0)?),
                utc_day: row.get(1)?,
                outcome: row.get(2)?,
                reason: row.get(3)?,
                count: row.get::<_, i64>(4)?.cast_unsigned(),
            })
        })?;
        Ok(counts.collect::<Result<_, _>>()?)
    }
}

fn version(connection: &Connection) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached("SELECT version FROM catalog_version")?;
    statement.query_row([], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
}

fn all<T>(
    connection: &Connection,
    query: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(query)?.query_map([], read)?.collect()
}

fn apply(transaction: &Transaction<'_>, change: &CatalogChange) -> Result<(), CatalogChangeError> {
    for id in &change.replace {
        let moved = transaction
            .prepare_cached(
                "INSERT INTO replaced_segment (id, site, at) SELECT id, site, ?2 FROM segment WHERE id = ?1",
            )?
            .execute(params![id, change.at.0])?;
        if moved == 0 {
            return Err(CatalogChangeError::Conflict);
        }
        transaction.prepare_cached("DELETE FROM segment WHERE id = ?1")?.execute([id])?;
    }
    for &number in &change.absorb {
        let added = transaction
            .prepare_cached("INSERT INTO absorbed_journal (number) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([number.cast_signed()])?;
        if added == 0 {
            return Err(CatalogChangeError::Conflict);
        }
    }
    // What was made of a site that was removed meanwhile is not taken up again.
    for segment in &change.add {
        transaction
            .prepare_cached(
                "INSERT INTO segment (id, site, description)
             SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM site WHERE id = ?2)",
            )?
            .execute(params![segment.id, segment.site.0, segment.description])?;
    }
    for (site, day) in &change.forget_counts {
        transaction
            .prepare_cached("DELETE FROM reason_count WHERE site = ?1 AND utc_day < ?2")?
            .execute(params![site.0, day])?;
    }
    if let Some((number, erased)) = &change.erased {
        rights::add_erased(transaction, *number, erased.clone())?;
    }
    for count in &change.count {
        transaction
            .prepare_cached(
                "INSERT INTO reason_count (site, utc_day, outcome, reason, count) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (site, utc_day, outcome, reason) DO UPDATE SET count = count + excluded.count",
            )?
            .execute(params![
                count.site.0,
                count.utc_day,
                count.outcome,
                count.reason,
                count.count.cast_signed()
            ])?;
    }
    for &number in &change.forget_absorbed {
        transaction
            .prepare_cached("DELETE FROM absorbed_journal WHERE number = ?1")?
            .execute([number.cast_signed()])?;
    }
    for id in &change.forget_replaced {
        transaction.prepare_cached("DELETE FROM replaced_segment WHERE id = ?1")?.execute([id])?;
    }
    transaction.execute("UPDATE catalog_version SET version = version + 1", [])?;
    Ok(())
}

#[cfg(test)]
mod tests;
