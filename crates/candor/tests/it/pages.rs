//! The UI and what every answer tells the browser.

use crate::house::{Asking, Server};

#[test]
fn every_screen_is_the_one_page_under_a_strict_policy() {
    let server = Server::start();
    for path in ["/", "/example.com", "/example.com/settings?period=7d"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(policy.ends_with("require-trusted-types-for 'script'; trusted-types 'none'"), "{policy}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), Some(value), "{name}");
        }
        let permissions = page.header("permissions-policy").expect("a policy");
        assert!(permissions.contains("camera=()"), "{permissions}");
    }
}

#[test]
fn a_file_of_the_build_is_kept_for_ever_and_a_missing_one_is_missing() {
    let server = Server::start();
    let page = server.get("/").text();
    let path = page.split('"').find(|part| part.starts_with("/assets/")).expect("a file of the build");
    let file = server.ask(&Asking::get(path).header("accept-encoding", "br"));
    assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(file.header("content-encoding"), Some("br"));
    assert_eq!(server.get("/assets/nothing.js").status, 404);
    assert_eq!(server.get("/api/nothing").status, 404);
}

#[test]
fn whatever_is_wrong_with_a_request_is_told_as_json() {
    let server = Server::start();
    for (asking, status) in [
        (Asking::new("PUT", "/api/sites"), 405),
        (Asking::get("/api/sites/%ff"), 404),
        (Asking::get("/api/sites/none.example"), 404),
        (Asking::get("/api/nothing"), 404),
        (Asking::post("/", "x"), 405),
        (Asking::new("DELETE", "/c.js"), 405),
    ] {
        let reply = server.ask(&asking);
        assert_eq!(reply.status, status);
        assert!(reply.json()["error"].as_str().is_some_and(|sentence| sentence.len() > 10));
    }
}

#[test]
fn a_name_that_is_not_the_servers_is_turned_away() {
    let server = Server::with(&["--public-url", "https://stats.example"]);
    let status = |host: &str| server.ask(&Asking::get("/api/sites").header("host", host)).status;
    for host in
        ["localhost", "localhost:7400", "127.0.0.1", "[::1]:7400", "stats.example", "STATS.example:443"]
    {
        assert_eq!(status(host), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""] {
        assert_eq!(status(host), 421, "{host}");
    }
}

#[test]
fn no_answer_of_the_api_is_kept_by_anybody_on_the_way() {
    let server = Server::start();
    for asking in [
        Asking::get("/api/sites"),
        Asking::get("/api/nothing"),
        Asking::get("/api/health"),
        Asking::new("PUT", "/api/sites"),
        Asking::new("PUT", "/api/event"),
    ] {
        assert_eq!(server.ask(&asking).header("cache-control"), Some("no-store"));
    }
}

#[test]
fn nothing_but_the_door_for_events_is_open_to_other_origins() {
    let server = Server::start();
    for path in ["/", "/api/sites", "/api/openapi.json", "/api/health"] {
        let reply = server.ask(&Asking::get(path).header("origin", "https://evil.example"));
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
    }
}
