//! What visitors ask of a site about what is kept of them: anybody may, some see it, and an answer is the end of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::house::smtp::{MailServer, Offers};
use crate::house::{Asking, PASSWORD, Reply, Server, cookie_of, eventually};
use crate::people::{ask, invite, sign_in};

const SITE: &str = "example.com";
const EMAIL: &str = "canary-of-who-asks@example.com";

fn request(server: &Server, body: &Value) -> Reply {
    server.ask_as_nobody(&Asking::json("POST", &format!("/api/privacy/{SITE}/requests"), body))
}

fn erase() -> Value {
    json!({ "kind": "erase", "email": EMAIL, "known_as": "customer 12", "words": "All of it" })
}

fn list(server: &Server) -> Vec<Value> {
    let cookie = &server.owner().cookie;
    let reply = ask(server, cookie, "GET", &format!("/api/sites/{SITE}/requests"), None);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["requests"].as_array().expect("requests").clone()
}

fn answer(server: &Server, number: &Value, body: &Value) -> Reply {
    let path = format!("/api/sites/{SITE}/requests/{number}/answer");
    ask(server, &server.owner().cookie, "POST", &path, Some(body))
}

fn with_site() -> Server {
    let server = Server::start();
    server.add_site(SITE);
    server
}

#[test]
fn anybody_asks_a_site_and_who_answers_for_it_sees_what_and_until_when() {
    let server = with_site();
    let taken = request(&server, &erase());
    assert_eq!(taken.status, 201, "{}", taken.text());
    let [one] = &list(&server)[..] else { panic!("one request") };
    assert_eq!((&one["kind"], &one["late"], &one["answer"]), (&json!("erase"), &json!(false), &Value::Null));
    assert_eq!(one["due_at"], taken.json()["due_at"]);
    assert_eq!(
        one["asker"],
        json!({ "visitor": null, "known_as": "customer 12", "email": EMAIL, "words": "All of it" })
    );
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let seen = ask(&server, &viewer.cookie, "GET", &format!("/api/sites/{SITE}/requests"), None);
    assert_eq!(seen.status, 403);
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_taken() {
    let server = with_site();
    let long = "a".repeat(2_001);
    for (change, field) in [
        (json!({ "kind": "everything" }), "kind"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "visitor": "me" }), "visitor"),
        (json!({ "known_as": "" }), "known_as"),
        (json!({ "known_as": &long[..201] }), "known_as"),
        (json!({ "words": long }), "words"),
    ] {
        let mut body = erase();
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let refused = request(&server, &body);
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(field)), "{change}");
    }
    let elsewhere = Asking::json("POST", "/api/privacy/other.example/requests", &erase());
    assert_eq!(server.ask_as_nobody(&elsewhere).status, 404);
    assert!(list(&server).is_empty());
    let most = json!({ "words": &long[..2_000], "known_as": &long[..200], "kind": "object", "email": EMAIL });
    assert_eq!(request(&server, &most).status, 201);
}

#[test]
fn an_answer_goes_by_mail_and_with_it_all_that_told_who_asked() {
    let post = MailServer::not_yet().running(Offers::Nothing);
    let settings = post.settings("smtp://127.0.0.1:PORT");
    let server = Server::with(&settings.iter().map(String::as_str).collect::<Vec<_>>());
    server.add_site(SITE);
    request(&server, &erase());
    let number = &list(&server)[0]["number"];
    assert_eq!(answer(&server, number, &json!({ "answer": "declined" })).status, 400, "no reason");
    let long = "a".repeat(201);
    assert_eq!(answer(&server, number, &json!({ "answer": "done", "words": long })).status, 400, "too long");
    let told = answer(&server, number, &json!({ "answer": "declined", "words": "We know no such customer" }));
    assert_eq!((told.status, told.json()), (200, json!({ "mailed": true, "email": EMAIL })));
    let mail = post.wait_for(EMAIL);
    assert!(mail.text().contains("We know no such customer"), "{}", mail.text());
    assert!(mail.text().contains("erased") && mail.text().contains(SITE), "{}", mail.text());
    let kept = &list(&server)[0];
    assert_eq!((&kept["asker"], &kept["answer"]["answer"]), (&Value::Null, &json!("declined")));
    assert_eq!(answer(&server, number, &json!({ "answer": "done" })).status, 404, "it was answered");
    let log = server.get("/api/audit").text();
    assert!(log.contains("visitor_request_make") && log.contains("visitor_request_answer"));
    assert!(!log.contains("canary-of-who-asks") && !log.contains("customer 12"), "{log}");
}

#[test]
fn a_request_that_waits_for_longer_than_four_weeks_is_late() {
    let mut server = Server::on_clock(&[]);
    server.add_site(SITE);
    request(&server, &erase());
    let late = |days: u64| {
        server.turn_clock(Duration::from_secs(days * 86_400));
        // The sign-in of before has ended meanwhile.
        let cookie = cookie_of(&sign_in(&server, crate::house::EMAIL, PASSWORD));
        let reply = ask(&server, &cookie, "GET", &format!("/api/sites/{SITE}/requests"), None);
        reply.json()["requests"][0]["late"].clone()
    };
    assert_eq!((late(27), late(29)), (json!(false), json!(true)));
    // Whoever runs the server reads why health is red.
    server.start_again();
    eventually("health is red", || {
        let health = server.try_ask(&Asking::get("/api/health")).ok()?;
        (health.status == 503 && health.json()["promises"] == "late").then_some(())
    });
    eventually("the log names it", || server.log().contains("visitor_requests").then_some(()));
}

#[test]
fn a_network_that_asks_again_and_again_is_slowed_down() {
    let server = with_site();
    let statuses: Vec<u16> = (0..22).map(|_| request(&server, &erase()).status).collect();
    assert_eq!(statuses[..21], [201; 21]);
    assert_eq!(statuses[21], 429);
}
