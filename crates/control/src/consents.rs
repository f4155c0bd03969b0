//! Receipts of visitors' consent, and the agreements that organizations accepted. A receipt is never altered but for being
//! withdrawn, and is there as long as its visitor is.

use std::collections::BTreeMap;

use domain::{OrganizationId, PersonId, ReceiptId, SiteId, Timestamp, VisitorId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::aliases::{THIS_ONE, everybody};
use crate::identified::bytes_of;
use crate::{Database, DatabaseError, Work};

/// Ids of a site by which it is known at the door that a visitor withdrew: those who did last.
pub const WITHDRAWN_OF_SITE_MAX: usize = 10_000;
/// The same of all sites: the edge is told of all of them at once, and keeps them in memory. Of sites that have more than their share
/// fewer are told.
pub const WITHDRAWN_MAX: usize = 500_000;
/// Receipts that are kept of one visitor; of more the oldest withdrawn ones go, then the oldest, but for those by which something is kept.
pub const RECEIPTS_MAX: u32 = 100;

/// How a visitor consented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On a page of the site.
    Page,
    /// The site's own server says so.
    Api,
    /// Somebody of the site wrote it down.
    Ui,
}

impl Way {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Ui => "ui",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Page, Self::Api, Self::Ui].into_iter().find(|way| way.as_str() == word)
    }
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// By what it is named.
    pub id: ReceiptId,
    /// Who consented.
    pub visitor: VisitorId,
    /// To what.
    pub purposes: Vec<String>,
    /// Which text they were shown.
    pub text_version: String,
    /// When.
    pub given_at: Timestamp,
    /// How.
    pub way: Way,
    /// When they withdrew it, if they did.
    pub withdrawn_at: Option<Timestamp>,
}

/// That an organization accepted a version of the data-processing agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of its name")]
pub struct AgreementRow {
    pub version: String,
    pub person: PersonId,
    pub at: Timestamp,
}

/// Selects, by site, all ids of those who withdrew something and of whom nothing stands: whoever withdrew, the visitor to whom
/// their id leads, and all ids that lead there. Who withdrew last comes first.
const WITHDRAWN: &str = "WITH RECURSIVE
    up (site, visitor) AS (SELECT site, visitor FROM consent WHERE withdrawn_at IS NOT NULL
        UNION SELECT up.site, to_visitor FROM up JOIN alias ON alias.site = up.site AND from_visitor = up.visitor),
    who (site, root, visitor) AS (SELECT site, visitor, visitor FROM up
            WHERE NOT EXISTS (SELECT 1 FROM alias WHERE alias.site = up.site AND from_visitor = up.visitor)
        UNION SELECT who.site, root, from_visitor FROM who JOIN alias ON alias.site = who.site AND to_visitor = who.visitor),
    stands (site, root) AS (SELECT who.site, root FROM who JOIN consent
        ON consent.site = who.site AND consent.visitor = who.visitor WHERE withdrawn_at IS NULL),
    latest (site, root, at) AS (SELECT who.site, root, max(withdrawn_at) FROM who JOIN consent
        ON consent.site = who.site AND consent.visitor = who.visitor GROUP BY who.site, root)
    SELECT who.site, visitor FROM who JOIN latest ON latest.site = who.site AND latest.root = who.root
    WHERE (who.site, who.root) NOT IN stands ORDER BY latest.at DESC, visitor";

const COLUMNS: &str = "id, visitor, purposes, text_version, given_at, way, withdrawn_at";

impl Database {
    /// The receipts of a visitor, newest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn consents_of(&self, site: SiteId, visitor: VisitorId) -> Result<Vec<ConsentRow>, DatabaseError> {
        Ok(all_of(&self.connection(), site, visitor)?)
    }

    /// Who withdrew and has given no consent that stands, by site: each by every id of theirs, who withdrew last first, and no more of
    /// them than the edge is told.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn withdrawn(&self) -> Result<Vec<(SiteId, VisitorId)>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(WITHDRAWN)?;
        let rows = statement.query_map([], |row| Ok((SiteId(row.get(0)?), visitor_of(row, 1)?)))?;
        let all = rows.collect::<Result<_, _>>()?;
        Ok(first_of_each(all, WITHDRAWN_OF_SITE_MAX, WITHDRAWN_MAX))
    }

    /// What an organization accepted, newest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn agreements(&self, organization: OrganizationId) -> Result<Vec<AgreementRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT version, person, at FROM agreement WHERE organization = ?1 ORDER BY at DESC, version",
        )?;
        let rows = statement.query_map([organization.0], |row| {
            let person = PersonId(row.get::<_, i64>(1)?.cast_unsigned());
            Ok(AgreementRow { version: row.get(0)?, person, at: Timestamp(row.get(2)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Work<'_> {
    /// Keeps a receipt.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_consent(&self, site: SiteId, row: &ConsentRow) -> Result<(), DatabaseError> {
        let visitor = bytes_of(row.visitor);
        self.transaction()
            .prepare_cached(
                "INSERT INTO consent (id, site, visitor, purposes, text_version, given_at, way, withdrawn_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                row.id.as_u128().to_be_bytes(),
                site.0,
                visitor,
                row.purposes.join(" "),
                row.text_version,
                row.given_at.0,
                row.way.as_str(),
                row.withdrawn_at.map(|at| at.0)
            ])?;
        self.transaction()
            .prepare_cached(
                // The new one stays, and what something is kept by.
                "DELETE FROM consent WHERE id IN (SELECT id FROM consent WHERE site = ?1 AND visitor = ?2
                     ORDER BY id = ?4 DESC, id IN (SELECT receipt FROM attribute WHERE site = ?1 AND receipt = consent.id) DESC,
                         withdrawn_at IS NULL DESC, given_at DESC LIMIT -1 OFFSET ?3)",
            )?
            .execute(params![site.0, visitor, RECEIPTS_MAX, row.id.as_u128().to_be_bytes()])?;
        Ok(())
    }

    /// Takes out what is kept by receipts that were withdrawn: of this visitor's, by whichever id. Whose attribute it became
    /// since does not matter.
    fn end_what_was_consented(&self, site: SiteId, visitor: VisitorId) -> Result<(), DatabaseError> {
        self.transaction()
            .prepare_cached(&format!(
                "DELETE FROM attribute WHERE site = ?1 AND receipt IN
                     (SELECT id FROM consent WHERE site = ?1 AND withdrawn_at IS NOT NULL AND visitor IN ({}))",
                everybody(THIS_ONE)
            ))?
            .execute(params![site.0, bytes_of(visitor)])?;
        Ok(())
    }

    /// One receipt of a site.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn consent(&self, site: SiteId, id: ReceiptId) -> Result<Option<ConsentRow>, DatabaseError> {
        let mut statement = self
            .transaction()
            .prepare_cached(&format!("SELECT {COLUMNS} FROM consent WHERE id = ?1 AND site = ?2"))?;
        Ok(statement.query_row(params![id.as_u128().to_be_bytes(), site.0], read).optional()?)
    }

    /// Withdraws a receipt that stands; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn withdraw_consent(
        &self,
        site: SiteId,
        id: ReceiptId,
        now: Timestamp,
    ) -> Result<bool, DatabaseError> {
        let withdrawn = self
            .transaction()
            .prepare_cached(
                "UPDATE consent SET withdrawn_at = ?3 WHERE id = ?1 AND site = ?2 AND withdrawn_at IS NULL",
            )?
            .execute(params![id.as_u128().to_be_bytes(), site.0, now.0])?;
        if let Some(consent) = self.consent(site, id)? {
            self.end_what_was_consented(site, consent.visitor)?;
        }
        Ok(withdrawn > 0)
    }

    /// Withdraws all that stand of a visitor, by whichever id they were given; how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn withdraw_consents_of(
        &self,
        site: SiteId,
        visitor: VisitorId,
        now: Timestamp,
    ) -> Result<u64, DatabaseError> {
        let withdrawn = self
            .transaction()
            .prepare_cached(&format!(
                "UPDATE consent SET withdrawn_at = ?3 WHERE site = ?1 AND withdrawn_at IS NULL AND visitor IN ({})",
                everybody(THIS_ONE)
            ))?
            .execute(params![site.0, bytes_of(visitor), now.0])?;
        self.end_what_was_consented(site, visitor)?;
        Ok(withdrawn as u64)
    }

    /// Whether a visitor withdrew and has given no consent that stands, by whichever id.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_withdrawn(&self, site: SiteId, visitor: VisitorId) -> Result<bool, DatabaseError> {
        let mut statement = self.transaction().prepare_cached(&format!(
            "SELECT count(*) > 0 AND count(withdrawn_at) = count(*) FROM consent WHERE site = ?1 AND visitor IN ({})",
            everybody(THIS_ONE)
        ))?;
        Ok(statement.query_row(params![site.0, bytes_of(visitor)], |row| row.get(0))?)
    }

    /// Writes down that an organization accepted a version of the agreement. What it accepted before stays as it was.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn accept_agreement(
        &self,
        organization: OrganizationId,
        row: &AgreementRow,
    ) -> Result<(), DatabaseError> {
        self.transaction().execute(
            "INSERT INTO agreement (organization, version, person, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (organization, version) DO NOTHING",
            params![organization.0, row.version, row.person.0.cast_signed(), row.at.0],
        )?;
        Ok(())
    }

    /// Whether the organization of a site accepted this version of the agreement.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn has_accepted(&self, site: SiteId, version: &str) -> Result<bool, DatabaseError> {
        let mut statement = self.transaction().prepare_cached(
            "SELECT 1 FROM agreement JOIN site ON site.organization = agreement.organization
             WHERE site.id = ?1 AND agreement.version = ?2",
        )?;
        Ok(statement.exists(params![site.0, version])?)
    }
}

/// The first of each site, as many as fit: a site that has fewer than the others loses none to them.
fn first_of_each(
    mut all: Vec<(SiteId, VisitorId)>,
    of_site_max: usize,
    of_all_max: usize,
) -> Vec<(SiteId, VisitorId)> {
    let mut counts = BTreeMap::<SiteId, usize>::new();
    for (site, _) in &all {
        *counts.entry(*site).or_default() += 1;
    }
    let mut ascending: Vec<usize> = counts.into_values().map(|count| count.min(of_site_max)).collect();
    ascending.sort_unstable();
    let (mut left, mut most) = (of_all_max, of_site_max);
    for (before, count) in ascending.iter().enumerate() {
        let share = left / (ascending.len() - before);
        if *count > share {
            most = share;
            break;
        }
        left -= count;
    }
    let mut taken = BTreeMap::<SiteId, usize>::new();
    all.retain(|(site, _)| {
        let taken = taken.entry(*site).or_default();
        *taken += 1;
        *taken <= most
    });
    all
}

fn all_of(connection: &Connection, site: SiteId, visitor: VisitorId) -> rusqlite::Result<Vec<ConsentRow>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM consent WHERE site = ?1 AND visitor = ?2 ORDER BY given_at DESC, id"
        ))?
        .query_map(params![site.0, bytes_of(visitor)], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<ConsentRow> {
    let way: String = row.get(5)?;
    let no_way = || rusqlite::Error::InvalidColumnType(5, "way".to_owned(), rusqlite::types::Type::Text);
    Ok(ConsentRow {
        id: ReceiptId::from_u128(u128::from_be_bytes(row.get(0)?)),
        visitor: visitor_of(row, 1)?,
        purposes: row.get::<_, String>(2)?.split(' ').map(ToOwned::to_owned).collect(),
        text_version: row.get(3)?,
        given_at: Timestamp(row.get(4)?),
        way: Way::of_word(&way).ok_or_else(no_way)?,
        withdrawn_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
    })
}

fn visitor_of(row: &Row<'_>, column: usize) -> rusqlite::Result<VisitorId> {
    Ok(VisitorId::from_u128(u128::from_be_bytes(row.get(column)?)))
}

#[cfg(test)]
mod tests;
