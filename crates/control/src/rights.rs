//! Erasures of visitors: who is to be erased, what was taken out so far, and the receipt. An erasure is asked for in one
//! transaction and done in others; what it says of itself changes with what it tells of, or not at all.

use std::collections::BTreeMap;
use std::error::Error;

use domain::{Erased, SiteId, Timestamp, VisitorId};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::{Database, DatabaseError, Work};

/// Erasures that are listed at once, at most.
pub const ERASURES_PAGE_MAX: u32 = 100;

const ALL: &str = "SELECT number, site, visitor, asked_at, done_at, receipt, found FROM erasure";

/// A visitor who was erased, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureRow {
    /// Its number, never given to another.
    pub number: u64,
    /// Of which site.
    pub site: SiteId,
    /// Whom.
    pub visitor: VisitorId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was done, and the receipt for it, if it was.
    pub done: Option<(Timestamp, String)>,
    /// What was taken out so far.
    pub found: Erased,
}

impl Work<'_> {
    /// Asks for a visitor to be erased; the number of the erasure. One that was asked for and is not done is the same.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn ask_erasure(
        &self,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> Result<u64, DatabaseError> {
        let transaction = self.transaction();
        let asked: Option<i64> = transaction
            .query_row(
                "SELECT number FROM erasure WHERE site = ?1 AND visitor = ?2 AND done_at IS NULL",
                params![site.0, bytes_of(visitor)],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(number) = asked {
            return Ok(number.cast_unsigned());
        }
        transaction.execute(
            "INSERT INTO erasure (site, visitor, asked_at) VALUES (?1, ?2, ?3)",
            params![site.0, bytes_of(visitor), now.0],
        )?;
        Ok(transaction.last_insert_rowid().cast_unsigned())
    }

    /// Deletes every row of every table that is a visitor's; what it was. The row that says who was erased stays,
    /// and those that say that somebody objected.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_visitor(
        &self,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> Result<Erased, DatabaseError> {
        self.forget_identified_of(site, visitor)?;
        self.keep_objection_of(site, visitor, now)?;
        self.forget_aliases_of(site, visitor)?;
        self.forget_recordings_of(site, visitor, now)
    }

    fn forget_recordings_of(
        &self,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> Result<Erased, DatabaseError> {
        let whose = params![site.0, bytes_of(visitor)];
        let mut erased = recordings_of(self.transaction(), site, visitor)?;
        let mut parts = self.transaction().prepare_cached(
            "SELECT object FROM recording_part WHERE recording IN
             (SELECT id FROM recording WHERE site = ?1 AND visitor = ?2) ORDER BY object",
        )?;
        let names = parts.query_map(whose, |row| row.get::<_, String>(0))?;
        erased.files =
            names.map(|name| Ok(format!("{}.recording", name?))).collect::<rusqlite::Result<_>>()?;
        self.remove_recordings_of(site, visitor, now)?;
        Ok(erased)
    }

    /// Says that an erasure was done. Whether it was not before.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn finish_erasure(&self, number: u64, at: Timestamp, receipt: &str) -> Result<bool, DatabaseError> {
        let changed = self.transaction().execute(
            "UPDATE erasure SET done_at = ?2, receipt = ?3 WHERE number = ?1 AND done_at IS NULL",
            params![number.cast_signed(), at.0, receipt],
        )?;
        Ok(changed > 0)
    }
}

impl Database {
    /// The erasures that are not done, the oldest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn erasures_to_do(&self) -> Result<Vec<ErasureRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("{ALL} WHERE done_at IS NULL ORDER BY number"))?;
        Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    /// Deletes the rows of whom an erasure is of, and remembers with it what they were. What was taken out so far is what
    /// comes back.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_for(&self, erasure: &ErasureRow, now: Timestamp) -> Result<Erased, DatabaseError> {
        self.work(|work| {
            let erased = work.forget_visitor(erasure.site, erasure.visitor, now)?;
            add_erased(work.transaction(), erasure.number, erased)?;
            let found = work.transaction().query_row(
                "SELECT found FROM erasure WHERE number = ?1",
                [erasure.number.cast_signed()],
                |row| found(row, 0),
            )?;
            Ok(found)
        })
    }

    /// Deletes from the disk what deleted rows leave behind in the log of changes.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn leave_no_trace(&self) -> Result<(), DatabaseError> {
        let connection = self.connection();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// An erasure of a site.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn erasure(&self, site: SiteId, number: u64) -> Result<Option<ErasureRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{ALL} WHERE site = ?1 AND number = ?2"))?;
        Ok(statement.query_row(params![site.0, number.cast_signed()], read).optional()?)
    }

    /// The newest erasure of a visitor that took something out, if there is one that was done.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn last_erasure_of(
        &self,
        site: SiteId,
        visitor: VisitorId,
    ) -> Result<Option<ErasureRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "{ALL} WHERE site = ?1 AND visitor = ?2 AND done_at IS NOT NULL ORDER BY number DESC"
        ))?;
        let done = statement.query_map(params![site.0, bytes_of(visitor)], read)?;
        let done: Vec<ErasureRow> = done.collect::<Result<_, _>>()?;
        Ok(done.into_iter().find(|erasure| !erasure.found.is_nothing()))
    }

    /// How many erasures of a site were done. It grows with each, also where one that waited is done after a later one.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn erasures_done(&self, site: SiteId) -> Result<u64, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT count(*) FROM erasure WHERE site = ?1 AND done_at IS NOT NULL")?;
        Ok(statement.query_row([site.0], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }

    /// Whether one of these visitors is about to be erased: of theirs some may be deleted, and the erasure is not done.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn is_being_erased(&self, site: SiteId, visitors: &[VisitorId]) -> Result<bool, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT 1 FROM erasure WHERE site = ?1 AND visitor = ?2 AND done_at IS NULL")?;
        for visitor in visitors {
            if statement.exists(params![site.0, bytes_of(*visitor)])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Erasures of a site with numbers below this one, the newest first, [`ERASURES_PAGE_MAX`] of them at most.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn erasures(&self, site: SiteId, below: Option<u64>) -> Result<Vec<ErasureRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "{ALL} WHERE site = ?1 AND number < ?2 ORDER BY number DESC LIMIT {ERASURES_PAGE_MAX}"
        ))?;
        let below = below.map_or(i64::MAX, u64::cast_signed);
        Ok(statement.query_map(params![site.0, below], read)?.collect::<Result<_, _>>()?)
    }

    /// How many recordings of a site ended on each UTC day before a moment, and their bytes.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recordings_by_day(
        &self,
        site: SiteId,
        before: Timestamp,
    ) -> Result<BTreeMap<i64, (u64, u64)>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT ended_at / 86400000, count(*), sum(bytes) FROM recording
             WHERE site = ?1 AND ended_at < ?2 GROUP BY 1",
        )?;
        let days = statement.query_map(params![site.0, before.0], |row| {
            Ok((row.get(0)?, (row.get::<_, i64>(1)?.cast_unsigned(), row.get::<_, i64>(2)?.cast_unsigned())))
        })?;
        Ok(days.collect::<Result<_, _>>()?)
    }

    /// How many recordings there are of a visitor, and their bytes.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recorded_of(&self, site: SiteId, visitor: VisitorId) -> Result<Erased, DatabaseError> {
        Ok(recordings_of(&self.connection(), site, visitor)?)
    }
}

fn recordings_of(
    connection: &rusqlite::Connection,
    site: SiteId,
    visitor: VisitorId,
) -> rusqlite::Result<Erased> {
    connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(bytes), 0), min(started_at), max(ended_at)
             FROM recording WHERE site = ?1 AND visitor = ?2",
        )?
        .query_row(params![site.0, bytes_of(visitor)], |row| {
            let span = row.get::<_, Option<i64>>(2)?.zip(row.get::<_, Option<i64>>(3)?);
            Ok(Erased {
                recordings: row.get::<_, i64>(0)?.cast_unsigned(),
                recording_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                span: span.map(|(first, last)| (Timestamp(first), Timestamp(last))),
                ..Erased::default()
            })
        })
}

/// Remembers with an erasure what was taken out for it.
pub(crate) fn add_erased(transaction: &Transaction<'_>, number: u64, erased: Erased) -> rusqlite::Result<()> {
    let number = number.cast_signed();
    let before = transaction
        .query_row("SELECT found FROM erasure WHERE number = ?1", [number], |row| found(row, 0))
        .optional()?;
    // Its site was removed meanwhile, and it with it.
    let Some(mut sum) = before else { return Ok(()) };
    sum.add(erased);
    let text = serde_json::to_string(&sum).expect("counts and names are JSON");
    transaction.execute("UPDATE erasure SET found = ?2 WHERE number = ?1", params![number, text])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<ErasureRow> {
    let done = row.get::<_, Option<i64>>(4)?.zip(row.get(5)?);
    Ok(ErasureRow {
        number: row.get::<_, i64>(0)?.cast_unsigned(),
        site: SiteId(row.get(1)?),
        visitor: VisitorId::from_u128(u128::from_be_bytes(row.get(2)?)),
        asked_at: Timestamp(row.get(3)?),
        done: done.map(|(at, receipt)| (Timestamp(at), receipt)),
        found: found(row, 6)?,
    })
}

fn found(row: &Row<'_>, column: usize) -> rusqlite::Result<Erased> {
    let unreadable = |error: Box<dyn Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error)
    };
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| unreadable(error.into()))
}

fn bytes_of(visitor: VisitorId) -> [u8; 16] {
    visitor.as_u128().to_be_bytes()
}

#[cfg(test)]
mod tests;
