//! Whose address it is. It shows in the country alone, so networks of two countries are used.

use serde_json::json;

use crate::house::{Asking, Server};

/// A network of a German provider, and one of a Japanese one.
const GERMAN: &str = "91.20.30.40";
const JAPANESE: &str = "126.40.30.20";

fn country(arguments: &[&str], forwarded: &[&str]) -> String {
    let server = Server::with(arguments);
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    let event = json!({ "n": "pageview", "u": "https://example.com/" });
    let asking = Asking::event(&event).header("x-forwarded-proto", "https");
    let asking = forwarded.iter().fold(asking, |asking, value| asking.header("x-forwarded-for", value));
    assert_eq!(server.ask(&asking).status, 202);
    let query = json!({
        "site_id": "example.com", "date_range": "7d", "metrics": ["visitors"], "dimensions": ["visit:country"],
    });
    let answer = server.post("/api/v2/query", &query).json();
    answer["results"][0]["dimensions"][0].as_str().expect("a country").to_owned()
}

#[test]
fn a_header_from_anybody_is_not_believed() {
    assert_eq!(country(&[], &[GERMAN]), "(not set)");
}

#[test]
fn a_trusted_proxy_is_believed() {
    assert_eq!(country(&["--behind-proxy", "127.0.0.1"], &[GERMAN]), "DE");
}

#[test]
fn what_the_client_wrote_left_of_the_proxys_word_is_not_believed() {
    let both = format!("{JAPANESE}, {GERMAN}");
    assert_eq!(country(&["--behind-proxy", "127.0.0.0/8"], &[&both]), "DE");
    assert_eq!(country(&["--behind-proxy", "127.0.0.0/8"], &[JAPANESE, GERMAN]), "DE");
}

#[test]
fn a_chain_of_trusted_proxies_is_walked_to_its_client() {
    let chain = format!("{JAPANESE}, {GERMAN}:50123, 10.1.2.3");
    let trusted = ["--behind-proxy", "127.0.0.1", "--behind-proxy", "10.0.0.0/8"];
    assert_eq!(country(&trusted, &[&chain]), "DE");
}
