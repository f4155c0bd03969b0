//! A network that tries one account after the other.

use serde_json::json;

use crate::house::{Asking, EMAIL, PASSWORD, Server, eventually};

fn try_from(server: &Server, address: &str, email: &str, password: &str) -> std::io::Result<u16> {
    let body = json!({ "email": email, "password": password });
    let asking = Asking::json("POST", "/api/session", &body)
        .header("x-forwarded-for", address)
        .header("x-forwarded-proto", "https")
        .header("cookie", "none=1");
    server.try_ask(&asking).map(|reply| reply.status)
}

#[test]
fn a_network_that_tries_one_account_after_the_other_is_kept_out_and_no_other_is() {
    let server = Server::with(&["--behind-proxy", "127.0.0.1", "--public-url", "https://stats.example"]);
    for round in 0..2 {
        for account in 0..5 {
            let email = format!("somebody{account}@example.com");
            // The last ones may meet a closed door already.
            let status = try_from(&server, "203.0.113.7", &email, "not the right one").unwrap_or(403);
            assert!(matches!(status, 401 | 403), "{round} {account}: {status}");
        }
    }
    eventually("the network is kept out", || {
        (try_from(&server, "203.0.113.99", EMAIL, PASSWORD).ok() == Some(403)).then_some(())
    });
    assert_eq!(try_from(&server, "198.51.100.7", EMAIL, PASSWORD).expect("an answer"), 200);
    let script =
        std::fs::read_to_string(server.data().join("blocked.nft")).expect("a script for the firewall");
    assert!(script.contains("203.0.113.0/24"), "{script}");
}
