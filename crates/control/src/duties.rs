//! Duties that are promised to be done again and again, and how that went: what is late shows, and is told.
//!
//! Whoever does a duty says here that it is promised, and then how each run ended. What a duty is, nothing here knows.

use std::time::Duration;

use domain::{Clock, Rng, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::mail::enqueue;
use crate::{Database, DatabaseError, NewMail};

/// Within which time a duty is to be done again unless it says otherwise: each day, and an hour to do it in.
pub const DUTY_EVERY: Duration = Duration::from_secs(25 * 3_600);
/// Bytes of a sentence that says why a run failed.
const ERROR_BYTES_MAX: usize = 500;

/// A duty, and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// Its name.
    pub duty: String,
    /// Since when it is promised.
    pub since: Option<Timestamp>,
    /// When it was last done.
    pub last_ok: Option<Timestamp>,
    /// When it was last tried.
    pub last_try: Option<Timestamp>,
    /// Why the last try failed, if it did.
    pub error: Option<String>,
    /// Within which time it is to be done again.
    pub every: Duration,
}

/// By which way it is told that something is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertWay {
    /// A mail.
    Mail,
    /// A call to an address of the operator's.
    Webhook,
}

impl AlertWay {
    const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

impl DutyRow {
    /// From when on it is late. `None` where nobody said since when it is promised, and no run of it ended well.
    pub fn due_at(&self) -> Option<Timestamp> {
        Some(self.last_ok.max(self.since)? + self.every)
    }

    /// Whether it is late at `now`. One that was only ever seen to fail is.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.due_at().map_or(self.error.is_some(), |due| due <= now)
    }
}

impl Database {
    /// Promises a duty from now on, unless it is promised already.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn promise_duty(&self, duty: &str, every: Duration, now: Timestamp) -> Result<(), DatabaseError> {
        self.connection().execute(
            "INSERT INTO duty_run (duty, since, every) VALUES (?1, ?2, ?3)
             ON CONFLICT (duty) DO UPDATE SET since = coalesce(since, excluded.since), every = excluded.every",
            params![duty, now.0, i64::try_from(every.as_millis()).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    }

    /// A duty is promised no more, as where what it was about was switched off.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn release_duty(&self, duty: &str) -> Result<(), DatabaseError> {
        self.connection().execute("DELETE FROM duty_run WHERE duty = ?1", [duty])?;
        Ok(())
    }

    /// A run of a duty has ended: well, or with a sentence that says why not.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn duty_ended(
        &self,
        duty: &str,
        ended: Result<(), &str>,
        now: Timestamp,
    ) -> Result<(), DatabaseError> {
        let error = ended.err().map(|sentence| &sentence[..sentence.floor_char_boundary(ERROR_BYTES_MAX)]);
        self.connection().execute(
            "INSERT INTO duty_run (duty, last_ok, last_try, error) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (duty) DO UPDATE SET last_ok = coalesce(excluded.last_ok, last_ok),
             last_try = excluded.last_try, error = excluded.error",
            params![duty, error.is_none().then_some(now.0), now.0, error],
        )?;
        Ok(())
    }

    /// Every duty that is promised, by name.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn duties(&self) -> Result<Vec<DutyRow>, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT duty, since, last_ok, last_try, error, every FROM duty_run ORDER BY duty",
        )?;
        let rows = statement.query_map([], |row| {
            let moment = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
            Ok(DutyRow {
                duty: row.get(0)?,
                since: moment(1)?,
                last_ok: moment(2)?,
                last_try: moment(3)?,
                error: row.get(4)?,
                every: row
                    .get::<_, Option<i64>>(5)?
                    .map_or(DUTY_EVERY, |every| Duration::from_millis(every.unsigned_abs())),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether it was last told by this way that something is late.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn lateness_told(&self, way: AlertWay) -> Result<bool, DatabaseError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT late FROM lateness_told WHERE way = ?1")?;
        Ok(statement.query_row([way.word()], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Remembers that it was told by this way whether something is late, and puts `mail` into the queue with it. Where that was
    /// told before, nothing happens.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn tell_lateness(
        &self,
        way: AlertWay,
        late: bool,
        mail: Option<&NewMail<'_>>,
        (clock, rng): (&dyn Clock, &dyn Rng),
    ) -> Result<(), DatabaseError> {
        self.transact(|transaction| {
            let changed = transaction.execute(
                "INSERT INTO lateness_told (way, late) SELECT ?1, ?2 WHERE ?2 OR EXISTS (SELECT 1 FROM lateness_told WHERE way = ?1)
                 ON CONFLICT (way) DO UPDATE SET late = excluded.late WHERE late <> excluded.late",
                params![way.word(), late],
            )?;
            if let Some(mail) = mail.filter(|_| changed > 0) {
                enqueue(transaction, mail, clock.now(), rng)?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
