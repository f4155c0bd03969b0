//! No full address and no card number leaves the edge's memory: not to a file, not to the log, not to another
//! process, not to anybody.
//!
//! What the product writes is sealed, and to find nothing in it would say little. So the same search is made in what
//! a server writes that is the product but for sealing.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::scanner::{Needle, read_files, read_trace, search, traced};
use crate::house::{Asking, Server, eventually};

const TWIN: &str = env!("CARGO_BIN_EXE_candor-twin");
/// Addresses of nobody, by which a trusted proxy speaks of clients.
const CLIENTS: [&str; 3] =
    ["203.0.113.177", "2001:db8:4a5b:6c7d:8e9f:a0b1:c2d3:e4f5", "::ffff:198.51.100.239"];
/// An address in a header that nobody vouches for.
const CLAIMED: &str = "192.0.2.213";
/// A card number of no one's, with a right check digit.
const CARD: &str = "4929939187355598";
/// The same but for its check digit, so no card's number: it must be kept, and be found wherever it is sent.
const NO_CARD: &str = "4929939187355599";
/// What must be found, so that finding nothing else means something.
const CANARY: &str = "canary-5f0c2e";

/// Everything a server wrote from its start to its end.
fn everything_written(program: &'static str, prefix: &'static [&'static str]) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, trace) = (folder.path().join("data"), folder.path().join("trace"));
    let wrapper = {
        let trace = trace.clone();
        move || -> Command {
            let mut command = traced(&trace, OsStr::new(program));
            command.args(prefix);
            command
        }
    };
    let server = Server::on(&data, &["--behind-proxy", "127.0.0.1"], wrapper);
    server.post("/api/sites", &json!({ "domain": "example.com" }));
    for client in CLIENTS {
        visit(&server, "x-forwarded-for", client);
    }
    visit(&server, "x-real-ip", CLAIMED);
    visit(&server, "forwarded", &format!("for={CLAIMED}"));
    eventually("the journal is read", || (server.try_count("example.com", "pageviews")? >= 5).then_some(()));
    let (output, _) = server.terminate();
    let mut written = read_files(&data);
    written.push(("the log".to_owned(), output.stderr));
    written.extend(read_trace(&trace));
    written
}

/// An event and a look at the dashboard, both with `header`; a card number stands wherever a text may stand.
fn visit(server: &Server, header: &str, value: &str) {
    let event = json!({
        "n": "pageview", "u": format!("https://example.com/{CANARY}/{CARD}?utm_campaign={CARD}"),
        "d": "example.com", "r": format!("https://other.example/{CARD}"),
        "p": { "note": format!("paid with {CARD}"), "grouped": "4929 9391 8735 5598", "dashed": "4929-9391-8735-5598",
            "number": NO_CARD },
    });
    let came = |asking: Asking<'static>| asking.header(header, value).header("x-forwarded-proto", "https");
    let reply = server.ask(&came(Asking::event(&event)));
    assert_eq!((reply.status, reply.header("x-candor-refused")), (202, None));
    assert_eq!(server.ask(&came(Asking::get("/api/sites"))).status, 200);
    let malformed = json!({ "n": "pageview", "u": "https://example.com/", "id": CARD });
    assert_eq!(server.ask(&came(Asking::event(&malformed))).status, 400);
}

fn addresses() -> Vec<Needle> {
    let addresses = CLIENTS.iter().chain(&[CLAIMED]).map(|text| text.parse::<IpAddr>().expect("an address"));
    addresses.map(|address| Needle::address(address.to_canonical())).collect()
}

fn assert_absent(needles: &[Needle], written: &[(String, Vec<u8>)]) {
    let found: Vec<String> = needles.iter().flat_map(|needle| search(needle, written)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn assert_seen(needle: &Needle, written: &[(String, Vec<u8>)]) {
    let seen = search(needle, written);
    let in_journal = seen.iter().any(|place| place.contains(&Path::new("journal").display().to_string()));
    let in_trace = seen.iter().any(|place| place.contains("a call of"));
    assert!(in_journal && in_trace, "the scanner does not see what is surely there: {seen:?}");
}

#[test]
fn no_full_address_and_no_card_number_is_ever_written() {
    let written = everything_written(TWIN, &["--without", "sealing"]);
    assert_seen(&Needle::text(CANARY), &written);
    assert_seen(&Needle::number(NO_CARD), &written);
    assert_absent(&addresses(), &written);
    assert_absent(&[Needle::number(CARD)], &written);
    let sealed = everything_written(env!("CARGO_BIN_EXE_candor"), &[]);
    assert_absent(&addresses(), &sealed);
    assert_absent(&[Needle::number(CARD)], &sealed);
}

#[test]
fn the_twin_that_does_not_truncate_is_caught() {
    let written = everything_written(TWIN, &["--without", "truncation"]);
    let client = Needle::address(CLIENTS[0].parse().expect("an address"));
    let found = search(&client, &written);
    assert!(found.iter().any(|place| place.ends_with("in the log")), "{found:?}");
}

#[test]
fn the_twin_that_does_not_forget_addresses_in_headers_is_caught() {
    let written = everything_written(TWIN, &["--without", "forgetting"]);
    let client = Needle::address(CLIENTS[1].parse().expect("an address"));
    let found = search(&client, &written);
    assert!(found.iter().any(|place| place.contains("a call of")), "{found:?}");
}

#[test]
fn the_twin_that_does_not_star_card_numbers_is_caught() {
    let written = everything_written(TWIN, &["--without", "sealing,starring"]);
    let found = search(&Needle::number(CARD), &written);
    assert!(found.iter().any(|place| place.contains("journal")), "{found:?}");
}
