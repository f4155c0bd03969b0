//! What is opened of one site when another is asked about, and what becomes of it when somebody may not ask.

use std::collections::BTreeSet;

use sealing::{Environment, Key, Opener, Wanted};
use serde_json::json;

use super::*;
use crate::query::{Calendar, Query};

const OTHER: SiteId = SiteId(2);
const NO_SITE: SiteId = SiteId(0);

/// Opens what is of these sites, denies the rest, and writes down whose keys were wanted.
struct Allowing {
    sites: Vec<SiteId>,
    wanted: Mutex<BTreeSet<SiteId>>,
}

impl Allowing {
    fn these(sites: &[SiteId]) -> Arc<Self> {
        Arc::new(Self { sites: sites.to_vec(), wanted: Mutex::default() })
    }

    /// Whose keys were wanted since this was last asked.
    fn take(&self) -> Vec<SiteId> {
        std::mem::take(&mut *self.wanted.lock().unwrap()).into_iter().collect()
    }
}

impl Opener for Allowing {
    fn environment(&self) -> Result<Environment, OpenError> {
        Opener::environment(&*ring())
    }

    fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
        self.wanted.lock().unwrap().extend(wanted.iter().map(|wanted| wanted.label.site));
        match wanted.iter().find(|wanted| !self.sites.contains(&wanted.label.site)) {
            Some(closed) => Err(OpenError::Denied(closed.label.to_string())),
            None => ring().open(wanted),
        }
    }
}

/// Asks everything that a store can be asked about a site, and gives what went wrong.
fn ask_everything(store: &Store, site: SiteId) -> Vec<Option<StoreError>> {
    let calendar = Calendar { zone: "UTC".parse().unwrap(), now: START, first_event: None };
    let query = json!({ "site_id": "x", "metrics": ["visitors"], "date_range": "day" });
    let query = Query::parse(&query, &calendar).unwrap();
    vec![
        store.answer(site, &[query], 2).err(),
        store.current_visitors(site, START).err(),
        store.arrived(site).err(),
        store.first_event(site).err(),
        store.counts(site, 0).err(),
        store.export(site, ALWAYS, Kept::Counted, &mut |_| {}).err(),
        store.hold(site).and_then(|held| held.give(&mut |_, _| ControlFlow::Continue(()))).err(),
    ]
}

fn is_denied(error: &StoreError) -> bool {
    matches!(error.closed(), Some(OpenError::Denied(_)))
}

/// Events and counts of two sites and of none.
fn of_all(event: &Event) -> Batch {
    let mut of_all = batch(std::slice::from_ref(event));
    of_all.add_event(OTHER, Box::new(event.clone()));
    let refused = RefusedCount { refusal: Refusal::Date, utc_day: START.utc_day(), count: 3 };
    [SITE, OTHER, NO_SITE].into_iter().for_each(|site| of_all.add_refusal(site, refused));
    of_all
}

/// A house with segments and, if `waiting`, a journal of two sites and of none.
fn house_of_two_sites(waiting: bool) -> House {
    let house = House::at(START);
    house.writer().commit(&of_all(&some_event())).unwrap();
    house.settle(Pace::Gradual);
    if waiting {
        house.writer().commit(&of_all(&some_event())).unwrap();
    }
    house
}

fn count_of(store: &Store, site: SiteId) -> Result<usize, StoreError> {
    let mut count = 0;
    store.export(site, ALWAYS, Kept::Counted, &mut |_| count += 1)?;
    Ok(count)
}

#[test]
fn whoever_asks_about_one_site_causes_no_key_of_another_to_be_asked_for() {
    for waiting in [false, true] {
        let house = house_of_two_sites(waiting);
        let opener = Allowing::these(&[SITE]);
        let store = house.store.opened_by(opener.clone());
        assert!(ask_everything(&store, SITE).iter().all(Option::is_none));
        assert_eq!(opener.take(), [SITE]);
        let denied = ask_everything(&store, OTHER);
        assert!(denied.iter().flatten().all(is_denied), "{denied:?}");
        // What is only counted in the catalog is not sealed: there the caller is the one who must know.
        let answered = denied.iter().filter(|error| error.is_none()).count();
        assert_eq!(answered, if waiting { 0 } else { 3 }, "{denied:?}");
        assert_eq!(opener.take(), [OTHER]);
    }
}

#[test]
fn counts_of_no_site_are_opened_for_whoever_asks_for_them_alone() {
    let house = house_of_two_sites(true);
    let opener = Allowing::these(&[NO_SITE]);
    let store = house.store.opened_by(opener.clone());
    assert_eq!(store.counts(NO_SITE, 0).unwrap().iter().map(|count| count.count).sum::<u64>(), 6);
    assert_eq!(opener.take(), [NO_SITE]);
}

#[test]
fn what_was_opened_for_one_is_not_opened_again_for_the_next() {
    let house = house_of_two_sites(true);
    let (first, second) = (Allowing::these(&[SITE]), Allowing::these(&[SITE]));
    assert_eq!(count_of(&house.store.opened_by(first), SITE).unwrap(), 2);
    let before = house.store.decryptions();
    assert_eq!(count_of(&house.store.opened_by(second.clone()), SITE).unwrap(), 2);
    assert_eq!((second.take(), house.store.decryptions()), (vec![], before));
}

#[test]
fn once_only_some_sites_may_stay_the_next_who_asks_about_another_is_looked_at_by_the_keeper() {
    let house = house_of_two_sites(true);
    let opener = Allowing::these(&[SITE, OTHER]);
    let store = house.store.opened_by(opener.clone());
    let held = |site| {
        let mut state = store.lock();
        let (tail, texts) = state.bytes_of(site);
        let live: Vec<_> = state.segments(site, Kept::Counted).map(|segment| segment.id).collect();
        (tail > 0, texts > 0, live.iter().any(|id| state.cache.spine(*id).is_some()))
    };
    for site in [SITE, OTHER] {
        assert_eq!(count_of(&store, site).unwrap(), 2);
        assert_eq!(held(site), (true, true, true));
    }
    opener.take();
    store.keep_only_sites(|site| site == SITE);
    assert_eq!((held(SITE), held(OTHER)), ((true, true, true), (false, false, false)));
    assert!(is_denied(&count_of(&store.opened_by(Allowing::these(&[SITE])), OTHER).unwrap_err()));
    assert_eq!(count_of(&store, SITE).unwrap(), 2);
    assert_eq!(opener.take(), []);
    assert_eq!(count_of(&store, OTHER).unwrap(), 2);
    assert_eq!(opener.take(), [OTHER]);
}

#[test]
fn a_report_that_had_begun_leaves_nothing_behind_of_a_site_that_may_not_stay() {
    let house = house_of_two_sites(false);
    let begun =
        house.store.follow(SITE).unwrap().begin_view(SITE, ALWAYS, &Column::ALL, Kept::Counted, Bucket::ALL);
    let loaded = house.store.load(&begun).unwrap();
    house.store.keep_only_sites(|_| false);
    let view = house.store.finish_view(begun, loaded);
    assert_eq!(view.runs.len(), 1, "it is still given");
    let closed = house.store.opened_by(Allowing::these(&[]));
    assert!(is_denied(&count_of(&closed, SITE).unwrap_err()));
}

#[test]
fn damage_of_another_sites_frame_is_nothing_to_this_site() {
    let house = House::at(START);
    let mut writer = house.writer();
    let path = house.disk.journal.path(1);
    writer.commit(&batch(&[some_event()])).unwrap();
    writer.commit(&batch_of(OTHER, &[some_event()])).unwrap();
    let in_the_others = std::fs::metadata(&path).unwrap().len() as usize - 10;
    writer.commit(&batch(&[some_event()])).unwrap();
    drop(writer);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[in_the_others] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    assert!(ask_everything(&house.store, SITE).iter().all(Option::is_none));
    assert_eq!((count_of(&house.store, SITE).unwrap(), count_of(&house.store, OTHER).unwrap()), (2, 0));
    assert!(matches!(house.store.hold(OTHER), Err(StoreError::Journal(1, _))));
}

#[test]
fn damage_that_may_be_of_any_site_is_told_whoever_takes_out_everything() {
    let house = House::at(START);
    let mut writer = house.writer();
    let path = house.disk.journal.path(1);
    writer.commit(&batch(&[some_event()])).unwrap();
    let head = std::fs::metadata(&path).unwrap().len() as usize;
    writer.commit(&batch_of(OTHER, &[some_event()])).unwrap();
    drop(writer);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[head] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!((count_of(&house.store, SITE).unwrap(), count_of(&house.store, OTHER).unwrap()), (1, 0));
    for site in [SITE, OTHER] {
        assert!(matches!(house.store.hold(site), Err(StoreError::Journal(1, _))));
    }
}

#[test]
fn the_tail_of_a_site_that_nobody_asks_about_any_more_goes_once_its_files_are_absorbed() {
    let house = house_of_two_sites(true);
    count_of(&house.store, OTHER).unwrap();
    assert!(house.store.lock().bytes_of(OTHER).0 > 0);
    house.settle(Pace::Gradual);
    count_of(&house.store, SITE).unwrap();
    assert_eq!(house.store.lock().bytes_of(OTHER).0, 0);
}

#[test]
fn beyond_the_budget_tails_of_other_sites_go_and_change_no_answer() {
    let house = house_of_two_sites(true);
    let store = Store::new(house.disk.clone(), house.catalog.clone(), 1, 2);
    for site in [SITE, OTHER, SITE, SITE, OTHER] {
        assert_eq!(count_of(&store, site).unwrap(), 2);
        let other = if site == SITE { OTHER } else { SITE };
        assert_eq!(store.lock().bytes_of(other).0, 0);
        assert!(store.lock().bytes_of(site).0 > 0);
    }
}

/// What happens to two sites whose events arrive in the same file.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// An event of this site is committed, or one of both.
    Commit(bool, bool),
    /// The writer goes on in another file.
    Close,
    /// Somebody asks about a site who may, or may not.
    Ask(SiteId, bool),
    /// Everything is let go of but this site.
    Keep(SiteId),
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let site = || proptest::sample::select(vec![SITE, OTHER]);
    prop_oneof![
        3 => (any::<bool>(), any::<bool>()).prop_map(|(one, other)| Turn::Commit(one, other)),
        1 => Just(Turn::Close),
        4 => (site(), any::<bool>()).prop_map(|(site, may)| Turn::Ask(site, may)),
        1 => site().prop_map(Turn::Keep),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_denied_takes_nothing_from_the_next_who_asks_and_doubles_nothing(
        turns in proptest::collection::vec(any_turn(), 1..40),
    ) {
        let house = House::at(START);
        let mut writer = house.writer();
        let mut committed = [0, 0];
        let mut let_go = false;
        for turn in turns {
            match turn {
                Turn::Commit(one, other) => {
                    let mut batch = Batch::default();
                    for (site, count, _) in [(SITE, 0, one), (OTHER, 1, other)].into_iter().filter(|of| of.2) {
                        batch.add_event(site, Box::new(some_event()));
                        committed[count] += 1;
                    }
                    writer.commit(&batch).unwrap();
                }
                Turn::Close => writer = house.writer(),
                Turn::Ask(site, may) => {
                    let opener = Allowing::these(if may { std::slice::from_ref(&site) } else { &[] });
                    match count_of(&house.store.opened_by(opener.clone()), site) {
                        Ok(count) => prop_assert_eq!(count, committed[site.0 as usize - 1]),
                        Err(error) => prop_assert!(!may && is_denied(&error), "{}", error),
                    }
                    prop_assert!(opener.take().iter().all(|wanted| *wanted == site));
                }
                Turn::Keep(site) => {
                    house.store.keep_only_sites(|of| of == site);
                    let_go = true;
                }
            }
        }
        for (site, count) in [(SITE, committed[0]), (OTHER, committed[1])] {
            prop_assert_eq!(count_of(&house.store, site).unwrap(), count);
        }
        // Every frame held one event: none was opened twice.
        let frames = (committed[0] + committed[1]) as u64;
        prop_assert!(let_go || house.store.decryptions() == frames);
    }
}
