//! Bodies that mean harm, or nothing: each has an answer, and the next good event is taken as if nothing was.

use serde_json::json;

use crate::house::{Asking, FIREFOX, Reply, Server};

fn post(server: &Server, body: impl Into<Vec<u8>>) -> Reply {
    server.ask(&Asking::post("/api/event", body).header("user-agent", FIREFOX))
}

/// A server with one site, the reply of `hostile`, and the certainty that the server is well afterwards.
fn survives(hostile: impl Fn(&Server) -> Reply) -> Reply {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let reply = hostile(&server);
    let good = server.send(&json!({ "n": "pageview", "u": "https://example.com/good" }));
    assert_eq!((good.status, good.header("x-candor-refused")), (202, None));
    assert!(server.count("example.com", "pageviews") >= 1);
    server.assert_log_clean();
    reply
}

#[test]
fn json_that_nests_too_deep_is_malformed() {
    let deep = format!(
        "{{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"p\":{}{}}}",
        "[".repeat(30_000),
        "]".repeat(30_000)
    );
    let reply = survives(|server| post(server, deep.clone()));
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(reply.json()["field"], "body");
}

#[test]
fn bytes_that_are_not_utf_8_are_malformed() {
    let reply =
        survives(|server| post(server, b"{\"n\":\"page\xffview\",\"u\":\"https://example.com/\"}".to_vec()));
    assert_eq!((reply.status, reply.json()["field"].clone()), (400, json!("body")));
}

#[test]
fn of_ten_thousand_properties_some_are_kept_and_the_event_counts() {
    let properties: serde_json::Map<String, serde_json::Value> =
        (0..10_000).map(|n| (format!("k{n}"), json!(n % 10))).collect();
    let body = json!({ "n": "pageview", "u": "https://example.com/", "p": properties }).to_string();
    // Beyond the limit on bytes it is too large; within it, the first thirty are kept.
    let too_large = survives(|server| post(server, body.clone()));
    assert_eq!(too_large.status, 413);
    let properties: serde_json::Map<String, serde_json::Value> =
        (0..4_000).map(|n| (format!("k{n}"), json!(n % 10))).collect();
    let body = json!({ "n": "pageview", "u": "https://example.com/", "p": properties }).to_string();
    assert!(body.len() < 64 * 1024);
    let reply = survives(|server| post(server, body.clone()));
    assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
}

#[test]
fn a_small_body_that_unpacks_to_a_huge_one_is_malformed() {
    let bomb = include_bytes!("bomb.json.gz");
    let reply = survives(|server| {
        server.ask(
            &Asking::post("/api/event", bomb.to_vec())
                .header("content-encoding", "gzip")
                .header("user-agent", FIREFOX),
        )
    });
    assert!(matches!(reply.status, 400 | 413), "{} {}", reply.status, reply.text());
}

#[test]
fn absurd_addresses_of_pages_never_break_anything() {
    let long = format!("https://example.com/{}", "a".repeat(50_000));
    let hosts = "https://".to_owned() + &"a.".repeat(5_000) + "example/";
    for url in [
        long.as_str(),
        hosts.as_str(),
        "https://",
        "javascript:alert(1)",
        "https://[::1",
        "//example.com",
        "https://example.com:99999/",
        "https://user:secret@example.com/%00%ff%zz",
        "https://xn--/\u{202e}",
        "\u{0}",
    ] {
        let body = json!({ "n": "pageview", "d": "example.com", "u": url }).to_string();
        let reply = survives(|server| post(server, body.clone()));
        assert!(matches!(reply.status, 202 | 400), "{url:.60}: {}", reply.status);
    }
}

#[test]
fn wrong_types_are_malformed_or_left_out() {
    for (body, status) in [
        ("[]", 400),
        ("null", 400),
        ("\"pageview\"", 400),
        ("", 400),
        ("{", 400),
        (r#"{"n":{},"u":"https://example.com/"}"#, 400),
        (r#"{"n":"pageview","u":7}"#, 400),
        (r#"{"n":"pageview","u":"https://example.com/","d":[]}"#, 400),
        (r#"{"n":"pageview","u":"https://example.com/","p":7,"i":"maybe","$":[],"sd":-1,"r":{}}"#, 202),
        (r#"{"n":"pageview","u":"https://example.com/","t":{}}"#, 400),
    ] {
        let reply = survives(|server| post(server, body));
        assert_eq!(reply.status, status, "{body}: {}", reply.text());
    }
}

#[test]
fn dates_far_off_are_refused_and_counted() {
    for (t, refused) in [
        (json!("1970-01-01T00:00:00Z"), Some("date")),
        (json!(99_999_999_999_999_i64), Some("date")),
        (json!("2999-12-31T23:59:59Z"), Some("date")),
        (json!(null), None),
    ] {
        let body = json!({ "n": "pageview", "u": "https://example.com/", "t": t }).to_string();
        let reply = survives(|server| post(server, body.clone()));
        assert_eq!((reply.status, reply.header("x-candor-refused")), (202, refused), "{t}");
    }
}
