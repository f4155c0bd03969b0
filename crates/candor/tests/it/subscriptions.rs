//! An organization whose subscription has ended: nothing is added, everything can be read and taken out, its owners are told, and
//! after sixty days nothing is left, neither sooner nor later.

use std::path::Path;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::house::smtp::{MailServer, USER};
use crate::house::{Asking, EMAIL, PASSWORD, Server, candor, eventually, kill, twin_without};
use crate::operators::{Full, Operator};

const SITE: &str = "shop.example";
const SUBSCRIPTION: &str = "/api/operator/organizations/1/subscription";

fn on(data: &Path, without: &'static str, settings: &[String]) -> Server {
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    Server::on(data, &settings, move || if without.is_empty() { candor() } else { twin_without(without) })
}

fn event() -> Value {
    json!({ "n": "pageview", "u": format!("https://{SITE}/"), "d": SITE })
}

fn change(full: &Full, operator: &Operator, ended: bool) -> Value {
    let body = json!({ "ended": ended });
    let changed = full.as_operator(operator, Asking::json("PUT", SUBSCRIPTION, &body));
    assert_eq!(changed.status, 200, "{}", changed.text());
    changed.json()
}

fn export(server: &Server) -> usize {
    let reply = server.get(&format!("/api/sites/{SITE}/export"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.text().lines().count()
}

/// A server with a site that measured something, whose organization's subscription ended just now.
fn ended(data: &Path, settings: &[String]) -> (Full, Operator) {
    let server = on(data, "", settings);
    server.add_site(SITE);
    assert_eq!(server.send(&event()).status, 202);
    let full = Full::of(server);
    let olga = full.enrol_first();
    let ended = change(&full, &olga, true);
    assert!(ended["ended_at"].is_string() && ended["removed_at"].is_string(), "{ended}");
    (full, olga)
}

#[test]
fn what_has_ended_is_read_only_until_it_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (full, olga) = ended(&folder.path().join("data"), &[]);
    let server = &full.server;
    let refused = || {
        let reply = server.send(&event());
        assert_eq!(reply.status, 202);
        (reply.header("x-candor-refused") == Some("subscription_ended")).then_some(())
    };
    eventually("nothing more is accepted", refused);
    assert_eq!((server.count(SITE, "pageviews"), export(server)), (1, 1));
    let settings = json!({ "honour_signals": false });
    let path = format!("/api/sites/{SITE}");
    let ask = |method: &str, path: &str, body: &Value| server.ask(&Asking::json(method, path, body));
    let changed = ask("PATCH", &path, &settings);
    assert_eq!(changed.status, 403);
    assert!(changed.text().contains("the subscription has ended"), "{}", changed.text());
    assert_eq!(ask("POST", "/api/sites", &json!({ "domain": "another.example" })).status, 403);
    let removed = full.as_operator(&olga, Asking::new("DELETE", "/api/operator/organizations/1"));
    assert_eq!(removed.status, 409, "nobody shortens it: {}", removed.text());
    change(&full, &olga, false);
    assert_eq!(ask("PATCH", &path, &settings).status, 200);
    eventually("it is accepted again", || {
        server.send(&event());
        (server.count(SITE, "pageviews") > 1).then_some(())
    });
    let acts = server.get("/api/audit").text();
    assert!(acts.contains("subscription_end") && acts.contains("subscription_resume"), "{acts}");
    let refusals = server.get(&format!("/api/sites/{SITE}/refusals")).text();
    assert!(refusals.contains("subscription_ended"), "what was refused is counted: {refusals}");
}

#[test]
fn after_fifty_nine_days_everything_is_there_and_after_sixty_one_nothing_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let post = MailServer::start();
    let settings = post.settings(&format!("smtps://{USER}@localhost:TLS_PORT"));
    let (full, _) = ended(&data, &settings);
    let told = |left: &str| {
        let says = |mail: &crate::house::smtp::Arrived| mail.text().contains(&format!("Left: {left}"));
        eventually("its owner is told", || post.all_for(EMAIL).iter().any(says).then_some(()));
    };
    told("60 days");
    let key = full.server.key().to_owned();
    drop(full);

    let server = on(&data, "days-59", &settings);
    told("1 day");
    assert_eq!((pageviews(&server), export(&server)), (Some(1), 1));
    drop(server);

    let server = after_it_all(&data, &settings);
    nothing_is_left(&server, &key);
    eventually("the files are deleted", || (segments(&data) == 0).then_some(()));
}

#[test]
fn where_no_mail_can_be_sent_nobody_is_said_to_be_told_and_once_it_can_be_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (full, olga) = ended(&data, &[]);
    let seen = full.as_operator(&olga, Asking::get("/api/operator/organizations")).json();
    let organization = &seen["organizations"][0];
    assert_eq!((&organization["told_by_mail"], &organization["told_days"]), (&json!(false), &Value::Null));
    drop(full);

    let server = on(&data, "days-59", &[]);
    eventually("it was looked whether somebody is to be told", || {
        let page = String::from_utf8_lossy(&crate::metrics::read(&server)).into_owned();
        let age = "candor_duty_age_seconds{duty=\"subscriptions\"} ";
        let age: u64 = page.lines().find_map(|line| line.strip_prefix(age)?.parse().ok())?;
        (age < 86_400).then_some(())
    });
    assert!(!server.get("/api/audit").text().contains("subscription_warn"));
    drop(server);

    let post = MailServer::start();
    let server = on(&data, "days-59", &post.settings(&format!("smtps://{USER}@localhost:TLS_PORT")));
    eventually("its owner is told", || {
        post.all_for(EMAIL).iter().any(|mail| mail.text().contains("Left: 1 day")).then_some(())
    });
    assert!(server.get("/api/audit").text().contains("subscription_warn"));
}

/// Page views of ever, as far as whoever asks may see them.
fn pageviews(server: &Server) -> Option<u64> {
    let query = json!({ "site_id": SITE, "date_range": "all", "metrics": ["pageviews"] });
    server.post("/api/v2/query", &query).json()["results"][0]["metrics"][0].as_u64()
}

/// The server 61 days after, to which nobody can sign in: whoever did belong to it is known no more.
fn after_it_all(data: &Path, settings: &[String]) -> Server {
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    Server::not_owned(data, &settings, || twin_without("days-61"))
}

fn nothing_is_left(server: &Server, key: &str) {
    let bearer = format!("Bearer {key}");
    let path = format!("/api/sites/{SITE}");
    eventually("its keys are known no more", || {
        let asked = server.ask_as_nobody(&Asking::get(&path).header("authorization", &bearer));
        (asked.status == 401).then_some(())
    });
    let sign_in = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(server.ask_as_nobody(&Asking::json("POST", "/api/session", &sign_in)).status, 401);
}

/// How many files of segments there are.
fn segments(data: &Path) -> usize {
    let sites = std::fs::read_dir(data.join("segments")).into_iter().flatten().flatten();
    sites.map(|site| std::fs::read_dir(site.path()).into_iter().flatten().count()).sum()
}

#[test]
fn killed_while_it_removes_it_removes_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (full, _) = ended(&data, &[]);
    let key = full.server.key().to_owned();
    drop(full);
    for _ in 0..3 {
        let server = after_it_all(&data, &[]);
        if let Some(worker) = server.pid_of("worker") {
            kill(worker, Signal::KILL);
        }
    }
    nothing_is_left(&after_it_all(&data, &[]), &key);
}

#[test]
fn payments_and_invoices_are_written_down_and_read_by_operators_alone_and_outlast_a_restart() {
    let mut full = Full::of(Server::start());
    let olga = full.enrol_first();
    let ledger = "/api/operator/ledger";
    let invoice = json!({
        "kind": "invoice", "organization": 1, "reference": "2026-17", "amount": 1900, "currency": "EUR",
    });
    let added = full.as_operator(&olga, Asking::json("POST", ledger, &invoice));
    assert_eq!((added.status, &added.json()["number"]), (201, &json!(1)), "{}", added.text());
    for (field, wrong) in [("reference", json!("")), ("currency", json!("euros"))] {
        let mut invoice = invoice.clone();
        invoice[field] = wrong;
        let refused = full.as_operator(&olga, Asking::json("POST", ledger, &invoice));
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(field)));
    }
    full.server.start_again();
    full.server.wait_until_whole();
    let read = full.as_operator(&olga, Asking::get(ledger)).json();
    assert_eq!(read["entries"].as_array().map(Vec::len), Some(1));
    for name in ["kind", "organization", "reference", "amount", "currency"] {
        assert_eq!(read["entries"][0][name], invoice[name]);
    }
    assert_eq!(full.server.ask_at_operators_door(&Asking::get(ledger)).status, 401);
    assert_eq!(full.server.get(ledger).status, 404, "at the public door there is nothing of it");
}

#[test]
fn on_day_59_all_is_there_and_on_day_61_invoices_and_payments_are_read_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (full, olga) = ended(&data, &[]);
    let (ledger, organizations) = ("/api/operator/ledger", "/api/operator/organizations");
    for (kind, reference) in [("invoice", "2026-17"), ("payment", "2026-17/1")] {
        let entry = json!({
            "kind": kind, "organization": 1, "reference": reference, "amount": 1900, "currency": "EUR",
        });
        let added = full.as_operator(&olga, Asking::json("POST", ledger, &entry));
        assert_eq!(added.status, 201, "{}", added.text());
    }
    let entries = |full: &Full| {
        let read = full.as_operator(&olga, Asking::get(ledger));
        assert_eq!(read.status, 200, "{}", read.text());
        read.json()["entries"].clone()
    };
    let before = entries(&full);
    assert_eq!(before.as_array().map(Vec::len), Some(2));
    let key = full.server.key().to_owned();

    let full = full.moved_to(|| on(&data, "days-59", &[]));
    full.sign_in_after(&olga, 59);
    assert_eq!((pageviews(&full.server), export(&full.server)), (Some(1), 1));
    assert_eq!(entries(&full), before);
    let named =
        |full: &Full| full.as_operator(&olga, Asking::get(organizations)).text().contains("\"id\":1,");
    assert!(named(&full), "{}", full.as_operator(&olga, Asking::get(organizations)).text());

    let full = full.moved_to(|| after_it_all(&data, &[]));
    nothing_is_left(&full.server, &key);
    eventually("the files are deleted", || (segments(&data) == 0).then_some(()));
    full.sign_in_after(&olga, 61);
    assert_eq!(entries(&full), before, "they are under a key of their own");
    assert!(!named(&full), "{}", full.as_operator(&olga, Asking::get(organizations)).text());
}

#[test]
fn the_twin_that_keeps_nothing_for_sixty_days_is_caught_removing_an_organization_at_once() {
    let full = Full::of(Server::without("sixty-days", &[]));
    full.server.add_site(SITE);
    let olga = full.enrol_first();
    change(&full, &olga, true);
    let removed = full.as_operator(&olga, Asking::new("DELETE", "/api/operator/organizations/1"));
    assert_eq!(removed.status, 204, "{}", removed.text());
}
