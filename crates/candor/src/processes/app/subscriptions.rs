//! Subscriptions that end: what was measured can be read and taken out, nothing is added, and after sixty days everything is
//! removed, which `worker` does and the keeper allows by its own clock alone.

use domain::audit::{Act, Object, ObjectKind};
use domain::limits::KEPT_AFTER_END;
use domain::{OrganizationId, Timestamp};
use sealing::protocol::operators::{Ask, Told};

use super::operators::unexpected;
use super::state::App;
use crate::http::operators::asking::OnDuty;
use crate::http::problem::{Kind, Problem};
use crate::logging::with_causes;

impl App {
    /// Whether something may be added to what an organization keeps.
    pub(crate) fn goes_on(&self, organization: OrganizationId) -> Result<(), Problem> {
        match self.control.subscription_ended(organization)? {
            None => Ok(()),
            Some(ended) => {
                let until = ended + KEPT_AFTER_END;
                let sentence = format!(
                    "the subscription has ended: until {until} everything can be read, taken out and removed, and nothing is added or changed"
                );
                Err(Problem::new(Kind::Forbidden, sentence))
            }
        }
    }

    /// Says that an organization's subscription has ended: since when, and the number of the directory that tells the edge.
    pub(crate) fn end_subscription(
        &self,
        on_duty: &OnDuty,
        id: OrganizationId,
    ) -> Result<(Timestamp, u64), Problem> {
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = self.entry_on_duty(on_duty, Act::SubscriptionEnd, object);
        let ask = Ask::EndSubscription(on_duty.badge.clone(), id);
        let ended = self.act_as_operator(Some(id), &entry, ask, |work, told| {
            let Told::Ended(at) = told else { return Err(unexpected()) };
            work.end_subscription(id, at)?;
            Ok(at)
        })?;
        Ok((ended, self.publish_directory()?))
    }

    /// Says that it goes on; the number of the directory that tells the edge.
    pub(crate) fn resume_subscription(&self, on_duty: &OnDuty, id: OrganizationId) -> Result<u64, Problem> {
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = self.entry_on_duty(on_duty, Act::SubscriptionResume, object);
        let ask = Ask::ResumeSubscription(on_duty.badge.clone(), id);
        self.act_as_operator(Some(id), &entry, ask, |work, _| Ok(work.resume_subscription(id)?))?;
        Ok(self.publish_directory()?)
    }

    /// Lets go of what is in memory of an organization that was removed, and tells the edge.
    pub(super) fn forget_removed(&self) {
        self.rights_changed();
        if let Err(error) = self.publish_directory() {
            tracing::error!("the edge is not told that an organization was removed: {}", with_causes(&error));
        }
    }
}
