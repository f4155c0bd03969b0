//! A clean event: what `capture` lets through and every store accepts.
//!
//! Empty text means "not known" or "none" in every field. There is no field for an address.

use serde::{Deserialize, Serialize};

use crate::{EventId, Suspicion, Text, Timestamp, VisitorId};

/// One thing that happened on a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Who did it.
    pub visitor: VisitorId,
    /// The sender's own id for it; the same (visitor, id) counts once for 48 hours.
    pub id: Option<EventId>,
    /// When it happened.
    pub at: Timestamp,
    /// `pageview`, `engagement`, or the name of a custom event.
    pub name: Text,
    /// Host of the page, without `www.`.
    pub hostname: Text,
    /// Path of the page, decoded, without query.
    pub path: Text,
    /// Where the visitor came from.
    pub referral: Referral,
    /// The `utm_*` tags of the page's address.
    pub campaign: Campaign,
    /// Where on earth, as far as the truncated address tells.
    pub location: Location,
    /// What the visitor looked with.
    pub software: Software,
    /// Whether it speaks of a visitor's act: an interactive event clears a bounce.
    pub interactive: bool,
    /// Deepest point seen of the page, in percent (0 to 100); with `engagement`.
    pub scroll_depth: Option<u8>,
    /// Milliseconds in the foreground since the page's last `engagement`; with `engagement`.
    pub engaged_ms: Option<u32>,
    /// Named values the sender attached, ordered by name, each name once.
    pub properties: Vec<(Text, Text)>,
    /// Money the event stands for.
    pub revenue: Option<Revenue>,
    /// Why it is set aside; such an event is in no report.
    pub suspicion: Option<Suspicion>,
}

impl Event {
    /// The name of a page view.
    pub const PAGEVIEW: &'static str = "pageview";
    /// The name of the event that reports time and scrolling on a page.
    pub const ENGAGEMENT: &'static str = "engagement";
}

/// Where a visitor came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    /// Host and path of the referring page, without query, fragment or trailing slash.
    pub referrer: Text,
    /// The name of the source: a known name, or the host; empty when direct.
    pub source: Text,
    /// The channel the source belongs to, e.g. `Organic Search`.
    pub channel: Text,
}

/// The `utm_*` tags of a page's address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the tag of its name")]
pub struct Campaign {
    pub medium: Text,
    pub source: Text,
    pub campaign: Text,
    pub content: Text,
    pub term: Text,
}

/// Where on earth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Text,
    /// ISO 3166-2, e.g. `DE-BE`.
    pub region: Text,
    /// GeoNames id of the city.
    pub city: Text,
}

/// What a visitor looks with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Software {
    /// Name of the browser.
    pub browser: Text,
    /// `major.minor`.
    pub browser_version: Text,
    /// Name of the operating system.
    pub os: Text,
    /// `major.minor`.
    pub os_version: Text,
    /// `Desktop`, `Mobile` or `Tablet`.
    pub device: Text,
    /// Screen in CSS pixels, `1920x1080`.
    pub screen: Text,
    /// First language of Accept-Language, e.g. `de-AT`.
    pub language: Text,
}

/// Money, in millionths of the currency's unit so that no amount is rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// Millionths of one unit of the currency.
    pub micros: i64,
    /// ISO 4217, upper case.
    pub currency: Text,
}
