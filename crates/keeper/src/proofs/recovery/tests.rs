use domain::Counting;
use proptest::prelude::*;

use super::*;

fn fresh() -> ([RecoveryCode; CODES], RecoveryCodes) {
    RecoveryCodes::random(&Counting::from(1))
}

#[test]
fn ten_codes_are_made_that_differ_and_have_four_groups_of_four() {
    let (codes, stored) = fresh();
    assert_eq!(stored.left(), 10);
    for code in &codes {
        let groups: Vec<_> = code.text().split('-').map(str::len).collect();
        assert_eq!(groups, [4; 4]);
        assert_eq!(codes.iter().filter(|other| other.text() == code.text()).count(), 1);
    }
}

#[test]
fn a_code_has_75_bits_at_least() {
    assert_eq!(ALPHABET.iter().collect::<std::collections::BTreeSet<_>>().len(), 1 << 5);
    assert_eq!(CODE_CHARS * 5, 80);
}

#[test]
fn each_code_is_taken_once() {
    let (codes, mut stored) = fresh();
    for (taken, code) in codes.iter().enumerate() {
        assert!(stored.take(code.text()));
        assert!(!stored.take(code.text()));
        assert_eq!(stored.left(), CODES - taken - 1);
    }
}

#[test]
fn case_spaces_dashes_and_look_alikes_are_no_matter() {
    let (codes, stored) = fresh();
    let code = codes[0].text();
    let spellings = [
        code.to_uppercase(),
        code.replace('-', ""),
        code.replace('-', " "),
        code.replace('-', "\u{2013}"),
        format!("  {code}\n"),
        code.replace('0', "O").replace('1', "l"),
        code.replace('0', "o").replace('1', "I"),
    ];
    for spelling in spellings {
        assert!(stored.clone().take(&spelling), "{spelling}");
    }
}

#[test]
fn anything_else_is_refused() {
    let (codes, mut stored) = fresh();
    let code = codes[0].text();
    let other = RecoveryCodes::random(&Counting::from(2)).0[0].text().to_owned();
    let wrong = [
        String::new(),
        code[1..].to_owned(),
        format!("{code}0"),
        code.replace('-', "u"),
        "ä".repeat(16),
        other,
    ];
    for typed in wrong {
        assert!(!stored.take(&typed), "{typed}");
    }
    assert_eq!(stored.left(), CODES);
}

#[test]
fn what_is_stored_is_no_code() {
    let (codes, stored) = fresh();
    let text = serde_json::to_string(&stored).expect("it is written");
    let mut read: RecoveryCodes = serde_json::from_str(&text).expect("it is read");
    assert!(codes.iter().all(|code| !text.contains(&code.text()[..4])));
    assert!(read.take(codes[9].text()));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_judged(typed in "\\PC{0,40}") {
        assert!(!fresh().1.take(&typed));
    }
}
