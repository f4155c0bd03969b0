//! What operators are called, and what support grants say. What an operator may, and whether a grant is open, is nowhere
//! here: the keeper knows.

use std::collections::BTreeMap;

use domain::{OperatorId, OrganizationId, PersonId};
use rusqlite::params;

use crate::{Database, DatabaseError, Work};

/// What a support grant says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantText {
    /// Its number.
    pub id: u64,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The domain of its site.
    pub site: String,
    /// What for.
    pub purpose: String,
    /// By which number the customer's question is known.
    pub ticket: String,
}

impl Database {
    /// What operators are called, by number, also those who are none any more.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn operator_names(&self) -> Result<BTreeMap<OperatorId, String>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT id, name FROM operator")?;
        let all = statement
            .query_map([], |row| Ok((OperatorId(row.get::<_, i64>(0)?.cast_unsigned()), row.get(1)?)))?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// What support grants say, by number: an organization's, or all of them.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn grant_texts(
        &self,
        organization: Option<OrganizationId>,
    ) -> Result<BTreeMap<u64, GrantText>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, organization, site, purpose, ticket FROM support_grant
             WHERE ?1 IS NULL OR organization = ?1",
        )?;
        let all = statement.query_map([organization.map(|organization| organization.0)], |row| {
            Ok(GrantText {
                id: row.get::<_, i64>(0)?.cast_unsigned(),
                organization: OrganizationId(row.get(1)?),
                site: row.get(2)?,
                purpose: row.get(3)?,
                ticket: row.get(4)?,
            })
        })?;
        all.map(|one| one.map(|one| (one.id, one)).map_err(Into::into)).collect()
    }
}

impl Work<'_> {
    /// Remembers what an operator is called.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn name_operator(&self, id: OperatorId, name: &str) -> Result<(), DatabaseError> {
        self.run("INSERT INTO operator (id, name) VALUES (?1, ?2)", params![id.0.cast_signed(), name])
    }

    /// Remembers what a support grant says.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_grant_text(&self, text: &GrantText) -> Result<(), DatabaseError> {
        let GrantText { id, organization, site, purpose, ticket } = text;
        self.run(
            "INSERT INTO support_grant (id, organization, site, purpose, ticket) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id.cast_signed(), organization.0, site, purpose, ticket],
        )
    }

    /// Forgets an organization and those who belonged nowhere else. Its log stays, and what it says.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_organization(&self, id: OrganizationId, gone: &[PersonId]) -> Result<(), DatabaseError> {
        for statement in [
            "DELETE FROM member WHERE organization = ?1",
            "DELETE FROM invitation WHERE organization = ?1",
            "DELETE FROM api_key WHERE organization = ?1",
            "DELETE FROM agreement WHERE organization = ?1",
            "DELETE FROM organization WHERE id = ?1",
        ] {
            self.run(statement, params![id.0])?;
        }
        gone.iter().try_for_each(|person| self.remove_person(*person))
    }
}
