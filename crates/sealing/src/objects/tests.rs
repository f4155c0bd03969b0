use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::mpsc;
use std::time::Duration;

use domain::Counting;
use futures_executor::block_on;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use proptest::prelude::*;

use super::*;
use crate::object::{CHUNK_BYTES, HEADER_BYTES, SEALED_CHUNK_BYTES};
use crate::{Key, OpenError, Pair, Ring};

const FORM: Form = Form { kind: Kind::Segment, extension: "parquet", unsealed: b"PAR1" };

fn ring() -> Arc<Ring> {
    let rng = Counting::from(1);
    let mut ring = Ring::new(Environment(7));
    (3..5).for_each(|site| ring.add(SiteId(site), 1, Pair::random(&rng)));
    Arc::new(ring)
}

fn sealed() -> Seals {
    Seals::Sealed { recipients: ring(), rng: Arc::new(Counting::from(2)) }
}

fn id(site: u32, name: &str) -> ObjectId {
    ObjectId { site: SiteId(site), name: name.to_owned() }
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

/// Objects and whoever can lay a hand on what rests.
struct House {
    objects: Objects,
    folder: Option<tempfile::TempDir>,
}

impl House {
    fn local() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { objects: Objects::in_folder(folder.path(), FORM).unwrap(), folder: Some(folder) }
    }

    fn both() -> [Self; 2] {
        [Self { objects: Objects::over(Arc::new(InMemory::new()), FORM), folder: None }, Self::local()]
    }

    /// Both, each with `plaintext` sealed as the object `a` of site 3.
    fn both_with(plaintext: &[u8]) -> [Self; 2] {
        let houses = Self::both();
        houses.iter().for_each(|house| house.put(&id(3, "a"), plaintext));
        houses
    }

    fn put(&self, id: &ObjectId, plaintext: &[u8]) {
        self.objects.put(id, plaintext.to_vec(), &sealed()).unwrap();
    }

    fn open(&self, id: &ObjectId) -> Result<Object, ReadError> {
        self.objects.open_all(std::slice::from_ref(id), &*ring()).map(|mut objects| objects.remove(0))
    }

    fn read(&self, id: &ObjectId, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        self.open(id)?.read(range)
    }

    fn whole(&self, id: &ObjectId) -> Result<Vec<u8>, ReadError> {
        let object = self.open(id)?;
        object.read(0..object.length())
    }

    fn resting(&self, id: &ObjectId) -> Vec<u8> {
        let got = block_on(self.objects.store.get(&self.objects.path(id))).unwrap();
        block_on(got.bytes()).unwrap().into()
    }

    fn lay(&self, id: &ObjectId, bytes: Vec<u8>) {
        block_on(self.objects.store.put(&self.objects.path(id), bytes.into())).unwrap();
    }

    fn files(&self) -> BTreeSet<String> {
        let site = std::fs::read_dir(self.folder.as_ref().unwrap().path().join("3")).unwrap();
        site.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// Refused, and it is said what: nothing was given.
fn is_refused(outcome: &Result<Vec<u8>, ReadError>) -> bool {
    outcome.as_ref().is_err_and(|error| error.to_string().contains("3/a.parquet"))
}

fn any_length() -> impl Strategy<Value = usize> {
    let edge = CHUNK_BYTES as usize;
    prop_oneof![0..200_usize, edge - 1..edge + 2, Just(2 * edge), Just(3 * edge + 77)]
}

fn part(length: usize, (a, b): (f64, f64)) -> Range<u64> {
    (length as f64 * a.min(b)) as u64..(length as f64 * a.max(b)) as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_ranges_of_an_object_read_as_they_were_put(
        length in any_length(), ranges in proptest::collection::vec((0.0..=1.0_f64, 0.0..=1.0_f64), 1..5),
    ) {
        let plaintext = text(length);
        for house in House::both_with(&plaintext) {
            let object = house.open(&id(3, "a")).unwrap();
            prop_assert_eq!(object.length(), length as u64);
            for range in ranges.iter().map(|ends| part(length, *ends)) {
                let wanted = &plaintext[range.start as usize..range.end as usize];
                prop_assert_eq!(object.read(range).unwrap(), wanted);
            }
            prop_assert_eq!(house.whole(&id(3, "a")).unwrap(), &plaintext[..]);
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused_with_the_objects_name(
        length in any_length(), place in 0.0..1.0_f64, bit in 0..8_u8, ends in (0.0..=1.0_f64, 0.0..=1.0_f64),
    ) {
        let plaintext = text(length);
        for house in House::both_with(&plaintext) {
            let mut bytes = house.resting(&id(3, "a"));
            let at = (bytes.len() as f64 * place) as usize;
            bytes[at] ^= 1 << bit;
            house.lay(&id(3, "a"), bytes);
            prop_assert!(is_refused(&house.whole(&id(3, "a"))));
            let range = part(length, ends);
            match house.read(&id(3, "a"), range.clone()) {
                // The bit is in another chunk.
                Ok(read) => prop_assert_eq!(read, &plaintext[range.start as usize..range.end as usize]),
                refused => prop_assert!(is_refused(&refused)),
            }
        }
    }

    #[test]
    fn of_an_object_that_was_cut_short_or_made_longer_no_range_is_read(
        length in any_length(), cut in 0.0..1.0_f64, ends in (0.0..=1.0_f64, 0.0..=1.0_f64),
    ) {
        for house in House::both_with(&text(length)) {
            let bytes = house.resting(&id(3, "a"));
            let shorter = bytes[..(bytes.len() as f64 * cut) as usize].to_vec();
            for changed in [shorter, [&bytes[..], &[0; 17]].concat()] {
                house.lay(&id(3, "a"), changed);
                prop_assert!(is_refused(&house.read(&id(3, "a"), part(length, ends))));
            }
        }
    }
}

#[test]
fn an_object_that_was_cut_between_two_chunks_gives_not_even_its_first() {
    for house in House::both_with(&text(3 * CHUNK_BYTES as usize)) {
        let mut bytes = house.resting(&id(3, "a"));
        bytes.truncate(HEADER_BYTES + 2 * SEALED_CHUNK_BYTES as usize);
        house.lay(&id(3, "a"), bytes);
        assert!(is_refused(&house.read(&id(3, "a"), 0..1)));
    }
}

#[test]
fn chunks_in_another_order_twice_left_out_or_of_another_object_are_refused() {
    let plaintext = text(3 * CHUNK_BYTES as usize + 77);
    for house in House::both_with(&plaintext) {
        house.put(&id(3, "b"), &plaintext);
        let (bytes, other) = (house.resting(&id(3, "a")), house.resting(&id(3, "b")));
        let pieces = |bytes: &[u8]| -> Vec<Vec<u8>> {
            let chunks = bytes[HEADER_BYTES..].chunks(SEALED_CHUNK_BYTES as usize);
            [&bytes[..HEADER_BYTES]].into_iter().chain(chunks).map(<[u8]>::to_vec).collect()
        };
        let (own, foreign) = (pieces(&bytes), pieces(&other));
        let mixed = [own[0].clone(), own[1].clone(), foreign[2].clone(), own[3].clone(), own[4].clone()];
        let orders: [&[usize]; 5] =
            [&[0, 2, 1, 3, 4], &[0, 1, 1, 2, 3, 4], &[0, 1, 2, 2, 4], &[0, 1, 3, 4], &[0, 4]];
        let changed =
            orders.map(|order| order.iter().map(|piece| &own[*piece][..]).collect::<Vec<_>>().concat());
        for bytes in changed.into_iter().chain([mixed.concat()]) {
            house.lay(&id(3, "a"), bytes);
            assert!(is_refused(&house.whole(&id(3, "a"))));
        }
        house.lay(&id(3, "a"), bytes);
        assert_eq!(house.whole(&id(3, "a")).unwrap(), plaintext);
    }
}

#[test]
fn an_object_in_the_place_of_another_of_its_site_or_of_another_site_is_refused() {
    for house in House::both_with(b"of this name") {
        for elsewhere in [id(3, "b"), id(4, "a")] {
            house.put(&elsewhere, b"of that name");
            house.lay(&id(3, "a"), house.resting(&elsewhere));
            let refused = house.whole(&id(3, "a"));
            assert!(is_refused(&refused), "{elsewhere:?}");
            assert!(refused.unwrap_err().to_string().contains("stays closed"), "{elsewhere:?}");
        }
    }
}

#[test]
fn what_was_put_unsealed_is_read_as_it_is_and_nobody_is_asked() {
    /// A keeper that must not be asked.
    struct Unasked;
    impl Opener for Unasked {
        fn environment(&self) -> Result<Environment, OpenError> {
            panic!("asked for the environment")
        }
        fn open(&self, _: &[Wanted]) -> Result<Vec<Key>, OpenError> {
            panic!("asked for keys")
        }
    }
    for house in House::both() {
        house.objects.put(&id(3, "a"), b"PAR1 and more".to_vec(), &Seals::Unsealed).unwrap();
        assert_eq!(house.resting(&id(3, "a")), b"PAR1 and more");
        let opened = house.objects.open_all(&[id(3, "a")], &Unasked).unwrap();
        assert_eq!(opened[0].read(5..8).unwrap(), b"and");
        assert_eq!(opened[0].read(8..8).unwrap(), b"");
        assert!(is_refused(&opened[0].read(9..14)), "there are 13");
        assert_eq!((house.objects.sealed_to(&id(3, "a")).unwrap(), house.objects.ranges_opened()), (None, 0));
    }
}

#[test]
fn what_could_not_be_told_from_damage_is_not_put_and_not_read() {
    for house in House::both() {
        let refused = house.objects.put(&id(3, "a"), b"anything".to_vec(), &Seals::Unsealed).unwrap_err();
        assert!(refused.to_string().contains("3/a.parquet"), "{refused}");
        assert_eq!(house.objects.list().unwrap(), []);
        for bytes in [b"anything".to_vec(), b"PAR".to_vec(), vec![]] {
            house.lay(&id(3, "a"), bytes);
            let refused = house.whole(&id(3, "a")).unwrap_err().to_string();
            assert!(refused.ends_with("3/a.parquet is damaged: it is not a sealed object"), "{refused}");
        }
    }
}

#[test]
fn sealed_and_unsealed_objects_open_together_in_their_order() {
    for house in House::both_with(b"first") {
        house.objects.put(&id(3, "b"), b"PAR1 second".to_vec(), &Seals::Unsealed).unwrap();
        house.put(&id(4, "c"), b"third");
        let opened = house.objects.open_all(&[id(4, "c"), id(3, "b"), id(3, "a")], &*ring()).unwrap();
        let read: Vec<_> = opened.iter().map(|object| object.read(0..object.length()).unwrap()).collect();
        assert_eq!(read, [&b"third"[..], b"PAR1 second", b"first"]);
    }
}

#[test]
fn objects_are_listed_until_they_are_deleted_and_nothing_else_is() {
    for house in House::both_with(b"something") {
        house.put(&id(4, "b"), b"something");
        for stranger in ["3/a", "3/.parquet", "3/a b.parquet", "c.parquet", "3/4/d.parquet", "x/e.parquet"] {
            block_on(house.objects.store.put(&stranger.into(), b"something".to_vec().into())).unwrap();
        }
        let listed = || house.objects.list().unwrap().into_iter().collect::<BTreeSet<_>>();
        assert_eq!(listed(), BTreeSet::from([id(3, "a"), id(4, "b")]));
        (0..2).for_each(|_| house.objects.delete(&id(3, "a")).unwrap());
        assert_eq!(listed(), BTreeSet::from([id(4, "b")]));
        let error = house.whole(&id(3, "a")).unwrap_err();
        let ReadError::Store { name, error } = error else { panic!("{error}") };
        assert_eq!((name.ends_with("3/a.parquet"), error.kind()), (true, io::ErrorKind::NotFound));
    }
}

#[test]
fn a_put_that_was_cut_off_leaves_what_was_there_and_is_found_and_deleted() {
    let house = House::local();
    house.put(&id(3, "a"), b"the old");
    let folder = house.folder.as_ref().unwrap().path().join("3");
    for unfinished in ["a.parquet#1", "b.parquet#12"] {
        std::fs::write(folder.join(unfinished), b"CNDRSEAL, and then it was k").unwrap();
    }
    for stranger in ["c.parquet#", "d.txt#1", "e.parquet#x"] {
        std::fs::write(folder.join(stranger), b"somebody else's").unwrap();
    }
    assert_eq!(house.whole(&id(3, "a")).unwrap(), b"the old");
    assert_eq!(house.objects.list().unwrap(), [id(3, "a")]);
    house.objects.delete_unfinished().unwrap();
    assert_eq!(house.files(), ["a.parquet", "c.parquet#", "d.txt#1", "e.parquet#x"].map(String::from).into());
    house.put(&id(3, "a"), b"the new");
    assert_eq!(house.whole(&id(3, "a")).unwrap(), b"the new");
}

#[test]
fn a_put_that_fails_leaves_nothing() {
    let house = House::local();
    std::fs::write(house.folder.as_ref().unwrap().path().join("3"), b"not a folder").unwrap();
    assert!(house.objects.put(&id(3, "a"), b"something".to_vec(), &sealed()).is_err());
    assert_eq!(house.objects.list().unwrap(), []);
}

#[test]
fn whoever_reads_while_an_object_is_put_anew_reads_the_old_or_the_new() {
    let versions = [text(2 * CHUNK_BYTES as usize), vec![7; CHUNK_BYTES as usize + 1]];
    let house = House::local();
    house.put(&id(3, "a"), &versions[0]);
    std::thread::scope(|scope| {
        let putting = scope.spawn(|| (0..30).for_each(|round| house.put(&id(3, "a"), &versions[round % 2])));
        while !putting.is_finished() {
            assert!(versions.contains(&house.whole(&id(3, "a")).unwrap()));
        }
    });
}

#[test]
fn an_object_that_is_open_is_read_although_it_was_deleted() {
    let house = House::local();
    house.put(&id(3, "a"), b"something");
    let object = house.open(&id(3, "a")).unwrap();
    house.objects.delete(&id(3, "a")).unwrap();
    assert_eq!(object.read(0..9).unwrap(), b"something");
}

#[test]
fn a_runtime_whose_only_thread_for_waiting_is_the_one_that_asks_holds_up_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    let (tell, told) = mpsc::channel();
    runtime.spawn_blocking(move || {
        let house = House::local();
        house.put(&id(3, "a"), b"something");
        let read = house.whole(&id(3, "a")).unwrap();
        let listed = house.objects.list().unwrap();
        house.objects.delete(&id(3, "a")).unwrap();
        tell.send((read, listed)).unwrap();
    });
    let done = told.recv_timeout(Duration::from_secs(20));
    runtime.shutdown_background();
    assert_eq!(done, Ok((b"something".to_vec(), vec![id(3, "a")])));
}

#[test]
fn the_end_of_an_object_is_opened_once_for_all_its_reads() {
    for house in House::both_with(&text(3 * CHUNK_BYTES as usize)) {
        let object = house.open(&id(3, "a")).unwrap();
        let end = object.length();
        [end - 8..end, end - 4_000..end, 0..8]
            .into_iter()
            .for_each(|range| drop(object.read(range).unwrap()));
        assert_eq!(house.objects.ranges_opened(), 2);
    }
}
