//! What somebody changes of themselves: by what they sign in. All of it is for one who showed a short while ago that it
//! is they; what was changed ends their sign-ins elsewhere.

use domain::PersonId;
use sealing::protocol::people::{NotDone, PasskeyTold, Security, Ticket, Told};
use sealing::{SecretText, Token};

use super::begin::recovery_codes;
use super::passkeys::Purpose;
use super::registry::limits::{NAME_CHARS_MAX, PASSKEYS_MAX};
use super::registry::{Bearer, Kind, Passkey, Person, Registry, Totp};
use super::{Hands, People, Stop};
use crate::proofs::recovery::RecoveryCodes;
use crate::proofs::{passkey, totp};

/// By what the app for codes shows whose they are.
const ISSUER: &str = "Candor";

impl People {
    /// By what the bearer signs in.
    pub(super) fn security(&self, token: &Token, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, hands.now)?;
        let person = self.registry.people.get(&bearer.identity.person).ok_or(NotDone::Unknown)?;
        let told = |passkey: &Passkey| PasskeyTold {
            id: passkey.id,
            name: passkey.name.clone(),
            created_at: passkey.created_at,
            used_at: passkey.used_at,
        };
        Ok(Told::Security(Security {
            password: person.password.is_some(),
            totp: person.totp.is_some(),
            passkeys: person.passkeys.iter().map(told).collect(),
            recovery_codes: person.recovery_codes.left() as u32,
        }))
    }

    /// Puts a chosen password in the place of the bearer's.
    pub(super) fn set_password(
        &mut self,
        token: &Token,
        chosen: Ticket,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let verifier = self.tickets.take_password(chosen, hands.now)?;
        self.change_own(&bearer, hands, |person| {
            person.password = Some(verifier);
            Ok(())
        })
    }

    /// Knows the bearer by another e-mail address.
    pub(super) fn set_email(&mut self, token: &Token, email: &str, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let digest = self.digest(email);
        if self.registry.by_email(digest).is_some_and(|other| other != bearer.identity.person) {
            return Err(NotDone::Taken.into());
        }
        self.change_own(&bearer, hands, |person| {
            person.email = digest;
            Ok(())
        })
    }

    /// A secret for an app for codes, which is put to use by a code of it.
    pub(super) fn begin_totp(
        &mut self,
        token: &Token,
        account: &str,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let secret = totp::Secret::random(hands.rng);
        let shown = |text: &str| SecretText::new(text.to_owned());
        let told = Told::Totp(shown(&secret.text()), shown(&totp::uri(&secret, account, ISSUER)));
        self.tickets.begin_totp(bearer.identity.person, secret, hands.now);
        Ok(told)
    }

    /// Puts it to use. Whoever has no codes to be kept is given some.
    pub(super) fn finish_totp(
        &mut self,
        token: &Token,
        code: &SecretText,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let id = bearer.identity.person;
        let secret = self.tickets.begun_totp(id, hands.now)?;
        let last_step = totp::check(&secret, code.reveal(), hands.now, None).ok_or(NotDone::Wrong(None))?;
        self.tickets.forget_totp(id);
        let (codes, kept) = self.codes_that_lack(id, hands);
        let fresh = self.change_own_and_replace(&bearer, hands, |person| {
            person.totp = Some(Totp { secret, last_step });
            if let Some(kept) = kept {
                person.recovery_codes = kept;
            }
            Ok(())
        })?;
        Ok(Told::Strengthened(fresh, codes))
    }

    /// Does without it.
    pub(super) fn end_totp(&mut self, token: &Token, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        self.change_own_factors(&bearer, hands, |person| {
            person.totp.take().map(drop).ok_or(NotDone::NotThere.into())
        })
    }

    /// Adds a passkey that was registered. Whoever has no codes to be kept is given some.
    pub(super) fn add_passkey(
        &mut self,
        token: &Token,
        options: Ticket,
        credential: &str,
        name: &str,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let (id, stored) =
            self.finish_registration(options, credential, &Purpose::Adding(bearer.id), hands.now)?;
        let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
        let passkey = new_passkey(stored, name, hands);
        let (codes, kept) = self.codes_that_lack(id, hands);
        let fresh = self.change_own_and_replace(&bearer, hands, |person| {
            if person.passkeys.len() >= PASSKEYS_MAX {
                return Err(NotDone::TooMany.into());
            }
            person.passkeys.push(passkey);
            if let Some(kept) = kept {
                person.recovery_codes = kept;
            }
            Ok(())
        })?;
        Ok(Told::Strengthened(fresh, codes))
    }

    /// Does without one.
    pub(super) fn end_passkey(&mut self, token: &Token, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        self.change_own_factors(&bearer, hands, |person| {
            let before = person.passkeys.len();
            person.passkeys.retain(|passkey| passkey.id != id);
            if person.passkeys.len() < before { Ok(()) } else { Err(NotDone::NotThere.into()) }
        })
    }

    /// Makes new codes to be kept; those before are good no more.
    pub(super) fn renew_recovery_codes(&mut self, token: &Token, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let (codes, kept) = recovery_codes(hands.rng);
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&bearer.identity.person).ok_or(NotDone::Unknown)?;
            person.recovery_codes = kept;
            Ok(())
        })?;
        Ok(Told::RecoveryCodes(codes))
    }

    /// Codes to be kept, where somebody has none, and what is kept of them here.
    fn codes_that_lack(&self, id: PersonId, hands: &Hands<'_>) -> (Vec<SecretText>, Option<RecoveryCodes>) {
        match self.registry.people.get(&id) {
            Some(person) if person.recovery_codes.left() == 0 => {
                let (codes, kept) = recovery_codes(hands.rng);
                (codes, Some(kept))
            }
            _ => (Vec::new(), None),
        }
    }

    /// Changes a factor, of which enough must be left.
    fn change_own_factors(
        &mut self,
        bearer: &Bearer,
        hands: &Hands<'_>,
        change: impl FnOnce(&mut Person) -> Result<(), Stop>,
    ) -> Result<Told, Stop> {
        let required = bearer.identity.memberships.iter().any(|membership| {
            let organization = self.registry.organizations.get(&membership.organization);
            organization.is_some_and(|organization| organization.second_factor)
        });
        self.change_own(bearer, hands, |person| {
            change(person)?;
            if person.password.is_none() && person.passkeys.is_empty() {
                return Err(NotDone::LastCredential.into());
            }
            let none_left = person.totp.is_none() && person.passkeys.is_empty();
            if required && none_left { Err(NotDone::Required.into()) } else { Ok(()) }
        })
    }

    /// Changes what the bearer signs in by, and ends their sign-ins elsewhere.
    fn change_own(
        &mut self,
        bearer: &Bearer,
        hands: &Hands<'_>,
        change: impl FnOnce(&mut Person) -> Result<(), Stop>,
    ) -> Result<Told, Stop> {
        let id = bearer.identity.person;
        self.tickets.forget(id);
        self.change(hands, |registry| {
            let person = registry.people.get_mut(&id).ok_or(NotDone::Unknown)?;
            change(person)?;
            let weak = person.second_factors().is_empty();
            registry.end_elsewhere(id, bearer, hands);
            if let Some(Kind::SignIn(sign_in)) = registry.tokens.get_mut(&bearer.hash).map(|one| &mut one.of)
            {
                // What is there no more was not shown.
                sign_in.second_factor &= !weak;
            }
            Ok(Told::Done(Vec::new()))
        })
    }

    /// The same where the bearer has shown a second factor by it: their token is replaced.
    fn change_own_and_replace(
        &mut self,
        bearer: &Bearer,
        hands: &Hands<'_>,
        change: impl FnOnce(&mut Person) -> Result<(), Stop>,
    ) -> Result<Token, Stop> {
        let id = bearer.identity.person;
        self.tickets.forget(id);
        self.change(hands, |registry| {
            change(registry.people.get_mut(&id).ok_or(NotDone::Unknown)?)?;
            registry.end_elsewhere(id, bearer, hands);
            registry.replace(bearer.hash, hands.rng, |sign_in| sign_in.second_factor = true)
        })
    }
}

impl Registry {
    /// Ends a person's sign-ins and resets but for the one that asks.
    fn end_elsewhere(&mut self, id: PersonId, bearer: &Bearer, hands: &Hands<'_>) {
        self.end(hands.now, |hash, minted| {
            let ends = matches!(minted.of, Kind::SignIn(_) | Kind::Reset { .. } | Kind::Once { .. });
            ends && minted.of.person() == Some(id) && *hash != bearer.hash
        });
    }
}

/// A passkey as it is kept.
pub(super) fn new_passkey(stored: passkey::Passkey, name: String, hands: &Hands<'_>) -> Passkey {
    let id = hands.rng.next_u128() as u64;
    Passkey { id, name, stored, created_at: hands.now, used_at: None }
}
