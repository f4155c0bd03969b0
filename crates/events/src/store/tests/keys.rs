//! How often the keeper is asked, for how many keys, and what becomes of those it does not give.

use sealing::{Environment, Key, Opener, Refused, Wanted};

use super::*;

/// Opens as the ring does, and writes down how many keys each question was for.
#[derive(Default)]
struct Asked(std::sync::Mutex<Vec<usize>>);

impl Asked {
    fn take(&self) -> Vec<usize> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Opener for Asked {
    fn environment(&self) -> Result<Environment, OpenError> {
        Opener::environment(&*ring())
    }

    fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
        self.0.lock().unwrap().push(wanted.len());
        ring().open(wanted)
    }
}

/// A store whose questions are written down, over three days' segments of [`SITE`].
fn house_of_three_days() -> (House, Arc<Asked>, Store) {
    let house = House::at(START);
    for day in 0..3 {
        house.commit(&[Event { at: Timestamp(START.0 + day * 86_400_000), ..some_event() }]);
    }
    while house.worker().absorb().unwrap() == Progress::Made {}
    assert_eq!(house.segment_files(), 3);
    let asked = Arc::new(Asked::default());
    let store = Store::new(house.disk.opened_by(asked.clone()), house.catalog.clone(), 64 << 20, 2);
    (house, asked, store)
}

#[test]
fn the_keeper_is_asked_once_for_all_segments_of_a_report() {
    let (house, asked, store) = house_of_three_days();
    assert_eq!(house.exported(&store, Kept::Counted).len(), 3);
    assert_eq!(asked.take(), [3]);
}

#[test]
fn a_report_that_is_asked_for_again_opens_nothing_and_one_new_event_opens_what_was_committed_alone() {
    let (house, asked, store) = house_of_three_days();
    let mut writer = house.writer();
    writer.commit(&batch(&[some_event()])).unwrap();
    house.exported(&store, Kept::Counted);
    asked.take();
    let before = store.decryptions();
    assert!(before > 0);
    house.exported(&store, Kept::Counted);
    assert_eq!((asked.take(), store.decryptions()), (vec![], before));
    writer.commit(&batch(&[some_event()])).unwrap();
    assert_eq!(house.exported(&store, Kept::Counted).len(), 5);
    assert_eq!((asked.take(), store.decryptions()), (vec![], before + 1));
}

#[test]
fn what_is_not_sealed_is_no_decryption() {
    let (house, served) = house_with_old_data();
    assert_eq!((served.len(), house.store.decryptions()), (6, 0));
}

#[test]
fn the_keeper_is_asked_once_for_all_sites_of_a_journal_file_to_absorb_and_for_one_to_report_on_it() {
    let house = House::at(START);
    let mut of_many = Batch::default();
    (0..6).for_each(|site| of_many.add_event(SiteId(site), Box::new(some_event())));
    house.writer().commit(&of_many).unwrap();
    let asked = Arc::new(Asked::default());
    let disk = house.disk.opened_by(asked.clone());
    let store = Store::new(disk.clone(), house.catalog.clone(), 64 << 20, 2);
    assert_eq!(house.exported(&store, Kept::Counted).len(), 1);
    assert_eq!(asked.take(), [1]);
    let other = || house.disk.clone();
    let disks = Disks {
        absorbing: disk,
        merging: other(),
        sealing_old: other(),
        erasing: other(),
        expiring: other(),
    };
    let (clock, rng) = (house.clock.clone(), house.rng.clone());
    let worker = Upkeep::new(disks, seals(), house.catalog.clone(), clock, rng, || false);
    worker.absorb().unwrap();
    assert_eq!(asked.take(), [6]);
    assert_eq!(house.served().len(), 1);
}

#[test]
fn a_site_whose_key_is_gone_holds_up_no_other_site_of_the_journal_file() {
    /// A keeper that destroyed the key of site 2.
    struct Destroyed;
    impl Opener for Destroyed {
        fn environment(&self) -> Result<Environment, OpenError> {
            Opener::environment(&*ring())
        }

        fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
            match wanted.iter().find(|wanted| wanted.label.site == SiteId(2)) {
                Some(gone) => Err(OpenError::Destroyed(gone.label.to_string())),
                None => ring().open(wanted),
            }
        }
    }
    let house = House::at(START);
    let mut of_both = batch(&[some_event()]);
    of_both.add_event(SiteId(2), Box::new(some_event()));
    house.writer().commit(&of_both).unwrap();
    let store = Store::new(house.disk.opened_by(Arc::new(Destroyed)), house.catalog.clone(), 64 << 20, 2);
    assert_eq!(house.exported(&store, Kept::Counted).len(), 1);
}

#[test]
fn a_key_that_is_not_given_is_told_with_the_file_it_was_wanted_for() {
    /// A keeper that refuses the key of the segment with this id.
    struct Refusing(String);
    impl Opener for Refusing {
        fn environment(&self) -> Result<Environment, OpenError> {
            Opener::environment(&*ring())
        }

        fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
            let refused = wanted.iter().find(|wanted| wanted.label.name == self.0).unwrap();
            Err(OpenError::Refused(refused.label.to_string(), Refused))
        }
    }
    let (house, ..) = house_of_three_days();
    for (_, id) in house.disk.stored_segments().unwrap() {
        let disk = house.disk.opened_by(Arc::new(Refusing(id.to_string())));
        let store = Store::new(disk, house.catalog.clone(), 64 << 20, 2);
        let error = store.export(SITE, ALWAYS, Kept::Counted, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains(&format!("{id}.parquet stays closed")), "{error}");
    }
}
