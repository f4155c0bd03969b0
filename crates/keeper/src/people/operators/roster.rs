//! Who the operators are: the first is enrolled from the shell, later ones by one who is. A server keeps one at least.

use std::collections::BTreeSet;

use domain::{OperatorId, Timestamp};
use sealing::protocol::operators::{
    Badge, NETWORK_BYTES_MAX, NETWORKS_MAX, NewOperator, OperatorTold, Outcome, Roster, Told,
};
use sealing::protocol::people::NotDone;

use super::super::registry::limits::{HELD_MS, NAME_CHARS_MAX, OPERATORS_MAX};
use super::super::registry::{Kind, Registry};
use super::super::{Hands, People, Stop};
use super::Operator;
use crate::proofs::ssh::OperatorKey;

impl Operator {
    pub(super) fn told(&self, id: OperatorId) -> OperatorTold {
        OperatorTold {
            id,
            name: self.name.clone(),
            fingerprint: self.key.fingerprint(),
            networks: self.networks(),
            second_factor: self.totp.is_some(),
            enrolled_at: self.enrolled_at,
            signed_in_at: self.signed_in_at,
        }
    }
}

impl People {
    /// How many operators there are, and from where they may act.
    pub(super) fn roster(&self, now: Timestamp) -> Roster {
        let operators = &self.registry.operators;
        let networks: BTreeSet<String> = operators.enrolled.values().flat_map(Operator::networks).collect();
        Roster {
            count: operators.enrolled.len() as u32,
            networks: networks.into_iter().collect(),
            held_until: operators.held_until.filter(|until| now < *until),
        }
    }

    pub(super) fn operators_told(&self) -> Vec<OperatorTold> {
        self.registry.operators.enrolled.iter().map(|(id, operator)| operator.told(*id)).collect()
    }

    /// Enrols the first operator, while there is none.
    pub(super) fn enrol_first(&mut self, new: &NewOperator, hands: &Hands<'_>) -> Result<Told, Stop> {
        if !self.registry.operators.enrolled.is_empty() {
            return Err(NotDone::Denied.into());
        }
        let told = self.change(hands, |registry| registry.enrol(new, hands))?;
        Ok(Told::Done(Outcome::Enrolled(told), None))
    }

    /// Takes an operator out: their sign-ins and what they have open of customers end at once. From then on a second
    /// operator is needed for a while, so that nobody becomes alone by it.
    pub(super) fn remove_operator(
        &mut self,
        badge: &Badge,
        id: OperatorId,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        self.on_grave_duty(badge, hands.now)?;
        if !self.registry.operators.enrolled.contains_key(&id) {
            return Err(NotDone::NotThere.into());
        }
        if self.registry.operators.enrolled.len() == 1 {
            return Err(NotDone::LastOperator.into());
        }
        self.change(hands, |registry| {
            registry.operators.enrolled.remove(&id);
            registry.operators.approvals.retain(|_, approval| approval.by != id);
            registry.operators.end_grants(hands.now, |grant| grant.operator == id);
            registry.operators.held_until = Some(Timestamp(hands.now.0 + HELD_MS));
            registry.end(
                hands.now,
                |_, minted| matches!(minted.of, Kind::OnDuty { operator, .. } if operator == id),
            );
            Ok(Told::Plain)
        })
    }
}

impl Registry {
    /// Enrols an operator: a key that is nobody's yet.
    pub(in crate::people) fn enrol(
        &mut self,
        new: &NewOperator,
        hands: &Hands<'_>,
    ) -> Result<OperatorTold, Stop> {
        let operator = read(new, hands.now)?;
        let enrolled = &mut self.operators.enrolled;
        // The comment behind a key does not make it another.
        if enrolled.values().any(|known| known.key.fingerprint() == operator.key.fingerprint()) {
            return Err(NotDone::KeyTaken.into());
        }
        if enrolled.values().any(|known| known.name == operator.name) {
            return Err(NotDone::Unfit("another operator is called so".to_owned()).into());
        }
        if enrolled.len() >= OPERATORS_MAX {
            return Err(NotDone::TooMany.into());
        }
        let id = OperatorId(hands.rng.next_u128() as u64);
        let told = operator.told(id);
        enrolled.insert(id, operator);
        Ok(told)
    }
}

/// An operator from what was sent of them.
pub(super) fn read(new: &NewOperator, now: Timestamp) -> Result<Operator, NotDone> {
    let unfit = |sentence: &str| NotDone::Unfit(sentence.to_owned());
    let key = OperatorKey::parse(&new.key).map_err(|error| NotDone::Unfit(error.to_string()))?;
    let name = match new.name.trim() {
        "" => key.comment().trim().to_owned(),
        name => name.to_owned(),
    };
    if name.is_empty() {
        return Err(unfit("an operator needs a name: the key has no comment to take it from"));
    }
    if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(unfit("an operator's name may have 120 characters, and no control characters"));
    }
    let fits = |network: &String| (1..=NETWORK_BYTES_MAX).contains(&network.len());
    if new.networks.len() > NETWORKS_MAX || !new.networks.iter().all(fits) {
        return Err(unfit("an operator may have 20 networks, written like 10.0.0.0/8"));
    }
    Ok(Operator {
        name,
        key,
        totp: None,
        networks: new.networks.clone(),
        enrolled_at: now,
        signed_in_at: None,
    })
}
