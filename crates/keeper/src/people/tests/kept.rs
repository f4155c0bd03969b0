use super::*;

#[test]
fn what_is_known_of_people_outlives_a_restart() {
    let (mut house, owner, other) = House::of_two();
    let (_, key) = house.make_key(&owner, Some(2), &[Scope::Read]).unwrap();
    let before = [&owner.token, &other.token, &key].map(|token| house.opened(token));
    let version = house.people.version();
    house.restart();
    assert_eq!([&owner.token, &other.token, &key].map(|token| house.opened(token)), before);
    assert_eq!(house.people.version(), version);
}

#[test]
fn what_is_kept_does_not_open_with_a_bit_changed_or_cut_off() {
    let (house, _) = House::owned();
    let path = house.folder.path().join("people.sealed");
    let good = std::fs::read(&path).unwrap();
    let refusal = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        People::open(house.folder.path(), &house.keys).err().expect("a refusal").to_string()
    };
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 1;
        let refused = refusal(&altered);
        let newer = (8..12).contains(&at);
        assert!(
            refused.contains("people.sealed") && (newer || refused.contains("damaged")),
            "byte {at}: {refused}"
        );
        assert!(refusal(&good[..at]).contains("is damaged"), "{at} bytes");
    }
    std::fs::write(&path, &good).unwrap();
    assert!(People::open(house.folder.path(), &house.keys).is_ok());
}

#[test]
fn what_a_newer_candor_kept_is_refused_by_its_name() {
    let (house, _) = House::owned();
    let path = house.folder.path().join("people.sealed");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] = 4;
    std::fs::write(&path, bytes).unwrap();
    let refused = People::open(house.folder.path(), &house.keys).err().expect("a refusal").to_string();
    assert!(
        refused.contains("people.sealed has format 4") && refused.contains("run the newer version"),
        "{refused}"
    );
}

#[test]
fn what_cannot_be_kept_is_not_done() {
    let (mut house, owner) = House::owned();
    // A folder where the new file would be made: it can be written to by nobody.
    std::fs::create_dir(house.folder.path().join("people.making")).unwrap();
    let version = house.people.version();
    let invite = Ask::Invite(owner.token.clone(), "ann@example.org".to_owned(), be(FIRST, Role::Admin));
    let stopped = house.hands(|people, hands| people.act(invite, hands));
    assert!(matches!(stopped, Err(Stop::Store(_))));
    let ended = house.hands(|people, hands| people.act(Ask::End(owner.token.clone(), Which::This), hands));
    assert!(matches!(ended, Err(Stop::Store(_))));
    assert!(house.is_good(&owner.token));
    assert_eq!(house.people.version(), version);
}

#[test]
fn what_older_formats_kept_is_read_shows_recordings_of_no_site_and_ends_no_subscription() {
    for format in [1, 2] {
        let (mut house, owner) = House::owned();
        let path = house.folder.path().join("people.sealed");
        let key = house.keys.people().derive(b"candor people");
        let newest = std::fs::read(&path).unwrap();
        let body = sealing::unseal_bytes(&newest[12..], &key, &newest[..12]).unwrap();
        let (older, lists) = body.split_at(body.len() - (3 - format));
        assert!(lists.iter().all(|length| *length == 0), "the lists that the older formats had not");
        let header = [&b"CNDRPPLE"[..], &(format as u32).to_le_bytes()].concat();
        let sealed = sealing::seal_bytes(older, &key, &header, &house.rng);
        std::fs::write(&path, [header, sealed].concat()).unwrap();
        house.restart();
        assert!(house.is_good(&owner.token));
        assert!(!house.people.shares_recordings(SiteId(1)));
    }
}

#[test]
fn which_sites_show_recordings_to_viewers_outlives_a_restart() {
    let (mut house, owner) = House::owned();
    let share = |house: &mut House, site, shared| {
        let asked = Ask::ShareRecordings(owner.token.clone(), SiteId(site), shared);
        house.hands(|people, hands| people.act(asked, hands)).is_ok()
    };
    assert!(share(&mut house, 1, true) && share(&mut house, 2, true) && share(&mut house, 1, false));
    assert!(!share(&mut house, OTHER_SITE, true), "of another organization");
    house.restart();
    let shares = [1, 2, OTHER_SITE].map(|site| house.people.shares_recordings(SiteId(site)));
    assert_eq!(shares, [false, true, false]);
}
