//! What those who run the server do: each act, the rows that show it and the entry about it are there together, or none
//! of them is. Whether it may be done the keeper decides. It is written in the server's own log, and in that of the
//! organization that it concerns.

use control::{Invitation, Organization, Stopped, Work};
use domain::audit::{Act, Actor, ActorKind, Details, Log, NewEntry, Object, ObjectKind};
use domain::{Network, OrganizationId, Role, SiteId};
use sealing::Token;
use sealing::protocol::operators::{ApprovalTold, Ask, Grave, LOOPBACK, NewOperator, Outcome, Roster, Told};

use super::people::stopped;
use super::state::App;
use crate::config::Cidr;
use crate::http::asking::{From, refused};
use crate::http::operators::asking::OnDuty;
use crate::http::problem::Problem;
use crate::logging::with_causes;
use crate::processes::keeper::KEEPER_START_PATIENCE;
use crate::processes::messages::FromChild;

impl App {
    /// Asks the keeper something about operators, and takes its refusal as a problem.
    pub(crate) fn ask_operators(&self, ask: Ask) -> Result<Told, Problem> {
        match self.keeper.operators(ask)? {
            Told::No(no) => Err(refused(&no)),
            told => Ok(told),
        }
    }

    /// How many operators there are.
    pub(crate) fn roster(&self) -> Result<Roster, Problem> {
        match self.ask_operators(Ask::Roster)? {
            Told::Roster(roster) => Ok(roster),
            _ => Err(unexpected()),
        }
    }

    /// Tells the edge, by way of the supervisor, from where operators may act.
    pub(crate) fn publish_operators(&self) -> Result<(), Problem> {
        let roster = self.roster()?;
        self.voice.say(FromChild::OperatorNetworks(read_networks(&roster)));
        Ok(())
    }

    /// The same when the whole server is being started, and the keeper with it.
    pub(super) fn publish_operators_at_start(&self) -> anyhow::Result<()> {
        if let Told::Roster(roster) =
            self.keeper.with_patience(KEEPER_START_PATIENCE).operators(Ask::Roster)?
        {
            self.voice.say(FromChild::OperatorNetworks(read_networks(&roster)));
        }
        Ok(())
    }

    /// Does an act in the server's log, and in that of the organization that it concerns.
    pub(crate) fn act_as_operator<T>(
        &self,
        of: Option<OrganizationId>,
        entry: &NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let logs: Vec<Log> = std::iter::once(Log::SERVER).chain(of.map(|of| Log(of.0))).collect();
        self.act_as_either(&logs, entry, ask, |work, told| {
            work.append_to_all(&logs, entry)?;
            then(work, told)
        })
    }

    /// The same where what was made shows only when it was done.
    fn act_and_tell<T>(
        &self,
        mut entry: NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<(T, Details), Problem>,
    ) -> Result<T, Problem> {
        let intent = entry.clone();
        self.act_as_either(&[Log::SERVER], &intent, ask, |work, told| {
            let (done, details) = then(work, told)?;
            entry.add(details);
            work.append(Log::SERVER, &entry)?;
            Ok(done)
        })
    }

    /// Does an act that concerns operators, be it theirs or an owner's about them. `then` writes its entries.
    pub(crate) fn act_as_either<T>(
        &self,
        logs: &[Log],
        intent: &NewEntry,
        ask: Ask,
        then: impl FnOnce(&Work<'_>, Told) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let ask = |_: &Work<'_>| match self.keeper.operators_act(ask).map_err(stopped)? {
            Told::No(no) => Err(Stopped::Undone(refused(&no))),
            told => Ok(told),
        };
        let done = self.control.act_elsewhere(logs, intent, ask, then);
        self.rights_changed();
        done
    }

    /// An entry about what an operator does.
    pub(crate) fn entry_on_duty(&self, on_duty: &OnDuty, act: Act, object: Object) -> NewEntry {
        NewEntry::new(self.clock.now(), on_duty.actor(), act, object).at_network(on_duty.from.network)
    }

    /// Enrols the first operator, from the shell.
    pub(crate) fn enrol_first(&self, new: NewOperator) -> Result<Outcome, Problem> {
        check_networks(&new)?;
        let object = Object::sole(ObjectKind::Operator);
        let entry = NewEntry::new(self.clock.now(), Actor::system(), Act::OperatorEnrol, object)
            .with("from", "shell");
        let outcome = self.act_and_tell(entry, Ask::EnrolFirst(new), |work, told| {
            let Told::Done(outcome, _) = told else { return Err(unexpected()) };
            let details = follow(work, &outcome)?;
            Ok((outcome, details))
        })?;
        self.publish_operators()?;
        Ok(outcome)
    }

    /// Does something grave, or has it wait for a second operator.
    pub(crate) fn do_grave(&self, on_duty: &OnDuty, grave: Grave) -> Result<Outcome, Problem> {
        if let Grave::Enrol(new) = &grave {
            check_networks(new)?;
        }
        let waits = self.roster()?.count > 1;
        let act = if waits { Act::ApprovalAsk } else { act_of(&grave) };
        let entry = self.entry_on_duty(on_duty, act, object_of(&grave)).with("act", grave.as_str());
        let of = organization_of(&grave);
        let ask = Ask::Do(on_duty.badge.clone(), grave);
        let outcome = self.act_as_operator(of, &entry, ask, |work, told| {
            let Told::Done(outcome, _) = told else { return Err(unexpected()) };
            follow(work, &outcome)?;
            Ok(outcome)
        })?;
        self.after(&outcome)?;
        Ok(outcome)
    }

    /// Approves what another operator asked for, which does it.
    pub(crate) fn approve(&self, on_duty: &OnDuty, approval: &ApprovalTold) -> Result<Outcome, Problem> {
        let grave = &approval.act;
        let entry = self.entry_on_duty(on_duty, Act::Approve, object_of(grave)).with("act", grave.as_str());
        let entry = entry.with("asked_by", approval.by);
        let ask = Ask::Approve(on_duty.badge.clone(), approval.id);
        let outcome = self.act_as_operator(organization_of(grave), &entry, ask, |work, told| {
            let Told::Done(outcome, _) = told else { return Err(unexpected()) };
            follow(work, &outcome)?;
            Ok(outcome)
        })?;
        self.after(&outcome)?;
        Ok(outcome)
    }

    /// What follows outside the transaction.
    fn after(&self, outcome: &Outcome) -> Result<(), Problem> {
        match outcome {
            Outcome::Enrolled(_) => self.publish_operators(),
            Outcome::Removed(_, sites, _) => self.forget_sites(sites),
            Outcome::Waits(_) | Outcome::Disabled(_) | Outcome::BackupsOpen => Ok(()),
        }
    }

    fn forget_sites(&self, sites: &[SiteId]) -> Result<(), Problem> {
        for site in sites {
            self.control.remove_site(*site)?;
        }
        self.voice.say(FromChild::Tidy);
        self.publish_directory()?;
        Ok(())
    }

    /// Adds an organization and, where an address is named, invites its first owner; the invitation's token.
    pub(crate) fn add_organization(
        &self,
        on_duty: &OnDuty,
        name: &str,
        owner: Option<&str>,
    ) -> Result<(Organization, Option<OwnerInvited>), Problem> {
        let now = self.clock.now();
        let entry = self.entry_on_duty(on_duty, Act::OrganizationAdd, Object::sole(ObjectKind::Organization));
        let ask = Ask::AddOrganization(on_duty.badge.clone());
        let added = self.act_and_tell(entry.clone(), ask, |work, told| {
            let Told::Organization(id) = told else { return Err(unexpected()) };
            let added = Organization { id, name: name.to_owned(), created_at: now };
            work.add_organization(&added)?;
            let mut details = Details::none();
            details.add("organization", id.0);
            work.append(Log(id.0), &entry.with("organization", id.0))?;
            Ok((added, details))
        })?;
        let invited = owner.map(|email| self.invite_owner(on_duty, added.id, email)).transpose()?;
        Ok((added, invited))
    }

    /// Invites the first owner of an organization.
    pub(crate) fn invite_owner(
        &self,
        on_duty: &OnDuty,
        id: OrganizationId,
        email: &str,
    ) -> Result<OwnerInvited, Problem> {
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = self
            .entry_on_duty(on_duty, Act::Invite, object)
            .with("role", "owner")
            .with_address("email", email);
        let ask = Ask::InviteOwner(on_duty.badge.clone(), id, email.to_owned());
        let invited = self.act_as_operator(Some(id), &entry, ask, |work, told| {
            let Told::Invited(number, token, expires_at) = told else { return Err(unexpected()) };
            let shown = Invitation { id: number, organization: id, email: email.to_owned(), expires_at };
            work.add_invitation(&shown)?;
            let by = format!("{}, who runs this server,", on_duty.told.name);
            let mailed = self.mail_invitation(work, &shown, Role::Owner, by, &token)?;
            Ok(OwnerInvited { token, mailed })
        })?;
        self.mail_waits();
        Ok(invited)
    }

    /// Writes down that somebody came where only others may; whether it could be.
    pub(crate) fn note_turned_away(&self, stranger: Stranger) -> bool {
        let object = Object::sole(ObjectKind::Server);
        let entry = NewEntry::new(self.clock.now(), Actor::nobody(), Act::TurnAway, object);
        let entry = match stranger {
            Stranger::At(network) => entry.at_network(Some(network)).with("door", "operators"),
            Stranger::Account(account) => entry.with("door", "commands").with("account", account),
        };
        let noted = self.control.note(Log::SERVER, &entry);
        if let Err(error) = &noted {
            tracing::error!("that somebody was turned away cannot be written down: {}", with_causes(error));
        }
        noted.is_ok()
    }

    /// Writes down that an operator signed in, or was refused.
    pub(crate) fn note_operator(
        &self,
        id: Option<domain::OperatorId>,
        from: &From,
        act: Act,
    ) -> Result<(), Problem> {
        let actor = id.map_or_else(Actor::nobody, |id| Actor::new(ActorKind::Operator, id));
        let object =
            id.map_or_else(|| Object::sole(ObjectKind::Operator), |id| Object::new(ObjectKind::Operator, id));
        let entry = NewEntry::new(self.clock.now(), actor, act, object).at_network(from.network);
        Ok(self.control.note(Log::SERVER, &entry)?)
    }
}

/// Who came where only others may.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stranger {
    /// To the operators' listener, from this network.
    At(Network),
    /// To the socket for commands, as this account of the machine, by its number.
    Account(u32),
}

/// How the first owner of an organization comes in.
pub(crate) struct OwnerInvited {
    pub(crate) token: Token,
    /// Whether it is on its way to them by mail.
    pub(crate) mailed: bool,
}

/// The rows that follow from something grave.
fn follow(work: &Work<'_>, outcome: &Outcome) -> Result<Details, Problem> {
    let mut details = Details::none();
    match outcome {
        Outcome::Enrolled(told) => {
            work.name_operator(told.id, &told.name)?;
            details.add("operator", told.id);
            details.add("key", &told.fingerprint);
        }
        Outcome::Removed(id, _, gone) => work.remove_organization(*id, gone)?,
        Outcome::Waits(_) | Outcome::Disabled(_) | Outcome::BackupsOpen => {}
    }
    Ok(details)
}

const fn act_of(grave: &Grave) -> Act {
    match grave {
        Grave::Enrol(_) => Act::OperatorEnrol,
        Grave::Disable(_) => Act::OrganizationChange,
        Grave::Remove(_) => Act::OrganizationRemove,
        Grave::ListBackups => Act::BackupList,
    }
}

fn object_of(grave: &Grave) -> Object {
    match organization_of(grave) {
        Some(id) => Object::new(ObjectKind::Organization, id.0),
        None if matches!(grave, Grave::ListBackups) => Object::sole(ObjectKind::Backup),
        None => Object::sole(ObjectKind::Operator),
    }
}

const fn organization_of(grave: &Grave) -> Option<OrganizationId> {
    match grave {
        Grave::Enrol(_) | Grave::ListBackups => None,
        Grave::Disable(id) | Grave::Remove(id) => Some(*id),
    }
}

/// Networks that are none would never let anybody in.
fn check_networks(new: &NewOperator) -> Result<(), Problem> {
    for network in &new.networks {
        let read: Cidr = network
            .parse()
            .map_err(|error| Problem::invalid(format!("{network} {error}")).of_field("networks"))?;
        if read.to_string() != *network {
            return Err(Problem::invalid(format!("write {network} as {read}")).of_field("networks"));
        }
    }
    Ok(())
}

/// From where any operator may act; while there is none, from where the first one could.
fn read_networks(roster: &Roster) -> Vec<Cidr> {
    let read = |network: &str| network.parse().ok();
    match &*roster.networks {
        [] => LOOPBACK.into_iter().filter_map(read).collect(),
        networks => networks.iter().filter_map(|network| read(network)).collect(),
    }
}

/// The keeper answered something else.
pub(crate) fn unexpected() -> Problem {
    Problem::internal(&std::io::Error::other("the keeper answered something else"))
}
