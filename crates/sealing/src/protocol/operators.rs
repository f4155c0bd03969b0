//! What `app` asks the keeper about those who run the server, and about the support grants by which one of them sees
//! something of a customer once. The keeper decides all of it.

use domain::{OperatorId, OrganizationId, PersonId, SiteId, SupportField, Timestamp};
use serde::{Deserialize, Serialize};

use super::people::{NotDone, Ticket};
use crate::token::{SecretText, Token};

/// From where an operator may act who was given no networks: this machine alone.
pub const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
/// Networks of one operator.
pub const NETWORKS_MAX: usize = 20;
/// Bytes of one of them as text.
pub const NETWORK_BYTES_MAX: usize = 64;
/// Characters of what a support grant is for, and of an operator's name.
pub const PURPOSE_CHARS_MAX: usize = 500;
/// Characters of a ticket's number.
pub const TICKET_CHARS_MAX: usize = 100;
/// The longest that a support grant is open.
pub const GRANT_MINUTES_MAX: u32 = 240;
/// The farthest that one looks back.
pub const GRANT_DAYS_MAX: u32 = 366;

/// Whoever acts as an operator, and where they are.
#[derive(Clone, Serialize, Deserialize)]
pub struct Badge {
    /// The token of their sign-in.
    pub token: Token,
    /// In which of the operators' networks they are, as these are written: the edge alone knows the address.
    pub within: Vec<String>,
}

/// An operator who is to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOperator {
    /// What they are called.
    pub name: String,
    /// The line of their public key, as `ssh-keygen` writes it.
    pub key: String,
    /// From where they may act; from this machine alone where it is none.
    pub networks: Vec<String>,
}

/// What an operator asks an owner to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGrant {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which site.
    pub site: SiteId,
    /// What for.
    pub purpose: String,
    /// By which number the customer's question is known.
    pub ticket: String,
    /// By what numbers are told apart.
    pub fields: Vec<SupportField>,
    /// For how long, from when it is approved.
    pub minutes: u32,
    /// How far back, in days.
    pub days: u32,
}

/// An act that needs a second operator, where there are two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grave {
    /// Enrols an operator.
    Enrol(NewOperator),
    /// Closes an organization, for its own people too.
    Disable(OrganizationId),
    /// Removes an organization, and destroys the keys of all its sites.
    Remove(OrganizationId),
    /// Looks which backups there are.
    ListBackups,
}

impl Grave {
    /// The word for it in the API and in the audit log.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Enrol(_) => "operator_enrol",
            Self::Disable(_) => "organization_disable",
            Self::Remove(_) => "organization_remove",
            Self::ListBackups => "backup_list",
        }
    }
}

/// What is asked about operators.
#[derive(Clone, Serialize, Deserialize)]
pub enum Ask {
    /// How many there are, from where they may act, and whether one acts alone.
    Roster,
    /// Enrols the first, while there is none: asked from the shell.
    EnrolFirst(NewOperator),
    /// A text of the server of this name to sign, for an operator of this name or fingerprint.
    Challenge(String, String),
    /// Signs in: the challenge, its signature, the code beside it, in which networks, and from which to be remembered.
    SignIn(Ticket, String, Option<SecretText>, Vec<String>, String),
    /// Who it is.
    Identify(Badge),
    /// Ends the sign-in.
    End(Badge),
    /// All operators.
    Operators(Badge),
    /// Takes one out, whose sign-ins end at once.
    RemoveOperator(Badge, OperatorId),
    /// Does something grave: at once by one who is alone, else when a second operator approves.
    Do(Badge, Grave),
    /// What waits for approval.
    Approvals(Badge),
    /// Approves and thereby does it.
    Approve(Badge, u64),
    /// Does not.
    Decline(Badge, u64),
    /// All organizations.
    Organizations(Badge),
    /// Adds an organization.
    AddOrganization(Badge),
    /// Invites the first owner of one that has nobody and nothing.
    InviteOwner(Badge, OrganizationId, String),
    /// Opens an organization again that was closed.
    Enable(Badge, OrganizationId),
    /// Asks an owner for a support grant.
    AskGrant(Badge, NewGrant),
    /// All grants that were asked for.
    Grants(Badge),
    /// Puts a grant to its one use, or goes on with it.
    OpenGrant(Badge, u64),
    /// Ends one.
    EndGrant(Badge, u64),
    /// The grants that an organization was asked for; by a person's token.
    GrantsOf(Token, OrganizationId),
    /// Approves or declines one; by an owner's token.
    DecideGrant(Token, u64, bool),
    /// Ends one; by an owner's token.
    CloseGrant(Token, u64),
    /// Says that an organization's subscription has ended.
    EndSubscription(Badge, OrganizationId),
    /// Says that it goes on.
    ResumeSubscription(Badge, OrganizationId),
    /// Removes an organization whose subscription ended long enough ago, which nobody but time decides: by `worker`. Asked twice
    /// it is done once.
    RemoveEnded(OrganizationId),
    /// Who owns an organization, to be told of something: by `worker`.
    OwnersOf(OrganizationId),
}

/// How many operators there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// How many.
    pub count: u32,
    /// From where any of them may act.
    pub networks: Vec<String>,
    /// Until when a second operator is needed although one is alone: another was removed lately.
    pub held_until: Option<Timestamp>,
}

/// An operator, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorTold {
    /// Who.
    pub id: OperatorId,
    /// What they are called.
    pub name: String,
    /// Their key, as `ssh-keygen -l` shows it.
    pub fingerprint: String,
    /// From where they may act.
    pub networks: Vec<String>,
    /// Whether they have an app for codes yet.
    pub second_factor: bool,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
}

/// Something grave that waits for a second operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalTold {
    /// Its number.
    pub id: u64,
    /// What it is.
    pub act: Grave,
    /// Who asked.
    pub by: OperatorId,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
}

/// An organization, as those see it who run the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationTold {
    /// Which one.
    pub id: OrganizationId,
    /// Whether it is closed.
    pub disabled: bool,
    /// How many people belong to it.
    pub people: u32,
    /// Its sites, by number.
    pub sites: Vec<SiteId>,
}

/// How far a support grant came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantState {
    /// Nobody answered yet.
    Pending,
    /// It was approved and its time runs.
    Active,
    /// It was declined.
    Declined,
    /// Either side ended it.
    Ended,
    /// Its time is over, or nobody answered in time.
    Expired,
}

impl GrantState {
    /// The word for it in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Declined => "declined",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}

/// A support grant, without its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTold {
    /// Its number.
    pub id: u64,
    /// Who asked.
    pub operator: OperatorId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Of which site.
    pub site: SiteId,
    /// By what numbers are told apart.
    pub fields: Vec<SupportField>,
    /// For how long.
    pub minutes: u32,
    /// How far back, in days.
    pub days: u32,
    /// How far it came.
    pub state: GrantState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Which owner answered, and when.
    pub decided: Option<(PersonId, Timestamp)>,
    /// Until when it is open, once approved.
    pub until: Option<Timestamp>,
    /// When it was put to use.
    pub opened_at: Option<Timestamp>,
    /// When either side ended it.
    pub ended_at: Option<Timestamp>,
    /// Who owns the organization, where something was done to it just now: they are told.
    pub owners: Vec<PersonId>,
}

/// What was done of something grave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It waits for a second operator.
    Waits(ApprovalTold),
    /// An operator was enrolled.
    Enrolled(OperatorTold),
    /// An organization was closed.
    Disabled(OrganizationId),
    /// An organization is no more: its sites, whose keys were destroyed, and the people who belonged nowhere else.
    Removed(OrganizationId, Vec<SiteId>, Vec<PersonId>),
    /// It may be looked which backups there are.
    BackupsOpen,
}

/// What is heard about operators.
#[derive(Clone, Serialize, Deserialize)]
pub enum Told {
    /// To [`Ask::Roster`].
    Roster(Roster),
    /// A text to sign.
    Challenge(Ticket, String),
    /// The signature is right: a secret for an app for codes and the address that carries it, shown once. A code of it is
    /// wanted with the same signature.
    EnrolTotp(OperatorId, SecretText, SecretText),
    /// Signed in.
    SignedIn(Token, OperatorId),
    /// Who it is, when they signed in, and when the sign-in ends.
    Operator(OperatorTold, Timestamp, Timestamp),
    /// To [`Ask::Operators`].
    Operators(Vec<OperatorTold>),
    /// To [`Ask::Do`] and [`Ask::Approve`]; of the latter also what was approved.
    Done(Outcome, Option<ApprovalTold>),
    /// To [`Ask::Decline`].
    Declined(ApprovalTold),
    /// To [`Ask::Approvals`].
    Approvals(Vec<ApprovalTold>),
    /// To [`Ask::Organizations`].
    Organizations(Vec<OrganizationTold>),
    /// An organization of this number was added.
    Organization(OrganizationId),
    /// An owner is invited: the number, the token, and until when.
    Invited(u64, Token, Timestamp),
    /// Grants.
    Grants(Vec<GrantTold>),
    /// A grant as it is now.
    Grant(GrantTold),
    /// It is done.
    Plain,
    /// To [`Ask::EndSubscription`]: since when it has ended.
    Ended(Timestamp),
    /// To [`Ask::OwnersOf`].
    Owners(Vec<PersonId>),
    /// To anything.
    No(NotDone),
}
