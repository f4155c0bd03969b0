//! What a mail says: its kind, and what is particular to it. How it is put into words, whoever sends it knows.
//!
//! Nothing here can be shown or logged: an invitation holds the token that accepts it.

use domain::{PersonId, Timestamp};
use sealing::Token;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// What a mail says.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Somebody is invited into an organization.
    Invitation {
        /// The organization's name.
        organization: String,
        /// The name of who invites, or their address.
        invited_by: String,
        /// As what, in the word of the API.
        role: String,
        /// What accepts it.
        #[serde(with = "link_token")]
        token: LinkToken,
    },
    /// A link to choose a new password. Its token is made when it is sent, and kept nowhere.
    Reset {
        /// Whose.
        person: PersonId,
    },
    /// Somebody signed in with a browser that was not seen before.
    NewDevice {
        /// The browser, in words.
        agent: String,
        /// From which network, truncated.
        network: String,
        /// When.
        at: Timestamp,
    },
    /// A second factor of theirs was added, removed or used up.
    SecondFactorChanged {
        /// What was changed.
        change: FactorChange,
        /// From which network, truncated.
        network: String,
        /// When.
        at: Timestamp,
    },
    /// Their password was changed.
    PasswordChanged {
        /// From which network, truncated.
        network: String,
        /// When.
        at: Timestamp,
    },
    /// An owner was let in again from the shell of the server. All owners are told.
    BreakGlass {
        /// The owner who was let in: their name, or their address.
        person: String,
        /// When.
        at: Timestamp,
        /// From when on that opens any key.
        opens_at: Timestamp,
    },
    /// An operator asks to see something of the organization.
    GrantAsked(SupportGrant),
    /// An owner said yes.
    GrantApproved(SupportGrant),
    /// The operator sees nothing of it any more.
    GrantEnded(SupportGrant),
    /// A network that showed the pattern of an attack is kept out.
    NetworkBlocked {
        /// The network, truncated.
        network: String,
        /// How many sign-ins it tried that failed.
        attempts: u32,
        /// For how many accounts.
        accounts: u32,
        /// Until when it is kept out.
        until: Timestamp,
    },
    /// What somebody asked a site about what it keeps of them was answered.
    RequestAnswered {
        /// The site's domain.
        site: String,
        /// What was asked, in the word of the API.
        request: String,
        /// When it was asked.
        asked_at: Timestamp,
        /// Whether it was done.
        done: bool,
        /// What the site says to it; may be empty.
        words: String,
    },
    /// That mail goes out at all.
    Test,
    /// To owners: the subscription has ended, and when everything is removed.
    SubscriptionEnds {
        /// The organization's name.
        organization: String,
        /// How many days are left, at most.
        days: u32,
        /// When everything is removed.
        removed_at: Timestamp,
    },
    /// To whoever runs the server: something that is promised is late.
    PromisesLate {
        /// What is late, by the names of the duties.
        late: Vec<String>,
        /// When.
        at: Timestamp,
    },
    /// To whoever runs the server: nothing is late any more.
    PromisesKept {
        /// When.
        at: Timestamp,
    },
}

/// What was changed of somebody's second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FactorChange {
    TotpAdded,
    TotpRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
}

/// What an operator asked to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportGrant {
    /// The organization's name.
    pub organization: String,
    /// The operator's name.
    pub operator: String,
    /// Of which site.
    pub site: String,
    /// What for, in the operator's words.
    pub purpose: String,
    /// The ticket that it belongs to.
    pub ticket: String,
    /// For how long.
    pub minutes: u32,
    /// When it was asked for, said yes to, or ended.
    pub at: Timestamp,
}

/// The token of a link, as it stands in it. It is wiped when it is let go of.
#[derive(PartialEq, Eq)]
pub struct LinkToken(Zeroizing<String>);

impl LinkToken {
    /// The token whose text form this is.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the link alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Token> for LinkToken {
    fn from(token: &Token) -> Self {
        Self(token.text())
    }
}

impl Letter {
    /// The word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::Reset { .. } => "reset",
            Self::NewDevice { .. } => "new_device",
            Self::SecondFactorChanged { .. } => "second_factor_changed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::BreakGlass { .. } => "break_glass",
            Self::GrantAsked(_) => "grant_asked",
            Self::GrantApproved(_) => "grant_approved",
            Self::GrantEnded(_) => "grant_ended",
            Self::NetworkBlocked { .. } => "network_blocked",
            Self::RequestAnswered { .. } => "request_answered",
            Self::Test => "test",
            Self::SubscriptionEnds { .. } => "subscription_ends",
            Self::PromisesLate { .. } => "promises_late",
            Self::PromisesKept { .. } => "promises_kept",
        }
    }

    pub(super) fn to_json(&self) -> Zeroizing<String> {
        Zeroizing::new(serde_json::to_string(self).expect("a letter is texts and numbers"))
    }

    pub(super) fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// The queue is the one place where a token is written down, and the database that it is in rests sealed.
mod link_token {
    use super::*;

    pub(super) fn serialize<S: Serializer>(token: &LinkToken, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(token.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LinkToken, D::Error> {
        String::deserialize(deserializer).map(LinkToken::new)
    }
}
