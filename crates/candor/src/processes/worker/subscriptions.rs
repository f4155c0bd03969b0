//! What follows when a subscription has ended: its owners are told in good time where mail can be sent, and when the time is over
//! everything of the organization is removed, its keys first.
//!
//! Whether it is over the keeper decides once more, by its own clock. Killed in between, the rest is done in the next round: what
//! the keeper has removed it says to be removed, as often as it is asked.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use control::{DUTY_EVERY, Database, DatabaseError, Letter, NewMail, SubscriptionEnd};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::limits::KEPT_AFTER_END;
use domain::{Clock, DAY_MS, OrganizationId, Rng, Timestamp};
use sealing::Client;
use sealing::protocol::operators::{Ask, Told};

use crate::logging::with_causes;
use crate::processes::birth::Voice;
use crate::processes::messages::FromChild;

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often it is written down that it looked.
const NOTED_EVERY: Duration = Duration::from_secs(3_600);
/// How many days before everything is removed its owners are told.
const TOLD_AT: [u32; 4] = [60, 30, 7, 1];
/// By which name that is promised.
const DUTY: &str = "subscriptions";

/// Looks after subscriptions that have ended.
pub(super) struct Subscriptions {
    pub(super) database: Arc<Database>,
    pub(super) keeper: Client,
    /// Whether mail can be sent.
    pub(super) mail: bool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) voice: Voice,
}

impl Subscriptions {
    /// Works until the other end of `told` is gone.
    pub(super) fn go_on(self, told: &Receiver<()>) {
        let mut complaint = String::new();
        let mut noted: Option<Timestamp> = None;
        loop {
            let looked = self.look();
            let now = self.clock.now();
            if looked.is_err() || noted.is_none_or(|at| at + NOTED_EVERY <= now) {
                let ended = looked.as_ref().copied().map_err(String::as_str);
                let written = self
                    .database
                    .promise_duty(DUTY, DUTY_EVERY, now)
                    .and_then(|()| self.database.duty_ended(DUTY, ended, now));
                noted = written.is_ok().then_some(now);
            }
            let sentence = looked.err().unwrap_or_default();
            if sentence != complaint && !sentence.is_empty() {
                tracing::error!("what follows the end of a subscription is not done: {sentence}");
            }
            complaint = sentence;
            match told.recv_timeout(LOOK_EVERY) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn look(&self) -> Result<(), String> {
        let now = self.clock.now();
        for end in self.database.ended_subscriptions().map_err(|error| failed(&error))? {
            let left = (end.ended_at + KEPT_AFTER_END).0 - now.0;
            if left <= 0 {
                self.remove(end.organization)?;
            } else if self.mail
                // Else nobody is written to, and nothing says that they were; once mail can be sent they are told how much is left.
                && let Some(days) = due(left, end.told_days)
            {
                self.tell(&end, days)?;
            }
        }
        Ok(())
    }

    fn remove(&self, id: OrganizationId) -> Result<(), String> {
        match self.keeper.operators(Ask::RemoveEnded(id)).map_err(|error| with_causes(&error))? {
            Told::Done(..) => {}
            Told::No(no) => return Err(no.to_string()),
            _ => return Err("the keeper answered something else".to_owned()),
        }
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = NewEntry::new(self.clock.now(), Actor::system(), Act::OrganizationRemove, object)
            .with("after_days", KEPT_AFTER_END.as_secs() / 86_400);
        let sites = self.database.act(Log::SERVER, &entry, |work| {
            work.append(Log(id.0), &entry)?;
            work.forget_organization(id)
        });
        let sites = sites.map_err(|error| failed(&error))?;
        tracing::info!(
            organization = id.0,
            sites = sites.len(),
            "its subscription ended long ago: it is removed"
        );
        self.voice.say(FromChild::Removed);
        Ok(())
    }

    fn tell(&self, end: &SubscriptionEnd, days: u32) -> Result<(), String> {
        let id = end.organization;
        let told = self.keeper.operators(Ask::OwnersOf(id)).map_err(|error| with_causes(&error))?;
        let Told::Owners(owners) = told else { return Err("the keeper answered something else".to_owned()) };
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = NewEntry::new(self.clock.now(), Actor::system(), Act::SubscriptionWarn, object)
            .with("days", days)
            .with("owners", owners.len());
        let done = self.database.act(Log(id.0), &entry, |work| {
            let organization = work.organization(id)?.map(|one| one.name).unwrap_or_default();
            let removed_at = end.ended_at + KEPT_AFTER_END;
            let letter = Letter::SubscriptionEnds { organization, days, removed_at };
            for owner in &owners {
                let Some(person) = work.person(*owner)? else { continue };
                let mail = NewMail {
                    organization: Some(id),
                    address: &person.email,
                    name: Some(&person.name).filter(|name| !name.is_empty()).map(String::as_str),
                    letter: &letter,
                    expires_at: removed_at,
                };
                work.enqueue_mail(&mail, self.clock.now(), &*self.rng)?;
            }
            work.told_of_end(id, days)
        });
        done.map_err(|error| failed(&error))
    }
}

/// How many days before the end it is to be told now, if it was not told already: the last of the moments that have come.
fn due(left_ms: i64, told: Option<u32>) -> Option<u32> {
    let come = TOLD_AT.into_iter().rfind(|days| left_ms <= i64::from(*days) * DAY_MS)?;
    told.is_none_or(|told| come < told).then_some(come)
}

fn failed(error: &DatabaseError) -> String {
    with_causes(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_told_sixty_thirty_seven_and_one_day_before_each_once_and_late_rather_than_never() {
        let day = |days: i64| days * DAY_MS;
        assert_eq!(due(day(60), None), Some(60));
        assert_eq!(due(day(60) - 1, Some(60)), None);
        assert_eq!(due(day(30) + 1, Some(60)), None);
        assert_eq!(due(day(30), Some(60)), Some(30));
        assert_eq!(due(day(7), Some(30)), Some(7));
        assert_eq!(due(day(1), Some(7)), Some(1));
        assert_eq!(due(1, Some(1)), None);
        // A server that was away for long tells the last of what it missed.
        assert_eq!(due(day(3), Some(60)), Some(7));
        assert_eq!(due(day(3), None), Some(7));
    }
}
