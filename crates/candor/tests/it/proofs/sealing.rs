//! Nothing of an event or of a site rests readable: not in the journal, not in a segment, not in the control database,
//! not in a file that is gone again and not in the log (promises W4, O7, D41). The same search finds all of it in what
//! the same server exports, and in what the server that does not seal leaves. The control database's own twin is in
//! the tests of `control`, which find a site's name in a database that an older Candor left.

use std::ffi::OsStr;
use std::process::Command;

use serde_json::json;

use super::scanner::{Needle, read_files, read_trace_of_files, search, traced, with_packed};
use super::{close_journal_file, segments};
use crate::house::{Server, candor_of, eventually};

const SITE: &str = "canary-of-a-site.example";
const VISITOR: &str = "7d1f0c5e-93b4-4a86-8c2d-5e4f60718293";
const PATH: &str = "canary-of-a-path-7f21";
const PROPERTY: &str = "canary of a property, 91c4";
const PERSON: &str = "Ada Canary Byron-King";

/// What a server leaves of one event and one site.
struct Left {
    /// Everything that rests, or rested for a moment: while the event is in the journal, and when it is in a segment.
    rests: Vec<(String, Vec<u8>)>,
    /// What the same server exports.
    exported: Vec<(String, Vec<u8>)>,
}

fn left_by(program: &'static str, prefix: &'static [&'static str]) -> Left {
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
    let mut server = Server::on(&data, &[], wrapper);
    server.post("/api/sites", &json!({ "domain": SITE }));
    let reply = server.send(&json!({
        "n": "pageview", "u": format!("https://{SITE}/{PATH}"), "d": SITE, "visitor": VISITOR,
        "p": { "note": PROPERTY, "name": PERSON },
    }));
    assert_eq!(reply.status, 202);
    assert_eq!(server.count(SITE, "events"), 1);
    let mut rests = named("while in the journal", read_files(&data));
    close_journal_file(&server);
    eventually("the event is in a segment", || (!segments(&data).is_empty()).then_some(()));
    assert_eq!(server.count(SITE, "events"), 1);
    server.start_again();
    server.wait_until_whole();
    assert_eq!(server.count(SITE, "events"), 1, "by a server that has nothing in memory");
    let exported =
        candor_of(&data).args(["site", "export", SITE, "--data"]).arg(&data).output().expect("an export");
    assert!(exported.status.success());
    let (output, _) = server.terminate();
    rests.extend(named("while in a segment", read_files(&data)));
    rests.extend(named("beside the data", read_files(&folder.path().join("data.keys"))));
    rests.push(("the log".to_owned(), output.stderr));
    for written in [&data, &folder.path().join("data.keys")] {
        rests.extend(read_trace_of_files(&trace, written));
    }
    Left { rests: with_packed(rests), exported: vec![("the export".to_owned(), exported.stdout)] }
}

fn named(when: &str, files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, bytes)| (format!("{name}, {when}"), bytes)).collect()
}

/// What is stored of an event.
fn canaries() -> [Needle; 4] {
    [Needle::visitor(VISITOR), Needle::text(PATH), Needle::text(PROPERTY), Needle::text(PERSON)]
}

#[test]
fn nothing_of_an_event_or_a_site_rests_readable_and_the_export_has_all_of_it() {
    let Left { rests, exported } = left_by(env!("CARGO_BIN_EXE_candor"), &[]);
    let site = Needle::text(SITE);
    for canary in canaries().iter().chain([&site]) {
        let found = search(canary, &rests);
        assert!(found.is_empty(), "{}", found.join("\n"));
        assert!(!search(canary, &exported).is_empty(), "{} is not in the export", canary.name);
    }
    let databases = rests.iter().filter(|(_, bytes)| bytes.starts_with(b"SQLite format 3"));
    assert_eq!(databases.count(), 0, "a database can be opened without a key");
    let gone =
        rests.iter().filter(|(place, _)| place.starts_with("a write to") && place.contains("/data/tmp/"));
    assert!(gone.count() > 0, "files in the making were not seen");
}

#[test]
fn the_twin_that_does_not_seal_is_caught_with_every_canary_wherever_it_leaves_one() {
    let Left { rests, .. } = left_by(env!("CARGO_BIN_EXE_candor-twin"), &["--without", "sealing"]);
    for canary in canaries() {
        let found = search(&canary, &rests);
        for place in ["/journal/", "/segments/", "a write to"] {
            assert!(found.iter().any(|found| found.contains(place)), "{} in {place}: {found:?}", canary.name);
        }
        let making = |found: &String| found.contains("a write to") && found.contains("/data/tmp/");
        assert!(found.iter().any(making), "{} in a file in the making: {found:?}", canary.name);
    }
}
