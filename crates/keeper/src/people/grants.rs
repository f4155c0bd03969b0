//! Support grants: an operator asks an owner to be shown something of one site, once. An owner of that organization
//! answers with their own token, and the clock runs from then. The operator puts it to use by one sign-in, and it is over
//! when either side ends it, that sign-in ends or the time is up. What is over never opens again.

use domain::{
    Object, OperatorId, OrganizationId, PersonId, Place, Role, SiteId, SupportField, Timestamp, Verb,
};
use sealing::Token;
use sealing::protocol::operators::{
    Badge, GRANT_DAYS_MAX, GRANT_MINUTES_MAX, GrantState, GrantTold, NewGrant, PURPOSE_CHARS_MAX,
    TICKET_CHARS_MAX, Told,
};
use sealing::protocol::people::NotDone;
use serde::{Deserialize, Serialize};

use super::operators::Operators;
use super::registry::limits::{GRANT_WAITS_MS, GRANTS_MAX, GRANTS_TOLD_MAX};
use super::registry::{Person, Registry};
use super::{Hands, People, Stop};
use crate::left_out::{Check, is_left_out};

/// What somebody asked to be shown, and what became of it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) operator: OperatorId,
    pub(super) organization: OrganizationId,
    site: SiteId,
    fields: Vec<SupportField>,
    minutes: u32,
    days: u32,
    asked_at: Timestamp,
    decided: Option<Decided>,
    /// By which sign-in it was put to use, and when.
    opened: Option<(u64, Timestamp)>,
    ended_at: Option<Timestamp>,
}

/// What an owner said.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Decided {
    approved: bool,
    by: PersonId,
    at: Timestamp,
}

impl Grant {
    fn state(&self, now: Timestamp) -> GrantState {
        match self.decided {
            Some(Decided { approved: false, .. }) => GrantState::Declined,
            _ if self.ended_at.is_some() && !is_left_out(Check::GrantEnd) => GrantState::Ended,
            None if now.0 - self.asked_at.0 >= GRANT_WAITS_MS => GrantState::Expired,
            None if is_left_out(Check::GrantApproval) => GrantState::Active,
            None => GrantState::Pending,
            Some(_) if self.until().is_some_and(|until| now < until) => GrantState::Active,
            _ => GrantState::Expired,
        }
    }

    /// Until when it is open, once it was approved.
    fn until(&self) -> Option<Timestamp> {
        let approved = self.decided.filter(|decided| decided.approved)?;
        Some(Timestamp(approved.at.0 + i64::from(self.minutes) * domain::MINUTE_MS))
    }

    fn is_over(&self, now: Timestamp) -> bool {
        !matches!(self.state(now), GrantState::Pending | GrantState::Active)
    }

    pub(super) fn is_opened_by(&self, sign_in: u64) -> bool {
        self.opened.is_some_and(|(by, _)| by == sign_in)
    }

    fn told(&self, id: u64, now: Timestamp) -> GrantTold {
        GrantTold {
            id,
            operator: self.operator,
            organization: self.organization,
            site: self.site,
            fields: self.fields.clone(),
            minutes: self.minutes,
            days: self.days,
            state: self.state(now),
            asked_at: self.asked_at,
            decided: self.decided.map(|decided| (decided.by, decided.at)),
            until: self.until(),
            opened_at: self.opened.map(|(_, at)| at),
            ended_at: self.ended_at,
            owners: Vec::new(),
        }
    }
}

impl Operators {
    /// Ends those that `ends` names and that are not over yet.
    pub(super) fn end_grants(&mut self, now: Timestamp, ends: impl Fn(&Grant) -> bool) {
        for grant in self.grants.values_mut().filter(|grant| !grant.is_over(now) && ends(grant)) {
            grant.ended_at = Some(now);
        }
    }

    /// Lets go of the oldest of those that are over, where there are too many.
    fn forget_old_grants(&mut self, now: Timestamp) {
        let mut over: Vec<_> = self
            .grants
            .iter()
            .filter(|(_, grant)| grant.is_over(now))
            .map(|(id, grant)| (grant.asked_at, *id))
            .collect();
        over.sort_unstable();
        for (_, id) in over.iter().take(over.len().saturating_sub(GRANTS_TOLD_MAX)) {
            self.grants.remove(id);
        }
    }
}

impl Registry {
    /// Who owns an organization and can sign in.
    fn owners_of(&self, organization: OrganizationId) -> Vec<PersonId> {
        let owns = |person: &Person| {
            let member = person.member_of.get(&organization);
            member.is_some_and(|member| member.role == Role::Owner && !member.disabled)
        };
        self.people.iter().filter(|(_, person)| owns(person)).map(|(id, _)| *id).collect()
    }
}

impl People {
    /// Asks for a grant.
    pub(super) fn ask_grant(
        &mut self,
        badge: &Badge,
        new: NewGrant,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let on_duty = self.on_duty(badge, hands.now)?;
        check(&new)?;
        if hands.keys.organization_of(new.site) != Some(new.organization) {
            return Err(NotDone::NotThere.into());
        }
        let NewGrant { organization, site, mut fields, minutes, days, .. } = new;
        fields.sort_unstable();
        fields.dedup();
        let grant = Grant {
            operator: on_duty.operator,
            organization,
            site,
            fields,
            minutes,
            days,
            asked_at: hands.now,
            decided: None,
            opened: None,
            ended_at: None,
        };
        self.change(hands, |registry| {
            let operators = &mut registry.operators;
            operators.forget_old_grants(hands.now);
            if operators.grants.values().filter(|grant| !grant.is_over(hands.now)).count() >= GRANTS_MAX {
                return Err(NotDone::TooMany.into());
            }
            let id = hands.rng.next_u128() as u64;
            let told = grant.told(id, hands.now);
            operators.grants.insert(id, grant);
            Ok(Told::Grant(GrantTold { owners: registry.owners_of(organization), ..told }))
        })
    }

    /// Those that `which` names, the newest first.
    pub(super) fn grants(&self, which: impl Fn(&Grant) -> bool, now: Timestamp) -> Vec<GrantTold> {
        let named = self.registry.operators.grants.iter().filter(|(_, grant)| which(grant));
        let mut told: Vec<_> = named.map(|(id, grant)| grant.told(*id, now)).collect();
        told.sort_by_key(|grant| std::cmp::Reverse((grant.asked_at, grant.id)));
        told
    }

    /// Puts a grant to its one use, or goes on with it by the same sign-in.
    pub(super) fn open_grant(&mut self, badge: &Badge, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        let on_duty = self.on_duty(badge, hands.now)?;
        let grant = self.grant(id)?;
        if grant.operator != on_duty.operator {
            return Err(NotDone::NotThere.into());
        }
        let there = hands.keys.organization_of(grant.site) == Some(grant.organization);
        let open =
            grant.state(hands.now) == GrantState::Active && !self.registry.is_disabled(grant.organization);
        let by_another = grant.opened.is_some_and(|(by, _)| by != on_duty.sign_in);
        if !open || !there || by_another {
            return Err(NotDone::Closed.into());
        }
        if grant.opened.is_some() {
            return Ok(Told::Grant(grant.told(id, hands.now)));
        }
        self.change_grant(id, hands, |grant| grant.opened = Some((on_duty.sign_in, hands.now)))
    }

    /// Ends one of the bearer's.
    pub(super) fn end_grant(&mut self, badge: &Badge, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        let on_duty = self.on_duty(badge, hands.now)?;
        if self.grant(id)?.operator != on_duty.operator {
            return Err(NotDone::NotThere.into());
        }
        self.end_open_grant(id, hands)
    }

    /// The grants that an organization was asked for.
    pub(super) fn grants_of(
        &self,
        token: &Token,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Told, Stop> {
        self.who_may(token, Verb::See, Object::SupportGrants, Place::organization(organization), now)?;
        Ok(Told::Grants(self.grants(|grant| grant.organization == organization, now)))
    }

    /// Answers one: a person who may, by themselves and not by a key, and to approve having shown again that it is they.
    pub(super) fn decide_grant(
        &mut self,
        token: &Token,
        id: u64,
        approved: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let by = self.owner_of_grant(token, id, approved, hands)?;
        if self.grant(id)?.state(hands.now) != GrantState::Pending {
            return Err(NotDone::Closed.into());
        }
        let decided = Decided { approved, by, at: hands.now };
        self.change_grant(id, hands, |grant| grant.decided = Some(decided))
    }

    /// Ends one, by whoever could have declined it.
    pub(super) fn close_grant(&mut self, token: &Token, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        self.owner_of_grant(token, id, false, hands)?;
        self.end_open_grant(id, hands)
    }

    fn owner_of_grant(
        &self,
        token: &Token,
        id: u64,
        confirmed: bool,
        hands: &Hands<'_>,
    ) -> Result<PersonId, NotDone> {
        let bearer = self.signed_in(token, hands.now)?;
        let place = Place::organization(self.grant(id)?.organization);
        self.who_may(token, Verb::Change, Object::SupportGrants, place, hands.now)?;
        if confirmed {
            self.must_be_confirmed(&bearer, hands)?;
        }
        Ok(bearer.identity.person)
    }

    fn end_open_grant(&mut self, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        if self.grant(id)?.is_over(hands.now) {
            return Err(NotDone::Closed.into());
        }
        self.change_grant(id, hands, |grant| grant.ended_at = Some(hands.now))
    }

    fn change_grant(
        &mut self,
        id: u64,
        hands: &Hands<'_>,
        change: impl FnOnce(&mut Grant),
    ) -> Result<Told, Stop> {
        self.change(hands, |registry| {
            let grant = registry.operators.grants.get_mut(&id).ok_or(NotDone::NotThere)?;
            change(grant);
            let told = grant.told(id, hands.now);
            Ok(Told::Grant(GrantTold { owners: registry.owners_of(told.organization), ..told }))
        })
    }

    fn grant(&self, id: u64) -> Result<&Grant, NotDone> {
        self.registry.operators.grants.get(&id).ok_or(NotDone::NotThere)
    }

    /// The live grant by which the bearer, an operator, may have the keys of a site: one that they put to use.
    pub(crate) fn opens_by_grant(&self, token: &Token, place: Place, now: Timestamp) -> Option<u64> {
        let on_duty = self.on_duty_by(token, now).ok()?;
        let opens = |grant: &Grant| {
            grant.is_opened_by(on_duty.sign_in)
                && grant.operator == on_duty.operator
                && (grant.organization, Some(grant.site)) == (place.organization, place.site)
                && grant.state(now) == GrantState::Active
                && !self.registry.is_disabled(grant.organization)
        };
        self.registry.operators.grants.iter().find(|(_, grant)| opens(grant)).map(|(id, _)| *id)
    }

    /// The sites that somebody sees by a grant now.
    pub(super) fn sites_granted(&self, now: Timestamp) -> Vec<SiteId> {
        let open = |grant: &&Grant| grant.opened.is_some() && grant.state(now) == GrantState::Active;
        self.registry.operators.grants.values().filter(open).map(|grant| grant.site).collect()
    }
}

/// A grant has a purpose, a ticket, something to show and an end.
fn check(new: &NewGrant) -> Result<(), NotDone> {
    let unfit = |sentence: String| Err(NotDone::Unfit(sentence));
    let is_said = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    if !is_said(&new.purpose, PURPOSE_CHARS_MAX) {
        return unfit(format!("a support grant needs a purpose, of {PURPOSE_CHARS_MAX} characters at most"));
    }
    if !is_said(&new.ticket, TICKET_CHARS_MAX) {
        return unfit(format!(
            "a support grant needs the number of a ticket, of {TICKET_CHARS_MAX} characters at most"
        ));
    }
    if new.fields.is_empty() || new.fields.len() > SupportField::ALL.len() {
        return unfit("a support grant names the fields to be shown".to_owned());
    }
    if !(1..=GRANT_MINUTES_MAX).contains(&new.minutes) {
        return unfit(format!("a support grant is open for 1 to {GRANT_MINUTES_MAX} minutes"));
    }
    if !(1..=GRANT_DAYS_MAX).contains(&new.days) {
        return unfit(format!("a support grant looks back 1 to {GRANT_DAYS_MAX} days"));
    }
    Ok(())
}
