//! The database at one moment, for a backup: copied while every writer waits, and then freed of what no backup holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::SiteId;
use rusqlite::Connection;
use sealing::Key;

use super::cipher;
use super::inventory::{Leaves, TABLES};
use crate::{Database, DatabaseError};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A file could not be copied.
    #[error("{path} could not be copied: {error}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The copy does not open.
    #[error(transparent)]
    Open(#[from] super::OpenError),
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Database {
    /// Holds back everybody who would write, copies the database to `copy` as it is on the disk, and has `meanwhile` take
    /// what belongs to the same moment. Readers go on. Whoever writes waits, so that `meanwhile` must be short.
    ///
    /// # Errors
    /// [`CopyError`], and those of `meanwhile`.
    pub fn copy_still<T, E: From<CopyError>>(
        &self,
        copy: &Path,
        meanwhile: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection();
        let path = PathBuf::from(connection.path().unwrap_or_default());
        let held = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(CopyError::from)?;
        // A checkpoint that another process has begun may go on: whatever it writes into the file is in the log as well, and
        // nobody begins the log anew but a writer.
        for end in ["", "-wal"] {
            copy_if_there(&with_end(&path, end), &with_end(copy, end))?;
        }
        let taken = meanwhile();
        held.rollback().map_err(CopyError::from)?;
        taken
    }

    /// All objects of recordings that are listed, by site: parts, and dictionaries that hold something.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn listed_recording_objects(&self) -> Result<Vec<(SiteId, String)>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare(
            "SELECT site, object FROM recording_part UNION SELECT site, object FROM recording_dictionary WHERE empty = 0",
        )?;
        let listed = statement.query_map([], |row| Ok((SiteId(row.get(0)?), row.get(1)?)))?;
        Ok(listed.collect::<Result<_, _>>()?)
    }

    /// Makes of a copy one file at `into`, without the rows that no backup holds, and deletes the copy. `into` must not
    /// exist.
    ///
    /// # Errors
    /// [`CopyError`].
    pub fn settle_copy(copy: &Path, key: &Key, into: &Path) -> Result<(), CopyError> {
        {
            let connection = Connection::open(copy)?;
            cipher::unlock(&connection, copy, key)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            for (table, leaves) in TABLES {
                let which = match leaves {
                    Leaves::Whole | Leaves::WithItsOwner => continue,
                    // Nothing is listed that would not be there.
                    Leaves::OfRecordings => {
                        "WHERE site NOT IN (SELECT id FROM site WHERE recording_in_backups = 1)"
                    }
                    Leaves::Nothing(_) => "",
                };
                connection.execute(&format!("DELETE FROM {table} {which}"), [])?;
            }
            // Only what is live goes along: of a row that was deleted nothing is left in the new file.
            connection.execute("VACUUM INTO ?1", [into.to_string_lossy()])?;
        }
        cipher::assert_sealed(into)?;
        for end in ["", "-wal", "-shm"] {
            remove_if_there(&with_end(copy, end))?;
        }
        Ok(())
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn copy_if_there(from: &Path, to: &Path) -> Result<(), CopyError> {
    match fs::copy(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(CopyError::Disk { path: from.to_owned(), error })
        }
        _ => Ok(()),
    }
}

fn remove_if_there(path: &Path) -> Result<(), CopyError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(CopyError::Disk { path: path.to_owned(), error })
        }
        _ => Ok(()),
    }
}
