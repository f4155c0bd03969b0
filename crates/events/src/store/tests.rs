use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::{Event, EventId, ManualClock, Refusal, Rng, SiteId, Suspicion, Timestamp};
use proptest::prelude::*;
use sealing::Seals;

use super::*;
use crate::catalog::Reason;
use crate::catalog::in_memory::InMemoryCatalog;
use crate::journal::{Batch, JournalLimits, RefusedCount, Writer};
use crate::testing::{START, any_events, first_of_each_id, ring, seals, some_event};

mod aliases;
mod erasing;
mod keys;
mod parts;
mod sites;

const SITE: SiteId = SiteId(1);
const ALWAYS: Range = Range { start: Timestamp(i64::MIN / 2), end: Timestamp(i64::MAX / 2) };
const DAY: Duration = Duration::from_secs(86_400);

/// Numbers in a row: ids need only differ.
struct Counter(AtomicU64);

impl Rng for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.iter_mut().zip(number.iter().cycle()).for_each(|(byte, part)| *byte = *part);
    }
}

/// A data directory and what stands around it.
struct House {
    data: tempfile::TempDir,
    disk: Disk,
    clock: Arc<ManualClock>,
    catalog: Arc<InMemoryCatalog>,
    rng: Arc<Counter>,
    store: Store,
}

impl House {
    fn at(now: Timestamp) -> Self {
        let data = tempfile::tempdir().unwrap();
        let disk = Disk::open(data.path(), ring()).unwrap();
        let catalog = Arc::new(InMemoryCatalog::default());
        let store = Store::new(disk.clone(), catalog.clone(), 64 << 20, 2);
        let clock = Arc::new(ManualClock::at(now));
        Self { data, disk, clock, catalog, rng: Arc::new(Counter(AtomicU64::new(1))), store }
    }

    fn writer(&self) -> Writer {
        self.writer_with(seals())
    }

    fn writer_with(&self, seals: Seals) -> Writer {
        let limits = JournalLimits::default();
        Writer::new(Box::new(self.disk.journal.clone()), self.clock.clone(), limits, seals)
    }

    /// Commits `events` to a file of their own, and closes it.
    fn commit(&self, events: &[Event]) {
        let mut writer = self.writer();
        for few in events.chunks(3) {
            writer.commit(&batch(few)).unwrap();
        }
    }

    /// The worker, which is killed at its `steps`-th step.
    fn worker_for(&self, steps: usize) -> Upkeep {
        let left = Cell::new(steps);
        let stop = move || {
            left.set(left.get().saturating_sub(1));
            left.get() == 0
        };
        self.worker_with(seals(), stop)
    }

    fn worker_with(&self, seals: Seals, stop: impl Fn() -> bool + Send + 'static) -> Upkeep {
        let disk = || self.disk.clone();
        let disks = Disks {
            absorbing: disk(),
            merging: disk(),
            sealing_old: disk(),
            erasing: disk(),
            expiring: disk(),
        };
        Upkeep::new(disks, seals, self.catalog.clone(), self.clock.clone(), self.rng.clone(), stop)
    }

    fn worker(&self) -> Upkeep {
        self.worker_for(usize::MAX)
    }

    fn settle(&self, pace: Pace) {
        let worker = self.worker();
        while worker.absorb().unwrap() == Progress::Made || worker.merge(pace).unwrap() == Progress::Made {}
    }

    fn exported(&self, store: &Store, kept: Kept) -> Vec<Event> {
        let mut events = Vec::new();
        store.export(SITE, ALWAYS, kept, &mut |event| events.push(event)).unwrap();
        events
    }

    /// What is served, by the store that saw everything happen and by one that has just begun.
    fn served(&self) -> Vec<Event> {
        let both = |store: &Store| {
            let mut events = self.exported(store, Kept::Counted);
            events.extend(self.exported(store, Kept::SetAside));
            events
        };
        let fresh = Store::new(self.disk.clone(), self.catalog.clone(), 64 << 20, 2);
        let served = both(&self.store);
        assert_eq!(served, both(&fresh));
        served
    }

    /// What an export gives that decodes about `rows` rows at once.
    fn given(&self, rows: u64) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        let count = self.store.hold(SITE)?.in_slices_of(rows).give(&mut |event, _| {
            events.push(event);
            ControlFlow::Continue(())
        })?;
        assert_eq!(count, events.len() as u64);
        Ok(events)
    }

    fn segment_files(&self) -> usize {
        self.disk.stored_segments().unwrap().len()
    }
}

fn batch(events: &[Event]) -> Batch {
    batch_of(SITE, events)
}

fn batch_of(site: SiteId, events: &[Event]) -> Batch {
    let mut batch = Batch::default();
    events.iter().for_each(|event| batch.add_event(site, Box::new(event.clone())));
    batch
}

/// What must be served of `events`: those that count, then those set aside.
fn expected(events: &[Event]) -> Vec<Event> {
    let of = |aside: bool| {
        let some: Vec<Event> =
            events.iter().filter(|event| event.suspicion.is_some() == aside).cloned().collect();
        first_of_each_id(&some)
    };
    [of(false), of(true)].concat()
}

/// The same in the order of an export: what counts and what is set aside among each other.
fn expected_of_export(events: &[Event]) -> Vec<Event> {
    let mut events = expected(events);
    events.sort_by_key(|event| (VisitorKey::from(event.visitor), event.at));
    events
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Commit,
    Absorb,
    Merge(Pace),
    Collect,
    Wait(u64),
}

fn any_acts() -> impl Strategy<Value = Vec<(Act, usize)>> {
    let act = prop_oneof![
        4 => Just(Act::Commit),
        3 => Just(Act::Absorb),
        2 => Just(Act::Merge(Pace::Gradual)),
        2 => Just(Act::Merge(Pace::Complete)),
        1 => Just(Act::Collect),
        1 => (0_u64..4).prop_map(Act::Wait),
    ];
    let killed_after = prop_oneof![2 => Just(usize::MAX), 3 => 1_usize..40];
    proptest::collection::vec((act, killed_after), 1..25)
}

/// Commits `events` bit by bit while the worker is killed again and again, and compares after every act.
fn check_acts(
    now: Timestamp,
    events: &[Event],
    acts: &[(Act, usize)],
    hours: u64,
) -> Result<(), TestCaseError> {
    let house = House::at(now);
    let mut committed = 0;
    for (act, steps) in acts {
        let worker = house.worker_for(*steps);
        let outcome = match act {
            Act::Commit => {
                let next = (committed + 7).min(events.len());
                house.commit(&events[committed..next]);
                committed = next;
                Ok(Progress::Made)
            }
            Act::Absorb => worker.absorb(),
            Act::Merge(pace) => worker.merge(*pace),
            Act::Collect => worker.collect_garbage(),
            Act::Wait(some) => {
                house.clock.advance(Duration::from_secs(some * hours * 3_600));
                Ok(Progress::Idle)
            }
        };
        prop_assert!(matches!(outcome, Ok(_) | Err(StoreError::Stopped)), "{outcome:?}");
        prop_assert_eq!(house.served(), expected(&events[..committed]), "after {:?}", act);
        prop_assert_eq!(house.given(5).unwrap(), expected_of_export(&events[..committed]));
    }
    house.settle(Pace::Complete);
    prop_assert_eq!(house.served(), expected(&events[..committed]));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_event_is_lost_doubled_or_reordered_wherever_the_worker_is_killed(
        events in any_events(80), acts in any_acts(),
    ) {
        // Hours pass, so that ids are of use throughout.
        check_acts(START + DAY, &events, &acts, 1)?;
    }

    #[test]
    fn history_is_not_lost_doubled_or_reordered_either(mut events in any_events(80), acts in any_acts()) {
        // Days pass: months close in between.
        events.iter_mut().for_each(|event| event.id = None);
        check_acts(START + 25 * DAY, &events, &acts, 100)?;
    }
}

#[test]
fn an_event_is_served_as_soon_as_it_is_committed_and_the_store_can_tell() {
    let house = House::at(START);
    let mut writer = house.writer();
    writer.commit(&batch(&[some_event()])).unwrap();
    let before = house.store.arrived(SITE).unwrap();
    assert_eq!(house.store.arrived(SITE).unwrap(), before);
    writer.commit(&batch(&[some_event()])).unwrap();
    assert_ne!(house.store.arrived(SITE).unwrap(), before);
    assert_eq!(house.served().len(), 2);
}

#[test]
fn events_of_many_months_are_served_in_order_of_time() {
    let house = House::at(START + 300 * DAY);
    let events: Vec<Event> =
        (0..10).map(|month| Event { at: START + month * 29 * DAY, ..some_event() }).collect();
    house.commit(&events);
    assert_eq!(house.served(), events);
    house.settle(Pace::Gradual);
    assert_eq!(house.served(), events);
}

#[test]
fn an_event_sent_twice_counts_once_even_when_the_first_is_in_a_segment() {
    let house = House::at(START);
    let event = Event { id: Some(EventId::from_u128(5)), ..some_event() };
    house.commit(std::slice::from_ref(&event));
    house.settle(Pace::Complete);
    house.commit(std::slice::from_ref(&event));
    assert_eq!(house.served(), [event]);
}

#[test]
fn event_ids_are_let_go_of_after_48_hours() {
    let house = House::at(START);
    for id in 1..=2 {
        house.commit(&[Event { id: Some(EventId::from_u128(id)), ..some_event() }]);
        house.worker().absorb().unwrap();
    }
    house.clock.advance(2 * DAY);
    house.settle(Pace::Complete);
    assert_eq!(house.served(), [some_event(), some_event()]);
}

#[test]
fn nothing_is_left_on_the_disk_but_what_is_live() {
    let house = House::at(START + DAY);
    for _ in 0..6 {
        house.commit(&[some_event()]);
        house.worker().absorb().unwrap();
    }
    house.settle(Pace::Complete);
    assert_eq!(house.segment_files(), 7, "replaced segments stay for a while");
    house.clock.advance(DAY);
    house.worker().collect_garbage().unwrap();
    assert_eq!(house.segment_files(), 1);
    assert_eq!(house.disk.journal.numbers().unwrap(), [6], "the highest number is never given again");
    assert_eq!(house.served().len(), 6);
}

#[test]
fn a_writer_that_is_still_open_keeps_its_file_and_others_are_absorbed() {
    let house = House::at(START + DAY);
    let mut writer = house.writer();
    writer.commit(&batch(&[some_event()])).unwrap();
    house.commit(&[some_event()]);
    house.settle(Pace::Complete);
    writer.commit(&batch(&[some_event()])).unwrap();
    assert_eq!(house.served().len(), 3);
    assert_eq!(house.catalog.snapshot().unwrap().segments.len(), 1);
}

#[test]
fn refused_and_suspected_events_are_counted_by_reason_before_and_after_they_are_absorbed() {
    let house = House::at(START);
    let mut batch = batch(&[Event { suspicion: Some(Suspicion::UserAgent), ..some_event() }]);
    let refused = RefusedCount { refusal: Refusal::Date, utc_day: START.utc_day(), count: 3 };
    batch.add_refusal(SITE, refused);
    house.writer().commit(&batch).unwrap();
    let counts = || {
        let counts = house.store.counts(SITE, START.utc_day()).unwrap();
        counts.iter().map(|count| (count.reason, count.count)).collect::<Vec<_>>()
    };
    let expected = [(Reason::Refused(Refusal::Date), 3), (Reason::SetAside(Suspicion::UserAgent), 1)];
    assert_eq!(counts(), expected);
    house.settle(Pace::Gradual);
    assert_eq!(counts(), expected);
}

#[test]
fn a_damaged_journal_file_serves_what_is_good_and_is_kept_for_inspection() {
    let house = House::at(START);
    house.commit(&[some_event(), some_event(), some_event(), some_event()]);
    let path = house.disk.journal.path(1);
    let mut bytes = std::fs::read(&path).unwrap();
    let in_the_second_commit = bytes.len() - 10;
    bytes[in_the_second_commit] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(house.served().len(), 3);
    house.settle(Pace::Complete);
    assert_eq!(house.served().len(), 3);
    assert!(house.data.path().join("journal/0000000001.damaged").exists());
}

#[test]
fn a_damaged_segment_is_an_error_that_names_the_file_and_no_partial_answer() {
    let house = House::at(START);
    house.commit(&[some_event()]);
    house.settle(Pace::Complete);
    let (site, id) = house.disk.stored_segments().unwrap()[0];
    let path = house.data.path().join(format!("segments/{site}/{id}.parquet"));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() - 100;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = house.store.export(SITE, ALWAYS, Kept::Counted, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains(&format!("{id}.parquet is damaged")), "{error}");
}

#[test]
fn an_export_fails_where_something_is_damaged_instead_of_leaving_it_out() {
    let house = House::at(START);
    house.commit(&[some_event()]);
    let journal = house.disk.journal.path(1);
    let whole = std::fs::read(&journal).unwrap();
    let mut bytes = whole.clone();
    let in_the_commit = bytes.len() - 10;
    bytes[in_the_commit] ^= 4;
    std::fs::write(&journal, bytes).unwrap();
    let error = house.given(9).unwrap_err().to_string();
    assert!(error.contains("journal file 1") && error.contains("damaged"), "{error}");
    // The worker takes what is good of it, and puts the file aside: what is lost is still not there.
    house.settle(Pace::Complete);
    let error = house.given(9).unwrap_err().to_string();
    assert!(error.contains("0000000001.damaged was put aside"), "{error}");
    let house = House::at(START);
    house.commit(&[some_event()]);
    house.settle(Pace::Complete);
    let (site, id) = house.disk.stored_segments().unwrap()[0];
    let path = house.data.path().join(format!("segments/{site}/{id}.parquet"));
    let mut bytes = std::fs::read(&path).unwrap();
    // In the first chunk: the footer, which is read when the file is opened, is in order.
    bytes[sealing::HEADER_BYTES + 20] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = house.given(9).unwrap_err().to_string();
    assert!(error.contains(&format!("{id}.parquet")), "{error}");
}

#[test]
fn an_export_gives_the_moment_it_was_begun_at_whatever_is_merged_and_deleted_meanwhile() {
    let house = House::at(START + DAY);
    for _ in 0..4 {
        house.commit(&[some_event()]);
        while house.worker().absorb().unwrap() == Progress::Made {}
    }
    house.commit(&[some_event()]);
    let held = house.store.hold(SITE).unwrap();
    house.settle(Pace::Complete);
    house.commit(&[some_event()]);
    house.clock.advance(DAY);
    house.worker().collect_garbage().unwrap();
    assert_eq!(house.segment_files(), 1, "the files that were held are gone");
    assert_eq!(held.give(&mut |_, _| ControlFlow::Continue(())).unwrap(), 5);
}

#[test]
fn an_export_that_nobody_takes_any_more_stops() {
    let house = House::at(START);
    house.commit(&[some_event(), some_event()]);
    let stopped = house.store.hold(SITE).unwrap().give(&mut |_, _| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(StoreError::Stopped)), "{stopped:?}");
}

#[test]
fn a_report_is_right_while_the_worker_merges_beside_it() {
    let house = House::at(START + DAY);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..40 {
                house.commit(&[some_event()]);
                house.settle(Pace::Complete);
                house.clock.advance(DAY / 24);
                house.worker().collect_garbage().unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut before = 0;
        while !done.load(Ordering::SeqCst) {
            let now = house.exported(&house.store, Kept::Counted).len();
            assert!(now >= before, "{now} after {before}");
            before = now;
        }
    });
    assert_eq!(house.served().len(), 40);
}

#[test]
fn a_budget_too_small_for_anything_changes_no_answer() {
    let house = House::at(START + DAY);
    house.commit(&[some_event(), some_event()]);
    house.settle(Pace::Complete);
    let store = Store::new(house.disk.clone(), house.catalog.clone(), 1, 2);
    for _ in 0..3 {
        assert_eq!(house.exported(&store, Kept::Counted).len(), 2);
    }
}

/// A house whose data a Candor before the keeper left: a segment and a closed journal file, neither sealed.
fn house_with_old_data() -> (House, Vec<Event>) {
    let house = House::at(START);
    let events: Vec<Event> = (0..6_u128)
        .map(|number| Event {
            visitor: domain::VisitorId::from_u128(number + 1),
            at: Timestamp(START.0 + number as i64),
            ..some_event()
        })
        .collect();
    house.writer_with(Seals::Unsealed).commit(&batch(&events[..4])).unwrap();
    let worker = house.worker_with(Seals::Unsealed, || false);
    while worker.absorb().unwrap() == Progress::Made {}
    house.writer_with(Seals::Unsealed).commit(&batch(&events[4..])).unwrap();
    let served = house.served();
    (house, served)
}

fn unsealed_files(house: &House) -> usize {
    let live = house.catalog.snapshot().unwrap().segments;
    live.iter().filter(|segment| house.disk.sealed_to(segment).unwrap().is_none()).count()
}

#[test]
fn what_an_older_candor_left_is_served_and_is_sealed_a_piece_at_a_time() {
    let (house, served) = house_with_old_data();
    assert_eq!((served.len(), unsealed_files(&house)), (6, 1));
    let worker = house.worker();
    while worker.absorb().unwrap() == Progress::Made {}
    let mut told = Vec::new();
    worker.seal_old(|sealed, all| told.push((sealed, all))).unwrap();
    assert_eq!(told, [(1, 1)]);
    assert_eq!(house.served(), served);
    assert_eq!(unsealed_files(&house), 0);
    worker.seal_old(|_, _| panic!("nothing is left to seal")).unwrap();
}

#[test]
fn sealing_old_data_may_be_killed_at_any_step() {
    for steps in 1..12 {
        let (house, served) = house_with_old_data();
        // Killed here, or done: either way nothing is lost, and another worker finishes it.
        let _ = house.worker_for(steps).seal_old(|_, _| {});
        assert_eq!(house.served(), served, "after {steps} steps");
        house.worker().seal_old(|_, _| {}).unwrap();
        assert_eq!((house.served(), unsealed_files(&house)), (served, 0));
    }
}

#[test]
fn damage_in_old_data_is_told_instead_of_sealed_and_holds_up_no_other() {
    let (house, _) = house_with_old_data();
    let (site, id) = house.disk.stored_segments().unwrap()[0];
    let next_day = Event { at: Timestamp(START.0 + 86_400_000), ..some_event() };
    house.writer_with(Seals::Unsealed).commit(&batch(&[next_day])).unwrap();
    while house.worker_with(Seals::Unsealed, || false).absorb().unwrap() == Progress::Made {}
    house.served();
    let before = unsealed_files(&house);
    let path = house.data.path().join(format!("segments/{site}/{id}.parquet"));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    (0..40).for_each(|at| bytes[middle + at] ^= 1);
    std::fs::write(&path, bytes).unwrap();
    let error = house.worker().seal_old(|_, _| {}).unwrap_err().to_string();
    assert!(error.contains(&format!("{id}.parquet is damaged")), "{error}");
    assert!(before > 1, "{before}");
    assert_eq!(unsealed_files(&house), 1);
}

#[test]
fn a_sealed_segment_that_does_not_begin_like_one_is_told_and_holds_up_no_other() {
    let (house, _) = house_with_old_data();
    let next_day = Event { at: Timestamp(START.0 + 86_400_000), ..some_event() };
    house.commit(&[next_day]);
    let old = house.disk.stored_segments().unwrap();
    while house.worker().absorb().unwrap() == Progress::Made {}
    let damaged = house.disk.stored_segments().unwrap().into_iter().find(|segment| !old.contains(segment));
    let (site, id) = damaged.unwrap();
    let path = house.data.path().join(format!("segments/{site}/{id}.parquet"));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let mut sealed = 0;
    let error = house.worker().seal_old(|_, _| sealed += 1).unwrap_err().to_string();
    assert!(error.contains(&format!("{id}.parquet is damaged")), "{error}");
    assert_eq!(sealed, 1);
}

#[test]
fn a_segment_whose_making_was_cut_off_is_deleted_wherever_it_was_made() {
    let house = House::at(START);
    house.commit(&[some_event()]);
    house.settle(Pace::Complete);
    let (site, id) = house.disk.stored_segments().unwrap()[0];
    let unfinished = [format!("segments/{site}/{id}.parquet#1"), format!("tmp/{id}.parquet")];
    let unfinished = unfinished.map(|path| house.data.path().join(path));
    unfinished.iter().for_each(|path| std::fs::write(path, b"CNDRSEAL and no more").unwrap());
    assert_eq!(house.segment_files(), 1);
    house.worker().collect_garbage().unwrap();
    assert_eq!(unfinished.map(|path| path.exists()), [false; 2]);
    assert_eq!(house.served().len(), 1);
}

#[test]
fn a_segment_in_the_place_of_another_does_not_open() {
    let house = House::at(START);
    for day in 0..2 {
        house.commit(&[Event { at: Timestamp(START.0 + day * 86_400_000), ..some_event() }]);
    }
    while house.worker().absorb().unwrap() == Progress::Made {}
    let paths: Vec<_> = house
        .disk
        .stored_segments()
        .unwrap()
        .iter()
        .map(|(site, id)| house.data.path().join(format!("segments/{site}/{id}.parquet")))
        .collect();
    let [one, other] = &paths[..] else { panic!("two segments: {paths:?}") };
    std::fs::copy(one, other).unwrap();
    let error = house.store.export(SITE, ALWAYS, Kept::Counted, &mut |_| {}).unwrap_err().to_string();
    let name = other.file_name().unwrap().to_string_lossy().into_owned();
    assert!(error.contains(&name) && error.contains("does not open"), "{error}");
}

#[test]
fn what_an_older_candor_left_of_a_site_that_was_removed_holds_up_nothing() {
    let house = House::at(START);
    // A site that there is no key for, beside one that there is.
    let removed = SiteId(99);
    let mut both = batch(&[some_event()]);
    both.add_event(removed, Box::new(some_event()));
    house.writer_with(Seals::Unsealed).commit(&both).unwrap();
    assert!(house.worker().absorb().is_err(), "nothing can be sealed for a site without a key");
    house.catalog.remove_site(removed);
    while house.worker().absorb().unwrap() == Progress::Made {}
    assert_eq!(house.served().len(), 1);
    assert!(house.disk.stored_segments().unwrap().iter().all(|(site, _)| *site == SITE));
}
