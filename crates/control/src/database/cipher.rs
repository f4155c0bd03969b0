//! The key of the file, and proof that it is used.
//!
//! A library without SQLCipher takes every key and writes in the clear, and SQLCipher looks at a key only when it first
//! reads: so the version of the cipher, the first read and the file itself are all looked at before anything is served.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sealing::Key;
use zeroize::Zeroizing;

use super::OpenError;

/// How every SQLite file begins that is not sealed.
const READABLE: &[u8] = b"SQLite format 3\0";

/// Gives the connection its key, and reads something with it.
pub(super) fn unlock(connection: &Connection, path: &Path, key: &Key) -> Result<(), OpenError> {
    let failed = |source| OpenError::Database { path: path.to_owned(), source };
    let version: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    if version.is_none_or(|version| version.is_empty()) {
        return Err(OpenError::NoCipher);
    }
    let statement = Zeroizing::new(format!("PRAGMA key = \"{}\"", *literal(key)));
    connection.execute_batch(&statement).map_err(failed)?;
    let read = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    match read {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(OpenError::Closed { path: path.to_owned() })
        }
        outcome => outcome.map(drop).map_err(failed),
    }
}

/// Fails where the file on the disk can be read without a key.
pub(super) fn assert_sealed(path: &Path) -> Result<(), OpenError> {
    match is_readable(path) {
        Ok(false) => Ok(()),
        Ok(true) => Err(OpenError::Readable { path: path.to_owned() }),
        Err(source) => Err(OpenError::Seal { path: path.to_owned(), source }),
    }
}

/// Seals a file that a Candor before the keeper left: into a copy, which then takes its place. Killed at any moment, it
/// leaves the one or the other, whole. Two processes that open the file at once wait for each other.
pub(super) fn seal_if_readable(path: &Path, key: &Key) -> Result<(), OpenError> {
    let failed = |source| OpenError::Seal { path: path.to_owned(), source };
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(beside(path, "sealing.lock"))
        .map_err(failed)?;
    lock.lock().map_err(failed)?;
    if !is_readable(path).map_err(failed)? {
        return Ok(());
    }
    let copy = beside(path, "sealing");
    remove(&copy).map_err(failed)?;
    let database = |source| OpenError::Database { path: path.to_owned(), source };
    export(path, &copy, key).map_err(database)?;
    File::open(&copy).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&copy, path).map_err(failed)?;
    // What they held is in the copy; with the sealed file they mean nothing.
    remove(&beside(path, "wal")).map_err(failed)?;
    remove(&beside(path, "shm")).map_err(failed)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()).map_err(failed)
}

fn export(path: &Path, copy: &Path, key: &Key) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let named = copy.to_string_lossy();
    connection.execute("ATTACH DATABASE ?1 AS sealed KEY ?2", [&*named, literal(key).as_str()])?;
    connection.query_row("SELECT sqlcipher_export('sealed')", [], |_| Ok(()))?;
    connection.execute_batch(&format!("PRAGMA sealed.user_version = {version}; DETACH DATABASE sealed"))
}

/// Whether there is a file at `path` that only its key can open.
pub(super) fn is_sealed(path: &Path) -> io::Result<bool> {
    match head(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        head => head.map(|head| !head.is_empty() && head != READABLE),
    }
}

fn is_readable(path: &Path) -> io::Result<bool> {
    Ok(head(path)? == READABLE)
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(READABLE.len() as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// `control.db-wal` for `control.db`.
fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{what}"));
    path.with_file_name(name)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A key as SQLCipher takes one that is no passphrase.
fn literal(key: &Key) -> Zeroizing<String> {
    Zeroizing::new(format!("x'{}'", *key.hex()))
}
