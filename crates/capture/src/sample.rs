//! What the tests of this crate share: one site, one moment, one visitor, and the pipeline they pass through.

use std::sync::LazyLock;

use domain::{
    ClientAddress, DaySecret, DaySecrets, Event, Refusal, Site, SiteId, SiteSettings, TimeZone, Timestamp,
};

use crate::{
    Admission, Captured, Circumstances, Controls, Headers, Malformed, Pipeline, RawRequest, RecentVisitors,
    SiteDirectory,
};

/// 2026-11-22T12:00:00Z.
pub(crate) const NOON: Timestamp = Timestamp(1_795_348_800_000);
pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Compiling the lists takes a while, so that one pipeline serves all tests, as it does a process.
pub(crate) static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::open(None, Controls::default()).expect("the bundled lists are whole"));

pub(crate) fn site(id: u32, domain: &str, settings: SiteSettings) -> Site {
    Site {
        id: SiteId(id),
        organization: domain::OrganizationId::FIRST,
        domain: domain.parse().expect("a domain"),
        timezone: TimeZone::utc(),
        created_at: Timestamp(0),
        settings,
        write_key: format!("{id:032x}").parse().expect("a write key"),
        ids: domain::IdSecret::new([5; 32]),
    }
}

pub(crate) fn secrets_at(now: Timestamp) -> DaySecrets {
    let day = now.utc_day();
    let secret = |day: i64| DaySecret::new(day, [u8::try_from(day.rem_euclid(251)).expect("below 251"); 32]);
    DaySecrets { today: secret(day), yesterday: Some(secret(day - 1)) }
}

/// A request and everything around it, to be changed one thing at a time.
pub(crate) struct Sample<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) headers: Headers<'a>,
    pub(crate) address: &'a str,
    pub(crate) received_at: Timestamp,
    pub(crate) sites: SiteDirectory,
    pub(crate) recent: &'a RecentVisitors,
    pub(crate) admission: Admission,
}

static NOBODY: LazyLock<RecentVisitors> = LazyLock::new(RecentVisitors::default);

impl<'a> Sample<'a> {
    /// A page view of Firefox on `example.com` at noon.
    pub(crate) fn of(body: &'a str) -> Self {
        Self {
            body: body.as_bytes(),
            headers: Headers { user_agent: FIREFOX.as_bytes(), ..Headers::default() },
            address: "203.0.113.77",
            received_at: NOON,
            sites: SiteDirectory::new([site(1, "example.com", SiteSettings::default())]),
            recent: &NOBODY,
            admission: Admission::Live,
        }
    }

    pub(crate) fn settings(mut self, settings: SiteSettings) -> Self {
        self.sites = SiteDirectory::new([site(1, "example.com", settings)]);
        self
    }

    pub(crate) fn capture(&self) -> Result<Vec<Captured>, Malformed> {
        let request = RawRequest {
            body: self.body,
            headers: self.headers,
            address: ClientAddress::new(self.address.parse().expect("an address")),
            received_at: self.received_at,
        };
        let secrets = secrets_at(self.received_at);
        let circumstances = Circumstances {
            sites: &self.sites,
            secrets: &secrets,
            recent: self.recent,
            admission: self.admission,
        };
        PIPELINE.capture(&request, &circumstances)
    }

    /// The one event that becomes of it.
    #[track_caller]
    pub(crate) fn event(&self) -> Event {
        match self.capture().expect("well formed").pop() {
            Some(Captured::Accepted { event, .. }) => *event,
            other => panic!("not accepted: {other:?}"),
        }
    }

    /// Why it is refused.
    #[track_caller]
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self.capture().expect("well formed").pop() {
            Some(Captured::Refused { reason, .. }) => Some(reason),
            _ => None,
        }
    }
}

/// A page view of `url`.
pub(crate) fn pageview(url: &str) -> String {
    serde_json::json!({"n": "pageview", "u": url, "d": "example.com"}).to_string()
}
