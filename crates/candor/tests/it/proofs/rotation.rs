//! Keys are rotated and re-wrapped while data stays readable, whatever moment the keeper is killed at (promise O8).

use std::path::Path;
use std::process::Output;

use rustix::process::Signal;
use serde_json::json;

use super::{close_journal_file, segments};
use crate::house::{Server, candor, candor_of, eventually, kill};

const SITE: &str = "rotated.example";

fn keys(data: &Path, arguments: &[&str]) -> Output {
    candor_of(data).arg("keys").args(arguments).arg("--data").arg(data).output().expect("an answer")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn send(server: &Server) {
    let event = json!({ "n": "pageview", "u": format!("https://{SITE}/"), "d": SITE });
    assert_eq!(server.send(&event).status, 202);
}

/// Lets the worker make a segment of what is in the journal.
fn absorb(server: &Server, segments_then: usize) {
    close_journal_file(server);
    eventually("the journal is in segments", || {
        (segments(server.data()).len() == segments_then).then_some(())
    });
}

fn doctor(data: &Path) -> String {
    let output = candor().args(["doctor", "--data"]).arg(data).output().expect("an answer");
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[test]
fn what_is_written_after_a_rotation_is_sealed_to_the_newer_keys_and_all_of_it_is_read() {
    let mut server = Server::start();
    server.post("/api/sites", &json!({ "domain": SITE }));
    send(&server);
    absorb(&server, 1);
    let shown = said(&keys(server.data(), &["rotate", "--site", SITE]));
    assert!(shown.contains(&format!("{SITE}    version 2, sealed to version 2, 1 older kept")), "{shown}");
    close_journal_file(&server);
    send(&server);
    let seen = doctor(server.data());
    let journal = seen.lines().find(|line| line.contains("fine   journal")).expect("a line of the journal");
    assert!(journal.ends_with("1 to version 2"), "{seen}");
    absorb(&server, 2);
    let seen = doctor(server.data());
    assert!(seen.contains("2 segments sealed: 1 to version 1, 1 to version 2"), "{seen}");
    server.start_again();
    server.wait_until_whole();
    assert_eq!(server.count(SITE, "events"), 2);
}

#[test]
fn keys_are_rotated_for_everything_and_wrapped_anew() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": SITE }));
    send(&server);
    let shown = said(&keys(server.data(), &["rotate"]));
    assert!(shown.contains("organization       version 2"), "{shown}");
    assert!(shown.contains("2 keys are still wrapped under an older key"), "{shown}");
    assert!(said(&keys(server.data(), &["rewrap"])).contains("2 keys were wrapped anew"));
    assert!(said(&keys(server.data(), &["rewrap"])).contains("newest key above it already"));
    send(&server);
    assert_eq!(server.count(SITE, "events"), 2);
    let unknown = keys(server.data(), &["rotate", "--site", "unknown.example"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("there is no site of that name"), "{}", said(&unknown));
}

#[test]
fn another_root_key_wraps_the_same_keys_and_the_old_one_opens_nothing_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut server = Server::on(&data, &[], candor);
    server.post("/api/sites", &json!({ "domain": SITE }));
    send(&server);
    let file = folder.path().join("data.keys/root.key");
    let old = std::fs::read(&file).expect("a root key");
    let shown = said(&keys(server.data(), &["rotate", "--root"]));
    assert!(
        shown.contains("There is another root key")
            && shown.contains("root key           version 2, from: file"),
        "{shown}"
    );
    server.wait_until_whole();
    send(&server);
    server.start_again();
    server.wait_until_whole();
    assert_eq!(server.count(SITE, "events"), 2);
    let new = std::fs::read(&file).expect("a root key");
    assert_ne!(old, new);
    server.terminate();
    std::fs::write(&file, old).expect("the old root key");
    let refused = keys(&data, &["list"]);
    assert!(said(&refused).contains("was written under another root key"), "{}", said(&refused));
}

#[test]
fn a_keeper_that_is_killed_while_keys_change_loses_none() {
    let server = Server::start();
    for site in [SITE, "destroyed.example"] {
        server.post("/api/sites", &json!({ "domain": site }));
    }
    let audit = server.data().with_file_name("data.keys").join("audit.log");
    let changes: [&[&str]; 6] = [
        &["rotate"],
        &["rotate", "--root"],
        &["rewrap"],
        &["rotate", "--site", SITE],
        &["rewrap"],
        &["destroy", "destroyed.example", "--confirm", "destroyed.example"],
    ];
    for (sent, change) in (1..).zip(changes) {
        let keeper = server.pid_of("keeper").expect("a keeper");
        let asks = if change.contains(&"--root") { "rotate-root" } else { change[0] };
        let begun = format!("\"asks\":\"{asks}\"");
        let lines = |text: String| text.lines().filter(|line| line.contains(&begun)).count();
        let read = || std::fs::read_to_string(&audit).expect("an audit file");
        let before = lines(read());
        std::thread::scope(|scope| {
            let changing = scope.spawn(|| keys(server.data(), change));
            // It is written down that the change is begun, so that it dies at what comes next.
            eventually("the change begins", || (lines(read()) > before).then_some(()));
            kill(keeper, Signal::KILL);
            let changed = changing.join().expect("an end");
            assert!(changed.status.success(), "asked again, it is done: {}", said(&changed));
        });
        server.wait_until_whole();
        send(&server);
        assert_eq!(server.count(SITE, "events"), sent, "after {change:?}");
    }
    assert!(said(&keys(server.data(), &["list"])).contains("removed"));
    server.terminate();
}
