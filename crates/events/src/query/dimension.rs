//! What rows of a report can stand for.

use std::fmt;

use super::limits;

/// One thing to group or filter by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Of the event itself.
    Event(EventDimension),
    /// Of the visit the event belongs to.
    Visit(VisitDimension),
    /// When.
    Time(Interval),
}

/// A property of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum EventDimension {
    Page,
    Hostname,
    Name,
    Property(String),
}

/// A property of a visit: of its first event, or of its first or last page view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum VisitDimension {
    EntryPage,
    ExitPage,
    EntryPageHostname,
    ExitPageHostname,
    Source,
    Referrer,
    Channel,
    UtmMedium,
    UtmSource,
    UtmCampaign,
    UtmContent,
    UtmTerm,
    Device,
    Browser,
    BrowserVersion,
    Os,
    OsVersion,
    Country,
    CountryName,
    Region,
    RegionName,
    City,
    CityName,
    Language,
    Screen,
}

/// How long a bucket of time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Interval {
    /// `time`: chosen by the length of the range.
    Auto,
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

impl VisitDimension {
    /// Every one.
    pub const ALL: [Self; 25] = [
        Self::EntryPage,
        Self::ExitPage,
        Self::EntryPageHostname,
        Self::ExitPageHostname,
        Self::Source,
        Self::Referrer,
        Self::Channel,
        Self::UtmMedium,
        Self::UtmSource,
        Self::UtmCampaign,
        Self::UtmContent,
        Self::UtmTerm,
        Self::Device,
        Self::Browser,
        Self::BrowserVersion,
        Self::Os,
        Self::OsVersion,
        Self::Country,
        Self::CountryName,
        Self::Region,
        Self::RegionName,
        Self::City,
        Self::CityName,
        Self::Language,
        Self::Screen,
    ];

    /// Its name in the API, without `visit:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EntryPage => "entry_page",
            Self::ExitPage => "exit_page",
            Self::EntryPageHostname => "entry_page_hostname",
            Self::ExitPageHostname => "exit_page_hostname",
            Self::Source => "source",
            Self::Referrer => "referrer",
            Self::Channel => "channel",
            Self::UtmMedium => "utm_medium",
            Self::UtmSource => "utm_source",
            Self::UtmCampaign => "utm_campaign",
            Self::UtmContent => "utm_content",
            Self::UtmTerm => "utm_term",
            Self::Device => "device",
            Self::Browser => "browser",
            Self::BrowserVersion => "browser_version",
            Self::Os => "os",
            Self::OsVersion => "os_version",
            Self::Country => "country",
            Self::CountryName => "country_name",
            Self::Region => "region",
            Self::RegionName => "region_name",
            Self::City => "city",
            Self::CityName => "city_name",
            Self::Language => "language",
            Self::Screen => "screen",
        }
    }
}

impl Interval {
    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "time",
            Self::Minute => "time:minute",
            Self::Hour => "time:hour",
            Self::Day => "time:day",
            Self::Week => "time:week",
            Self::Month => "time:month",
        }
    }

    /// Whether a visit counts in every bucket it spans, instead of in the one of its last event.
    pub(crate) const fn counts_spanned(self) -> bool {
        matches!(self, Self::Minute | Self::Hour)
    }
}

impl Dimension {
    /// The dimension of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some(name) = name.strip_prefix("event:") {
            return match name {
                "page" => Some(EventDimension::Page),
                "hostname" => Some(EventDimension::Hostname),
                "name" => Some(EventDimension::Name),
                _ => name
                    .strip_prefix("props:")
                    .filter(|key| !key.is_empty() && key.len() <= limits::PROPERTY_NAME_BYTES_MAX)
                    .map(|key| EventDimension::Property(key.to_owned())),
            }
            .map(Self::Event);
        }
        if let Some(name) = name.strip_prefix("visit:") {
            return VisitDimension::ALL.into_iter().find(|visit| visit.as_str() == name).map(Self::Visit);
        }
        [Interval::Auto, Interval::Minute, Interval::Hour, Interval::Day, Interval::Week, Interval::Month]
            .into_iter()
            .find(|interval| interval.as_str() == name)
            .map(Self::Time)
    }

    /// What an empty value of it is shown as.
    pub(crate) const fn empty_label(&self) -> &'static str {
        match self {
            Self::Event(EventDimension::Property(_)) => "(none)",
            Self::Visit(VisitDimension::Source | VisitDimension::Referrer) => "Direct / None",
            _ => "(not set)",
        }
    }

    /// What stands in its place where a metric speaks of whole visits.
    pub(crate) fn of_entry(&self) -> Self {
        match self {
            Self::Event(EventDimension::Page) => Self::Visit(VisitDimension::EntryPage),
            Self::Event(EventDimension::Hostname) => Self::Visit(VisitDimension::EntryPageHostname),
            other => other.clone(),
        }
    }
}

/// As in the API.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(EventDimension::Page) => f.write_str("event:page"),
            Self::Event(EventDimension::Hostname) => f.write_str("event:hostname"),
            Self::Event(EventDimension::Name) => f.write_str("event:name"),
            Self::Event(EventDimension::Property(key)) => write!(f, "event:props:{key}"),
            Self::Visit(visit) => write!(f, "visit:{}", visit.as_str()),
            Self::Time(interval) => f.write_str(interval.as_str()),
        }
    }
}
