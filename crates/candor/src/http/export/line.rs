//! One event as a line of JSON, under the names of the public API. Every name is always there, so that whatever reads
//! tables needs no list of them.

use domain::{Event, Suspicion, Text, VisitorId};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// An event, under the names of the public API. What is not known or not there is null.
#[derive(Serialize)]
struct Line<'a> {
    /// The id it came with.
    visitor: String,
    /// As whom it is counted, where that is somebody else.
    counted_as: Option<String>,
    /// Kept for 48 hours only.
    id: Option<String>,
    timestamp: String,
    name: &'a str,
    hostname: Option<&'a str>,
    page: Option<&'a str>,
    #[serde(serialize_with = "as_object")]
    props: &'a [(Text, Text)],
    revenue: Option<Money<'a>>,
    interactive: bool,
    scroll_depth: Option<u8>,
    engaged_ms: Option<u32>,
    referrer: Option<&'a str>,
    source: Option<&'a str>,
    channel: Option<&'a str>,
    utm_medium: Option<&'a str>,
    utm_source: Option<&'a str>,
    utm_campaign: Option<&'a str>,
    utm_content: Option<&'a str>,
    utm_term: Option<&'a str>,
    country: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    browser: Option<&'a str>,
    browser_version: Option<&'a str>,
    os: Option<&'a str>,
    os_version: Option<&'a str>,
    device: Option<&'a str>,
    screen: Option<&'a str>,
    language: Option<&'a str>,
    /// Why it is in no report.
    set_aside: Option<&'a str>,
}

/// Exact: a decimal as text, since not every reader of JSON numbers keeps them.
#[derive(Serialize)]
struct Money<'a> {
    amount: String,
    currency: &'a str,
}

/// Appends the line of `event`, which is counted as another visitor's if that is said.
pub(in crate::http) fn write_line(chunk: &mut Vec<u8>, event: &Event, counted_as: Option<VisitorId>) {
    serde_json::to_writer(&mut *chunk, &line(event, counted_as)).expect("memory takes a line");
    chunk.push(b'\n');
}

/// The same as a value.
pub(in crate::http) fn value_of(event: &Event, counted_as: Option<VisitorId>) -> Value {
    serde_json::to_value(line(event, counted_as)).expect("a line is JSON")
}

fn line(event: &Event, counted_as: Option<VisitorId>) -> Line<'_> {
    let Event { referral, campaign, location, software, .. } = event;
    Line {
        visitor: event.visitor.to_string(),
        counted_as: counted_as.map(|visitor| visitor.to_string()),
        id: event.id.map(|id| id.to_string()),
        timestamp: event.at.to_string(),
        name: &event.name,
        hostname: known(&event.hostname),
        page: known(&event.path),
        props: &event.properties,
        revenue: event
            .revenue
            .as_ref()
            .map(|revenue| Money { amount: decimal(revenue.micros), currency: &revenue.currency }),
        interactive: event.interactive,
        scroll_depth: event.scroll_depth,
        engaged_ms: event.engaged_ms,
        referrer: known(&referral.referrer),
        source: known(&referral.source),
        channel: known(&referral.channel),
        utm_medium: known(&campaign.medium),
        utm_source: known(&campaign.source),
        utm_campaign: known(&campaign.campaign),
        utm_content: known(&campaign.content),
        utm_term: known(&campaign.term),
        country: known(&location.country),
        region: known(&location.region),
        city: known(&location.city),
        browser: known(&software.browser),
        browser_version: known(&software.browser_version),
        os: known(&software.os),
        os_version: known(&software.os_version),
        device: known(&software.device),
        screen: known(&software.screen),
        language: known(&software.language),
        set_aside: event.suspicion.map(Suspicion::as_str),
    }
}

fn known(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Millionths as a decimal with at least two digits after its point.
fn decimal(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let size = micros.unsigned_abs();
    let parts = format!("{:06}", size % 1_000_000);
    let kept = parts.trim_end_matches('0').len().max(2);
    format!("{sign}{}.{}", size / 1_000_000, &parts[..kept])
}

fn as_object<S: Serializer>(properties: &&[(Text, Text)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(properties.iter().map(|(name, value)| (&**name, &**value)))
}
