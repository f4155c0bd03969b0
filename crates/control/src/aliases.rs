//! Which ids are one visitor, and which visitors are in no report. What was said is kept as it was said, an id leading to the
//! next; what follows from it, `events` works out when it counts.
//!
//! Nothing is ever in a ring: what would make one is refused.

use std::collections::BTreeMap;

use domain::{SiteId, Timestamp, VisitorId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::objections::ObjectionError;
use crate::recordings::{bytes_of, visitor};
use crate::{Database, DatabaseError, Work};

/// How many ids one visitor may have.
pub const IDS_OF_ONE_MAX: u64 = 1_000;
/// How many ids of a site may lead to another.
pub const ALIASES_MAX: u64 = 1_000_000;

/// What was said of a site's visitors, of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AliasRows {
    /// Changes with every change of what follows; 0 as long as nothing was said of anybody.
    pub version: u64,
    /// The first of each two leads to the second.
    pub merged: Vec<(VisitorId, VisitorId)>,
    /// They and all their ids are in no report.
    pub restricted: Vec<VisitorId>,
}

/// Why two ids do not become one visitor.
#[derive(Debug, thiserror::Error)]
pub enum AliasError {
    /// They are the same.
    #[error("an id cannot lead to itself")]
    Itself,
    /// It leads to another already, and an id leads to one.
    #[error("this id is another visitor's already")]
    Taken,
    /// The second is the first already.
    #[error("these are one visitor already, the other way round")]
    Ring,
    /// The visitor would have too many.
    #[error("one visitor may have {IDS_OF_ONE_MAX} ids")]
    TooManyOfOne,
    /// The site has as many as it may.
    #[error("{ALIASES_MAX} ids of a site may lead to another")]
    TooMany,
    /// One of them objects, and so would both.
    #[error(transparent)]
    Objecting(ObjectionError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<ObjectionError> for AliasError {
    fn from(error: ObjectionError) -> Self {
        match error {
            ObjectionError::Database(error) => Self::Database(error),
            error => Self::Objecting(error),
        }
    }
}

impl From<rusqlite::Error> for AliasError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A query of every id of the visitors whom `start` selects: those to whom they lead, and all who lead there. The site is `?1`.
pub(crate) fn everybody(start: &str) -> String {
    format!(
        "WITH RECURSIVE
         up (visitor) AS ({start}
             UNION SELECT to_visitor FROM alias JOIN up ON site = ?1 AND from_visitor = up.visitor),
         everybody (visitor) AS (SELECT visitor FROM up
             UNION SELECT from_visitor FROM alias JOIN everybody ON site = ?1 AND to_visitor = everybody.visitor)
         SELECT visitor FROM everybody"
    )
}

/// Selects who was restricted, by any id.
pub(crate) const RESTRICTED: &str = "SELECT visitor FROM restriction WHERE site = ?1";
/// Selects the one visitor `?2`.
pub(crate) const THIS_ONE: &str = "SELECT ?2";

impl Database {
    /// What was said of a site's visitors.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn aliases(&self, site: SiteId) -> Result<AliasRows, DatabaseError> {
        let mut connection = self.connection();
        // One transaction, so that all of it is of one moment.
        let reading = connection.transaction()?;
        let version = reading
            .prepare_cached("SELECT version FROM alias_version WHERE site = ?1")?
            .query_row([site.0], |row| row.get::<_, i64>(0))
            .optional()?;
        let merged = reading
            .prepare_cached("SELECT from_visitor, to_visitor FROM alias WHERE site = ?1")?
            .query_map([site.0], |row| Ok((visitor(row, 0)?, visitor(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        let restricted = reading
            .prepare_cached(RESTRICTED)?
            .query_map([site.0], |row| visitor(row, 0))?
            .collect::<Result<_, _>>()?;
        Ok(AliasRows { version: version.unwrap_or_default().cast_unsigned(), merged, restricted })
    }

    /// Every id of the visitor who has this one: it, the one it leads to, and all that lead there.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn ids_of(&self, site: SiteId, who: VisitorId) -> Result<Vec<VisitorId>, DatabaseError> {
        Ok(ids_of(&self.connection(), site, who)?)
    }

    /// To which id each of these leads that leads to another.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn links_among(
        &self,
        site: SiteId,
        ids: &[VisitorId],
    ) -> Result<BTreeMap<VisitorId, VisitorId>, DatabaseError> {
        let connection = self.connection();
        let link = |id: &VisitorId| Ok(leads_to(&connection, site, *id)?.map(|to| (*id, to)));
        ids.iter().filter_map(|id| link(id).transpose()).collect()
    }

    /// Whether a visitor is in no report, by whichever id that was said.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn is_restricted(&self, site: SiteId, who: VisitorId) -> Result<bool, DatabaseError> {
        Ok(is_restricted(&self.connection(), site, who)?)
    }
}

impl Work<'_> {
    /// What [`Database::ids_of`] says, within the act.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn ids_of(&self, site: SiteId, who: VisitorId) -> Result<Vec<VisitorId>, DatabaseError> {
        Ok(ids_of(self.transaction(), site, who)?)
    }

    /// To which id this one leads, if to another.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn leads_to(&self, site: SiteId, who: VisitorId) -> Result<Option<VisitorId>, DatabaseError> {
        Ok(leads_to(self.transaction(), site, who)?)
    }

    /// Makes all that is known of `from` the visitor's to whom `to` belongs; whether that is new. Nothing that is kept changes,
    /// so that [`Self::remove_alias`] leaves everything as it was.
    ///
    /// # Errors
    /// [`AliasError`] says why it may not be.
    pub fn add_alias(
        &self,
        site: SiteId,
        (from, to): (VisitorId, VisitorId),
        now: Timestamp,
    ) -> Result<bool, AliasError> {
        let transaction = self.transaction();
        if from == to {
            return Err(AliasError::Itself);
        }
        if let Some(known) = leads_to(transaction, site, from)? {
            return if known == to { Ok(false) } else { Err(AliasError::Taken) };
        }
        let of_from = ids_of(transaction, site, from)?;
        let of_to = ids_of(transaction, site, to)?;
        if of_from.contains(&to) {
            return Err(AliasError::Ring);
        }
        if (of_from.len() + of_to.len()) as u64 > IDS_OF_ONE_MAX {
            return Err(AliasError::TooManyOfOne);
        }
        if count(transaction, site)? >= ALIASES_MAX {
            return Err(AliasError::TooMany);
        }
        match (self.has_objected(site, from)?, self.has_objected(site, to)?) {
            (true, false) => self.may_object(site, of_to.len() as u64)?,
            (false, true) => self.may_object(site, of_from.len() as u64)?,
            (true, true) | (false, false) => {}
        }
        transaction
            .prepare_cached("INSERT INTO alias (site, from_visitor, to_visitor, at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![site.0, bytes_of(from), bytes_of(to), now.0])?;
        changed(transaction, site, 1)?;
        Ok(true)
    }

    /// Makes what came as `from` its own visitor's again, with all that leads there; whose it was, if anybody's.
    ///
    /// Where the visitor was restricted or objected, both are or do: whoever asked not to be counted is not counted by being
    /// parted.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_alias(
        &self,
        site: SiteId,
        from: VisitorId,
        now: Timestamp,
    ) -> Result<Option<VisitorId>, DatabaseError> {
        let transaction = self.transaction();
        let Some(to) = leads_to(transaction, site, from)? else { return Ok(None) };
        if is_restricted(transaction, site, from)? {
            restrict(transaction, site, from, now)?;
            restrict(transaction, site, to, now)?;
        }
        self.keep_objection_of(site, from, now)?;
        transaction
            .prepare_cached("DELETE FROM alias WHERE site = ?1 AND from_visitor = ?2")?
            .execute(params![site.0, bytes_of(from)])?;
        changed(transaction, site, -1)?;
        Ok(Some(to))
    }

    /// Takes a visitor out of all reports and lists, and keeps everything; whether that is new.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn restrict_visitor(
        &self,
        site: SiteId,
        who: VisitorId,
        now: Timestamp,
    ) -> Result<bool, DatabaseError> {
        if is_restricted(self.transaction(), site, who)? {
            return Ok(false);
        }
        restrict(self.transaction(), site, who, now)?;
        changed(self.transaction(), site, 0)?;
        Ok(true)
    }

    /// Lets a visitor be in reports again, by whichever of the ids it was taken out; whether it was.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn unrestrict_visitor(&self, site: SiteId, who: VisitorId) -> Result<bool, DatabaseError> {
        let statement =
            format!("DELETE FROM restriction WHERE site = ?1 AND visitor IN ({})", everybody(THIS_ONE));
        let removed =
            self.transaction().prepare_cached(&statement)?.execute(params![site.0, bytes_of(who)])?;
        if removed > 0 {
            changed(self.transaction(), site, 0)?;
        }
        Ok(removed > 0)
    }

    /// Forgets whatever was said of one id. Where a visitor has several, each is to be forgotten, and which they are is to be
    /// asked before ([`Database::ids_of`]).
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_aliases_of(&self, site: SiteId, who: VisitorId) -> Result<(), DatabaseError> {
        let transaction = self.transaction();
        let parameters = params![site.0, bytes_of(who)];
        let parted = transaction
            .execute("DELETE FROM alias WHERE site = ?1 AND ?2 IN (from_visitor, to_visitor)", parameters)?;
        let freed =
            transaction.execute("DELETE FROM restriction WHERE site = ?1 AND visitor = ?2", parameters)?;
        if parted + freed > 0 {
            changed(transaction, site, -(parted as i64))?;
        }
        Ok(())
    }
}

fn leads_to(connection: &Connection, site: SiteId, who: VisitorId) -> rusqlite::Result<Option<VisitorId>> {
    connection
        .prepare_cached("SELECT to_visitor FROM alias WHERE site = ?1 AND from_visitor = ?2")?
        .query_row(params![site.0, bytes_of(who)], |row| visitor(row, 0))
        .optional()
}

fn ids_of(connection: &Connection, site: SiteId, who: VisitorId) -> rusqlite::Result<Vec<VisitorId>> {
    connection
        .prepare_cached(&everybody(THIS_ONE))?
        .query_map(params![site.0, bytes_of(who)], |row| visitor(row, 0))?
        .collect()
}

fn is_restricted(connection: &Connection, site: SiteId, who: VisitorId) -> rusqlite::Result<bool> {
    let statement =
        format!("SELECT 1 FROM restriction WHERE site = ?1 AND visitor IN ({})", everybody(THIS_ONE));
    connection.prepare_cached(&statement)?.exists(params![site.0, bytes_of(who)])
}

fn restrict(connection: &Connection, site: SiteId, who: VisitorId, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO restriction (site, visitor, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![site.0, bytes_of(who), now.0])
        .map(drop)
}

fn count(connection: &Connection, site: SiteId) -> rusqlite::Result<u64> {
    let known = connection
        .prepare_cached("SELECT aliases FROM alias_version WHERE site = ?1")?
        .query_row([site.0], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(known.unwrap_or_default().cast_unsigned())
}

/// Reports are made anew of whoever asks next.
fn changed(connection: &Connection, site: SiteId, more: i64) -> rusqlite::Result<()> {
    connection.execute("UPDATE catalog_version SET version = version + 1", [])?;
    connection
        .prepare_cached(
            "INSERT INTO alias_version (site, version, aliases) SELECT ?1, version, ?2 FROM catalog_version WHERE true
             ON CONFLICT (site) DO UPDATE SET version = excluded.version, aliases = aliases + excluded.aliases",
        )?
        .execute(params![site.0, more])
        .map(drop)
}

#[cfg(test)]
mod tests;
