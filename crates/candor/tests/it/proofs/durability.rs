//! What the catalog lists is on the disk first: a segment's file is synced before it has its name, and its folder after.
//! Judged by the system calls of a running server, in its sandbox. It was seen red with the syncing left out of the
//! object store.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{close_journal_file, segments};
use crate::house::{Server, eventually};

/// A command that runs what follows it and writes every sync and renaming of every process into `trace`.
fn watched(trace: &Path) -> Command {
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "--seccomp-bpf", "-y", "-s", "4096"])
        .args(["-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o"])
        .arg(trace)
        .arg(env!("CARGO_BIN_EXE_candor"));
    strace
}

#[test]
fn a_segment_is_synced_before_it_has_its_name_and_its_folder_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, trace) = (folder.path().join("data"), folder.path().join("trace"));
    let server = Server::on(&data, &[], {
        let trace = trace.clone();
        move || watched(&trace)
    });
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let event = json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    assert_eq!(server.send(&event).status, 202);
    close_journal_file(&server);
    let segment = eventually("the event is in a segment", || segments(&data).pop());
    server.terminate();
    let trace = std::fs::read_to_string(&trace).expect("a trace");
    let (file, place) = (segment.display(), segment.parent().expect("a folder").display());
    let steps = [
        ("fsync(", format!("<{file}#1>")),
        ("rename", format!("\"{file}\"")),
        ("fsync(", format!("<{place}>")),
    ];
    let mut calls = trace.lines();
    for (call, of) in &steps {
        let found = calls.any(|line| line.contains(call) && line.contains(of));
        assert!(found, "no {call} of {of} in its turn:\n{trace}");
    }
}
