//! Who is answered at the operators' door: whoever has signed in there, from the networks that they were given (promises
//! W29, D23, D24). The edge turns away who is in none of the operators' networks, and the keeper who is in another
//! operator's; of each check there is a twin that lacks it.

use serde_json::json;

use super::{Full, OPERATORS_OWN, Operator};
use crate::house::{Asking, Reply, Server, eventually};

/// Where only the second operator may act from, and where nobody may.
const OTTOS: &str = "203.0.113.7";
const NOBODYS: &str = "198.51.100.7";

const PROXIED: [&str; 4] = ["--behind-proxy", "127.0.0.1", "--public-url", "https://stats.example"];

/// What of the operators' API is answered to whoever shows nothing.
fn answered_to_nobody(server: &Server) -> Vec<&'static str> {
    let status =
        |path: &str| server.ask_at_operators_door(&Asking::get(&format!("/api/operator/{path}"))).status;
    OPERATORS_OWN.into_iter().filter(|path| status(path) != 401).collect()
}

#[test]
fn whoever_has_not_signed_in_is_told_nothing_and_not_even_what_could_be_asked() {
    assert!(answered_to_nobody(&Server::start()).is_empty());
}

#[test]
fn the_twin_that_asks_for_no_token_is_caught_showing_its_document() {
    // Everything else the keeper answers, which asks for a token of its own.
    assert_eq!(answered_to_nobody(&Server::without("operator-tokens", &[])), ["openapi.json"]);
}

/// A server with two operators: olga, who acts from this machine, and otto, from a network of his own.
struct Two {
    full: Full,
    olga: Operator,
}

impl Two {
    fn on(server: Server) -> Self {
        let full = Full::of(server);
        let olga = full.enrol_first();
        let key = full.key("otto").with_extension("pub");
        let line = std::fs::read_to_string(key).expect("a key");
        let otto = json!({ "key": line.trim(), "networks": ["203.0.113.0/24"] });
        let enrolled = full.as_operator(&olga, Asking::post("/api/operator/operators", otto.to_string()));
        assert_eq!(enrolled.status, 201, "{}", enrolled.text());
        let two = Self { full, olga };
        eventually("the edge knows otto's network", || {
            let told = two.olga_from(OTTOS).text();
            (!told.contains("operators may not act from that network")).then_some(())
        });
        two
    }

    /// What is answered to olga where she comes from this address.
    fn olga_from(&self, address: &str) -> Reply {
        let asking = Asking::get("/api/operator/session")
            .header("x-forwarded-for", address)
            .header("x-forwarded-proto", "https");
        self.full.as_operator(&self.olga, asking)
    }

    fn olga_here(&self) -> u16 {
        self.full.as_operator(&self.olga, Asking::get("/api/operator/session")).status
    }
}

#[test]
fn an_operator_acts_from_their_own_networks_and_from_no_other() {
    let two = Two::on(Server::with(&PROXIED));
    assert_eq!(two.olga_here(), 200);
    let of_another = two.olga_from(OTTOS);
    assert_eq!(of_another.status, 403);
    assert!(of_another.text().contains("this operator may not act from that network"));
    let of_nobody = two.olga_from(NOBODYS);
    assert_eq!(of_nobody.status, 403);
    assert!(of_nobody.text().contains("operators may not act from that network"));
}

#[test]
fn the_twin_whose_edge_takes_every_network_for_the_operators_is_caught_from_one_that_is_nobodys() {
    let two = Two::on(Server::without("operator-networks", &PROXIED));
    assert_eq!(two.olga_from(NOBODYS).status, 200, "olga acts from where nobody may");
}

#[test]
fn the_twin_whose_keeper_does_not_ask_whose_network_it_is_is_caught_from_another_operators() {
    let two = Two::on(Server::without("own-networks", &PROXIED));
    assert_eq!(two.olga_from(OTTOS).status, 200, "olga acts from where only otto may");
    assert_eq!(two.olga_from(NOBODYS).status, 403, "the edge turns away all the same");
}
