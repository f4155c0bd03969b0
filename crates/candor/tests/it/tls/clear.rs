//! What comes in the clear to a server that other machines reach.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use serde_json::json;

use super::{Certificates, Kind, serve};
use crate::house::{Asking, Reply, Server, free_ports};

const PUBLIC: &[&str] = &["--public-url", "https://stats.example"];
const PROXIED: [&str; 4] = ["--behind-proxy", "127.0.0.1", "--public-url", "https://stats.example"];
/// For whom the proxy asks.
const FROM: (&str, &str) = ("x-forwarded-for", "203.0.113.9");
/// What a proxy says of how something came to it that did not come over https alone.
const WORDS_OF_CLEAR: [&str; 5] = ["http", "https, http", "http, https", "", "HTTPSX"];

fn ask(address: SocketAddr, asking: &Asking<'_>) -> Reply {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(&asking.bytes("stats.example")).expect("a request");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a deadline");
    Reply::read(stream).expect("an answer")
}

fn event() -> Asking<'static> {
    Asking::event(&json!({ "n": "pageview", "u": "https://example.com/", "d": "example.com" }))
}

/// An address of this machine that others reach; none where it has none.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent.
    socket.connect("198.51.100.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

/// Fails unless pages lead to https, and nothing else is heard.
fn assert_only_leads_to_https(address: SocketAddr, header: (&str, &str)) {
    let asked = |asking: Asking<'static>| ask(address, &asking.header(header.0, header.1));
    for (path, place) in [
        ("/", "https://stats.example/"),
        ("/example.com?period=7d", "https://stats.example/example.com?period=7d"),
        ("//elsewhere.example/", "https://stats.example//elsewhere.example/"),
    ] {
        let reply = asked(Asking::get(path));
        assert_eq!((reply.status, reply.header("location")), (308, Some(place)));
        assert_eq!(reply.header("strict-transport-security"), None);
        assert_eq!(reply.header("set-cookie"), None);
    }
    for asking in [
        event(),
        Asking::get("/c.js"),
        Asking::get("/api/sites"),
        Asking::get("/api/health"),
        Asking::post("/api/session", r#"{"email":"a@example.com","password":"secret"}"#),
        Asking::post("/", "x"),
    ] {
        let reply = asked(asking);
        assert_eq!((reply.status, reply.header("connection")), (403, Some("close")));
        assert!(reply.json()["error"].as_str().expect("a sentence").contains("in the clear"));
        assert_eq!(reply.header("set-cookie"), None);
    }
}

#[test]
fn a_door_for_leading_to_https_does_nothing_else() {
    let certificates = Certificates::new(Kind::Curve);
    let from = format!("127.0.0.1:{}", free_ports());
    let server = serve(&certificates, &["--redirect-from", &from]);
    assert_only_leads_to_https(from.parse().expect("an address"), ("accept", "*/*"));
    assert!(TcpStream::connect(server.address()).is_ok());
}

#[test]
fn a_body_in_the_clear_is_not_waited_for() {
    let certificates = Certificates::new(Kind::Curve);
    let from = format!("127.0.0.1:{}", free_ports());
    let _server = serve(&certificates, &["--redirect-from", &from]);
    let mut stream = TcpStream::connect(&from).expect("a connection");
    let head = "POST /api/session HTTP/1.1\r\nhost: stats.example\r\ncontent-length: 100\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("a head");
    assert_eq!(Reply::read(stream).expect("an answer").status, 403);
}

/// What is answered to events that a proxy took in the clear, or says too little of, and how many of them are kept.
fn sent_in_the_clear(server: &Server) -> (Vec<u16>, u64) {
    server.add_site("example.com");
    let send = |word| event().header(FROM.0, FROM.1).header("x-forwarded-proto", word);
    let told = WORDS_OF_CLEAR.iter().map(|word| server.ask(&send(word)).status).collect();
    (told, server.count("example.com", "pageviews"))
}

#[test]
fn what_a_proxy_took_in_the_clear_is_refused_and_what_it_took_over_https_is_served() {
    let server = Server::with(&PROXIED);
    assert_eq!(sent_in_the_clear(&server), (vec![403; 5], 0));
    assert_only_leads_to_https(server.address(), FROM);
    let secure = |asking: Asking<'static>| asking.header(FROM.0, FROM.1).header("x-forwarded-proto", "https");
    assert_eq!(server.ask(&secure(event())).status, 202);
    let page = server.ask(&secure(Asking::get("/")));
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    assert_eq!(server.count("example.com", "pageviews"), 1);
}

#[test]
fn the_twin_that_hears_what_comes_in_the_clear_is_caught_keeping_all_of_it() {
    assert_eq!(sent_in_the_clear(&Server::without("clear", &PROXIED)), (vec![202; 5], 5));
}

#[test]
fn a_loopback_door_serves_what_never_left_the_machine() {
    let server = Server::fresh(PUBLIC);
    assert_eq!(server.get("/").status, 200);
    let claimed = server.ask(&Asking::get("/").header("x-forwarded-proto", "https"));
    assert_eq!((claimed.status, claimed.header("strict-transport-security")), (200, None));
}

#[test]
fn a_proxy_elsewhere_may_ask_how_the_server_is_and_nobody_else_is_heard_in_the_clear() {
    let port = free_ports();
    let listen = format!("0.0.0.0:{port}");
    let server = Server::fresh(&[&["--listen", &listen, "--behind-proxy", "127.0.0.1"], PUBLIC].concat());
    let proxy = server.address();
    assert_eq!(ask(proxy, &Asking::get("/api/health")).status, 200);
    assert_eq!(ask(proxy, &Asking::get("/api/sites")).status, 403);
    assert_eq!(ask(proxy, &Asking::get("/").header("x-forwarded-proto", "https")).status, 200);
    let Some(address) = outer_address() else {
        eprintln!("this machine has no address that others reach: nobody else asked");
        return;
    };
    // Who is no proxy is not believed.
    assert_only_leads_to_https((address, port).into(), ("x-forwarded-proto", "https"));
}

#[test]
fn the_doors_that_nobody_asked_for_stay_on_this_machine() {
    let port = free_ports();
    let listen = format!("0.0.0.0:{port}");
    let server = Server::fresh(&[&["--listen", &listen, "--behind-proxy", "10.0.0.1"], PUBLIC].concat());
    for beside in [port + 1, port + 2] {
        assert!(TcpStream::connect(("127.0.0.1", beside)).is_ok());
        if let Some(address) = outer_address() {
            assert!(TcpStream::connect((address, beside)).is_err());
        }
    }
    assert_eq!(ask(server.metrics_address(), &Asking::get("/metrics")).status, 200);
}
