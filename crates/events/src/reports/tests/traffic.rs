//! Random traffic with everything in it that has ever made two analytics tools disagree.

use domain::{Campaign, Event, EventId, Location, Referral, Software, Text, Timestamp, VisitorId};
use serde_json::{Value as Json, json};

use crate::testing::some_event;

/// A seeded source of choices (SplitMix64), so that a failure can be seen again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn text(&mut self, from: &[&str]) -> Text {
        Text::clean(from[self.below(from.len())], 200)
    }
}

pub(super) const PAGES: [&str; 7] =
    ["/", "/pricing", "/blog/Grüße aus Köln", "/BLOG/x", "/a'b\"c", "/docs/a/b", "/docs/a"];
pub(super) const HOSTS: [&str; 3] = ["example.com", "shop.example.com", ""];
const NAMES: [&str; 10] = [
    "pageview",
    "pageview",
    "pageview",
    "pageview",
    "pageview",
    "engagement",
    "engagement",
    "engagement",
    "signup",
    "Outbound Link: Click",
];
/// Gaps between a visitor's events: at the edges of a visit's end, ties, and anything.
const GAPS_MS: [i64; 12] =
    [0, 1, 999, 1_000, 60_000, 600_000, 1_500_000, 1_799_999, 1_800_000, 1_800_001, 3_600_000, 40_000_000];

/// Traffic of `visitors` visitors over `days` days from `start`, each beginning near one of `edges` or anywhere, in
/// order of arrival: mostly as it happened, some late, some twice.
pub(super) fn traffic(
    dice: &mut Dice,
    visitors: usize,
    start: Timestamp,
    days: i64,
    edges: &[i64],
) -> Vec<Event> {
    let mut events = Vec::new();
    for visitor in 0..visitors {
        let id = (dice.below(usize::MAX) as u128) << 64 | visitor as u128;
        let mut at = if dice.once_in(2) {
            dice.pick(edges) - *dice.pick(&GAPS_MS[..11])
        } else {
            start.0 + dice.below(days as usize * 86_400) as i64 * 1_000
        };
        for _ in 0..=dice.below(6) {
            events.push(Event { visitor: VisitorId::from_u128(id), at: Timestamp(at), ..any_event(dice) });
            at += *dice.pick(&GAPS_MS);
        }
        if dice.once_in(40) {
            keep_open(dice, &mut events, id);
        }
    }
    disturb(dice, events)
}

/// A tab that stays open for up to three days.
fn keep_open(dice: &mut Dice, events: &mut Vec<Event>, visitor: u128) {
    let Some(last) = events.last().map(|event| event.at.0) else { return };
    for step in 1..=dice.below(150) as i64 {
        let visitor = VisitorId::from_u128(visitor);
        let name = Text::clean(Event::ENGAGEMENT, 100);
        events.push(Event { visitor, at: Timestamp(last + step * 1_790_000), name, ..any_event(dice) });
    }
    let visitor = VisitorId::from_u128(visitor);
    let at = Timestamp(events.last().map_or(last, |event| event.at.0) + 1_000);
    events.push(Event { visitor, at, ..any_event(dice) });
}

/// Puts events in an order of arrival, with some of them twice: as they were, or at another time and page.
fn disturb(dice: &mut Dice, events: Vec<Event>) -> Vec<Event> {
    let mut arriving: Vec<(i64, Event)> = Vec::new();
    for mut event in events {
        let late = if dice.once_in(10) { dice.below(200_000_000) as i64 } else { 0 };
        if dice.once_in(3) {
            event.id = Some(EventId::from_u128(1 + dice.below(usize::MAX) as u128));
        }
        if event.id.is_some() && dice.once_in(3) {
            let again = dice.below(100_000_000) as i64;
            let moved = *dice.pick(&[0, 0, 1, -1, 1_800_000, -600_000]);
            let path = dice.text(&PAGES);
            arriving.push((
                event.at.0 + again,
                Event { at: Timestamp(event.at.0 + moved), path, ..event.clone() },
            ));
        }
        arriving.push((event.at.0 + late, event));
    }
    arriving.sort_by_key(|(arrives, _)| *arrives);
    arriving.into_iter().map(|(_, event)| event).collect()
}

fn any_event(dice: &mut Dice) -> Event {
    let name = dice.text(&NAMES);
    let engaged = &*name == Event::ENGAGEMENT;
    let plans = ["pro", "free", "", "Über"];
    let mut properties = Vec::new();
    if dice.once_in(3) {
        properties.push((Text::clean("plan", 9), dice.text(&plans)));
    }
    if dice.once_in(5) {
        properties.push((Text::clean("size", 9), dice.text(&["1", "2"])));
    }
    Event {
        hostname: dice.text(&HOSTS),
        path: dice.text(&PAGES),
        interactive: !dice.once_in(3),
        scroll_depth: (engaged && !dice.once_in(3)).then(|| dice.below(101) as u8),
        engaged_ms: (engaged && !dice.once_in(3)).then(|| 1 + dice.below(90_000) as u32),
        referral: Referral {
            referrer: dice.text(&["", "google.com", "news.example/a"]),
            source: dice.text(&["", "Google", "news.example"]),
            channel: dice.text(&["Direct", "Organic Search", "Referral"]),
        },
        campaign: any_campaign(dice),
        location: Location {
            country: dice.text(&["DE", "US", "CZ", "", "ZZ"]),
            region: dice.text(&["", "DE-BE", "US-CA"]),
            city: dice.text(&["", "2950159"]),
        },
        software: Software {
            browser: dice.text(&["Firefox", "Chrome", ""]),
            browser_version: dice.text(&["120.0", "121.1", ""]),
            os: dice.text(&["GNU/Linux", "Windows", "iOS"]),
            os_version: dice.text(&["10", "17.2", ""]),
            device: dice.text(&["Desktop", "Mobile", "Tablet"]),
            screen: dice.text(&["1920x1080", "390x844", ""]),
            language: dice.text(&["de", "en-US", ""]),
        },
        name,
        properties,
        ..some_event()
    }
}

fn any_campaign(dice: &mut Dice) -> Campaign {
    Campaign {
        medium: dice.text(&["", "cpc", "email"]),
        source: dice.text(&["", "newsletter"]),
        campaign: dice.text(&["", "spring", "Spring"]),
        content: dice.text(&["", "a"]),
        term: dice.text(&["", "b c"]),
    }
}

/// An event as the oracle reads it.
pub(super) fn told(event: &Event) -> Json {
    json!({
        "visitor": event.visitor.to_string(), "id": event.id.map(|id| id.to_string()), "moment": event.at.0,
        "name": &*event.name, "hostname": &*event.hostname, "page": &*event.path, "interactive": event.interactive,
        "scroll_depth": event.scroll_depth, "engaged_ms": event.engaged_ms,
        "props": event.properties.iter().map(|(name, value)| (name.to_string(), Json::from(&**value)))
            .collect::<serde_json::Map<_, _>>(),
        "source": &*event.referral.source, "referrer": &*event.referral.referrer, "channel": &*event.referral.channel,
        "utm_medium": &*event.campaign.medium, "utm_source": &*event.campaign.source,
        "utm_campaign": &*event.campaign.campaign, "utm_content": &*event.campaign.content,
        "utm_term": &*event.campaign.term, "device": &*event.software.device, "browser": &*event.software.browser,
        "browser_version": &*event.software.browser_version, "os": &*event.software.os,
        "os_version": &*event.software.os_version, "country": &*event.location.country,
        "region": &*event.location.region, "city": &*event.location.city, "language": &*event.software.language,
        "screen": &*event.software.screen,
    })
}
