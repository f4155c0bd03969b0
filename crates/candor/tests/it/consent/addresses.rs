//! A full address as an attribute: on three conditions, of which each is seen to be looked at by a twin that does not.

use serde_json::{Value, json};

use super::{as_owner, attributes, declare, kept_of};
use crate::house::{Asking, Reply, Server};
use crate::segment::{call, write_key};

const ADDRESS: &str = "203.0.113.77";

/// Has the organization accept the agreement in force.
pub(crate) fn accept(server: &Server) {
    let path = "/api/organizations/1/agreement";
    let version = as_owner(server, Asking::get(path)).json()["version"].clone();
    let accepted = as_owner(server, Asking::json("POST", path, &json!({ "version": version })));
    assert_eq!((accepted.status, &accepted.json()["accepted"]), (200, &json!(true)), "{}", accepted.text());
}

/// The receipt of a consent of somebody.
fn receipt(server: &Server, id: &str) -> String {
    let body = json!({ "id": id, "purposes": ["address"], "version": "v1" });
    let made = server.ask(&Asking::json("POST", "/api/sites/example.com/consents", &body));
    made.json()["receipt"].as_str().expect("a receipt").to_owned()
}

fn identify(server: &Server, receipt: &str) -> Reply {
    let traits = json!({ "plan": "pro", "ip": ADDRESS });
    let body = json!({ "userId": "ada", "traits": traits, "context": { "consent": { "receipt": receipt } } });
    call(server, "/v1/identify", &write_key(server, "example.com"), &body)
}

/// What a condition is when it holds.
struct Conditions {
    allowed: bool,
    agreed: bool,
    consented: bool,
}

/// Whether an address was kept on these; where it was not, it was refused outright and nothing of the call is there.
fn is_kept(server: &Server, conditions: &Conditions) -> bool {
    server.add_site("example.com");
    declare(server, &[("plan", "text"), ("ip", "address")], conditions.allowed);
    if conditions.agreed {
        accept(server);
    }
    let receipt = if conditions.consented { receipt(server, "ada") } else { String::new() };
    let reply = identify(server, &receipt);
    let kept = attributes(&kept_of(server, "ada"));
    if reply.status == 200 {
        assert!(kept.contains(&("ip".to_owned(), json!(ADDRESS))), "{kept:?}");
        return true;
    }
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert!(kept.is_empty(), "nothing of the call is kept: {kept:?}");
    let reason = reply.header("x-candor-refused").expect("a reason").to_owned();
    let refusals = server.get("/api/sites/example.com/refusals").json();
    let counted = |row: &Value| row["reason"] == reason.as_str() && row["count"] == 1;
    assert!(refusals["refused"].as_array().expect("a list").iter().any(counted), "{refusals}");
    false
}

const ALL: Conditions = Conditions { allowed: true, agreed: true, consented: true };

#[test]
fn an_address_is_kept_where_the_site_the_organization_and_the_visitor_agree() {
    let server = Server::start();
    assert!(is_kept(&server, &ALL));
    let log = as_owner(&server, Asking::get("/api/audit?act=agreement_accept")).json();
    let entry = &log["entries"][0];
    assert_eq!(entry["actor"]["kind"], "person");
    assert!(entry["details"]["version"].is_string() && entry["at"].is_string(), "{entry}");
}

#[test]
fn without_the_sites_leave_no_address_is_kept_and_the_twin_that_does_not_look_is_caught() {
    let without = Conditions { allowed: false, ..ALL };
    assert!(!is_kept(&Server::start(), &without));
    assert!(is_kept(&Server::without("address-switch", &[]), &without));
}

#[test]
fn without_the_agreement_no_address_is_kept_and_the_twin_that_does_not_look_is_caught() {
    let without = Conditions { agreed: false, ..ALL };
    assert!(!is_kept(&Server::start(), &without));
    assert!(is_kept(&Server::without("address-agreement", &[]), &without));
}

#[test]
fn without_a_receipt_no_address_is_kept_and_the_twin_that_does_not_look_is_caught() {
    let without = Conditions { consented: false, ..ALL };
    assert!(!is_kept(&Server::start(), &without));
    assert!(is_kept(&Server::without("address-consent", &[]), &without));
}

#[test]
fn a_receipt_of_somebody_else_of_another_site_or_that_was_withdrawn_is_none() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("ip", "address")], true);
    accept(&server);
    let others = receipt(&server, "bob");
    server.add_site("other.example");
    let body = json!({ "id": "ada", "purposes": ["address"], "version": "v1" });
    let elsewhere = server.ask(&Asking::json("POST", "/api/sites/other.example/consents", &body)).json();
    let elsewhere = elsewhere["receipt"].as_str().expect("a receipt").to_owned();
    let withdrawn = receipt(&server, "ada");
    let path = format!("/api/sites/example.com/consents/{withdrawn}/withdrawal");
    assert_eq!(server.ask(&Asking::json("POST", &path, &json!({}))).status, 200);
    // They consent to something again, so that it is the receipt alone that is not good.
    let stands = receipt(&server, "ada");
    for receipt in [&*others, &elsewhere, &withdrawn, "0190163d-8694-439b-aea5-966c26f8ad91", "nonsense"] {
        let reply = identify(&server, receipt);
        assert_eq!((reply.status, reply.header("x-candor-refused")), (422, Some("no_consent")), "{receipt}");
    }
    assert_eq!(identify(&server, &stands).status, 200);
}

#[test]
fn an_address_goes_with_the_receipt_that_its_call_named_and_nothing_else_does() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text"), ("ip", "address")], true);
    accept(&server);
    let [other, named] = [receipt(&server, "ada"), receipt(&server, "ada")];
    assert_eq!(identify(&server, &named).status, 200);
    let kept_once_withdrawn = |receipt: &str| {
        let path = format!("/api/sites/example.com/consents/{receipt}/withdrawal");
        assert_eq!(server.ask(&Asking::json("POST", &path, &json!({}))).status, 200);
        attributes(&kept_of(&server, "ada")).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(kept_once_withdrawn(&other), ["ip", "plan"]);
    assert_eq!(kept_once_withdrawn(&named), ["plan"]);
}

#[test]
fn another_version_of_the_agreement_is_not_accepted_unread() {
    let server = Server::start();
    let body = json!({ "version": "0".repeat(32) });
    let refused = as_owner(&server, Asking::json("POST", "/api/organizations/1/agreement", &body));
    assert_eq!((refused.status, &refused.json()["field"]), (409, &json!("version")));
    assert_eq!(as_owner(&server, Asking::get("/api/organizations/1/agreement")).json()["accepted"], false);
}

#[test]
fn in_a_batch_an_address_that_may_not_be_kept_takes_nothing_with_it() {
    let server = Server::start();
    server.add_site("example.com");
    declare(&server, &[("plan", "text"), ("ip", "address")], true);
    let key = write_key(&server, "example.com");
    let batch = json!({ "batch": [
        { "type": "identify", "userId": "ada", "traits": { "plan": "pro", "ip": ADDRESS } },
        { "type": "identify", "userId": "bob", "traits": { "plan": "free" } },
        { "type": "track", "userId": "ada", "event": "Paid" },
    ] });
    let reply = call(&server, "/v1/batch", &key, &batch);
    assert_eq!((reply.status, reply.header("x-candor-refused")), (200, Some("no_agreement")));
    assert!(attributes(&kept_of(&server, "ada")).is_empty());
    assert_eq!(attributes(&kept_of(&server, "bob")), [("plan".to_owned(), json!("free"))]);
    assert_eq!(server.count("example.com", "events"), 1);
}
