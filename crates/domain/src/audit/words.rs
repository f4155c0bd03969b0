//! The words of a log: closed, so that whoever filters knows all there are, and never given another meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text is none of the words that may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a word of an audit log")]
pub struct NoSuchWord;

/// What somebody is who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person who is signed in.
    Person,
    /// An API key.
    Key,
    /// Somebody who runs the server.
    Operator,
    /// The server of itself.
    System,
    /// Somebody who is not signed in.
    Nobody,
}

impl ActorKind {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Person, Self::Key, Self::Operator, Self::System, Self::Nobody];

    /// The word for it, in a log and everywhere else.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Key => "key",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Nobody => "nobody",
        }
    }
}

impl fmt::Display for ActorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ActorKind {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(NoSuchWord)
    }
}

/// What something is that is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// The server.
    Server,
    /// An organization.
    Organization,
    /// A site.
    Site,
    /// A person.
    Person,
    /// An invitation.
    Invitation,
    /// An API key.
    Key,
    /// A device that is signed in.
    Device,
    /// A passkey.
    Passkey,
    /// An operator.
    Operator,
    /// A support grant.
    SupportGrant,
    /// A network.
    Network,
    /// An audit log.
    AuditLog,
    /// The keys that seal data.
    SealingKeys,
    /// A recording.
    Recording,
    /// What a visitor asks about what is kept of them.
    VisitorRequest,
    /// A visitor of a site, by a digest.
    Visitor,
    /// A backup.
    Backup,
}

impl ObjectKind {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Server,
        Self::Organization,
        Self::Site,
        Self::Person,
        Self::Invitation,
        Self::Key,
        Self::Device,
        Self::Passkey,
        Self::Operator,
        Self::SupportGrant,
        Self::Network,
        Self::AuditLog,
        Self::SealingKeys,
        Self::Recording,
        Self::VisitorRequest,
        Self::Visitor,
        Self::Backup,
    ];

    /// The word for it, in a log and everywhere else.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Organization => "organization",
            Self::Site => "site",
            Self::Person => "person",
            Self::Invitation => "invitation",
            Self::Key => "key",
            Self::Device => "device",
            Self::Passkey => "passkey",
            Self::Operator => "operator",
            Self::SupportGrant => "support_grant",
            Self::Network => "network",
            Self::AuditLog => "audit_log",
            Self::SealingKeys => "sealing_keys",
            Self::Recording => "recording",
            Self::VisitorRequest => "visitor_request",
            Self::Visitor => "visitor",
            Self::Backup => "backup",
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ObjectKind {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(NoSuchWord)
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The first owner was made.
    Setup,
    /// Signed in.
    SignIn,
    /// Tried to sign in.
    SignInRefused,
    /// Signed out.
    SignOut,
    /// Proved once more who they are.
    Confirm,
    /// Made an address that signs in another device once.
    SignInLink,
    /// Ended a device's sign-in.
    DeviceEnd,
    /// Changed the password.
    PasswordChange,
    /// Added a second factor.
    SecondFactorAdd,
    /// Took a second factor away.
    SecondFactorRemove,
    /// Made other recovery codes.
    RecoveryCodes,
    /// Used up a recovery code.
    RecoveryCodeUse,
    /// Asked for, or made, a link that sets another password.
    ResetLink,
    /// Set another password by such a link.
    Reset,
    /// Set another password from the shell of the server.
    BreakGlass,
    /// Changed their own name.
    ProfileChange,
    /// Changed their own e-mail address.
    EmailChange,
    /// Added an organization.
    OrganizationAdd,
    /// Changed an organization's settings.
    OrganizationChange,
    /// Removed an organization.
    OrganizationRemove,
    /// Invited somebody.
    Invite,
    /// Took an invitation back.
    InvitationEnd,
    /// Accepted an invitation.
    InvitationAccept,
    /// Gave somebody another role or other sites.
    RoleChange,
    /// Kept somebody from signing in.
    PersonDisable,
    /// Let somebody sign in again.
    PersonEnable,
    /// Removed somebody from the organization.
    PersonRemove,
    /// Erased what was known of somebody.
    PersonErase,
    /// Made an API key.
    KeyMake,
    /// Ended an API key.
    KeyEnd,
    /// Added a site.
    SiteAdd,
    /// Changed a site's settings.
    SiteChange,
    /// Removed a site.
    SiteRemove,
    /// Took all events of a site out.
    Export,
    /// Took past events in.
    Import,
    /// Took an audit log out.
    AuditExport,
    /// Asked for a support grant.
    SupportAsk,
    /// Approved one.
    SupportApprove,
    /// Declined one.
    SupportDecline,
    /// Ended one.
    SupportEnd,
    /// Looked at a site by one.
    SupportView,
    /// Enrolled an operator.
    OperatorEnrol,
    /// Removed an operator.
    OperatorRemove,
    /// Asked a second operator for approval.
    ApprovalAsk,
    /// Approved what another operator asked for.
    Approve,
    /// Came where only others may, and was turned away.
    TurnAway,
    /// Kept a network out.
    Block,
    /// Let a network in again.
    BlockEnd,
    /// Made newer keys.
    KeysRotate,
    /// Wrapped keys anew.
    KeysRewrap,
    /// Destroyed keys.
    KeysDestroy,
    /// Changed a setting of the server.
    ServerChange,
    /// Raised the format of what is stored.
    Migrate,
    /// Another version was started.
    Deploy,
    /// Looked at a recording.
    RecordingView,
    /// Looked at a heatmap.
    HeatmapView,
    /// Removed a recording.
    RecordingRemove,
    /// Refused what was to be recorded: it held what no recording may hold.
    RecordingRefuse,
    /// A visitor asked about what is kept of them.
    VisitorRequestMake,
    /// Answered a visitor.
    VisitorRequestAnswer,
    /// Said that two ids are one visitor.
    VisitorMerge,
    /// Said that they are two again.
    VisitorUnmerge,
    /// Took a visitor out of all reports.
    VisitorRestrict,
    /// Let a visitor be in reports again.
    VisitorUnrestrict,
    /// Looked at what an erasure of a visitor would take out.
    ErasurePreview,
    /// Asked for a visitor to be erased.
    VisitorErase,
    /// A visitor was erased.
    VisitorErased,
    /// Had it looked whether a receipt for an erasure is still true.
    ErasureCheck,
    /// Looked at what a visitor is.
    VisitorView,
    /// Corrected what a visitor is.
    VisitorChange,
    /// Wrote a visitor's consent down.
    ConsentAdd,
    /// Withdrew a visitor's consent.
    ConsentWithdraw,
    /// Accepted the data-processing agreement.
    AgreementAccept,
    /// Made a backup.
    BackupMake,
    /// Looked which backups there are.
    BackupList,
    /// Restored a backup to see that it can be.
    BackupDrill,
    /// Restored a backup.
    BackupRestore,
    /// Said that an organization's subscription has ended.
    SubscriptionEnd,
    /// Said that it goes on.
    SubscriptionResume,
    /// Told its owners when what it measured will be removed.
    SubscriptionWarn,
    /// Wrote a payment or an invoice into the ledger.
    LedgerAdd,
    /// Took out everything that is kept of a visitor.
    VisitorAccess,
    /// Wrote down that a visitor objected.
    ObjectionAdd,
    /// Had a visitor be measured again.
    ObjectionEnd,
    /// Asked for a backup to be made now.
    BackupAsk,
}

impl Act {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Setup,
        Self::SignIn,
        Self::SignInRefused,
        Self::SignOut,
        Self::Confirm,
        Self::SignInLink,
        Self::DeviceEnd,
        Self::PasswordChange,
        Self::SecondFactorAdd,
        Self::SecondFactorRemove,
        Self::RecoveryCodes,
        Self::RecoveryCodeUse,
        Self::ResetLink,
        Self::Reset,
        Self::BreakGlass,
        Self::ProfileChange,
        Self::EmailChange,
        Self::OrganizationAdd,
        Self::OrganizationChange,
        Self::OrganizationRemove,
        Self::Invite,
        Self::InvitationEnd,
        Self::InvitationAccept,
        Self::RoleChange,
        Self::PersonDisable,
        Self::PersonEnable,
        Self::PersonRemove,
        Self::PersonErase,
        Self::KeyMake,
        Self::KeyEnd,
        Self::SiteAdd,
        Self::SiteChange,
        Self::SiteRemove,
        Self::Export,
        Self::Import,
        Self::AuditExport,
        Self::SupportAsk,
        Self::SupportApprove,
        Self::SupportDecline,
        Self::SupportEnd,
        Self::SupportView,
        Self::OperatorEnrol,
        Self::OperatorRemove,
        Self::ApprovalAsk,
        Self::Approve,
        Self::TurnAway,
        Self::Block,
        Self::BlockEnd,
        Self::KeysRotate,
        Self::KeysRewrap,
        Self::KeysDestroy,
        Self::ServerChange,
        Self::Migrate,
        Self::Deploy,
        Self::RecordingView,
        Self::HeatmapView,
        Self::RecordingRemove,
        Self::RecordingRefuse,
        Self::VisitorRequestMake,
        Self::VisitorRequestAnswer,
        Self::VisitorMerge,
        Self::VisitorUnmerge,
        Self::VisitorRestrict,
        Self::VisitorUnrestrict,
        Self::ErasurePreview,
        Self::VisitorErase,
        Self::VisitorErased,
        Self::ErasureCheck,
        Self::VisitorView,
        Self::VisitorChange,
        Self::ConsentAdd,
        Self::ConsentWithdraw,
        Self::AgreementAccept,
        Self::BackupMake,
        Self::BackupList,
        Self::BackupDrill,
        Self::BackupRestore,
        Self::SubscriptionEnd,
        Self::SubscriptionResume,
        Self::SubscriptionWarn,
        Self::LedgerAdd,
        Self::VisitorAccess,
        Self::ObjectionAdd,
        Self::ObjectionEnd,
        Self::BackupAsk,
    ];

    /// The word for it, in a log and everywhere else.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::SignIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignOut => "sign_out",
            Self::Confirm => "confirm",
            Self::SignInLink => "sign_in_link",
            Self::DeviceEnd => "device_end",
            Self::PasswordChange => "password_change",
            Self::SecondFactorAdd => "second_factor_add",
            Self::SecondFactorRemove => "second_factor_remove",
            Self::RecoveryCodes => "recovery_codes",
            Self::RecoveryCodeUse => "recovery_code_use",
            Self::ResetLink => "reset_link",
            Self::Reset => "reset",
            Self::BreakGlass => "break_glass",
            Self::ProfileChange => "profile_change",
            Self::EmailChange => "email_change",
            Self::OrganizationAdd => "organization_add",
            Self::OrganizationChange => "organization_change",
            Self::OrganizationRemove => "organization_remove",
            Self::Invite => "invite",
            Self::InvitationEnd => "invitation_end",
            Self::InvitationAccept => "invitation_accept",
            Self::RoleChange => "role_change",
            Self::PersonDisable => "person_disable",
            Self::PersonEnable => "person_enable",
            Self::PersonRemove => "person_remove",
            Self::PersonErase => "person_erase",
            Self::KeyMake => "key_make",
            Self::KeyEnd => "key_end",
            Self::SiteAdd => "site_add",
            Self::SiteChange => "site_change",
            Self::SiteRemove => "site_remove",
            Self::Export => "export",
            Self::Import => "import",
            Self::AuditExport => "audit_export",
            Self::SupportAsk => "support_ask",
            Self::SupportApprove => "support_approve",
            Self::SupportDecline => "support_decline",
            Self::SupportEnd => "support_end",
            Self::SupportView => "support_view",
            Self::OperatorEnrol => "operator_enrol",
            Self::OperatorRemove => "operator_remove",
            Self::ApprovalAsk => "approval_ask",
            Self::Approve => "approve",
            Self::TurnAway => "turn_away",
            Self::Block => "block",
            Self::BlockEnd => "block_end",
            Self::KeysRotate => "keys_rotate",
            Self::KeysRewrap => "keys_rewrap",
            Self::KeysDestroy => "keys_destroy",
            Self::ServerChange => "server_change",
            Self::Migrate => "migrate",
            Self::Deploy => "deploy",
            Self::RecordingView => "recording_view",
            Self::HeatmapView => "heatmap_view",
            Self::RecordingRemove => "recording_remove",
            Self::RecordingRefuse => "recording_refuse",
            Self::VisitorRequestMake => "visitor_request_make",
            Self::VisitorRequestAnswer => "visitor_request_answer",
            Self::VisitorMerge => "visitor_merge",
            Self::VisitorUnmerge => "visitor_unmerge",
            Self::VisitorRestrict => "visitor_restrict",
            Self::VisitorUnrestrict => "visitor_unrestrict",
            Self::ErasurePreview => "erasure_preview",
            Self::VisitorErase => "visitor_erase",
            Self::VisitorErased => "visitor_erased",
            Self::ErasureCheck => "erasure_check",
            Self::VisitorView => "visitor_view",
            Self::VisitorChange => "visitor_change",
            Self::ConsentAdd => "consent_add",
            Self::ConsentWithdraw => "consent_withdraw",
            Self::AgreementAccept => "agreement_accept",
            Self::BackupMake => "backup_make",
            Self::BackupList => "backup_list",
            Self::BackupDrill => "backup_drill",
            Self::BackupRestore => "backup_restore",
            Self::SubscriptionEnd => "subscription_end",
            Self::SubscriptionResume => "subscription_resume",
            Self::SubscriptionWarn => "subscription_warn",
            Self::LedgerAdd => "ledger_add",
            Self::VisitorAccess => "visitor_access",
            Self::ObjectionAdd => "objection_add",
            Self::ObjectionEnd => "objection_end",
            Self::BackupAsk => "backup_ask",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Act {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, NoSuchWord> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(NoSuchWord)
    }
}
