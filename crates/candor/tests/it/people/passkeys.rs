//! What a passkey signs is good for the one time that it was asked for, and on this server's pages alone: whoever overhears
//! an answer, or has somebody sign on a page that only looks like this server's, has nothing. Browsers with passkeys of their
//! own are in the tests of the UI; here a device does what no good browser would.

#[path = "../../../../keeper/src/proofs/passkey/tests/device.rs"]
mod device;

use serde_json::{Value, json};

use self::device::Device;
use super::ask;
use crate::house::{Asking, Server};

const HERE: &str = "https://stats.example";
/// A page that only looks like this server's.
const PHISHING: &str = "https://phishing.example";

const KNOWN_AS_HERE: [&str; 2] = ["--public-url", HERE];

/// What of an answer to options is the browser's.
fn options(asked: &Value) -> String {
    asked["options"].to_string()
}

fn answer(asked: &Value, credential: &str) -> Value {
    let credential: Value = serde_json::from_str(credential).expect("a credential is JSON");
    json!({ "id": asked["id"], "credential": credential })
}

/// A device with a passkey of the owner's.
fn device_of_owner(server: &Server) -> Device {
    let mut device = Device::new(HERE, 1);
    let cookie = &server.owner().cookie;
    let asked = ask(server, cookie, "POST", "/api/me/passkeys/options", None);
    assert_eq!(asked.status, 200, "{}", asked.text());
    let asked = asked.json();
    let mut body = answer(&asked, &device.create(&options(&asked)));
    body["name"] = json!("A key");
    let added = ask(server, cookie, "POST", "/api/me/passkeys", Some(&body));
    assert_eq!(added.status, 201, "{}", added.text());
    device
}

/// What a device signs for somebody who signs in, as it is shown to the server.
fn signed(server: &Server, device: &mut Device) -> Value {
    let asked = server.ask_as_nobody(&Asking::new("POST", "/api/session/passkey/options")).json();
    answer(&asked, &device.get(&options(&asked)))
}

fn show(server: &Server, shown: &Value) -> u16 {
    server.ask_as_nobody(&Asking::json("POST", "/api/session/passkey", shown)).status
}

/// What is answered to something that was signed here and is shown twice.
fn shown_twice(server: &Server) -> [u16; 2] {
    let mut device = device_of_owner(server);
    let shown = signed(server, &mut device);
    [(); 2].map(|()| show(server, &shown))
}

/// What is answered to something that was signed on a page that only looks like this server's.
fn signed_elsewhere(server: &Server) -> u16 {
    let mut device = device_of_owner(server);
    PHISHING.clone_into(&mut device.origin);
    show(server, &signed(server, &mut device))
}

#[test]
fn what_a_passkey_signed_signs_in_once() {
    assert_eq!(shown_twice(&Server::with(&KNOWN_AS_HERE)), [200, 410]);
}

#[test]
fn the_twin_that_takes_an_answer_again_is_caught() {
    assert_eq!(shown_twice(&Server::without("once", &KNOWN_AS_HERE)), [200, 200]);
}

#[test]
fn what_a_passkey_signed_on_another_page_signs_nobody_in() {
    assert_eq!(signed_elsewhere(&Server::with(&KNOWN_AS_HERE)), 401);
}

#[test]
fn the_twin_that_takes_another_page_for_its_own_is_caught() {
    assert_eq!(signed_elsewhere(&Server::without("origins", &KNOWN_AS_HERE)), 200);
}
