//! The first owner, and signing in.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{ask, cookie_of, sign_in, token_of};
use crate::house::{Asking, EMAIL, PASSWORD, Server};

#[test]
fn a_fresh_server_says_where_to_set_it_up_and_its_token_is_good_once() {
    let server = Server::fresh(&[]);
    let file = server.data().join("setup-token");
    let token = std::fs::read_to_string(&file).expect("a token");
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    // Nobody reads this server's log on a terminal: what keeps a log is told where the token lies.
    let log = server.log();
    assert!(log.contains(&file.display().to_string()) && !log.contains(&token), "{log}");
    assert_eq!(server.get("/api/setup").json(), json!({ "needed": true }));
    let wrong =
        json!({ "token": "A".repeat(43), "email": EMAIL, "password": PASSWORD, "organization": "Example" });
    assert_eq!(server.post("/api/setup", &wrong).status, 410);
    let weak = json!({ "token": token, "email": EMAIL, "password": "password1", "organization": "Example" });
    let refused = server.post("/api/setup", &weak);
    assert_eq!((refused.status, &refused.json()["field"]), (400, &json!("password")), "{}", refused.text());
    let right = json!({ "token": token, "email": EMAIL, "password": PASSWORD, "organization": "Example" });
    let made = server.post("/api/setup", &right);
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["organization"]["name"], "Example");
    assert_eq!(made.json()["recovery_codes"].as_array().map(Vec::len), Some(10));
    assert!(!file.exists(), "the token is gone once used");
    assert_eq!(server.get("/api/setup").json(), json!({ "needed": false }));
    assert_eq!(server.post("/api/setup", &right).status, 410);
}

#[test]
fn the_cookie_is_this_hosts_alone_and_no_script_and_no_other_sites_form_can_use_it() {
    let server = Server::start();
    let signed_in = sign_in(&server, EMAIL, PASSWORD);
    assert_eq!((signed_in.status, signed_in.json()), (200, json!({ "signed_in": true })));
    let set = signed_in.header("set-cookie").expect("a cookie").to_owned();
    for part in ["__Host-candor=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(set.contains(part), "{part} is not in {set}");
    }
    assert_eq!(signed_in.header("cache-control"), Some("no-store"));
    let cookie = cookie_of(&signed_in);
    let foreign = Asking::json("POST", "/api/sites", &json!({ "domain": "a.example" }))
        .by(&cookie)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(server.ask_as_nobody(&foreign).status, 403);
}

#[test]
fn nobody_learns_anything_but_what_is_open_to_all() {
    let server = Server::start();
    server.add_site("example.com");
    for path in [
        "/api/sites",
        "/api/sites/example.com",
        "/api/sites/other.example",
        "/api/people",
        "/api/keys",
        "/api/audit",
        "/api/me/security",
        "/api/session",
        "/api/organizations",
        "/api/nothing",
        "/api/sites/example.com/live",
    ] {
        let reply = server.ask_as_nobody(&Asking::get(path));
        assert_eq!(reply.status, 401, "{path}: {}", reply.text());
    }
    for path in ["/api/health", "/api/openapi.json", "/api/setup", "/c.js", "/"] {
        assert_eq!(server.ask_as_nobody(&Asking::get(path)).status, 200, "{path}");
    }
    // A body that never comes is not waited for.
    let endless = Asking::new("POST", "/api/v2/query")
        .header("content-type", "application/json")
        .header("content-length", "100000");
    assert_eq!(server.ask_as_nobody(&endless).status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let server = Server::start();
    let known = sign_in(&server, EMAIL, "not the right one");
    let unknown = sign_in(&server, "nobody@example.com", "not the right one");
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(known.text(), unknown.text());
}

#[test]
fn a_one_time_address_signs_another_device_in_once() {
    let server = Server::start();
    let made = ask(&server, &server.owner().cookie, "POST", "/api/session/link", None);
    assert_eq!(made.status, 201, "{}", made.text());
    let fragment = token_of(&made.json()["url"]);
    let token = fragment.strip_prefix("one-time=").expect("a token");
    let body = json!({ "token": token });
    let used = server.ask_as_nobody(&Asking::json("POST", "/api/session/one-time", &body));
    assert_eq!(used.status, 200, "{}", used.text());
    assert_eq!(ask(&server, &cookie_of(&used), "GET", "/api/session", None).json()["person"]["email"], EMAIL);
    assert_eq!(server.ask_as_nobody(&Asking::json("POST", "/api/session/one-time", &body)).status, 410);
}

#[test]
fn signing_out_ends_the_sign_in() {
    let server = Server::start();
    let cookie = cookie_of(&sign_in(&server, EMAIL, PASSWORD));
    assert_eq!(ask(&server, &cookie, "GET", "/api/session", None).status, 200);
    let out = ask(&server, &cookie, "DELETE", "/api/session", None);
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
    assert_eq!(ask(&server, &cookie, "GET", "/api/session", None).status, 401);
}
