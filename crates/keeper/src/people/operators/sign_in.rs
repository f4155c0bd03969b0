//! How an operator signs in: by a signature of a text of the server's and the code of an app for codes, never by one of
//! them. The first time the signature alone shows the secret of that app, once.
//!
//! Whether somebody is an operator does not show from asking for a challenge.

use std::collections::BTreeMap;

use domain::{OperatorId, Timestamp};
use sealing::protocol::operators::{Badge, Told};
use sealing::protocol::people::{NotDone, Ticket};
use sealing::{SecretText, Token};

use super::super::registry::limits::{CHALLENGES_MAX, OPERATOR_SIGN_IN_MS, OPERATOR_SIGN_INS_MAX};
use super::super::registry::{Kind, Registry, Totp};
use super::super::{Hands, People, Stop};
use crate::proofs::{ssh, totp};

/// By what the app for codes shows whose they are.
const ISSUER: &str = "Candor operators";

/// The challenges that are out, in memory only.
#[derive(Default)]
pub(in crate::people) struct Challenges(BTreeMap<Ticket, Asked>);

/// A text that was given to be signed.
#[derive(Clone)]
struct Asked {
    text: ssh::Challenge,
    /// Whom it was asked for, if it is an operator.
    of: Option<OperatorId>,
    /// The secret that was shown for its first answer, of which no code was shown yet.
    began: Option<totp::Secret>,
    /// Whether its signature was shown without a code.
    answered: bool,
}

/// What is shown to sign in.
pub(super) struct Shown {
    pub(super) challenge: Ticket,
    pub(super) signature: String,
    pub(super) code: Option<SecretText>,
    pub(super) within: Vec<String>,
    pub(super) network: String,
}

impl Challenges {
    fn give(&mut self, asked: Asked, hands: &Hands<'_>) -> Result<Ticket, NotDone> {
        self.0.retain(|_, asked| hands.now < asked.text.expires());
        if self.0.len() >= CHALLENGES_MAX {
            return Err(NotDone::Busy);
        }
        let ticket = Ticket(hands.rng.next_u128());
        self.0.insert(ticket, asked);
        Ok(ticket)
    }
}

impl People {
    /// A text to sign for whoever is called so or has a key of this fingerprint; for nobody, too.
    pub(super) fn challenge(&mut self, server: &str, named: &str, hands: &Hands<'_>) -> Result<Told, Stop> {
        let enrolled = &self.registry.operators.enrolled;
        let is_meant =
            |operator: &super::Operator| operator.name == named || operator.key.fingerprint() == named;
        let of = enrolled.iter().find(|(_, operator)| is_meant(operator)).map(|(id, _)| *id);
        let text = ssh::challenge(server, hands.rng, hands.now);
        let shown = text.text().to_owned();
        let ticket = self.challenges.give(Asked { text, of, began: None, answered: false }, hands)?;
        Ok(Told::Challenge(ticket, shown))
    }

    /// Signs in by both factors.
    pub(super) fn sign_in_operator(&mut self, shown: &Shown, hands: &Hands<'_>) -> Result<Told, Stop> {
        let now = hands.now;
        // Whatever comes of it, it is answered once; only the missing half may follow.
        let asked = self.challenges.0.remove(&shown.challenge).ok_or(NotDone::Unknown)?;
        let id = asked.of.ok_or(NotDone::Wrong(None))?;
        let operator = self.operator(id)?.clone();
        ssh::verify(&operator.key, &asked.text, &shown.signature, now)
            .map_err(|error| NotDone::Unfit(error.to_string()))?;
        if !operator.is_within(&shown.within) {
            return Err(NotDone::Elsewhere.into());
        }
        let account = self.digest(&format!("operator {id}"));
        self.delays.check(account, &shown.network, now)?;
        let Some(code) = &shown.code else {
            return self.answer_half(shown.challenge, asked, id, operator.totp.is_some(), hands);
        };
        let taken = match (operator.totp, asked.began.or_else(|| self.tickets.begun_operator(id, now))) {
            (Some(mut app), _) => app.take(code.reveal(), now).then_some(app),
            (None, Some(secret)) => {
                totp::check(&secret, code.reveal(), now, None).map(|last_step| Totp { secret, last_step })
            }
            (None, None) => None,
        };
        let Some(app) = taken else {
            return Err(NotDone::Wrong(self.delays.wrong(account, &shown.network, now)).into());
        };
        self.delays.right(account);
        let token = self.change(hands, |registry| {
            let operator = registry.operators.enrolled.get_mut(&id).ok_or(NotDone::Unknown)?;
            operator.totp = Some(app);
            operator.signed_in_at = Some(now);
            Ok(registry.put_on_duty(id, hands))
        })?;
        Ok(Told::SignedIn(token, id))
    }

    /// The signature is right, and no code came with it. The same signature may come again with one, and shows nothing by
    /// itself any more.
    fn answer_half(
        &mut self,
        challenge: Ticket,
        asked: Asked,
        id: OperatorId,
        has_app: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        if has_app || asked.answered {
            self.challenges.0.insert(challenge, Asked { answered: true, ..asked });
            return Err(NotDone::CodeWanted.into());
        }
        let name = self.operator(id)?.name.clone();
        let secret = totp::Secret::random(hands.rng);
        let shown = |text: &str| SecretText::new(text.to_owned());
        let told = Told::EnrolTotp(id, shown(&secret.text()), shown(&totp::uri(&secret, &name, ISSUER)));
        // Held for another signature as well, so that one wrong code does not cost the secret.
        self.tickets.begin_operator(id, secret.clone(), hands.now);
        self.challenges.0.insert(challenge, Asked { began: Some(secret), answered: true, ..asked });
        Ok(told)
    }

    /// Who it is.
    pub(super) fn identify_operator(&self, badge: &Badge, now: Timestamp) -> Result<Told, Stop> {
        let on_duty = self.on_duty(badge, now)?;
        let operator = self.operator(on_duty.operator)?;
        Ok(Told::Operator(operator.told(on_duty.operator), on_duty.at, on_duty.until))
    }

    /// Ends a sign-in, and with it what it has open of customers.
    pub(super) fn end_on_duty(&mut self, badge: &Badge, hands: &Hands<'_>) -> Result<Told, Stop> {
        let on_duty = self.on_duty(badge, hands.now)?;
        self.change(hands, |registry| {
            registry.end(hands.now, |hash, _| *hash == on_duty.hash);
            registry.operators.end_grants(hands.now, |grant| grant.is_opened_by(on_duty.sign_in));
            Ok(Told::Plain)
        })
    }
}

impl Registry {
    /// Mints a sign-in of an operator. Of too many the oldest ends.
    pub(in crate::people) fn put_on_duty(&mut self, operator: OperatorId, hands: &Hands<'_>) -> Token {
        self.end(hands.now, |_, _| false);
        let mut held: Vec<_> = self
            .tokens
            .iter()
            .filter(|(_, minted)| matches!(minted.of, Kind::OnDuty { operator: of, .. } if of == operator))
            .map(|(hash, minted)| (minted.at, *hash))
            .collect();
        held.sort_unstable();
        for (_, hash) in held.iter().take((held.len() + 1).saturating_sub(OPERATOR_SIGN_INS_MAX)) {
            self.tokens.remove(hash);
        }
        self.mint(Kind::OnDuty { operator, seen_at: hands.now }, OPERATOR_SIGN_IN_MS, hands.now, hands.rng).1
    }
}
