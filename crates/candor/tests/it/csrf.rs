//! Whatever a page of another site makes a browser send, it changes nothing here: every method, by every word that
//! browsers have for whose page asks, to every name.

use serde_json::json;

use crate::house::{Asking, Server};

const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
const SITES: [&str; 6] = ["", "same-origin", "none", "same-site", "cross-site", "elsewhere"];

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Misdirected,
    Foreign,
    Heard,
}

fn fate(server: &Server, method: &str, host: &str, site: &str, origin: &str) -> Fate {
    let mut asking = Asking::new(method, "/api/sites/none.example").header("host", host);
    for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
        if !value.is_empty() {
            asking = asking.header(name, value);
        }
    }
    let reply = server.ask(&asking);
    match reply.status {
        421 => Fate::Misdirected,
        403 if reply.text().contains("a page of another site") => Fate::Foreign,
        _ => Fate::Heard,
    }
}

/// What should become of it, as one reads it in the Fetch standard.
fn expected(method: &str, host: &str, site: &str, origin: &str) -> Fate {
    let foreign_origin =
        || !origin.is_empty() && origin.split_once("://").is_none_or(|(_, name)| name != host);
    match (host, method, site) {
        ("evil.example", _, _) => Fate::Misdirected,
        (_, "GET" | "HEAD" | "OPTIONS", _) | (_, _, "same-origin" | "none") => Fate::Heard,
        (_, _, "") if !foreign_origin() => Fate::Heard,
        _ => Fate::Foreign,
    }
}

#[test]
fn every_way_of_asking_for_another_page_is_refused_and_every_own_one_is_heard() {
    let server = Server::with(&["--public-url", "https://stats.example"]);
    let local = server.address().to_string();
    let own = format!("http://{local}");
    let origins = [
        "",
        &own,
        "https://stats.example",
        "http://127.0.0.1:1",
        "https://evil.example",
        "https://stats.example.evil.example",
        "null",
    ];
    let mut fates = [0; 3];
    for method in METHODS {
        for host in ["stats.example", &local, "evil.example"] {
            for (site, origin) in
                SITES.iter().flat_map(|site| origins.iter().map(move |origin| (site, origin)))
            {
                let found = fate(&server, method, host, site, origin);
                let wanted = expected(method, host, site, origin);
                assert_eq!(found, wanted, "{method} {host} sec-fetch-site={site:?} origin={origin:?}");
                fates[found as usize] += 1;
            }
        }
    }
    assert!(fates.iter().all(|count| *count > 100), "{fates:?}");
}

/// What becomes of a site that a page adds, as its browser says whose page it is.
fn add(server: &Server, origin: &str, site: &str) -> u16 {
    let asking = Asking::json("POST", "/api/sites", &json!({ "domain": "example.com" }));
    server.ask(&asking.header("origin", origin).header("sec-fetch-site", site)).status
}

#[test]
fn a_page_of_another_site_cannot_change_anything_and_an_own_one_can() {
    let server = Server::start();
    let own = format!("http://{}", server.address());
    assert_eq!(add(&server, "https://evil.example", "cross-site"), 403);
    assert_eq!(server.get("/api/sites").json()["sites"].as_array().map(Vec::len), Some(0));
    assert_eq!(add(&server, &own, "same-origin"), 201);
}

#[test]
fn the_twin_that_does_not_ask_whose_page_it_is_is_caught_by_the_first_of_another_site() {
    let server = Server::without("own-pages", &[]);
    assert_eq!(add(&server, "https://evil.example", "cross-site"), 201);
}

#[test]
fn the_twin_that_answers_to_any_name_is_caught_by_the_first_that_is_not_its_own() {
    let server = Server::without("own-names", &[]);
    assert_eq!(fate(&server, "GET", "evil.example", "", ""), Fate::Heard);
}
