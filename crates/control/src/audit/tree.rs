//! A log's tree in rows: every entry with its hash, and every node whose subtree is complete. Adding an entry, the root at
//! any size, and proofs each take a few reads, however long the log is.

use domain::audit::{Entry, Log};
use rusqlite::{Connection, OptionalExtension, params};
use sealing::merkle::{self, Hash, Node};

use crate::{Database, DatabaseError};

/// A log as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Adds an entry, given its number. The answer is the number.
pub(super) fn append(
    transaction: &Connection,
    log: Log,
    entry: impl FnOnce(u64) -> Entry,
) -> rusqlite::Result<u64> {
    let place = entries(transaction, log)?;
    let number = place + 1;
    let text = serde_json::to_string(&entry(number)).expect("an entry is JSON");
    let leaf = merkle::leaf_hash(text.as_bytes());
    let made = merkle::completed(place, leaf, |node| read(transaction, log, node))?;
    transaction
        .prepare_cached("INSERT INTO audit_entry (log, number, entry, hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![log.0, stored(number), text, leaf])?;
    let mut insert = transaction
        .prepare_cached("INSERT INTO audit_node (log, level, place, hash) VALUES (?1, ?2, ?3, ?4)")?;
    for (node, hash) in made {
        insert.execute(params![log.0, node.level, stored(node.place), hash])?;
    }
    Ok(number)
}

/// How many entries a log has.
pub(super) fn entries(connection: &Connection, log: Log) -> rusqlite::Result<u64> {
    let mut statement = connection
        .prepare_cached("SELECT number FROM audit_entry WHERE log = ?1 ORDER BY number DESC LIMIT 1")?;
    Ok(statement.query_row([log.0], |row| row.get(0)).optional()?.map_or(0, i64::cast_unsigned))
}

fn read(connection: &Connection, log: Log, node: Node) -> rusqlite::Result<Hash> {
    if node.level == 0 {
        let mut statement =
            connection.prepare_cached("SELECT hash FROM audit_entry WHERE log = ?1 AND number = ?2")?;
        return statement.query_row(params![log.0, stored(node.place + 1)], |row| row.get(0));
    }
    let mut statement = connection
        .prepare_cached("SELECT hash FROM audit_node WHERE log = ?1 AND level = ?2 AND place = ?3")?;
    statement.query_row(params![log.0, node.level, stored(node.place)], |row| row.get(0))
}

/// A number as the database keeps it: of more than 2^63 entries there are none.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Database {
    /// How many entries a log has, and the root over them.
    ///
    /// # Errors
    /// [`DatabaseError`]; also where rows of the tree are missing.
    pub fn audit_head(&self, log: Log) -> Result<LogHead, DatabaseError> {
        let connection = self.connection();
        let size = entries(&connection, log)?;
        let root = merkle::root(size, |node| read(&connection, log, node))?;
        Ok(LogHead { size, root })
    }

    /// That the first `from` entries of a log are the beginning of its first `to`; `None` where it has not so many.
    ///
    /// # Errors
    /// [`DatabaseError`]; also where rows of the tree are missing.
    pub fn audit_consistency(
        &self,
        log: Log,
        from: u64,
        to: u64,
    ) -> Result<Option<Vec<Hash>>, DatabaseError> {
        let connection = self.connection();
        if from > to || to > entries(&connection, log)? {
            return Ok(None);
        }
        Ok(Some(merkle::consistency(from, to, |node| read(&connection, log, node))?))
    }

    /// That entry `number` is among the first `size` of a log; `None` where there is no such entry.
    ///
    /// # Errors
    /// [`DatabaseError`]; also where rows of the tree are missing.
    pub fn audit_inclusion(
        &self,
        log: Log,
        number: u64,
        size: u64,
    ) -> Result<Option<Vec<Hash>>, DatabaseError> {
        let connection = self.connection();
        if number == 0 || number > size || size > entries(&connection, log)? {
            return Ok(None);
        }
        Ok(Some(merkle::inclusion(number - 1, size, |node| read(&connection, log, node))?))
    }

    /// Every log that has an entry.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn audit_logs(&self) -> Result<Vec<Log>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT log FROM audit_entry WHERE number = 1")?;
        let logs = statement.query_map([], |row| row.get(0).map(Log))?.collect::<Result<_, _>>()?;
        Ok(logs)
    }
}
