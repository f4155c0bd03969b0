//! How recordings rest: sealed from the first moment, shown by no log, and gone with their site.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use super::*;
use crate::house::candor;
use crate::proofs::scanner::{Needle, read_files, read_trace_of_files, search, traced, with_packed};

const CANARY: &str = "canary-of-a-pages-text-51ab";

/// How many objects of recordings there are.
pub(super) fn objects(server: &Server) -> usize {
    contents(server).len()
}

/// The objects of recordings that there are.
pub(super) fn contents(server: &Server) -> BTreeSet<PathBuf> {
    let folders = fs::read_dir(server.data().join("recordings")).into_iter().flatten().flatten();
    folders
        .flat_map(|folder| {
            fs::read_dir(folder.path()).into_iter().flatten().flatten().map(|file| file.path())
        })
        .collect()
}

/// Everything that a server leaves of one recording: what it wrote, also for a moment only, and its log.
fn left_by(program: &'static str, prefix: &'static [&'static str]) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, trace) = (folder.path().join("data"), folder.path().join("trace"));
    let wrapper = {
        let trace = trace.clone();
        move || -> Command {
            let mut command = traced(&trace, OsStr::new(program));
            command.args(prefix);
            command
        }
    };
    let server = Server::on(&data, &[], wrapper);
    server.add_site(SITE);
    set(&server, &json!({ "on": true, "text": "clear" }));
    let [meta, full] = snapshot(AT, CANARY, "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    let one = arrived(&server, 1);
    let events = ask(&server, &server.owner().cookie, "GET", &format!("{}/events", path_of(&one)), None);
    assert!(events.text().contains(CANARY), "who may see it does: {}", events.text());
    assert!(objects(&server) > 0);
    let (output, _) = server.terminate();
    let mut rests = read_files(folder.path());
    rests.extend(read_trace_of_files(&trace, &data));
    rests.push(("the log".to_owned(), output.stderr));
    with_packed(rests)
}

#[test]
fn what_a_page_says_rests_sealed_in_the_spool_and_in_objects_and_no_log_repeats_it() {
    let rests = left_by(env!("CARGO_BIN_EXE_candor"), &[]);
    for needle in [Needle::text(CANARY), Needle::text(TAB)] {
        let found = search(&needle, &rests);
        assert!(found.is_empty(), "{}: {found:?}", needle.name);
    }
}

#[test]
fn the_twin_that_does_not_seal_is_caught_with_what_a_page_says_in_the_spool_and_in_objects() {
    let rests = left_by(env!("CARGO_BIN_EXE_candor-twin"), &["--without", "sealing"]);
    let found = search(&Needle::text(CANARY), &rests);
    for place in [".chunks", ".recording"] {
        assert!(found.iter().any(|found| found.contains(place)), "not in {place}: {found:?}");
    }
}

#[test]
fn with_its_site_a_recording_goes_for_ever() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    let one = arrived(&server, 1);
    let owner = &server.owner().cookie;
    // What is spooled when the site goes is let go of with it.
    assert_eq!(send(&server, &chunk(1, &[click(AT + 1)])).status, 202);
    let removed = server.ask(&Asking::json("DELETE", "/api/sites/example.com", &json!({ "confirm": SITE })));
    assert_eq!(removed.status, 204, "{}", removed.text());
    assert_eq!(ask(&server, owner, "GET", &path_of(&one), None).status, 404);
    eventually("its objects are deleted", || (objects(&server) == 0).then_some(()));
    let spooled = || fs::read_dir(server.data().join("spool")).into_iter().flatten().count();
    eventually("what was spooled is let go of", || (spooled() == 0).then_some(()));
    server.add_site(SITE);
    assert!(listed(&server).is_empty());
}

#[test]
fn a_copy_that_was_made_before_does_not_open_what_was_recorded_of_a_site_that_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp").success());
    };
    let server = Server::on(&data, &[], candor);
    server.add_site(SITE);
    set(&server, &json!({ "on": true }));
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    arrived(&server, 1);
    server.terminate();
    copy(&data, &backup);
    let server = Server::on(&data, &[], candor);
    let removed = crate::house::candor_of(&data)
        .args(["site", "remove", SITE, "--confirm", SITE, "--data"])
        .arg(&data)
        .output();
    assert!(removed.expect("an answer").status.success());
    server.terminate();
    fs::remove_dir_all(&data).expect("today's data away");
    copy(&backup, &data);
    let server = Server::on(&data, &[], candor);
    assert!(objects(&server) <= 1);
    eventually("what was left of it is deleted", || (objects(&server) == 0).then_some(()));
}

#[test]
fn the_twin_without_the_gate_keeps_what_was_typed_which_shows_that_the_gate_alone_keeps_it_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let without = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor-twin"));
        command.args(["--without", "gate"]);
        command
    };
    let server = Server::on(&folder.path().join("data"), &[], without);
    server.add_site(SITE);
    set(&server, &json!({ "on": true }));
    let [meta, full] = snapshot(AT, "Your cart", CANARY);
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    let one = arrived(&server, 1);
    let events = ask(&server, &server.owner().cookie, "GET", &format!("{}/events", path_of(&one)), None);
    assert!(events.text().contains(CANARY), "{}", events.text());
}
