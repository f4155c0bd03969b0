use std::path::{Path, PathBuf};

use domain::Counting;
use sealing::Kind;

use super::*;

fn root() -> Key {
    Key::random(&Counting::from(1))
}

fn opened(path: &Path, rng: &Counting) -> Result<Keys, StoreError> {
    Keys::open(Store::new(path.to_owned(), &root()), &root(), rng)
}

fn fresh() -> (tempfile::TempDir, PathBuf, Counting) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    (folder, path, Counting::from(2))
}

fn segment(keys: &Keys, site: SiteId) -> Label {
    Label {
        environment: keys.environment(),
        organization: OrganizationId::SOLE,
        site,
        kind: Kind::Segment,
        name: "a".to_owned(),
    }
}

fn sealed_to(keys: &Keys, site: SiteId, rng: &Counting) -> (Key, Wanted) {
    let label = segment(keys, site);
    let (key, sealed) = keys.recipient(site).unwrap().fresh_key(&label.to_bytes(), rng).unwrap();
    (key, Wanted { label, sealed })
}

#[test]
fn what_was_sealed_to_a_site_opens_after_a_restart() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1), SiteId(2)], &rng).unwrap();
    let (key, wanted) = sealed_to(&keys, SiteId(2), &rng);
    let again = opened(&path, &rng).unwrap();
    assert_eq!(again.environment(), keys.environment());
    assert_eq!(again.open_one(&wanted).unwrap().bytes(), key.bytes());
}

#[test]
fn asking_twice_makes_keys_once() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1)], &rng).unwrap();
    let first = keys.recipient(SiteId(1));
    keys.make(&[SiteId(1)], &rng).unwrap();
    assert_eq!(keys.recipient(SiteId(1)), first);
    assert_eq!(keys.recipient(SiteId(2)), None);
}

#[test]
fn a_key_sealed_to_one_site_does_not_open_as_anothers() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1), SiteId(2)], &rng).unwrap();
    let (_, wanted) = sealed_to(&keys, SiteId(1), &rng);
    let moved = Wanted { label: segment(&keys, SiteId(2)), ..wanted };
    assert_eq!(keys.open_one(&moved).err(), Some(Closed::Refused));
}

#[test]
fn the_stored_keys_do_not_open_with_a_bit_changed_or_under_another_root_key() {
    let (_folder, path, rng) = fresh();
    opened(&path, &rng).unwrap().make(&[SiteId(1)], &rng).unwrap();
    let good = std::fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 1;
        std::fs::write(&path, altered).unwrap();
        assert!(opened(&path, &rng).is_err(), "byte {at}");
    }
    std::fs::write(&path, &good).unwrap();
    let other = Key::random(&Counting::from(99));
    let refused = Keys::open(Store::new(path.clone(), &other), &other, &rng).err().unwrap();
    assert!(matches!(refused, StoreError::OtherRoot { .. }), "{refused}");
    for length in 0..good.len() {
        std::fs::write(&path, &good[..length]).unwrap();
        assert!(opened(&path, &rng).is_err(), "{length} bytes");
    }
}

#[test]
fn nothing_stored_shows_a_site_or_a_key() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(0x5a5a_5a5a)], &rng).unwrap();
    let public = keys.recipient(SiteId(0x5a5a_5a5a)).unwrap().public.0;
    let stored = std::fs::read(&path).unwrap();
    assert!(!stored.windows(32).any(|window| window == public));
}

#[test]
fn a_site_whose_keys_were_destroyed_gets_no_others() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1)], &rng).unwrap();
    let (_, wanted) = sealed_to(&keys, SiteId(1), &rng);
    keys.destroy(SiteId(1), Timestamp(0), &rng).unwrap();
    for keys in [&mut keys, &mut opened(&path, &rng).unwrap()] {
        keys.make(&[SiteId(1)], &rng).unwrap();
        assert_eq!(keys.recipient(SiteId(1)), None);
        assert_eq!(keys.open_one(&wanted).err(), Some(Closed::Destroyed));
    }
}

#[test]
fn destroying_the_keys_of_one_site_leaves_those_of_others() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1), SiteId(2)], &rng).unwrap();
    let (key, wanted) = sealed_to(&keys, SiteId(2), &rng);
    keys.destroy(SiteId(1), Timestamp(0), &rng).unwrap();
    assert_eq!(opened(&path, &rng).unwrap().open_one(&wanted).unwrap().bytes(), key.bytes());
}

#[test]
fn the_list_names_what_is_held_and_when_what_was_destroyed() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1), SiteId(2)], &rng).unwrap();
    keys.destroy(SiteId(1), Timestamp(9), &rng).unwrap();
    let listed: Vec<_> =
        keys.list(0, 9).into_iter().map(|keys| (keys.site.0, keys.versions, keys.destroyed_at)).collect();
    assert_eq!(listed, [(2, vec![1], None), (1, vec![], Some(Timestamp(9)))]);
}

#[test]
fn keys_that_cannot_be_stored_are_neither_made_nor_destroyed() {
    let (folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    keys.make(&[SiteId(1)], &rng).unwrap();
    let known = keys.recipient(SiteId(1));
    // A folder where the new file would be made: it can be written to by nobody.
    std::fs::create_dir(folder.path().join("keys.making")).unwrap();
    assert!(keys.destroy(SiteId(1), Timestamp(0), &rng).is_err());
    assert!(keys.make(&[SiteId(2)], &rng).is_err());
    assert_eq!((keys.recipient(SiteId(1)), keys.recipient(SiteId(2))), (known, None));
}
