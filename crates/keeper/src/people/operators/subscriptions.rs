//! Subscriptions that have ended. What an organization measured is kept for a time then, and removed after it: no operator
//! shortens that time, nor do two, and none lengthens it but by saying that the subscription goes on.

use domain::limits::KEPT_AFTER_END;
use domain::{OrganizationId, Role, Timestamp};
use sealing::protocol::operators::{Badge, Outcome, Told};
use sealing::protocol::people::NotDone;

use super::super::{Hands, People, Stop};
use super::organizations::sites_of;
use crate::left_out::{Check, is_left_out};

impl People {
    /// Says that a subscription has ended; since when, which saying it again does not change.
    pub(super) fn end_subscription(
        &mut self,
        _: &Badge,
        id: OrganizationId,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        self.change(hands, |registry| {
            registry.organizations.get(&id).ok_or(NotDone::NotThere)?;
            Ok(Told::Ended(*registry.ended.entry(id).or_insert(hands.now)))
        })
    }

    /// Says that a subscription goes on. When it ends again the time begins anew.
    pub(super) fn resume_subscription(
        &mut self,
        _: &Badge,
        id: OrganizationId,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        self.change(hands, |registry| {
            registry.organizations.get(&id).ok_or(NotDone::NotThere)?;
            registry.ended.remove(&id);
            Ok(Told::Plain)
        })
    }

    /// Removes an organization whose time is over; one that is not there was removed before.
    pub(super) fn remove_ended(&mut self, id: OrganizationId, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        if !self.registry.organizations.contains_key(&id) {
            return Ok(Told::Done(Outcome::Removed(id, Vec::new(), Vec::new()), None));
        }
        match self.kept_until(id) {
            Some(until) if until <= hands.now => Ok(Told::Done(self.remove_organization(id, hands)?, None)),
            until => Err(NotDone::Kept(until).into()),
        }
    }

    /// Who owns an organization.
    pub(super) fn owners_of(&self, id: OrganizationId) -> Told {
        let owners = self.registry.people.iter().filter(|(_, person)| {
            person.member_of.get(&id).is_some_and(|member| member.role == Role::Owner && !member.disabled)
        });
        Told::Owners(owners.map(|(id, _)| *id).collect())
    }

    /// Whether an organization may be removed by operators now: it measures nothing, or its time is over.
    pub(super) fn may_go(&self, id: OrganizationId, hands: &Hands<'_>) -> Result<(), NotDone> {
        let until = self.kept_until(id);
        let over = until.is_some_and(|until| until <= hands.now);
        if over || sites_of(id, hands).is_empty() || is_left_out(Check::SixtyDays) {
            return Ok(());
        }
        Err(NotDone::Kept(until))
    }

    fn kept_until(&self, id: OrganizationId) -> Option<Timestamp> {
        self.registry.ended.get(&id).map(|ended| *ended + KEPT_AFTER_END)
    }
}
