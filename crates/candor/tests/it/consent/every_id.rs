//! One visitor by several ids: whichever is named, the same is known, and what is withdrawn holds for all.

use serde_json::{Value, json};

use super::addresses::accept;
use super::{as_owner, attributes, declare, page_view, say, visitor_of};
use crate::house::{Asking, Server};

const ADA: &str = "0190163d-8694-439b-aea5-966c26f8ad91";
const ALSO_ADA: &str = "2c9b7a10-4d5e-4f60-8a9b-1c2d3e4f5a6b";

fn shown(server: &Server, visitor: &str) -> Value {
    let reply = as_owner(server, Asking::get(&format!("/api/sites/example.com/visitors/{visitor}")));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn correct(server: &Server, visitor: &str, plan: &Value) {
    let path = format!("/api/sites/example.com/visitors/{visitor}/attributes");
    let body = json!({ "attributes": { "plan": plan } });
    let reply = as_owner(server, Asking::json("PATCH", &path, &body));
    assert_eq!(reply.status, 200, "{}", reply.text());
}

fn consent(server: &Server, visitor: &str) -> String {
    let consent = json!({ "d": "example.com", "visitor": visitor, "purposes": ["address"], "version": "1" });
    let given = say(server, "/api/consent", &consent);
    assert_eq!(given.status, 200, "{}", given.text());
    given.json()["receipt"].as_str().expect("a receipt").to_owned()
}

fn merge(server: &Server, method: &str, from: &str, to: &str) {
    let reply = match method {
        "POST" => {
            let both = json!({ "from": from, "to": to });
            as_owner(server, Asking::json("POST", "/api/sites/example.com/aliases", &both))
        }
        _ => as_owner(server, Asking::new("DELETE", &format!("/api/sites/example.com/aliases?from={from}"))),
    };
    assert_eq!(reply.status, 204, "{}", reply.text());
}

#[test]
fn by_whichever_id_a_visitor_is_looked_at_and_corrected_the_same_is_known() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text")], false);
    let receipt = consent(&server, ADA);
    let who = json!({ "d": "example.com", "visitor": ADA, "id": "ada", "attributes": { "plan": "pro" } });
    assert_eq!(say(&server, "/api/identify", &who).status, 202);
    let known = visitor_of(&server, "ada");
    for visitor in [ADA, &known] {
        let shown = shown(&server, visitor);
        assert_eq!((&shown["id"], &shown["consents"][0]["receipt"]), (&json!("ada"), &json!(receipt)));
        assert_eq!(attributes(&shown), [("plan".to_owned(), json!("pro"))], "by {visitor}");
    }
    correct(&server, ADA, &json!("team"));
    assert_eq!(attributes(&shown(&server, &known)), [("plan".to_owned(), json!("team"))]);
    correct(&server, ADA, &Value::Null);
    assert_eq!(attributes(&shown(&server, &known)), []);
}

#[test]
fn what_was_withdrawn_holds_for_an_id_that_becomes_theirs_and_ends_for_one_that_is_parted() {
    let server = Server::start();
    server.add_site("example.com");
    consent(&server, ADA);
    say(&server, "/api/consent", &json!({ "d": "example.com", "visitor": ADA }));
    let events_of = |visitor| shown(&server, visitor)["seen"]["events"].clone();
    page_view(&server, ALSO_ADA);
    merge(&server, "POST", ALSO_ADA, ADA);
    page_view(&server, ALSO_ADA);
    assert_eq!(events_of(ALSO_ADA), 1, "the second is nobody's");
    merge(&server, "DELETE", ALSO_ADA, ADA);
    page_view(&server, ALSO_ADA);
    assert_eq!(events_of(ALSO_ADA), 2);
}

#[test]
fn whoever_signs_in_where_somebody_else_consented_has_not_consented() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("ip", "address")], true);
    accept(&server);
    let receipt = consent(&server, ADA);
    let refusal = |id: &str| {
        let attributes = json!({ "ip": "203.0.113.77" });
        let body = json!({ "d": "example.com", "visitor": ADA, "id": id, "attributes": attributes, "receipt": receipt });
        say(&server, "/api/identify", &body).header("x-candor-refused").map(ToOwned::to_owned)
    };
    assert_eq!(refusal("ada"), None);
    assert_eq!(refusal("bob").as_deref(), Some("no_consent"));
    assert_eq!(attributes(&shown(&server, &visitor_of(&server, "bob"))), []);
}
