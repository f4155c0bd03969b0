//! Who may do what: four roles, what an API key is for, and the one permission table. Both the keeper and `app` ask it;
//! nobody else decides.
//!
//! It says nothing of who somebody is, and never grants what it does not name.

mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{SiteId, Timestamp};

pub use table::{role_allows, scope_allows};

/// A customer's number on this server: small, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationId(pub u32);

impl OrganizationId {
    /// The first one that is made on a server; what was kept before there were organizations is its own.
    pub const FIRST: Self = Self(1);
}

/// Somebody who signs in: a random number that says nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u64);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for PersonId {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let well_formed = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = well_formed.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or(UnknownWord)
    }
}

/// A word that is not one of those known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not known")]
pub struct UnknownWord;

/// What a person is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything of the organization.
    Owner,
    /// Everything of all its sites, and its people but owners.
    Admin,
    /// The reports of all its sites.
    OrganizationViewer,
    /// The reports of named sites.
    SiteViewer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::OrganizationViewer, Self::SiteViewer];

    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::OrganizationViewer => "organization_viewer",
            Self::SiteViewer => "site_viewer",
        }
    }

    /// Whether somebody of this role may give `role`, take it away, or change what else its holder is.
    pub const fn may_grant(self, role: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(role, Self::Owner),
            Self::OrganizationViewer | Self::SiteViewer => false,
        }
    }
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Look at it.
    See,
    /// Make another.
    Add,
    /// Make it different.
    Change,
    /// Take it away.
    Remove,
    /// Take all of it out.
    Export,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::See, Self::Add, Self::Change, Self::Remove, Self::Export];

    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Add => "add",
            Self::Change => "change",
            Self::Remove => "remove",
            Self::Export => "export",
        }
    }
}

impl FromStr for Verb {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}

/// To what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// Its name and what it requires of its people.
    Organization,
    /// Its ledger of payments.
    Billing,
    /// Who did what in it.
    AuditLog,
    /// Who belongs to it as what, and who is invited.
    People,
    /// Its API keys.
    Keys,
    /// What operators asked to see, and what they were allowed.
    SupportGrants,
    /// A site and its settings.
    Site,
    /// What visitors of a site did, counted.
    Events,
    /// Replays of visits.
    Recordings,
    /// What a site knows its visitors by.
    Attributes,
}

impl Object {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Organization,
        Self::Billing,
        Self::AuditLog,
        Self::People,
        Self::Keys,
        Self::SupportGrants,
        Self::Site,
        Self::Events,
        Self::Recordings,
        Self::Attributes,
    ];

    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Billing => "billing",
            Self::AuditLog => "audit_log",
            Self::People => "people",
            Self::Keys => "keys",
            Self::SupportGrants => "support_grants",
            Self::Site => "site",
            Self::Events => "events",
            Self::Recordings => "recordings",
            Self::Attributes => "attributes",
        }
    }

    /// Whether it tells of visitors.
    pub const fn is_of_visitors(self) -> bool {
        matches!(self, Self::Events | Self::Recordings | Self::Attributes)
    }

    /// Whether each site has its own.
    pub const fn is_of_site(self) -> bool {
        matches!(self, Self::Site | Self::Events | Self::Recordings | Self::Attributes)
    }
}

impl FromStr for Object {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}

/// What an API key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reports of events.
    Read,
    /// Sending events from a server.
    Write,
    /// Sites and their settings.
    Manage,
    /// Taking all events of a site out.
    Export,
    /// Reading the audit log.
    Audit,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Manage, Self::Export, Self::Audit];

    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Manage => "manage",
            Self::Export => "export",
            Self::Audit => "audit",
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}

/// What a person is in one organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// In which.
    pub organization: OrganizationId,
    /// As what.
    pub role: Role,
    /// Of which sites, for a site viewer.
    pub sites: Vec<SiteId>,
}

/// What an API key is held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLimits {
    /// The key's own number.
    pub key: u64,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which site; of all of them where it is none.
    pub site: Option<SiteId>,
    /// For what.
    pub scopes: Vec<Scope>,
}

/// Whoever asks, as the keeper knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Who it is; of an API key, who made it.
    pub person: PersonId,
    /// What they are where, as far as this sign-in reaches.
    pub memberships: Vec<Membership>,
    /// What the API key is held to, if it is one that asks.
    pub key: Option<KeyLimits>,
    /// Whether they showed a second factor.
    pub second_factor: bool,
    /// When they last showed that it is they.
    pub confirmed_at: Timestamp,
    /// The organizations of theirs that require a second factor.
    pub requiring: Vec<OrganizationId>,
    /// Whether nothing is open to them for now, as to an owner who was let in from the shell of the server.
    pub closed: bool,
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which site, where it is of one; where it is of none, of all of them.
    pub site: Option<SiteId>,
    /// Whether the site lets viewers see recordings and attributes.
    pub shared: bool,
}

impl Place {
    /// An organization, and all its sites.
    pub const fn organization(organization: OrganizationId) -> Self {
        Self { organization, site: None, shared: false }
    }

    /// One site, which keeps recordings and attributes to itself.
    pub const fn site(organization: OrganizationId, site: SiteId) -> Self {
        Self { organization, site: Some(site), shared: false }
    }
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They may.
    Yes,
    /// They may know that it is there, and may not.
    No,
    /// To them it is not there.
    NotThere,
}

impl Identity {
    /// Whether they may do this to that. What no rule allows is not allowed.
    pub fn decide(&self, verb: Verb, object: Object, place: Place) -> Decision {
        let Some(membership) = self.reaches(place) else { return Decision::NotThere };
        // Whoever may not look may not change anything either: they could let in another who may.
        if self.closed && (verb != Verb::See || object.is_of_visitors()) {
            return Decision::No;
        }
        let by_role = role_allows(membership.role, verb, object, place.shared);
        // A viewer of some sites may look at each of them, and at nothing that is of all; so may a key of one site.
        let of_some =
            membership.role == Role::SiteViewer || self.key.as_ref().is_some_and(|key| key.site.is_some());
        let by_site = !of_some
            || place.site.is_some()
            || !object.is_of_site()
            || verb == Verb::See && object == Object::Site;
        let by_key = self
            .key
            .as_ref()
            .is_none_or(|key| key.scopes.iter().any(|scope| scope_allows(*scope, verb, object)));
        if by_role && by_site && by_key { Decision::Yes } else { Decision::No }
    }

    /// Whether they may.
    pub fn may(&self, verb: Verb, object: Object, place: Place) -> bool {
        self.decide(verb, object, place) == Decision::Yes
    }

    /// What they are in an organization, if anything.
    pub fn membership(&self, organization: OrganizationId) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.organization == organization)
    }

    /// Whether an organization requires a second factor that they did not show: nothing of it is open then.
    pub fn lacks_second_factor(&self, organization: OrganizationId) -> bool {
        // Whoever made an API key had shown it.
        self.key.is_none() && !self.second_factor && self.requiring.contains(&organization)
    }

    /// The membership by which a place is known to them.
    fn reaches(&self, place: Place) -> Option<&Membership> {
        let membership = self.membership(place.organization)?;
        let named = membership.role != Role::SiteViewer
            || place.site.is_none_or(|site| membership.sites.contains(&site));
        let of_key = self.key.as_ref().is_none_or(|key| {
            key.organization == place.organization
                && (key.site.is_none() || place.site.is_none() || key.site == place.site)
        });
        (named && of_key && !self.lacks_second_factor(place.organization)).then_some(membership)
    }
}
