//! Whoever is wrong again and again waits before the next try: for an account from wherever it is tried, and for a network
//! whatever account it tries. Nobody is locked out for good.

use serde_json::json;

use super::{PASSWORD, invite, sign_in};
use crate::house::{Asking, EMAIL, Reply, Server, eventually};

const PROXIED: [&str; 4] = ["--behind-proxy", "127.0.0.1", "--public-url", "https://stats.example"];
const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.7";

/// The seconds that whoever is told to wait is to wait; none where the try was heard, and wrong.
fn wait_told(reply: &Reply) -> Option<u64> {
    match reply.status {
        401 => None,
        429 => Some(reply.json()["retry_after"].as_u64().expect("seconds")),
        other => panic!("{other}: {}", reply.text()),
    }
}

/// What whoever shows the owner's address with a wrong password is told to wait, in tries that follow at once.
fn waits(server: &Server) -> Vec<u64> {
    (0..8).filter_map(|_| wait_told(&sign_in(server, EMAIL, "not the right one"))).collect()
}

#[test]
fn an_account_that_is_tried_too_often_waits_longer_each_time_and_no_other_does() {
    let server = Server::start();
    assert!(!waits(&server).is_empty());
    eventually("a longer wait", || {
        let told = wait_told(&sign_in(&server, EMAIL, "not the right one"));
        told.filter(|seconds| *seconds > 1)
    });
    let other = invite(&server, "ann@example.com", "admin", None);
    assert_eq!(sign_in(&server, &other.email, PASSWORD).status, 200);
}

#[test]
fn the_twin_that_lets_an_account_be_tried_at_will_is_caught() {
    assert_eq!(waits(&Server::without("delays", &[])), [0; 0]);
}

/// A wrong password for one of a few accounts: so few that the network is not taken for an attacker.
fn try_from(server: &Server, address: &str, account: &str) -> Option<u64> {
    let body = json!({ "email": format!("{account}@example.com"), "password": "not the right one" });
    let asking = Asking::json("POST", "/api/session", &body)
        .header("x-forwarded-for", address)
        .header("x-forwarded-proto", "https");
    wait_told(&server.ask_as_nobody(&asking))
}

/// What is told to one more try of an account that may be wrong once more, from a network that was wrong 23 times.
fn wait_of_network(server: &Server) -> Option<u64> {
    let wrong = |account: &str| {
        eventually("a try that is heard", || try_from(server, HERE, account).is_none().then_some(()));
    };
    for _ in 0..7 {
        ["ada", "bob", "cleo"].into_iter().for_each(wrong);
    }
    wrong("dan");
    wrong("dan");
    try_from(server, HERE, "dan")
}

#[test]
fn a_network_that_is_wrong_too_often_waits_whatever_account_it_tries_and_no_other_does() {
    let server = Server::with(&PROXIED);
    assert!(wait_of_network(&server).is_some_and(|seconds| seconds > 1));
    assert_eq!(try_from(&server, THERE, "dan"), None);
}

#[test]
fn the_twin_that_lets_a_network_try_at_will_is_caught() {
    assert_eq!(wait_of_network(&Server::without("delays", &PROXIED)), None);
}

/// A link that nobody was given, from a network; what is answered.
fn link_from(server: &Server, address: &str, path: &str) -> Reply {
    let body = json!({ "token": "A".repeat(43), "password": PASSWORD });
    let body = if path.ends_with("one-time") { json!({ "token": body["token"] }) } else { body };
    let asking = Asking::json("POST", path, &body)
        .header("x-forwarded-for", address)
        .header("x-forwarded-proto", "https");
    server.ask_as_nobody(&asking)
}

#[test]
fn a_network_whose_links_are_wrong_too_often_waits_and_costs_the_keeper_nothing_more() {
    let server = Server::with(&PROXIED);
    let audit = server.data().with_file_name("data.keys").join("audit.log");
    let audited = || {
        let text = std::fs::read_to_string(&audit).expect("the keeper's file");
        let of_links = ["choose", "reset", "sign-in", "accept"].map(|asks| format!("\"asks\":\"{asks}\""));
        text.lines().filter(|line| of_links.iter().any(|asks| line.contains(asks))).count()
    };
    for path in ["/api/session/one-time", "/api/password", "/api/invitations/accept"] {
        let from_here = || wait_of_link(&link_from(&server, HERE, path));
        assert!((0..20).all(|_| from_here().is_none()), "twenty of {path} cost nothing");
        eventually("a wait that is long enough to look at the file", || from_here().filter(|wait| *wait > 1));
        let before = audited();
        assert!(from_here().is_some(), "{path}");
        assert_eq!(audited(), before, "{path}");
        assert_eq!(wait_of_link(&link_from(&server, THERE, path)), None, "another network is heard");
    }
}

/// The seconds that whoever showed a link is to wait; none where it was heard, and wrong.
fn wait_of_link(reply: &Reply) -> Option<u64> {
    match reply.status {
        410 => None,
        429 => Some(reply.json()["retry_after"].as_u64().expect("seconds")),
        other => panic!("{other}: {}", reply.text()),
    }
}
