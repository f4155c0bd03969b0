//! Who people are to the keeper, and what they may: it checks every proof itself, mints every token, and changes what
//! somebody is only for the token of one who may. It knows people by numbers and by what they show, never by name.
//!
//! What a person may is asked of `domain`'s table and of nothing else. A process that was taken over can put to use the
//! tokens that pass through it, and cannot make one.

mod acts;
mod begin;
mod delays;
mod grants;
mod keys;
mod link;
mod members;
mod operators;
mod own;
mod passkeys;
mod prove;
mod registry;
mod saved;
mod sharing;
mod sign_in;
#[cfg(test)]
pub(crate) mod tests;
mod tickets;

use std::sync::Arc;

use aws_lc_rs::hmac;
use domain::{Identity, Object, Place, Rng, Timestamp, Verb};
use sealing::Token;
use sealing::protocol::people::NotDone;

use crate::keys::Keys;
use crate::proofs::passkey::{Relying, RelyingError};
use crate::proofs::password::Pepper;
use crate::store::StoreError;

pub(crate) use acts::{is_quiet, token_of, told};
use delays::Delays;
pub(crate) use operators::acts as of_operators;
use operators::sign_in::Challenges;
use passkeys::Ceremonies;
pub(crate) use prove::is_slow;
use registry::{Bearer, Digest, Registry};
use saved::Saved;
use tickets::Tickets;

/// Everything that is known of people.
pub(crate) struct People {
    saved: Saved,
    registry: Registry,
    pepper: Arc<Pepper>,
    /// E-mail addresses are known by their hash under this.
    naming: hmac::Key,
    tickets: Tickets,
    delays: Delays,
    /// For what passkeys are made, or why there are none.
    relying: Result<Relying, RelyingError>,
    ceremonies: Ceremonies,
    challenges: Challenges,
}

/// What an act is done with.
pub(crate) struct Hands<'a> {
    pub(crate) now: Timestamp,
    pub(crate) rng: &'a dyn Rng,
    pub(crate) keys: &'a mut Keys,
}

/// Why nothing was done.
pub(crate) enum Stop {
    /// It is not to be.
    No(NotDone),
    /// It could not be kept.
    Store(StoreError),
}

impl From<NotDone> for Stop {
    fn from(no: NotDone) -> Self {
        Self::No(no)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl People {
    /// Opens what is kept of people beside the keys. Until it is said where people reach the server there are no passkeys.
    pub(crate) fn open(folder: &std::path::Path, keys: &Keys) -> Result<Self, StoreError> {
        let saved = Saved::new(folder.join("people.sealed"), keys.people());
        let registry = saved.load()?.unwrap_or_default();
        let secret = keys.people().derive(b"candor e-mail addresses");
        Ok(Self {
            saved,
            registry,
            pepper: Arc::new(Pepper::new(keys.pepper().0, keys.pepper().1.derive(b"candor passwords"))),
            naming: hmac::Key::new(hmac::HMAC_SHA256, secret.bytes()),
            tickets: Tickets::default(),
            delays: Delays::default(),
            relying: Err(RelyingError::NotAnAddress(String::new())),
            ceremonies: Ceremonies::default(),
            challenges: Challenges::default(),
        })
    }

    /// Counts the changes that were kept.
    pub(crate) fn version(&self) -> u64 {
        self.registry.version
    }

    /// Whose a token is, if it is good now, as the audit file says it.
    pub(crate) fn bearer_named(&self, token: &Token, now: Timestamp) -> Option<String> {
        let operator =
            || self.on_duty_by(token, now).ok().map(|on_duty| format!("operator {}", on_duty.operator));
        self.whose(token, now).map(|person| person.to_string()).or_else(operator)
    }

    /// Whose a token is, if it is good now.
    pub(crate) fn whose(&self, token: &Token, now: Timestamp) -> Option<domain::PersonId> {
        self.bearer(token, now).ok().map(|bearer| bearer.identity.person)
    }

    /// What an e-mail address is known by.
    fn digest(&self, email: &str) -> Digest {
        let tag = hmac::sign(&self.naming, email.trim().to_lowercase().as_bytes());
        let mut digest = [0; 32];
        digest.copy_from_slice(tag.as_ref());
        Digest(digest)
    }

    /// Changes what is known, and keeps it; where it cannot be kept, or `change` says no, nothing is changed.
    fn change<T>(
        &mut self,
        hands: &Hands<'_>,
        change: impl FnOnce(&mut Registry) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let mut changed = self.registry.clone();
        let done = change(&mut changed)?;
        changed.version += 1;
        changed.kept_at = hands.now;
        self.saved.save(&changed, hands.rng)?;
        self.registry = changed;
        Ok(done)
    }

    /// Who bears `token`, if it is good now.
    fn bearer(&self, token: &Token, now: Timestamp) -> Result<Bearer, NotDone> {
        self.registry.bearer(token.hash(), now).ok_or(NotDone::Unknown)
    }

    /// The same where they may do this.
    fn who_may(
        &self,
        token: &Token,
        verb: Verb,
        object: Object,
        place: Place,
        now: Timestamp,
    ) -> Result<Bearer, NotDone> {
        let bearer = self.bearer(token, now)?;
        match bearer.identity.decide(verb, object, place) {
            domain::Decision::Yes => Ok(bearer),
            domain::Decision::No => Err(NotDone::Denied),
            domain::Decision::NotThere => Err(NotDone::NotThere),
        }
    }

    /// Whether the bearer may have the keys of what of this belongs to `place`; whose token it is.
    pub(crate) fn opens(
        &mut self,
        token: &Token,
        object: Object,
        place: Place,
        now: Timestamp,
    ) -> Result<Identity, NotDone> {
        let bearer = self.bearer(token, now)?;
        let allowed =
            bearer.identity.may(Verb::See, object, place) || bearer.identity.may(Verb::Export, object, place);
        if allowed { Ok(bearer.identity) } else { Err(NotDone::Denied) }
    }

    /// Whether the bearer may have the keys of what belongs to no site: whoever is let in anywhere, and not closed out.
    pub(crate) fn opens_what_is_nobodys(&self, token: &Token, now: Timestamp) -> bool {
        let bearer = self.bearer(token, now).map(|bearer| bearer.identity);
        bearer.is_ok_and(|identity| !identity.memberships.is_empty() && !identity.closed)
    }
}
