use std::path::{Path, PathBuf};

use domain::Counting;
use proptest::prelude::*;
use sealing::{Kind, Label};

use crate::hierarchy::first_format;

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

fn make(keys: &mut Keys, sites: &[u32], rng: &Counting) {
    for site in sites {
        keys.make(OrganizationId::FIRST, SiteId(*site), rng).unwrap();
    }
}

fn segment(keys: &Keys, site: SiteId) -> Label {
    Label {
        environment: keys.environment(),
        organization: OrganizationId::FIRST,
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
    make(&mut keys, &[1, 2], &rng);
    let (key, wanted) = sealed_to(&keys, SiteId(2), &rng);
    let again = opened(&path, &rng).unwrap();
    assert_eq!(again.environment(), keys.environment());
    assert_eq!(again.open_one(&wanted).unwrap().bytes(), key.bytes());
}

#[test]
fn asking_twice_makes_keys_once() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1], &rng);
    let first = keys.recipient(SiteId(1));
    make(&mut keys, &[1], &rng);
    assert_eq!(keys.recipient(SiteId(1)), first);
    assert_eq!(keys.recipient(SiteId(2)), None);
}

#[test]
fn a_key_sealed_to_one_site_does_not_open_as_anothers() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1, 2], &rng);
    let (_, wanted) = sealed_to(&keys, SiteId(1), &rng);
    let moved = Wanted { label: segment(&keys, SiteId(2)), ..wanted };
    assert_eq!(keys.open_one(&moved).err(), Some(Closed::Refused));
}

#[test]
fn the_stored_keys_do_not_open_with_a_bit_changed_or_under_another_root_key() {
    let (_folder, path, rng) = fresh();
    make(&mut opened(&path, &rng).unwrap(), &[1], &rng);
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
    make(&mut keys, &[0x5a5a_5a5a], &rng);
    let public = keys.recipient(SiteId(0x5a5a_5a5a)).unwrap().public.0;
    let stored = std::fs::read(&path).unwrap();
    assert!(!stored.windows(32).any(|window| window == public));
}

#[test]
fn a_site_whose_keys_were_destroyed_gets_no_others() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1], &rng);
    let (_, wanted) = sealed_to(&keys, SiteId(1), &rng);
    keys.destroy(SiteId(1), Timestamp(0), &rng).unwrap();
    for keys in [&mut keys, &mut opened(&path, &rng).unwrap()] {
        make(keys, &[1], &rng);
        assert_eq!(keys.recipient(SiteId(1)), None);
        assert_eq!(keys.open_one(&wanted).err(), Some(Closed::Destroyed));
    }
}

#[test]
fn destroying_the_keys_of_one_site_leaves_those_of_others() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1, 2], &rng);
    let (key, wanted) = sealed_to(&keys, SiteId(2), &rng);
    keys.destroy(SiteId(1), Timestamp(0), &rng).unwrap();
    assert_eq!(opened(&path, &rng).unwrap().open_one(&wanted).unwrap().bytes(), key.bytes());
}

#[test]
fn the_list_names_what_is_held_and_when_what_was_destroyed() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1, 2], &rng);
    keys.destroy(SiteId(1), Timestamp(9), &rng).unwrap();
    let listed: Vec<_> =
        keys.list(0, 9).into_iter().map(|keys| (keys.site.0, keys.pair, keys.destroyed_at)).collect();
    // Site 0 stands for what belongs to no site.
    assert_eq!(listed, [(0, 1, None), (2, 1, None), (1, 0, Some(Timestamp(9)))]);
}

#[test]
fn keys_that_cannot_be_stored_are_neither_made_nor_destroyed() {
    let (folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1], &rng);
    let known = keys.recipient(SiteId(1));
    // A folder where the new file would be made: it can be written to by nobody.
    std::fs::create_dir(folder.path().join("keys.making")).unwrap();
    assert!(keys.destroy(SiteId(1), Timestamp(0), &rng).is_err());
    assert!(keys.make(OrganizationId::FIRST, SiteId(2), &rng).is_err());
    assert_eq!((keys.recipient(SiteId(1)), keys.recipient(SiteId(2))), (known, None));
}

#[test]
fn what_is_sealed_after_a_rotation_is_sealed_to_the_newer_pair_and_both_open() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1, 2], &rng);
    let (before, wanted_before) = sealed_to(&keys, SiteId(1), &rng);
    keys.rotate(Some(SiteId(1)), &rng).unwrap();
    let (after, wanted_after) = sealed_to(&keys, SiteId(1), &rng);
    assert_eq!((wanted_before.sealed.version(), wanted_after.sealed.version()), (1, 2));
    assert_eq!(keys.recipient(SiteId(2)).unwrap().version, 1);
    for keys in [keys, opened(&path, &rng).unwrap()] {
        assert_eq!(keys.open_one(&wanted_before).unwrap().bytes(), before.bytes());
        assert_eq!(keys.open_one(&wanted_after).unwrap().bytes(), after.bytes());
    }
}

#[test]
fn rewrapping_lets_go_of_every_older_key_that_wraps_keys_and_of_none_that_data_is_sealed_to() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1, 2], &rng);
    keys.rotate(None, &rng).unwrap();
    assert_eq!((keys.versions(), keys.outdated()), ([1, 2, 1], 3));
    assert_eq!(keys.rewrap(&rng).unwrap(), 3);
    assert_eq!(keys.outdated(), 0);
    assert_eq!(keys.rewrap(&rng).unwrap(), 0);
    let held: Vec<_> = opened(&path, &rng).unwrap().stored.all().collect();
    let (first, none, one, two) = (OrganizationId::FIRST, NO_SITE, SiteId(1), SiteId(2));
    assert_eq!(
        held,
        [
            (Name::Control, 1),
            (Name::Organization(first), 2),
            (Name::Site(first, none), 2),
            (Name::Site(first, one), 2),
            (Name::Site(first, two), 2),
            (Name::Pair(first, none), 1),
            (Name::Pair(first, none), 2),
            (Name::Pair(first, one), 1),
            (Name::Pair(first, one), 2),
            (Name::Pair(first, two), 1),
            (Name::Pair(first, two), 2),
            (Name::People, 1),
            (Name::Pepper, 1),
            (Name::Checkpoints, 1),
            (Name::Ledger, 1),
        ]
    );
}

#[test]
fn a_change_of_keys_wraps_anew_what_a_rotation_left_under_older_ones() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1], &rng);
    keys.rotate(None, &rng).unwrap();
    make(&mut keys, &[2], &rng);
    assert_eq!(keys.outdated(), 0);
}

#[test]
fn a_site_whose_keys_were_destroyed_gets_no_newer_ones() {
    let (_folder, path, rng) = fresh();
    let mut keys = opened(&path, &rng).unwrap();
    make(&mut keys, &[1], &rng);
    keys.destroy(SiteId(1), Timestamp(0), &rng).unwrap();
    keys.rotate(Some(SiteId(1)), &rng).unwrap();
    keys.rotate(None, &rng).unwrap();
    assert_eq!(keys.recipient(SiteId(1)), None);
}

#[test]
fn keys_as_the_first_format_stored_them_open_and_are_rotated() {
    let (_folder, path, rng) = fresh();
    let (key, wanted) = store_in_the_first_format(&path, &rng);
    let mut keys = opened(&path, &rng).unwrap();
    assert_eq!(keys.open_one(&wanted).unwrap().bytes(), key.bytes());
    keys.rotate(None, &rng).unwrap();
    keys.rewrap(&rng).unwrap();
    let again = opened(&path, &rng).unwrap();
    assert_eq!(again.open_one(&wanted).unwrap().bytes(), key.bytes());
    assert!(again.is_destroyed(SiteId(7)));
    assert_eq!(
        again.checkpoints().bytes(),
        keys.checkpoints().bytes(),
        "made once, though the format had none"
    );
}

#[test]
fn keys_as_the_second_format_stored_them_open_and_get_those_for_people_once() {
    let (_folder, path, rng) = fresh();
    let roots = Roots::from([(1, wrapping(&root()))]);
    let mut stored = Stored::begin(&rng);
    for name in [Name::Control, Name::Organization(OrganizationId::FIRST)] {
        stored.add(&roots, name, &Key::random(&rng), &rng).unwrap();
    }
    renew(&mut stored, &roots, OrganizationId::FIRST, SiteId(1), &rng).unwrap();
    let mut bytes = b"CNDRKEYS\x02\0\0\0".to_vec();
    bytes.extend_from_slice(&root().check().0);
    let body = postcard::to_stdvec(&stored).unwrap();
    bytes.extend_from_slice(&sealing::seal_bytes(&body, &root().derive(b"candor key store"), &bytes, &rng));
    std::fs::write(&path, bytes).unwrap();
    let keys = opened(&path, &rng).unwrap();
    assert_eq!(keys.environment(), stored.environment);
    assert!(keys.recipient(SiteId(1)).is_some() && keys.recipient(NO_SITE).is_some());
    let again = opened(&path, &rng).unwrap();
    assert_eq!(again.people().bytes(), keys.people().bytes());
    assert_eq!(again.pepper().1.bytes(), keys.pepper().1.bytes());
    assert_eq!(again.recipient(NO_SITE), keys.recipient(NO_SITE));
}

/// As the keeper that knew one version of every key wrote them, byte for byte but for the random ones.
fn store_in_the_first_format(path: &Path, rng: &Counting) -> (Key, Wanted) {
    let environment = Environment(5);
    let wrapping = root().derive(b"candor wrapping");
    let label = |organization: u32, site: u32, name: &str| {
        let (organization, site) = (OrganizationId(organization), SiteId(site));
        Label { environment, organization, site, kind: Kind::Key, name: name.to_owned() }.to_bytes()
    };
    let [control, organization, site] = [(); 3].map(|()| Key::random(rng));
    let pair = Pair::random(rng);
    let stored = first_format::Stored {
        environment,
        control: sealing::wrap(&control, &wrapping, &label(0, 0, "control"), rng).to_vec(),
        organizations: vec![first_format::Organization {
            id: OrganizationId::FIRST,
            wrapped: sealing::wrap(&organization, &wrapping, &label(1, 0, "organization"), rng).to_vec(),
        }],
        sites: vec![first_format::Site {
            id: SiteId(1),
            organization: OrganizationId::FIRST,
            wrapped: sealing::wrap(&site, &organization, &label(1, 1, "site"), rng).to_vec(),
            pairs: vec![first_format::Pair {
                version: 1,
                wrapped: sealing::wrap(pair.private(), &site, &label(1, 1, "pair 1"), rng).to_vec(),
            }],
        }],
        destroyed: vec![(SiteId(7), Timestamp(3))],
    };
    let mut bytes = b"CNDRKEYS\x01\0\0\0".to_vec();
    bytes.extend_from_slice(&root().check().0);
    let body = postcard::to_stdvec(&stored).unwrap();
    let sealed = sealing::seal_bytes(&body, &root().derive(b"candor key store"), &bytes, rng);
    bytes.extend_from_slice(&sealed);
    std::fs::write(path, bytes).unwrap();
    let label = Label {
        environment,
        organization: OrganizationId::FIRST,
        site: SiteId(1),
        kind: Kind::Segment,
        name: "a".to_owned(),
    };
    let recipient = Recipient { version: 1, public: pair.public() };
    let (key, sealed) = recipient.fresh_key(&label.to_bytes(), rng).unwrap();
    (key, Wanted { label, sealed })
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Make(u32),
    Rotate(Option<u32>),
    Rewrap,
    Destroy(u32),
    Restart,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let site = 1_u32..4;
    let change = prop_oneof![
        site.clone().prop_map(Change::Make),
        proptest::option::of(site.clone()).prop_map(Change::Rotate),
        Just(Change::Rewrap),
        site.prop_map(Change::Destroy),
        Just(Change::Restart),
    ];
    proptest::collection::vec(change, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_done_to_keys_all_that_was_ever_sealed_opens_but_what_was_destroyed(changes in changes()) {
        let (_folder, path, rng) = fresh();
        let mut keys = opened(&path, &rng).unwrap();
        let mut sealed = Vec::new();
        let mut destroyed = std::collections::BTreeSet::new();
        for change in changes {
            match change {
                Change::Make(site) => make(&mut keys, &[site], &rng),
                Change::Rotate(site) => keys.rotate(site.map(SiteId), &rng).unwrap(),
                Change::Rewrap => drop(keys.rewrap(&rng).unwrap()),
                Change::Destroy(site) => {
                    keys.destroy(SiteId(site), Timestamp(0), &rng).unwrap();
                    destroyed.insert(site);
                }
                Change::Restart => keys = opened(&path, &rng).unwrap(),
            }
            sealed.extend((1..4).filter(|site| keys.recipient(SiteId(*site)).is_some()).map(|site| {
                (site, sealed_to(&keys, SiteId(site), &rng))
            }));
            for (site, (key, wanted)) in &sealed {
                match keys.open_one(wanted) {
                    Ok(open) => prop_assert_eq!(open.bytes(), key.bytes()),
                    Err(closed) => prop_assert!(closed == Closed::Destroyed && destroyed.contains(site)),
                }
            }
        }
    }
}
