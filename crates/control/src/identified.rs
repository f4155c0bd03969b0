//! What visitors are beside what they did: their keys and what is sealed under them, and the names that were left out. What
//! a key or a sealed value is, whoever seals knows; here it is opaque, and nothing of it can be read.

use domain::{AttributeName, ReceiptId, SiteId, Timestamp, VisitorId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{Database, DatabaseError, Work};

/// Names that are remembered of those a site does not declare.
pub const LEFT_OUT_NAMES_MAX: u32 = 200;

/// An attribute as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeRow {
    /// What it is called.
    pub name: AttributeName,
    /// When it was said last.
    pub at: Timestamp,
    /// What it says, sealed.
    pub sealed: Vec<u8>,
    /// The consent without which it is not kept, if it needs one: it goes when that is withdrawn.
    pub receipt: Option<ReceiptId>,
}

/// What is kept of a visitor beside what they did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentifiedRow {
    /// Their key, wrapped; none of somebody nothing is kept of.
    pub key: Option<Vec<u8>>,
    /// What they are, by name.
    pub attributes: Vec<AttributeRow>,
}

/// A name that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of its name")]
pub struct LeftOutRow {
    pub name: String,
    pub count: u64,
    pub last_at: Timestamp,
}

impl Database {
    /// What is kept of a visitor.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn identified(&self, site: SiteId, visitor: VisitorId) -> Result<IdentifiedRow, DatabaseError> {
        let connection = self.connection();
        let key = connection
            .prepare_cached("SELECT wrapped FROM visitor_key WHERE site = ?1 AND visitor = ?2")?
            .query_row(params![site.0, bytes_of(visitor)], |row| row.get(0))
            .optional()?;
        let mut statement = connection.prepare_cached(
            "SELECT name, at, sealed, receipt FROM attribute WHERE site = ?1 AND visitor = ?2 ORDER BY name",
        )?;
        let rows = statement.query_map(params![site.0, bytes_of(visitor)], read_attribute)?;
        Ok(IdentifiedRow { key, attributes: rows.collect::<Result<_, _>>()? })
    }

    /// The names that were left out at a site, most frequent first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn left_out_attributes(&self, site: SiteId) -> Result<Vec<LeftOutRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT name, count, last_at FROM left_out_attribute WHERE site = ?1 ORDER BY count DESC, name",
        )?;
        let rows = statement.query_map([site.0], |row| {
            Ok(LeftOutRow {
                name: row.get(0)?,
                count: row.get::<_, i64>(1)?.cast_unsigned(),
                last_at: Timestamp(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Does in one transaction what is no act of anybody who signs in: what sites and pages send of visitors is in no log.
    ///
    /// # Errors
    /// Those of `work`, and [`DatabaseError`]; nothing is done then.
    pub fn keep<T, E: From<DatabaseError>>(
        &self,
        work: impl FnOnce(&Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.work(work)
    }
}

impl Work<'_> {
    /// Whether there is such a site still.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_site(&self, site: SiteId) -> Result<bool, DatabaseError> {
        Ok(self.transaction().prepare_cached("SELECT 1 FROM site WHERE id = ?1")?.exists([site.0])?)
    }

    /// A visitor's key, wrapped.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn visitor_key(&self, site: SiteId, visitor: VisitorId) -> Result<Option<Vec<u8>>, DatabaseError> {
        let mut statement = self
            .transaction()
            .prepare_cached("SELECT wrapped FROM visitor_key WHERE site = ?1 AND visitor = ?2")?;
        Ok(statement.query_row(params![site.0, bytes_of(visitor)], |row| row.get(0)).optional()?)
    }

    /// Gives a visitor without a key one. Whatever was sealed under a key that is gone goes as well.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_visitor_key(
        &self,
        site: SiteId,
        visitor: VisitorId,
        wrapped: &[u8],
    ) -> Result<(), DatabaseError> {
        let visitor = bytes_of(visitor);
        self.transaction()
            .prepare_cached("DELETE FROM attribute WHERE site = ?1 AND visitor = ?2")?
            .execute(params![site.0, visitor])?;
        self.transaction()
            .prepare_cached("INSERT INTO visitor_key (site, visitor, wrapped) VALUES (?1, ?2, ?3)")?
            .execute(params![site.0, visitor, wrapped])?;
        Ok(())
    }

    /// Keeps an attribute, in the place of what it said before.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn put_attribute(
        &self,
        site: SiteId,
        visitor: VisitorId,
        row: &AttributeRow,
    ) -> Result<(), DatabaseError> {
        self.transaction()
            .prepare_cached(
                "INSERT OR REPLACE INTO attribute (site, visitor, name, at, sealed, receipt)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                site.0,
                bytes_of(visitor),
                row.name.as_str(),
                row.at.0,
                row.sealed,
                row.receipt.map(|receipt| receipt.as_u128().to_be_bytes())
            ])?;
        Ok(())
    }

    /// Keeps an attribute no longer; whether it was kept.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_attribute(
        &self,
        site: SiteId,
        visitor: VisitorId,
        name: &AttributeName,
    ) -> Result<bool, DatabaseError> {
        let removed = self
            .transaction()
            .prepare_cached("DELETE FROM attribute WHERE site = ?1 AND visitor = ?2 AND name = ?3")?
            .execute(params![site.0, bytes_of(visitor), name.as_str()])?;
        Ok(removed > 0)
    }

    /// Counts a name that was left out. Of more names than are remembered none is added.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn count_left_out(&self, site: SiteId, name: &str, at: Timestamp) -> Result<(), DatabaseError> {
        self.transaction()
            .prepare_cached(
                "INSERT INTO left_out_attribute (site, name, count, last_at) SELECT ?1, ?2, 1, ?3
                 WHERE (SELECT count(*) FROM left_out_attribute WHERE site = ?1) < ?4
                    OR EXISTS (SELECT 1 FROM left_out_attribute WHERE site = ?1 AND name = ?2)
                 ON CONFLICT (site, name) DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at)",
            )?
            .execute(params![site.0, name, at.0, LEFT_OUT_NAMES_MAX])?;
        Ok(())
    }

    /// Lets go of all that is kept of a visitor beside what they did: the key, what is sealed under it, and the receipts.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_identified_of(&self, site: SiteId, visitor: VisitorId) -> Result<(), DatabaseError> {
        for statement in [
            "DELETE FROM visitor_key WHERE site = ?1 AND visitor = ?2",
            "DELETE FROM attribute WHERE site = ?1 AND visitor = ?2",
            // What became somebody else's and was kept by a consent of theirs.
            "DELETE FROM attribute WHERE site = ?1 AND receipt IN
                 (SELECT id FROM consent WHERE site = ?1 AND visitor = ?2)",
            "DELETE FROM consent WHERE site = ?1 AND visitor = ?2",
        ] {
            self.transaction().execute(statement, params![site.0, bytes_of(visitor)])?;
        }
        Ok(())
    }
}

pub(crate) fn bytes_of(visitor: VisitorId) -> [u8; 16] {
    visitor.as_u128().to_be_bytes()
}

fn read_attribute(row: &Row<'_>) -> rusqlite::Result<AttributeRow> {
    let name: String = row.get(0)?;
    let name = AttributeName::try_from(name).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })?;
    let receipt: Option<[u8; 16]> = row.get(3)?;
    let receipt = receipt.map(|bytes| ReceiptId::from_u128(u128::from_be_bytes(bytes)));
    Ok(AttributeRow { name, at: Timestamp(row.get(1)?), sealed: row.get(2)?, receipt })
}

#[cfg(test)]
mod tests;
