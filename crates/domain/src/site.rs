//! Sites and their settings, as every process knows them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    DeclaredAttribute, EventsDays, IdSecret, OrganizationId, Place, RecordingSettings, SiteId, Timestamp,
    WriteKey,
};

/// A site's domain: lower case, without `www.`, as in `example.com` or `localhost`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainName(Box<str>);

/// Why a text is no domain.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a domain: letters, digits, hyphens and dots only, such as example.com")]
pub struct DomainError(String);

impl DomainName {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DomainName {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        let lower = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let bare = lower.strip_prefix("www.").unwrap_or(&lower);
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if bare.len() <= crate::limits::HOSTNAME_BYTES && bare.split('.').all(label_fits) {
            Ok(Self(bare.into()))
        } else {
            let shown: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
            Err(DomainError(shown))
        }
    }
}

impl TryFrom<String> for DomainName {
    type Error = DomainError;

    fn try_from(text: String) -> Result<Self, DomainError> {
        text.parse()
    }
}

impl From<DomainName> for String {
    fn from(domain: DomainName) -> String {
        domain.0.into()
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a site knows its visitors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityMode {
    /// Nothing is stored and ids are daily, until the page says that the visitor consented.
    #[default]
    Consent,
    /// Nothing is ever stored; ids are daily, and an id that a sender gives is not used.
    Cookieless,
    /// A random id is stored from the first visit on.
    Always,
}

/// What a site's owner decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// How visitors are known.
    pub identity: IdentityMode,
    /// Whether GPC and DNT are honoured.
    pub honour_signals: bool,
    /// Whether the fragment of an address is part of the page's path.
    pub hash_routing: bool,
    /// For how many days events are kept; where it is none, as long as there is the site.
    pub events_retention: Option<EventsDays>,
    /// Whether and how visits are recorded.
    pub recording: RecordingSettings,
    /// What is kept of visitors beside what they did.
    pub attributes: Vec<DeclaredAttribute>,
    /// Whether an attribute may hold a visitor's address, once the organization and the visitor agreed.
    pub addresses: bool,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            identity: IdentityMode::default(),
            honour_signals: true,
            hash_routing: false,
            events_retention: None,
            recording: RecordingSettings::default(),
            attributes: Vec::new(),
            addresses: false,
        }
    }
}

/// The name of a time zone in the IANA database, known to be in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(jiff::tz::TimeZone);

/// Why a text is no time zone.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an IANA time zone such as Europe/Berlin")]
pub struct TimeZoneError(String);

impl TimeZone {
    /// Coordinated universal time.
    pub const fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// The zone, to compute with.
    pub const fn rules(&self) -> &jiff::tz::TimeZone {
        &self.0
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    fn from_str(text: &str) -> Result<Self, TimeZoneError> {
        let shown = || TimeZoneError(text.chars().filter(|c| !c.is_control()).take(80).collect());
        jiff::tz::TimeZone::get(text).map(Self).map_err(|_| shown())
    }
}

impl TryFrom<String> for TimeZone {
    type Error = TimeZoneError;

    fn try_from(text: String) -> Result<Self, TimeZoneError> {
        text.parse()
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> String {
        zone.name().to_owned()
    }
}

/// A website or app that is measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its number on this server.
    pub id: SiteId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its domain: its name for people and in the API.
    pub domain: DomainName,
    /// The zone in which its days begin.
    pub timezone: TimeZone,
    /// When it was added.
    pub created_at: Timestamp,
    /// What its owner decided.
    pub settings: SiteSettings,
    /// Under what its events are sent by the field's convention.
    pub write_key: WriteKey,
    /// Under what the ids that it gives its visitors become visitors.
    pub ids: IdSecret,
}

impl Site {
    /// Where it stands in the table of who may what.
    pub const fn place(&self) -> Place {
        Place { shared: self.settings.recording.shown_to_viewers, ..Place::site(self.organization, self.id) }
    }
}
