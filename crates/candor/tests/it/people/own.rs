//! What somebody changes of themselves: shown again first that it is they, and written down.

use std::process::Command;

use serde_json::{Value, json};

use super::{ask, cookie_of, invite, sign_in, token_of};
use crate::house::{Asking, EMAIL, PASSWORD, Server, candor_of, eventually};

/// The code of now, as an app shows it.
fn code(secret: &str) -> String {
    code_at(secret, "now")
}

fn code_at(secret: &str, when: &str) -> String {
    let made = Command::new("oathtool").args(["--totp", "-b", "-N", when, secret]).output();
    let made = made.expect("oathtool is installed");
    String::from_utf8(made.stdout).expect("digits").trim().to_owned()
}

/// Sets up an app for codes for whoever has the cookie; their new cookie, and the secret. The code that it takes is the
/// one before that of now, which is taken as well, so that nobody has to wait for one that was not used.
fn with_totp(server: &Server, cookie: &str) -> (String, String) {
    let begun = ask(server, cookie, "POST", "/api/me/totp", None);
    assert_eq!(begun.status, 201, "{}", begun.text());
    let secret = begun.json()["secret"].as_str().expect("a secret").to_owned();
    // A step may end in between, and then that code is too old.
    let done = eventually("a code of the step before", || {
        let body = json!({ "code": code_at(&secret, "now - 30 seconds") });
        let reply = ask(server, cookie, "PUT", "/api/me/totp", Some(&body));
        (reply.status == 200).then_some(reply)
    });
    (cookie_of(&done), secret)
}

#[test]
fn a_second_factor_is_wanted_once_it_is_set_up_and_each_code_is_good_once() {
    let server = Server::start();
    let (_, secret) = with_totp(&server, &server.owner().cookie);
    let asked = || sign_in(&server, EMAIL, PASSWORD).json();
    let first = asked();
    assert_eq!(first["signed_in"], false);
    assert_eq!(first["second_factors"], json!(["totp", "recovery_code"]));
    let shown = |asked: &Value, code: &str| {
        let body = json!({ "ticket": asked["ticket"], "totp": code });
        server.ask_as_nobody(&Asking::json("POST", "/api/session/second-factor", &body))
    };
    assert_eq!(shown(&first, "000000").status, 401);
    let right = code(&secret);
    let reply = shown(&first, &right);
    assert_eq!((reply.status, reply.json()), (200, json!({ "signed_in": true })));
    assert_eq!(shown(&asked(), &right).status, 401);
}

#[test]
fn a_recovery_code_stands_in_for_a_lost_factor_once() {
    let server = Server::start();
    let codes = ask(&server, &server.owner().cookie, "POST", "/api/me/recovery-codes", None).json();
    let first = codes["recovery_codes"][0].as_str().expect("a code").to_owned();
    with_totp(&server, &server.owner().cookie);
    let show = |code: &str| {
        let asked = sign_in(&server, EMAIL, PASSWORD).json();
        let body = json!({ "ticket": asked["ticket"], "recovery_code": code });
        server.ask_as_nobody(&Asking::json("POST", "/api/session/second-factor", &body)).status
    };
    assert_eq!(show(&first.to_uppercase().replace('-', " ")), 200);
    assert_eq!(show(&first), 401);
}

#[test]
fn an_organization_that_requires_a_second_factor_is_closed_without_one() {
    let server = Server::start();
    server.add_site("example.com");
    let weak = invite(&server, "weak@example.com", "organization_viewer", None);
    let (strong, _) = with_totp(&server, &server.owner().cookie);
    let body = json!({ "require_second_factor": true });
    let required = ask(&server, &strong, "PATCH", "/api/organizations/1", Some(&body));
    assert_eq!(required.status, 200, "{}", required.text());
    assert_eq!(ask(&server, &weak.cookie, "GET", "/api/sites/example.com", None).status, 404);
    let session = ask(&server, &weak.cookie, "GET", "/api/session", None).json();
    assert_eq!(session["memberships"][0]["lacks_second_factor"], true, "{session}");
    let (now_strong, _) = with_totp(&server, &weak.cookie);
    assert_eq!(ask(&server, &now_strong, "GET", "/api/sites/example.com", None).status, 200);
}

#[test]
fn another_password_signs_out_everywhere_else() {
    let server = Server::start();
    let elsewhere = cookie_of(&sign_in(&server, EMAIL, PASSWORD));
    let here = &server.owner().cookie;
    let body = json!({ "password": "an entirely different sentence" });
    assert_eq!(ask(&server, here, "PUT", "/api/me/password", Some(&body)).status, 204);
    assert_eq!(ask(&server, &elsewhere, "GET", "/api/session", None).status, 401);
    assert_eq!(ask(&server, here, "GET", "/api/session", None).status, 200);
    assert_eq!(sign_in(&server, EMAIL, PASSWORD).status, 401);
    assert_eq!(sign_in(&server, EMAIL, "an entirely different sentence").status, 200);
}

#[test]
fn a_link_from_an_admin_chooses_another_password_once_and_leaves_the_second_factor() {
    let server = Server::start();
    let viewer = invite(&server, "viewer@example.com", "organization_viewer", None);
    with_totp(&server, &viewer.cookie);
    let path = format!("/api/people/{}/reset-link", viewer.id);
    let made = ask(&server, &server.owner().cookie, "POST", &path, Some(&json!({})));
    assert_eq!(made.status, 201, "{}", made.text());
    let body = json!({ "token": token_of(&made.json()["url"]), "password": "a third and longer sentence" });
    let reset = Asking::json("POST", "/api/password", &body);
    assert_eq!(server.ask_as_nobody(&reset).status, 204);
    assert_eq!(server.ask_as_nobody(&reset).status, 410);
    let asked = sign_in(&server, &viewer.email, "a third and longer sentence").json();
    assert_eq!(asked["signed_in"], false, "the second factor stays: {asked}");
}

#[test]
fn a_device_is_signed_out_from_another() {
    let server = Server::start();
    let here = &server.owner().cookie;
    let elsewhere = cookie_of(&sign_in(&server, EMAIL, PASSWORD));
    let devices = ask(&server, here, "GET", "/api/me/devices", None).json();
    let devices = devices["devices"].as_array().expect("devices").clone();
    assert_eq!(devices.len(), 2);
    let other = devices.iter().find(|device| device["current"] == false).expect("the other");
    let path = format!("/api/me/devices/{}", other["id"].as_str().expect("an id"));
    assert_eq!(ask(&server, here, "DELETE", &path, None).status, 204);
    assert_eq!(ask(&server, &elsewhere, "GET", "/api/session", None).status, 401);
}

#[test]
fn every_act_is_in_the_log_and_the_exported_log_is_found_whole_and_an_altered_one_is_not() {
    let server = Server::start();
    server.add_site("example.com");
    invite(&server, "ann@example.com", "admin", None);
    sign_in(&server, "ann@example.com", "not the right one");
    let page = server.get("/api/audit").json();
    let acts: Vec<&str> =
        page["entries"].as_array().expect("entries").iter().filter_map(|one| one["act"].as_str()).collect();
    for act in ["setup", "key_make", "site_add", "invite", "invitation_accept", "sign_in_refused"] {
        assert!(acts.contains(&act), "{act} is not in {acts:?}");
    }
    assert!(!page.to_string().contains("ann@example.com") || named_only(&page), "{page}");
    let earlier = server.get("/api/audit/checkpoint").text();
    let folder = tempfile::tempdir().expect("a folder");
    let (file, note) = (folder.path().join("audit.jsonl"), folder.path().join("note.txt"));
    std::fs::write(&note, earlier).expect("a note");
    let exported = candor_of(server.data())
        .args(["audit", "export", "--output"])
        .arg(&file)
        .arg("--data")
        .arg(server.data())
        .output()
        .expect("an export");
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let verify = || {
        let found = candor_of(server.data())
            .args(["audit", "verify"])
            .arg(&file)
            .arg("--checkpoint")
            .arg(&note)
            .output();
        found.expect("a verdict").status.code()
    };
    assert_eq!(verify(), Some(0));
    let text = std::fs::read_to_string(&file).expect("a file");
    std::fs::write(&file, text.replacen("site_add", "site_remove", 1)).expect("another file");
    assert_eq!(verify(), Some(1));
}

/// Whether an address stands only where a name is shown, which goes with the person.
fn named_only(page: &Value) -> bool {
    let entries = page["entries"].as_array().expect("entries");
    entries.iter().all(|entry| !entry["details"].to_string().contains('@'))
}
