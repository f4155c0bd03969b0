//! `GET /metrics`, on the port after the server's.

use std::io::Write;
use std::net::TcpStream;

use crate::house::{Asking, Reply, Server};

/// The page of metrics.
pub(crate) fn read(server: &Server) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.metrics_address()).expect("a connection");
    stream.write_all(&Asking::get("/metrics").bytes("localhost")).expect("a request");
    Reply::read(stream).expect("an answer").body
}

#[test]
fn metrics_are_not_told_under_a_name_that_is_not_the_servers() {
    let server = Server::start();
    let mut stream = TcpStream::connect(server.metrics_address()).expect("a connection");
    stream.write_all(&Asking::get("/metrics").bytes("evil.example")).expect("a request");
    assert_eq!(Reply::read(stream).expect("an answer").status, 421);
}

#[test]
fn metrics_are_told_on_no_other_port() {
    let server = Server::start();
    assert_eq!(server.get("/api/internal/metrics").status, 404);
    assert_eq!(server.get("/metrics").header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn metrics_tell_of_every_process_and_of_events() {
    let server = Server::start();
    server
        .send(&serde_json::json!({ "n": "pageview", "u": "https://nobody.example/", "d": "nobody.example" }));
    server.ask(&Asking::post("/api/event", "{"));
    let text = String::from_utf8(read(&server)).expect("text");
    for line in [
        "candor_process_up{process=\"edge\"} 1",
        "candor_process_up{process=\"app\"} 1",
        "candor_process_up{process=\"worker\"} 1",
        "candor_events_refused_total{reason=\"unknown_site\"} 1",
        "candor_events_malformed_total{field=\"body\"} 1",
        "candor_commit_seconds_count 1",
        "candor_journal_files 1",
        "candor_segments 0",
    ] {
        assert!(text.lines().any(|found| found == line), "`{line}` is not in:\n{text}");
    }
}

#[test]
fn a_report_that_is_asked_for_again_asks_the_keeper_who_asks_and_opens_nothing() {
    let server = Server::start();
    server.add_site("example.com");
    server.send(&serde_json::json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" }));
    let cost_of_a_report = || {
        let before = calls_and_decryptions(&server);
        assert_eq!(server.count("example.com", "pageviews"), 1);
        let after = calls_and_decryptions(&server);
        [after[0] - before[0], after[1] - before[1]]
    };
    let first = cost_of_a_report();
    assert!(first.iter().all(|count| *count > 0), "{first:?}");
    // Who asks is asked each time, so that what ended is closed at once.
    assert_eq!(cost_of_a_report(), [1, 0]);
}

fn calls_and_decryptions(server: &Server) -> [u64; 2] {
    let text = String::from_utf8(read(server)).expect("text");
    ["candor_keeper_calls_total", "candor_decryptions_total"].map(|name| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in:\n{text}"))
    })
}
