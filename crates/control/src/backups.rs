//! What the control database knows of backups: when one was last good, what the target was told that was destroyed, and what a
//! restore brings along.

use domain::{SiteId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Database, DatabaseError, Work};

/// Something of backups that is done again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BackupMark {
    /// Backups were set up here.
    Begun,
    /// One was made and read back.
    Backup,
    /// One was restored, and was what it should be.
    Drill,
    /// One was restored, or was to be, and was found not to be what it should be; gone once a drill is good.
    DrillFailed,
    /// All that can be looked at without opening it was.
    Look,
}

impl BackupMark {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Backup => "backup",
            Self::Drill => "drill",
            Self::DrillFailed => "drill_failed",
            Self::Look => "look",
        }
    }
}

/// A visitor who was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedVisitor {
    /// The number of the erasure.
    pub number: u64,
    /// Of which site.
    pub site: SiteId,
    /// Who.
    pub visitor: [u8; 16],
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// What was destroyed and the backup target does not know of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Visitors.
    pub visitors: Vec<ErasedVisitor>,
    /// Sites that are gone, and their keys with them.
    pub sites: Vec<SiteId>,
}

/// A visitor's key, wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedVisitorKey {
    /// Of which site.
    pub site: SiteId,
    /// Whose.
    pub visitor: [u8; 16],
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

impl Database {
    /// When this was last done, if it ever was.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn backup_mark(&self, what: BackupMark) -> Result<Option<Timestamp>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT at FROM backup_mark WHERE what = ?1")?;
        Ok(statement.query_row([what.as_str()], |row| row.get(0).map(Timestamp)).optional()?)
    }

    /// Backups are set up here, from now on or from when they were.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn begin_backups(&self, now: Timestamp) -> Result<(), DatabaseError> {
        let insert = "INSERT INTO backup_mark (what, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.connection().execute(insert, params![BackupMark::Begun.as_str(), now.0])?;
        Ok(())
    }

    /// What was destroyed and the backup target does not know of.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn untold_destroyed(&self) -> Result<Untold, DatabaseError> {
        let connection = self.connection();
        let visitors = untold_visitors(&connection)?;
        // Numbers of sites are given in their order and never twice.
        let mut statement = connection.prepare_cached(
            "WITH RECURSIVE given (site) AS (
                 SELECT 1 WHERE EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'site' AND seq > 0)
                 UNION ALL
                 SELECT site + 1 FROM given WHERE site < (SELECT seq FROM sqlite_sequence WHERE name = 'site')
             )
             SELECT site FROM given
             WHERE site NOT IN (SELECT id FROM site) AND site NOT IN (SELECT site FROM backup_told_site)",
        )?;
        let sites = statement.query_map([], |row| row.get(0).map(SiteId))?.collect::<Result<_, _>>()?;
        Ok(Untold { visitors, sites })
    }

    /// The backup target knows of it now. `notes` are the names under which it was told of the visitors, in their order.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn told_destroyed(&self, told: &Untold, notes: &[String]) -> Result<(), DatabaseError> {
        self.transact(|transaction| {
            for (one, note) in told.visitors.iter().zip(notes) {
                let insert = "INSERT INTO backup_told_erasure (number, note) VALUES (?1, ?2)
                              ON CONFLICT (number) DO UPDATE SET note = excluded.note";
                transaction.prepare_cached(insert)?.execute(params![one.number.cast_signed(), note])?;
            }
            for site in &told.sites {
                let insert = "INSERT INTO backup_told_site (site) VALUES (?1) ON CONFLICT DO NOTHING";
                transaction.prepare_cached(insert)?.execute([site.0])?;
            }
            Ok(())
        })
    }

    /// The name under which the backup target was told of an erasure; `None` where it was not.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn told_note(&self, erasure: u64) -> Result<Option<String>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT note FROM backup_told_erasure WHERE number = ?1")?;
        Ok(statement.query_row([erasure.cast_signed()], |row| row.get(0)).optional()?.flatten())
    }

    /// All keys of visitors there are.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn visitor_keys(&self) -> Result<Vec<WrappedVisitorKey>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT site, visitor, wrapped FROM visitor_key")?;
        let keys = statement.query_map([], |row| {
            Ok(WrappedVisitorKey { site: SiteId(row.get(0)?), visitor: row.get(1)?, wrapped: row.get(2)? })
        })?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// Whether a visitor is still to be erased.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_erasures_to_do(&self) -> Result<bool, DatabaseError> {
        let connection = self.connection();
        Ok(connection.prepare_cached("SELECT 1 FROM erasure WHERE done_at IS NULL")?.exists([])?)
    }
}

impl Work<'_> {
    /// It was done just now, and was good, or is what the mark says that was found. A good drill ends what one before it found.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn mark_backup(&self, what: BackupMark, now: Timestamp) -> Result<(), DatabaseError> {
        let insert = "INSERT INTO backup_mark (what, at) VALUES (?1, ?2)
                      ON CONFLICT (what) DO UPDATE SET at = excluded.at";
        self.transaction().execute(insert, params![what.as_str(), now.0])?;
        if what == BackupMark::Drill {
            let found = [BackupMark::DrillFailed.as_str()];
            self.transaction().execute("DELETE FROM backup_mark WHERE what = ?1", found)?;
        }
        Ok(())
    }

    /// Has a visitor erased again who is in what was restored. One whose erasure is in it, too, is not.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn erase_again(
        &self,
        site: SiteId,
        visitor: [u8; 16],
        asked_at: Timestamp,
    ) -> Result<(), DatabaseError> {
        let insert = "INSERT INTO erasure (site, visitor, asked_at)
                      SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM site WHERE id = ?1) AND NOT EXISTS
                      (SELECT 1 FROM erasure WHERE site = ?1 AND visitor = ?2 AND asked_at = ?3)";
        self.transaction().prepare_cached(insert)?.execute(params![site.0, visitor, asked_at.0])?;
        Ok(())
    }

    /// Puts a visitor's key back that is in no snapshot.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn put_visitor_key_back(&self, key: &WrappedVisitorKey) -> Result<(), DatabaseError> {
        let insert = "INSERT INTO visitor_key (site, visitor, wrapped) SELECT ?1, ?2, ?3
                      WHERE EXISTS (SELECT 1 FROM site WHERE id = ?1) ON CONFLICT DO NOTHING";
        let row = params![key.site.0, key.visitor, key.wrapped];
        self.transaction().prepare_cached(insert)?.execute(row)?;
        Ok(())
    }
}

fn untold_visitors(connection: &Connection) -> rusqlite::Result<Vec<ErasedVisitor>> {
    let mut statement = connection.prepare_cached(
        "SELECT number, site, visitor, asked_at FROM erasure
         WHERE number NOT IN (SELECT number FROM backup_told_erasure WHERE note IS NOT NULL) ORDER BY number",
    )?;
    let erased = statement.query_map([], |row| {
        Ok(ErasedVisitor {
            number: row.get::<_, i64>(0)?.cast_unsigned(),
            site: SiteId(row.get(1)?),
            visitor: row.get(2)?,
            asked_at: Timestamp(row.get(3)?),
        })
    })?;
    erased.collect()
}

#[cfg(test)]
mod tests;
