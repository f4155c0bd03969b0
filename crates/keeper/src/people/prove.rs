//! Showing a password: slow on purpose, so that it is done outside everything else. First it is found out what is to be
//! done, then it is done with nothing locked, then what came out is put to use. Somebody who is not there is taken
//! through the same, against a verifier that no password fits.

use std::sync::Arc;

use domain::{PersonId, Rng, Timestamp};
use sealing::protocol::people::{Ask, NotDone, Proof, Told};
use sealing::{SecretText, Token};

use super::registry::Digest;
use super::tickets::{Held, Proven};
use super::{Hands, People, Stop};
use crate::proofs::password::{self, Pepper, Verifier};

/// Whether an act takes so long that it is done outside everything else.
pub(crate) const fn is_slow(ask: &Ask) -> bool {
    matches!(ask, Ask::Choose(..) | Ask::Prove(..) | Ask::Confirm(_, Proof::Password(_)))
}

/// What is to be done with nothing locked.
pub(crate) struct Work {
    pepper: Arc<Pepper>,
    of: Of,
}

enum Of {
    /// Whether it will do, and a verifier of it.
    Choose(SecretText, Vec<String>),
    /// Whether it fits.
    Check { password: SecretText, verifier: Option<Verifier>, then: Then },
}

/// For what a password is checked.
enum Then {
    /// To sign in as the person, if it is one, of the account that was named.
    SignIn { person: Option<PersonId>, account: Digest, network: String },
    /// To show again that it is the bearer.
    Confirm { token: Token, account: Digest },
}

/// What came out.
pub(crate) enum Finding {
    Chosen(Verifier),
    Weak(String),
    Checked(Box<Checked>),
}

/// Whether a password fits.
pub(crate) struct Checked {
    fits: bool,
    /// What it was held against, if anything.
    against: Option<Verifier>,
    /// A newer verifier, where the one that is kept is of another day.
    anew: Option<Verifier>,
    then: Then,
}

impl Work {
    /// Does it: some tenths of a second.
    pub(crate) fn run(self, rng: &dyn Rng) -> Finding {
        match self.of {
            Of::Choose(password, context) => {
                let context: Vec<&str> = context.iter().map(String::as_str).collect();
                match password::weakness(password.reveal(), &context) {
                    Some(weakness) => Finding::Weak(weakness.to_string()),
                    None => Finding::Chosen(password::hash(password.reveal(), &self.pepper, rng)),
                }
            }
            Of::Check { password, verifier, then } => {
                let dummy = || Verifier::dummy(&self.pepper);
                let against = verifier.clone();
                let verifier = verifier.unwrap_or_else(dummy);
                let fits = password::verify(&verifier, password.reveal(), &self.pepper) && against.is_some();
                let outdated = fits && verifier.is_outdated(self.pepper.version());
                let anew = outdated.then(|| password::hash(password.reveal(), &self.pepper, rng));
                Finding::Checked(Box::new(Checked { fits, against, anew, then }))
            }
        }
    }
}

impl People {
    /// What is to be done for a slow act.
    pub(crate) fn prepare(&self, ask: Ask, now: Timestamp) -> Result<Work, NotDone> {
        let of = match ask {
            Ask::Choose(password, context) => Of::Choose(password, context),
            Ask::Prove(email, password, network) => {
                let account = self.digest(&email);
                self.delays.check(account, &network, now)?;
                let known = self.registry.by_email(account);
                // Whoever is let in nowhere is nobody here.
                let person = known.filter(|id| self.registry.is_let_in(*id));
                let verifier = person.and_then(|id| self.registry.people.get(&id)?.password.clone());
                Of::Check { password, verifier, then: Then::SignIn { person, account, network } }
            }
            Ask::Confirm(token, Proof::Password(password)) => {
                let bearer = self.signed_in(&token, now)?;
                let person = self.registry.people.get(&bearer.identity.person).ok_or(NotDone::Unknown)?;
                self.delays.check(person.email, "", now)?;
                let (verifier, account) = (person.password.clone(), person.email);
                Of::Check { password, verifier, then: Then::Confirm { token, account } }
            }
            _ => return Err(NotDone::Unknown),
        };
        Ok(Work { pepper: self.pepper.clone(), of })
    }

    /// Puts to use what came out of it.
    pub(crate) fn conclude(&mut self, finding: Finding, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        let Hands { now, rng, .. } = *hands;
        match finding {
            Finding::Weak(why) => Err(NotDone::Weak(why).into()),
            Finding::Chosen(verifier) => {
                Ok(Told::Ticket(self.tickets.give(Held::Password(verifier), now, rng)?))
            }
            Finding::Checked(checked) => {
                let Checked { fits, against, anew, then } = *checked;
                match then {
                    Then::SignIn { person: Some(person), account, .. } if fits => {
                        self.still_has(person, against.as_ref())?;
                        self.password_was_right(person, account);
                        self.renew(person, anew, hands)?;
                        self.proven(person, hands)
                    }
                    Then::SignIn { account, network, .. } => {
                        Err(NotDone::Wrong(self.delays.wrong(account, &network, now)).into())
                    }
                    Then::Confirm { token, account } if fits => {
                        let person = self.signed_in(&token, now)?.identity.person;
                        self.still_has(person, against.as_ref())?;
                        self.password_was_right(person, account);
                        self.confirm(&token, false, hands)
                    }
                    Then::Confirm { account, .. } => {
                        self.delays.wrong(account, "", now);
                        Err(NotDone::Wrong(None).into())
                    }
                }
            }
        }
    }

    /// Somebody showed their password.
    fn proven(&mut self, person: PersonId, hands: &Hands<'_>) -> Result<Told, Stop> {
        let wanted = self.registry.people.get(&person).ok_or(NotDone::Unknown)?.second_factors();
        let proven = Proven { person, second_factor: false, wanted: wanted.clone() };
        let ticket = self.tickets.give(Held::Proven(proven), hands.now, hands.rng)?;
        Ok(Told::Proven(ticket, person, wanted))
    }

    /// Whether a password is still the one of somebody: another may have been chosen while it was checked.
    fn still_has(&self, person: PersonId, against: Option<&Verifier>) -> Result<(), NotDone> {
        let kept = self.registry.people.get(&person).and_then(|person| person.password.as_ref());
        let same = kept.zip(against).is_some_and(|(kept, against)| kept.is(against));
        if same { Ok(()) } else { Err(NotDone::Unknown) }
    }

    /// Of whoever has a second factor the password alone lets nothing be forgotten: it would give whoever knows it as many
    /// tries at the second as they like.
    fn password_was_right(&mut self, person: PersonId, account: Digest) {
        let more =
            self.registry.people.get(&person).is_some_and(|person| !person.second_factors().is_empty());
        if !more {
            self.delays.right(account);
        }
    }

    /// Keeps a newer verifier of the same password.
    fn renew(&mut self, person: PersonId, anew: Option<Verifier>, hands: &Hands<'_>) -> Result<(), Stop> {
        let Some(anew) = anew else { return Ok(()) };
        self.change(hands, |registry| {
            if let Some(person) = registry.people.get_mut(&person) {
                person.password = Some(anew);
            }
            Ok(())
        })
    }
}
