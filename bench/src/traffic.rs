//! Seeded traffic of a few sites over some days: visitors, their visits, their events.
//!
//! Everything about a visitor or a visit follows from the seed and its number, so a day can be made without
//! holding the others, and a small site stays the same however much the others grow. Within a visit no gap
//! reaches 30 minutes and between visits none is shorter: a visit id given here and a visit cut by time agree.

use domain::{
    Campaign, DAY_MS, Event, EventId, HOUR_MS, Location, MINUTE_MS, Referral, Revenue, Software, Text,
    Timestamp, VisitorId, limits,
};

use crate::random::{Stream, Weighted};
use crate::texts::{CUSTOM, PASSIVE, PURCHASE, Texts};

/// A visitor starts at most one visit in each slot of this length, so that two visits never touch.
const SLOT_MS: i64 = 3 * HOUR_MS;
const SLOTS_PER_DAY: usize = 8;
/// How busy each slot of a day is.
const SLOT_WEIGHTS: [f64; SLOTS_PER_DAY] = [4.0, 3.0, 7.0, 16.0, 18.0, 19.0, 18.0, 10.0];
/// A visit starts this early in its slot …
const START_MS: u32 = 15 * 60_000;
/// … and is over this long after its start, half an hour before the next may begin.
const VISIT_MS_MAX: i64 = SLOT_MS - 30 * MINUTE_MS - START_MS as i64;
const GAP_MS_MAX: f64 = 20.0 * 60_000.0;
const VISITS_MAX: usize = 40;

/// What traffic to make.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Midnight UTC at which the first day begins.
    pub(crate) start: Timestamp,
    pub(crate) days: u32,
    /// How many visitors each site has; sites are numbered from 1.
    pub(crate) visitors: Vec<u32>,
    /// Whether a visitor has a new id every UTC day, as without storage in the browser.
    pub(crate) daily_ids: bool,
}

/// One event with what only the peers hold of it.
pub(crate) struct Row {
    /// From 1.
    pub(crate) site: u32,
    /// The ready visit id.
    pub(crate) visit: u64,
    pub(crate) event: Event,
}

/// The traffic of a plan.
pub(crate) struct Traffic {
    plan: Plan,
    texts: Texts,
    names: [Text; CUSTOM.len()],
    hostnames: Vec<Text>,
    /// For each day the visits that start in it.
    days: Vec<Vec<Start>>,
}

#[derive(Clone, Copy)]
struct Start {
    at: Timestamp,
    site: u32,
    visitor: u32,
    number: u8,
}

impl Traffic {
    /// Decides when every visitor comes; events are made day by day afterwards.
    pub(crate) fn new(plan: Plan) -> Self {
        let mut days = vec![Vec::new(); plan.days as usize];
        let slots = slot_weights(&plan);
        for (site, &visitors) in (1..).zip(&plan.visitors) {
            for visitor in 0..visitors {
                for start in visits_of(&plan, &slots, site, visitor) {
                    days[(start.at.since(plan.start) / DAY_MS) as usize].push(start);
                }
            }
        }
        let clean = |text: &str| Text::clean(text, limits::NAME_BYTES);
        let hostnames = (1..=plan.visitors.len()).map(|site| clean(&domain_of(site))).collect();
        Self { plan, texts: Texts::new(), names: CUSTOM.map(clean), hostnames, days }
    }

    /// Midnight at which the first day begins.
    pub(crate) fn start(&self) -> Timestamp {
        self.plan.start
    }

    /// Midnight at which the last day ends.
    fn end(&self) -> Timestamp {
        Timestamp(self.plan.start.0 + i64::from(self.plan.days) * DAY_MS)
    }

    /// How many days there are.
    pub(crate) fn days(&self) -> usize {
        self.days.len()
    }

    /// The events of all visits that start on day `day`, in order of time.
    pub(crate) fn day(&self, day: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = self.days[day].iter().flat_map(|start| self.visit(start)).collect();
        rows.sort_by_key(|row| row.event.at);
        rows
    }

    fn visit(&self, start: &Start) -> Vec<Row> {
        let visitor = self.visitor(start);
        let number = u64::from(start.number);
        let stream =
            &mut Stream::of(&[self.plan.seed, u64::from(start.site), u64::from(start.visitor), 2, number]);
        let (referral, campaign) = self.texts.referral(stream);
        let visit = Visit {
            site: start.site,
            id: u64::from(start.site) << 40 | u64::from(start.visitor) << 8 | number,
            visitor,
            referral,
            campaign,
        };
        let last = self.end().0.min(start.at.0 + VISIT_MS_MAX);
        let mut rows = Vec::new();
        let mut at = start.at.0;
        while at < last {
            rows.push(self.event(stream, &visit, Timestamp(at), rows.is_empty()));
            if stream.happens(0.30) {
                break;
            }
            let pause = -f64::ln(1.0 - stream.unit()) * 60_000.0;
            at += 1_000 + pause.min(GAP_MS_MAX) as i64;
        }
        rows
    }

    fn visitor(&self, start: &Start) -> Visitor {
        let stream = &mut Stream::of(&[self.plan.seed, u64::from(start.site), u64::from(start.visitor), 1]);
        let day = start.at.since(self.plan.start) / DAY_MS;
        let lasting = (u128::from(stream.bits()) << 64) | u128::from(stream.bits());
        let id = if self.plan.daily_ids { daily(lasting, day) } else { version_4(lasting) };
        let location = self.texts.location(stream);
        let software = self.texts.software(stream, &location.country, self.plan.days - 1 - day as u32);
        Visitor { id: VisitorId::from_u128(id), location, software }
    }

    fn event(&self, stream: &mut Stream, visit: &Visit, at: Timestamp, first: bool) -> Row {
        let custom = (!first && stream.happens(0.112)).then(|| stream.below(CUSTOM.len() as u32) as usize);
        let path = self.texts.paths.draw(stream) as usize;
        let revenue = (custom == Some(PURCHASE)).then(|| Revenue {
            micros: i64::from(499 + stream.below(20_000)) * 10_000,
            currency: Text::clean("EUR", 3),
        });
        let id = version_4((u128::from(stream.bits()) << 64) | u128::from(stream.bits()));
        // A server that took this traffic as it came would have let go of all ids but the last.
        let has_id = self.end().since(at) <= limits::EVENT_ID_KEPT.as_millis() as i64;
        let event = Event {
            visitor: visit.visitor.id,
            id: has_id.then(|| EventId::from_u128(id)),
            at,
            name: custom.map_or_else(|| Text::clean(Event::PAGEVIEW, 8), |name| self.names[name].clone()),
            hostname: self.hostnames[visit.site as usize - 1].clone(),
            path: self.texts.paths.texts[path].clone(),
            referral: visit.referral.clone(),
            campaign: visit.campaign.clone(),
            location: visit.visitor.location.clone(),
            software: visit.visitor.software.clone(),
            interactive: custom.is_none_or(|name| name < PASSIVE),
            scroll_depth: None,
            engaged_ms: None,
            properties: if stream.happens(0.05) { properties(stream) } else { Vec::new() },
            revenue,
            suspicion: None,
        };
        Row { site: visit.site, visit: visit.id, event }
    }
}

struct Visit {
    site: u32,
    id: u64,
    visitor: Visitor,
    referral: Referral,
    campaign: Campaign,
}

struct Visitor {
    id: VisitorId,
    location: Location,
    software: Software,
}

/// The domain of the site with this number.
pub(crate) fn domain_of(site: usize) -> String {
    format!("site-{site}.example")
}

/// A weight for every slot but the last, whose visits might begin after the end.
fn slot_weights(plan: &Plan) -> Weighted {
    let weights: Vec<f64> = (0..plan.days as usize * SLOTS_PER_DAY - 1)
        .map(|slot| {
            let weekend = (plan.start.utc_day() + (slot / SLOTS_PER_DAY) as i64 + 3) % 7 >= 5;
            SLOT_WEIGHTS[slot % SLOTS_PER_DAY] * if weekend { 0.7 } else { 1.0 }
        })
        .collect();
    Weighted::new(&weights)
}

/// One visit for every third visitor, three on average, up to forty.
fn visits_of(plan: &Plan, slots: &Weighted, site: u32, visitor: u32) -> impl Iterator<Item = Start> {
    let stream = &mut Stream::of(&[plan.seed, u64::from(site), u64::from(visitor), 0]);
    // Each visitor's slots lie differently in the day, so that the day as a whole has no steps.
    let shift = i64::from(stream.below(SLOT_MS as u32));
    let mut taken = vec![slots.draw(stream)];
    while taken.len() < VISITS_MAX && !stream.happens(1.0 / 3.0) {
        taken.push(slots.draw(stream));
    }
    taken.sort_unstable();
    taken.dedup();
    let late: Vec<i64> = taken.iter().map(|_| i64::from(stream.below(START_MS))).collect();
    let start = plan.start.0 + shift;
    (0..).zip(taken).zip(late).map(move |((number, slot), late)| Start {
        at: Timestamp(start + i64::from(slot) * SLOT_MS + late),
        site,
        visitor,
        number,
    })
}

fn properties(stream: &mut Stream) -> Vec<(Text, Text)> {
    let text = |text: &str| Text::clean(text, limits::PROPERTY_VALUE_BYTES);
    let plan = ["free", "team", "business", "enterprise"][stream.below(4) as usize];
    let variant = format!("variant {}", stream.below(10));
    vec![
        (text("logged in"), text(if stream.happens(0.4) { "true" } else { "false" })),
        (text("plan"), text(plan)),
        (text("variant"), text(&variant)),
    ]
}

/// What a daily id looks like: 128 bits without any order in them.
fn daily(lasting: u128, day: i64) -> u128 {
    let stream = &mut Stream::of(&[lasting as u64, (lasting >> 64) as u64, day as u64]);
    (u128::from(stream.bits()) << 64) | u128::from(stream.bits())
}

/// Sets the version and variant bits of RFC 9562.
const fn version_4(bits: u128) -> u128 {
    let versioned = (bits & !(0xf << 76)) | (0x4 << 76);
    (versioned & !(0x3 << 62)) | (0x2 << 62)
}

#[cfg(test)]
mod tests;
