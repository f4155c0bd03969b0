//! Bodies that mean harm, or nothing: each has an answer, and the next good event is taken as if nothing was.

use serde_json::json;

use crate::house::{Asking, FIREFOX, Reply, Server};

fn post(body: impl Into<Vec<u8>>) -> Asking<'static> {
    Asking::post("/api/event", body).header("user-agent", FIREFOX)
}

/// A server with one site, and the replies to `requests`, after each of which it is certain that the server is well.
fn survives(requests: &[Asking<'_>]) -> Vec<Reply> {
    let server = Server::start();
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let replies = requests.iter().map(|hostile| {
        let reply = server.ask(hostile);
        let good = server.send(&json!({ "n": "pageview", "u": "https://example.com/good" }));
        assert_eq!((good.status, good.header("x-candor-refused")), (202, None));
        reply
    });
    let replies = replies.collect();
    assert!(server.count("example.com", "pageviews") >= requests.len() as u64);
    server.assert_log_clean();
    replies
}

/// A page view of the site whose `field` is `value`.
fn event_with(field: &str, value: serde_json::Value) -> String {
    let mut event = json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    event[field] = value;
    event.to_string()
}

#[test]
fn json_that_nests_too_deep_is_malformed() {
    let brackets = |count: usize| "[".repeat(count) + &"]".repeat(count);
    let deep = format!("{{\"n\":\"pageview\",\"u\":\"https://example.com/\",\"p\":{}}}", brackets(30_000));
    let replies = survives(&[post(deep)]);
    assert_eq!((replies[0].status, &replies[0].json()["field"]), (400, &json!("body")));
}

#[test]
fn bytes_that_are_not_utf_8_are_malformed() {
    let replies = survives(&[post(b"{\"n\":\"page\xffview\",\"u\":\"https://example.com/\"}".to_vec())]);
    assert_eq!((replies[0].status, &replies[0].json()["field"]), (400, &json!("body")));
}

#[test]
fn ten_thousand_properties_are_too_large_and_those_that_fit_do_no_harm() {
    let properties = |count: u32| {
        let all: serde_json::Map<_, _> = (0..count).map(|n| (format!("k{n}"), json!(n % 10))).collect();
        event_with("p", all.into())
    };
    assert!(properties(4_000).len() < 64 * 1024);
    let replies = survives(&[post(properties(10_000)), post(properties(4_000))]);
    assert_eq!(replies[0].status, 413);
    assert_eq!((replies[1].status, replies[1].header("x-candor-refused")), (202, None));
}

#[test]
fn a_small_body_that_unpacks_to_a_huge_one_is_malformed() {
    let bomb = post(include_bytes!("bomb.json.gz").to_vec()).header("content-encoding", "gzip");
    let replies = survives(&[bomb]);
    assert_eq!((replies[0].status, &replies[0].json()["field"]), (400, &json!("body")));
}

#[test]
fn absurd_addresses_of_pages_never_break_anything() {
    let long = format!("https://example.com/{}", "a".repeat(50_000));
    let hosts = "https://".to_owned() + &"a.".repeat(5_000) + "example/";
    let absurd = [
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
    ];
    let replies = survives(&absurd.map(|url| post(event_with("u", json!(url)))));
    for (url, reply) in absurd.iter().zip(replies) {
        assert!(matches!(reply.status, 202 | 400), "{url:.60}: {}", reply.status);
    }
}

#[test]
fn wrong_types_are_malformed_or_left_out() {
    let wrong = [
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
    ];
    let replies = survives(&wrong.map(|(body, _)| post(body)));
    for ((body, status), reply) in wrong.iter().zip(replies) {
        assert_eq!(reply.status, *status, "{body}: {}", reply.text());
    }
}

#[test]
fn dates_far_off_are_refused_and_counted() {
    let dates = [
        (json!("1970-01-01T00:00:00Z"), Some("date")),
        (json!(99_999_999_999_999_i64), Some("date")),
        (json!("2999-12-31T23:59:59Z"), Some("date")),
        (json!(null), None),
    ];
    let replies = survives(&dates.clone().map(|(date, _)| post(event_with("t", date))));
    for ((date, refused), reply) in dates.iter().zip(replies) {
        assert_eq!((reply.status, reply.header("x-candor-refused")), (202, *refused), "{date}");
    }
}
