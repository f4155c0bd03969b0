//! What was shown or chosen a moment ago: in memory only, good for one use and a few minutes.

use std::collections::BTreeMap;

use domain::{MINUTE_MS, OperatorId, PersonId, Rng, Timestamp};
use sealing::protocol::people::{Factor, NotDone, Ticket};

use crate::proofs::password::Verifier;
use crate::proofs::totp::Secret;

/// How long a ticket is good.
const GOOD_FOR_MS: i64 = 10 * MINUTE_MS;
/// Tickets that are out at once.
const TICKETS_MAX: usize = 10_000;

/// What a ticket stands for.
pub(super) enum Held {
    /// A password that will do.
    Password(Verifier),
    /// Somebody showed that it is they; one of these is still wanted beside it, if any.
    Proven(Proven),
}

/// Somebody showed that it is they.
#[derive(Clone)]
pub(super) struct Proven {
    pub(super) person: PersonId,
    /// Whether by two factors.
    pub(super) second_factor: bool,
    pub(super) wanted: Vec<Factor>,
}

/// The tickets that are out.
#[derive(Default)]
pub(super) struct Tickets {
    out: BTreeMap<Ticket, (Timestamp, Held)>,
    /// Secrets for apps for codes, of which no code was shown yet.
    totp: BTreeMap<PersonId, (Timestamp, Secret)>,
    /// The same of operators.
    operators: BTreeMap<OperatorId, (Timestamp, Secret)>,
}

impl Tickets {
    pub(super) fn give(&mut self, held: Held, now: Timestamp, rng: &dyn Rng) -> Result<Ticket, NotDone> {
        self.out.retain(|_, (until, _)| now < *until);
        if self.out.len() >= TICKETS_MAX {
            return Err(NotDone::Busy);
        }
        let ticket = Ticket(rng.next_u128());
        self.out.insert(ticket, (Timestamp(now.0 + GOOD_FOR_MS), held));
        Ok(ticket)
    }

    /// Takes what a ticket stands for: it is good no more.
    pub(super) fn take(&mut self, ticket: Ticket, now: Timestamp) -> Result<Held, NotDone> {
        let (until, held) = self.out.remove(&ticket).ok_or(NotDone::Unknown)?;
        if now < until { Ok(held) } else { Err(NotDone::Unknown) }
    }

    /// A password that was chosen.
    pub(super) fn take_password(&mut self, ticket: Ticket, now: Timestamp) -> Result<Verifier, NotDone> {
        match self.take(ticket, now)? {
            Held::Password(verifier) => Ok(verifier),
            _ => Err(NotDone::Unknown),
        }
    }

    /// What somebody showed, which stays shown.
    pub(super) fn proven(&self, ticket: Ticket, now: Timestamp) -> Result<Proven, NotDone> {
        match self.out.get(&ticket) {
            Some((until, Held::Proven(proven))) if now < *until => Ok(proven.clone()),
            _ => Err(NotDone::Unknown),
        }
    }

    /// Holds a secret for somebody's app for codes until a code of it is shown.
    pub(super) fn begin_totp(&mut self, person: PersonId, secret: Secret, now: Timestamp) {
        self.totp.retain(|_, (until, _)| now < *until);
        self.totp.insert(person, (Timestamp(now.0 + GOOD_FOR_MS), secret));
    }

    /// It, as long as it is held.
    pub(super) fn begun_totp(&self, person: PersonId, now: Timestamp) -> Result<Secret, NotDone> {
        let held = self.totp.get(&person).filter(|(until, _)| now < *until);
        held.map(|(_, secret)| secret.clone()).ok_or(NotDone::Unknown)
    }

    /// What somebody showed counts no more, nor what they began: what they sign in by is another now.
    pub(super) fn forget(&mut self, person: PersonId) {
        self.out.retain(|_, (_, held)| !matches!(held, Held::Proven(proven) if proven.person == person));
        self.forget_totp(person);
    }

    pub(super) fn forget_totp(&mut self, person: PersonId) {
        self.totp.remove(&person);
    }

    /// Holds a secret for an operator's app for codes until a code of it is shown.
    pub(super) fn begin_operator(&mut self, operator: OperatorId, secret: Secret, now: Timestamp) {
        self.operators.retain(|_, (until, _)| now < *until);
        self.operators.insert(operator, (Timestamp(now.0 + GOOD_FOR_MS), secret));
    }

    /// It, as long as it is held.
    pub(super) fn begun_operator(&self, operator: OperatorId, now: Timestamp) -> Option<Secret> {
        let held = self.operators.get(&operator).filter(|(until, _)| now < *until);
        held.map(|(_, secret)| secret.clone())
    }
}
