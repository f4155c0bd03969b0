//! Grave acts: done at once by an operator who is alone, and by two otherwise. An approval is of one act as it was asked
//! for, does it, and is gone with it.

use domain::Timestamp;
use sealing::protocol::operators::{ApprovalTold, Badge, Grave, Outcome, Told};
use sealing::protocol::people::NotDone;

use super::super::registry::limits::{APPROVAL_MS, APPROVALS_MAX};
use super::super::{Hands, People, Stop};
use super::{Approval, OnDuty, roster};
use crate::left_out::{Check, is_left_out};

impl Approval {
    fn told(&self, id: u64) -> ApprovalTold {
        ApprovalTold {
            id,
            act: self.act.clone(),
            by: self.by,
            asked_at: self.asked_at,
            expires_at: self.until,
        }
    }
}

impl People {
    /// What waits for a second operator.
    pub(super) fn approvals(&self, now: Timestamp) -> Vec<ApprovalTold> {
        let waiting = self.registry.operators.approvals.iter().filter(|(_, approval)| now < approval.until);
        waiting.map(|(id, approval)| approval.told(*id)).collect()
    }

    /// Does something grave, or has it wait.
    pub(super) fn do_grave(
        &mut self,
        badge: &Badge,
        act: Grave,
        hands: &mut Hands<'_>,
    ) -> Result<Told, Stop> {
        let on_duty = self.on_grave_duty(badge, hands.now)?;
        self.is_possible(&act, hands)?;
        let operators = &self.registry.operators;
        match operators.held_until.filter(|until| hands.now < *until) {
            _ if operators.enrolled.len() > 1 && !is_left_out(Check::SecondOperator) => {
                self.wait_for_another(&on_duty, act, hands)
            }
            // Nor is another enrolled, who could be the second one for what was refused.
            Some(until) => Err(NotDone::SecondOperator(until).into()),
            None => Ok(Told::Done(self.do_now(act, hands)?, None)),
        }
    }

    fn wait_for_another(&mut self, on_duty: &OnDuty, act: Grave, hands: &Hands<'_>) -> Result<Told, Stop> {
        self.change(hands, |registry| {
            let waiting = &mut registry.operators.approvals;
            waiting.retain(|_, approval| hands.now < approval.until);
            if waiting.len() >= APPROVALS_MAX {
                return Err(NotDone::TooMany.into());
            }
            let until = Timestamp(hands.now.0 + APPROVAL_MS);
            let approval = Approval { act, by: on_duty.operator, asked_at: hands.now, until };
            let id = hands.rng.next_u128() as u64;
            let told = approval.told(id);
            waiting.insert(id, approval);
            Ok(Told::Done(Outcome::Waits(told), None))
        })
    }

    /// Approves what another operator asked for, and does it.
    pub(super) fn approve(&mut self, badge: &Badge, id: u64, hands: &mut Hands<'_>) -> Result<Told, Stop> {
        let on_duty = self.on_grave_duty(badge, hands.now)?;
        let approval = self.waiting(id, hands.now)?;
        if approval.by == on_duty.operator {
            return Err(NotDone::OwnAct.into());
        }
        // Whoever asked may be gone, and what they asked for with them.
        self.operator(approval.by)?;
        let told = approval.told(id);
        // First of all, so that it is used whatever comes of it.
        self.change(hands, |registry| Ok(registry.operators.approvals.remove(&id)))?;
        self.is_possible(&told.act, hands)?;
        Ok(Told::Done(self.do_now(told.act.clone(), hands)?, Some(told)))
    }

    /// Does not; also for whoever asked, who then takes it back.
    pub(super) fn decline(&mut self, _: &Badge, id: u64, hands: &Hands<'_>) -> Result<Told, Stop> {
        let told = self.waiting(id, hands.now)?.told(id);
        self.change(hands, |registry| {
            registry.operators.approvals.remove(&id);
            Ok(Told::Declined(told))
        })
    }

    fn waiting(&self, id: u64, now: Timestamp) -> Result<&Approval, NotDone> {
        let approval = self.registry.operators.approvals.get(&id);
        approval.filter(|approval| now < approval.until).ok_or(NotDone::NotThere)
    }

    /// Whether an act makes sense now, so that nobody is asked to approve what cannot be.
    fn is_possible(&self, act: &Grave, hands: &Hands<'_>) -> Result<(), Stop> {
        match act {
            Grave::Enrol(new) => {
                let fingerprint = roster::read(new, hands.now)?.key.fingerprint();
                let known =
                    self.registry.operators.enrolled.values().any(|one| one.key.fingerprint() == fingerprint);
                if known { Err(NotDone::KeyTaken.into()) } else { Ok(()) }
            }
            Grave::Disable(organization) | Grave::Remove(organization)
                if !self.registry.organizations.contains_key(organization) =>
            {
                Err(NotDone::NotThere.into())
            }
            Grave::Disable(_) | Grave::ListBackups => Ok(()),
            Grave::Remove(organization) => Ok(self.may_go(*organization, hands)?),
        }
    }

    fn do_now(&mut self, act: Grave, hands: &mut Hands<'_>) -> Result<Outcome, Stop> {
        match act {
            Grave::Enrol(new) => {
                self.change(hands, |registry| registry.enrol(&new, hands)).map(Outcome::Enrolled)
            }
            Grave::Disable(organization) => self.disable(organization, hands),
            Grave::Remove(organization) => self.remove_organization(organization, hands),
            Grave::ListBackups => Ok(Outcome::BackupsOpen),
        }
    }
}
