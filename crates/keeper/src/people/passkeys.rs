//! Passkeys: what a browser is asked for and why, and what its answer leads to. An answer is good for what was asked, once,
//! and for nothing else. One of them counts as both factors, since it takes a finger, a face or a PIN to use it.
//!
//! What was wrong before holds up no passkey: nobody can guess one, and whoever is attacked must still get in.

mod ceremonies;

#[cfg(test)]
mod tests;

use domain::{PersonId, Timestamp};
use sealing::protocol::people::{Factor, NotDone, PasskeyFor, Ticket, Told};
use sealing::{Token, TokenHash};

use super::begin::Shown;
use super::own::new_passkey;
use super::registry::limits::PASSKEYS_MAX;
use super::registry::{Digest, Passkey, Person};
use super::tickets::{Held, Proven};
use super::{Hands, People, Stop};
use crate::proofs::passkey::{self, Authentication, PasskeyError, PasskeyId, Registration, Relying};

use ceremonies::Begun;
pub(super) use ceremonies::{Ceremonies, Purpose};

/// What the passkey with which somebody begins is called, until they call it otherwise.
const FIRST_PASSKEY: &str = "First passkey";

impl From<PasskeyError> for Stop {
    fn from(error: PasskeyError) -> Self {
        Self::No(refused(error))
    }
}

/// As the person is told.
fn refused(error: PasskeyError) -> NotDone {
    NotDone::Refused(error.to_string())
}

impl People {
    /// Passkeys are made for the place where people reach the server, and are used nowhere else.
    pub(crate) fn reached_at(self, public_url: &str) -> Self {
        Self { relying: Relying::new(public_url, &[]), ..self }
    }

    /// Options with which a browser asks for a passkey.
    pub(super) fn passkey_options(&mut self, wanted: PasskeyFor, hands: &Hands<'_>) -> Result<Told, Stop> {
        let (purpose, options, begun) = match wanted {
            PasskeyFor::SigningIn => {
                let (options, state) = self.relying()?.begin_discoverable()?;
                (Purpose::SigningIn, options, Begun::Showing(state))
            }
            PasskeyFor::SecondFactor(ticket) => {
                let proven = self.tickets.proven(ticket, hands.now)?;
                if !proven.wanted.contains(&Factor::Passkey) {
                    return Err(NotDone::NotThere.into());
                }
                let (options, state) = self.ask_for_one_of(proven.person)?;
                (Purpose::SecondFactor(ticket), options, Begun::Showing(state))
            }
            PasskeyFor::Confirming(token) => {
                let bearer = self.signed_in(&token, hands.now)?;
                let (options, state) = self.ask_for_one_of(bearer.identity.person)?;
                (Purpose::Confirming(bearer.id), options, Begun::Showing(state))
            }
            PasskeyFor::Adding(token, account) => {
                let bearer = self.confirmed(&token, hands.now)?;
                let id = bearer.identity.person;
                let (options, state) = self.ask_for_another(id, &account)?;
                (Purpose::Adding(bearer.id), options, Begun::Making(id, state))
            }
            PasskeyFor::Beginning(token, email) => {
                let digest = self.digest(&email);
                self.may_begin(&token, digest, hands.now)?;
                let id = PersonId(hands.rng.next_u128() as u64);
                let (options, state) = self.relying()?.begin_registration(id, &email, "", &[])?;
                (Purpose::Beginning(token.hash(), digest), options, Begun::Making(id, state))
            }
        };
        let ticket = self.ceremonies.begin(purpose, begun, hands.now, hands.rng);
        Ok(Told::Passkey(ticket, options))
    }

    /// Shows a passkey, which says whose it is.
    pub(super) fn prove_passkey(
        &mut self,
        options: Ticket,
        credential: &str,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let person = self.check_passkey(options, credential, &Purpose::SigningIn, None, hands)?;
        let proven = Proven { person, second_factor: true, wanted: Vec::new() };
        let ticket = self.tickets.give(Held::Proven(proven), hands.now, hands.rng)?;
        Ok(Told::Proven(ticket, person, Vec::new()))
    }

    /// Whether a passkey was shown for this purpose, and is that of `known` where the person is known; whose it is. That it
    /// was used is kept before it counts: by its counter a copy of it shows.
    pub(super) fn check_passkey(
        &mut self,
        options: Ticket,
        credential: &str,
        purpose: &Purpose,
        known: Option<PersonId>,
        hands: &Hands<'_>,
    ) -> Result<PersonId, Stop> {
        let Begun::Showing(state) = self.ceremonies.end(options, purpose, hands.now)? else {
            return Err(NotDone::Unknown.into());
        };
        let claim = passkey::claim(credential)?;
        let id = known.or(claim.person).ok_or(PasskeyError::Unknown)?;
        // Whoever is let in nowhere is nobody here.
        let person = self.registry.people.get(&id).filter(|person| !person.memberships().is_empty());
        let person = person.ok_or(PasskeyError::Unknown)?;
        let kept = person.passkeys.iter().find(|kept| kept.stored.id() == claim.passkey);
        let mut used = kept.ok_or(PasskeyError::Unknown)?.clone();
        self.relying()?.finish_authentication(state, credential, id, &mut used.stored)?;
        used.used_at = Some(hands.now);
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&id).ok_or(NotDone::Unknown)?;
            let kept = person.passkeys.iter_mut().find(|kept| kept.id == used.id);
            *kept.ok_or(NotDone::Unknown)? = used;
            Ok(id)
        })
    }

    /// The passkey with which a new person begins, and who they will be.
    pub(super) fn first_passkey(
        &mut self,
        options: Ticket,
        credential: &str,
        (token, digest): (TokenHash, Digest),
        hands: &Hands<'_>,
    ) -> Result<(PersonId, Shown), NotDone> {
        let (id, stored) =
            self.finish_registration(options, credential, &Purpose::Beginning(token, digest), hands.now)?;
        Ok((id, Shown::Passkey(Box::new(new_passkey(stored, FIRST_PASSKEY.to_owned(), hands)))))
    }

    /// The passkey that was made for this purpose, and whose it will be. It is nobody's yet.
    pub(super) fn finish_registration(
        &mut self,
        options: Ticket,
        credential: &str,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Result<(PersonId, passkey::Passkey), NotDone> {
        let Begun::Making(id, state) = self.ceremonies.end(options, purpose, now)? else {
            return Err(NotDone::Unknown);
        };
        let made = self.relying()?.finish_registration(state, credential).map_err(refused)?;
        let has_it = |person: &Person| person.passkeys.iter().any(|kept| kept.stored.id() == made.id());
        match self.registry.people.iter().find(|(_, person)| has_it(person)) {
            None => Ok((id, made)),
            Some((whose, _)) if *whose == id => Err(refused(PasskeyError::Twice)),
            // A device that takes another's name for its own is told nothing of the other.
            Some(_) => Err(refused(PasskeyError::Refused)),
        }
    }

    fn relying(&self) -> Result<&Relying, NotDone> {
        self.relying.as_ref().map_err(|error| NotDone::NoPasskeys(error.to_string()))
    }

    fn ask_for_one_of(&self, id: PersonId) -> Result<(String, Authentication), Stop> {
        let relying = self.relying()?;
        let known = ids(&self.registry.people.get(&id).ok_or(NotDone::Unknown)?.passkeys);
        if known.is_empty() {
            return Err(NotDone::NotThere.into());
        }
        Ok(relying.begin_authentication(&known)?)
    }

    fn ask_for_another(&self, id: PersonId, account: &str) -> Result<(String, Registration), Stop> {
        let relying = self.relying()?;
        let existing = ids(&self.registry.people.get(&id).ok_or(NotDone::Unknown)?.passkeys);
        if existing.len() >= PASSKEYS_MAX {
            return Err(NotDone::TooMany.into());
        }
        Ok(relying.begin_registration(id, account, "", &existing)?)
    }

    /// Whether somebody of this e-mail address can begin by this token.
    fn may_begin(&self, token: &Token, email: Digest, now: Timestamp) -> Result<(), NotDone> {
        if self.can_set_up(token) {
            return Ok(());
        }
        let (invited_as, _) = self.invitation(token, now)?;
        if email != invited_as {
            return Err(NotDone::Unknown);
        }
        match self.registry.by_email(email) {
            Some(_) => Err(NotDone::Taken),
            None => Ok(()),
        }
    }
}

fn ids(passkeys: &[Passkey]) -> Vec<PasskeyId> {
    passkeys.iter().map(|kept| kept.stored.id()).collect()
}
