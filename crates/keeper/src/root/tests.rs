use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use super::testing::{House, Service, Witness, from, passphrase, with_passphrase};
use super::*;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_start_makes_a_root_key_for_this_account_alone_and_the_next_finds_it() {
    let house = House::new();
    let (mut keys, news) = house.start(&Unsealing::default(), None).unwrap();
    assert_eq!(news, [RootNews::Made(RootSource::File)]);
    assert_eq!((mode(&house.keys()), mode(&house.file("root.key"))), (0o700, 0o600));
    let witness = Witness::of(&mut keys, &house);
    let (keys, news) = house.start(&Unsealing::default(), None).unwrap();
    assert!(witness.confirms(&keys) && news.is_empty());
}

#[test]
fn a_key_file_or_folder_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let house = House::new();
    house.start(&from("file"), None).unwrap();
    for (path, mode, command) in [
        (house.file("root.key"), 0o640, "chmod 600"),
        (house.file("root.key"), 0o604, "chmod 600"),
        (house.keys(), 0o750, "chmod 700"),
    ] {
        set_mode(&path, mode);
        let refused = house.refusal(&from("file"));
        assert!(refused.contains(command), "{refused}");
        set_mode(&path, if path == house.keys() { 0o700 } else { 0o600 });
    }
    house.start(&from("file"), None).unwrap();
}

#[test]
fn a_folder_for_keys_inside_the_data_directory_is_refused_by_whatever_name() {
    let house = House::new();
    let inside = house.data().join("keys");
    assert!(matches!(prepare_folder(&inside, &house.data()), Err(RootError::InsideData { .. })));
    let aside = house.data().with_file_name("aside");
    std::os::unix::fs::symlink(&inside, &aside).unwrap();
    assert!(matches!(prepare_folder(&aside, &house.data()), Err(RootError::InsideData { .. })));
}

#[test]
fn a_root_key_that_is_missing_beside_stored_keys_is_not_made_anew() {
    for (handed, name) in [(from("file"), "root.key"), (with_passphrase("passphrase"), "root.sealed")] {
        let house = House::new();
        house.start(&handed, None).unwrap();
        fs::remove_file(house.file(name)).unwrap();
        let refused = house.refusal(&handed);
        assert!(refused.contains(&format!("{name} is missing")) && refused.contains("restore"), "{refused}");
        assert!(!house.file(name).exists());
    }
}

#[test]
fn a_key_file_with_any_digit_changed_is_damaged() {
    let house = House::new();
    house.start(&from("file"), None).unwrap();
    let text = fs::read_to_string(house.file("root.key")).unwrap();
    for at in 0..text.trim_end().len() {
        let mut altered = text.clone().into_bytes();
        altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
        fs::write(house.file("root.key"), altered).unwrap();
        let refused = house.refusal(&from("file"));
        assert!(refused.contains("is damaged or is no root key"), "byte {at}: {refused}");
    }
}

#[test]
fn a_sealed_root_key_opens_in_no_other_way_than_it_was_sealed() {
    let service = Service::begin();
    let handed = from(&service.source("candor"));
    let house = House::new();
    let (mut keys, news) = house.start(&handed, None).unwrap();
    assert_eq!(news, [RootNews::Made(handed.source.clone().unwrap())]);
    assert_eq!(mode(&house.file("root.sealed")), 0o600);
    let witness = Witness::of(&mut keys, &house);
    let path = house.file("root.sealed");
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 1;
        fs::write(&path, altered).unwrap();
        let altered = house.start(&handed, None);
        // The address of what sealed it may change: then it opens, or nothing does.
        if let Ok((keys, _)) = altered {
            assert!(witness.confirms(&keys), "byte {at}");
        }
    }
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).unwrap();
        assert!(house.refusal(&handed).contains("is damaged"), "{length} bytes");
    }
    let mut newer = good.clone();
    newer[8] = 2;
    fs::write(&path, newer).unwrap();
    let refused = house.refusal(&handed);
    assert!(refused.contains("has format 2") && refused.contains("run the newer version"), "{refused}");
    fs::write(&path, good).unwrap();
    let (keys, _) = house.start(&handed, None).unwrap();
    assert!(witness.confirms(&keys));
}

#[test]
fn a_wrong_passphrase_is_told_by_name_and_changes_nothing() {
    let house = House::new();
    house.start(&with_passphrase("passphrase"), None).unwrap();
    let wrong = Unsealing { passphrase: Some(passphrase("correct horse batterz")), ..from("passphrase") };
    let refused = house.refusal(&wrong);
    assert!(refused.contains("the passphrase does not open"), "{refused}");
    assert!(house.refusal(&from("passphrase")).contains("none was given"));
    house.start(&with_passphrase("passphrase"), None).unwrap();
}

#[test]
fn a_start_that_names_no_source_takes_the_one_the_folder_tells_of() {
    let house = House::new();
    house.start(&with_passphrase("passphrase"), None).unwrap();
    let before = house.under();
    let unnamed = Unsealing { source: None, ..with_passphrase("file") };
    let (_, news) = house.start(&unnamed, None).unwrap();
    assert_eq!((news.as_slice(), house.under()), ([].as_slice(), before));
    assert_eq!(house.names(), ["keys.sealed", "root.sealed"]);
    // Without the passphrase it does not fall back to a key that lies open.
    assert!(house.refusal(&Unsealing::default()).contains("none was given"));
}

#[test]
fn whether_a_passphrase_is_needed_is_known_before_anybody_is_asked() {
    let house = House::new();
    let wanted = |source: &str| passphrase_wanted(&house.keys(), Some(&source.parse().unwrap())).unwrap();
    assert_eq!(wanted("file"), PassphraseWanted::No);
    assert_eq!(wanted("passphrase"), PassphraseWanted::New);
    house.start(&from("file"), None).unwrap();
    assert_eq!(wanted("passphrase"), PassphraseWanted::New);
    house.start(&with_passphrase("passphrase"), None).unwrap();
    assert_eq!(wanted("passphrase"), PassphraseWanted::Existing);
    assert_eq!(wanted("file"), PassphraseWanted::Existing);
    assert_eq!(passphrase_wanted(&house.keys(), None).unwrap(), PassphraseWanted::Existing);
}

#[test]
fn a_credential_that_is_missing_or_another_is_told_with_what_to_do() {
    let house = House::new();
    assert!(house.refusal(&from("credential")).contains("systemd-creds encrypt"));
    let given = |number| {
        let line = new_root_line(&domain::Counting::from(number));
        Unsealing {
            credentials: Some(house.credentials(&[("candor-root-key", &line)])),
            ..from("credential")
        }
    };
    house.start(&given(5), None).unwrap();
    assert_eq!(house.names(), ["keys.sealed", "root.credential"]);
    assert!(house.refusal(&from("credential")).contains("LoadCredentialEncrypted="));
    let refused = house.refusal(&given(6));
    assert!(refused.contains("candor-root-key-before"), "{refused}");
    let handed = Unsealing { source: None, ..given(5) };
    house.start(&handed, None).unwrap();
}

#[test]
fn a_key_file_that_became_a_credential_is_told_of_as_long_as_it_lies_there() {
    let house = House::new();
    house.start(&from("file"), None).unwrap();
    let line = fs::read_to_string(house.file("root.key")).unwrap();
    let handed = Unsealing {
        credentials: Some(house.credentials(&[("candor-root-key", &line)])),
        ..from("credential")
    };
    let (_, news) = house.start(&handed, None).unwrap();
    let path = fs::canonicalize(house.file("root.key")).unwrap();
    assert_eq!(news, [RootNews::LiesOpen(path)]);
    fs::write(house.file("rotate-root"), "").unwrap();
    fs::remove_file(house.file("root.key")).unwrap();
    assert_eq!(house.start(&handed, None).unwrap().1, [RootNews::CredentialStays]);
}

#[test]
fn a_service_that_is_away_is_waited_for_and_one_that_moved_is_found() {
    let service = Service::begin();
    let handed = from(&service.source("candor"));
    let house = House::new();
    let (mut keys, _) = house.start(&handed, None).unwrap();
    let witness = Witness::of(&mut keys, &house);
    let moved = service.socket().with_file_name("moved.sock");
    fs::rename(service.socket(), &moved).unwrap();
    let away = house.start(&handed, None).err().unwrap();
    assert!(away.is_passing() && away.to_string().contains("agent.sock"), "{away}");
    let before = house.under();
    let (keys, news) = house.start(&from(&format!("transit:{}?key=candor", moved.display())), None).unwrap();
    assert!(witness.confirms(&keys) && news.is_empty() && house.under() == before);
    let (keys, _) = house.start(&Unsealing::default(), None).unwrap();
    assert!(witness.confirms(&keys));
}
