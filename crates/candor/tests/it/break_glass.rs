//! `candor break-glass`: an owner who is locked out is let in from the shell, in sight of all and with nothing open to them
//! for a day.

use std::process::Command;

use serde_json::{Value, json};

use crate::house::smtp::{MailServer, USER};
use crate::house::{Asking, Server, candor, cookie_of, eventually};

const OWNER: &str = "owner@example.com";
const SECOND: &str = "second@example.com";
const PASSWORD: &str = "a passphrase that nobody else has";

/// What the command says, and whether it did it.
fn break_glass(server: &Server, email: &str) -> (bool, String) {
    let output = candor().args(["break-glass", email, "--data"]).arg(server.data()).output();
    let output = output.expect("an answer");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Another owner of the same organization; the cookie of their sign-in.
fn second_owner(server: &Server) -> String {
    let owner = &server.owner().cookie;
    let invitation = json!({ "email": SECOND, "role": "owner" });
    let made = server.ask(&Asking::json("POST", "/api/invitations", &invitation).by(owner));
    assert_eq!(made.status, 201, "{}", made.text());
    let url = made.json()["url"].as_str().expect("an address").to_owned();
    let token = url.split_once('#').expect("a token").1;
    let accept = json!({ "token": token, "password": PASSWORD });
    let joined = server.ask_as_nobody(&Asking::json("POST", "/api/invitations/accept", &accept));
    assert_eq!(joined.status, 201, "{}", joined.text());
    cookie_of(&joined)
}

fn report(server: &Server, cookie: &str) -> u16 {
    let query = json!({ "site_id": "example.com", "date_range": "7d", "metrics": ["events"] });
    server.ask(&Asking::json("POST", "/api/v2/query", &query).by(cookie)).status
}

fn get(server: &Server, path: &str, cookie: &str) -> Value {
    let reply = server.ask(&Asking::get(path).by(cookie));
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

/// Has the owner want a code at every sign-in; the cookie of their sign-in from then on.
fn with_totp(server: &Server) -> String {
    let owner = &server.owner().cookie;
    let begun = server.ask(&Asking::json("POST", "/api/me/totp", &json!({})).by(owner));
    let secret = begun.json()["secret"].as_str().expect("a secret").to_owned();
    let code = Command::new("oathtool").args(["--totp", "-b", &secret]).output().expect("oathtool");
    let code = String::from_utf8(code.stdout).expect("a code");
    let done = server.ask(&Asking::json("PUT", "/api/me/totp", &json!({ "code": code.trim() })).by(owner));
    assert!(matches!(done.status, 200 | 201), "{}", done.text());
    cookie_of(&done)
}

/// The token of the address among what was said.
fn token_in(said: &str) -> String {
    let at = said.find("/reset#").unwrap_or_else(|| panic!("no address: {said}")) + "/reset#".len();
    said[at..].split_whitespace().next().expect("a token").to_owned()
}

fn choose_password(server: &Server, token: &str) -> u16 {
    let body = json!({ "token": token, "password": PASSWORD });
    server.ask_as_nobody(&Asking::json("POST", "/api/password", &body)).status
}

fn sign_in(server: &Server, email: &str) -> crate::house::Reply {
    let body = json!({ "email": email, "password": PASSWORD });
    let reply = server.ask_as_nobody(&Asking::json("POST", "/api/session", &body));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply
}

#[test]
fn an_owner_gets_in_again_without_second_factors_and_sees_nothing_for_a_day_and_all_owners_are_told() {
    let post = MailServer::start();
    let settings = post.settings(&format!("smtps://{USER}@localhost:TLS_PORT"));
    let server = Server::with(&settings.iter().map(String::as_str).collect::<Vec<_>>());
    server.add_site("example.com");
    server.send(&json!({ "n": "pageview", "u": "https://example.com/" }));
    let second = second_owner(&server);
    let before = with_totp(&server);
    let key = server.key().to_owned();
    assert_eq!(report(&server, &before), 200);

    let (done, said) = break_glass(&server, "Owner@example.com");
    assert!(done, "{said}");
    assert!(said.contains("for 24 hours") && said.contains("All owners are told: by mail"), "{said}");
    assert_eq!(report(&server, &before), 200, "nothing happens before the link is used");
    for address in [OWNER, SECOND] {
        eventually("the mail that tells of it", || {
            let mails = post.all_for(address);
            mails.iter().any(|mail| mail.text().contains("Somebody who can use the shell")).then_some(())
        });
    }
    let memberships = get(&server, "/api/session", &second)["memberships"].clone();
    assert_eq!(memberships[0]["break_glass"][0]["person"], OWNER, "{memberships}");
    let log = get(&server, "/api/audit?act=break_glass", &second);
    assert_eq!(log["entries"][0]["actor"]["kind"], "system", "{log}");
    assert_eq!(log["entries"][0]["object"]["name"], OWNER, "{log}");

    let token = token_in(&said);
    assert_eq!(choose_password(&server, &token), 204);
    assert_eq!(choose_password(&server, &token), 410, "it is good once");
    assert_eq!(report(&server, &before), 401, "every sign-in of before has ended");
    let signed_in = sign_in(&server, OWNER);
    assert_eq!(signed_in.json()["signed_in"], true, "no second factor is asked for: {}", signed_in.text());
    let owner = cookie_of(&signed_in);
    let security = get(&server, "/api/me/security", &owner);
    assert_eq!(
        (&security["totp"], &security["recovery_codes_left"]),
        (&json!(false), &json!(0)),
        "{security}"
    );

    // The other owner keeps the events in memory, where they are open to her alone.
    assert_eq!(report(&server, &second), 200);
    assert_eq!(report(&server, &owner), 403);
    assert_eq!(report(&server, &second), 200);
    let live = server.ask(&Asking::get("/api/sites/example.com/live").by(&owner));
    assert_eq!(live.status, 403, "{}", live.text());
    assert!(live.text().contains("for 24 hours"), "{}", live.text());
    let with_key = Asking::json(
        "POST",
        "/api/v2/query",
        &json!({ "site_id": "example.com", "date_range": "7d", "metrics": ["events"] }),
    );
    assert_eq!(server.ask(&with_key.header("authorization", &format!("Bearer {key}"))).status, 403);
    let invite = json!({ "email": "eve@example.com", "role": "admin" });
    assert_eq!(server.ask(&Asking::json("POST", "/api/invitations", &invite).by(&owner)).status, 403);
    let may = get(&server, "/api/session", &owner)["memberships"][0]["may"].to_string();
    assert!(!may.contains("see:events") && may.contains("see:people"), "{may}");
}

#[test]
fn nobody_but_an_owner_is_let_in_from_the_shell() {
    let server = Server::start();
    let (done, said) = break_glass(&server, "nobody@example.com");
    assert!(!done && said.contains("nobody here has that e-mail address"), "{said}");
    let owner = &server.owner().cookie;
    let invitation = json!({ "email": SECOND, "role": "admin" });
    let made = server.ask(&Asking::json("POST", "/api/invitations", &invitation).by(owner));
    let url = made.json()["url"].as_str().expect("an address").to_owned();
    let accept = json!({ "token": url.split_once('#').expect("a token").1, "password": PASSWORD });
    assert_eq!(server.ask_as_nobody(&Asking::json("POST", "/api/invitations/accept", &accept)).status, 201);
    let (done, said) = break_glass(&server, SECOND);
    assert!(!done && said.contains("only an owner is let in from the shell"), "{said}");
    let log = get(&server, "/api/audit?act=break_glass", owner);
    assert_eq!(log["entries"], json!([]), "what did not happen is not in the log");
    let from_outside =
        server.ask_as_nobody(&Asking::json("POST", "/commands/break-glass", &json!({ "email": OWNER })));
    assert!(matches!(from_outside.status, 404 | 405), "{}", from_outside.text());
}

#[test]
fn without_a_server_there_is_no_letting_in_and_without_mail_it_says_who_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = candor().args(["break-glass", OWNER, "--data"]).arg(folder.path().join("data")).output();
    let output = output.expect("an answer");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no server runs on"));
    let server = Server::start();
    let (done, said) = break_glass(&server, OWNER);
    assert!(done && said.contains("by mail nobody is, as none is set up"), "{said}");
}
