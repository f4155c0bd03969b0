//! What is known of people, as it is kept: the people, the organizations and the tokens, each token by its hash.

pub(crate) mod limits;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Identity, KeyLimits, Membership, OperatorId, OrganizationId, PersonId, Role, Scope, SiteId, Timestamp,
};
use sealing::TokenHash;
use sealing::protocol::people::{Device, Factor};
use serde::{Deserialize, Serialize};

use super::operators::Operators;
use crate::left_out::{Check, is_left_out};
use crate::proofs::passkey;
use crate::proofs::password::Verifier;
use crate::proofs::recovery::RecoveryCodes;
use crate::proofs::totp::Secret;
use limits::{CONFIRMED_FOR_MS, IDLE_MS, OPERATOR_IDLE_MS};

/// What an e-mail address is known by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Digest(pub(super) [u8; 32]);

/// Everything.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Registry {
    /// Counts changes.
    pub(super) version: u64,
    /// When it was last kept.
    pub(super) kept_at: Timestamp,
    pub(super) organizations: BTreeMap<OrganizationId, Organization>,
    pub(super) people: BTreeMap<PersonId, Person>,
    pub(super) tokens: BTreeMap<TokenHash, Minted>,
    pub(super) operators: Operators,
    /// The sites that show their recordings to viewers. The first format had all before it.
    pub(super) sharing: BTreeSet<SiteId>,
    /// Since when the subscriptions of organizations have ended. It stands last: the second format had all before it.
    pub(super) ended: BTreeMap<OrganizationId, Timestamp>,
}

/// A customer.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Organization {
    /// Whether nothing of it is open to a sign-in without a second factor.
    pub(super) second_factor: bool,
    /// Whether operators closed it: it is nobody's then, and nothing of it opens.
    pub(super) disabled: bool,
}

/// Somebody who signs in.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) email: Digest,
    pub(super) password: Option<Verifier>,
    pub(super) totp: Option<Totp>,
    pub(super) passkeys: Vec<Passkey>,
    pub(super) recovery_codes: RecoveryCodes,
    pub(super) member_of: BTreeMap<OrganizationId, Member>,
    /// Until when nothing is opened for them, after a break-glass reset.
    pub(super) closed_until: Option<Timestamp>,
}

/// What somebody is in an organization.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) role: Role,
    pub(super) sites: Vec<SiteId>,
    pub(super) disabled: bool,
}

/// An app for codes.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Totp {
    pub(super) secret: Secret,
    /// The step of the last code that was taken: none before or of it is taken again.
    pub(super) last_step: u64,
}

/// A passkey: what checks it, and what its person sees of it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Passkey {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) stored: passkey::Passkey,
    pub(super) created_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

/// A token that is good, or was until it ended by its time.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Minted {
    /// By which it is spoken of.
    pub(super) id: u64,
    pub(super) at: Timestamp,
    pub(super) until: Timestamp,
    pub(super) of: Kind,
}

/// For what a token is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Kind {
    /// To make the first owner.
    Setup,
    SignIn(SignIn),
    Key(Key),
    Invitation {
        email: Digest,
        membership: Membership,
        by: PersonId,
    },
    /// To choose another password. `whole` lets go of second factors, too: after a break-glass reset.
    Reset {
        person: PersonId,
        whole: bool,
    },
    /// To sign in on another device.
    Once {
        person: PersonId,
        second_factor: bool,
    },
    /// Of an operator, who is nobody to whatever is asked about people.
    OnDuty {
        operator: OperatorId,
        seen_at: Timestamp,
    },
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SignIn {
    pub(super) person: PersonId,
    pub(super) second_factor: bool,
    pub(super) confirmed_at: Timestamp,
    pub(super) seen_at: Timestamp,
    pub(super) device: Device,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) by: PersonId,
    pub(super) organization: OrganizationId,
    pub(super) site: Option<SiteId>,
    pub(super) scopes: Vec<Scope>,
    pub(super) seen_at: Option<Timestamp>,
}

/// Whoever bears a token that is good.
pub(super) struct Bearer {
    pub(super) hash: TokenHash,
    /// By which it is spoken of, also once another token is in its place.
    pub(super) id: u64,
    pub(super) identity: Identity,
    /// Whether it is a sign-in, and no API key.
    pub(super) signed_in: bool,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            version: 0,
            kept_at: Timestamp(0),
            organizations: BTreeMap::new(),
            people: BTreeMap::new(),
            tokens: BTreeMap::new(),
            operators: Operators::default(),
            sharing: BTreeSet::new(),
            ended: BTreeMap::new(),
        }
    }
}

impl Registry {
    /// Who bears the token of this hash, if it is a sign-in or a key that is good now.
    pub(super) fn bearer(&self, hash: TokenHash, now: Timestamp) -> Option<Bearer> {
        let minted = self.tokens.get(&hash).filter(|minted| minted.is_good(now))?;
        let (identity, signed_in) = match &minted.of {
            Kind::SignIn(sign_in) => (self.identity_of(sign_in, now)?, true),
            Kind::Key(key) => (self.identity_of_key(minted.id, key, now)?, false),
            _ => return None,
        };
        Some(Bearer { hash, id: minted.id, identity, signed_in })
    }

    fn identity_of(&self, sign_in: &SignIn, now: Timestamp) -> Option<Identity> {
        let person = self.people.get(&sign_in.person)?;
        let memberships = self.open(person.memberships());
        let requires = |membership: &&Membership| {
            let organization = self.organizations.get(&membership.organization);
            organization.is_some_and(|organization| organization.second_factor)
        };
        let requiring =
            memberships.iter().filter(requires).map(|membership| membership.organization).collect();
        Some(Identity {
            person: sign_in.person,
            memberships,
            key: None,
            second_factor: sign_in.second_factor,
            confirmed_at: sign_in.confirmed_at,
            requiring,
            closed: person.is_closed(now),
        })
    }

    /// A key may what its maker may now, within its own limits.
    fn identity_of_key(&self, id: u64, key: &Key, now: Timestamp) -> Option<Identity> {
        let maker = self.people.get(&key.by)?;
        let memberships = self.open(maker.memberships()).into_iter();
        let memberships = memberships.filter(|one| one.organization == key.organization);
        let limits =
            KeyLimits { key: id, organization: key.organization, site: key.site, scopes: key.scopes.clone() };
        Some(Identity {
            person: key.by,
            memberships: memberships.collect(),
            key: Some(limits),
            second_factor: false,
            confirmed_at: Timestamp(0),
            requiring: Vec::new(),
            closed: maker.is_closed(now),
        })
    }

    /// Those of organizations that operators did not close.
    fn open(&self, mut memberships: Vec<Membership>) -> Vec<Membership> {
        memberships.retain(|membership| !self.is_disabled(membership.organization));
        memberships
    }

    /// The person of this e-mail address.
    pub(super) fn by_email(&self, email: Digest) -> Option<PersonId> {
        self.people.iter().find(|(_, person)| person.email == email).map(|(id, _)| *id)
    }

    /// Whether somebody is let in anywhere.
    pub(super) fn is_let_in(&self, person: PersonId) -> bool {
        self.people.get(&person).is_some_and(|person| !person.memberships().is_empty())
    }

    /// Ends the tokens that `ends` names, and those whose time is over.
    pub(super) fn end(&mut self, now: Timestamp, ends: impl Fn(&TokenHash, &Minted) -> bool) {
        self.tokens.retain(|hash, minted| minted.is_good(now) && !ends(hash, minted));
    }

    /// Ends the API keys that somebody made in an organization.
    pub(super) fn end_keys_of(&mut self, id: PersonId, organization: OrganizationId, now: Timestamp) {
        self.end(now, |_, minted| {
            matches!(&minted.of, Kind::Key(key) if key.by == id && key.organization == organization)
        });
    }

    /// Ends the links by which another password of somebody's can be chosen: whoever was to hold one may not be one to hold
    /// it now that they are something else.
    pub(super) fn end_resets_of(&mut self, id: PersonId, now: Timestamp) {
        self.end(now, |_, minted| matches!(minted.of, Kind::Reset { person, .. } if person == id));
    }

    /// Ends whatever somebody signed in by or made, where they are let in nowhere any more.
    pub(super) fn end_of_outsider(&mut self, id: PersonId, now: Timestamp) {
        if !self.is_let_in(id) {
            self.end(now, |_, minted| minted.of.person() == Some(id));
        }
    }

    /// How many owners an organization has who can sign in, leaving somebody out.
    pub(super) fn owners_beside(&self, organization: OrganizationId, left_out: PersonId) -> usize {
        let owns = |(id, person): &(&PersonId, &Person)| {
            let member = person.member_of.get(&organization);
            **id != left_out && member.is_some_and(|member| member.role == Role::Owner && !member.disabled)
        };
        self.people.iter().filter(owns).count()
    }
}

impl Person {
    /// Whether nothing is opened for them now.
    fn is_closed(&self, now: Timestamp) -> bool {
        self.closed_until.is_some_and(|until| now < until)
    }

    /// What they are, where they are let in.
    pub(super) fn memberships(&self) -> Vec<Membership> {
        let open = self.member_of.iter().filter(|(_, member)| !member.disabled);
        open.map(|(organization, member)| member.membership(*organization)).collect()
    }

    /// What can be shown beside a password.
    pub(super) fn second_factors(&self) -> Vec<Factor> {
        let mut factors = Vec::new();
        if !self.passkeys.is_empty() {
            factors.push(Factor::Passkey);
        }
        if self.totp.is_some() {
            factors.push(Factor::Totp);
        }
        // Codes to be kept stand in for a factor; where there is none they are of no use.
        if !factors.is_empty() && self.recovery_codes.left() > 0 {
            factors.push(Factor::RecoveryCode);
        }
        factors
    }
}

impl Member {
    pub(super) fn membership(&self, organization: OrganizationId) -> Membership {
        Membership { organization, role: self.role, sites: self.sites.clone() }
    }
}

impl Minted {
    /// Whether its time is not over.
    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        let idle = match &self.of {
            Kind::SignIn(sign_in) => now.0 - sign_in.seen_at.0 > IDLE_MS,
            Kind::OnDuty { seen_at, .. } => now.0 - seen_at.0 > OPERATOR_IDLE_MS,
            _ => false,
        };
        let over = now >= self.until;
        let ended = (over && !is_left_out(Check::Lasting)) || (idle && !is_left_out(Check::Idle));
        !ended
    }
}

impl Kind {
    /// Whose it is, once somebody's.
    pub(super) fn person(&self) -> Option<PersonId> {
        match self {
            Self::Setup | Self::Invitation { .. } | Self::OnDuty { .. } => None,
            Self::SignIn(sign_in) => Some(sign_in.person),
            Self::Key(key) => Some(key.by),
            Self::Reset { person, .. } | Self::Once { person, .. } => Some(*person),
        }
    }
}

impl Bearer {
    /// Whether they showed a short while ago that it is they.
    pub(super) fn is_confirmed(&self, now: Timestamp) -> bool {
        self.signed_in && now.0 - self.identity.confirmed_at.0 <= CONFIRMED_FOR_MS
    }
}
