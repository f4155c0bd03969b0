//! What a site's owner decides about recordings, and what a recorder hears of it.

use serde_json::json;

use super::*;

fn told(server: &Server) -> Reply {
    server.ask_as_nobody(&Asking::get("/api/recording/settings?d=example.com"))
}

#[test]
fn nothing_is_recorded_until_the_owner_says_so() {
    let server = Server::start();
    server.add_site(SITE);
    let site = server.get("/api/sites/example.com").json();
    assert_eq!(
        site["settings"]["recording"],
        json!({ "on": false, "sample": 100, "text": "starred", "retention_days": 30, "idle_minutes": 5,
                "length_minutes": 60, "in_backups": false, "shown_to_viewers": false })
    );
    assert!(!site["snippet"].to_string().contains("data-recording"));
    let nothing = told(&server);
    assert_eq!((nothing.status, nothing.header("access-control-allow-origin")), (404, Some("*")));
    let [meta, full] = snapshot(AT, "Your cart", "***");
    assert_eq!(send(&server, &chunk(0, &[meta, full])).status, 403);
}

#[test]
fn a_recorder_hears_what_the_site_allows_as_soon_as_the_change_is_answered() {
    let server = Server::start();
    server.add_site(SITE);
    let changed = set(&server, &json!({ "on": true, "sample": 25, "idle_minutes": 3, "length_minutes": 90 }));
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert!(changed.json()["snippet"].to_string().contains(" data-recording "), "{}", changed.text());
    let heard = told(&server);
    assert_eq!(
        heard.json(),
        json!({ "on": true, "sample": 25, "text": "starred", "signals": "honour", "idle_minutes": 3, "length_minutes": 90 })
    );
    assert_eq!(heard.header("access-control-allow-origin"), Some("*"));
    assert_eq!(server.ask_as_nobody(&Asking::get("/api/recording/settings")).status, 404);
    assert_eq!(server.ask_as_nobody(&Asking::get("/api/recording/settings?d=other.example")).status, 404);
    let change = json!({ "honour_signals": false, "recording": { "text": "clear" } });
    ask(&server, &server.owner().cookie, "PATCH", "/api/sites/example.com", Some(&change));
    let heard = told(&server).json();
    assert_eq!(
        (&heard["text"], &heard["signals"], &heard["sample"]),
        (&json!("clear"), &json!("ignore"), &json!(25))
    );
}

#[test]
fn a_number_beyond_its_edge_changes_nothing_and_the_field_at_fault_is_named() {
    let server = Server::start();
    server.add_site(SITE);
    for (field, most) in
        [("sample", 100), ("retention_days", 730), ("idle_minutes", 30), ("length_minutes", 240)]
    {
        assert_eq!(set(&server, &json!({ field: most })).status, 200, "{field}");
        let refused = set(&server, &json!({ field: most + 1, "on": true }));
        let named = format!("recording.{field}");
        assert_eq!((refused.status, &refused.json()["field"]), (400, &json!(named)), "{}", refused.text());
    }
    let kept = server.get("/api/sites/example.com").json()["settings"]["recording"].clone();
    assert_eq!(
        (&kept["on"], &kept["sample"], &kept["retention_days"]),
        (&json!(false), &json!(100), &json!(730))
    );
}

#[test]
fn what_was_decided_is_in_the_audit_log() {
    let server = Server::start();
    server.add_site(SITE);
    set(&server, &json!({ "on": true, "shown_to_viewers": true }));
    let entries = server.get("/api/audit?act=site_change").json();
    let details = &entries["entries"][0]["details"];
    assert_eq!(
        (&details["recording"], &details["recording_shown_to_viewers"]),
        (&json!("true"), &json!("true"))
    );
}
