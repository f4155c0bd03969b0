//! What people, organizations, invitations and API keys are called. What somebody may is nowhere here: the keeper knows.

use std::collections::BTreeMap;

use domain::{OrganizationId, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Database, DatabaseError, Work};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its number.
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Since when there is one.
    pub created_at: Timestamp,
}

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: PersonId,
    /// Where mail reaches them.
    pub email: String,
    /// What they are called; empty where they did not say.
    pub name: String,
    /// Since when they are known.
    pub created_at: Timestamp,
}

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its number.
    pub id: u64,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Where it was sent.
    pub email: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

impl Database {
    /// Every organization, the oldest first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn organizations(&self) -> Result<Vec<Organization>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT id, name, created_at FROM organization ORDER BY id")?;
        let all = statement.query_map([], read_organization)?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// The person of this number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT id, email, name, created_at FROM person WHERE id = ?1")?;
        Ok(statement.query_row([id.0.cast_signed()], read_person).optional()?)
    }

    /// The person of this e-mail address.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn person_of(&self, email: &str) -> Result<Option<Person>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, email, name, created_at FROM person WHERE lower(email) = lower(?1)",
        )?;
        Ok(statement.query_row([email.trim()], read_person).optional()?)
    }

    /// The people of an organization, by number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn people(&self, organization: OrganizationId) -> Result<BTreeMap<PersonId, Person>, DatabaseError> {
        let people = people(&self.connection(), organization)?;
        Ok(people.into_iter().map(|person| (person.id, person)).collect())
    }

    /// In whose lists somebody is.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn organizations_of(&self, person: PersonId) -> Result<Vec<OrganizationId>, DatabaseError> {
        Ok(organizations_of(&self.connection(), person)?)
    }

    /// Whom the invitations of an organization are for, by number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn invitations(
        &self,
        organization: OrganizationId,
    ) -> Result<BTreeMap<u64, Invitation>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, organization, email, expires_at FROM invitation WHERE organization = ?1",
        )?;
        let all = statement.query_map([organization.0], read_invitation)?;
        all.map(|one| one.map(|one| (one.id, one)).map_err(Into::into)).collect()
    }

    /// Whom an invitation is for.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn invitation(&self, id: u64) -> Result<Option<Invitation>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT id, organization, email, expires_at FROM invitation WHERE id = ?1")?;
        Ok(statement.query_row([id.cast_signed()], read_invitation).optional()?)
    }

    /// What the API keys of an organization are called, by number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn key_names(&self, organization: OrganizationId) -> Result<BTreeMap<u64, String>, DatabaseError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT id, name FROM api_key WHERE organization = ?1")?;
        let all = statement.query_map([organization.0], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, String>(1)?))
        })?;
        Ok(all.collect::<Result<_, _>>()?)
    }
}

impl Work<'_> {
    /// Adds an organization.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_organization(&self, organization: &Organization) -> Result<(), DatabaseError> {
        let Organization { id, name, created_at } = organization;
        self.run(
            "INSERT INTO organization (id, name, created_at) VALUES (?1, ?2, ?3)",
            params![id.0, name, created_at.0],
        )
    }

    /// The organization of this number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, DatabaseError> {
        let statement = "SELECT id, name, created_at FROM organization WHERE id = ?1";
        let found = self.transaction().query_row(statement, [id.0], read_organization);
        Ok(found.optional()?)
    }

    /// The person of this number.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, DatabaseError> {
        let statement = "SELECT id, email, name, created_at FROM person WHERE id = ?1";
        Ok(self.transaction().query_row(statement, [id.0.cast_signed()], read_person).optional()?)
    }

    /// In whose lists somebody is.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn organizations_of(&self, person: PersonId) -> Result<Vec<OrganizationId>, DatabaseError> {
        Ok(organizations_of(self.transaction(), person)?)
    }

    /// The people of an organization.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn people(&self, organization: OrganizationId) -> Result<Vec<Person>, DatabaseError> {
        Ok(people(self.transaction(), organization)?)
    }

    /// Calls an organization otherwise.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn rename_organization(&self, id: OrganizationId, name: &str) -> Result<(), DatabaseError> {
        self.run("UPDATE organization SET name = ?2 WHERE id = ?1", params![id.0, name])
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_person(&self, person: &Person) -> Result<(), DatabaseError> {
        let Person { id, email, name, created_at } = person;
        self.run(
            "INSERT INTO person (id, email, name, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![id.0.cast_signed(), email, name, created_at.0],
        )
    }

    /// Calls a person otherwise, or reaches them elsewhere; what is `None` stays.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn change_person(
        &self,
        id: PersonId,
        name: Option<&str>,
        email: Option<&str>,
    ) -> Result<(), DatabaseError> {
        self.run(
            "UPDATE person SET name = coalesce(?2, name), email = coalesce(?3, email) WHERE id = ?1",
            params![id.0.cast_signed(), name, email],
        )
    }

    /// Forgets a person.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_person(&self, id: PersonId) -> Result<(), DatabaseError> {
        self.run("DELETE FROM person WHERE id = ?1", params![id.0.cast_signed()])
    }

    /// Lists a person with an organization.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_member(&self, organization: OrganizationId, person: PersonId) -> Result<(), DatabaseError> {
        self.run(
            "INSERT INTO member (organization, person) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![organization.0, person.0.cast_signed()],
        )
    }

    /// Lists them there no more.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_member(&self, organization: OrganizationId, person: PersonId) -> Result<(), DatabaseError> {
        self.run(
            "DELETE FROM member WHERE organization = ?1 AND person = ?2",
            params![organization.0, person.0.cast_signed()],
        )
    }

    /// Remembers whom an invitation is for; one before for the same address is forgotten.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn add_invitation(&self, invitation: &Invitation) -> Result<(), DatabaseError> {
        let Invitation { id, organization, email, expires_at } = invitation;
        self.run(
            "DELETE FROM invitation WHERE organization = ?1 AND lower(email) = lower(?2)",
            params![organization.0, email],
        )?;
        self.run(
            "INSERT INTO invitation (id, organization, email, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![id.cast_signed(), organization.0, email, expires_at.0],
        )
    }

    /// Forgets an invitation, and those that expired before `now`.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn remove_invitation(&self, id: u64, now: Timestamp) -> Result<(), DatabaseError> {
        self.run("DELETE FROM invitation WHERE id = ?1 OR expires_at < ?2", params![id.cast_signed(), now.0])
    }

    /// Remembers what an API key is called.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn name_key(&self, id: u64, organization: OrganizationId, name: &str) -> Result<(), DatabaseError> {
        self.run(
            "INSERT INTO api_key (id, organization, name) VALUES (?1, ?2, ?3)",
            params![id.cast_signed(), organization.0, name],
        )
    }

    /// Forgets it.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn forget_key(&self, id: u64) -> Result<(), DatabaseError> {
        self.run("DELETE FROM api_key WHERE id = ?1", params![id.cast_signed()])
    }

    pub(crate) fn run(&self, statement: &str, values: impl rusqlite::Params) -> Result<(), DatabaseError> {
        let connection: &Connection = self.transaction();
        connection.prepare_cached(statement)?.execute(values)?;
        Ok(())
    }
}

fn people(connection: &Connection, organization: OrganizationId) -> rusqlite::Result<Vec<Person>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, email, name, created_at FROM person
         WHERE id IN (SELECT person FROM member WHERE organization = ?1)",
    )?;
    statement.query_map([organization.0], read_person)?.collect()
}

fn organizations_of(connection: &Connection, person: PersonId) -> rusqlite::Result<Vec<OrganizationId>> {
    let mut statement = connection
        .prepare_cached("SELECT organization FROM member WHERE person = ?1 ORDER BY organization")?;
    statement.query_map([person.0.cast_signed()], |row| row.get(0).map(OrganizationId))?.collect()
}

fn read_organization(row: &Row<'_>) -> rusqlite::Result<Organization> {
    Ok(Organization {
        id: OrganizationId(row.get(0)?),
        name: row.get(1)?,
        created_at: Timestamp(row.get(2)?),
    })
}

fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PersonId(row.get::<_, i64>(0)?.cast_unsigned()),
        email: row.get(1)?,
        name: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
    })
}

fn read_invitation(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        id: row.get::<_, i64>(0)?.cast_unsigned(),
        organization: OrganizationId(row.get(1)?),
        email: row.get(2)?,
        expires_at: Timestamp(row.get(3)?),
    })
}
