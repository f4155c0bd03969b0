//! What is kept of a site can be had whole: every event once, opened, or the command says that it is not all.

use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{damage_segments, run};
use crate::house::{Server, candor, candor_of, eventually, kill};

const SITE: &str = "demo.candor.example";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn export(data: &Path, domain: &str) -> Vec<Value> {
    let (code, said, complaint) = run(data, &["site", "export", domain]);
    assert_eq!(code, Some(0), "{complaint}");
    let lines = lines(&said);
    assert!(complaint.contains(&format!("{} events of {domain} are exported", lines.len())), "{complaint}");
    lines
}

/// A data directory with a demo site whose events are in segments.
fn settled_demo(data: &Path, events: &str) {
    crate::house::owned(data);
    assert_eq!(run(data, &["demo", "--days", "5", "--events", events]).0, Some(0));
    let server = Server::on(data, &[], candor);
    eventually("the journal is absorbed", || {
        let page = String::from_utf8(crate::metrics::read(&server)).ok()?;
        page.lines()
            .any(|line| line.starts_with("candor_segments ") && line != "candor_segments 0")
            .then_some(())
    });
}

#[test]
fn an_export_says_the_same_as_the_reports_from_segments_and_journal_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    settled_demo(&data, "3000");
    let server = Server::on(&data, &[], candor);
    let now = json!({ "n": "pageview", "u": format!("https://{SITE}/just-now"), "d": SITE });
    assert_eq!(server.send(&now).status, 202);
    let all = export(&data, SITE);
    let counted: Vec<&Value> = all.iter().filter(|line| line["set_aside"].is_null()).collect();
    let happened = counted.iter().filter(|line| line["name"] != "engagement").count();
    assert_eq!(happened as u64, server.count(SITE, "events"));
    assert!(counted.iter().any(|line| line["page"] == "/just-now"));
    let visitors: BTreeSet<&str> = counted.iter().filter_map(|line| line["visitor"].as_str()).collect();
    assert_eq!(visitors.len() as u64, server.count(SITE, "visitors"));
    let mut whose = all.iter().map(|line| (&line["visitor"], line["timestamp"].as_str().expect("a time")));
    let mut finished = BTreeSet::new();
    let mut last = whose.next().expect("an event");
    for (visitor, at) in whose {
        if visitor == last.0 {
            assert!(at >= last.1, "{at} after {}", last.1);
        } else {
            assert!(finished.insert(last.0.to_string()), "the events of {} are not together", last.0);
        }
        last = (visitor, at);
    }
}

#[test]
fn an_exported_event_has_everything_that_is_kept_of_it_and_is_there_once() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let visitor = "0190163d-8694-439b-aea5-966c26f8ad91";
    let event = json!({
        "n": "order", "u": "https://www.example.com/shop?utm_source=letter", "d": "example.com",
        "r": "https://news.example/a", "visitor": visitor, "id": "0190163d-8694-439b-aea5-966c26f8ad92",
        "p": { "size": "XL", "note": "two \"words\"" }, "$": { "amount": "12.345", "currency": "EUR" },
    });
    for _ in 0..2 {
        assert_eq!(server.send(&event).status, 202);
    }
    let all = export(server.data(), "example.com");
    let [line] = &all[..] else { panic!("one event: {all:?}") };
    for (name, value) in [
        ("visitor", json!(visitor)),
        ("name", json!("order")),
        ("hostname", json!("example.com")),
        ("page", json!("/shop")),
        ("props", json!({ "note": "two \"words\"", "size": "XL" })),
        ("revenue", json!({ "amount": "12.345", "currency": "EUR" })),
        ("utm_source", json!("letter")),
        ("referrer", json!("news.example/a")),
        ("browser", json!("Firefox")),
        ("interactive", json!(true)),
        ("scroll_depth", json!(null)),
        ("set_aside", json!(null)),
    ] {
        assert_eq!(line[name], value, "{name}");
    }
}

#[test]
fn a_file_is_this_accounts_alone_and_never_takes_the_place_of_another() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    let file = server.data().with_file_name("example.jsonl");
    let arguments = ["site", "export", "example.com", "--output", file.to_str().expect("a path")];
    let (code, said, _) = run(server.data(), &arguments);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = std::fs::read_to_string(&file).expect("a file");
    assert_eq!(lines(&before).len(), 1);
    let (code, _, complaint) = run(server.data(), &arguments);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("exists already"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), before);
}

#[test]
fn what_cannot_be_read_fails_the_export_and_no_file_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    settled_demo(&data, "2000");
    damage_segments(&data);
    let (code, _, complaint) = run(&data, &["site", "export", SITE]);
    assert_eq!(code, Some(1), "{complaint}");
    assert!(complaint.contains(".parquet is damaged"), "the log says why: {complaint}");
    let file = folder.path().join("demo.jsonl");
    let (code, ..) = run(&data, &["site", "export", SITE, "--output", file.to_str().expect("a path")]);
    assert_eq!(code, Some(1));
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("demo.jsonl"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let unfinished = folder.path().join("demo.jsonl.unfinished");
    std::fs::write(&unfinished, "of another export").expect("a file");
    let (code, ..) = run(&data, &["site", "export", SITE, "--output", file.to_str().expect("a path")]);
    assert_eq!(code, Some(1));
    assert_eq!(std::fs::read(&unfinished).expect("still there"), b"of another export");
    let (code, _, complaint) = run(&data, &["site", "export", "other.example"]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("there is no site other.example"), "{complaint}");
}

#[test]
fn an_export_that_breaks_off_in_the_middle_says_that_it_is_not_whole() {
    let server = Server::start();
    // More than waits between the server and a reader that does not read.
    assert_eq!(run(server.data(), &["demo", "--days", "5", "--events", "20000"]).0, Some(0));
    let mut export = candor_of(server.data())
        .args(["site", "export", SITE, "--data"])
        .arg(server.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = export.stdout.take().expect("a pipe");
    lines.read_exact(&mut [0; 10_000]).expect("the first lines");
    kill(server.pid_of("app").expect("an app"), rustix::process::Signal::KILL);
    lines.read_to_end(&mut Vec::new()).expect("the last lines");
    let output = export.wait_with_output().expect("its end");
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("the export is not whole"), "{complaint}");
    assert!(!complaint.contains("are exported"), "{complaint}");
}
