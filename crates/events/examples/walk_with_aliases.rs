//! What aliases cost a walk: the same questions about the same million rows, with none and with one visitor in a hundred counted
//! as another. `cargo run --release -p events --example walk_with_aliases`.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{
    Campaign, Counting, DAY_MS, Event, Location, ManualClock, Referral, SiteId, Software, Text, Timestamp,
    VisitorId,
};
use events::query::{Calendar, Query};
use events::{
    Aliases, Catalog, CatalogError, Change, Committer, Disk, Disks, Entry, JournalFolder, JournalLimits,
    Pace, Progress, ReasonCount, Snapshot, Store, Upkeep,
};
use sealing::{Environment, Ring, Seals};
use serde_json::{Value, json};

const SITE: SiteId = SiteId(1);
const START: Timestamp = Timestamp(1_772_323_200_000);
const DAYS: i64 = 30;
const VISITORS: u64 = 250_000;
const ROWS: u64 = 1_000_000;
/// One in so many visitors is counted as another.
const ALIASED: u64 = 100;
const ROUNDS: usize = 31;

/// A catalog in memory.
#[derive(Default)]
struct InMemory(Mutex<(Snapshot, Aliases)>);

impl InMemory {
    fn with<T>(&self, look: impl FnOnce(&mut (Snapshot, Aliases)) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn say(&self, aliases: Aliases) {
        self.with(|(snapshot, held)| {
            snapshot.version += 1;
            snapshot.aliases.insert(SITE, snapshot.version);
            *held = Aliases { version: snapshot.version, ..aliases };
        });
    }
}

impl Catalog for InMemory {
    fn version(&self) -> Result<u64, CatalogError> {
        Ok(self.with(|held| held.0.version))
    }

    fn snapshot(&self) -> Result<Snapshot, CatalogError> {
        Ok(self.with(|held| held.0.clone()))
    }

    fn aliases(&self, _: SiteId) -> Result<Aliases, CatalogError> {
        Ok(self.with(|held| held.1.clone()))
    }

    fn publish(&self, change: &Change) -> Result<(), CatalogError> {
        self.with(|(snapshot, _)| {
            snapshot.segments.retain(|segment| !change.replace.contains(&segment.id));
            snapshot.segments.extend(change.add.iter().cloned());
            snapshot.absorbed.extend(&change.absorb);
            snapshot.version += 1;
        });
        Ok(())
    }

    fn has_site(&self, _: SiteId) -> Result<bool, CatalogError> {
        Ok(true)
    }

    fn counts(&self, _: SiteId, _: i64) -> Result<Vec<ReasonCount>, CatalogError> {
        Ok(Vec::new())
    }
}

/// A number that looks random and follows from `of`.
const fn mixed(of: u64) -> u64 {
    let mixed = (of ^ (of >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn visitor(number: u64) -> VisitorId {
    VisitorId::from_u128(u128::from(mixed(number)) << 64 | u128::from(number))
}

fn event(number: u64, pages: &[Text]) -> Event {
    let dice = mixed(number.wrapping_add(7));
    let at = START.0 + (DAYS * DAY_MS / ROWS as i64) * number as i64;
    Event {
        visitor: visitor(dice % VISITORS),
        id: None,
        at: Timestamp(at),
        name: Text::clean(Event::PAGEVIEW, 100),
        hostname: Text::clean("example.com", 100),
        path: pages[(dice >> 40) as usize % pages.len()].clone(),
        referral: Referral {
            source: Text::clean(["Google", "Direct", "Bing"][(dice >> 20) as usize % 3], 100),
            ..Referral::default()
        },
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

fn fill(folder: &std::path::Path, clock: &Arc<ManualClock>) -> Result<(), Box<dyn Error>> {
    let pages: Vec<Text> = (0..50).map(|page| Text::clean(&format!("/page/{page}"), 100)).collect();
    let committer = Committer::start(
        JournalFolder::open(folder)?,
        clock.clone(),
        JournalLimits { age: Duration::MAX, ..JournalLimits::default() },
        Seals::Unsealed,
    )?;
    let (done, outcomes) = std::sync::mpsc::channel();
    for first in (0..ROWS).step_by(5_000) {
        let done = done.clone();
        let of = |number| (SITE, Entry::Event(Box::new(event(number, &pages))));
        let rows = (first..first + 5_000).map(of).collect();
        committer.submit(rows, Box::new(move |outcome| drop(done.send(outcome))))?;
        outcomes.recv()??;
    }
    Ok(())
}

/// What is asked together, and what it is called.
type Asked = Vec<(&'static str, Vec<Query>)>;

fn questions(calendar: &Calendar) -> Result<Asked, Box<dyn Error>> {
    let parse = |json: Value| Query::parse(&json, calendar);
    let by = |dimensions: &[&str], filters: Value| {
        parse(json!({
            "site_id": "x", "date_range": "all", "dimensions": dimensions, "filters": filters,
            "metrics": ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"],
        }))
    };
    let none = || json!([]);
    let page = || json!([["is", "event:page", ["/page/7"]]]);
    Ok(vec![
        ("totals", vec![by(&[], none())?]),
        ("a dashboard", vec![by(&[], none())?, by(&["time:day"], none())?, by(&["visit:source"], none())?]),
        ("one page of fifty", vec![by(&["visit:source"], page())?]),
    ])
}

/// The least of many times, in milliseconds, of each store in turn: what else the machine does only adds to it.
fn least(stores: [&Store; 2], queries: &[Query]) -> Result<[f64; 2], Box<dyn Error>> {
    let mut least = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (store, least) in stores.iter().zip(&mut least) {
            let begun = Instant::now();
            store.answer(SITE, queries, 1)?;
            *least = least.min(begun.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(least)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("walk-with-aliases-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let clock = Arc::new(ManualClock::at(Timestamp(START.0 + (DAYS + 60) * DAY_MS)));
    fill(&folder, &clock)?;
    let catalog = Arc::new(InMemory::default());
    let disk = Disk::open(&folder, Arc::new(Ring::new(Environment(1))))?;
    let disks = Disks {
        absorbing: disk.clone(),
        merging: disk.clone(),
        sealing_old: disk.clone(),
        erasing: disk.clone(),
        expiring: disk.clone(),
    };
    let rng = Arc::new(Counting::from(1));
    let upkeep = Upkeep::new(disks, Seals::Unsealed, catalog.clone(), clock.clone(), rng, || false);
    while upkeep.absorb()? == Progress::Made || upkeep.merge(Pace::Complete)? == Progress::Made {}

    let calendar = Calendar {
        zone: "UTC".parse()?,
        now: Timestamp(START.0 + (DAYS + 60) * DAY_MS),
        first_event: Some(START),
    };
    let pair = |number: u64| (visitor(number), visitor(mixed(number) % (VISITORS / 2) + VISITORS / 2));
    let aliases = Aliases { merged: (0..VISITORS / ALIASED).map(pair).collect(), ..Aliases::default() };
    let said = InMemory(Mutex::new((catalog.snapshot()?, Aliases::default())));
    said.say(aliases);
    let without = Store::new(disk.clone(), catalog, 256 << 20, 1);
    let with = Store::new(disk, Arc::new(said), 256 << 20, 1);
    for (name, queries) in questions(&calendar)? {
        let [without, with] = least([&without, &with], &queries)?;
        println!("{name}: {without:.2} ms without, {with:.2} ms with, {:.3} times", with / without);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
