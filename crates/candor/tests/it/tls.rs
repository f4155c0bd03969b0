//! What is on the network is encrypted, with keys of 256 bits; what comes in the clear is not heard. The judges are
//! `openssl`, `curl` and `sslscan`. (Promises W24, W42, D9, D30.)

mod certificates;
mod clear;
mod operators;
mod replaced;

use std::io::Read;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

pub(crate) use self::certificates::{Certificates, Kind};
use crate::house::{FIREFOX, Server};

/// Under which name the server is known in these tests.
const NAME: &str = "stats.example";

/// What a client offers that wants to be spoken to with 128 bits.
const OF_128_BITS: &[&str] = &["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"];

/// A server with a certificate, and what else it is told.
fn serve(certificates: &Certificates, more: &[&str]) -> Server {
    serve_by(certificates, more, Server::fresh)
}

fn serve_by(certificates: &Certificates, more: &[&str], start: impl FnOnce(&[&str]) -> Server) -> Server {
    let (certificate, key) = (certificates.certificate(), certificates.key());
    let url = format!("https://{NAME}");
    let flags = ["--tls-cert", &certificate, "--tls-key", &key, "--public-url", &url];
    start(&[&flags[..], more].concat())
}

/// What curl says of an answer, head first. It trusts the one certificate, and asks by the server's name.
fn curl(certificates: &Certificates, port: u16, arguments: &[&str], path: &str) -> String {
    let output = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--include",
            "--max-time",
            "20",
            "--cacert",
            &certificates.certificate(),
        ])
        .args(["--resolve", &format!("{NAME}:{port}:127.0.0.1")])
        .args(arguments)
        .arg(format!("https://{NAME}:{port}{path}"))
        .output()
        .expect("curl");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).to_lowercase()
}

/// What was agreed with `openssl s_client`, as in `TLSv1.3 TLS_AES_256_GCM_SHA384`; none where nothing was.
fn agreed(port: u16, arguments: &[&str]) -> Option<String> {
    let output = Command::new("openssl")
        .args(["s_client", "-brief", "-connect", &format!("127.0.0.1:{port}"), "-servername", NAME])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("openssl");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let value = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    Some(format!("{} {}", value("Protocol version:")?, value("Ciphersuite:")?))
}

#[test]
fn pages_and_events_are_served_over_https_and_browsers_are_told_to_stay() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve(&certificates, &[]);
    for path in ["/", "/c.js", "/api/health"] {
        let page = curl(&certificates, server.port(), &[], path);
        assert!(page.starts_with("http/1.1 200 ok"), "{page}");
        assert!(
            page.contains("\nstrict-transport-security: max-age=31536000; includesubdomains\r"),
            "{page}"
        );
    }
    let event = json!({ "n": "pageview", "u": "https://nobody.example/", "d": "nobody.example" }).to_string();
    let sent = curl(&certificates, server.port(), &["--data", &event, "--user-agent", FIREFOX], "/api/event");
    assert!(sent.starts_with("http/1.1 202") && sent.contains("x-candor-refused: unknown_site"), "{sent}");
    server.assert_log_clean();
}

#[test]
fn who_offers_anything_but_256_bits_is_not_spoken_to() {
    for kind in [Kind::Curve, Kind::Rsa] {
        let certificates = Certificates::new(kind);
        let server = serve(&certificates, &[]);
        let agreed = |arguments: &[&str]| agreed(server.port(), arguments);
        let key = if kind == Kind::Rsa { "RSA" } else { "ECDSA" };
        for suite in ["AES256-GCM-SHA384", "CHACHA20-POLY1305"] {
            let suite = format!("ECDHE-{key}-{suite}");
            assert_eq!(agreed(&["-tls1_2", "-cipher", &suite]), Some(format!("TLSv1.2 {suite}")));
        }
        for suite in ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"] {
            assert_eq!(agreed(&["-tls1_3", "-ciphersuites", suite]), Some(format!("TLSv1.3 {suite}")));
        }
        for refused in [
            OF_128_BITS,
            &["-tls1_2", "-cipher", "AES128:@SECLEVEL=0"],
            &["-tls1_2", "-cipher", "kRSA:DHE:@SECLEVEL=0"],
            &["-tls1_2", "-cipher", "ALL:!AESGCM:!CHACHA20:@SECLEVEL=0"],
            &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
            &["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
        ] {
            assert_eq!(agreed(refused), None, "{refused:?}");
        }
    }
}

#[test]
fn the_twin_that_takes_every_suite_of_its_library_is_caught_at_128_bits() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve_by(&certificates, &[], |arguments| Server::fresh_without("suites", arguments));
    assert_eq!(agreed(server.port(), OF_128_BITS).as_deref(), Some("TLSv1.3 TLS_AES_128_GCM_SHA256"));
}

#[test]
fn a_scanner_finds_nothing_old_and_nothing_of_fewer_bits() {
    let certificates = Certificates::new(Kind::Rsa);
    let server = serve(&certificates, &[]);
    let output = Command::new("sslscan")
        .args([
            "--no-colour",
            "--show-sigs",
            &format!("--sni-name={NAME}"),
            &format!("127.0.0.1:{}", server.port()),
        ])
        .output()
        .expect("sslscan");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    for old in ["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"] {
        assert!(report.lines().any(|line| line.starts_with(old) && line.ends_with("disabled")), "{report}");
    }
    let suites: Vec<&str> =
        report.lines().filter(|line| line.starts_with("Preferred") || line.starts_with("Accepted")).collect();
    assert!(suites.len() >= 4, "{report}");
    assert!(suites.iter().all(|line| line.contains("256 bits")), "{report}");
    for fault in ["vulnerable to heartbleed", "Compression enabled", "Insecure session renegotiation"] {
        let not = format!("not {fault}");
        assert!(!report.lines().any(|line| line.contains(fault) && !line.contains(&not)), "{report}");
    }
}

#[test]
fn who_begins_no_handshake_is_not_waited_for() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve(&certificates, &[]);
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a deadline");
    let begun = Instant::now();
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
    assert!((9..15).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}
