//! Those who run the server, and the closed list of what they can ask an owner to be shown. An operator has no role and is
//! in no permission table: what is not granted for one use is not theirs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// Somebody who runs the server: a random number that says nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperatorId(pub u64);

impl fmt::Display for OperatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for OperatorId {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let well_formed = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = well_formed.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or(UnknownWord)
    }
}

/// By what a support grant lets numbers be told apart. Sums over all of a site come with any of them; recordings, a
/// visitor's attributes, regions, cities and single visitors come with none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportField {
    /// Pages and host names, entry and exit pages.
    Page,
    /// Sources, referrers and channels.
    Source,
    /// Campaigns.
    Campaign,
    /// Countries.
    Country,
    /// Devices, browsers, systems, screens and languages.
    Device,
    /// Names of events.
    Event,
    /// Custom properties of events.
    Property,
}

impl SupportField {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Page, Self::Source, Self::Campaign, Self::Country, Self::Device, Self::Event, Self::Property];

    /// The word for it in the API and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Source => "source",
            Self::Campaign => "campaign",
            Self::Country => "country",
            Self::Device => "device",
            Self::Event => "event",
            Self::Property => "property",
        }
    }
}

impl FromStr for SupportField {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownWord)
    }
}
