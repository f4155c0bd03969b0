//! Two ids are one visitor, and are two again; a visitor is in no report, and is again: as those see it who ask.

use serde_json::{Value, json};

use crate::house::{Reply, Server};
use crate::people::{ask, invite};

const SITE: &str = "example.com";
const ALIASES: &str = "/api/sites/example.com/aliases";

/// A visitor of this number.
pub(crate) fn visitor(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

fn happens(server: &Server, whose: u32, path: &str) {
    let event = json!({ "n": "pageview", "u": format!("https://{SITE}{path}"), "d": SITE, "visitor": visitor(whose) });
    assert_eq!(server.send(&event).status, 202);
}

/// Three visitors, of whom the first two see two pages each.
fn visited() -> Server {
    let server = Server::start();
    server.add_site(SITE);
    let id = json!({ "identity": "always" });
    let set = ask(&server, &server.owner().cookie, "PATCH", "/api/sites/example.com", Some(&id));
    assert_eq!(set.status, 200, "{}", set.text());
    for (whose, path) in [(1, "/"), (2, "/docs"), (1, "/cart"), (2, "/paid"), (3, "/")] {
        happens(&server, whose, path);
    }
    server
}

/// Says that one id is another's; what is answered.
pub(crate) fn merge(server: &Server, from: u32, to: u32) -> Reply {
    let body = json!({ "from": visitor(from), "to": visitor(to) });
    ask(server, &server.owner().cookie, "POST", ALIASES, Some(&body))
}

fn unmerge(server: &Server, from: u32) -> Reply {
    ask(server, &server.owner().cookie, "DELETE", &format!("{ALIASES}?from={}", visitor(from)), None)
}

/// Takes a visitor out of reports, or back in.
pub(crate) fn restrict(server: &Server, method: &str, whose: u32) -> Reply {
    let path = format!("/api/sites/{SITE}/visitors/{}/restriction", visitor(whose));
    ask(server, &server.owner().cookie, method, &path, None)
}

/// Some reports, as they are answered.
fn reports(server: &Server) -> Vec<Value> {
    let metrics = json!(["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"]);
    let by = |dimensions: Value| {
        let query =
            json!({ "site_id": SITE, "date_range": "day", "metrics": metrics, "dimensions": dimensions });
        let reply = server.post("/api/v2/query", &query);
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["results"].clone()
    };
    vec![by(json!([])), by(json!(["visit:entry_page"])), by(json!(["visit:exit_page"]))]
}

fn counted(server: &Server) -> [u64; 3] {
    ["visitors", "visits", "pageviews"].map(|metric| server.count(SITE, metric))
}

#[test]
fn two_ids_are_one_visitor_in_every_report_until_they_are_two_and_reports_are_those_of_before() {
    let mut server = visited();
    let before = reports(&server);
    assert_eq!(counted(&server), [3, 3, 5]);
    assert_eq!(merge(&server, 1, 2).status, 204);
    assert_eq!(counted(&server), [2, 2, 5]);
    let merged = reports(&server);
    assert_eq!(merged[1][0]["dimensions"], json!(["/"]), "the visit began with the other id: {}", merged[1]);
    assert_eq!(merge(&server, 1, 2).status, 204, "said again");
    happens(&server, 1, "/later");
    assert_eq!(counted(&server), [2, 2, 6]);
    server.start_again();
    server.wait_until_whole();
    assert_eq!(counted(&server), [2, 2, 6], "it is kept");
    assert_eq!(unmerge(&server, 1).status, 204);
    assert_eq!(counted(&server), [3, 3, 6]);
    assert_eq!(reports(&server)[0][0]["metrics"][2], 6);
    assert_eq!(unmerge(&server, 1).status, 404);
    assert_ne!(before, merged);
    let told = server.get("/api/audit?act=visitor_merge");
    assert_eq!(told.json()["entries"].as_array().map(Vec::len), Some(2));
    assert!(
        !told.text().contains(&visitor(1)) && !told.text().contains(&visitor(2)),
        "who it was is said by digests"
    );
    let named = |whose| {
        let path = format!("/api/sites/{SITE}/visitors/{}/erasure", visitor(whose));
        assert_eq!(ask(&server, &server.owner().cookie, "GET", &path, None).status, 200);
        server.get("/api/audit?act=erasure_preview").json()["entries"][0]["object"].clone()
    };
    let entry = &told.json()["entries"][0];
    assert_eq!(entry["object"], named(2), "those that erasures name");
    assert_eq!(entry["details"]["from"], named(1)["id"]);
    assert_eq!(
        server.get("/api/audit?act=visitor_unmerge").json()["entries"].as_array().map(Vec::len),
        Some(1),
        "what was not done is not told"
    );
}

#[test]
fn what_cannot_be_one_visitor_is_refused_and_says_what_is_wrong() {
    let server = visited();
    assert_eq!(merge(&server, 1, 2).status, 204);
    for (from, to, status) in [(1, 3, 409), (2, 1, 409), (3, 3, 400)] {
        let refused = merge(&server, from, to);
        assert_eq!(refused.status, status, "{}", refused.text());
    }
    let owner = &server.owner().cookie;
    let nobody = json!({ "from": "me", "to": visitor(2) });
    assert_eq!(ask(&server, owner, "POST", ALIASES, Some(&nobody)).json()["field"], "from");
    assert_eq!(ask(&server, owner, "DELETE", ALIASES, None).json()["field"], "from");
    assert_eq!(counted(&server), [2, 2, 5]);
    for (method, what) in [
        ("GET", ""),
        ("GET", "/erasure"),
        ("POST", "/erasure"),
        ("GET", "/access"),
        ("PUT", "/restriction"),
        ("DELETE", "/restriction"),
        ("PUT", "/objection"),
        ("DELETE", "/objection"),
    ] {
        let path = format!("/api/sites/{SITE}/visitors/me{what}");
        let refused = ask(&server, owner, method, &path, None);
        assert_eq!(refused.status, 404, "{method} {path}");
        assert!(refused.text().contains("named by a UUID"), "{}", refused.text());
    }
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    let both = json!({ "from": visitor(3), "to": visitor(2) });
    assert_eq!(ask(&server, &viewer.cookie, "POST", ALIASES, Some(&both)).status, 403);
}

#[test]
fn a_restricted_visitor_is_in_no_report_and_in_the_export_and_counts_again_after_it() {
    let server = visited();
    let before = reports(&server);
    assert_eq!(merge(&server, 1, 2).status, 204);
    assert_eq!(restrict(&server, "PUT", 1).status, 204);
    assert_eq!(restrict(&server, "PUT", 2).status, 204, "said again, by the other id");
    assert_eq!(counted(&server), [1, 1, 1]);
    let is_restricted = |whose| {
        let path = format!("/api/sites/{SITE}/visitors/{}", visitor(whose));
        ask(&server, &server.owner().cookie, "GET", &path, None).json()["restricted"].clone()
    };
    assert_eq!([1, 2, 3].map(is_restricted), [true, true, false], "whoever looks at them is told");
    happens(&server, 2, "/later");
    assert_eq!(counted(&server), [1, 1, 1], "nor is what comes later");

    let export = ask(&server, &server.owner().cookie, "GET", "/api/sites/example.com/export", None);
    let lines: Vec<Value> =
        export.text().lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(lines.len(), 6, "everything is kept");
    for line in &lines {
        let counted_as = if line["visitor"] == visitor(1) { json!(visitor(2)) } else { Value::Null };
        assert_eq!(line["counted_as"], counted_as);
    }

    assert_eq!(unmerge(&server, 1).status, 204);
    assert_eq!(counted(&server), [1, 1, 1], "whoever is parted stays restricted");
    assert_eq!(restrict(&server, "DELETE", 1).status, 204);
    assert_eq!(counted(&server), [2, 2, 3]);
    assert_eq!(restrict(&server, "DELETE", 2).status, 204);
    assert_eq!(restrict(&server, "DELETE", 2).status, 404);
    assert_eq!(counted(&server), [3, 3, 6]);
    assert_eq!(before[0][0]["metrics"][0], 3);
    server.assert_log_clean();
}

#[test]
fn a_visitor_is_shown_with_every_id_and_how_much_there_is_of_them() {
    let server = visited();
    assert_eq!(merge(&server, 1, 2).status, 204);
    let shown = |whose: u32| {
        let path = format!("/api/sites/{SITE}/visitors/{}", visitor(whose));
        let reply = ask(&server, &server.owner().cookie, "GET", &path, None);
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    };
    for whose in [1, 2] {
        let one = shown(whose);
        let mut ids = one["ids"].as_array().expect("ids").clone();
        ids.sort_by_key(|id| id["visitor"].to_string());
        assert_eq!(
            ids,
            [
                json!({ "visitor": visitor(1), "leads_to": visitor(2) }),
                json!({ "visitor": visitor(2), "leads_to": null }),
            ]
        );
        let seen = &one["seen"];
        assert_eq!([&seen["events"], &seen["set_aside"], &seen["recordings"]], [4, 0, 0]);
        let (first, last) =
            (seen["first_at"].as_str().expect("a moment"), seen["last_at"].as_str().expect("a moment"));
        assert!(first <= last && first.ends_with('Z'), "{seen}");
        assert_eq!((&one["restricted"], &one["objected"]), (&json!(false), &json!(false)));
    }
    assert_eq!(shown(3)["seen"]["events"], 1);
    assert_eq!(restrict(&server, "PUT", 1).status, 204);
    let path = format!("/api/sites/{SITE}/visitors/{}/objection", visitor(1));
    assert_eq!(ask(&server, &server.owner().cookie, "PUT", &path, None).status, 204);
    let one = shown(2);
    assert_eq!((&one["restricted"], &one["objected"]), (&json!(true), &json!(true)), "by whichever id");
    let nobody = shown(9);
    assert_eq!((&nobody["seen"]["events"], &nobody["seen"]["first_at"]), (&json!(0), &Value::Null));
}

#[test]
fn what_was_said_of_visitors_goes_with_their_site() {
    let server = visited();
    assert_eq!(merge(&server, 1, 2).status, 204);
    let confirm = json!({ "confirm": SITE });
    let gone = ask(&server, &server.owner().cookie, "DELETE", "/api/sites/example.com", Some(&confirm));
    assert_eq!(gone.status, 204, "{}", gone.text());
    server.add_site(SITE);
    for whose in [1, 2] {
        happens(&server, whose, "/");
    }
    assert_eq!(server.count(SITE, "visitors"), 2);
}
