//! Who objected to being measured. It holds for every id of theirs, and is kept by each: where ids are parted, or where what was
//! said of them is forgotten because their visitor is erased, it holds for all of them as before.

use domain::{SiteId, Timestamp, VisitorId};
use rusqlite::{Connection, Row, params};

use crate::aliases::{THIS_ONE, everybody};
use crate::recordings::{bytes_of, visitor};
use crate::{Database, DatabaseError, Work};

/// Ids of a site by which visitors object: whoever objects does by each of theirs.
pub const OBJECTED_OF_SITE_MAX: u64 = 10_000;
/// The same of all sites: the edge is told of all of them at once, and keeps them in memory.
pub const OBJECTED_MAX: u64 = 500_000;

/// Why nobody more may object.
#[derive(Debug, thiserror::Error)]
pub enum ObjectionError {
    /// The site has as many as it may.
    #[error(
        "visitors of a site may object by {OBJECTED_OF_SITE_MAX} ids, and this one's have: end an objection, or restrict and erase"
    )]
    TooManyOfSite,
    /// All sites together have.
    #[error("visitors may object by {OBJECTED_MAX} ids on one server, and they have: ask whoever runs it")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Selects, by site, all ids of those who objected: the visitor to whom an id leads, and all ids that lead there.
const OBJECTED: &str = "WITH RECURSIVE
    up (site, visitor) AS (SELECT site, visitor FROM objection
        UNION SELECT up.site, to_visitor FROM up JOIN alias ON alias.site = up.site AND from_visitor = up.visitor),
    who (site, visitor) AS (SELECT site, visitor FROM up
        UNION SELECT who.site, from_visitor FROM who JOIN alias ON alias.site = who.site AND to_visitor = who.visitor)
    SELECT site, visitor FROM who";

impl Database {
    /// Everybody who objected, by site: each by every id of theirs.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn objected(&self) -> Result<Vec<(SiteId, VisitorId)>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(OBJECTED)?;
        let rows = statement.query_map([], |row| Ok((SiteId(row.get(0)?), visitor(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a visitor objected, by whichever id.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_objected(&self, site: SiteId, who: VisitorId) -> Result<bool, DatabaseError> {
        Ok(has_objected(&self.connection(), site, who)?)
    }
}

impl Work<'_> {
    /// What [`Database::has_objected`] says, within the act.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_objected(&self, site: SiteId, who: VisitorId) -> Result<bool, DatabaseError> {
        Ok(has_objected(self.transaction(), site, who)?)
    }

    /// Writes down that a visitor objects, by every id that is theirs now; whether that is new.
    ///
    /// # Errors
    /// [`ObjectionError`] says why nobody more may.
    pub fn add_objection(
        &self,
        site: SiteId,
        who: VisitorId,
        now: Timestamp,
    ) -> Result<bool, ObjectionError> {
        let is_new = !self.has_objected(site, who)?;
        if is_new {
            self.may_object(site, self.ids_of(site, who)?.len() as u64)?;
        }
        self.put_objection(site, who, now)?;
        Ok(is_new)
    }

    /// Whether so many ids more may object.
    pub(crate) fn may_object(&self, site: SiteId, more: u64) -> Result<(), ObjectionError> {
        let counted = format!("SELECT count(*) FILTER (WHERE site = ?1), count(*) FROM ({OBJECTED})");
        let counts = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let counted = self
            .transaction()
            .prepare_cached(&counted)
            .and_then(|mut statement| statement.query_row([site.0], counts));
        let (of_site, of_all) = counted.map_err(DatabaseError::from)?;
        fits(of_site.cast_unsigned() + more, of_all.cast_unsigned() + more)
    }

    fn put_objection(&self, site: SiteId, who: VisitorId, now: Timestamp) -> Result<(), DatabaseError> {
        for id in self.ids_of(site, who)? {
            self.transaction()
                .prepare_cached(
                    "INSERT INTO objection (site, visitor, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![site.0, bytes_of(id), now.0])?;
        }
        Ok(())
    }

    /// A visitor objects no longer, by whichever of the ids that was said; whether they did.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn end_objection(&self, site: SiteId, who: VisitorId) -> Result<bool, DatabaseError> {
        let statement =
            format!("DELETE FROM objection WHERE site = ?1 AND visitor IN ({})", everybody(THIS_ONE));
        let ended = self.transaction().prepare_cached(&statement)?.execute(params![site.0, bytes_of(who)])?;
        Ok(ended > 0)
    }

    /// Has an objection hold for each id by itself, before it is forgotten which of them are one visitor's: no more ids object by it.
    pub(crate) fn keep_objection_of(
        &self,
        site: SiteId,
        who: VisitorId,
        now: Timestamp,
    ) -> Result<(), DatabaseError> {
        if self.has_objected(site, who)? {
            self.put_objection(site, who, now)?;
        }
        Ok(())
    }
}

const fn fits(of_site: u64, of_all: u64) -> Result<(), ObjectionError> {
    if of_site > OBJECTED_OF_SITE_MAX {
        return Err(ObjectionError::TooManyOfSite);
    }
    if of_all > OBJECTED_MAX { Err(ObjectionError::TooMany) } else { Ok(()) }
}

fn has_objected(connection: &Connection, site: SiteId, who: VisitorId) -> rusqlite::Result<bool> {
    let statement =
        format!("SELECT 1 FROM objection WHERE site = ?1 AND visitor IN ({})", everybody(THIS_ONE));
    connection.prepare_cached(&statement)?.exists(params![site.0, bytes_of(who)])
}

#[cfg(test)]
mod tests;
