//! Who may what, once more: from the words that people read (`docs/people.md`), in as few lines as it takes, asking neither the
//! server's table nor anybody else. An answer is the status that a request has; 200 stands for whatever was done.

use std::collections::BTreeMap;

use domain::{Role, Scope};

/// What is wished of an organization, or of one of its sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    SeeSite,
    SeeReports,
    TakeReportsOut,
    ChangeSite,
    AddSite,
    /// To see them, and whatever is done to them that does not ask what they are.
    People,
    Keys,
    SeeAudit,
    TakeAuditOut,
    SeeGrants,
    ChangeOrganization,
}

pub(super) struct Member {
    pub(super) role: Role,
    /// The sites that a site viewer is named, by their numbers.
    pub(super) sites: Vec<usize>,
    pub(super) disabled: bool,
}

pub(super) struct Key {
    pub(super) organization: u32,
    pub(super) site: Option<usize>,
    pub(super) scopes: Vec<Scope>,
}

/// Whose a sign-in is, or who made a key.
pub(super) struct Bearer {
    pub(super) who: usize,
    pub(super) key: Option<Key>,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) members: BTreeMap<(usize, u32), Member>,
    /// The domain and the organization of each site that is there. One that is added again has another number.
    pub(super) sites: BTreeMap<usize, (usize, u32)>,
    /// Whoever shows something that is good.
    pub(super) bearers: BTreeMap<usize, Bearer>,
}

const fn may(role: Role, wish: Wish) -> bool {
    match wish {
        Wish::SeeSite | Wish::SeeReports => true,
        Wish::ChangeSite | Wish::AddSite | Wish::People | Wish::Keys => manages(role),
        Wish::SeeAudit | Wish::SeeGrants => manages(role),
        Wish::TakeReportsOut | Wish::TakeAuditOut | Wish::ChangeOrganization => matches!(role, Role::Owner),
    }
}

const fn is_for(scope: Scope, wish: Wish) -> bool {
    match scope {
        Scope::Read => matches!(wish, Wish::SeeSite | Wish::SeeReports),
        Scope::Write => matches!(wish, Wish::SeeSite),
        Scope::Manage => matches!(wish, Wish::SeeSite | Wish::ChangeSite | Wish::AddSite),
        Scope::Export => matches!(wish, Wish::SeeSite | Wish::TakeReportsOut),
        Scope::Audit => matches!(wish, Wish::SeeAudit | Wish::TakeAuditOut),
    }
}

pub(super) const fn manages(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin)
}

pub(super) const fn outranks(own: Role, role: Role) -> bool {
    matches!(own, Role::Owner) || matches!(own, Role::Admin) && !matches!(role, Role::Owner)
}

impl Model {
    pub(super) fn open(&self, who: usize, organization: u32) -> Option<&Member> {
        self.members.get(&(who, organization)).filter(|member| !member.disabled)
    }

    pub(super) fn lets_in(&self, who: usize) -> bool {
        [1, 2].iter().any(|organization| self.open(who, *organization).is_some())
    }

    /// What is answered to a wish about an organization, or about the site of this number.
    pub(super) fn answer(&self, shown: usize, wish: Wish, organization: u32, site: Option<usize>) -> u16 {
        let Some(bearer) = self.bearers.get(&shown) else { return 401 };
        let Some(member) = self.open(bearer.who, organization) else { return 404 };
        let key = bearer.key.as_ref();
        let named = member.role != Role::SiteViewer || site.is_none_or(|site| member.sites.contains(&site));
        let of_other_site = |key: &Key| key.site.is_some() && site.is_some() && key.site != site;
        if !named || key.is_some_and(|key| key.organization != organization || of_other_site(key)) {
            return 404;
        }
        let adds_beside = |key: &Key| wish == Wish::AddSite && key.site.is_some();
        let by_key = |key: &Key| key.scopes.iter().any(|one| is_for(*one, wish)) && !adds_beside(key);
        if may(member.role, wish) && key.is_none_or(by_key) { 200 } else { 403 }
    }

    pub(super) fn site_at(&self, domain: usize) -> Option<(usize, u32)> {
        self.sites.iter().find(|(_, (at, _))| *at == domain).map(|(number, (_, of))| (*number, *of))
    }

    /// The same about whatever site is at a domain now.
    pub(super) fn answer_at(&self, shown: usize, wish: Wish, domain: usize) -> u16 {
        match self.site_at(domain) {
            Some((site, organization)) => self.answer(shown, wish, organization, Some(site)),
            None => {
                if self.bearers.contains_key(&shown) {
                    404
                } else {
                    401
                }
            }
        }
    }

    /// Whether it is shown by somebody who may give this role there, and take it.
    pub(super) fn grants(&self, shown: usize, organization: u32, role: Role) -> bool {
        let bearer = self.bearers.get(&shown).filter(|bearer| bearer.key.is_none());
        let member = bearer.and_then(|bearer| self.open(bearer.who, organization));
        member.is_some_and(|member| outranks(member.role, role))
    }

    pub(super) fn is_last_owner(&self, who: usize, organization: u32) -> bool {
        let owns = |member: &Member| member.role == Role::Owner && !member.disabled;
        let mut others = self.members.iter().filter(|((one, of), _)| *one != who && *of == organization);
        !others.any(|(_, member)| owns(member))
    }

    pub(super) fn end(&mut self, ends: impl Fn(usize, &Bearer) -> bool) {
        self.bearers.retain(|shown, bearer| !ends(*shown, bearer));
    }

    /// What ends with a membership: keys that were made there, and everything of who is let in nowhere.
    pub(super) fn end_what_is_left(&mut self, who: usize, organization: u32) {
        let closed = self.open(who, organization).is_none();
        let (outside, of_here) = (!self.lets_in(who), |key: &Key| closed && key.organization == organization);
        self.end(|_, one| one.who == who && (outside || one.key.as_ref().is_some_and(of_here)));
    }
}
