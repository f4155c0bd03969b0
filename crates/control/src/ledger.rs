//! The ledger of payments and invoices: what the law wants kept when everything else of an organization is removed, and not more.
//! Each entry is sealed under the ledger's own key, bound to its number. A ledger only grows.

use domain::{OrganizationId, Rng, Timestamp};
use rusqlite::params;
use sealing::Key;
use serde::{Deserialize, Serialize};

use crate::{Database, DatabaseError, Work};

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LedgerKind {
    Invoice,
    Payment,
}

/// A payment or an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Which of both.
    pub kind: LedgerKind,
    /// Whose.
    pub organization: OrganizationId,
    /// Its number in the books, in the words of whoever keeps them.
    pub reference: String,
    /// How much, in the smallest unit of the currency.
    pub amount: i64,
    /// In which, by its three letters.
    pub currency: String,
    /// When.
    pub at: Timestamp,
}

/// Why the ledger cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// An entry does not open: it was altered, or sealed under another key.
    #[error("entry {0} of the ledger does not open: it was altered, or the key is another")]
    Closed(i64),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Database {
    /// Every entry and its number, in order.
    ///
    /// # Errors
    /// [`LedgerError`]; nothing is left out.
    pub fn ledger(&self, key: &Key) -> Result<Vec<(i64, LedgerEntry)>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT number, sealed FROM ledger ORDER BY number")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        rows.map(|row| {
            let (number, sealed) = row?;
            let opened = sealing::unseal_bytes(&sealed, key, &label(number));
            let entry = opened.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            Ok((number, entry.ok_or(LedgerError::Closed(number))?))
        })
        .collect()
    }
}

impl Work<'_> {
    /// Writes an entry into the ledger; its number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_to_ledger(&self, key: &Key, entry: &LedgerEntry, rng: &dyn Rng) -> Result<i64, DatabaseError> {
        // The number it is bound to is known once there is a row.
        self.run("INSERT INTO ledger (sealed) VALUES (x'')", params![])?;
        let number = self.transaction().last_insert_rowid();
        let bytes = serde_json::to_vec(entry).expect("an entry is texts and numbers");
        let sealed = sealing::seal_bytes(&bytes, key, &label(number), rng);
        self.run("UPDATE ledger SET sealed = ?2 WHERE number = ?1", params![number, sealed])?;
        Ok(number)
    }
}

fn label(number: i64) -> Vec<u8> {
    format!("candor ledger {number}").into_bytes()
}

#[cfg(test)]
mod tests;
