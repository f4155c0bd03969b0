//! What people do about themselves and each other: each act, the rows that show it and the entry about it are there
//! together, or none of them is. Whether it may be done the keeper decides.

use std::sync::Arc;
use std::time::Duration;

use control::{Organization, Person, Stopped, Work};
use domain::audit::{Act, Actor, ActorKind, Log, NewEntry, Object, ObjectKind};
use domain::{OrganizationId, PersonId, Timestamp};
use sealing::protocol::people::{Ask, NotDone, Told};
use sealing::{OpenError, SecretText, Token};

use super::state::App;
use crate::http::asking::{Asking, From, no};
use crate::http::problem::{Kind, Problem};

/// How long something slow may take, waiting for its turn included.
const SLOW_PATIENCE: Duration = Duration::from_secs(20);

/// Characters of a name of a person, an organization or a key.
pub(crate) const NAME_CHARS_MAX: usize = 100;
/// Bytes of an e-mail address (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

impl App {
    /// Asks the keeper something, and takes its refusal as a problem.
    pub(crate) fn ask(&self, ask: Ask) -> Result<Told, Problem> {
        match self.keeper.people(ask)? {
            told @ Told::No(_) => Err(no(&told)),
            told => Ok(told),
        }
    }

    /// The same for what is slow on purpose, where it holds up nobody else.
    pub(crate) async fn ask_slowly(self: &Arc<Self>, ask: Ask) -> Result<Told, Problem> {
        self.off_thread(move |app| Ok(app.keeper.with_patience(SLOW_PATIENCE).people(ask)?)).await
    }

    /// Whether a password will do for somebody of whom this is known; the ticket for what follows.
    pub(crate) async fn choose(
        self: &Arc<Self>,
        password: SecretText,
        context: Vec<String>,
    ) -> Result<sealing::protocol::people::Ticket, Problem> {
        match self.ask_slowly(Ask::Choose(password, context)).await? {
            Told::Ticket(ticket) => Ok(ticket),
            other => Err(no(&other)),
        }
    }

    /// The same within an act: where no answer came, it may have been done.
    pub(super) fn ask_to_do(&self, ask: Ask) -> Result<Told, Stopped<Problem>> {
        match self.keeper.people_act(ask).map_err(stopped)? {
            told @ Told::No(_) => Err(Stopped::Undone(no(&told))),
            told => Ok(told),
        }
    }

    /// Does an act of somebody who is signed in, in the log of an organization: `ask` of the keeper, then the rows.
    pub(crate) fn act_in<T>(
        &self,
        log: Log,
        entry: &NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.act_in_all(&[log], entry, ask, then)
    }

    /// Does an act of somebody about themselves: it is written in the log of each organization that they belong to.
    pub(crate) fn act_of<T>(
        &self,
        person: PersonId,
        entry: &NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.act_in_all(&self.logs_of(Some(person))?, entry, ask, then)
    }

    fn act_in_all<T>(
        &self,
        logs: &[Log],
        entry: &NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let done = self.control.act_elsewhere(
            logs,
            entry,
            |_| self.ask_to_do(ask),
            |work, told| {
                work.append_to_all(logs, entry)?;
                then(work, told)
            },
        );
        self.rights_changed();
        done
    }

    /// Does an act whose person shows only when it is done: interrupted, it is told of in the server's log, as nobody's.
    pub(crate) fn act_of_nobody<T>(
        &self,
        entry: &NewEntry,
        ask: Ask,
        then: impl FnOnce(Told) -> Result<(T, PersonId), Problem>,
    ) -> Result<T, Problem> {
        let done = self.control.act_elsewhere(
            &[Log::SERVER],
            entry,
            |_| self.ask_to_do(ask),
            |work, told| {
                let (done, person) = then(told)?;
                let logs = logs_among(work.organizations_of(person)?);
                work.append_to_all(&logs, &entry.clone().by(Actor::new(ActorKind::Person, person)))?;
                Ok(done)
            },
        );
        self.rights_changed();
        done
    }

    /// Does something about somebody that the keeper need not know of.
    pub(crate) fn note_act_of<T>(
        &self,
        person: PersonId,
        entry: &NewEntry,
        rows: impl FnOnce(&Work<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let logs = self.logs_of(Some(person))?;
        let (first, others) = logs.split_first().expect("there is the server's log at least");
        self.control.act(*first, entry, |work| {
            work.append_to_all(others, entry)?;
            rows(work)
        })
    }

    /// Whether it is a person who asks, and no API key.
    pub(crate) fn must_be_signed_in(&self, asking: &Asking) -> Result<(), Problem> {
        match &asking.identity.key {
            None => Ok(()),
            Some(_) => Err(Problem::new(Kind::Forbidden, "an API key is nobody's self: sign in")),
        }
    }

    /// Writes down something that was refused, in the logs of whom it concerns.
    pub(crate) fn note(&self, person: Option<PersonId>, entry: &NewEntry) -> Result<(), Problem> {
        for log in self.logs_of(person)? {
            self.control.note(log, entry)?;
        }
        Ok(())
    }

    /// The logs of the organizations that somebody belongs to; of one who belongs to none, the server's.
    fn logs_of(&self, person: Option<PersonId>) -> Result<Vec<Log>, Problem> {
        let organizations = person.map(|person| self.control.organizations_of(person)).transpose()?;
        Ok(logs_among(organizations.unwrap_or_default()))
    }

    /// An entry about what somebody does who is not signed in yet.
    pub(crate) fn entry_of(&self, person: Option<PersonId>, from: &From, act: Act) -> NewEntry {
        let actor = person.map_or_else(Actor::nobody, |person| Actor::new(ActorKind::Person, person));
        let object = person.map_or_else(
            || Object::sole(ObjectKind::Person),
            |person| Object::new(ObjectKind::Person, person),
        );
        NewEntry::new(self.clock.now(), actor, act, object).at_network(from.network)
    }

    /// An entry about what somebody does to themselves.
    pub(crate) fn entry_of_own(&self, asking: &Asking, act: Act) -> NewEntry {
        self.entry(asking, act, Object::new(ObjectKind::Person, asking.person()))
    }

    /// Makes the first owner and their organization.
    pub(crate) fn set_up(&self, ask: Ask, new: &NewOwner, from: &From) -> Result<(Token, Begun), Problem> {
        let log = Log(OrganizationId::FIRST.0);
        let now = self.clock.now();
        let entry = NewEntry::new(
            now,
            Actor::nobody(),
            Act::Setup,
            Object::new(ObjectKind::Organization, OrganizationId::FIRST.0),
        );
        let entry = entry.at_network(from.network).with_address("owner", &new.email);
        let done = self.act_in(log, &entry, ask, |work, told| {
            let Told::Begun(token, person, organization, codes) = told else {
                return Err(Problem::not_found("there is nothing to set up"));
            };
            work.add_organization(&Organization {
                id: organization,
                name: new.organization.clone(),
                created_at: now,
            })?;
            let person =
                Person { id: person, email: new.email.clone(), name: new.name.clone(), created_at: now };
            work.add_person(&person)?;
            work.add_member(organization, person.id)?;
            let organization =
                Organization { id: organization, name: new.organization.clone(), created_at: now };
            Ok((token, Begun { person, organization, recovery_codes: codes }))
        })?;
        self.setup.forget();
        Ok(done)
    }
}

/// Whether what the keeper was asked to do may have been done, though no good answer came. A keeper that can no longer write
/// its own audit file says so after an act as well.
pub(super) fn stopped(error: OpenError) -> Stopped<Problem> {
    match error {
        OpenError::Unanswered | OpenError::Unable => Stopped::Unknown(error.into()),
        error => Stopped::Undone(error.into()),
    }
}

/// The logs of organizations; of none, the server's.
fn logs_among(organizations: Vec<OrganizationId>) -> Vec<Log> {
    let logs: Vec<Log> = organizations.into_iter().map(|organization| Log(organization.0)).collect();
    if logs.is_empty() { vec![Log::SERVER] } else { logs }
}

/// What the first owner said.
pub(crate) struct NewOwner {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) organization: String,
}

/// Somebody who is known from now on.
pub(crate) struct Begun {
    pub(crate) person: Person,
    pub(crate) organization: Organization,
    pub(crate) recovery_codes: Vec<SecretText>,
}

/// An e-mail address as it is kept: one that a mail server would take, of any domain.
pub(crate) fn email(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let wrong = || Problem::invalid("that is no e-mail address, such as ann@example.com").of_field("email");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"<>()[]\\,;:\"".contains(c));
    let fits =
        !local.is_empty() && local.len() <= 64 && !local.contains('@') && text.len() <= EMAIL_BYTES_MAX;
    let host =
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if plain && fits && host && !domain.is_empty() { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// A name as it is kept.
pub(crate) fn name(text: &str, field: &'static str) -> Result<String, Problem> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    if text.chars().count() > NAME_CHARS_MAX {
        return Err(Problem::invalid(format!("a name may have {NAME_CHARS_MAX} characters")).of_field(field));
    }
    Ok(text)
}

/// Whether the keeper says that something is wrong, and until when the network it came from should be blocked.
pub(crate) const fn wrong(told: &Told) -> Option<Option<Timestamp>> {
    match told {
        Told::No(NotDone::Wrong(block)) => Some(*block),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_act_that_was_surely_not_done_leaves_no_entry() {
        for error in [OpenError::Unanswered, OpenError::Unable] {
            assert!(matches!(stopped(error.clone()), Stopped::Unknown(_)), "{error}");
        }
        for error in [OpenError::Away, OpenError::Denied("what was asked".to_owned())] {
            assert!(matches!(stopped(error.clone()), Stopped::Undone(_)), "{error}");
        }
    }
}
