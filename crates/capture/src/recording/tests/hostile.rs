//! Forged recordings, as they are known from elsewhere: each refused, or harmless when it comes out. What would do harm
//! in them names `evil`.

use std::path::Path;

use super::*;

/// What can do harm even where it names nobody.
const NEVER: &[&str] = &[
    "evil",
    "script\"",
    "javascript",
    "expression",
    "@import",
    "@font-face",
    "<",
    "srcdoc",
    "\"href\":\"h",
    "\"src",
    "onload",
    "onerror",
    "data:",
    "http-equiv",
    "\"base\"",
    "\"meta\"",
    "behavior",
    "binding",
    "__proto__",
];

#[test]
fn every_forged_recording_is_refused_or_harmless() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recording/hostile");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 25, "{}", files.len());
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let body = std::fs::read(&path).unwrap();
        for policy in [STARRED, CLEAR] {
            match gate().pass(&mut Page::default(), policy, &body) {
                Ok(gated) => check_harmless(name, &gated),
                Err(_) => assert!(name.starts_with("refused-"), "{name} is not let through harmless"),
            }
        }
    }
}

#[track_caller]
fn check_harmless(name: &str, gated: &Gated) {
    assert!(name.starts_with("harmless-"), "{name} is not refused");
    let events = out(gated).split_once(r#","e":"#).unwrap().1.replace(r#""href":"https://example.com/"#, "");
    for never in NEVER {
        let at = events.find(never);
        assert!(
            at.is_none(),
            "{name}: {never} in …{}…",
            &events[at.unwrap().saturating_sub(60)..]
                [..120.min(events.len() - at.unwrap().saturating_sub(60))]
        );
    }
}
