//! Certificates that are wrong at the start, and that are replaced while the server serves.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use super::certificates::text;
use super::{Certificates, Kind, NAME, serve};
use crate::house::{Server, candor, eventually};

/// The fingerprint of the certificate that is shown.
fn shown(server: &Server) -> String {
    let address = format!("127.0.0.1:{}", server.port());
    let shown = Command::new("openssl")
        .args(["s_client", "-connect", &address, "-servername", NAME])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .expect("openssl");
    let pem = tempfile::NamedTempFile::new().expect("a file");
    fs::write(pem.path(), shown.stdout).expect("a certificate");
    fingerprint(pem.path())
}

fn fingerprint(certificate: &Path) -> String {
    let arguments = ["x509", "-noout", "-fingerprint", "-sha256", "-in"];
    let output = Command::new("openssl").args(arguments).arg(certificate).output().expect("openssl");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(certificate: &Path, key: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    // One that is not refused would serve for ever.
    let output = Command::new("timeout")
        .arg("20")
        .arg(candor().get_program())
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .args(["--tls-cert", &text(certificate), "--tls-key", &text(key)])
        .output()
        .expect("a refusal");
    assert_eq!(output.status.code(), Some(1), "{certificate:?} {key:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_certificate_that_nobody_would_believe_is_refused_with_what_is_wrong() {
    let certificates = Certificates::new(Kind::Curve);
    certificates.make("other.pem", "other.key", Kind::Curve, &["-days", "30"]);
    certificates.make("rsa.pem", "rsa.key", Kind::Rsa, &["-days", "30"]);
    certificates.make_ended("old.pem", "old.key");
    fs::write(certificates.path("empty.pem"), "nothing").expect("a file");
    for (certificate, key, sentence) in [
        ("none.pem", "key.pem", "cannot read"),
        ("cert.pem", "none.key", "none.key: No such file"),
        ("empty.pem", "key.pem", "there is no certificate in"),
        ("cert.pem", "cert.pem", "there is no private key in"),
        ("cert.pem", "other.key", "does not belong to the certificate in"),
        ("cert.pem", "rsa.key", "does not belong to the certificate in"),
        ("old.pem", "old.key", "have it renewed"),
    ] {
        let said = refused(&certificates.path(certificate), &certificates.path(key));
        assert!(said.contains(sentence), "{certificate} {key}: {said}");
    }
}

#[test]
fn a_key_that_everybody_can_read_is_warned_of() {
    let certificates = Certificates::new(Kind::Curve);
    fs::set_permissions(certificates.path("key.pem"), fs::Permissions::from_mode(0o644))
        .expect("an open key");
    let server = serve(&certificates, &[]);
    assert!(
        server.log().contains("every account of this machine can read the private key"),
        "{}",
        server.log()
    );
}

#[test]
fn a_certificate_beside_the_data_would_open_it_to_the_process_that_faces_the_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let certificates = Certificates::new(Kind::Curve);
    for name in ["cert.pem", "key.pem"] {
        fs::copy(certificates.path(name), folder.path().join(name)).expect("a copy");
    }
    let output = candor()
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .args(["--tls-cert", &text(&folder.path().join("cert.pem"))])
        .args(["--tls-key", &text(&folder.path().join("key.pem"))])
        .output()
        .expect("a refusal");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("put both into a folder of their own"), "{said}");
}

#[test]
fn a_new_certificate_is_shown_once_its_files_took_the_place_of_the_old_ones() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve(&certificates, &[]);
    assert_eq!(shown(&server), fingerprint(&certificates.path("cert.pem")));
    certificates.make("new.pem", "new.key", Kind::Rsa, &["-days", "30"]);
    let new = fingerprint(&certificates.path("new.pem"));
    // One after the other, as programs do that know nothing of us.
    fs::rename(certificates.path("new.pem"), certificates.path("cert.pem")).expect("a certificate");
    fs::rename(certificates.path("new.key"), certificates.path("key.pem")).expect("a key");
    eventually("the new certificate is shown", || (shown(&server) == new).then_some(()));
    server.assert_log_clean();
}

#[test]
fn links_to_the_newest_certificate_are_followed_as_certbot_turns_them() {
    let certificates = Certificates::new(Kind::Curve);
    for folder in ["live", "archive"] {
        fs::create_dir(certificates.path(folder)).expect("a folder");
    }
    let turn = |number: u32| {
        for (name, kind) in [("cert", "pem"), ("key", "pem")] {
            let link = certificates.path(&format!("live/{name}.{kind}"));
            let _ = fs::remove_file(&link);
            symlink(format!("../archive/{name}{number}.{kind}"), link).expect("a link");
        }
    };
    for number in ["1", "2"] {
        let names = [format!("archive/cert{number}.pem"), format!("archive/key{number}.pem")];
        certificates.make(&names[0], &names[1], Kind::Curve, &["-days", "30"]);
    }
    turn(1);
    let (certificate, key) =
        (text(&certificates.path("live/cert.pem")), text(&certificates.path("live/key.pem")));
    let server = Server::fresh(&[
        "--tls-cert",
        &certificate,
        "--tls-key",
        &key,
        "--public-url",
        "https://stats.example",
    ]);
    turn(2);
    let new = fingerprint(&certificates.path("archive/cert2.pem"));
    eventually("the new certificate is shown", || (shown(&server) == new).then_some(()));
}

#[test]
fn a_broken_certificate_takes_the_place_of_none_and_is_told_once() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve(&certificates, &[]);
    let before = shown(&server);
    let good = fs::read(certificates.path("cert.pem")).expect("a certificate");
    fs::write(certificates.path("cert.pem"), "broken").expect("a broken certificate");
    let times = || server.log().matches("the certificate that was read before stays in force").count();
    eventually("it is told", || (times() > 0).then_some(()));
    assert_eq!(shown(&server), before);
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    assert_eq!(times(), 1);
    fs::write(certificates.path("cert.pem"), good).expect("the certificate");
    eventually("it is read again", || server.log().contains("was replaced by a new one").then_some(()));
}
