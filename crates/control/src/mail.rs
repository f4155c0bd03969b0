//! Mail that waits to be sent. Whoever does something that somebody is told of puts the letter here in the same
//! transaction; `worker` takes each in its turn, and again later where it did not go out.
//!
//! A letter is taken for as long as its next turn is away, so a worker that is killed while it sends sends it again then:
//! every mail is sent at least once, and carries the same Message-ID each time. Nothing of a mail is kept once it was
//! sent or has expired.

mod letter;
mod pace;
#[cfg(test)]
mod tests;
mod trouble;

use domain::{Clock, OrganizationId, Rng, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

pub use letter::{FactorChange, Letter, LinkToken, SupportGrant};
pub use trouble::Trouble;

use crate::{Database, DatabaseError, Work};

/// A mail's own random number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailId(pub u128);

/// A mail to send.
pub struct NewMail<'a> {
    /// Of which organization it speaks, if of one.
    pub organization: Option<OrganizationId>,
    /// To whom.
    pub address: &'a str,
    /// The name that its reader goes by.
    pub name: Option<&'a str>,
    /// What it says.
    pub letter: &'a Letter,
    /// From when on it is not worth sending any more: no later than what it offers ends.
    pub expires_at: Timestamp,
}

/// A mail whose turn it is.
pub struct Mail {
    /// Its own number.
    pub id: MailId,
    /// To whom.
    pub address: String,
    /// The name that its reader goes by.
    pub name: Option<String>,
    /// What it says.
    pub letter: Letter,
    /// From when on it is not worth sending any more.
    pub expires_at: Timestamp,
}

/// How it stands with a mail that was not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailState {
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next; `None` where it was refused for good.
    pub next_attempt_at: Option<Timestamp>,
    /// Why it did not go out when it was last tried.
    pub trouble: Option<Trouble>,
}

/// Puts a mail into the queue as part of `transaction`: it is sent if that is committed.
pub(crate) fn enqueue(
    transaction: &Transaction<'_>,
    mail: &NewMail<'_>,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<MailId, DatabaseError> {
    let id = MailId(rng.next_u128());
    transaction.execute(
        "INSERT INTO mail (id, organization, kind, address, name, letter, created_at, expires_at, next_attempt_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7)",
        params![
            id.0.to_be_bytes(),
            mail.organization.map(|organization| organization.0),
            mail.letter.kind(),
            mail.address,
            mail.name,
            mail.letter.to_json().as_str(),
            now.0,
            mail.expires_at.0,
        ],
    )?;
    Ok(id)
}

impl Work<'_> {
    /// Puts a mail into the queue as part of an act: it is sent if the act happens.
    ///
    /// # Errors
    /// [`DatabaseError`] alone; the act must not happen then.
    pub fn enqueue_mail(
        &self,
        mail: &NewMail<'_>,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Result<MailId, DatabaseError> {
        enqueue(self.transaction(), mail, now, rng)
    }
}

impl Database {
    /// Puts a mail into the queue by itself.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn enqueue_mail(
        &self,
        mail: &NewMail<'_>,
        clock: &dyn Clock,
        rng: &dyn Rng,
    ) -> Result<MailId, DatabaseError> {
        self.transact(|transaction| enqueue(transaction, mail, clock.now(), rng))
    }

    /// The mail whose turn it is, if there is one. Its next turn is set before it is handed out. What has expired is let
    /// go of first.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn claim_mail(&self, now: Timestamp, rng: &dyn Rng) -> Result<Option<Mail>, DatabaseError> {
        // Most often there is none, which needs no lock to be seen.
        if !self.connection().prepare_cached(ANY_WORK)?.exists([now.0])? {
            return Ok(None);
        }
        self.transact(|transaction| {
            transaction.execute("DELETE FROM mail WHERE expires_at <= ?1", [now.0])?;
            loop {
                let due = transaction.query_row(FIRST_DUE, [now.0], read).optional()?;
                match due {
                    None => return Ok(None),
                    Some((id, attempts, Some(mail))) => {
                        let next = now + pace::delay(attempts + 1, rng);
                        transaction.execute(
                            "UPDATE mail SET attempts = attempts + 1, next_attempt_at = ?2 WHERE id = ?1",
                            params![id.0.to_be_bytes(), next.0],
                        )?;
                        return Ok(Some(mail));
                    }
                    // A letter that cannot be read never will be, and must hold up no other.
                    Some((id, _, None)) => give_up(transaction, id, Trouble::Unfit)?,
                }
            }
        })
    }

    /// A mail was taken by the mail server: nothing of it is kept. What waited because the server was away goes now.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn mail_was_sent(&self, id: MailId, now: Timestamp) -> Result<(), DatabaseError> {
        self.transact(|transaction| {
            transaction.execute("DELETE FROM mail WHERE id = ?1", [id.0.to_be_bytes()])?;
            transaction.execute(
                "UPDATE mail SET next_attempt_at = ?1 WHERE next_attempt_at > ?1 AND trouble IN (?2, ?3, ?4, ?5)",
                params![
                    now.0,
                    Trouble::Unreachable.word(),
                    Trouble::Untrusted.word(),
                    Trouble::NoTls.word(),
                    Trouble::SignIn.word()
                ],
            )?;
            Ok(())
        })
    }

    /// A mail did not go out. Where trying again is of no use, only that is kept of it.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn mail_was_not_sent(&self, id: MailId, trouble: Trouble) -> Result<(), DatabaseError> {
        self.transact(|transaction| {
            if trouble.is_final() {
                return give_up(transaction, id, trouble);
            }
            transaction.execute(
                "UPDATE mail SET trouble = ?2, code = ?3 WHERE id = ?1",
                params![id.0.to_be_bytes(), trouble.word(), trouble.code()],
            )?;
            Ok(())
        })
    }

    /// Lets go of a mail that is not to be sent any more.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn drop_mail(&self, id: MailId) -> Result<(), DatabaseError> {
        self.connection().execute("DELETE FROM mail WHERE id = ?1", [id.0.to_be_bytes()])?;
        Ok(())
    }

    /// How it stands with a mail; `None` once it was sent or has expired.
    ///
    /// # Errors
    /// [`DatabaseError`] alone.
    pub fn mail_state(&self, id: MailId) -> Result<Option<MailState>, DatabaseError> {
        let state = self
            .connection()
            .query_row(
                "SELECT attempts, next_attempt_at, trouble, code FROM mail WHERE id = ?1",
                [id.0.to_be_bytes()],
                |row| {
                    let word: Option<String> = row.get(2)?;
                    let code = row.get(3)?;
                    Ok(MailState {
                        attempts: row.get(0)?,
                        next_attempt_at: row.get::<_, Option<i64>>(1)?.map(Timestamp),
                        trouble: word.and_then(|word| Trouble::of(&word, code)),
                    })
                },
            )
            .optional()?;
        Ok(state)
    }
}

const ANY_WORK: &str = "SELECT 1 FROM mail WHERE next_attempt_at <= ?1 OR expires_at <= ?1";

const FIRST_DUE: &str = "SELECT id, attempts, address, name, letter, expires_at FROM mail
    WHERE next_attempt_at <= ?1 ORDER BY next_attempt_at, created_at LIMIT 1";

/// Whose mail it was, and what it said, is forgotten at once; that it was refused, when it expires.
fn give_up(transaction: &Transaction<'_>, id: MailId, trouble: Trouble) -> Result<(), DatabaseError> {
    transaction.execute(
        "UPDATE mail SET address = '', name = NULL, letter = '', next_attempt_at = NULL, trouble = ?2, code = ?3
         WHERE id = ?1",
        params![id.0.to_be_bytes(), trouble.word(), trouble.code()],
    )?;
    Ok(())
}

/// A mail, unless its letter cannot be read, and how often it was tried.
fn read(row: &Row<'_>) -> rusqlite::Result<(MailId, u32, Option<Mail>)> {
    let id = MailId(u128::from_be_bytes(row.get(0)?));
    let attempts = row.get(1)?;
    let Some(letter) = Letter::from_json(&row.get::<_, String>(4)?) else { return Ok((id, attempts, None)) };
    let (address, name, expires_at) = (row.get(2)?, row.get(3)?, Timestamp(row.get(5)?));
    Ok((id, attempts, Some(Mail { id, address, name, letter, expires_at })))
}
