//! The door for those who run the server: two ports after the main one, on this machine alone unless it is said.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use super::{Certificates, Kind, agreed, serve};
use crate::house::{Asking, Reply, Server, eventually, free_ports};

fn ask(port: u16, asking: &Asking<'_>) -> Reply {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.write_all(&asking.bytes(&format!("localhost:{port}"))).expect("a request");
    Reply::read(stream).expect("an answer")
}

#[test]
fn it_is_two_ports_after_the_main_one_and_takes_no_events() {
    let server = Server::fresh(&[]);
    assert_eq!(ask(server.port() + 2, &Asking::get("/")).status, 200);
    let event = serde_json::json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" });
    assert_ne!(ask(server.port() + 2, &Asking::event(&event)).status, 202);
    assert_eq!(ask(server.port() + 2, &Asking::get("/api/internal/metrics")).status, 404);
}

#[test]
fn a_busy_port_for_operators_is_warned_of_unless_it_was_asked_for() {
    let port = free_ports();
    let _taken = TcpListener::bind(("127.0.0.1", port + 2)).expect("a port");
    let server = Server::fresh(&["--listen", &format!("127.0.0.1:{port}")]);
    assert!(server.log().contains("there is no door for operators"), "{}", server.log());
    let asked = crate::house::candor()
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--operators-listen",
            &format!("127.0.0.1:{}", port + 2),
            "--data",
        ])
        .arg(tempfile::tempdir().expect("a folder").path().join("data"))
        .output()
        .expect("a refusal");
    assert!(String::from_utf8_lossy(&asked.stderr).contains("is used by another program"));
}

#[test]
fn on_this_machine_it_is_plain_and_elsewhere_it_speaks_tls() {
    let certificates = Certificates::new(Kind::Curve);
    let server = serve(&certificates, &[]);
    assert_eq!(ask(server.port() + 2, &Asking::get("/")).status, 200);
    let port = free_ports();
    let _open = serve(&certificates, &["--operators-listen", &format!("0.0.0.0:{port}")]);
    // On a busy machine a handshake may not be done in time.
    eventually("TLS 1.3 at the operators' door", || {
        agreed(port, &[]).filter(|agreed| agreed.starts_with("TLSv1.3"))
    });
}
