//! What a row's text columns say: an event's fields as the texts that dictionaries hold.
//!
//! Stored text has no control characters, so two of them can separate names from values without escaping.

use std::borrow::Cow;

use domain::{Event, Revenue, Suspicion, Text};

use super::Column;

/// Between a property's name and its value.
const NAME_END: char = '\u{1f}';
/// Between two properties.
const PROPERTY_END: char = '\u{1e}';

/// The text of `event` in a text column.
pub(crate) fn text_of(event: &Event, column: Column) -> Cow<'_, str> {
    Cow::Borrowed(match column {
        Column::Name => &event.name,
        Column::Hostname => &event.hostname,
        Column::Path => &event.path,
        Column::Properties => return write_properties(&event.properties),
        Column::Revenue => return write_revenue(event.revenue.as_ref()),
        Column::Interactive | Column::ScrollDepth | Column::EngagedMs => "",
        Column::Referrer => &event.referral.referrer,
        Column::Source => &event.referral.source,
        Column::Channel => &event.referral.channel,
        Column::UtmMedium => &event.campaign.medium,
        Column::UtmSource => &event.campaign.source,
        Column::UtmCampaign => &event.campaign.campaign,
        Column::UtmContent => &event.campaign.content,
        Column::UtmTerm => &event.campaign.term,
        Column::Country => &event.location.country,
        Column::Region => &event.location.region,
        Column::City => &event.location.city,
        Column::Browser => &event.software.browser,
        Column::BrowserVersion => &event.software.browser_version,
        Column::Os => &event.software.os,
        Column::OsVersion => &event.software.os_version,
        Column::Device => &event.software.device,
        Column::Screen => &event.software.screen,
        Column::Language => &event.software.language,
        Column::Suspicion => event.suspicion.map_or("", Suspicion::as_str),
    })
}

fn write_properties(properties: &[(Text, Text)]) -> Cow<'_, str> {
    let mut written = String::new();
    for (name, value) in properties {
        if !written.is_empty() {
            written.push(PROPERTY_END);
        }
        written.push_str(name);
        written.push(NAME_END);
        written.push_str(value);
    }
    Cow::Owned(written)
}

/// The names and values in a text of [`Column::Properties`], in their order.
pub(crate) fn read_properties(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(PROPERTY_END).filter_map(|property| property.split_once(NAME_END))
}

fn write_revenue(revenue: Option<&Revenue>) -> Cow<'_, str> {
    revenue
        .map_or(Cow::Borrowed(""), |revenue| Cow::Owned(format!("{} {}", revenue.micros, revenue.currency)))
}

/// The amount in millionths and the currency in a text of [`Column::Revenue`].
pub(crate) fn read_revenue(text: &str) -> Option<(i64, &str)> {
    let (micros, currency) = text.split_once(' ')?;
    Some((micros.parse().ok()?, currency))
}
