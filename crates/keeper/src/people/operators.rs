//! Those who run the server. They are no people of any organization and have no role: what they may is here, and of a
//! site's keys it is what `grants` says.
//!
//! An operator acts only by a sign-in that both factors were shown for, and only from the networks they were given.

pub(crate) mod acts;
mod approvals;
mod organizations;
mod roster;
pub(super) mod sign_in;
mod subscriptions;

use std::collections::BTreeMap;

use domain::{OperatorId, OrganizationId, Timestamp};
use sealing::protocol::operators::{Badge, Grave, LOOPBACK};
use sealing::protocol::people::NotDone;
use sealing::{Token, TokenHash};
use serde::{Deserialize, Serialize};

use super::People;
use super::grants::Grant;
use super::registry::limits::OPERATOR_CONFIRMED_MS;
use super::registry::{Kind, Registry, Totp};
use crate::left_out::{Check, is_left_out};
use crate::proofs::ssh::OperatorKey;

pub(super) use organizations::BY_OPERATOR;

/// What is known of those who run the server.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Operators {
    pub(super) enrolled: BTreeMap<OperatorId, Operator>,
    /// Grave acts that wait for a second operator.
    pub(super) approvals: BTreeMap<u64, Approval>,
    pub(super) grants: BTreeMap<u64, Grant>,
    /// Until when a second operator is needed whatever their number.
    pub(super) held_until: Option<Timestamp>,
    /// The number that was last given to an organization.
    pub(super) last_organization: u32,
}

/// Somebody who runs the server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Operator {
    pub(super) name: String,
    pub(super) key: OperatorKey,
    pub(super) totp: Option<Totp>,
    /// From where they may act; this machine where it is none.
    pub(super) networks: Vec<String>,
    pub(super) enrolled_at: Timestamp,
    pub(super) signed_in_at: Option<Timestamp>,
}

/// Something grave that waits.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Approval {
    pub(super) act: Grave,
    pub(super) by: OperatorId,
    pub(super) asked_at: Timestamp,
    pub(super) until: Timestamp,
}

/// An operator who acts.
pub(super) struct OnDuty {
    pub(super) hash: TokenHash,
    /// The number of the sign-in.
    pub(super) sign_in: u64,
    pub(super) operator: OperatorId,
    /// When both factors were shown.
    pub(super) at: Timestamp,
    pub(super) until: Timestamp,
}

impl Operator {
    /// From where they may act.
    pub(super) fn networks(&self) -> Vec<String> {
        match &*self.networks {
            [] => LOOPBACK.map(str::to_owned).to_vec(),
            networks => networks.to_vec(),
        }
    }

    fn is_within(&self, within: &[String]) -> bool {
        self.networks().iter().any(|network| within.contains(network)) || is_left_out(Check::OwnNetworks)
    }
}

impl OnDuty {
    /// Whether both factors were shown a short while ago.
    fn is_confirmed(&self, now: Timestamp) -> bool {
        now.0 - self.at.0 <= OPERATOR_CONFIRMED_MS
    }
}

impl People {
    /// Whoever acts as an operator, from where they may.
    pub(super) fn on_duty(&self, badge: &Badge, now: Timestamp) -> Result<OnDuty, NotDone> {
        let on_duty = self.on_duty_by(&badge.token, now)?;
        let operator = self.operator(on_duty.operator)?;
        if operator.is_within(&badge.within) { Ok(on_duty) } else { Err(NotDone::Elsewhere) }
    }

    /// The same before something grave: both factors were shown a short while ago.
    pub(super) fn on_grave_duty(&self, badge: &Badge, now: Timestamp) -> Result<OnDuty, NotDone> {
        let on_duty = self.on_duty(badge, now)?;
        if on_duty.is_confirmed(now) { Ok(on_duty) } else { Err(NotDone::Confirm) }
    }

    /// Whose an operator's token is, wherever they are.
    pub(super) fn on_duty_by(&self, token: &Token, now: Timestamp) -> Result<OnDuty, NotDone> {
        let hash = token.hash();
        let minted = self.registry.tokens.get(&hash).filter(|minted| minted.is_good(now));
        let minted = minted.ok_or(NotDone::Unknown)?;
        let Kind::OnDuty { operator, .. } = minted.of else { return Err(NotDone::Unknown) };
        self.operator(operator)?;
        Ok(OnDuty { hash, sign_in: minted.id, operator, at: minted.at, until: minted.until })
    }

    pub(super) fn operator(&self, id: OperatorId) -> Result<&Operator, NotDone> {
        self.registry.operators.enrolled.get(&id).ok_or(NotDone::Unknown)
    }
}

impl Registry {
    /// Whether operators closed an organization.
    pub(super) fn is_disabled(&self, organization: OrganizationId) -> bool {
        self.organizations.get(&organization).is_some_and(|known| known.disabled)
    }
}
