//! Every limit of the edge, tested at its edge.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::house::{Asking, FIREFOX, Reply, Server, candor};

fn event_of(bytes: usize) -> Vec<u8> {
    let bare = json!({ "n": "pageview", "u": "https://nobody.example/" }).to_string();
    format!("{bare}{}", " ".repeat(bytes - bare.len())).into_bytes()
}

#[test]
fn a_body_may_have_64_kib_and_not_a_byte_more() {
    let server = Server::start();
    let status =
        |bytes| server.ask(&Asking::post("/api/event", event_of(bytes)).header("user-agent", FIREFOX)).status;
    assert_eq!(status(64 * 1024), 202);
    assert_eq!(status(64 * 1024 + 1), 413);
}

#[test]
fn a_body_that_does_not_say_its_length_has_the_same_limit() {
    let server = Server::start();
    let status = |bytes: usize| {
        let body = event_of(bytes);
        let mut chunks = Vec::new();
        for chunk in body.chunks(1_000) {
            chunks.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            chunks.extend(chunk);
            chunks.extend(b"\r\n");
        }
        chunks.extend(b"0\r\n\r\n");
        let asking = Asking::post("/api/event", chunks).header("transfer-encoding", "chunked");
        server.ask(&asking.header("user-agent", FIREFOX)).status
    };
    assert_eq!(status(64 * 1024), 202);
    assert_eq!(status(64 * 1024 + 1), 413);
}

#[test]
fn a_request_may_have_64_headers_and_16_kib_of_head() {
    let server = Server::start();
    // `host` and `connection` are among them.
    let with_headers = |count: usize| {
        let asking =
            (2..count).fold(Asking::get("/api/health"), |asking, n| asking.header(&format!("x-{n}"), "1"));
        server.ask_as_nobody(&asking).status
    };
    assert_eq!(with_headers(64), 200);
    assert_eq!(with_headers(65), 431);
    let path = format!("/{}", "a".repeat(20_000));
    assert!(matches!(server.get(&path).status, 414 | 431), "a request line has its limit");
    let with_bytes =
        |bytes: usize| server.ask(&Asking::get("/api/health").header("x", &"a".repeat(bytes))).status;
    assert_eq!(with_bytes(15 * 1024), 200);
    assert_eq!(with_bytes(17 * 1024), 431);
}

/// A connection on which `sent` was sent, and nothing after it.
struct Stalled {
    stream: TcpStream,
    what: &'static str,
    /// How long the server may wait for more: not less than the limit, nor much more.
    limit: Duration,
}

fn stalled(server: &Server, what: &'static str, limit_seconds: u64, sent: &str) -> Stalled {
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.write_all(sent.as_bytes()).expect("the beginning of a request");
    Stalled { stream, what, limit: Duration::from_secs(limit_seconds) }
}

#[test]
fn a_client_that_stalls_is_let_go_of_in_time() {
    let server = Server::start();
    let begun = Instant::now();
    let (mut unread, bytes_asked_for) = ask_and_never_read(&server);
    let all = [
        stalled(&server, "nothing at all", 10, ""),
        stalled(&server, "half a head", 10, "POST /api/event HTTP/1.1\r\nhost: localhost\r\nx-slow: "),
        stalled(
            &server,
            "half a body",
            10,
            "POST /api/event HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{\"n\":",
        ),
        stalled(&server, "no second request", 75, "GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    ];
    for Stalled { mut stream, what, limit } in all {
        stream.set_read_timeout(Some(limit + Duration::from_secs(20))).expect("a timeout");
        let mut heard = Vec::new();
        let ended = stream.read_to_end(&mut heard);
        assert!(
            !matches!(&ended, Err(error) if error.kind() == ErrorKind::WouldBlock),
            "{what} is never let go of"
        );
        let took = begun.elapsed();
        assert!(took >= limit.saturating_sub(Duration::from_secs(1)), "{what} was let go of after {took:?}");
        if what == "half a body" {
            assert_eq!(Reply::read(heard.as_slice()).expect("an answer").status, 408);
        }
    }
    // By now nobody has read for longer than the 30 seconds that an answer waits.
    let mut heard = Vec::new();
    let _ = unread.read_to_end(&mut heard);
    assert!(heard.len() < bytes_asked_for, "all answers were kept for somebody who read none");
}

/// A connection on which more was asked for than any buffer holds, and how many bytes that is.
fn ask_and_never_read(server: &Server) -> (TcpStream, usize) {
    const TIMES: usize = 10_000;
    let bytes = server.get("/c.js").body.len() * TIMES;
    let stream = TcpStream::connect(server.address()).expect("a connection");
    let asking = "GET /c.js HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(TIMES);
    let mut writer = stream.try_clone().expect("a second handle");
    // The server stops taking requests when its answers are not taken.
    std::thread::spawn(move || writer.write_all(asking.as_bytes()));
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    (stream, bytes)
}

#[test]
fn connections_beyond_the_limit_are_turned_away_and_the_others_served() {
    // With 100 descriptors there is room for 18 connections.
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::on(&folder.path().join("data"), &[], || {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -n 100; exec \"$0\" \"$@\""]).arg(candor().get_program());
        shell
    });
    let held: Vec<TcpStream> =
        (0..18).map(|_| TcpStream::connect(server.address()).expect("a connection")).collect();
    let turned_away = crate::house::eventually("a connection is turned away", || {
        server.try_ask(&Asking::get("/api/health")).ok().filter(|reply| reply.status == 503)
    });
    assert_eq!(turned_away.header("retry-after"), Some("2"));
    drop(held);
    server.wait_until_whole();
}
