//! The tables of recordings: which there are, in which objects each lies, and what is listed of it. What an index says is
//! opaque here; `candor` adapts this to the ledger that `recordings` declares.

use std::collections::BTreeSet;

use domain::{SiteId, Timestamp, VisitorId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{Database, DatabaseError, Work};

mod dictionaries;
mod list;

pub use dictionaries::{DictionaryRow, LessonRow};
pub use list::{RECORDINGS_PAGE_MAX, RecordingFilter, RecordingPage};

/// How long a recording that was removed is remembered: what still comes of it is let go of.
const REMOVED_KEPT_MS: i64 = 48 * 60 * 60 * 1_000;
/// How many recordings are put together at a time.
const IN_PARTS_MAX: u32 = 64;

/// Which recording, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingKey {
    /// Of which site.
    pub site: SiteId,
    /// Of whom.
    pub visitor: VisitorId,
    /// As the tab calls it.
    pub tab: String,
}

/// An object that holds a part of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    /// Its name.
    pub object: String,
    /// What `recordings` wants to know of it.
    pub contents: Vec<u8>,
}

/// What is known of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownRecording {
    /// Nothing.
    New,
    /// That it was removed.
    Removed,
    /// Its parts, in order.
    Parts(Vec<PartRow>),
}

/// A recording as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of its name")]
pub struct RecordingRow {
    pub id: u64,
    pub visitor: VisitorId,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub country: String,
    pub browser: String,
    pub os: String,
    pub device: String,
    pub pages: u32,
    pub clicks: u32,
    pub bytes: u64,
    pub gaps: u32,
}

/// A part that is new, and what its recording comes to with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingChange {
    /// Which recording.
    pub key: RecordingKey,
    /// What is listed of it; its id is not looked at, and what is said of who looks holds where nothing was said before.
    pub row: RecordingRow,
    /// Paths of pages in it.
    pub paths: Vec<String>,
    /// The part.
    pub part: PartRow,
    /// Parts whose place it takes.
    pub replaces: Vec<String>,
    /// Dictionaries by which it is compressed.
    pub dictionaries: Vec<String>,
}

impl Database {
    /// Spooled files that were taken in and may still be there.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn spooled(&self) -> Result<BTreeSet<String>, DatabaseError> {
        texts(&self.connection(), "SELECT name FROM taken_spool")
    }

    /// The names of all objects that hold a part or a dictionary.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recording_objects(&self) -> Result<BTreeSet<String>, DatabaseError> {
        texts(
            &self.connection(),
            "SELECT object FROM recording_part UNION SELECT object FROM recording_dictionary",
        )
    }

    /// What is known of a recording.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn known_recording(&self, key: &RecordingKey) -> Result<KnownRecording, DatabaseError> {
        let connection = self.connection();
        if let Some(id) = id_of(&connection, key)? {
            return Ok(KnownRecording::Parts(parts(&connection, id)?));
        }
        Ok(if was_removed(&connection, key)? { KnownRecording::Removed } else { KnownRecording::New })
    }

    /// Adds parts, and says that a spooled file was taken in; all or nothing. Of sites and recordings that were removed
    /// nothing is taken up again.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn take_in_recordings(
        &self,
        changes: &[RecordingChange],
        spooled: Option<&str>,
        forget: &[String],
        learned: Option<&DictionaryRow>,
    ) -> Result<(), DatabaseError> {
        self.transact(|transaction| {
            for change in changes {
                take_in(transaction, change)?;
            }
            if let Some(name) = spooled {
                transaction
                    .execute("INSERT INTO taken_spool (name) VALUES (?1) ON CONFLICT DO NOTHING", [name])?;
            }
            if let Some(learned) = learned {
                dictionaries::learn(transaction, learned)?;
            }
            for name in forget {
                transaction.prepare_cached("DELETE FROM taken_spool WHERE name = ?1")?.execute([name])?;
            }
            Ok(())
        })
    }

    /// Lets go of the recordings that their sites keep no longer, and of what need not be remembered; how many recordings.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn expire_recordings(&self, now: Timestamp) -> Result<u64, DatabaseError> {
        self.transact(|transaction| {
            let expired = transaction.execute(
                "DELETE FROM recording WHERE ended_at < ?1 - 86400000 * coalesce(
                     (SELECT recording_retention_days FROM site WHERE site.id = recording.site), 0)",
                [now.0],
            )?;
            transaction.execute("DELETE FROM removed_recording WHERE at < ?1", [now.0 - REMOVED_KEPT_MS])?;
            dictionaries::collect(transaction)?;
            Ok(expired as u64)
        })
    }

    /// Some recordings that ended before then and were not put together since something was added to them, or learned of
    /// their pages.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn recordings_in_parts(&self, ended_before: Timestamp) -> Result<Vec<RecordingKey>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT site, visitor, tab FROM recording WHERE anew = 1 AND ended_at < ?1 ORDER BY ended_at LIMIT ?2",
        )?;
        let rows = statement.query_map(params![ended_before.0, IN_PARTS_MAX], |row| {
            Ok(RecordingKey { site: SiteId(row.get(0)?), visitor: visitor(row, 1)?, tab: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Work<'_> {
    /// Removes one recording of a site; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_recording(&self, site: SiteId, id: u64, now: Timestamp) -> Result<bool, DatabaseError> {
        let transaction = self.transaction();
        transaction.execute(
            "INSERT OR REPLACE INTO removed_recording (site, visitor, tab, at)
             SELECT site, visitor, tab, ?3 FROM recording WHERE id = ?1 AND site = ?2",
            params![id.cast_signed(), site.0, now.0],
        )?;
        let removed = transaction.execute(
            "DELETE FROM recording WHERE id = ?1 AND site = ?2",
            params![id.cast_signed(), site.0],
        )?;
        Ok(removed > 0)
    }

    /// Removes all recordings of a visitor of a site; how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_recordings_of(
        &self,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> Result<u64, DatabaseError> {
        let transaction = self.transaction();
        transaction.execute(
            "INSERT OR REPLACE INTO removed_recording (site, visitor, tab, at)
             SELECT site, visitor, tab, ?3 FROM recording WHERE site = ?1 AND visitor = ?2",
            params![site.0, bytes_of(visitor), now.0],
        )?;
        let removed = transaction.execute(
            "DELETE FROM recording WHERE site = ?1 AND visitor = ?2",
            params![site.0, bytes_of(visitor)],
        )?;
        Ok(removed as u64)
    }

    /// Remembers that what came from a site was a violation.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn alarm_about_recordings(&self, site: SiteId, now: Timestamp) -> Result<(), DatabaseError> {
        self.transaction().execute(
            "INSERT INTO recording_alarm (site, first_at, last_at) SELECT ?1, ?2, ?2
             WHERE EXISTS (SELECT 1 FROM site WHERE id = ?1)
             ON CONFLICT (site) DO UPDATE SET last_at = excluded.last_at",
            params![site.0, now.0],
        )?;
        Ok(())
    }
}

fn take_in(transaction: &Transaction<'_>, change: &RecordingChange) -> Result<(), DatabaseError> {
    let Some(id) = recording_for(transaction, change)? else { return Ok(()) };
    let row = &change.row;
    for object in &change.replaces {
        let gone = transaction
            .prepare_cached("DELETE FROM recording_part WHERE object = ?1 AND recording = ?2")?
            .execute(params![object, id])?;
        if gone == 0 {
            return Ok(());
        }
    }
    transaction
        .prepare_cached(
            "UPDATE recording SET started_at = ?2, ended_at = ?3, pages = ?4, clicks = ?5, bytes = ?6, gaps = ?7,
             anew = ?8
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            row.started_at.0,
            row.ended_at.0,
            row.pages,
            row.clicks,
            row.bytes.cast_signed(),
            row.gaps,
            change.replaces.is_empty()
        ])?;
    transaction
        .prepare_cached(
            "INSERT INTO recording_part (object, recording, site, number, contents) SELECT ?1, ?2, ?3,
             coalesce((SELECT max(number) FROM recording_part WHERE recording = ?2), 0) + 1, ?4",
        )?
        .execute(params![change.part.object, id, change.key.site.0, change.part.contents])?;
    dictionaries::note(transaction, &change.part.object, &change.dictionaries)?;
    for path in &change.paths {
        transaction
            .prepare_cached(
                "INSERT INTO recording_path (recording, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![id, path])?;
    }
    Ok(())
}

/// The number of the recording that a part is of; a fresh one where there is none, and none where nobody wants it.
fn recording_for(transaction: &Transaction<'_>, change: &RecordingChange) -> rusqlite::Result<Option<i64>> {
    let RecordingChange { key, row, .. } = change;
    if let Some(id) = id_of(transaction, key)? {
        return Ok(Some(id));
    }
    if was_removed(transaction, key)? || !change.replaces.is_empty() {
        return Ok(None);
    }
    let added = transaction
        .prepare_cached(
            "INSERT INTO recording (site, visitor, tab, started_at, ended_at, country, browser, os, device,
                                    pages, clicks, bytes, gaps)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0 WHERE EXISTS (SELECT 1 FROM site WHERE id = ?1)",
        )?
        .execute(params![
            key.site.0,
            bytes_of(key.visitor),
            key.tab,
            row.started_at.0,
            row.ended_at.0,
            row.country,
            row.browser,
            row.os,
            row.device
        ])?;
    Ok((added > 0).then(|| transaction.last_insert_rowid()))
}

fn id_of(connection: &Connection, key: &RecordingKey) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM recording WHERE site = ?1 AND visitor = ?2 AND tab = ?3")?
        .query_row(params![key.site.0, bytes_of(key.visitor), key.tab], |row| row.get(0))
        .optional()
}

fn was_removed(connection: &Connection, key: &RecordingKey) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM removed_recording WHERE site = ?1 AND visitor = ?2 AND tab = ?3")?
        .exists(params![key.site.0, bytes_of(key.visitor), key.tab])
}

fn parts(connection: &Connection, id: i64) -> rusqlite::Result<Vec<PartRow>> {
    connection
        .prepare_cached("SELECT object, contents FROM recording_part WHERE recording = ?1 ORDER BY number")?
        .query_map([id], |row| Ok(PartRow { object: row.get(0)?, contents: row.get(1)? }))?
        .collect()
}

fn texts(connection: &Connection, statement: &str) -> Result<BTreeSet<String>, DatabaseError> {
    let mut statement = connection.prepare_cached(statement)?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

pub(crate) fn bytes_of(visitor: VisitorId) -> [u8; 16] {
    visitor.as_u128().to_be_bytes()
}

pub(crate) fn visitor(row: &Row<'_>, column: usize) -> rusqlite::Result<VisitorId> {
    Ok(VisitorId::from_u128(u128::from_be_bytes(row.get(column)?)))
}

#[cfg(test)]
mod tests;
