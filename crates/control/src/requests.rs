//! What visitors ask about what is kept of them, until it is answered: then whatever tells who asked is wiped, in the same
//! transaction, and only that somebody asked for something, and how it was answered, remains.

use domain::{
    REQUEST_ANSWERED_WITHIN, REQUESTS_WAITING_MAX, RequestAnswer, RequestKind, SiteId, Timestamp, VisitorId,
};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

use crate::{Database, DatabaseError, Work};

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The visitor's id, if they know it.
    pub visitor: Option<VisitorId>,
    /// By what the site knows them; may be empty.
    pub known_as: String,
    /// Where they are answered.
    pub email: String,
    /// What they write.
    pub words: String,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorRequest {
    /// Its number, never given twice.
    pub number: u64,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who asks; `None` once it is answered.
    pub asker: Option<Asker>,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it is to be answered.
    pub due_at: Timestamp,
    /// How it was answered, and when.
    pub answered: Option<(RequestAnswer, Timestamp)>,
}

/// So many of a site's requests wait that no more are taken.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Until some are answered.
    #[error("too many requests wait for an answer")]
    TooMany,
    /// There is no such request, or it was answered.
    #[error("there is no such request that waits for an answer")]
    NotWaiting,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for RequestError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

const ALL: &str =
    "SELECT number, kind, visitor, known_as, email, words, asked_at, due_at, answered_at, answer
                   FROM visitor_request";

impl Work<'_> {
    /// Takes a request; it is told with its number.
    ///
    /// # Errors
    /// [`RequestError::TooMany`] where too many wait.
    pub fn add_request(
        &self,
        site: SiteId,
        kind: RequestKind,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<VisitorRequest, RequestError> {
        let transaction = self.transaction();
        let waiting: u32 = transaction.query_row(
            "SELECT count(*) FROM visitor_request WHERE site = ?1 AND answered_at IS NULL",
            [site.0],
            |row| row.get(0),
        )?;
        if waiting >= REQUESTS_WAITING_MAX {
            return Err(RequestError::TooMany);
        }
        let due_at = now + REQUEST_ANSWERED_WITHIN;
        transaction.execute(
            "INSERT INTO visitor_request (site, kind, visitor, known_as, email, words, asked_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                site.0,
                kind.as_str(),
                asker.visitor.map(|visitor| visitor.as_u128().to_be_bytes()),
                asker.known_as,
                asker.email,
                asker.words,
                now.0,
                due_at.0
            ],
        )?;
        let number = transaction.last_insert_rowid().cast_unsigned();
        Ok(VisitorRequest { number, kind, asker: Some(asker.clone()), asked_at: now, due_at, answered: None })
    }

    /// Answers a request and wipes who asked; they are told who it was, this once.
    ///
    /// # Errors
    /// [`RequestError::NotWaiting`] where there is none of this number that waits.
    pub fn answer_request(
        &self,
        site: SiteId,
        number: u64,
        answer: RequestAnswer,
        now: Timestamp,
    ) -> Result<VisitorRequest, RequestError> {
        let found = find(self.transaction(), site, number)?;
        let waiting = found.filter(|request| request.answered.is_none()).ok_or(RequestError::NotWaiting)?;
        self.transaction().execute(
            "UPDATE visitor_request SET answered_at = ?3, answer = ?4, visitor = NULL, known_as = '', email = '', words = ''
             WHERE site = ?1 AND number = ?2",
            params![site.0, number.cast_signed(), now.0, answer.as_str()],
        )?;
        Ok(waiting)
    }
}

impl Database {
    /// A site's requests: those that wait, the most urgent first, then those answered, the newest first; `limit` of them.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn requests(&self, site: SiteId, limit: u32) -> Result<Vec<VisitorRequest>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "{ALL} WHERE site = ?1
             ORDER BY answered_at IS NOT NULL, CASE WHEN answered_at IS NULL THEN due_at ELSE -number END LIMIT ?2"
        ))?;
        let requests = statement.query_map(params![site.0, limit], read)?.collect::<Result<_, _>>()?;
        Ok(requests)
    }

    /// One request of a site.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn request(&self, site: SiteId, number: u64) -> Result<Option<VisitorRequest>, DatabaseError> {
        Ok(find(&self.connection(), site, number)?)
    }

    /// How many requests of all sites wait longer than they may.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn requests_overdue(&self, now: Timestamp) -> Result<u64, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT count(*) FROM visitor_request WHERE answered_at IS NULL AND due_at < ?1",
        )?;
        Ok(statement.query_row([now.0], |row| row.get::<_, u32>(0))?.into())
    }
}

fn find(
    connection: &rusqlite::Connection,
    site: SiteId,
    number: u64,
) -> rusqlite::Result<Option<VisitorRequest>> {
    let query = format!("{ALL} WHERE site = ?1 AND number = ?2");
    connection.query_row(&query, params![site.0, number.cast_signed()], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<VisitorRequest> {
    let answered_at: Option<i64> = row.get(8)?;
    let answer: Option<String> = row.get(9)?;
    let answered = match (answered_at, answer) {
        (Some(at), Some(answer)) => Some((word(9, &answer)?, Timestamp(at))),
        _ => None,
    };
    let visitor: Option<[u8; 16]> = row.get(2)?;
    let asker = || -> rusqlite::Result<Asker> {
        Ok(Asker {
            visitor: visitor.map(|bytes| VisitorId::from_u128(u128::from_be_bytes(bytes))),
            known_as: row.get(3)?,
            email: row.get(4)?,
            words: row.get(5)?,
        })
    };
    Ok(VisitorRequest {
        number: row.get::<_, i64>(0)?.cast_unsigned(),
        kind: word(1, &row.get::<_, String>(1)?)?,
        asker: if answered.is_none() { Some(asker()?) } else { None },
        asked_at: Timestamp(row.get(6)?),
        due_at: Timestamp(row.get(7)?),
        answered,
    })
}

fn word<T: std::str::FromStr<Err = domain::UnknownWord>>(column: usize, text: &str) -> rusqlite::Result<T> {
    let unreadable = |error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error));
    text.parse().map_err(unreadable)
}

#[cfg(test)]
mod tests;
