//! Nothing of an event or of a site rests readable: not in the journal, not in a segment, not in the control database,
//! not in a file in the making or in the log (promises W4, O7, D41). The server that does not seal is caught by the
//! same search; the control database's own twin is in the tests of `control`, which find a site's name in a database
//! that an older Candor left.

use std::process::Command;

use serde_json::json;

use super::scanner::{Needle, read_files, search};
use super::{close_journal_file, segments};
use crate::house::{Server, eventually};

const SITE: &str = "canary-of-a-site.example";
const VISITOR: &str = "7d1f0c5e-93b4-4a86-8c2d-5e4f60718293";
const PATH: &str = "canary-of-a-path-7f21";
const PROPERTY: &str = "canary of a property, 91c4";
const PERSON: &str = "Ada Canary Byron-King";

/// Everything that rests after events were taken: while they are in the journal, and when they are in segments.
fn everything_at_rest(program: &'static str, prefix: &'static [&'static str]) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let wrapper = move || -> Command {
        let mut command = Command::new(program);
        command.args(prefix);
        command
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
    let (output, _) = server.terminate();
    rests.extend(named("while in a segment", read_files(&data)));
    rests.extend(named("beside the data", read_files(&folder.path().join("data.keys"))));
    rests.push(("the log".to_owned(), output.stderr));
    rests
}

fn named(when: &str, files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, bytes)| (format!("{name}, {when}"), bytes)).collect()
}

fn canaries() -> [Needle; 4] {
    [Needle::id(VISITOR), Needle::text(PATH), Needle::text(PROPERTY), Needle::text(PERSON)]
}

#[test]
fn nothing_of_an_event_or_a_site_rests_readable() {
    let rests = everything_at_rest(env!("CARGO_BIN_EXE_candor"), &[]);
    let site = Needle::text(SITE);
    let found: Vec<String> =
        canaries().iter().chain([&site]).flat_map(|canary| search(canary, &rests)).collect();
    let databases = rests.iter().filter(|(_, bytes)| bytes.starts_with(b"SQLite format 3"));
    assert_eq!(databases.count(), 0, "a database can be opened without a key");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_twin_that_does_not_seal_is_caught_with_every_canary() {
    let rests = everything_at_rest(env!("CARGO_BIN_EXE_candor-twin"), &["--without", "sealing"]);
    for canary in canaries() {
        let found = search(&canary, &rests);
        assert!(found.iter().any(|place| place.contains("journal")), "{}: {found:?}", canary.name);
    }
    // Texts in a segment are compressed, where a search finds nothing; that it is open can still be seen.
    let open = rests.iter().any(|(place, bytes)| place.contains("segments") && bytes.starts_with(b"PAR1"));
    assert!(open, "segments are not open");
}
