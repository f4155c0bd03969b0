//! Sorted rows become events again: for exports and for judging reports by other software.

use domain::{Campaign, Event, EventId, Location, Referral, Revenue, Software, Suspicion, Text, Timestamp};

use super::texts::{read_properties, read_revenue};
use super::{Column, NO_SCROLL_DEPTH, Run};
use crate::dictionary::Dictionaries;

/// The event of row `row`. A column that the run was loaded without reads as empty.
pub(crate) fn read_event(run: &Run, texts: &Dictionaries, row: usize) -> Event {
    let visitor = run.spine.visitor_of(row).into();
    let code = |column| run.column(column).map(|codes| codes.at(row));
    let raw = |column| code(column).map(|code| texts.of(column).text(code)).unwrap_or_default();
    let text = |column| Text::clean(&raw(column), usize::MAX);
    let id = run.spine.ids.of(row);
    Event {
        visitor,
        id: (id != 0).then(|| EventId::from_u128(id)),
        at: Timestamp(run.spine.base.0 + i64::from(run.spine.times[row])),
        name: text(Column::Name),
        hostname: text(Column::Hostname),
        path: text(Column::Path),
        referral: Referral {
            referrer: text(Column::Referrer),
            source: text(Column::Source),
            channel: text(Column::Channel),
        },
        campaign: Campaign {
            medium: text(Column::UtmMedium),
            source: text(Column::UtmSource),
            campaign: text(Column::UtmCampaign),
            content: text(Column::UtmContent),
            term: text(Column::UtmTerm),
        },
        location: Location {
            country: text(Column::Country),
            region: text(Column::Region),
            city: text(Column::City),
        },
        software: Software {
            browser: text(Column::Browser),
            browser_version: text(Column::BrowserVersion),
            os: text(Column::Os),
            os_version: text(Column::OsVersion),
            device: text(Column::Device),
            screen: text(Column::Screen),
            language: text(Column::Language),
        },
        interactive: code(Column::Interactive) == Some(1),
        scroll_depth: code(Column::ScrollDepth)
            .filter(|depth| *depth != NO_SCROLL_DEPTH)
            .and_then(|depth| u8::try_from(depth).ok()),
        engaged_ms: code(Column::EngagedMs).filter(|span| *span > 0),
        properties: read_properties(&raw(Column::Properties))
            .map(|(name, value)| (Text::clean(name, usize::MAX), Text::clean(value, usize::MAX)))
            .collect(),
        revenue: read_revenue(&raw(Column::Revenue))
            .map(|(micros, currency)| Revenue { micros, currency: Text::clean(currency, usize::MAX) }),
        suspicion: Suspicion::from_word(&raw(Column::Suspicion)),
    }
}
