//! What sealed things are bound to: as associated data of every seal, so that a thing opens only as what it is.

use std::fmt;

use domain::{OrganizationId, SiteId};
use serde::{Deserialize, Serialize};

/// The version of the encoding below.
const ENCODING: u8 = 1;

/// A server's own mark, made with its root key: what one server sealed does not open on another, though it be
/// given the same keys by mistake.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment(pub u128);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What kind of thing is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The events of one site in one journal file.
    Journal = 1,
    /// A segment.
    Segment = 2,
    /// A key that another key wraps.
    Key = 3,
    /// A part of a recording.
    Recording = 4,
    /// A visitor's key, under which what they are is sealed.
    Attributes = 5,
}

impl Kind {
    /// The word for it in messages and in the audit file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Segment => "segment",
            Self::Key => "key",
            Self::Recording => "recording",
            Self::Attributes => "attributes",
        }
    }
}

/// Whose a sealed thing is, and which one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// On which server.
    pub environment: Environment,
    /// Whose.
    pub organization: OrganizationId,
    /// Of which of its sites.
    pub site: SiteId,
    /// What.
    pub kind: Kind,
    /// Which one: its name where it is stored.
    pub name: String,
}

impl Label {
    /// As associated data: no two labels have the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(30 + self.name.len());
        bytes.push(ENCODING);
        bytes.extend_from_slice(&self.environment.0.to_be_bytes());
        bytes.extend_from_slice(&self.organization.0.to_be_bytes());
        bytes.extend_from_slice(&self.site.0.to_be_bytes());
        bytes.push(self.kind as u8);
        // It comes last, so that its length need not be told.
        bytes.extend_from_slice(self.name.as_bytes());
        bytes
    }
}

/// How it is spoken of: the kind and the name, and the site's number.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of site {}", self.kind.as_str(), self.name, self.site)
    }
}
