//! The words of a log: closed, so that whoever filters knows all there are, and never given another meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text is none of the words that may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a word of an audit log")]
pub struct NoSuchWord;

macro_rules! words {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word for it, in a log and everywhere else.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NoSuchWord;

            fn from_str(text: &str) -> Result<Self, NoSuchWord> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(NoSuchWord)
            }
        }
    };
}

words! {
    /// What somebody is who acts.
    ActorKind {
        /// A person who is signed in.
        Person = "person",
        /// An API key.
        Key = "key",
        /// Somebody who runs the server.
        Operator = "operator",
        /// The server of itself.
        System = "system",
        /// Somebody who is not signed in.
        Nobody = "nobody",
    }
}

words! {
    /// What something is that is acted on.
    ObjectKind {
        /// The server.
        Server = "server",
        /// An organization.
        Organization = "organization",
        /// A site.
        Site = "site",
        /// A person.
        Person = "person",
        /// An invitation.
        Invitation = "invitation",
        /// An API key.
        Key = "key",
        /// A device that is signed in.
        Device = "device",
        /// A passkey.
        Passkey = "passkey",
        /// An operator.
        Operator = "operator",
        /// A support grant.
        SupportGrant = "support_grant",
        /// A network.
        Network = "network",
        /// An audit log.
        AuditLog = "audit_log",
        /// The keys that seal data.
        SealingKeys = "sealing_keys",
    }
}

words! {
    /// What was done.
    Act {
        /// The first owner was made.
        Setup = "setup",
        /// Signed in.
        SignIn = "sign_in",
        /// Tried to sign in.
        SignInRefused = "sign_in_refused",
        /// Signed out.
        SignOut = "sign_out",
        /// Proved once more who they are.
        Confirm = "confirm",
        /// Made an address that signs in another device once.
        SignInLink = "sign_in_link",
        /// Ended a device's sign-in.
        DeviceEnd = "device_end",
        /// Changed the password.
        PasswordChange = "password_change",
        /// Added a second factor.
        SecondFactorAdd = "second_factor_add",
        /// Took a second factor away.
        SecondFactorRemove = "second_factor_remove",
        /// Made other recovery codes.
        RecoveryCodes = "recovery_codes",
        /// Used up a recovery code.
        RecoveryCodeUse = "recovery_code_use",
        /// Asked for, or made, a link that sets another password.
        ResetLink = "reset_link",
        /// Set another password by such a link.
        Reset = "reset",
        /// Set another password from the shell of the server.
        BreakGlass = "break_glass",
        /// Changed their own name.
        ProfileChange = "profile_change",
        /// Changed their own e-mail address.
        EmailChange = "email_change",
        /// Added an organization.
        OrganizationAdd = "organization_add",
        /// Changed an organization's settings.
        OrganizationChange = "organization_change",
        /// Removed an organization.
        OrganizationRemove = "organization_remove",
        /// Invited somebody.
        Invite = "invite",
        /// Took an invitation back.
        InvitationEnd = "invitation_end",
        /// Accepted an invitation.
        InvitationAccept = "invitation_accept",
        /// Gave somebody another role or other sites.
        RoleChange = "role_change",
        /// Kept somebody from signing in.
        PersonDisable = "person_disable",
        /// Let somebody sign in again.
        PersonEnable = "person_enable",
        /// Removed somebody from the organization.
        PersonRemove = "person_remove",
        /// Erased what was known of somebody.
        PersonErase = "person_erase",
        /// Made an API key.
        KeyMake = "key_make",
        /// Ended an API key.
        KeyEnd = "key_end",
        /// Added a site.
        SiteAdd = "site_add",
        /// Changed a site's settings.
        SiteChange = "site_change",
        /// Removed a site.
        SiteRemove = "site_remove",
        /// Took all events of a site out.
        Export = "export",
        /// Took past events in.
        Import = "import",
        /// Took an audit log out.
        AuditExport = "audit_export",
        /// Asked for a support grant.
        SupportAsk = "support_ask",
        /// Approved one.
        SupportApprove = "support_approve",
        /// Declined one.
        SupportDecline = "support_decline",
        /// Ended one.
        SupportEnd = "support_end",
        /// Looked at a site by one.
        SupportView = "support_view",
        /// Enrolled an operator.
        OperatorEnrol = "operator_enrol",
        /// Removed an operator.
        OperatorRemove = "operator_remove",
        /// Asked a second operator for approval.
        ApprovalAsk = "approval_ask",
        /// Approved what another operator asked for.
        Approve = "approve",
        /// Kept a network out.
        Block = "block",
        /// Let a network in again.
        BlockEnd = "block_end",
        /// Made newer keys.
        KeysRotate = "keys_rotate",
        /// Wrapped keys anew.
        KeysRewrap = "keys_rewrap",
        /// Destroyed keys.
        KeysDestroy = "keys_destroy",
        /// Changed a setting of the server.
        ServerChange = "server_change",
        /// Raised the format of what is stored.
        Migrate = "migrate",
        /// Another version was started.
        Deploy = "deploy",
    }
}
