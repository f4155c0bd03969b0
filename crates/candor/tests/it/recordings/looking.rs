//! Who sees recordings, and what is left of that in the audit log.

use serde_json::json;

use super::*;
use crate::people::invite;

/// A server with one recording of a page.
fn recorded() -> (Server, Value) {
    let server = recording();
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full, click(AT)])).status, 202);
    let one = arrived(&server, 1);
    (server, one)
}

fn looks(server: &Server) -> usize {
    let entries = server.get("/api/audit?act=recording_view").json();
    entries["entries"].as_array().expect("entries").len()
}

#[test]
fn a_recording_is_seen_by_who_may_and_by_nobody_else() {
    let (server, one) = recorded();
    let admin = invite(&server, "admin@example.com", "admin", None);
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let key = format!("Bearer {}", server.key());
    let (path, events) = (path_of(&one), format!("{}/events", path_of(&one)));
    let seen = |cookie: &str| {
        let list = list(&server, cookie, "").status;
        [
            list,
            ask(&server, cookie, "GET", &path, None).status,
            ask(&server, cookie, "GET", &events, None).status,
        ]
    };
    assert_eq!(seen(&server.owner().cookie), [200; 3]);
    assert_eq!(seen(&admin.cookie), [200; 3]);
    assert_eq!(seen(&viewer.cookie), [403; 3]);
    assert_eq!(seen("nothing=1"), [401; 3]);
    for path in [&path, &events] {
        let by_key = server.ask_as_nobody(&Asking::get(path).header("authorization", &key));
        assert_eq!(by_key.status, 403, "a key shows no recordings");
    }
    set(&server, &json!({ "shown_to_viewers": true }));
    assert_eq!(seen(&viewer.cookie), [200; 3]);
    assert_eq!(ask(&server, &viewer.cookie, "DELETE", &path, None).status, 403);
    set(&server, &json!({ "shown_to_viewers": false }));
    assert_eq!(seen(&viewer.cookie), [403; 3]);
}

#[test]
fn who_looked_is_in_the_audit_log_once_for_the_index_and_the_events_of_one_look() {
    let (server, one) = recorded();
    let owner = &server.owner().cookie;
    assert_eq!(looks(&server), 0, "the list is no look");
    let events = ask(&server, owner, "GET", &format!("{}/events?from=0", path_of(&one)), None);
    assert_eq!((events.status, looks(&server)), (200, 1));
    assert_eq!(events.header("content-type"), Some("application/x-ndjson"));
    ask(&server, owner, "GET", &format!("{}/events", path_of(&one)), None);
    assert_eq!(looks(&server), 1);
    ask(&server, owner, "GET", &path_of(&one), None);
    assert_eq!(looks(&server), 2);
    let entry = server.get("/api/audit?act=recording_view").json()["entries"][0].clone();
    assert_eq!((&entry["object"]["id"], &entry["details"]["site"]), (&one["id"], &json!(SITE)));
}

#[test]
fn the_list_shows_what_is_asked_for() {
    let server = recording();
    for (tab, page) in [("Tab-0000000000000000_A", "Page-00000A"), ("Tab-0000000000000000_B", "Page-00000B")]
    {
        let [meta, full] = snapshot(AT, "Your cart", "***");
        assert_eq!(send(&server, &chunk_of(tab, page, 0, &[meta, full])).status, 202);
    }
    eventually("both are listed", || (listed(&server).len() == 2).then_some(()));
    let count = |query: &str| {
        let reply = list(&server, &server.owner().cookie, query);
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        reply.json()["recordings"].as_array().expect("recordings").len()
    };
    for (query, expected) in [("?period=day", 2), ("?from=2020-01-01&to=2020-01-31", 0)] {
        assert_eq!(count(query), expected, "{query}");
    }
    let first = list(&server, &server.owner().cookie, "?limit=1").json();
    let next = first["next"].as_str().expect("there is more");
    let second = list(&server, &server.owner().cookie, &format!("?limit=1&after={next}")).json();
    assert_ne!(first["recordings"][0]["id"], second["recordings"][0]["id"]);
    assert_eq!(second.get("next"), None);
    for wrong in ["?limit=0", "?limit=101", "?period=never", "?from=2020-01-01", "?after=here"] {
        assert_eq!(list(&server, &server.owner().cookie, wrong).status, 400, "{wrong}");
    }
}

#[test]
fn a_recording_that_was_removed_is_gone_and_stays_so() {
    let (server, one) = recorded();
    let owner = &server.owner().cookie;
    assert_eq!(ask(&server, owner, "DELETE", &path_of(&one), None).status, 204);
    assert_eq!(ask(&server, owner, "GET", &path_of(&one), None).status, 404);
    assert_eq!(ask(&server, owner, "DELETE", &path_of(&one), None).status, 404);
    let objects = || super::keeping::objects(&server);
    eventually("its objects are deleted", || (objects() == 0).then_some(()));
    assert_eq!(send(&server, &chunk(1, &[click(AT)])).status, 202);
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(
        send(&server, &chunk_of("Tab-0000000000000000_B", PAGE, 0, &[meta, full, click(AT)])).status,
        202
    );
    arrived(&server, 1);
    assert_eq!(listed(&server).len(), 1, "only the other one");
    let entries = server.get("/api/audit?act=recording_remove").json();
    assert_eq!(entries["entries"].as_array().expect("entries").len(), 1);
}
