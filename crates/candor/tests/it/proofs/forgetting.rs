//! A visitor who was erased is gone from every store: their canaries are found everywhere before by the scanner that finds
//! them nowhere after, and nobody else is touched (promises O12, O25).

pub(crate) mod backups;

use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::scanner::{Needle, read_files, search, with_packed};
use super::{close_journal_file, segments};
use crate::house::{Asking, Reply, Server, candor, eventually, kill, twin_without};
use crate::people::ask;
use crate::recordings::{SITE, send_visit_of, set_recording};

pub(crate) const GONE: &str = "7d0f0d3e-7e0b-4a53-9df2-0d7c0a1b2c3d";
pub(crate) const STAYS: &str = "1b6a2c4e-0f3d-4b5c-8a7e-9d8c7b6a5f4e";
/// In an event's name, its path, a property, and what a page shows.
const CANARIES: [&str; 4] =
    ["canary-name-41f3", "canary-path-52a4", "canary-property-63b5", "canary-page-74c6"];
/// Events of each visitor that count, and those of them that are set aside.
const EVENTS: u64 = 4;
const SET_ASIDE: u64 = 1;

fn event(visitor: &str) -> Value {
    let [name, path, property, _] = match visitor {
        GONE => CANARIES,
        _ => ["signup", "path", "property", "page"],
    };
    let url = format!("https://{SITE}/{path}");
    json!({ "n": name, "u": url, "d": SITE, "visitor": visitor, "p": { "plan": property } })
}

/// Takes an event of some days ago in, as an import does.
fn import(server: &Server, visitor: &str, days: i64) {
    let mut event = event(visitor);
    event["timestamp"] = json!(now() - days * 86_400_000);
    assert_eq!(server.import(&event)["kept"], 1);
}

/// Milliseconds since 1970, as the file system says.
fn now() -> i64 {
    let written = tempfile::tempfile().and_then(|file| file.metadata()?.modified()).expect("a time");
    i64::try_from(written.duration_since(UNIX_EPOCH).expect("after 1970").as_millis()).expect("a time")
}

/// Has both visitors in the segment of a month that is over, in that of a day, among what is set aside, in a closed journal
/// file, in the one that is being written, in a recording and among chunks that were just spooled.
fn everywhere(server: &Server) {
    server.add_site(SITE);
    set_recording(server, &json!({ "on": true, "text": "clear" }));
    let shown = |visitor| if visitor == GONE { CANARIES[3] } else { "Something else" };
    for visitor in [GONE, STAYS] {
        import(server, visitor, 100);
        import(server, visitor, 100);
        assert_eq!(send_visit_of(server, visitor, shown(visitor), 0), 202);
    }
    let robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    for visitor in [GONE, STAYS] {
        assert_eq!(server.send(&event(visitor)).status, 202);
        let asking = Asking::post("/api/event", event(visitor).to_string())
            .header("content-type", "text/plain")
            .header("user-agent", robot);
        assert_eq!(server.ask(&asking).header("x-candor-refused"), Some("bot"));
    }
    close_journal_file(server);
    eventually("months, days and what is set aside are in segments", || {
        (segments(server.data()).len() >= 3).then_some(())
    });
    eventually("both recordings are listed", || (recordings(server).len() == 2).then_some(()));
    for visitor in [GONE, STAYS] {
        assert_eq!(server.send(&event(visitor)).status, 202);
        assert_eq!(send_visit_of(server, visitor, shown(visitor), 1), 202);
    }
}

fn owner(server: &Server, method: &str, path: &str) -> Reply {
    ask(server, &server.owner().cookie, method, &format!("/api/sites/{SITE}/{path}"), None)
}

fn recordings(server: &Server) -> Vec<Value> {
    owner(server, "GET", "recordings").json()["recordings"].as_array().expect("recordings").clone()
}

fn preview(server: &Server, visitor: &str) -> Value {
    let reply = owner(server, "GET", &format!("visitors/{visitor}/erasure"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["found"].clone()
}

fn erase(server: &Server, visitor: &str) -> Value {
    let reply = owner(server, "POST", &format!("visitors/{visitor}/erasure"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn check(server: &Server, erasure: &Value) -> Value {
    let reply = owner(server, "GET", &format!("erasures/{}?check=true", erasure["number"]));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["check"].clone()
}

/// What an export gives: everything that is kept of events, opened.
fn exported(server: &Server) -> String {
    let reply = owner(server, "GET", "export");
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text()
}

/// What `candor erasure verify` says of a receipt, and whether it counts.
fn verified(receipt: &str) -> (bool, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("receipt.txt");
    std::fs::write(&file, receipt).expect("a file");
    let said = candor().args(["erasure", "verify"]).arg(&file).output().expect("an answer");
    let text = [said.stdout, said.stderr].concat();
    (said.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn an_erased_visitor_is_gone_from_everything_that_is_shown_and_nobody_else_is() {
    let server = Server::start();
    everywhere(&server);
    let (before, of_other) = (preview(&server, GONE), preview(&server, STAYS));
    assert_eq!((before["events"].as_u64(), before["set_aside"].as_u64()), (Some(EVENTS), Some(SET_ASIDE)));
    assert_eq!(before["recordings"], 1);
    assert!(CANARIES[..3].iter().all(|canary| exported(&server).contains(canary)));

    let erasure = erase(&server, GONE);
    for (name, value) in before.as_object().expect("counts") {
        // A chunk that was just spooled is part of the recording by now.
        if name != "recording_bytes" {
            assert_eq!(erasure["found"][name], *value, "{name}");
        }
    }
    let after = exported(&server);
    assert!(CANARIES.iter().chain([&GONE]).all(|canary| !after.contains(canary)));
    assert!(after.contains(STAYS));
    assert_eq!(server.count(SITE, "events"), 2, "those of the other visitor in these days");
    let left = preview(&server, STAYS);
    assert_eq!((&left["events"], &left["set_aside"]), (&of_other["events"], &of_other["set_aside"]));
    assert_eq!(recordings(&server).len(), 1);
    assert_eq!(preview(&server, GONE)["events"], 0);

    let (counts, said) = verified(erasure["receipt"].as_str().expect("a receipt"));
    assert!(counts && said.contains(&format!("\nevents: {EVENTS}\n")), "{said}");
    let (counts, _) =
        verified(&erasure["receipt"].as_str().expect("a receipt").replace("events: 4", "events: 5"));
    assert!(!counts, "an altered receipt counts");
    assert_eq!(check(&server, &erasure)["still_true"], true);
    assert_eq!(erase(&server, GONE)["number"], erasure["number"], "asked again it is the same");
    // Who comes again is another visit, and the receipt stays true.
    assert_eq!(server.send(&event(GONE)).status, 202);
    let found = check(&server, &erasure);
    assert_eq!((&found["still_true"], &found["found"]["events"]), (&json!(true), &json!(1)), "{found}");
}

#[test]
fn audit_log_and_list_name_an_erased_visitor_by_a_digest_alone() {
    let server = Server::start();
    server.add_site(SITE);
    assert_eq!(server.send(&event(GONE)).status, 202);
    preview(&server, GONE);
    let erasure = erase(&server, GONE);
    check(&server, &erasure);
    let digest = erasure["visitor"].as_str().expect("a digest").to_owned();
    let log = ask(&server, &server.owner().cookie, "GET", "/api/audit", None).text();
    for act in ["erasure_preview", "visitor_erase", "visitor_erased", "erasure_check"] {
        assert!(log.contains(&format!("\"{act}\"")), "{act} is not in {log}");
    }
    let list = owner(&server, "GET", "erasures").text();
    assert!(log.contains(&digest) && list.contains(&digest));
    assert!(!log.contains(GONE) && !list.contains(GONE));
}

/// Where the erased visitor is found in everything that a server holds, in which nothing is sealed: before and after the
/// erasure; and what a check of the receipt says.
fn found_without(controls: &'static str) -> (Vec<String>, Vec<String>, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Server::on(&data, &[], move || twin_without(controls));
    everywhere(&server);
    let needles: Vec<Needle> =
        CANARIES.iter().map(|canary| Needle::text(canary)).chain([Needle::visitor(GONE)]).collect();
    let found = || {
        let mut rests = read_files(folder.path());
        rests.push(("the log".to_owned(), server.log().into_bytes()));
        let rests = with_packed(rests);
        needles.iter().flat_map(|needle| search(needle, &rests)).collect::<Vec<String>>()
    };
    // What an export leaves on the server is looked for as well.
    assert!(exported(&server).contains(CANARIES[0]));
    // What was spooled before may be in a recording by now.
    assert_eq!(send_visit_of(&server, GONE, CANARIES[3], 2), 202);
    let before = found();
    let erasure = erase(&server, GONE);
    (before, found(), check(&server, &erasure))
}

#[test]
fn what_is_found_of_a_visitor_in_every_file_before_is_found_in_none_after() {
    let (before, after, check) = found_without("sealing");
    for place in [".parquet", ".journal", ".recording", ".chunks"] {
        assert!(before.iter().any(|found| found.contains(place)), "not in {place} before: {before:#?}");
    }
    for needle in CANARIES.iter().chain([&GONE]) {
        assert!(before.iter().any(|found| found.starts_with(needle)), "{needle} is nowhere before");
    }
    assert_eq!(after, Vec::<String>::new());
    assert_eq!(check["still_true"], true);
}

#[test]
fn the_twin_that_leaves_events_out_is_caught_by_the_scanner_and_by_the_check_of_its_own_receipt() {
    let (_, after, check) = found_without("sealing,erasing-events");
    assert!(after.iter().any(|found| found.contains(".parquet")), "{after:#?}");
    assert_eq!(check["still_true"], false, "{check}");
}

#[test]
fn the_twin_that_leaves_recordings_out_is_caught_by_the_scanner() {
    let (_, after, check) = found_without("sealing,erasing-recordings");
    assert!(after.iter().any(|found| found.contains(".recording")), "{after:#?}");
    assert!(check["found"]["recordings"].as_u64() > Some(0), "{check}");
}

#[test]
fn however_often_the_worker_is_killed_meanwhile_an_erasure_is_done_whole_and_tells_all_of_it() {
    for round in 0..4_u64 {
        let server = Server::start();
        everywhere(&server);
        let before = preview(&server, GONE);
        let erasure = thread::scope(|scope| {
            let answer = scope.spawn(|| erase(&server, GONE));
            for kick in 0..3 {
                let Some(pid) = server.pid_of("worker") else { continue };
                // Somewhere else in each round: what it is at then is not known, and must not matter.
                let until = Instant::now() + Duration::from_millis(round * 13 + kick * 7);
                eventually("a moment", || (Instant::now() >= until).then_some(()));
                kill(pid, Signal::KILL);
            }
            answer.join().expect("an answer")
        });
        for name in ["events", "set_aside", "visits", "recordings"] {
            assert_eq!(erasure["found"][name], before[name], "{name} in round {round}");
        }
        assert!(verified(erasure["receipt"].as_str().expect("a receipt")).0);
        assert_eq!(preview(&server, GONE)["events"], 0);
        assert_eq!(preview(&server, STAYS)["events"], EVENTS);
        assert_eq!(check(&server, &erasure)["still_true"], true);
    }
}

#[test]
fn events_that_are_older_than_their_site_keeps_go_by_themselves_and_what_goes_next_is_told() {
    let server = Server::start();
    server.add_site(SITE);
    for days in [100, 40, 10] {
        import(&server, GONE, days);
    }
    let retention = |server: &Server| owner(server, "GET", "retention").json();
    assert_eq!(retention(&server)["events"], json!({ "days": null, "next": [] }));
    let keep = |days: Value| {
        let change = Some(json!({ "events_retention_days": days }));
        let path = format!("/api/sites/{SITE}");
        let changed = ask(&server, &server.owner().cookie, "PATCH", &path, change.as_ref());
        assert_eq!(changed.status, 200, "{}", changed.text());
        changed.json()["settings"]["events_retention_days"].clone()
    };
    let next = |days: u16| {
        assert_eq!(keep(json!(days)), days);
        let told = retention(&server)["events"].clone();
        assert_eq!(told["days"], days);
        told["next"].as_array().expect("days").last().map(|goes| goes["count"].clone())
    };
    assert_eq!(next(120), Some(json!(1)), "that of 100 days ago in some days");
    assert_eq!(next(3_650), None);
    assert_eq!(next(45), Some(json!(1)), "that of 40 days ago in some days");
    // Another worker looks at once.
    kill(server.pid_of("worker").expect("a worker"), Signal::KILL);
    eventually("what is too old is gone", || (exported(&server).lines().count() == 2).then_some(()));
    assert_eq!(keep(Value::Null), Value::Null);
    for days in [0, 3_651] {
        let change = Some(json!({ "events_retention_days": days }));
        let path = format!("/api/sites/{SITE}");
        let refused = ask(&server, &server.owner().cookie, "PATCH", &path, change.as_ref());
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("events_retention_days")));
    }
}
