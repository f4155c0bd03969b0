//! What can be typed beside `candor serve`.

mod audit;
mod export;

use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::house::{Server, candor, candor_of, eventually, owned};

fn run(data: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        candor_of(data).args(arguments).arg("--data").arg(data).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_site_is_added_beside_a_running_server() {
    let server = Server::start();
    let (code, said, _) = run(server.data(), &["site", "add", "example.com", "--timezone", "Europe/Berlin"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("data-site=\"example.com\""), "{said}");
    assert_eq!(server.get("/api/sites/example.com").json()["timezone"], "Europe/Berlin");
    let (code, _, complaint) = run(server.data(), &["site", "add", "example.com"]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("example.com is measured already"), "{complaint}");
}

#[test]
fn a_site_is_added_with_no_server_and_a_later_one_knows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    owned(&data);
    assert_eq!(run(&data, &["site", "add", "example.com"]).0, Some(0));
    let (code, said, _) = run(&data, &["site", "list"]);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("example.com  UTC  since "), "{said}");
    let server = Server::on(&data, &[], candor);
    let reply = server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
}

#[test]
fn a_demo_fills_its_site_once_with_believable_history() {
    let server = Server::start();
    let arguments = ["demo", "--days", "30", "--events", "3000", "--seed", "7"];
    let (code, _, complaint) = run(server.data(), &arguments);
    assert_eq!(code, Some(0), "{complaint}");
    let question = |dimension: &str| {
        let query = json!({
            "site_id": "demo.candor.example", "date_range": "30d", "metrics": ["visitors"],
            "dimensions": [dimension],
        });
        server.post("/api/v2/query", &query).json()["results"].as_array().expect("rows").len()
    };
    for (dimension, least) in [
        ("time:day", 28),
        ("visit:source", 8),
        ("visit:country", 10),
        ("visit:browser", 5),
        ("visit:device", 3),
        ("event:page", 10),
        ("event:name", 4),
    ] {
        assert!(question(dimension) >= least, "{dimension}: {}", question(dimension));
    }
    let before = server.count("demo.candor.example", "events");
    let (code, said, _) = run(server.data(), &arguments);
    assert_eq!(code, Some(0));
    assert!(said.contains("has its history already"), "{said}");
    assert_eq!(server.count("demo.candor.example", "events"), before);
}

#[test]
fn live_visitors_come_through_the_front_door() {
    let server = Server::start();
    let mut demo = candor_of(server.data())
        .args(["demo", "--events", "2000", "--days", "3", "--live", "--data"])
        .arg(server.data())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let live = eventually("an event comes over HTTP", || {
        let log = std::str::from_utf8(&crate::metrics::read(&server)).ok()?.to_owned();
        log.lines()
            .find_map(|line| line.strip_prefix("candor_events_accepted_total ")?.parse::<u64>().ok())
            .filter(|n| *n > 0)
    });
    assert!(live > 0);
    crate::house::kill(demo.id(), rustix::process::Signal::INT);
    assert!(demo.wait().expect("its end").success());
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_healthy_server() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    let (code, said, complaint) = run(server.data(), &["doctor"]);
    assert_eq!(code, Some(0), "{said}{complaint}");
    assert!(said.contains("all 1 can be opened and read"), "{said}");
    assert!(said.contains("journal      1 part sealed: 1 to version 1"), "{said}");
    assert!(said.contains("database     sealed under version 1"), "{said}");
    assert!(
        said.contains("keys         sealed under version 1 of the root key, which comes from: file"),
        "{said}"
    );
}

#[test]
fn the_doctor_sees_a_damaged_segment_an_open_door_and_a_format_from_the_future() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    owned(&data);
    let demo = ["demo", "--days", "2", "--events", "2000"];
    assert_eq!(run(&data, &demo).0, Some(0));
    let server = Server::on(&data, &[], candor);
    eventually("the worker has published segments", || {
        let page = String::from_utf8(crate::metrics::read(&server)).ok()?;
        page.lines()
            .any(|line| line.starts_with("candor_segments ") && line != "candor_segments 0")
            .then_some(())
    });
    drop(server);
    let (code, said, _) = run(&data, &["doctor", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(0), "{said}");
    damage_segments(&data);
    let (code, said, _) = run(&data, &["doctor", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("WRONG  events"), "{said}");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("an open door");
    std::fs::write(data.join("format.json"), r#"{"format":9,"written_by":"candor 9"}"#).expect("a format");
    let (code, said, _) = run(&data, &["doctor", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("WRONG  data") && said.contains("WRONG  format"), "{said}");
}

/// Flips one bit in the middle of every segment.
fn damage_segments(data: &Path) {
    let sites = std::fs::read_dir(data.join("segments")).expect("segments").flatten();
    for segment in
        sites.flat_map(|site| std::fs::read_dir(site.path()).expect("segments of a site").flatten())
    {
        let mut bytes = std::fs::read(segment.path()).expect("a segment");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x40;
        std::fs::write(segment.path(), bytes).expect("a damaged segment");
    }
}

#[test]
fn a_command_whose_reader_has_enough_ends_without_a_complaint() {
    let server = Server::start();
    let mut listing = candor()
        .args(["keys", "list", "--data"])
        .arg(server.data())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(listing.stdout.take());
    let output = listing.wait_with_output().expect("its end");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn keys_are_listed_by_site_and_never_shown() {
    let server = Server::start();
    for domain in ["stays.example", "goes.example"] {
        server.post("/api/sites", &json!({ "domain": domain }));
    }
    let removed = ["site", "remove", "goes.example", "--confirm", "goes.example"];
    assert_eq!(run(server.data(), &removed).0, Some(0));
    let (code, said, _) = run(server.data(), &["keys", "list"]);
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 6, "{said}");
    assert!(lines[0].ends_with("root key           version 1, from: file"), "{said}");
    assert!(lines[3].ends_with("events of no site  version 1, sealed to version 1"), "{said}");
    assert!(lines[4].ends_with("stays.example      version 1, sealed to version 1"), "{said}");
    assert!(lines[5].contains("removed            destroyed 20"), "{said}");
}

#[test]
fn every_command_explains_itself_with_examples() {
    for command in [
        &["serve"][..],
        &["site", "add"],
        &["site", "list"],
        &["site", "export"],
        &["site", "remove"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["keys", "rewrap"],
        &["keys", "destroy"],
        &["audit", "verify"],
        &["audit", "checkpoint"],
        &["audit", "export"],
        &["demo"],
        &["doctor"],
        &["break-glass"],
        &[],
    ] {
        let output = candor().args(command).arg("--help").output().expect("help");
        assert!(output.status.success());
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(help.contains("Examples:"), "{command:?}: {help}");
    }
    assert_eq!(candor().arg("dance").output().expect("a complaint").status.code(), Some(2));
}
