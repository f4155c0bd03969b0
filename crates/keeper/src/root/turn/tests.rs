use std::os::unix::fs::PermissionsExt;

use domain::Counting;

use super::super::testing::{House, Service, Token, Witness, from, in_a_process_of_its_own, with_passphrase};
use super::super::{RootNews, new_root_line};
use super::*;

/// Kills a turn from `old` to `new` after each of its steps, and looks at what the next start makes of it, with the
/// new source and with the old one.
fn kill_everywhere(house: impl Fn() -> (House, Unsealing, Unsealing), marked: bool, left: &[&str]) {
    for killed_after in Step::ALL {
        for back in [false, true] {
            let (house, old, new) = house();
            let (mut keys, _) = house.start(&old, None).unwrap();
            let witness = Witness::of(&mut keys, &house);
            let before = house.under();
            if marked {
                fs::write(house.file(MARKER), "").unwrap();
            }
            let killed = house.start(&new, Some(killed_after)).err().expect("a killed start").to_string();
            assert!(killed.contains("killed"), "{killed}");
            // What a start leaves that is killed while it writes.
            for name in ["root.making", "root.sealed.making", "root.credential.making", "keys.making"] {
                fs::write(house.file(name), "unfinished").unwrap();
            }
            let which = format!("after {killed_after:?}{}", if back { " and back" } else { "" });
            let (keys, _) = house.start(if back { &old } else { &new }, None).expect(&which);
            assert!(witness.confirms(&keys), "{which}");
            let (keys, _) = house.start(&new, None).expect(&which);
            assert!(witness.confirms(&keys), "{which}");
            assert_ne!(house.under(), before, "{which}: the root key was not replaced");
            let _ = fs::remove_file(house.file("keys.making"));
            assert_eq!(house.names(), left, "{which}");
            let (keys, news) = house.start(&new, None).expect(&which);
            assert!(witness.confirms(&keys) && news.is_empty(), "{which}: {news:?}");
        }
    }
}

fn line(number: u64) -> String {
    new_root_line(&Counting::from(number)).to_string()
}

fn credential(house: &House, which: &[(&str, &str)]) -> Unsealing {
    Unsealing { credentials: Some(house.credentials(which)), ..from("credential") }
}

#[test]
fn a_root_key_in_a_file_is_replaced_whatever_moment_it_is_killed_at() {
    kill_everywhere(|| (House::new(), from("file"), from("file")), true, &["keys.sealed", "root.key"]);
}

#[test]
fn a_root_key_moves_from_a_file_under_a_passphrase_whatever_moment_it_is_killed_at() {
    let house = || (House::new(), with_passphrase("file"), with_passphrase("passphrase"));
    kill_everywhere(house, false, &["keys.sealed", "root.sealed"]);
}

#[test]
fn a_root_key_moves_from_a_passphrase_into_a_file_whatever_moment_it_is_killed_at() {
    let house = || (House::new(), with_passphrase("passphrase"), with_passphrase("file"));
    kill_everywhere(house, false, &["keys.sealed", "root.key"]);
}

#[test]
fn a_root_key_under_a_passphrase_is_replaced_whatever_moment_it_is_killed_at() {
    let house = || (House::new(), with_passphrase("passphrase"), with_passphrase("passphrase"));
    kill_everywhere(house, true, &["keys.sealed", "root.sealed"]);
}

#[test]
fn a_root_key_moves_between_services_and_passphrases_whatever_moment_it_is_killed_at() {
    let service = Service::begin();
    let (one, other) = (service.source("candor"), service.source("another"));
    let house = || (House::new(), with_passphrase("passphrase"), with_passphrase(&one));
    kill_everywhere(house, false, &["keys.sealed", "root.sealed"]);
    kill_everywhere(|| (House::new(), from(&one), from(&one)), true, &["keys.sealed", "root.sealed"]);
    kill_everywhere(|| (House::new(), from(&one), from(&other)), false, &["keys.sealed", "root.sealed"]);
    kill_everywhere(|| (House::new(), from(&one), from("file")), false, &["keys.sealed", "root.key"]);
}

#[test]
fn a_root_key_moves_from_a_file_into_a_credential_and_back_whatever_moment_it_is_killed_at() {
    let into = || {
        let house = House::new();
        let new = credential(&house, &[("candor-root-key", &line(70))]);
        (house, Unsealing { source: Some(RootSource::File), ..new.clone() }, new)
    };
    kill_everywhere(into, false, &["keys.sealed", "root.credential"]);
    let back = || {
        let (house, new, old) = into();
        (house, old, new)
    };
    kill_everywhere(back, false, &["keys.sealed", "root.key"]);
}

#[test]
fn a_credential_is_replaced_whatever_moment_it_is_killed_at() {
    for killed_after in Step::ALL {
        let house = House::new();
        let (mut keys, _) =
            house.start(&credential(&house, &[("candor-root-key", &line(70))]), None).unwrap();
        let witness = Witness::of(&mut keys, &house);
        let both = [("candor-root-key", &*line(71)), ("candor-root-key-before", &*line(70))];
        fs::write(house.file(MARKER), "").unwrap();
        assert!(house.start(&credential(&house, &both), Some(killed_after)).is_err());
        let (keys, _) = house.start(&credential(&house, &both), None).unwrap();
        assert!(witness.confirms(&keys), "{killed_after:?}");
        let (keys, news) = house.start(&credential(&house, &[("candor-root-key", &line(71))]), None).unwrap();
        assert!(witness.confirms(&keys) && news.is_empty(), "{killed_after:?}: {news:?}");
        assert_eq!(house.names(), ["keys.sealed", "root.credential"]);
    }
}

#[test]
fn a_root_key_moves_into_a_token_and_is_replaced_there_whatever_moment_it_is_killed_at() {
    in_a_process_of_its_own("root::turn::tests::a_root_key_moves_into_a_token_of_this_process");
}

#[test]
#[ignore = "run by the test before, where there is a token"]
fn a_root_key_moves_into_a_token_of_this_process() {
    let source = Token::here().source("candor-root", "pin");
    let left = ["keys.sealed", "root.sealed"];
    kill_everywhere(|| (House::new(), from("file"), from(&source)), false, &left);
    kill_everywhere(|| (House::new(), from(&source), from(&source)), true, &left);
    let another = Token::here().source("another", "pin");
    kill_everywhere(|| (House::new(), from(&source), from(&another)), false, &left);
}

#[test]
fn a_root_key_that_cannot_be_replaced_goes_on_and_is_not_asked_for_again() {
    let service = Service::begin();
    let source = from(&service.source("candor"));
    let house = House::new();
    let (mut keys, _) = house.start(&source, None).unwrap();
    let witness = Witness::of(&mut keys, &house);
    fs::write(house.file(MARKER), "").unwrap();
    fs::write(house.file("root.key"), line(99)).unwrap();
    fs::set_permissions(house.file("root.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let (keys, news) = house.start(&source, None).unwrap();
    assert!(witness.confirms(&keys));
    assert!(matches!(&news[..], [RootNews::NotReplaced(why)] if why.contains("root.key")), "{news:?}");
    let (keys, news) = house.start(&source, None).unwrap();
    assert!(witness.confirms(&keys) && news.is_empty(), "{news:?}");
}

#[test]
fn a_copy_of_the_old_root_key_does_not_open_the_stored_keys_once_it_was_replaced() {
    let house = House::new();
    house.start(&from("file"), None).unwrap();
    let copy = fs::read(house.file("root.key")).unwrap();
    fs::write(house.file(MARKER), "").unwrap();
    let (_, news) = house.start(&from("file"), None).unwrap();
    assert_eq!(news, [RootNews::Replaced(RootSource::File)]);
    fs::write(house.file("root.key"), copy).unwrap();
    let refused = house.refusal(&from("file"));
    assert!(refused.contains("under another root key"), "{refused}");
}

#[test]
fn a_root_key_that_somebody_put_there_is_never_written_over() {
    let house = House::new();
    house.start(&with_passphrase("passphrase"), None).unwrap();
    let path = house.file("root.key");
    fs::write(&path, line(99)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let refused = house.refusal(&with_passphrase("file"));
    assert!(
        refused.contains("root.key holds another root key") && refused.contains("take it away"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), line(99));
    house.start(&with_passphrase("passphrase"), None).unwrap();
}
