//! A network that tries one account after the other.

use serde_json::json;

use crate::house::{Asking, EMAIL, PASSWORD, Reply, Server, eventually};
use crate::metrics;

const ATTACKER: &str = "203.0.113.7";
const NEIGHBOUR: &str = "203.0.113.99";
const ELSEWHERE: &str = "198.51.100.7";

/// A server behind a proxy, and how it is told to be.
const PROXIED: [&str; 4] = ["--behind-proxy", "127.0.0.1", "--public-url", "https://stats.example"];

fn from<'a>(asking: Asking<'a>, address: &str) -> Asking<'a> {
    asking.header("x-forwarded-for", address).header("x-forwarded-proto", "https").header("cookie", "none=1")
}

fn try_from(server: &Server, address: &str, email: &str, password: &str) -> std::io::Result<Reply> {
    let body = json!({ "email": email, "password": password });
    server.try_ask(&from(Asking::json("POST", "/api/session", &body), address))
}

/// Tries accounts until the edge says that it blocks a network.
fn attack(server: &Server) {
    for number in 1..=10 {
        let email = format!("somebody{}@example.com", number % 5);
        let told = try_from(server, ATTACKER, &email, "not the right one").map(|reply| reply.status);
        // The last one may be cut off before it is told anything.
        assert!(number == 10 || matches!(told, Ok(401)), "{number}: {told:?}");
    }
    eventually("the edge blocks a network", || {
        let text = String::from_utf8(metrics::read(server)).expect("text");
        text.lines().any(|line| line == "candor_blocks 1").then_some(())
    });
}

/// Whether somebody of this address is told so at the door for pages, with the right password, and at that for operators.
fn are_kept_out(server: &Server, address: &str) -> [bool; 2] {
    let at_pages = try_from(server, address, EMAIL, PASSWORD).expect("an answer");
    let at_operators = server.ask_at_operators_door(&from(Asking::get("/"), address));
    [at_pages, at_operators]
        .map(|reply| reply.status == 403 && reply.text().contains("this network is blocked for a while"))
}

#[test]
fn a_network_that_tries_one_account_after_the_other_is_kept_out_by_every_door_and_no_other_is() {
    let server = Server::with(&PROXIED);
    attack(&server);
    assert_eq!(are_kept_out(&server, NEIGHBOUR), [true, true]);
    assert_eq!(are_kept_out(&server, ELSEWHERE), [false, false]);
    assert_eq!(try_from(&server, ELSEWHERE, EMAIL, PASSWORD).expect("an answer").status, 200);
    let script =
        std::fs::read_to_string(server.data().join("blocked.nft")).expect("a script for the firewall");
    assert!(script.contains("203.0.113.0/24"), "{script}");
}

#[test]
fn the_twin_that_keeps_nobody_out_is_caught_at_every_door() {
    let server = Server::without("blocking", &PROXIED);
    attack(&server);
    assert_eq!(are_kept_out(&server, NEIGHBOUR), [false, false], "the attacker's network is still heard");
    assert_eq!(try_from(&server, ATTACKER, EMAIL, PASSWORD).expect("an answer").status, 200);
}
