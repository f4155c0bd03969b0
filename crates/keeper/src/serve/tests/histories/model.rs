//! Who may what, once more: from the words that people read, in as few lines as it takes, and asking nobody.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DAY_MS, MINUTE_MS, Role, Scope};

pub(super) struct Member {
    pub(super) role: Role,
    pub(super) sites: Vec<u32>,
    pub(super) disabled: bool,
}

/// Whoever bears a token; of a key its organization, its site and its scopes.
pub(super) struct Bearer {
    pub(super) who: usize,
    pub(super) key: Option<(u32, Option<u32>, Vec<Scope>)>,
    pub(super) strong: bool,
    pub(super) until: i64,
    pub(super) seen: i64,
    pub(super) confirmed: i64,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) members: BTreeMap<(usize, u32), Member>,
    /// Organizations that require a second factor.
    pub(super) strict: BTreeSet<u32>,
    pub(super) closed: BTreeMap<usize, i64>,
    pub(super) bearers: BTreeMap<usize, Bearer>,
}

pub(super) const fn organization_of(site: u32) -> u32 {
    if site <= 3 { 1 } else { 2 }
}

impl Model {
    pub(super) fn live(&self, token: usize) -> Option<&Bearer> {
        let idle = |one: &Bearer| one.key.is_none() && self.now - one.seen > 14 * DAY_MS;
        self.bearers.get(&token).filter(|one| self.now < one.until && !idle(one))
    }
    pub(super) fn open(&self, who: usize, organization: u32) -> Option<&Member> {
        self.members.get(&(who, organization)).filter(|member| !member.disabled)
    }
    pub(super) fn lets_in(&self, who: usize) -> bool {
        self.members.iter().any(|((one, _), member)| *one == who && !member.disabled)
    }
    fn is(&self, token: usize, organization: u32) -> Option<(&Bearer, &Member)> {
        let bearer = self.live(token)?;
        let reaches = match &bearer.key {
            Some((of, ..)) => *of == organization,
            None => bearer.strong || !self.strict.contains(&organization),
        };
        Some((bearer, self.open(bearer.who, organization).filter(|_| reaches)?))
    }
    fn is_closed(&self, who: usize) -> bool {
        self.closed.get(&who).is_some_and(|until| self.now < *until)
    }
    pub(super) fn opens(&self, token: usize, site: u32) -> bool {
        let Some((bearer, member)) = self.is(token, organization_of(site)) else { return false };
        let named = member.role != Role::SiteViewer || member.sites.contains(&site);
        let by_key = bearer.key.as_ref().is_none_or(|(_, of, scopes)| {
            let exports = scopes.contains(&Scope::Export) && member.role == Role::Owner;
            of.is_none_or(|of| of == site) && (scopes.contains(&Scope::Read) || exports)
        });
        named && by_key && !self.is_closed(bearer.who)
    }
    /// Whether it is the sign-in of somebody who showed a short while ago that it is they, and what they are there.
    pub(super) fn acts_as(&self, token: usize, organization: u32) -> Option<Role> {
        let (bearer, member) = self.is(token, organization)?;
        let confirmed = bearer.key.is_none() && self.now - bearer.confirmed <= 10 * MINUTE_MS;
        (confirmed && !self.is_closed(bearer.who)).then_some(member.role)
    }
    pub(super) fn grants(&self, token: usize, organization: u32, role: Role) -> bool {
        self.acts_as(token, organization).is_some_and(|own| outranks(own, role))
    }
    pub(super) fn is_last_owner(&self, who: usize, organization: u32) -> bool {
        let owns =
            |(one, of): (usize, u32)| self.open(one, of).is_some_and(|member| member.role == Role::Owner);
        let others = self.members.keys().filter(|(one, of)| *one != who && *of == organization);
        others.filter(|place| owns(**place)).count() == 0
    }
    pub(super) fn end(&mut self, ends: impl Fn(usize, &Bearer) -> bool) {
        self.bearers.retain(|token, bearer| !ends(*token, bearer));
    }
}

pub(super) fn outranks(own: Role, role: Role) -> bool {
    own == Role::Owner || own == Role::Admin && role != Role::Owner
}
