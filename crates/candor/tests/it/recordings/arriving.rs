//! From a recorder to the list: what is taken, what is not, and what a recorder is told.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::*;

#[test]
fn a_visit_that_was_recorded_is_listed_with_what_is_in_it() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let taken = send(&server, &chunk(0, &[meta, full, click(AT + 1_000)]));
    assert_eq!((taken.status, taken.text().as_str()), (202, "{}"));
    assert_eq!(taken.header("access-control-allow-origin"), Some("*"));
    let [meta, full] = snapshot(AT + 5_000, "Your cart", "***");
    assert_eq!(send(&server, &chunk(1, &[click(AT + 2_000), meta, full])).status, 202);
    let one = arrived(&server, 2);
    assert_eq!((&one["pages"], &one["gaps"], &one["browser"]), (&json!(1), &json!(0), &json!("Firefox")));
    assert_eq!(one["device"], "Desktop");
    let index = ask(&server, &server.owner().cookie, "GET", &path_of(&one), None).json();
    assert_eq!(index["pages"][0]["path"], "/cart");
    assert_eq!((&index["pages"][0]["width"], &index["pages"][0]["height"]), (&json!(800), &json!(600)));
    let scenes = index["scenes"].as_array().expect("scenes");
    assert!(scenes.len() == 2 && scenes.iter().all(|scene| scene["playable"] == true), "{index}");
    assert_eq!(index["checked"]["version"], capture::recording::CHECKER);
    assert!(index["checked"]["counts"]["form_value.masked"].as_u64() >= Some(2), "{index}");
}

#[test]
fn a_packed_chunk_is_as_good_as_a_plain_one() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(chunk(0, &[meta, full, click(AT)]).as_bytes()).expect("it is packed");
    let asking = Asking::post("/api/recording", packed.finish().expect("it is packed"))
        .header("content-type", "text/plain")
        .header("user-agent", FIREFOX);
    let taken = server.ask_as_nobody(&asking);
    assert_eq!(taken.status, 202, "{}", taken.text());
    arrived(&server, 1);
}

#[test]
fn a_chunk_that_was_acknowledged_is_acknowledged_again_and_kept_once() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let first = chunk(0, &[meta, full, click(AT)]);
    for _ in 0..3 {
        assert_eq!(send(&server, &first).status, 202);
    }
    // An edge that knows nothing of it takes it once more, and it is kept once all the same.
    let edge = server.pid_of("edge").expect("an edge");
    crate::house::kill(edge, rustix::process::Signal::KILL);
    eventually("another edge", || server.pid_of("edge").filter(|pid| *pid != edge));
    server.wait_until_whole();
    assert_eq!(send(&server, &first).status, 202);
    assert_eq!(send(&server, &chunk(1, &[click(AT + 1_000)])).status, 202);
    let one = arrived(&server, 2);
    let events = ask(&server, &server.owner().cookie, "GET", &format!("{}/events", path_of(&one)), None);
    assert_eq!(events.text().lines().count(), 4, "{}", events.text());
}

#[test]
fn what_comes_before_the_tree_is_known_is_not_kept_and_a_snapshot_is_asked_for() {
    let server = recording();
    let texts = r#"{"source":0,"texts":[{"id":6,"value":"canary"}],"attributes":[],"removes":[],"adds":[]}"#;
    let mutation = event(AT, 3, texts);
    let taken = send(&server, &chunk(0, &[mutation]));
    assert_eq!((taken.status, taken.text().as_str()), (202, r#"{"ask":"snapshot"}"#));
    let [meta, full] = snapshot(AT + 1, "Your cart", "***");
    assert_eq!(send(&server, &chunk(1, &[meta, full, click(AT + 2)])).text(), "{}");
    let one = arrived(&server, 1);
    let events = ask(&server, &server.owner().cookie, "GET", &format!("{}/events", path_of(&one)), None);
    assert!(!events.text().contains("canary"), "{}", events.text());
}

#[test]
fn a_value_in_a_form_is_a_violation_that_stops_the_recorder_and_raises_one_alarm() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "canary-typed");
    for number in 0..3 {
        let refused = send(&server, &chunk(number, &[meta.clone(), full.clone()]));
        assert_eq!((refused.status, &refused.json()["stop"]), (400, &json!(true)), "{}", refused.text());
        assert!(!refused.text().contains("canary"), "{}", refused.text());
    }
    let alarm = eventually("the alarm", || {
        let list = list(&server, &server.owner().cookie, "").json();
        list.get("alarm").cloned()
    });
    assert_eq!(alarm["first_at"], alarm["last_at"]);
    let entries = server.get("/api/audit?act=recording_refuse").json();
    assert_eq!(entries["entries"].as_array().expect("entries").len(), 1, "{entries}");
    assert_eq!(entries["entries"][0]["object"]["id"], SITE);
    let metrics = String::from_utf8(crate::metrics::read(&server)).expect("text");
    assert!(metrics.contains("candor_recording_violations_total{position=\"form_value\"} 3"), "{metrics}");
    assert!(listed(&server).is_empty());
    assert!(!server.log().contains("canary"), "{}", server.log());
}

#[test]
fn a_stream_of_another_recorder_is_refused_with_a_sentence() {
    let server = recording();
    let plugin = event(AT, 6, r#"{"plugin":"rrweb/console@1","payload":{}}"#);
    let refused = send(&server, &chunk(0, &[plugin]));
    assert_eq!((refused.status, &refused.json()["stop"]), (400, &json!(true)));
    assert!(refused.text().contains("not the dialect of Candor's recorder"), "{}", refused.text());
    let garbage = Asking::post("/api/recording", "garbage").header("content-type", "text/plain");
    assert_eq!(server.ask_as_nobody(&garbage).status, 400);
}

#[test]
fn who_is_not_measured_is_not_recorded_either() {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let whole = chunk(0, &[meta, full, click(AT)]);
    let refused = |asking: &Asking<'_>| {
        let reply = server.ask_as_nobody(asking);
        (reply.status, reply.json()["stop"] == true)
    };
    assert_eq!(refused(&asking(&whole).header("sec-gpc", "1")), (403, true));
    assert_eq!(refused(&asking(&whole).header("dnt", "1")), (403, true));
    let bot = Asking::post("/api/recording", &*whole).header("user-agent", "Googlebot/2.1");
    assert_eq!(refused(&bot), (403, true));
    let elsewhere = whole.replace("\"d\":\"example.com\"", "\"d\":\"other.example\"");
    assert_eq!(refused(&asking(&elsewhere)), (403, true));
    set(&server, &json!({ "on": false }));
    assert_eq!(refused(&asking(&whole)), (403, true));
    set(&server, &json!({ "on": true }));
    assert_eq!(send(&server, &whole).status, 202);
    arrived(&server, 1);
}

#[test]
fn a_chunk_may_have_its_bytes_and_not_one_more() {
    const MAX: usize = 1 << 20;
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    let whole = chunk(0, &[meta, full, click(AT)]);
    let padded = |length: usize| {
        let body = format!("{whole}{}", " ".repeat(length - whole.len()));
        let asking = Asking::post("/api/recording", body).header("user-agent", FIREFOX);
        server.ask_as_nobody(&asking).status
    };
    assert_eq!(padded(MAX + 1), 413);
    assert_eq!(padded(MAX), 202);
}
