use std::process::Command;

use domain::Counting;

use super::*;

/// A moment in the middle of a step.
const NOW: Timestamp = Timestamp(1_790_000_055_000);
const STEP_MS: i64 = 30_000;

fn secret() -> Secret {
    Secret::random(&Counting::from(1))
}

fn code(secret: &Secret, at: Timestamp) -> String {
    secret.totp().generate(u64::try_from(at.0 / 1_000).expect("after 1970")).to_string()
}

fn after(steps: i64) -> Timestamp {
    Timestamp(NOW.0 + steps * STEP_MS)
}

/// RFC 6238, appendix B, of which the last six digits count here.
#[test]
fn the_codes_are_those_of_the_standard() {
    let secret = Secret(*b"12345678901234567890");
    let vectors = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    for (seconds, code) in vectors {
        let step = check(&secret, code, Timestamp(seconds * 1_000), None);
        assert_eq!(step, u64::try_from(seconds / 30).ok(), "{code}");
    }
}

#[test]
fn a_code_that_oathtool_makes_is_taken() {
    let secret = secret();
    let output = Command::new("oathtool")
        .args(["--totp", "--base32", &secret.text(), "--now", &format!("@{}", NOW.0 / 1_000)])
        .output()
        .expect("oathtool is required for testing: apt-get install oathtool");
    let code = String::from_utf8(output.stdout).expect("digits");
    assert_eq!(code.trim().len(), 6, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(check(&secret, &code, NOW, None).is_some());
}

#[test]
fn a_code_is_taken_in_its_step_and_the_next_and_neither_before_nor_later() {
    let secret = secret();
    let code = code(&secret, NOW);
    let step = check(&secret, &code, NOW, None);
    assert!(step.is_some());
    assert_eq!(check(&secret, &code, after(1), None), step);
    assert_eq!(check(&secret, &code, after(2), None), None);
    assert_eq!(check(&secret, &code, after(-1), None), None);
}

#[test]
fn a_code_is_taken_once_and_none_of_an_earlier_step_after_it() {
    let secret = secret();
    let [earlier, current] = [after(-1), NOW].map(|at| code(&secret, at));
    let step = check(&secret, &current, NOW, None);
    assert_eq!(check(&secret, &current, NOW, step), None);
    assert_eq!(check(&secret, &current, after(1), step), None);
    assert_eq!(check(&secret, &earlier, NOW, step), None);
    let next = code(&secret, after(1));
    assert_eq!(check(&secret, &next, after(1), step), step.map(|step| step + 1));
}

#[test]
fn spaces_are_no_matter_and_anything_but_six_digits_is() {
    let secret = secret();
    let code = code(&secret, NOW);
    assert!(check(&secret, &format!(" {} {}\n", &code[..3], &code[3..]), NOW, None).is_some());
    for wrong in ["", "12345", "+12345", "１２３４５６", &format!("{code}0"), &format!("0{code}"), &code[1..]]
    {
        assert_eq!(check(&secret, wrong, NOW, None), None, "{wrong}");
    }
}

#[test]
fn the_code_of_another_secret_or_before_1970_is_refused() {
    let code = code(&secret(), NOW);
    assert_eq!(check(&Secret::random(&Counting::from(2)), &code, NOW, None), None);
    assert_eq!(check(&secret(), &code, Timestamp(-60_000), None), None);
}

#[test]
fn the_address_names_the_person_and_the_server_and_holds_the_secret() {
    let secret = secret();
    let uri = uri(&secret, "alice@example.org", "Candor: stats.example.org");
    let expected = format!(
        "otpauth://totp/Candor%20%20stats%2Eexample%2Eorg:alice%40example%2Eorg?secret={}&issuer=Candor%20%20stats%2Eexample%2Eorg",
        *secret.text()
    );
    assert_eq!(uri.replace("%2E", "."), expected.replace("%2E", "."));
    assert_eq!(secret.text().len(), 32);
    assert!(super::uri(&secret, "", "").starts_with("otpauth://totp/Candor:Candor?"));
}

#[test]
fn a_stored_secret_is_read_as_it_was_written() {
    let text = serde_json::to_string(&secret()).expect("it is written");
    let read: Secret = serde_json::from_str(&text).expect("it is read");
    assert!(check(&read, &code(&secret(), NOW), NOW, None).is_some());
}
