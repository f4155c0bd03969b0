//! Random traffic for the tests of this crate, and the plain truth to judge it by.

use std::sync::{Arc, LazyLock};

use domain::{
    Campaign, Counting, Event, EventId, Location, Referral, Revenue, SiteId, Software, Suspicion, Text,
    Timestamp, VisitorId,
};
use proptest::prelude::*;
use rustc_hash::FxHashSet;
use sealing::{Environment, Pair, Ring};

use crate::dictionary::Dictionaries;
use crate::rows::{Run, VisitorKey, read_event};
use sealing::Seals;

static RANDOM: LazyLock<Arc<Counting>> = LazyLock::new(|| Arc::new(Counting::from(1)));

/// Keys of a few sites, in the place of a keeper: the same for everybody.
pub(crate) fn ring() -> Arc<Ring> {
    static RING: LazyLock<Arc<Ring>> = LazyLock::new(|| {
        let mut ring = Ring::new(Environment(5));
        (0..6).for_each(|site| ring.add(SiteId(site), 1, Pair::random(&**RANDOM)));
        Arc::new(ring)
    });
    RING.clone()
}

/// Seals to these keys.
pub(crate) fn seals() -> Seals {
    Seals::Sealed { recipients: ring(), rng: RANDOM.clone() }
}

/// The first moment of [`any_events`]: 2026-03-20T00:00:00Z, so that their span crosses a month.
pub(crate) const START: Timestamp = Timestamp(1_773_964_800_000);

fn text(values: &'static [&'static str]) -> impl Strategy<Value = Text> {
    proptest::sample::select(values).prop_map(|value| Text::clean(value, 200))
}

/// Up to `count` events in order of arrival: few visitors, ties and repeated ids among them.
pub(crate) fn any_events(count: usize) -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(any_event(), 0..=count)
}

/// One event of the 20 days after [`START`].
pub(crate) fn any_event() -> impl Strategy<Value = Event> {
    let what = (
        text(&["pageview", "engagement", "signup"]),
        text(&["/", "/blog/Grüße", "/pricing", "/docs/a/b"]),
        any::<bool>(),
        proptest::option::of(0_u8..=100),
        proptest::option::of(1_u32..90_000),
        proptest::collection::vec((text(&["plan", "size"]), text(&["", "pro", "a=b"])), 0..2),
        proptest::option::of((-5_000_000_i64..5_000_000, text(&["EUR", "USD"]))),
    );
    let from = (
        text(&["", "google.com", "news.example/a"]),
        text(&["", "Google", "Direct"]),
        text(&["", "DE", "FR"]),
        text(&["Firefox", "Chrome"]),
        proptest::option::weighted(0.05, proptest::sample::select(&Suspicion::ALL[..])),
    );
    // Every ten minutes, so that ties and gaps of exactly 30 minutes are common; now and then far apart.
    let when = prop_oneof![
        3 => (0_i64..12).prop_map(|step| step * 600),
        1 => 0_i64..7_200,
        1 => 0_i64..(20 * 86_400)
    ];
    (0_u128..6, proptest::option::of(1_u128..20), when, what, from).prop_map(
        |(visitor, id, second, what, from)| {
            let (name, path, interactive, scroll_depth, engaged_ms, properties, revenue) = what;
            let (referrer, source, country, browser, suspicion) = from;
            Event {
                visitor: VisitorId::from_u128(visitor << 70 | 0x4000 << 64 | visitor),
                id: id.map(EventId::from_u128),
                at: Timestamp(START.0 + second * 1_000),
                name,
                hostname: Text::clean("example.com", 200),
                path,
                referral: Referral { referrer, source, channel: Text::default() },
                campaign: Campaign::default(),
                location: Location { country, ..Location::default() },
                software: Software { browser, ..Software::default() },
                interactive,
                scroll_depth,
                engaged_ms,
                properties,
                revenue: revenue.map(|(micros, currency)| Revenue { micros, currency }),
                suspicion,
            }
        },
    )
}

/// A page view at [`START`], for tests that ask for nothing in particular.
pub(crate) fn some_event() -> Event {
    Event {
        visitor: VisitorId::from_u128(7),
        id: None,
        at: START,
        name: Text::clean(Event::PAGEVIEW, 200),
        hostname: Text::clean("example.com", 200),
        path: Text::clean("/", 200),
        referral: Referral::default(),
        campaign: Campaign::default(),
        location: Location::default(),
        software: Software::default(),
        interactive: true,
        scroll_depth: None,
        engaged_ms: None,
        properties: Vec::new(),
        revenue: None,
        suspicion: None,
    }
}

/// The events of `run`, in its order.
pub(crate) fn all_events(run: &Run, texts: &Dictionaries) -> Vec<Event> {
    (0..run.spine.rows()).map(|row| read_event(run, texts, row)).collect()
}

/// What must be kept of `events`, in the order of rows: of the same (visitor, id) the first in (time, arrival).
pub(crate) fn first_of_each_id(events: &[Event]) -> Vec<Event> {
    let mut ordered = events.to_vec();
    ordered.sort_by_key(|event| (VisitorKey::from(event.visitor), event.at));
    let mut seen = FxHashSet::default();
    ordered.retain(|event| event.id.is_none_or(|id| seen.insert((event.visitor, id))));
    ordered
}
