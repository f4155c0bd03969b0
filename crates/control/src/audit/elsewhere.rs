//! Acts that another process does, which no rollback undoes. What is meant to be done is on the disk before anybody is
//! asked to do it; when it was done, the entry takes the place of the intent. An intent whose end is not known, since the
//! server was killed or the other did not answer, becomes an entry that says so.
//!
//! An intent is dropped without an entry only where it is certain that nothing was done.

use domain::audit::{Entry, Log, NewEntry};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{Work, tree};
use crate::{Database, DatabaseError};

/// The detail by which an entry says how an act ended whose end is not known.
const OUTCOME: &str = "outcome";
const INTERRUPTED: &str = "interrupted";

/// Why an act did not come back as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped<E> {
    /// It was refused, and nothing was done.
    Undone(E),
    /// Whether it was done is not known.
    Unknown(E),
}

impl<E> Stopped<E> {
    fn into_reason(self) -> E {
        match self {
            Self::Undone(reason) | Self::Unknown(reason) => reason,
        }
    }
}

impl Database {
    /// Has `act` done by another process, and then the rows and entries that follow from it. `entry` is kept as an intent
    /// for each of `logs` before, and takes its place in them only where the end of the act is not known: the entries
    /// of an act that was done are written by `then`.
    ///
    /// One process of the server at most may act so.
    ///
    /// # Errors
    /// Those of `act` and `then`, and [`DatabaseError`] where something cannot be written. What goes wrong once the act
    /// was done leaves the entry that it was interrupted.
    pub fn act_elsewhere<D, T, E: From<DatabaseError>>(
        &self,
        logs: &[Log],
        entry: &NewEntry,
        act: impl FnOnce(&Work<'_>) -> Result<D, Stopped<E>>,
        then: impl FnOnce(&Work<'_>, D) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection();
        settle(&mut connection).map_err(DatabaseError)?;
        self.intend(&mut connection, logs, entry).map_err(DatabaseError)?;
        let done = self.carry_out(&mut connection, act, then);
        done.map_err(|stopped| {
            // What cannot be settled now is when the next act begins, or at the next start.
            let _ = match stopped {
                Stopped::Undone(_) => drop_intents(&connection),
                Stopped::Unknown(_) => settle(&mut connection),
            };
            stopped.into_reason()
        })
    }

    /// Does what was meant, in the transaction that ends the intent.
    fn carry_out<D, T, E: From<DatabaseError>>(
        &self,
        connection: &mut Connection,
        act: impl FnOnce(&Work<'_>) -> Result<D, Stopped<E>>,
        then: impl FnOnce(&Work<'_>, D) -> Result<T, E>,
    ) -> Result<T, Stopped<E>> {
        let failed = |error| E::from(DatabaseError(error));
        let transaction = begin(connection).map_err(|error| Stopped::Undone(failed(error)))?;
        let work = Work { transaction: &transaction, addresses: self.addresses() };
        drop_intents(&transaction).map_err(|error| Stopped::Undone(failed(error)))?;
        let done = act(&work)?;
        let done = then(&work, done).map_err(Stopped::Unknown)?;
        transaction.commit().map_err(|error| Stopped::Unknown(failed(error)))?;
        Ok(done)
    }

    /// Writes down what was interrupted. To be called when the one process that acts begins.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn settle_intents(&self) -> Result<(), DatabaseError> {
        Ok(settle(&mut self.connection())?)
    }

    fn intend(&self, connection: &mut Connection, logs: &[Log], entry: &NewEntry) -> rusqlite::Result<()> {
        let transaction = begin(connection)?;
        let work = Work { transaction: &transaction, addresses: self.addresses() };
        for log in logs {
            let meant = entry.numbered(0, |address| work.digest(*log, address));
            let text = serde_json::to_string(&meant).expect("an entry is JSON");
            transaction
                .prepare_cached("INSERT INTO audit_intent (log, entry) VALUES (?1, ?2)")?
                .execute(params![log.0, text])?;
        }
        transaction.commit()
    }
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn drop_intents(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM audit_intent")?.execute([]).map(drop)
}

/// Makes an entry of every intent.
fn settle(connection: &mut Connection) -> rusqlite::Result<()> {
    let is_nothing = !connection.prepare_cached("SELECT 1 FROM audit_intent LIMIT 1")?.exists([])?;
    if is_nothing {
        return Ok(());
    }
    let transaction = begin(connection)?;
    let left: Vec<(u32, String)> = transaction
        .prepare("SELECT log, entry FROM audit_intent ORDER BY id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (log, text) in left {
        let mut entry: Entry = serde_json::from_str(&text)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        entry.details.insert(OUTCOME.to_owned(), INTERRUPTED.to_owned());
        tree::append(&transaction, Log(log), |number| Entry { number, ..entry })?;
    }
    drop_intents(&transaction)?;
    transaction.commit()
}
