//! `GET /api/sites/{domain}/refusals`.

use serde_json::json;

use crate::house::{Asking, Server};

#[test]
fn every_event_that_is_in_no_report_is_counted_by_its_reason() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let event = json!({ "n": "pageview", "u": "https://example.com/" });
    for _ in 0..3 {
        server.ask(&Asking::event(&event).header("dnt", "1"));
    }
    server.send(&json!({ "n": "pageview", "u": "https://example.com/", "t": "2001-01-01T00:00:00Z" }));
    let bot = Asking::post("/api/event", event.to_string()).header("user-agent", "Googlebot/2.1");
    assert_eq!(server.ask(&bot).header("x-candor-refused"), Some("bot"));
    server.send(&json!({ "n": "pageview", "u": "https://unknown.example/" }));
    let refusals = server.get("/api/sites/example.com/refusals").json();
    let shown = |of: &str| -> Vec<(String, u64)> {
        let rows = refusals[of].as_array().expect("a list");
        rows.iter()
            .map(|row| {
                (row["reason"].as_str().expect("a word").to_owned(), row["count"].as_u64().expect("n"))
            })
            .collect()
    };
    assert_eq!(shown("refused"), [("opt_out".to_owned(), 3), ("date".to_owned(), 1)]);
    assert_eq!(shown("set_aside"), [("user_agent".to_owned(), 1)]);
    assert_eq!(refusals["unknown_site"], 1);
    assert_eq!(server.count("example.com", "events"), 0);
}

#[test]
fn the_number_of_days_is_checked() {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    for (days, status) in [("1", 200), ("90", 200), ("0", 400), ("91", 400), ("week", 400)] {
        let reply = server.get(&format!("/api/sites/example.com/refusals?days={days}"));
        assert_eq!(reply.status, status, "{days}");
    }
}
