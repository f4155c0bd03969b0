//! Organizations whose subscription has ended: everything of them can be read, nothing is added, and after a time everything is
//! removed.

use domain::{OrganizationId, PersonId, SiteId, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::{Database, DatabaseError, Work};

/// A subscription that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionEnd {
    /// Whose.
    pub organization: OrganizationId,
    /// When.
    pub ended_at: Timestamp,
    /// How many days were left when its owners were last told, if they were.
    pub told_days: Option<u32>,
}

impl Database {
    /// Every subscription that has ended.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn ended_subscriptions(&self) -> Result<Vec<SubscriptionEnd>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT organization, ended_at, told_days FROM subscription_end ORDER BY organization",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(SubscriptionEnd {
                organization: OrganizationId(row.get(0)?),
                ended_at: Timestamp(row.get(1)?),
                told_days: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Since when the subscription of an organization has ended, if it has.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn subscription_ended(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Timestamp>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT ended_at FROM subscription_end WHERE organization = ?1")?;
        Ok(statement.query_row([organization.0], |row| row.get(0).map(Timestamp)).optional()?)
    }
}

impl Work<'_> {
    /// Remembers that a subscription has ended.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn end_subscription(&self, of: OrganizationId, at: Timestamp) -> Result<(), DatabaseError> {
        self.run(
            "INSERT INTO subscription_end (organization, ended_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![of.0, at.0],
        )
    }

    /// Remembers that a subscription goes on. Mail that tells of its end is not sent any more.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn resume_subscription(&self, of: OrganizationId) -> Result<(), DatabaseError> {
        self.run("DELETE FROM mail WHERE organization = ?1 AND kind = 'subscription_ends'", params![of.0])?;
        self.run("DELETE FROM subscription_end WHERE organization = ?1", params![of.0])
    }

    /// Remembers that its owners were told how many days are left.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn told_of_end(&self, of: OrganizationId, days: u32) -> Result<(), DatabaseError> {
        self.run("UPDATE subscription_end SET told_days = ?2 WHERE organization = ?1", params![of.0, days])
    }

    /// Forgets an organization, its sites with everything that is known of them, and who belonged nowhere else; its sites. Done
    /// twice it is done once. Its log stays, and what it says.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_organization(&self, id: OrganizationId) -> Result<Vec<SiteId>, DatabaseError> {
        let transaction = self.transaction();
        let numbers = |statement: &str| {
            transaction
                .prepare_cached(statement)?
                .query_map([id.0], |row| row.get::<_, i64>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        let sites = numbers("SELECT id FROM site WHERE organization = ?1")?;
        let sites: Vec<SiteId> = sites.into_iter().filter_map(|id| id.try_into().ok().map(SiteId)).collect();
        for site in &sites {
            self.remove_site(*site)?;
        }
        let gone = numbers(
            "SELECT person FROM member WHERE organization = ?1
             AND NOT EXISTS (SELECT 1 FROM member AS other WHERE other.person = member.person AND other.organization <> ?1)",
        )?;
        let gone: Vec<PersonId> = gone.into_iter().map(|id| PersonId(id.cast_unsigned())).collect();
        for statement in [
            "DELETE FROM mail WHERE organization = ?1",
            "DELETE FROM support_grant WHERE organization = ?1",
            "DELETE FROM subscription_end WHERE organization = ?1",
        ] {
            self.run(statement, params![id.0])?;
        }
        self.remove_organization(id, &gone)?;
        Ok(sites)
    }
}

#[cfg(test)]
mod tests;
