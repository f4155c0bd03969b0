//! A site that was removed is gone from every copy: a copy of the whole data directory made before, put back beside
//! today's keys, opens everything but that site, and what is left of it is deleted (promise O10).

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{close_journal_file, segments};
use crate::house::{Server, candor, candor_of, eventually};

const GONE: &str = "gone.example";
const STAYS: &str = "stays.example";

/// A server with an event of either site in a segment.
fn two_sites(data: &Path) -> Server {
    let server = Server::on(data, &[], candor);
    for site in [GONE, STAYS] {
        server.post("/api/sites", &json!({ "domain": site }));
        let event = json!({ "n": "pageview", "u": format!("https://{site}/"), "d": site });
        assert_eq!(server.send(&event).status, 202);
    }
    close_journal_file(&server);
    eventually("both events are in segments", || (segments(data).len() == 2).then_some(()));
    server
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp");
    assert!(copied.success());
}

fn remove(data: &Path, typed: &str) -> (Option<i32>, String) {
    let mut command = candor_of(data);
    command.args(["site", "remove", GONE, "--confirm", typed, "--data"]).arg(data);
    let output = command.output().expect("an answer");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn knows(server: &Server, site: &str) -> bool {
    server.get(&format!("/api/sites/{site}")).status == 200
}

#[test]
fn a_removed_site_is_gone_from_a_copy_that_was_made_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let server = two_sites(&data);
    server.terminate();
    copy(&data, &backup);

    let server = Server::on(&data, &[], candor);
    let (code, said) = remove(&data, GONE);
    assert_eq!(code, Some(0), "{said}");
    assert!(!knows(&server, GONE) && knows(&server, STAYS));
    assert_eq!(server.count(STAYS, "events"), 1);
    eventually("its files are deleted", || (segments(&data).len() == 1).then_some(()));
    let refused = server.send(&json!({ "n": "pageview", "u": format!("https://{GONE}/"), "d": GONE }));
    assert_eq!(refused.header("x-candor-refused"), Some("unknown_site"));
    server.terminate();

    std::fs::remove_dir_all(&data).expect("today's data away");
    copy(&backup, &data);
    assert_eq!(segments(&data).len(), 2);
    let server = Server::on(&data, &[], candor);
    assert!(!knows(&server, GONE), "what was destroyed came back");
    assert_eq!(server.count(STAYS, "events"), 1, "what was not destroyed opens");
    eventually("what was left of it is deleted", || (segments(&data).len() == 1).then_some(()));
}

#[test]
fn with_the_keys_of_that_day_the_same_copy_opens_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    two_sites(&data).terminate();
    copy(&data, &backup);
    copy(&folder.path().join("data.keys"), &folder.path().join("backup.keys"));
    let server = Server::on(&data, &[], candor);
    assert_eq!(remove(&data, GONE).0, Some(0));
    server.terminate();
    // The sabotage: had the keys not been destroyed, the copy would give everything away.
    let server = Server::on(&backup, &[], candor);
    assert_eq!((server.count(GONE, "events"), server.count(STAYS, "events")), (1, 1));
}

#[test]
fn a_site_is_not_removed_by_a_mistyped_name() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": GONE }));
    let (code, said) = remove(server.data(), "gone.exmaple");
    assert_eq!(code, Some(1));
    assert!(said.contains("nothing was removed"), "{said}");
    assert!(knows(&server, GONE));
}
