//! Who is let in as what, and what ends when they are not.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{ask, invite, sign_in, token_of};
use crate::house::{Asking, PATIENCE, Server};

/// A server with two sites that were visited once each.
fn two_sites() -> Server {
    let server = Server::start();
    for domain in ["one.example", "two.example"] {
        server.add_site(domain);
        server.send(&json!({ "n": "pageview", "u": format!("https://{domain}/"), "d": domain }));
    }
    server
}

fn report(server: &Server, cookie: &str, site: &str) -> u16 {
    let query = json!({ "site_id": site, "date_range": "7d", "metrics": ["pageviews"] });
    ask(server, cookie, "POST", "/api/v2/query", Some(&query)).status
}

#[test]
fn each_role_sees_what_is_its_own() {
    let server = two_sites();
    let admin = invite(&server, "admin@example.com", "admin", None);
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let of_one = invite(&server, "one@example.com", "site_viewer", Some(&["one.example"]));
    for (person, one, two) in [(&admin, 200, 200), (&viewer, 200, 200), (&of_one, 200, 404)] {
        let seen =
            [report(&server, &person.cookie, "one.example"), report(&server, &person.cookie, "two.example")];
        assert_eq!(seen, [one, two], "{}", person.email);
    }
    let sites = ask(&server, &of_one.cookie, "GET", "/api/sites", None).json();
    let domains: Vec<&str> =
        sites["sites"].as_array().expect("sites").iter().filter_map(|site| site["domain"].as_str()).collect();
    assert_eq!(domains, ["one.example"]);
    let change = json!({ "honour_signals": false });
    let changed =
        |cookie: &str| ask(&server, cookie, "PATCH", "/api/sites/one.example", Some(&change)).status;
    assert_eq!([&admin, &viewer, &of_one].map(|person| changed(&person.cookie)), [200, 403, 403]);
    let people = |cookie: &str| ask(&server, cookie, "GET", "/api/people", None).status;
    assert_eq!([&admin, &viewer, &of_one].map(|person| people(&person.cookie)), [200, 403, 403]);
    let export = |cookie: &str| ask(&server, cookie, "GET", "/api/sites/one.example/export", None).status;
    assert_eq!(
        [&server.owner().cookie, &admin.cookie, &viewer.cookie].map(|cookie| export(cookie)),
        [200, 403, 403]
    );
}

#[test]
fn nobody_gives_more_than_they_have() {
    let server = two_sites();
    let admin = invite(&server, "admin@example.com", "admin", None);
    let up = json!({ "role": "owner" });
    let path = format!("/api/people/{}", admin.id);
    assert_eq!(ask(&server, &admin.cookie, "PATCH", &path, Some(&up)).status, 403);
    let invitation = json!({ "email": "new@example.com", "role": "owner" });
    assert_eq!(ask(&server, &admin.cookie, "POST", "/api/invitations", Some(&invitation)).status, 403);
    let owner = ask(&server, &server.owner().cookie, "GET", "/api/session", None).json();
    let owner = format!("/api/people/{}", owner["person"]["id"].as_str().expect("an id"));
    assert_eq!(ask(&server, &admin.cookie, "DELETE", &owner, None).status, 403);
    let last = ask(&server, &server.owner().cookie, "PATCH", &owner, Some(&json!({ "role": "admin" })));
    assert_eq!(last.status, 409, "{}", last.text());
}

#[test]
fn an_invitation_is_good_once_and_not_after_it_was_taken_back() {
    let server = two_sites();
    let owner = &server.owner().cookie;
    let body = json!({ "email": "ann@example.com", "role": "admin" });
    let made = ask(&server, owner, "POST", "/api/invitations", Some(&body)).json();
    let token = token_of(&made["url"]);
    let look = Asking::json("POST", "/api/invitations/look", &json!({ "token": token }));
    assert_eq!(server.ask_as_nobody(&look).json()["email"], "ann@example.com");
    let path = format!("/api/invitations/{}", made["id"].as_str().expect("an id"));
    assert_eq!(ask(&server, owner, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask_as_nobody(&look).status, 410);
    let listed = ask(&server, owner, "GET", "/api/invitations", None).json();
    assert_eq!(listed["invitations"], json!([]));
}

#[test]
fn whoever_is_disabled_sees_nothing_more_within_a_second_streams_included() {
    let server = two_sites();
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let mut socket = TcpStream::connect(server.address()).expect("a connection");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let asking = Asking::get("/api/sites/one.example/live").by(&viewer.cookie);
    socket.write_all(&asking.bytes("localhost")).expect("a request");
    let mut stream = BufReader::new(socket);
    let mut line = String::new();
    while !line.contains("current") {
        line.clear();
        assert!(stream.read_line(&mut line).expect("the stream goes on") > 0);
    }
    let path = format!("/api/people/{}", viewer.id);
    let disabled = ask(&server, &server.owner().cookie, "PATCH", &path, Some(&json!({ "disabled": true })));
    assert_eq!(disabled.status, 200, "{}", disabled.text());
    let begun = Instant::now();
    assert_eq!(report(&server, &viewer.cookie, "one.example"), 401);
    loop {
        line.clear();
        if stream.read_line(&mut line).unwrap_or(0) == 0 {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "the stream went on for {:?}", begun.elapsed());
    assert_eq!(sign_in(&server, &viewer.email, super::PASSWORD).status, 401);
}

#[test]
fn what_nobody_may_see_any_more_is_let_go_of_in_memory() {
    let server = two_sites();
    assert_eq!(server.count("two.example", "pageviews"), 1);
    // The key and the owner saw both; once both are gone, nobody does.
    let key = ask(&server, &server.owner().cookie, "GET", "/api/keys", None).json();
    let path = format!("/api/keys/{}", key["keys"][0]["id"].as_str().expect("a key"));
    assert_eq!(ask(&server, &server.owner().cookie, "DELETE", &path, None).status, 204);
    let gone = server.ask_as_nobody(
        &Asking::get("/api/sites").header("authorization", &format!("Bearer {}", server.key())),
    );
    assert_eq!(gone.status, 401);
    assert_eq!(report(&server, &server.owner().cookie, "two.example"), 200);
}

#[test]
fn a_key_may_what_its_scopes_say_for_its_site_and_ends_with_its_maker() {
    let server = two_sites();
    let admin = invite(&server, "admin@example.com", "admin", None);
    let body = json!({ "site": "one.example", "scopes": ["read"], "name": "Report" });
    let made = ask(&server, &admin.cookie, "POST", "/api/keys", Some(&body));
    assert_eq!(made.status, 201, "{}", made.text());
    let key = made.json()["key"].as_str().expect("a key").to_owned();
    assert!(key.starts_with("candor_"), "{key}");
    let by_key = |method: &str, path: &str, body: Option<&serde_json::Value>| {
        let asking = body.map_or_else(|| Asking::new(method, path), |body| Asking::json(method, path, body));
        server.ask_as_nobody(&asking.header("authorization", &format!("Bearer {key}"))).status
    };
    let query = |site: &str| json!({ "site_id": site, "date_range": "7d", "metrics": ["pageviews"] });
    assert_eq!(by_key("POST", "/api/v2/query", Some(&query("one.example"))), 200);
    assert_eq!(by_key("POST", "/api/v2/query", Some(&query("two.example"))), 404);
    assert_eq!(by_key("PATCH", "/api/sites/one.example", Some(&json!({}))), 403);
    assert_eq!(by_key("GET", "/api/people", None), 403);
    assert_eq!(by_key("POST", "/api/keys", Some(&body)), 403);
    let beyond = json!({ "scopes": ["export"] });
    assert_eq!(ask(&server, &admin.cookie, "POST", "/api/keys", Some(&beyond)).status, 403);
    let path = format!("/api/people/{}", admin.id);
    assert_eq!(ask(&server, &server.owner().cookie, "DELETE", &path, None).status, 204);
    assert_eq!(by_key("POST", "/api/v2/query", Some(&query("one.example"))), 401);
}

#[test]
fn whoever_makes_less_of_themselves_is_told_that_it_was_done() {
    let server = two_sites();
    for (email, change, after) in [
        ("viewer@example.com", json!({ "role": "organization_viewer" }), 403),
        ("gone@example.com", json!({ "disabled": true }), 401),
    ] {
        let admin = invite(&server, email, "admin", None);
        let path = format!("/api/people/{}", admin.id);
        let changed = ask(&server, &admin.cookie, "PATCH", &path, Some(&change));
        assert_eq!(changed.status, 200, "{}", changed.text());
        let (changed, change) = (changed.json(), change.as_object().expect("a change"));
        assert!(change.iter().all(|(field, value)| &changed[field] == value), "{changed}");
        assert_eq!(ask(&server, &admin.cookie, "GET", "/api/people", None).status, after, "{email}");
    }
}
