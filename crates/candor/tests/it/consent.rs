//! Who visitors are and to what they consent: what is kept of them, on which conditions, and what a withdrawal changes.

pub(crate) mod addresses;
mod every_id;

use serde_json::{Value, json};

use crate::house::{Asking, FIREFOX, Reply, Server};
use crate::segment::{call, write_key};

const ADA: &str = "0190163d-8694-439b-aea5-966c26f8ad91";

/// Asks as the owner who is signed in: what visitors are no key may see.
pub(crate) fn as_owner(server: &Server, asking: Asking<'_>) -> Reply {
    server.ask(&asking.by(&server.owner().cookie))
}

pub(crate) fn declare(server: &Server, attributes: &[(&str, &str)], addresses: bool) {
    let attributes: Vec<Value> =
        attributes.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
    let change = json!({ "identified": { "attributes": attributes, "addresses": addresses } });
    let reply = server.ask(&Asking::json("PATCH", "/api/sites/example.com", &change));
    assert_eq!(reply.status, 200, "{}", reply.text());
}

/// The visitor whom the site calls `id`.
pub(crate) fn visitor_of(server: &Server, id: &str) -> String {
    let reply = as_owner(server, Asking::get(&format!("/api/sites/example.com/visitors?id={id}")));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["visitors"][0]["visitor"].as_str().expect("a visitor").to_owned()
}

/// What is kept of them.
pub(crate) fn kept_of(server: &Server, id: &str) -> Value {
    let path = format!("/api/sites/example.com/visitors/{}", visitor_of(server, id));
    let reply = as_owner(server, Asking::get(&path));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Name and value of each attribute.
pub(crate) fn attributes(visitor: &Value) -> Vec<(String, Value)> {
    let all = visitor["attributes"].as_array().expect("a list").iter();
    all.map(|one| (one["name"].as_str().expect("a name").to_owned(), one["value"].clone())).collect()
}

/// Sends what a page says of its visitor.
pub(crate) fn say(server: &Server, path: &str, body: &Value) -> Reply {
    let asking = Asking::post(path, body.to_string()).header("content-type", "text/plain");
    server.ask_as_nobody(&asking.header("user-agent", FIREFOX))
}

fn page_view(server: &Server, visitor: &str) {
    let event = json!({ "n": "pageview", "u": "https://example.com/", "visitor": visitor });
    assert_eq!(server.send(&event).status, 202);
}

#[test]
fn attributes_are_kept_as_the_site_declares_them_and_seen_by_whoever_may() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text"), ("age", "number"), ("born", "date")], false);
    let key = write_key(&server, "example.com");
    let traits = json!({ "plan": "pro", "age": 36, "born": "1815-12-10", "shoe": "left" });
    assert_eq!(
        call(&server, "/v1/identify", &key, &json!({ "userId": "ada", "traits": traits })).status,
        200
    );
    let kept = kept_of(&server, "ada");
    assert_eq!(kept["id"], "ada");
    let all = [("age", json!(36.0)), ("born", json!("1815-12-10")), ("plan", json!("pro"))];
    assert_eq!(attributes(&kept), all.map(|(name, value)| (name.to_owned(), value)));
    // Said again it takes the other's place, and what is null is kept no longer.
    let traits = json!({ "plan": "free", "age": null });
    assert_eq!(
        call(&server, "/v1/identify", &key, &json!({ "userId": "ada", "traits": traits })).status,
        200
    );
    let all = [("born", json!("1815-12-10")), ("plan", json!("free"))];
    assert_eq!(attributes(&kept_of(&server, "ada")), all.map(|(name, value)| (name.to_owned(), value)));
    // No key sees it, and names that are not kept are told.
    let path = format!("/api/sites/example.com/visitors/{}", visitor_of(&server, "ada"));
    assert_eq!(server.get(&path).status, 403);
    let left_out = server.get("/api/sites/example.com/attributes/left-out").json();
    assert_eq!(
        (&left_out["attributes"][0]["name"], &left_out["attributes"][0]["count"]),
        (&json!("shoe"), &json!(1))
    );
    // That somebody looked is in the log, once, and whom by a digest alone.
    let log = as_owner(&server, Asking::get("/api/audit?act=visitor_view")).text();
    assert_eq!(log.matches("visitor_view").count(), 1, "{log}");
    assert!(log.contains("hmac-sha256:") && !log.contains(&visitor_of(&server, "ada")), "{log}");
    // What is declared no longer is gone.
    declare(&server, &[("born", "date")], false);
    declare(&server, &[("plan", "text"), ("born", "date")], false);
    assert_eq!(attributes(&kept_of(&server, "ada")), [("born".to_owned(), json!("1815-12-10"))]);
    server.assert_log_clean();
}

#[test]
fn what_visitors_are_is_corrected_and_the_log_names_what() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text"), ("age", "number")], false);
    let path = format!("/api/sites/example.com/visitors/{}/attributes", visitor_of(&server, "ada"));
    let correct = |attributes: Value| {
        as_owner(&server, Asking::json("PATCH", &path, &json!({ "attributes": attributes })))
    };
    let corrected = correct(json!({ "plan": "pro", "age": 7 }));
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    assert_eq!(attributes(&corrected.json()).len(), 2);
    assert_eq!(attributes(&correct(json!({ "age": null })).json()), [("plan".to_owned(), json!("pro"))]);
    for wrong in [json!({ "shoe": "left" }), json!({ "age": "old" })] {
        let refused = correct(wrong);
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("attributes")));
    }
    assert_eq!(correct(json!({ "plan": "203.0.113.7" })).status, 422);
    let log = as_owner(&server, Asking::get("/api/audit?act=visitor_change")).json();
    assert_eq!(log["entries"][0]["details"]["attributes"], "age");
    let by_key = server.ask(&Asking::json("PATCH", &path, &json!({ "attributes": { "plan": "pro" } })));
    assert_eq!(by_key.status, 403);
}

#[test]
fn a_consent_that_is_withdrawn_on_a_page_counts_from_the_next_event_on_and_erasure_is_offered() {
    let server = Server::start();
    server.add_site("example.com");
    page_view(&server, ADA);
    let consent =
        json!({ "d": "example.com", "visitor": ADA, "purposes": ["analytics"], "version": "2026-11" });
    let given = say(&server, "/api/consent", &consent);
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(given.header("access-control-allow-origin"), Some("*"));
    let receipt = given.json()["receipt"].as_str().expect("a receipt").to_owned();
    page_view(&server, ADA);
    assert_eq!(server.count("example.com", "visitors"), 1);
    let withdrawn = say(&server, "/api/consent", &json!({ "d": "example.com", "visitor": ADA })).json();
    assert_eq!((&withdrawn["withdrawn"], &withdrawn["erasure"]["visitor"]), (&json!(1), &json!(ADA)));
    page_view(&server, ADA);
    assert_eq!(server.count("example.com", "visitors"), 2, "the next event is not tied to the id");
    let who = json!({ "d": "example.com", "visitor": ADA, "id": "ada" });
    assert_eq!(say(&server, "/api/identify", &who).header("x-candor-refused"), Some("withdrawn"));
    let kept = as_owner(&server, Asking::get(&format!("/api/sites/example.com/visitors/{ADA}"))).json();
    assert_eq!(kept["withdrawn"], true);
    let shown = &kept["consents"][0];
    assert_eq!(
        (&shown["receipt"], &shown["version"], &shown["way"]),
        (&json!(receipt), &json!("2026-11"), &json!("page"))
    );
    // It holds for an edge that was born since, and until they consent again.
    let killed = server.pid_of("edge").expect("an edge");
    crate::house::kill(killed, rustix::process::Signal::KILL);
    crate::house::eventually("another edge", || server.pid_of("edge").filter(|pid| *pid != killed));
    server.wait_until_whole();
    page_view(&server, ADA);
    assert_eq!(
        server.count("example.com", "visitors"),
        2,
        "they are one visitor of today with the one before"
    );
    assert_eq!(say(&server, "/api/consent", &consent).status, 200);
    assert_eq!(say(&server, "/api/identify", &who).header("x-candor-refused"), None);
}

#[test]
fn who_withdrew_is_not_known_by_an_id_that_an_import_brings_either() {
    let server = Server::start();
    server.add_site("example.com");
    let consent =
        json!({ "d": "example.com", "visitor": ADA, "purposes": ["analytics"], "version": "2026-11" });
    let event = json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com", "visitor": ADA });
    let events_of_ada = || {
        let path = format!("/api/sites/example.com/visitors/{ADA}");
        as_owner(&server, Asking::get(&path)).json()["seen"]["events"].clone()
    };
    assert_eq!(say(&server, "/api/consent", &consent).status, 200);
    assert_eq!((server.import(&event)["kept"].clone(), events_of_ada()), (json!(1), json!(1)));
    say(&server, "/api/consent", &json!({ "d": "example.com", "visitor": ADA }));
    assert_eq!((server.import(&event)["kept"].clone(), events_of_ada()), (json!(1), json!(1)));
    assert_eq!(server.count("example.com", "visitors"), 2);
}

#[test]
fn who_withdraws_on_a_page_is_not_known_by_the_id_that_the_site_gave_either() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let consent = json!({ "d": "example.com", "visitor": ADA, "purposes": ["analytics"], "version": "1" });
    assert_eq!(say(&server, "/api/consent", &consent).status, 200);
    assert_eq!(
        say(&server, "/api/identify", &json!({ "d": "example.com", "visitor": ADA, "id": "ada" })).status,
        202
    );
    page_view(&server, ADA);
    let paid = || call(&server, "/v1/track", &key, &json!({ "userId": "ada", "event": "Paid" }));
    assert_eq!(paid().status, 200);
    assert_eq!(server.count("example.com", "visitors"), 1);
    assert_eq!(say(&server, "/api/consent", &json!({ "d": "example.com", "visitor": ADA })).status, 200);
    assert_eq!(paid().status, 200);
    assert_eq!(server.count("example.com", "visitors"), 2, "the next event is tied to neither");
    let identify = call(&server, "/v1/identify", &key, &json!({ "userId": "ada", "traits": {} }));
    assert_eq!(identify.header("x-candor-refused"), Some("withdrawn"));
}

#[test]
fn a_page_says_who_its_visitor_is() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text")], false);
    let who = json!({ "d": "example.com", "visitor": ADA, "id": "ada", "attributes": { "plan": "pro" } });
    let said = say(&server, "/api/identify", &who);
    assert_eq!((said.status, said.header("x-candor-refused")), (202, None));
    assert_eq!(attributes(&kept_of(&server, "ada")), [("plan".to_owned(), json!("pro"))]);
    for (field, body) in [
        ("id", json!({ "d": "example.com", "visitor": ADA })),
        ("visitor", json!({ "d": "example.com", "id": "a" })),
    ] {
        let refused = say(&server, "/api/identify", &body);
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(field)));
    }
    let large = json!({ "d": "example.com", "visitor": ADA, "id": "a", "pad": "x".repeat(32 * 1024) });
    assert_eq!(say(&server, "/api/identify", &large).status, 413);
    assert_eq!(
        say(&server, "/api/identify", &json!({ "d": "other.example", "visitor": ADA, "id": "a" }))
            .header("x-candor-refused"),
        Some("unknown_site")
    );
}

#[test]
fn a_sites_own_server_writes_consents_down_by_its_key_and_people_by_hand() {
    let server = Server::start();
    server.add_site("example.com");
    let add = |body: &Value| server.ask(&Asking::json("POST", "/api/sites/example.com/consents", body));
    let made = add(&json!({ "id": "ada", "purposes": ["address", "analytics"], "version": "v1" }));
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["way"], "api");
    assert_eq!(made.json()["visitor"], visitor_of(&server, "ada").as_str());
    let body = json!({ "visitor": ADA, "purposes": ["analytics"], "version": "v1" });
    let by_hand = as_owner(&server, Asking::json("POST", "/api/sites/example.com/consents", &body));
    assert_eq!(by_hand.json()["way"], "ui");
    for (field, body) in [
        ("visitor", json!({ "purposes": ["a"], "version": "1" })),
        ("visitor", json!({ "visitor": ADA, "id": "ada", "purposes": ["a"], "version": "1" })),
        ("visitor", json!({ "visitor": "ada", "purposes": ["a"], "version": "1" })),
        ("purposes", json!({ "id": "ada", "purposes": [], "version": "1" })),
        ("version", json!({ "id": "ada", "purposes": ["a"], "version": "" })),
    ] {
        let refused = add(&body);
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(field)), "{body}");
    }
    let listed = as_owner(&server, Asking::get("/api/sites/example.com/consents?id=ada")).json();
    assert_eq!(listed["consents"].as_array().expect("a list").len(), 1);

    let receipt = made.json()["receipt"].as_str().expect("a receipt").to_owned();
    let path = format!("/api/sites/example.com/consents/{receipt}/withdrawal");
    let withdrawal = server.ask(&Asking::json("POST", &path, &json!({}))).json();
    assert!(withdrawal["consent"]["withdrawn_at"].is_string(), "{withdrawal}");
    let erasure = format!("/api/sites/example.com/visitors/{}/erasure", visitor_of(&server, "ada"));
    assert_eq!(withdrawal["erasure"]["path"], erasure.as_str());
    let key = write_key(&server, "example.com");
    let said = call(&server, "/v1/identify", &key, &json!({ "userId": "ada", "traits": {} }));
    assert_eq!((said.status, said.header("x-candor-refused")), (200, Some("withdrawn")));
    assert_eq!(server.ask(&Asking::json("POST", &path.replace(&receipt, ADA), &json!({}))).status, 404);
    // Whoever consents again is known again, from the next call on.
    assert_eq!(add(&json!({ "id": "ada", "purposes": ["analytics"], "version": "v2" })).status, 201);
    let said = call(&server, "/v1/identify", &key, &json!({ "userId": "ada", "traits": {} }));
    assert_eq!(said.header("x-candor-refused"), None);
    let log = as_owner(&server, Asking::get("/api/audit")).text();
    assert!(log.contains("consent_add") && log.contains("consent_withdraw"), "{log}");
}

#[test]
fn the_wording_for_the_privacy_policy_follows_the_settings() {
    let server = Server::start();
    server.add_site("example.com");
    let text = |language: &str| {
        server.get(&format!("/api/sites/example.com/privacy-text?language={language}")).json()
    };
    let before = text("en");
    assert!(before["markdown"].as_str().expect("Markdown").contains("example.com"));
    let change = json!({ "recording": { "on": true, "retention_days": 12 } });
    assert_eq!(server.ask(&Asking::json("PATCH", "/api/sites/example.com", &change)).status, 200);
    let after = text("en");
    assert_ne!(before["version"], after["version"]);
    assert!(after["markdown"].as_str().expect("Markdown").contains("after 12 days"));
    assert!(after["html"].as_str().expect("HTML").starts_with("<h2>"));
    assert_ne!(text("de")["version"], after["version"]);
    assert_eq!(server.get("/api/sites/example.com/privacy-text?language=xx").status, 400);
}
