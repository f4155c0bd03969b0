//! `/api/v2`: what surrounds the answers. The answers themselves are tested where they are computed.

use serde_json::{Value, json};

use crate::house::{Asking, Server};

fn with_traffic() -> Server {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    for path in ["/", "/a", "/b"] {
        let reply = server.send(&json!({ "n": "pageview", "u": format!("https://example.com{path}") }));
        assert_eq!((reply.status, reply.text().as_str()), (202, "ok"));
    }
    server
}

fn query(metrics: &[&str]) -> Value {
    json!({ "site_id": "example.com", "date_range": "7d", "metrics": metrics })
}

#[test]
fn an_acknowledged_event_is_in_the_next_answer() {
    let server = with_traffic();
    let answer = server.post("/api/v2/query", &query(&["visitors", "pageviews"])).json();
    assert_eq!(answer["results"], json!([{ "dimensions": [], "metrics": [1, 3] }]));
    assert_eq!(answer["query"]["site_id"], "example.com");
}

#[test]
fn several_queries_are_answered_in_their_order() {
    let server = with_traffic();
    let answers =
        server.post("/api/v2/queries", &json!([query(&["pageviews"]), query(&["visitors"])])).json();
    let numbers: Vec<&Value> =
        answers.as_array().expect("a list").iter().map(|one| &one["results"][0]["metrics"][0]).collect();
    assert_eq!(numbers, [&json!(3), &json!(1)]);
}

#[test]
fn a_bad_member_is_named_by_its_index() {
    let server = with_traffic();
    let reply = server.post("/api/v2/queries", &json!([query(&["visitors"]), query(&["luck"])]));
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["index"], 1);
    assert!(reply.json()["error"].as_str().expect("a sentence").starts_with("query 1: "));
    let mixed = json!([query(&["visitors"]), { "site_id": "b.example", "date_range": "7d", "metrics": ["visitors"] }]);
    assert_eq!(server.post("/api/v2/queries", &mixed).json()["index"], 1);
}

#[test]
fn what_is_asked_of_an_unknown_site_is_not_found() {
    let server = Server::start();
    assert_eq!(server.post("/api/v2/query", &query(&["visitors"])).status, 404);
}

#[test]
fn each_limit_of_a_request_has_its_answer() {
    let server = with_traffic();
    let many = |count: usize| Value::Array(vec![query(&["visitors"]); count]);
    assert_eq!(server.post("/api/v2/queries", &many(64)).status, 200);
    assert_eq!(server.post("/api/v2/queries", &many(65)).status, 400);
    assert_eq!(server.post("/api/v2/queries", &many(0)).status, 400);
    let padded = |bytes: usize| {
        let bare = query(&["visitors"]).to_string();
        let body = format!("{bare}{}", " ".repeat(bytes - bare.len()));
        server.ask(&Asking::post("/api/v2/query", body).header("content-type", "application/json")).status
    };
    assert_eq!(padded(256 * 1024), 200);
    assert_eq!(padded(256 * 1024 + 1), 413);
    let typed = |kind: &str| {
        server
            .ask(
                &Asking::post("/api/v2/query", query(&["visitors"]).to_string()).header("content-type", kind),
            )
            .status
    };
    assert_eq!(typed("text/plain"), 415);
    assert_eq!(typed("application/json; charset=utf-8"), 200);
    let deep = "[".repeat(5_000);
    assert_eq!(
        server.ask(&Asking::post("/api/v2/queries", deep).header("content-type", "application/json")).status,
        400
    );
}
