//! `POST /api/event`.

mod hostile;
mod limits;
mod proxies;

use serde_json::json;

use crate::house::{Asking, Server, kill};

#[test]
fn a_browser_that_asks_first_is_told_that_any_page_may_send() {
    let server = Server::start();
    let reply = server.ask(
        &Asking::new("OPTIONS", "/api/event")
            .header("origin", "https://example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type"),
    );
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-headers"), Some("content-type"));
    assert_eq!(reply.header("access-control-max-age"), Some("1728000"));
}

#[test]
fn an_event_for_no_site_is_acknowledged_and_refused_by_name() {
    let server = Server::start();
    let reply = server.send(&json!({ "n": "pageview", "u": "https://nobody.example/" }));
    assert_eq!((reply.status, reply.text().as_str()), (202, "ok"));
    assert_eq!(reply.header("x-candor-refused"), Some("unknown_site"));
    assert_eq!(reply.header("x-plausible-dropped"), Some("1"));
    assert!(
        reply.header("access-control-expose-headers").is_some_and(|names| names.contains("x-candor-refused"))
    );
}

#[test]
fn a_malformed_event_is_told_which_field_and_why() {
    let server = Server::start();
    let reply = server.send(&json!({ "n": "pageview", "u": "https://example.com/", "id": "seven" }));
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["field"], "id");
    assert!(reply.json()["error"].as_str().is_some_and(|sentence| sentence.contains("UUID")));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn an_event_sent_twice_counts_once() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let event = json!({
        "n": "pageview", "u": "https://example.com/",
        "id": "0190163d-8694-439b-aea5-966c26f8ad91", "visitor": "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    });
    for _ in 0..3 {
        assert_eq!(server.send(&event).status, 202);
    }
    assert_eq!(server.count("example.com", "pageviews"), 1);
}

#[test]
fn events_are_taken_while_every_other_process_is_stopped() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let others = ["app", "worker"].map(|role| server.pid_of(role).expect(role));
    for pid in others {
        kill(pid, rustix::process::Signal::STOP);
    }
    for _ in 0..10 {
        let reply = server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
        assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
    }
    for pid in others {
        kill(pid, rustix::process::Signal::CONT);
    }
    server.wait_until_whole();
    assert_eq!(server.count("example.com", "pageviews"), 10);
}

#[test]
fn no_header_makes_the_server_tell_an_address() {
    let server = Server::start();
    let event = json!({ "n": "pageview", "u": "https://nobody.example/" });
    let reply = server.ask(&Asking::event(&event).header("x-debug-request", "true"));
    assert_eq!((reply.status, reply.text().as_str()), (202, "ok"));
}

#[test]
fn other_methods_are_turned_away_by_name() {
    let server = Server::start();
    let reply = server.get("/api/event");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST, OPTIONS")));
}
