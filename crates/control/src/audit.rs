//! Acts, and the logs of them. An act and the entry about it are one transaction, the entry first: what cannot be written
//! down does not happen, and of what fails no entry remains. What another process does has its intent on the disk before.
//!
//! Nothing here alters or removes an entry, and no e-mail address gets into one.

use std::fmt;

use domain::audit::{Details, Log, NewEntry};
use rusqlite::Transaction;
use sealing::Key;

use crate::{Database, DatabaseError};

mod checkpoint;
mod elsewhere;
mod export;
mod page;
mod tree;

pub use checkpoint::{CheckpointError, SignedLog};
pub use elsewhere::Stopped;
pub use export::AuditExport;
pub use page::{AuditFilter, AuditPage, PAGE_MAX};
pub use tree::LogHead;

/// The transaction of an act, for whoever does a part of it.
pub struct Work<'a> {
    transaction: &'a Transaction<'a>,
    addresses: &'a Key,
}

impl<'a> Work<'a> {
    pub(crate) const fn of(transaction: &'a Transaction<'a>, database: &'a Database) -> Self {
        Self { transaction, addresses: database.addresses() }
    }
}

impl Work<'_> {
    /// Writes one entry more, as where an act concerns two logs. The answer is its number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone; the act must not happen then.
    pub fn append(&self, log: Log, entry: &NewEntry) -> Result<u64, DatabaseError> {
        Ok(tree::append(self.transaction(), log, |number| {
            entry.numbered(number, |address| self.digest(log, address))
        })?)
    }

    /// Writes one entry into several logs.
    ///
    /// # Errors
    /// [`DatabaseError`] alone; the act must not happen then.
    pub fn append_to_all(&self, logs: &[Log], entry: &NewEntry) -> Result<(), DatabaseError> {
        logs.iter().try_for_each(|log| self.append(*log, entry).map(drop))
    }

    /// Takes room on the disk for all that was written so far, so that a full disk shows now. To be called before
    /// something is done that no rollback undoes.
    ///
    /// # Errors
    /// [`DatabaseError`] alone; the act must not happen then.
    pub fn reach_the_disk(&self) -> Result<(), DatabaseError> {
        Ok(self.transaction().cache_flush()?)
    }

    /// Where rows are written.
    pub(crate) fn transaction(&self) -> &Transaction<'_> {
        self.transaction
    }

    /// What stands for an e-mail address in a log: recognised by whoever has the address and asks this server, different
    /// in every log.
    fn digest(&self, log: Log, address: &str) -> String {
        let digest = self.addresses.derive(format!("log {log}").as_bytes()).digest(address.as_bytes());
        let half = &digest[..16];
        format!("hmac-sha256:{}", half.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }
}

impl fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").finish_non_exhaustive()
    }
}

impl Database {
    /// Does `work` and writes `entry` about it: both or neither. The entry is written first, and room on the disk is
    /// taken for it.
    ///
    /// # Errors
    /// Those of `work`, and [`DatabaseError`] where the entry cannot be written.
    pub fn act<T, E: From<DatabaseError>>(
        &self,
        log: Log,
        entry: &NewEntry,
        work: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.work(|of| {
            of.append(log, entry)?;
            of.reach_the_disk()?;
            work(of)
        })
    }

    /// The same where what is told of the act is known only once it was done. `work` must do nothing that a rollback does
    /// not undo: the entry is written after it.
    ///
    /// # Errors
    /// Those of `work`, and [`DatabaseError`] where the entry cannot be written.
    pub fn act_with<T, E: From<DatabaseError>>(
        &self,
        log: Log,
        mut entry: NewEntry,
        work: impl FnOnce(&Work<'_>) -> Result<(T, Details), E>,
    ) -> Result<T, E> {
        self.work(|of| {
            let (done, details) = work(of)?;
            entry.add(details);
            of.append(log, &entry)?;
            Ok(done)
        })
    }

    /// Writes `entry` about something that was not done here, such as a sign-in that was refused.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn note(&self, log: Log, entry: &NewEntry) -> Result<(), DatabaseError> {
        self.act(log, entry, |_| Ok(()))
    }

    pub(crate) fn work<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(|transaction| work(&Work::of(transaction, self)))
    }
}

#[cfg(test)]
mod tests;
