//! People: how the first owner comes to be, who signs in, who is let in as what, and what ends when.

mod attacks;
mod begin;
mod delays;
mod members;
mod own;
mod passkeys;

use serde_json::{Value, json};

use crate::house::{Asking, Reply, Server};

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) cookie: String,
}

pub(crate) const PASSWORD: &str = "seven lanterns over the harbour";

/// Asks as somebody, with a body or without.
pub(crate) fn ask(server: &Server, cookie: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let asking = match body {
        Some(body) => Asking::json(method, path, body),
        None => Asking::new(method, path),
    };
    server.ask_as_nobody(&asking.by(cookie))
}

/// The cookie that an answer sets, as it is sent back.
pub(crate) fn cookie_of(reply: &Reply) -> String {
    let set =
        reply.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {} {}", reply.status, reply.text()));
    set.split(';').next().expect("a first part").to_owned()
}

/// What stands behind the fragment of an address.
pub(crate) fn token_of(url: &Value) -> String {
    url.as_str().expect("an address").split('#').nth(1).expect("a fragment").to_owned()
}

/// Has the owner invite somebody, who accepts.
pub(crate) fn invite(server: &Server, email: &str, role: &str, sites: Option<&[&str]>) -> Person {
    let mut body = json!({ "email": email, "role": role });
    if let Some(sites) = sites {
        body["sites"] = json!(sites);
    }
    let made = ask(server, &server.owner().cookie, "POST", "/api/invitations", Some(&body));
    assert_eq!(made.status, 201, "{}", made.text());
    let accepted = json!({ "token": token_of(&made.json()["url"]), "password": PASSWORD, "name": "Ann" });
    let accepted = server.ask_as_nobody(&Asking::json("POST", "/api/invitations/accept", &accepted));
    assert_eq!(accepted.status, 201, "{}", accepted.text());
    let id = accepted.json()["person"]["id"].as_str().expect("an id").to_owned();
    Person { id, email: email.to_owned(), cookie: cookie_of(&accepted) }
}

/// Shows a password for an e-mail address.
pub(crate) fn sign_in(server: &Server, email: &str, password: &str) -> Reply {
    server.ask_as_nobody(&Asking::json(
        "POST",
        "/api/session",
        &json!({ "email": email, "password": password }),
    ))
}
