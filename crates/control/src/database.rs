//! Opening the control database: one connection, shared by the threads of a process. The file is sealed by SQLCipher
//! under a key that the keeper gives, and is never read or written in the clear.
//!
//! Two processes open the same file, so it is kept in WAL mode, and a writer waits for the other for a while
//! before it gives up. A step up of the format is taken on a copy's safety: the file is copied first.

use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use sealing::Key;

use crate::DatabaseError;

mod cipher;
mod inventory;
mod still;

pub use still::CopyError;

/// How long a writer waits for the other process.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// How long it pauses where it must try again by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// Each step takes the format up by one, from the version that is its place in the list.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_sites_and_catalog.sql"),
    include_str!("../migrations/0002_audit.sql"),
    include_str!("../migrations/0003_people.sql"),
    include_str!("../migrations/0004_mail.sql"),
    include_str!("../migrations/0005_operators.sql"),
    include_str!("../migrations/0006_audit_intent.sql"),
    include_str!("../migrations/0007_recordings.sql"),
    include_str!("../migrations/0008_rights.sql"),
    include_str!("../migrations/0009_backups.sql"),
    include_str!("../migrations/0010_identify.sql"),
    include_str!("../migrations/0011_alias.sql"),
    include_str!("../migrations/0012_requests.sql"),
    include_str!("../migrations/0012_subscription.sql"),
    include_str!("../migrations/0013_told_notes.sql"),
    include_str!("../migrations/0014_objection.sql"),
    include_str!("../migrations/0015_consented.sql"),
    include_str!("../migrations/0016_drill_failed.sql"),
];

/// The control database, open.
pub struct Database {
    connection: Mutex<Connection>,
    /// Under what e-mail addresses are digested for audit logs.
    addresses: Key,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was written by a newer Candor.
    #[error("{path} has format {found}, newer than the {known} this version knows: run the newer version")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: usize,
        /// The newest format known here.
        known: usize,
    },
    /// The file could not be made.
    #[error("{path} could not be made")]
    Create {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was sealed under another key, or is damaged.
    #[error(
        "{path} does not open: its key is another, or it is damaged; restore the folder for keys that belongs to it, or \
         the file itself"
    )]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// It could not be sealed, or not be looked at for whether it is.
    #[error("{path} could not be sealed, and is as it was; nothing is served from it")]
    Seal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is on the disk can be read without a key.
    #[error("{path} is not sealed, though it should be; nothing is served from it")]
    Readable {
        /// The file.
        path: PathBuf,
    },
    /// This build cannot seal.
    #[error("this build has no SQLCipher, so that nothing would be sealed")]
    NoCipher,
    /// The copy that comes before a step up could not be made.
    #[error("{path} could not be copied before its format is raised")]
    Copy {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Anything else.
    #[error("{path} could not be opened")]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl Database {
    /// Whether a database rests sealed at `path`: nothing but the key it was sealed under opens it.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn is_sealed(path: &Path) -> std::io::Result<bool> {
        cipher::is_sealed(path)
    }

    /// Opens the database at `path` under `key`, making it where there is none, sealing it where an older Candor left
    /// it readable, and raising its format where it is older.
    ///
    /// # Errors
    /// [`OpenError`] names the file and says why.
    pub fn open(path: &Path, key: &Key) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Database { path: path.to_owned(), source };
        make_private(path).map_err(|source| OpenError::Create { path: path.to_owned(), source })?;
        cipher::seal_if_readable(path, key)?;
        let mut connection = Connection::open(path).map_err(failed)?;
        cipher::unlock(&connection, path, key)?;
        prepare(&connection).map_err(failed)?;
        let found = format_of(&connection).map_err(failed)?;
        if found > STEPS.len() {
            return Err(OpenError::Newer { path: path.to_owned(), found, known: STEPS.len() });
        }
        if found > 0 && found < STEPS.len() {
            copy_first(&connection, path, found)?;
        }
        step_up(&mut connection).map_err(failed)?;
        cipher::assert_sealed(path)?;
        Ok(Self { connection: Mutex::new(connection), addresses: key.derive(b"candor audit addresses") })
    }

    /// Deletes the copies that were made before the format of the database at `path` was raised, as they hold what was deleted
    /// from it since.
    ///
    /// # Errors
    /// What the file system says.
    pub fn delete_copies(path: &Path) -> std::io::Result<()> {
        for copy in (1..=STEPS.len()).map(|format| copy_of(path, format)) {
            match std::fs::remove_file(copy) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The connection, for the length of one call.
    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere cannot leave a transaction open: dropping one rolls it back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Under what e-mail addresses are digested for audit logs.
    pub(crate) const fn addresses(&self) -> &Key {
        &self.addresses
    }

    /// Runs `work` in one transaction that begins by taking the write lock, and commits it when it succeeds.
    pub(crate) fn transact<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(DatabaseError)?;
        let outcome = work(&transaction)?;
        transaction.commit().map_err(DatabaseError)?;
        Ok(outcome)
    }
}

/// Makes the file where there is none, for this account alone; SQLite gives its companions the same rights.
fn make_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(WAIT_MAX)?;
    enter_wal(connection)?;
    // What a commit says is on the disk must be: a segment's source is deleted after it is published.
    connection.pragma_update(None, "synchronous", "full")?;
    // What is deleted leaves nothing behind in the file, for whoever has its key.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Two processes that open a fresh database at once get into each other's way here, and SQLite, which cannot know
/// that neither will stay in it, refuses one of them at once instead of letting it wait.
fn enter_wal(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error) if is_busy(&error) && begun.elapsed() < WAIT_MAX => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

fn format_of(connection: &Connection) -> rusqlite::Result<usize> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))
        .map(|version| version as usize)
}

fn copy_first(connection: &Connection, path: &Path, found: usize) -> Result<(), OpenError> {
    let failed = |source| OpenError::Copy { path: path.to_owned(), source };
    let copy = copy_of(path, found + 1);
    if copy.exists() {
        return Ok(());
    }
    connection
        .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
        .map_err(|error| failed(std::io::Error::other(error)))?;
    Ok(())
}

/// Where a copy is that was made before the format was raised to this one.
fn copy_of(path: &Path, format: usize) -> PathBuf {
    path.with_extension(format!("before-{format}.db"))
}

/// Takes all steps that are left in one transaction; another process may have taken them meanwhile.
fn step_up(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = format_of(&transaction)?;
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len().max(found) as u32)?;
    transaction.commit()
}

#[cfg(test)]
mod tests;
