//! Whom people reach about security and privacy (promises O26, O31), with OpenPGP itself as the judge of a signature.

use std::path::Path;
use std::process::Command;

use crate::house::{Asking, Server, candor};

const PATH: &str = "/.well-known/security.txt";

fn gpg(home: &Path) -> Command {
    let mut gpg = Command::new("gpg");
    gpg.args(["--batch", "--quiet", "--homedir"]).arg(home);
    gpg
}

/// A security.txt that expires at a moment, signed as RFC 9116 shows it, and the folder of who can check it.
fn signed(folder: &Path, expires: &str) -> std::path::PathBuf {
    let plain = folder.join("plain.txt");
    std::fs::write(&plain, format!("Contact: mailto:security@example.com\nExpires: {expires}\n"))
        .expect("a file");
    let made = gpg(folder)
        .args([
            "--passphrase",
            "",
            "--quick-generate-key",
            "security@example.com",
            "ed25519",
            "sign",
            "never",
        ])
        .output()
        .expect("gpg, which Debian's package gpg has");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let file = folder.join("security.txt");
    let done = gpg(folder).arg("--output").arg(&file).arg("--clear-sign").arg(&plain).status().expect("gpg");
    assert!(done.success());
    file
}

#[test]
fn a_signed_security_txt_is_handed_out_so_that_its_signature_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = signed(folder.path(), "2999-01-01T00:00:00Z");
    let server = Server::with(&["--security-txt", file.to_str().expect("a path")]);
    let told = server.get(PATH);
    assert_eq!((told.status, told.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    let received = folder.path().join("received.txt");
    for (text, holds) in [(told.text(), true), (told.text().replace("security@", "somebody@"), false)] {
        std::fs::write(&received, text).expect("a file");
        let judged = gpg(folder.path()).arg("--verify").arg(&received).output().expect("gpg");
        assert_eq!(judged.status.success(), holds, "{}", String::from_utf8_lossy(&judged.stderr));
    }
}

#[test]
fn who_names_a_contact_has_a_security_txt_that_counts_from_now_on_and_the_page_of_visitors_tells_it() {
    let server = Server::with(&["--contact", "mailto:privacy@example.com"]);
    let told = server.get(PATH);
    assert!(told.text().starts_with("Contact: mailto:privacy@example.com\nExpires: "), "{}", told.text());
    assert_eq!(server.get("/api/contact").json()["contact"], "mailto:privacy@example.com");
    assert_eq!(server.ask(&Asking::post(PATH, "x")).status, 405);
}

#[test]
fn where_no_contact_is_named_nothing_is_made_up() {
    let server = Server::start();
    assert_eq!(server.get(PATH).status, 404);
    assert!(server.get("/api/contact").json()["contact"].is_null());
}

#[test]
fn a_server_does_not_start_with_a_security_txt_that_has_expired() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("security.txt");
    std::fs::write(&file, "Contact: mailto:a@example.com\nExpires: 2020-01-01T00:00:00Z\n").expect("a file");
    let mut serve = candor();
    serve.args(["serve", "--data"]).arg(folder.path().join("data")).arg("--security-txt").arg(&file);
    let said = serve.output().expect("it ends");
    assert!(!said.status.success());
    let error = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(error.contains("expired on 2020-01-01") && error.contains("renew it"), "{error}");
}
