//! A disk without room: events and chunks of recordings are declined, nothing acknowledged is lost, and it heals by itself.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::house::{Asking, Server, candor, eventually};
use crate::recordings::{clicks_recorded, send_visit, set_recording};

/// Room of the small disk.
const DISK: &str = "size=24m";

/// Starts the server where its data directory is a small disk of its own, which nobody else sees.
fn on_a_small_disk(data: &Path) -> Command {
    let mut unshare = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        unshare.arg("--map-root-user");
    }
    let script = format!("mount -t tmpfs -o {DISK},mode=0700 candor \"$DATA\" && exec \"$0\" \"$@\"");
    unshare.args(["--mount", "sh", "-c", &script]).arg(candor().get_program()).env("DATA", data);
    unshare
}

/// The data directory as the server sees it.
fn seen_by(server: &Server) -> PathBuf {
    let data = server.data().strip_prefix("/").expect("an absolute path");
    Path::new("/proc").join(server.pid().to_string()).join("root").join(data)
}

fn send(server: &Server) -> u16 {
    server
        .send(&json!({ "n": "pageview", "u": "https://example.com/", "p": { "filler": "x".repeat(1_500) } }))
        .status
}

#[test]
fn a_full_disk_declines_events_loses_none_and_heals() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder to mount on");
    let place = data.clone();
    let server = Server::on(&data, &[], move || on_a_small_disk(&place));
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let mut acknowledged = 0;
    for _ in 0..20 {
        assert_eq!(send(&server), 202);
        acknowledged += 1;
    }

    let filler = seen_by(&server).join("filler");
    let mut file = File::create(&filler).expect("a file that takes all room");
    while file.write_all(&[0; 4096]).is_ok() {}
    let declined = eventually("an event is declined", || {
        let reply = server
            .send(&json!({ "n": "pageview", "u": "https://example.com/", "p": { "a": "x".repeat(1_500) } }));
        acknowledged += u64::from(reply.status == 202);
        (reply.status != 202).then_some(reply)
    });
    assert_eq!((declined.status, declined.header("retry-after")), (503, Some("2")));
    let health = server.get("/api/health");
    assert_eq!((health.status, &health.json()["storage"]), (503, &json!("full")));
    assert_eq!(server.get("/api/health/ingest").status, 503);
    assert_eq!(server.count("example.com", "pageviews"), acknowledged, "with no room left");

    drop(file);
    fs::remove_file(&filler).expect("room again");
    eventually("the room is noticed though nobody sends anything", || {
        (server.get("/api/health/ingest").status == 200).then_some(())
    });
    assert_eq!(server.ask(&Asking::get("/api/health")).json()["storage"], "ok");
    assert_eq!(send(&server), 202);
    acknowledged += 1;
    assert_eq!(server.count("example.com", "pageviews"), acknowledged, "with room again");
}

#[test]
fn a_full_disk_declines_chunks_of_recordings_loses_none_and_heals() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder to mount on");
    let place = data.clone();
    let server = Server::on(&data, &[], move || on_a_small_disk(&place));
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    set_recording(&server, &json!({ "on": true }));
    let mut acknowledged = 0;
    for number in 0..5 {
        assert_eq!(send_visit(&server, number), 202);
        acknowledged += 1;
    }

    let filler = seen_by(&server).join("filler");
    let mut file = File::create(&filler).expect("a file that takes all room");
    while file.write_all(&[0; 4096]).is_ok() {}
    let declined = eventually("a chunk is declined", || {
        let status = send_visit(&server, acknowledged);
        acknowledged += u32::from(status == 202);
        (status != 202).then_some(status)
    });
    assert_eq!(declined, 503);

    drop(file);
    fs::remove_file(&filler).expect("room again");
    assert_eq!(send_visit(&server, acknowledged), 202);
    acknowledged += 1;
    eventually("all of them are kept", || {
        (clicks_recorded(&server) == u64::from(acknowledged)).then_some(())
    });
}
