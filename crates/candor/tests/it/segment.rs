//! `/v1/…`: the Segment HTTP API, as its clients speak it.

mod killing;

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::house::{Asking, Reply, Server};

/// The write key of a site.
pub(crate) fn write_key(server: &Server, domain: &str) -> String {
    let site = server.get(&format!("/api/sites/{domain}")).json();
    site["write_key"].as_str().expect("a write key").to_owned()
}

/// Posts a call as a server that knows the key.
pub(crate) fn call(server: &Server, path: &str, key: &str, body: &Value) -> Reply {
    let mut body = body.clone();
    body["writeKey"] = json!(key);
    server.ask_as_nobody(&Asking::json("POST", path, &body))
}

fn refused(server: &Server, domain: &str) -> Vec<(String, u64)> {
    let refusals = server.get(&format!("/api/sites/{domain}/refusals")).json();
    let rows = refusals["refused"].as_array().expect("a list").iter();
    rows.map(|row| (row["reason"].as_str().expect("a word").to_owned(), row["count"].as_u64().expect("n")))
        .collect()
}

#[test]
fn what_is_acknowledged_is_in_reports_at_once_and_counts_once_however_often_it_comes() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let track = json!({ "userId": "u1", "event": "Paid", "messageId": "m1" });
    for _ in 0..3 {
        let reply = call(&server, "/v1/track", &key, &track);
        assert_eq!((reply.status, reply.text().as_str()), (200, r#"{"success":true}"#));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    assert_eq!(server.count("example.com", "events"), 1);
    let items: Vec<_> = (0..100)
        .map(|n| {
            json!({ "type": "page", "userId": format!("u{}", n % 10), "messageId": format!("p{n}"),
                         "properties": { "url": format!("https://example.com/{n}") } })
        })
        .collect();
    let batch = json!({ "batch": items });
    for _ in 0..2 {
        assert_eq!(call(&server, "/v1/batch", &key, &batch).status, 200);
    }
    assert_eq!(server.count("example.com", "pageviews"), 100);
    assert_eq!(server.count("example.com", "visitors"), 10);
    server.assert_log_clean();
}

#[test]
fn the_key_is_taken_as_clients_send_it_and_no_other_is() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let body = json!({ "userId": "u1", "event": "Paid" });
    let basic = base64(&format!("{key}:"));
    let with = |header: &str| {
        server.ask_as_nobody(&Asking::json("POST", "/v1/track", &body).header("authorization", header))
    };
    assert_eq!(with(&format!("Basic {basic}")).status, 200);
    assert_eq!(with("Basic bm9ib2R5Og==").status, 401);
    assert_eq!(call(&server, "/v1/track", "00000000000000000000000000000000", &body).status, 401);
    assert_eq!(server.count("example.com", "events"), 1);

    // Another key takes its place, and the one of before is good no longer.
    let change = Asking::json(
        "PATCH",
        "/api/sites/example.com",
        &json!({ "identified": { "replace_write_key": true } }),
    );
    let changed = server.ask(&change).json();
    assert_ne!(changed["write_key"], json!(key));
    assert_eq!(call(&server, "/v1/track", &key, &body).status, 401);
    assert_eq!(call(&server, "/v1/track", changed["write_key"].as_str().expect("a key"), &body).status, 200);
}

#[test]
fn a_browser_is_told_where_to_send_and_that_it_may() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let settings = server.ask_as_nobody(&Asking::get(&format!("/v1/projects/{key}/settings")));
    assert_eq!(settings.status, 200);
    assert_eq!(settings.header("access-control-allow-origin"), Some("*"));
    let integrations = &settings.json()["integrations"];
    assert_eq!(integrations.as_object().expect("one integration").len(), 1);
    assert_eq!(integrations["Segment.io"]["apiKey"], json!(key));
    assert_eq!(integrations["Segment.io"]["apiHost"], json!(format!("localhost:{}/v1", server.port())));
    assert_eq!(integrations["Segment.io"]["protocol"], "http");
    assert_eq!(server.ask_as_nobody(&Asking::get("/v1/projects/none/settings")).status, 404);
    let preflight = server.ask_as_nobody(&Asking::new("OPTIONS", "/v1/t"));
    assert_eq!(preflight.status, 204);
    let allowed = preflight.header("access-control-allow-headers").expect("headers");
    assert!(
        ["authorization", "content-type", "x-retry-count"].iter().all(|header| allowed.contains(header)),
        "{allowed}"
    );
    // What its client sends, as it sends it.
    let body = json!({ "anonymousId": "0f", "event": "Clicked", "writeKey": key, "messageId": "ajs-next-1" })
        .to_string();
    let sent = Asking::post("/v1/t", body)
        .header("content-type", "text/plain")
        .header("authorization", "Basic YQ==");
    assert_eq!(server.ask_as_nobody(&sent).status, 200);
    for (method, path, status) in
        [("GET", "/v1/track", 405), ("POST", "/v1/nothing", 404), ("DELETE", "/v1/batch", 405)]
    {
        assert_eq!(server.ask_as_nobody(&Asking::new(method, path)).status, status, "{method} {path}");
    }
}

#[test]
fn a_batch_may_come_packed_and_each_limit_holds_at_its_edge() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let batch = |bytes: usize| {
        let bare = json!({ "writeKey": key, "batch": [{ "type": "track", "userId": "u", "event": "A" }], "pad": "" });
        let pad = " ".repeat(bytes - bare.to_string().len());
        json!({ "writeKey": key, "batch": [{ "type": "track", "userId": "u", "event": "A" }], "pad": pad })
            .to_string()
    };
    let post = |path, body: Vec<u8>| Asking::post(path, body).header("content-type", "application/json");
    let plain = |bytes| server.ask_as_nobody(&post("/v1/batch", batch(bytes).into_bytes())).status;
    assert_eq!(plain(500 * 1024), 200);
    assert_eq!(plain(500 * 1024 + 1), 400);
    let packed = |bytes| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(batch(bytes).as_bytes()).expect("it is packed");
        let body = encoder.finish().expect("it is packed");
        server.ask_as_nobody(&post("/v1/batch", body).header("content-encoding", "gzip")).status
    };
    assert_eq!(packed(500 * 1024), 200);
    assert_eq!(packed(500 * 1024 + 1), 400);
    let single = |bytes: usize| {
        let bare = json!({ "writeKey": key, "userId": "u", "event": "A", "pad": "" }).to_string().len();
        let body = json!({ "writeKey": key, "userId": "u", "event": "A", "pad": "x".repeat(bytes - bare) });
        server.ask_as_nobody(&post("/v1/track", body.to_string().into_bytes())).status
    };
    assert_eq!(single(32 * 1024), 200);
    assert_eq!(single(32 * 1024 + 1), 400);
    assert_eq!(server.ask_as_nobody(&post("/v1/track", b"{".to_vec())).status, 400);
    assert_eq!(server.count("example.com", "events"), 3);
}

#[test]
fn what_is_refused_is_named_and_counted_where_the_sites_people_see_it() {
    let server = Server::start();
    server.add_site("example.com");
    let key = write_key(&server, "example.com");
    let batch = json!({ "batch": [
        { "type": "track", "userId": "u" },
        { "type": "track", "userId": "u", "event": "Old", "timestamp": "2001-01-01T00:00:00Z" },
        { "type": "track", "userId": "u", "event": "Kept" },
    ] });
    let reply = call(&server, "/v1/batch", &key, &batch);
    assert_eq!((reply.status, reply.header("x-candor-refused")), (200, Some("malformed")));
    assert_eq!(reply.header("x-plausible-dropped"), Some("2"));
    // The third is how the test found out that the edge knows the site.
    let named = ["date", "malformed", "scheme"].map(|reason| (reason.to_owned(), 1));
    assert_eq!(refused(&server, "example.com"), named);
    let items = vec![json!({ "type": "track", "userId": "u", "event": "A" }); 2_501];
    let reply = call(&server, "/v1/batch", &key, &json!({ "batch": items }));
    assert_eq!((reply.status, reply.header("x-candor-refused")), (200, Some("too_many")));
    assert_eq!(server.count("example.com", "events"), 1);
}

fn base64(text: &str) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for sign in 0..4 {
            let at = (bits >> (18 - 6 * sign)) & 63;
            coded.push(if sign <= three.len() { char::from(SIGNS[at as usize]) } else { '=' });
        }
    }
    coded
}
