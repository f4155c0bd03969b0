//! Whoever objected is neither measured nor recorded, whichever way it comes and by whichever id, until they object no longer.

use serde_json::{Value, json};

use crate::consent::visitor_of;
use crate::house::{Asking, FIREFOX, Reply, Server, eventually};
use crate::people::ask;
use crate::recordings::{SITE, send_visit_of, set_recording};
use crate::segment::{call, write_key};

const ADA: &str = "7d0f0d3e-7e0b-4a53-9df2-0d7c0a1b2c3d";
/// Another id of the same visitor.
const ALSO_ADA: &str = "2c9b7a10-4d5e-4f60-8a9b-1c2d3e4f5a6b";
const BOB: &str = "1b6a2c4e-0f3d-4b5c-8a7e-9d8c7b6a5f4e";

fn owner(server: &Server, method: &str, path: &str, body: Option<&Value>) -> Reply {
    ask(server, &server.owner().cookie, method, &format!("/api/sites/{SITE}/{path}"), body)
}

fn object(server: &Server, method: &str, visitor: &str) -> u16 {
    owner(server, method, &format!("visitors/{visitor}/objection"), None).status
}

fn merge(server: &Server, from: &str, to: &str) {
    assert_eq!(owner(server, "POST", "aliases", Some(&json!({ "from": from, "to": to }))).status, 204);
}

fn event(visitor: &str) -> Value {
    json!({ "n": "pageview", "u": format!("https://{SITE}/"), "d": SITE, "visitor": visitor })
}

/// A server with a site that measures and records, and its write key.
fn measuring(server: Server) -> (Server, String) {
    server.add_site(SITE);
    set_recording(&server, &json!({ "on": true }));
    let key = write_key(&server, SITE);
    (server, key)
}

/// By what something is refused.
fn refusal(reply: &Reply) -> Option<String> {
    assert!(reply.status < 300, "{}", reply.text());
    reply.header("x-candor-refused").map(ToOwned::to_owned)
}

fn by_tracker(server: &Server, visitor: &str) -> Option<String> {
    refusal(&server.send(&event(visitor)))
}

#[test]
fn whoever_objected_is_refused_whichever_way_they_come_and_by_every_id_until_they_object_no_longer() {
    let (mut server, key) = measuring(Server::start());
    let known = visitor_of(&server, "ada");
    assert_eq!(by_tracker(&server, ADA), None);
    merge(&server, ADA, &known);
    assert_eq!(object(&server, "PUT", ADA), 204);
    assert_eq!(object(&server, "PUT", &known), 204, "said again");
    merge(&server, ALSO_ADA, &known);
    let track = |who: Value| {
        let mut track = json!({ "event": "Paid" });
        track.as_object_mut().expect("a call").extend(who.as_object().expect("ids").clone());
        refusal(&call(&server, "/v1/track", &key, &track))
    };
    let identify = json!({ "d": SITE, "visitor": BOB, "id": "ada" });
    let page = Asking::post("/api/identify", identify.to_string()).header("content-type", "text/plain");
    for (way, refused) in [
        ("the tracker", by_tracker(&server, ADA)),
        ("an id that was added later", by_tracker(&server, ALSO_ADA)),
        ("the Segment API", track(json!({ "userId": "ada" }))),
        ("a call with another id beside it", track(json!({ "userId": "bob", "anonymousId": "ada" }))),
        ("what is said of them", refusal(&call(&server, "/v1/identify", &key, &json!({ "userId": "ada" })))),
        (
            "what makes them another",
            refusal(&call(&server, "/v1/alias", &key, &json!({ "userId": "bob", "previousId": "ada" }))),
        ),
        ("a page that says who it is", refusal(&server.ask_as_nobody(&page.header("user-agent", FIREFOX)))),
    ] {
        assert_eq!(refused.as_deref(), Some("objected"), "{way}");
    }
    assert_eq!(server.import(&event(ADA))["refused"], json!({ "objected": 1 }));
    assert_eq!(send_visit_of(&server, ADA, "text", 0), 403);
    assert_eq!(
        (by_tracker(&server, BOB), send_visit_of(&server, BOB, "text", 0)),
        (None, 202),
        "another visitor"
    );
    assert_eq!(server.count(SITE, "events"), 2, "one from before, and the other visitor's");
    let refusals = server.get(&format!("/api/sites/{SITE}/refusals")).json();
    let counted =
        refusals["refused"].as_array().expect("a list").iter().find(|row| row["reason"] == "objected");
    assert_eq!(counted.expect("it is counted")["count"], 8, "{refusals}");

    // It is kept, and holds for each of the ids where they are parted.
    server.start_again();
    server.wait_until_whole();
    assert_eq!(owner(&server, "DELETE", &format!("aliases?from={ADA}"), None).status, 204);
    assert_eq!(by_tracker(&server, ADA).as_deref(), Some("objected"));
    assert_eq!(object(&server, "DELETE", ADA), 204);
    assert_eq!(object(&server, "DELETE", ADA), 404);
    assert_eq!(by_tracker(&server, ADA), None);
    assert_eq!(by_tracker(&server, ALSO_ADA).as_deref(), Some("objected"), "the other goes on");
    assert_eq!(object(&server, "DELETE", &known), 204);
    assert_eq!(by_tracker(&server, ALSO_ADA), None);
    let log = ask(&server, &server.owner().cookie, "GET", "/api/audit", None).text();
    assert!(log.contains("\"objection_add\"") && log.contains("\"objection_end\""));
    assert!(![ADA, ALSO_ADA, &*known].iter().any(|id| log.contains(id)), "who it was is a digest");
    server.assert_log_clean();
}

#[test]
fn whoever_objected_and_was_erased_is_not_measured_anew() {
    let (server, _) = measuring(Server::start());
    for visitor in [ADA, ALSO_ADA] {
        assert_eq!(by_tracker(&server, visitor), None);
    }
    merge(&server, ALSO_ADA, ADA);
    assert_eq!(object(&server, "PUT", ADA), 204);
    assert_eq!(owner(&server, "POST", &format!("visitors/{ADA}/erasure"), None).status, 200);
    for visitor in [ADA, ALSO_ADA] {
        assert_eq!(by_tracker(&server, visitor).as_deref(), Some("objected"));
        assert_eq!(send_visit_of(&server, visitor, "text", 0), 403);
    }
    assert_eq!(server.count(SITE, "events"), 0);
    assert_eq!(owner(&server, "GET", &format!("visitors/{ADA}/erasure"), None).json()["found"]["events"], 0);
}

/// How many events and recordings there are of a visitor who objected, in the end.
fn measured_all_the_same(server: Server) -> (u64, u64) {
    let (server, _) = measuring(server);
    assert_eq!(object(&server, "PUT", ADA), 204);
    by_tracker(&server, ADA);
    send_visit_of(&server, ADA, "text", 0);
    // Whoever comes after them is there, and so would be what came before.
    assert_eq!((by_tracker(&server, BOB), send_visit_of(&server, BOB, "text", 0)), (None, 202));
    let found = |visitor: &str| {
        owner(&server, "GET", &format!("visitors/{visitor}/erasure"), None).json()["found"].clone()
    };
    eventually("the other is recorded", || (found(BOB)["recordings"] == 1).then_some(()));
    let found = found(ADA);
    (found["events"].as_u64().expect("a count"), found["recordings"].as_u64().expect("a count"))
}

#[test]
fn nothing_is_kept_of_whoever_objected() {
    assert_eq!(measured_all_the_same(Server::start()), (0, 0));
}

#[test]
fn the_twin_that_heeds_no_objection_is_caught() {
    assert_eq!(measured_all_the_same(Server::without("objection", &[])), (1, 1));
}
