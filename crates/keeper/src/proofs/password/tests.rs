use domain::Counting;
use proptest::prelude::*;

use super::*;

const OF_ALICE: [&str; 3] = ["alice.smith@example.org", "Alice Smith", "Acme Rockets Ltd"];

fn pepper() -> Pepper {
    Pepper::new(1, Key::take(&mut [7; 32]))
}

fn stored(cost: &str, version: &str) -> String {
    let rest = &hash("of no matter", &pepper(), &Counting::from(1)).hash[7..];
    format!(r#"{{"scheme":"Bcrypt","pepper":1,"hash":"${version}${cost}${rest}"}}"#)
}

#[test]
fn a_password_fits_its_verifier_and_no_other_does() {
    let verifier = hash("correct horse", &pepper(), &Counting::from(1));
    assert!(verify(&verifier, "correct horse", &pepper()));
    assert!(!verify(&verifier, "correct horsf", &pepper()));
}

#[test]
fn equal_passwords_have_verifiers_of_60_characters_with_184_bits_that_differ() {
    let rng = Counting::from(1);
    let [one, two] = [(); 2].map(|()| hash("correct horse", &pepper(), &rng));
    assert_ne!(one.hash, two.hash);
    assert_eq!(one.hash.len(), 60);
    assert!(one.hash.starts_with("$2b$12$"));
    // Of the last 31 characters each has six bits, and two bits are left over.
    assert_eq!(one.hash[29..].len() * 6 / 8 * 8, 184);
}

#[test]
fn a_zero_byte_and_whatever_follows_byte_72_count() {
    let long = "x".repeat(72);
    for (one, other) in
        [("a", "a\0a"), (&*long, &*format!("{long}y")), (&*format!("{long}a"), &*format!("{long}b"))]
    {
        let verifier = hash(one, &pepper(), &Counting::from(1));
        assert!(verify(&verifier, one, &pepper()));
        assert!(!verify(&verifier, other, &pepper()));
    }
}

#[test]
fn without_the_right_pepper_the_right_password_does_not_fit() {
    let verifier = hash("correct horse", &pepper(), &Counting::from(1));
    assert!(!verify(&verifier, "correct horse", &Pepper::new(1, Key::take(&mut [8; 32]))));
    assert!(!verify(&verifier, "correct horse", &Pepper::new(2, Key::take(&mut [7; 32]))));
}

/// The C library's bcrypt, which Perl calls, is the judge.
#[cfg(target_os = "linux")]
#[test]
fn the_c_librarys_bcrypt_makes_the_same_of_it() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let verifier = hash("correct horse", &pepper(), &Counting::from(1));
    let mut perl = Command::new("perl")
        .args(["-e", "$p = <STDIN>; print crypt($p, $ARGV[0])", &verifier.hash[..29]])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Perl is required for building");
    perl.stdin.take().expect("piped").write_all(&pepper().mix("correct horse")[..]).expect("it reads");
    let output = perl.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), verifier.hash);
}

#[test]
fn a_stored_verifier_is_read_as_it_was_written() {
    let verifier = hash("correct horse", &pepper(), &Counting::from(1));
    let text = serde_json::to_string(&verifier).expect("it is written");
    let read: Verifier = serde_json::from_str(&text).expect("it is read");
    assert!(verify(&read, "correct horse", &pepper()));
    assert_eq!(read.pepper_version(), 1);
}

#[test]
fn a_stored_verifier_that_costs_too_little_or_too_much_is_refused() {
    let is_read = |cost, version| serde_json::from_str::<Verifier>(&stored(cost, version)).is_ok();
    assert!(is_read("12", "2b") && is_read("16", "2b"));
    for (cost, version) in
        [("11", "2b"), ("04", "2b"), ("17", "2b"), ("31", "2b"), ("12", "2a"), ("12", "2y")]
    {
        assert!(!is_read(cost, version), "{version} {cost}");
    }
    assert!(serde_json::from_str::<Verifier>(r#"{"scheme":"Bcrypt","pepper":1,"hash":"$2b$12$"}"#).is_err());
}

#[test]
fn a_verifier_of_another_cost_or_an_older_pepper_fits_and_is_outdated() {
    let rng = Counting::from(1);
    let costly = hash_at(COST + 1, "correct horse", &pepper(), &rng);
    assert!(verify(&costly, "correct horse", &pepper()));
    assert!(costly.is_outdated(1));
    let today = hash("correct horse", &pepper(), &rng);
    assert!(!today.is_outdated(1));
    assert!(today.is_outdated(2));
}

#[test]
fn the_verifier_for_nobody_is_one_like_any_other_and_no_password_fits_it() {
    let dummy = Verifier::dummy(&pepper());
    let text = serde_json::to_string(&dummy).expect("it is written");
    assert!(serde_json::from_str::<Verifier>(&text).is_ok());
    assert!(!dummy.is_outdated(1));
    assert_eq!(dummy.hash[..7], hash("correct horse", &pepper(), &Counting::from(1)).hash[..7]);
    assert!(!verify(&dummy, "", &pepper()));
    assert!(!verify(&dummy, "correct horse", &pepper()));
}

#[test]
fn limits_count_characters_and_not_bytes() {
    assert_eq!(weakness("äöüßéè€", &[]), Some(Weakness::TooShort));
    assert_eq!(weakness("äöüßéè€z", &[]), None);
    let long: String = "kläranlagenvorstand ".chars().cycle().take(129).collect();
    assert_eq!(weakness(&long, &[]), Some(Weakness::TooLong));
    assert_eq!(weakness(long.strip_suffix(|_: char| true).expect("not empty"), &[]), None);
}

#[test]
fn common_passwords_are_refused_in_every_disguise() {
    let all = [
        "password",
        "Password1!",
        "p@ssw0rd",
        "P4$$w0rd2026",
        "drowssap",
        "letmein123",
        "1qaz2wsx",
        "iloveyou",
        "passwordpassword",
        "dragon-dragon",
        "!!dragon99",
        "trustno1",
        "01011984",
        "Sunshine_7",
    ];
    for password in all {
        assert_eq!(weakness(password, &[]), Some(Weakness::Common), "{password}");
    }
}

#[test]
fn trivial_passwords_are_refused() {
    let all = [
        "aaaaaaaa",
        "........",
        "abcdefgh",
        "87654321",
        "qwertzui",
        "asdfqwer",
        "abcabcabc",
        "1212121212",
        "AbCd1234",
    ];
    for password in all {
        assert_eq!(weakness(password, &[]), Some(Weakness::Trivial), "{password}");
    }
}

#[test]
fn what_follows_from_the_person_is_refused() {
    let all = [
        "AliceSmith",
        "alice.smith1",
        "4l1c3-Sm1th",
        "example.org",
        "Acme-Rockets!",
        "rocketsacme1",
        "candor12345678",
        "C4nd0r-password",
        "Candor#1",
        "smithacme99",
        "ice.smith@example",
        "alice-example-acme",
    ];
    for password in all {
        assert_eq!(weakness(password, &OF_ALICE), Some(Weakness::Personal), "{password}");
    }
    assert_eq!(weakness("alicesmithy", &[]), None);
}

#[test]
fn a_password_that_stands_without_its_weak_part_will_do() {
    let all = [
        "correct horse battery",
        "I trust Candor but keep my own keys",
        "dragon v8#kq!Zt04w",
        "k3Vq-92mz",
        "#%&()=?*",
    ];
    for password in all {
        assert_eq!(weakness(password, &OF_ALICE), None, "{password}");
    }
}

#[test]
fn every_refusal_is_a_sentence_that_says_what_is_wrong() {
    assert_eq!(Weakness::TooShort.to_string(), "the password is shorter than 8 characters");
    assert!(Weakness::Personal.to_string().contains("e-mail address"));
}

#[test]
fn every_common_password_that_is_long_enough_is_refused() {
    let list = include_str!("../../../lists/common-passwords.txt");
    assert!(list.lines().is_sorted() && list.lines().count() == 30_000);
    let taken: Vec<_> = list.lines().filter(|line| weakness(line, &[]).is_none()).collect();
    assert_eq!(taken, [""; 0]);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_judged(password in "\\PC{0,140}", known in "\\PC{0,40}") {
        let _verdict = weakness(&password, &[&known]);
    }
}
