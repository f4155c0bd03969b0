//! Who is told of what by mail: put into the queue in the transaction of the act that it tells of. Without a mail server
//! nothing is queued.

use std::time::Duration;

use control::{FactorChange, Invitation, Letter, LinkToken, NewMail, Person, Work};
use domain::audit::Act;
use domain::{OrganizationId, PersonId, Role, Timestamp};
use sealing::Token;
use sealing::protocol::people::{Ask, Told};

use super::state::App;
use crate::http::asking::From;
use crate::http::problem::Problem;
use crate::processes::messages::FromChild;

/// How long news is worth telling.
const NEWS_FOR: Duration = Duration::from_secs(2 * 86_400);
/// How long the keeper opens nothing for an owner who was let in from the shell.
pub(crate) const CLOSED_FOR: Duration = Duration::from_secs(86_400);
/// How long a link to choose another password is good, and its mail worth sending.
const RESET_FOR: Duration = Duration::from_secs(30 * 60);

impl App {
    /// Sends somebody a link to choose another password, if there is such a person and mail.
    pub(crate) fn mail_reset(&self, email: &str, from: &From) -> Result<(), Problem> {
        let Told::Whose(Some(id)) = self.ask(Ask::ResetWanted(email.to_owned()))? else { return Ok(()) };
        let Some(person) = self.control.person(id)? else { return Ok(()) };
        let entry = self.entry_of(Some(id), from, Act::ResetLink);
        self.note_act_of(id, &entry, |work| {
            self.tell(work, None, &person, &Letter::Reset { person: id }, RESET_FOR)
        })?;
        self.mail_waits();
        Ok(())
    }

    /// Tells somebody of an invitation, if there is mail; whether it is on its way.
    pub(crate) fn mail_invitation(
        &self,
        work: &Work<'_>,
        invited: &Invitation,
        role: Role,
        by: String,
        token: &Token,
    ) -> Result<bool, Problem> {
        if !self.mail {
            return Ok(false);
        }
        let letter = Letter::Invitation {
            organization: work.organization(invited.organization)?.map(|one| one.name).unwrap_or_default(),
            invited_by: by,
            role: role.as_str().to_owned(),
            token: LinkToken::from(token),
        };
        let mail = NewMail {
            organization: Some(invited.organization),
            address: &invited.email,
            name: None,
            letter: &letter,
            expires_at: invited.expires_at,
        };
        work.enqueue_mail(&mail, self.clock.now(), &*self.rng)?;
        Ok(true)
    }

    /// Tells somebody that their password was changed.
    pub(crate) fn mail_password_changed(
        &self,
        work: &Work<'_>,
        id: PersonId,
        from: &From,
    ) -> Result<(), Problem> {
        let letter = Letter::PasswordChanged { network: from.network_text(), at: self.clock.now() };
        self.tell_of(work, id, &letter)
    }

    /// Tells somebody that a second factor of theirs is another.
    pub(crate) fn mail_factor_changed(
        &self,
        work: &Work<'_>,
        id: PersonId,
        change: FactorChange,
        from: &From,
    ) -> Result<(), Problem> {
        let letter =
            Letter::SecondFactorChanged { change, network: from.network_text(), at: self.clock.now() };
        self.tell_of(work, id, &letter)
    }

    /// Tells everybody who may belong to it that an owner was let in from the shell.
    pub(crate) fn mail_break_glass(
        &self,
        work: &Work<'_>,
        let_in: &Person,
        opens_at: Timestamp,
    ) -> Result<(), Problem> {
        let letter = Letter::BreakGlass { person: called(let_in), at: self.clock.now(), opens_at };
        for organization in work.organizations_of(let_in.id)? {
            for person in work.people(organization)? {
                self.tell(work, Some(organization), &person, &letter, NEWS_FOR)?;
            }
        }
        Ok(())
    }

    /// Tells every owner what became of a support grant.
    pub(crate) fn mail_grant(
        &self,
        work: &Work<'_>,
        owners: &[PersonId],
        of: OrganizationId,
        letter: &Letter,
    ) -> Result<(), Problem> {
        for id in owners {
            if let Some(person) = work.person(*id)? {
                self.tell(work, Some(of), &person, letter, NEWS_FOR)?;
            }
        }
        Ok(())
    }

    /// There is mail to send, once its transaction is done.
    pub(crate) fn mail_waits(&self) {
        if self.mail {
            self.voice.say(FromChild::Mail);
        }
    }

    fn tell_of(&self, work: &Work<'_>, id: PersonId, letter: &Letter) -> Result<(), Problem> {
        match work.person(id)? {
            Some(person) => self.tell(work, None, &person, letter, NEWS_FOR),
            None => Ok(()),
        }
    }

    fn tell(
        &self,
        work: &Work<'_>,
        organization: Option<OrganizationId>,
        person: &Person,
        letter: &Letter,
        worth_for: Duration,
    ) -> Result<(), Problem> {
        if !self.mail {
            return Ok(());
        }
        let now = self.clock.now();
        let name = (!person.name.is_empty()).then_some(person.name.as_str());
        let mail =
            NewMail { organization, address: &person.email, name, letter, expires_at: now + worth_for };
        work.enqueue_mail(&mail, now, &*self.rng)?;
        Ok(())
    }
}

/// What somebody goes by.
pub(crate) fn called(person: &Person) -> String {
    if person.name.is_empty() { person.email.clone() } else { person.name.clone() }
}
