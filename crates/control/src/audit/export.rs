//! A log as the file that anybody checks without the server, a part at a time.

use std::ops::Deref;

use domain::audit::Log;
use rusqlite::params;
use sealing::audit_file::{entry_line, first_line, last_line};
use sealing::merkle::Hash;
use sealing::{Origin, Signer};

use super::checkpoint::CheckpointError;
use super::tree;
use crate::{Database, DatabaseError};

/// Entries of a part.
const PART: u64 = 500;

/// The file of a log, part by part.
pub struct AuditExport<D> {
    database: D,
    log: Log,
    /// The entry after which the next part begins.
    after: u64,
    /// The last entry.
    size: u64,
    first: Option<String>,
    last: Option<String>,
}

impl<D: Deref<Target = Database>> AuditExport<D> {
    /// Begins with what `log` is now, signed. A log that the keeper does not sign, since it is not a continuation of what
    /// was signed or rows of it are gone, is given without a checkpoint: what is wrong with it is to be seen.
    ///
    /// # Errors
    /// Where the keeper does not answer, or the database fails.
    pub fn begin(database: D, keeper: &dyn Signer, log: Log) -> Result<Self, CheckpointError> {
        let (origin, key, size, note) = match database.audit_checkpoint(keeper, log) {
            Ok(signed) => (signed.origin, signed.key, signed.size, Some(signed.note)),
            Err(CheckpointError::Parted { .. } | CheckpointError::Missing { .. }) => {
                let last = keeper.last_checkpoint(log)?;
                let size = tree::entries(&database.connection(), log)
                    .map_err(|error| CheckpointError::Database(DatabaseError(error)))?;
                (Origin::of(last.environment, log.0), last.key, size, None)
            }
            Err(error) => return Err(error),
        };
        let first = Some(first_line(&origin, log.0, &key));
        Ok(Self { database, log, after: 0, size, first, last: note.as_deref().map(last_line) })
    }

    /// How many entries it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    fn part(&mut self) -> Result<String, DatabaseError> {
        let connection = self.database.connection();
        let mut statement = connection.prepare_cached(
            "SELECT hash, entry FROM audit_entry WHERE log = ?1 AND number > ?2 AND number <= ?3 ORDER BY number",
        )?;
        let end = self.size.min(self.after + PART);
        let read = |row: &rusqlite::Row<'_>| {
            let (hash, entry): (Hash, String) = (row.get(0)?, row.get(1)?);
            Ok(entry_line(&hash, &entry))
        };
        let lines =
            statement.query_map(params![self.log.0, tree::stored(self.after), tree::stored(end)], read)?;
        let part = lines.collect::<Result<_, _>>()?;
        self.after = end;
        Ok(part)
    }
}

impl<D: Deref<Target = Database>> Iterator for AuditExport<D> {
    type Item = Result<String, DatabaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.first.take() {
            Some(first) => Some(Ok(first)),
            None if self.after < self.size => Some(self.part()),
            None => self.last.take().map(Ok),
        }
    }
}
