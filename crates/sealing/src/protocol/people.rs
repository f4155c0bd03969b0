//! What `app` asks the keeper about people: who somebody is, what they may, and the acts that change either. The
//! keeper decides all of it; what `app` shows of it is for people to look at.

use domain::{Identity, Membership, OrganizationId, PersonId, Scope, SiteId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::token::{SecretText, Token};

/// Something that was shown or chosen a moment ago, and is about to be put to use. Good for one use and a few minutes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ticket(pub u128);

/// From where somebody signs in, as they will see it in the list of their devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What browser and system it is.
    pub agent: String,
    /// From which network: its truncated address.
    pub network: String,
}

/// What one shows beside a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Factor {
    /// A passkey.
    Passkey,
    /// A code of an app for such codes.
    Totp,
    /// One of the codes that were given to be kept.
    RecoveryCode,
}

impl Factor {
    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// Something that only one person can show.
#[derive(Clone, Serialize, Deserialize)]
pub enum Proof {
    /// The password.
    Password(SecretText),
    /// A code of an app for such codes.
    Totp(SecretText),
    /// One of the codes that were given to be kept.
    RecoveryCode(SecretText),
    /// What a passkey signed: the options' ticket, and the credential as JSON.
    Passkey(Ticket, String),
}

/// For what a passkey is to be asked.
#[derive(Clone, Serialize, Deserialize)]
pub enum PasskeyFor {
    /// To sign in without a name.
    SigningIn,
    /// As the second factor of a proof that was begun.
    SecondFactor(Ticket),
    /// To show again that it is the bearer.
    Confirming(Token),
    /// To be added to the bearer's own.
    Adding(Token, String),
    /// To be the first credential of a new person, by a setup or invitation token, known by this e-mail address.
    Beginning(Token, String),
}

/// By what a new person will show that it is they.
#[derive(Clone, Serialize, Deserialize)]
pub enum Credential {
    /// A password that was chosen.
    Password(Ticket),
    /// A passkey: the options' ticket, and the credential as JSON.
    Passkey(Ticket, String),
}

/// Which sign-ins are ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// The one that asks.
    This,
    /// Another of the same person.
    Device(u64),
    /// All others of the same person.
    Others,
}

/// What is asked about people.
#[derive(Clone, Serialize, Deserialize)]
pub enum Ask {
    /// The token of the first setup, while nobody owns anything; the one that is held if it is still good.
    SetupToken(Option<Token>),
    /// Whether a password will do, for somebody of whom this is known. Slow.
    Choose(SecretText, Vec<String>),
    /// Shows a password for an e-mail address, from a network. Slow.
    Prove(String, SecretText, String),
    /// Shows a second factor beside what was shown.
    ProveMore(Ticket, Proof, String),
    /// Options with which a browser asks for a passkey.
    PasskeyOptions(PasskeyFor),
    /// Shows a passkey, without a name.
    ProvePasskey(Ticket, String),
    /// Signs in by what was shown.
    SignIn(Ticket, Device),
    /// Signs in by a one-time address.
    SignInOnce(Token, Device),
    /// Makes the first owner and their organization.
    SetUp(Token, String, Credential, Device),
    /// Who bears this.
    Identify(Token),
    /// Shows again that it is the bearer. Slow with a password.
    Confirm(Token, Proof),
    /// Ends sign-ins.
    End(Token, Which),
    /// Where the bearer is signed in.
    Devices(Token),
    /// A token for a one-time address, for another device of the bearer's.
    OneTime(Token),
    /// By what the bearer signs in.
    Security(Token),
    /// Puts a chosen password in the place of the bearer's.
    SetPassword(Token, Ticket),
    /// Knows the bearer by another e-mail address.
    SetEmail(Token, String),
    /// A secret for an app for codes, with the name under which it is shown there.
    BeginTotp(Token, String),
    /// Puts it to use, by a code of it.
    FinishTotp(Token, SecretText),
    /// Does without it.
    EndTotp(Token),
    /// Adds a passkey, by what it signed.
    AddPasskey(Token, Ticket, String, String),
    /// Does without one.
    EndPasskey(Token, u64),
    /// Makes new codes to be kept; those before are good no more.
    RenewRecoveryCodes(Token),
    /// What an organization requires of its people.
    RequireSecondFactor(Token, OrganizationId, bool),
    /// The people of an organization.
    Members(Token, OrganizationId),
    /// What somebody is in an organization, and whether they are disabled.
    ChangeMember(Token, PersonId, Membership, bool),
    /// Takes somebody out of an organization.
    RemoveMember(Token, PersonId, OrganizationId),
    /// Invites an e-mail address.
    Invite(Token, String, Membership),
    /// Who is invited.
    Invitations(Token, OrganizationId),
    /// Takes an invitation back.
    EndInvitation(Token, OrganizationId, u64),
    /// To what an invitation is.
    LookAtInvitation(Token),
    /// Accepts an invitation as a new person of this e-mail address.
    Accept(Token, String, Credential, Device),
    /// Accepts an invitation as the bearer of the second.
    AcceptAs(Token, Token),
    /// Makes an API key, good until then.
    MakeKey(Token, OrganizationId, Option<SiteId>, Vec<Scope>, Option<Timestamp>),
    /// The API keys of an organization.
    Keys(Token, OrganizationId),
    /// Ends an API key.
    EndKey(Token, OrganizationId, u64),
    /// Makes keys for a new site of an organization.
    AddSite(Token, OrganizationId, SiteId),
    /// Destroys the keys of a site: what they protect can never be opened again, by anybody.
    RemoveSite(Token, SiteId),
    /// A token to choose another password by, for somebody of an organization.
    ResetLink(Token, OrganizationId, PersonId),
    /// Whom an e-mail address is of, if of anybody, for a mail with such a token.
    ResetWanted(String),
    /// The token for that mail, to `worker` alone; the address must be theirs.
    ResetToken(PersonId, String),
    /// Chooses another password by such a token.
    Reset(Token, Ticket),
    /// A token to choose another password by, for an owner who is locked out: asked from the shell.
    BreakGlass(String),
    /// Which sites somebody who is signed in may see now.
    SitesSeen,
    /// Whether viewers of a site may see its recordings.
    ShareRecordings(Token, SiteId, bool),
}

impl Ask {
    /// Whether asking twice does no more than asking once, and is answered the same.
    pub const fn repeats(&self) -> bool {
        matches!(self, Self::RemoveSite(..) | Self::ShareRecordings(..))
    }
}

/// Somebody of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub membership: Membership,
    /// Whether all of it is closed to them.
    pub disabled: bool,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they last asked for anything.
    pub seen_at: Option<Timestamp>,
}

/// A sign-in, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Its number.
    pub id: u64,
    /// Whether it is the one that asks.
    pub current: bool,
    /// From where.
    pub device: Device,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last asked for anything.
    pub seen_at: Timestamp,
}

/// An invitation that nobody accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Its number.
    pub id: u64,
    /// To be what.
    pub membership: Membership,
    /// By whom.
    pub by: PersonId,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An API key, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its number.
    pub id: u64,
    /// Who made it.
    pub by: PersonId,
    /// Of which site; of all where it is none.
    pub site: Option<SiteId>,
    /// For what.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub seen_at: Option<Timestamp>,
}

/// A passkey, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyTold {
    /// Its number.
    pub id: u64,
    /// What its person calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// By what somebody signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// Whether by a password.
    pub password: bool,
    /// Whether by codes of an app.
    pub totp: bool,
    /// By which passkeys.
    pub passkeys: Vec<PasskeyTold>,
    /// How many of the codes to be kept are left.
    pub recovery_codes: u32,
}

/// What is heard about people.
#[derive(Clone, Serialize, Deserialize)]
pub enum Told {
    /// To [`Ask::SetupToken`]: none once somebody owns something.
    Setup(Option<Token>),
    /// Good for an act that follows.
    Ticket(Ticket),
    /// What was shown is right; none of these is wanted beside it, or one of them is. Whose it is, for the audit log.
    Proven(Ticket, PersonId, Vec<Factor>),
    /// Options for a passkey, as JSON.
    Passkey(Ticket, String),
    /// A sign-in was minted.
    SignedIn(Token, PersonId),
    /// So were a person, an organization and codes to be kept.
    Begun(Token, PersonId, OrganizationId, Vec<SecretText>),
    /// To [`Ask::Identify`].
    Identity(Box<Identity>),
    /// To [`Ask::Devices`].
    Devices(Vec<SignedIn>),
    /// To [`Ask::Security`].
    Security(Security),
    /// A secret for an app for codes, and the address that carries it.
    Totp(SecretText, SecretText),
    /// The bearer has a second factor, and shown it: their token from now on, and codes to be kept where they had none.
    Strengthened(Token, Vec<SecretText>),
    /// Codes to be kept.
    RecoveryCodes(Vec<SecretText>),
    /// To [`Ask::Members`].
    Members(Vec<Member>),
    /// To [`Ask::Invitations`].
    Invitations(Vec<Invited>),
    /// An invitation, with the token for its address where it was made now.
    Invitation(Invited, Option<Token>),
    /// To [`Ask::Keys`].
    Keys(Vec<ApiKey>),
    /// An API key was made.
    Key(u64, Token),
    /// A token for an address.
    Link(Token),
    /// Whom it is of, if of anybody.
    Whose(Option<PersonId>),
    /// Numbers of what was made or ended.
    Done(Vec<u64>),
    /// To [`Ask::SitesSeen`].
    Sites(Vec<SiteId>),
    /// To anything.
    No(NotDone),
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NotDone {
    /// The token or ticket is none, was used, or has ended.
    #[error("it is not known, was used already, or has ended")]
    Unknown,
    /// The bearer may not.
    #[error("that is not yours to do")]
    Denied,
    /// To the bearer it is not there.
    #[error("there is no such thing")]
    NotThere,
    /// The bearer must show again first that it is they.
    #[error("show once more that it is you")]
    Confirm,
    /// What was shown is wrong. From where so much was wrong that its network should be blocked, until when.
    #[error("that is wrong")]
    Wrong(Option<Timestamp>),
    /// It is to be tried again after so many seconds.
    #[error("too much was wrong: try again in {0} seconds")]
    Wait(u32),
    /// The password will not do; why, as a sentence.
    #[error("{0}")]
    Weak(String),
    /// The e-mail address is somebody's.
    #[error("that e-mail address is known already")]
    Taken,
    /// Nobody else would own the organization.
    #[error("an organization keeps at least one owner: make somebody else one first")]
    LastOwner,
    /// Nothing would be left to sign in by.
    #[error("nothing would be left to sign in by")]
    LastCredential,
    /// An organization of theirs requires a second factor.
    #[error("an organization of yours requires a second factor")]
    Required,
    /// There are as many as there may be.
    #[error("there are as many as there may be")]
    TooMany,
    /// The passkey is not taken; why, as a sentence.
    #[error("{0}")]
    Refused(String),
    /// There can be no passkeys where people reach this server; why, as a sentence.
    #[error("{0}")]
    NoPasskeys(String),
    /// Too much is being shown at once.
    #[error("too many people are signing in at once: try again soon")]
    Busy,
    /// An operator is somewhere else than where they may act.
    #[error("this operator may not act from that network")]
    Elsewhere,
    /// The signature is right, and only half of what an operator shows.
    #[error("the code of your app for codes is wanted beside the signature")]
    CodeWanted,
    /// What was sent of it will not do; why, as a sentence.
    #[error("{0}")]
    Unfit(String),
    /// The key is an operator's.
    #[error("that SSH key is an operator's already: one key, one operator")]
    KeyTaken,
    /// Nobody else runs the server.
    #[error("a server keeps at least one operator: enrol another one first")]
    LastOperator,
    /// It is for another operator to approve.
    #[error("nobody approves what they asked for themselves")]
    OwnAct,
    /// The support grant was not approved, was used, or is over.
    #[error("that support grant is not open: ask for another")]
    Closed,
    /// A destructive act waits for a second operator, and there is none yet.
    #[error("an operator was removed lately: until {0} this needs a second operator")]
    SecondOperator(Timestamp),
    /// What an organization measures is kept for a time after its subscription has ended, which nobody shortens; until when, if it
    /// has ended.
    #[error("what it measures is kept for 60 days after its subscription has ended, and removed then")]
    Kept(Option<Timestamp>),
}

impl NotDone {
    /// The word for it in the audit file.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Denied => "denied",
            Self::NotThere => "not there",
            Self::Confirm => "not confirmed",
            Self::Wrong(_) => "wrong",
            Self::Wait(_) => "too soon",
            Self::Weak(_) => "weak",
            Self::Taken => "taken",
            Self::LastOwner => "last owner",
            Self::LastCredential => "last credential",
            Self::Required => "required",
            Self::TooMany => "too many",
            Self::Refused(_) => "refused",
            Self::NoPasskeys(_) => "no passkeys",
            Self::Busy => "busy",
            Self::Elsewhere => "elsewhere",
            Self::CodeWanted => "code wanted",
            Self::Unfit(_) => "unfit",
            Self::KeyTaken => "key taken",
            Self::LastOperator => "last operator",
            Self::OwnAct => "own act",
            Self::Closed => "closed",
            Self::SecondOperator(_) => "second operator",
            Self::Kept(_) => "kept",
        }
    }
}
